import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { run } from '../../src/cli/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { issuePki, startTsa, testPkiDeclaration } from '../../src/lab/index.ts';
import { type AugmentLevel, augmentFile, keySigner, signPdf } from '../../src/signing/index.ts';
import {
  policyNamed,
  type TrustStore,
  trustStore,
  type VerificationContext,
  verifyFile,
} from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, sign, stampAt } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import { requiredTool } from '../required-tool.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 86_400_000;

let trust: TrustStore;
let anchors: TrustStore;
beforeAll(async () => {
  const pki = await testPki();
  const names = ['root-g1', 'ca-g1', 'root-g2', 'ca-g2'];
  const crls = names.map((name) => pki.crlOf(name, TEST_NOW + HOUR));
  trust = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
  anchors = trustStore({ anchors: pki.anchors });
});

const context = (over: Partial<VerificationContext> = {}): VerificationContext => ({
  ...{ trust, policy: policyNamed('cong-vu'), at: TEST_NOW + 2 * HOUR, revocation: 'required' },
  ...over,
});
const augment = (pdf: Buffer, level: AugmentLevel, over: Partial<VerificationContext> = {}) =>
  augmentFile({ file: pdf, level, timestamp: stampAt(TEST_NOW + 2 * HOUR), context: () => context(over) });
const unstamped = async () => sign((await letterPdf()).bytes, { timestamp: null });

describe('adding to the signatures of a PDF', () => {
  test.each(['B-T', 'B-LT', 'B-LTA'] as const)(
    'a bare signature reaches %s; the file given is its beginning',
    async (level) => {
      const pdf = await unstamped();
      expect(verifyFile(pdf, context()).signatures[0]?.baseline).toBe('B-B');
      const { bytes, report } = await augment(pdf, level);
      expect(report).toMatchObject({
        indication: 'TOTAL_PASSED',
        errors: [],
        signatures: [{ baseline: level }],
      });
      expect(bytes.subarray(0, pdf.length).equals(pdf)).toBe(true);
    },
  );

  test('all signatures of a letter with person and seal get there, with their own time-stamps kept', async () => {
    const { report } = await augment(await issuedLetter(), 'B-LTA');
    expect(report.signatures.map((one) => one.baseline)).toEqual(['B-LTA', 'B-LTA']);
  });

  test('the result is proven with nothing but the anchors beside it', async () => {
    const { bytes } = await augment(await unstamped(), 'B-LTA');
    expect(verifyFile(bytes, context({ trust: anchors })).indication).toBe('TOTAL_PASSED');
  });

  test('a signer whose certificate has ended and about whom nobody answers any more is still proven', async () => {
    const pki = await testPki();
    const pdf = await sign((await letterPdf()).bytes, { signer: 'official-g1', timestamp: null });
    const then = TEST_NOW + 2 * YEAR;
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR));
    // Only the time-stamp authority lives, and its lists go on.
    const left = trustStore({ anchors: pki.anchors, crls });
    const { bytes } = await augment(pdf, 'B-LTA');
    expect(verifyFile(bytes, context({ trust: left, at: then }))).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ bestSignatureTime: new Date(TEST_NOW + 2 * HOUR).toISOString() }],
    });
    expect(verifyFile(pdf, context({ trust: left, at: then })).indication).toBe('INDETERMINATE');
  });

  test('it can be done again before the authority ends, with what the file has and later lists', async () => {
    const { bytes } = await augment(await unstamped(), 'B-LTA');
    const pki = await testPki();
    const then = TEST_NOW + YEAR;
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR));
    const renewed = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
    const again = await augmentFile({
      ...{ file: bytes, level: 'B-LTA', timestamp: stampAt(then) },
      context: () => context({ trust: renewed, at: then }),
    });
    expect(again.report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline: 'B-LTA' }] });
    expect(again.report.signatures[0]?.timestamps).toHaveLength(3);
    expect(again.bytes.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  test('what other programs see is whole', async () => {
    const pdfsig = requiredTool('pdfsig', 'pdfsig on an augmented PDF');
    if (!pdfsig) return;
    const folder = mkdtempSync(join(tmpdir(), 'truc-augment-'));
    const { bytes } = await augment(await unstamped(), 'B-LTA');
    writeFileSync(join(folder, 'a.pdf'), bytes);
    const { stdout } = spawnSync(pdfsig, ['-nocert', join(folder, 'a.pdf')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    const verdicts = [...stdout.matchAll(/Signature Validation: (.*)/g)].map((match) => match[1]);
    expect(verdicts[0]).toBe('Signature is Valid.');
    expect(verdicts).not.toContain('Digest Mismatch.');
  });
});

describe('nothing is made of', () => {
  test.each([
    ['a file without signatures', async () => (await letterPdf()).bytes, 'NO_SIGNATURE'],
    ['no PDF', async () => Buffer.from('<a/>'), 'NO_SIGNATURE'],
    [
      'a broken signature',
      async () => {
        const pdf = Buffer.from(await unstamped());
        pdf[700] = (pdf[700] as number) ^ 1;
        return pdf;
      },
      'TOTAL_FAILED',
    ],
    [
      'a revoked signer',
      async () => sign((await letterPdf()).bytes, { signer: 'official-revoked-early' }),
      'INDETERMINATE',
    ],
  ] as [string, () => Promise<Buffer>, string][])('%s', async (_, make, indication) => {
    await expect(augment(await make(), 'B-T')).rejects.toMatchObject({
      code: 'signing.not-augmentable',
      facts: { indication },
    });
  });

  test('a token that does not count', async () => {
    const timestamp = stampAt(TEST_NOW + 2 * HOUR, 'tsa-rogue');
    const input = { file: await unstamped(), level: 'B-T' as const, timestamp, context };
    await expect(augmentFile(input)).rejects.toMatchObject({
      code: 'signing.level-not-reached',
      facts: { level: 'B-T', reached: 'B-B' },
    });
  });

  test('a verdict that did not ask for revocation: the data are missing, and so is the level', async () => {
    const pki = await testPki();
    const bare = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates });
    const asked = augment(await unstamped(), 'B-LT', { trust: bare, revocation: 'if-available' });
    await expect(asked).rejects.toMatchObject({ code: 'signing.level-not-reached' });
  });
});

describe('truc augment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'truc-augment-'));
  const closers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const one of closers.splice(0)) await one.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('asks the authorities named, writes a new file and says what it is; an old one is never written over', async () => {
    const now = systemClock.now();
    const only = ['root-g2', 'ca-g2', 'tsa', 'official-chairman'];
    const pki = await issuePki(testPkiDeclaration(), { now, only });
    for (const [name, list] of Object.entries({
      trust: pki.anchors,
      certs: pki.intermediates,
      crls: pki.crls,
    })) {
      mkdirSync(join(folder, name));
      for (const [i, der] of list.entries()) writeFileSync(join(folder, name, `${i}.der`), der);
    }
    const { certificate, key, chain } = pki.entity('official-chairman');
    const { bytes } = await signPdf({
      pdf: (await letterPdf()).bytes,
      fieldName: 'Person1',
      signedAt: now,
      signer: keySigner(certificate, key, chain),
    });
    writeFileSync(join(folder, 'letter.pdf'), bytes);
    const tsa = await startTsa({ pki, clock: systemClock });
    closers.push(tsa);
    const said: string[] = [];
    jest
      .spyOn(process.stdout, 'write')
      .mockImplementation(((text: unknown) => said.push(String(text)) > 0) as typeof process.stdout.write);
    jest
      .spyOn(process.stderr, 'write')
      .mockImplementation(((text: unknown) => said.push(String(text)) > 0) as typeof process.stderr.write);
    const data = ['trust', 'certs', 'crls'].flatMap((name) => [`--${name}`, join(folder, name)]);
    const out = join(folder, 'letter.lta.pdf');
    const command = [
      'augment',
      join(folder, 'letter.pdf'),
      ...data,
      '--tsa',
      'http://127.0.0.1:1/',
      tsa.url,
      '--out',
      out,
    ];
    expect(await run(command)).toBe(0);
    expect(JSON.parse(said.join(''))).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ baseline: 'B-LTA' }],
    });
    const made = readFileSync(out);
    expect(await run(command)).toBe(2);
    expect(readFileSync(out).equals(made)).toBe(true);
    const none = join(folder, 'none.pdf');
    said.length = 0;
    expect(await run([...command.slice(0, -3), '--out', none].filter((one) => one !== tsa.url))).toBe(2);
    expect(said.join('')).toContain('signing.timestamp-unreachable');
    expect(existsSync(none)).toBe(false);
  });
});
