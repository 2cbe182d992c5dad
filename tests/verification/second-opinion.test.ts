import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type VerificationContext, verifyFile } from '../../src/verification/index.ts';
import { secondOpinion } from '../../src/verification/second-opinion.ts';
import { signedData } from '../builders/forged-cms.ts';
import { certify, rootAuthority } from '../builders/forged-pki.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { TEST_NOW } from '../builders/pki.ts';
import { signEnvelope } from '../builders/xml.ts';

let ctx: VerificationContext;
beforeAll(async () => {
  ctx = await pdfContext();
});

const party = certify(TEST_NOW, { subject: 'Ký', issuer: rootAuthority(TEST_NOW, 'Gốc') });
const content = Buffer.from('Kính gửi');
const cms = () => signedData({ content, signers: [{ party }] });

/** The same bytes with one of the first occurrence of `from` turned into `to`. */
function changed(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThanOrEqual(0);
  const copy = Buffer.from(bytes);
  copy.write(to, at);
  return copy;
}

const ask = (bytes: Buffer) => secondOpinion(bytes, verifyFile(bytes, ctx));
const RIGHT = { wrong: 0, unknown: 0, disagrees: false };

describe('what pkijs and xml-crypto say', () => {
  test('both signatures of an issued letter are right', async () => {
    expect(await ask(await issuedLetter())).toEqual({ ...RIGHT, library: 'pkijs', right: 2 });
  });

  test('a byte changed under them makes the library say so too', async () => {
    const letter = await issuedLetter();
    expect(await ask(changed(letter, '%PDF-1.7', '%PDF-1.6'))).toMatchObject({
      wrong: 2,
      disagrees: false,
    });
  });

  test('a CMS file, right and wrong', async () => {
    expect(await ask(cms())).toEqual({ ...RIGHT, library: 'pkijs', right: 1 });
    expect(await ask(changed(cms(), 'Kính', 'Kinh'))).toMatchObject({ wrong: 1, disagrees: false });
  });

  test('an XML signature, right and wrong', async () => {
    const envelope = await signEnvelope();
    expect(await ask(envelope)).toEqual({ ...RIGHT, library: 'xml-crypto', right: 1 });
    expect(await ask(changed(envelope, '1.000.000', '9.000.000'))).toMatchObject({
      wrong: 1,
      disagrees: false,
    });
  });

  test('other files have none', async () => {
    const source = readFileSync(new URL(import.meta.url));
    expect(await ask(source)).toEqual({ ...RIGHT, library: null, right: 0 });
  });
});

describe('a disagreement', () => {
  test('is there when ours passes what the library finds wrong', async () => {
    const passed = verifyFile(await issuedLetter(), ctx);
    expect(passed.indication).toBe('TOTAL_PASSED');
    const other = changed(await issuedLetter(), '%PDF-1.7', '%PDF-1.6');
    expect((await secondOpinion(other, passed)).disagrees).toBe(true);
  });

  test('is there when ours finds wrong what the library finds right', async () => {
    const wrong = verifyFile(changed(cms(), 'Kính', 'Kinh'), ctx);
    expect((await secondOpinion(cms(), wrong)).disagrees).toBe(true);
  });

  test('is not there when ours refuses for what the library does not look at', async () => {
    const report = verifyFile(cms(), ctx);
    expect(report.signatures[0]?.errors).toContain('path.no-chain');
    expect((await secondOpinion(cms(), report)).disagrees).toBe(false);
  });

  test('shows that xml-crypto reads a processing instruction as text', async () => {
    const envelope = (await signEnvelope()).toString().replace('1.000.000', '1<?x .000.000?>');
    const opinion = await ask(Buffer.from(envelope));
    expect(opinion).toMatchObject({ library: 'xml-crypto', right: 1 });
  });
});
