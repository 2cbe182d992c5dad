import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  DraftSchema,
  FinalizeAnswerSchema,
  OpenedSessionSchema,
  PrepareAnswerSchema,
  TicketSchema,
} from '../../src/api/signing-schemas.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { type ComposedLetter, edxmlOf, letterOrder, officialName } from '../../src/lab/index.ts';
import { pageLayouts, type Rectangle } from '../../src/signing/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { pkiFiles, pyhanko, withPyhanko } from '../builders/pyhanko.ts';
import { requiredTool } from '../required-tool.ts';
import { type PreparedList, type SigningDesk, signingDesk } from '../signer.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
let axis: World;
let desk: SigningDesk;

beforeAll(async () => {
  axis = await world();
  desk = signingDesk(axis);
});
afterAll(() => axis.stop());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Places of a letter as the widget would choose them. */
const at = ({ signature }: ComposedLetter) => ({ place: signature });

/** A letter that its official has approved and that has number and date. */
async function numbered(code: string): Promise<string> {
  const letter = await desk.letter(code);
  const { documentId } = await desk.upload(code, letter.bytes);
  expect(await desk.sign(code, documentId, 'approve', at(letter))).toMatchObject({ status: 'signed' });
  expect((await desk.number(code, documentId, letter, 5)).status).toBe(200);
  return documentId;
}

async function problem(answer: Response): Promise<{ status: number; code: string }> {
  const { code } = (await answer.json()) as { code: string };
  return { status: answer.status, code };
}

describe('an official signs a letter in the browser', () => {
  test('ticket, session, document, prepare, finalize: B-T, verified, in the ledger, with a receipt', async () => {
    const { bytes: letter } = await desk.letter(COMMUNE);
    const draft = DraftSchema.parse(await desk.upload(COMMUNE, letter));
    expect(draft).toMatchObject({ agency: COMMUNE, format: 'pdf', version: 1, sha256: sha256(letter) });

    const ticket = TicketSchema.parse(await desk.ticketFor(COMMUNE, [draft.documentId], 'approve'));
    const session = OpenedSessionSchema.parse(await desk.open(ticket));
    expect(session).toMatchObject({ action: 'approve', purpose: 'person', agency: { code: COMMUNE } });
    const shown = await desk.widget(`/v1/sign/sessions/${session.sessionId}/document`, {
      token: session.accessToken,
    });
    expect(shown.headers.get('x-content-sha256')).toBe(draft.sha256);
    expect(Buffer.from(await shown.arrayBuffer()).equals(letter)).toBe(true);

    const answer = await (await desk.prepare(session, officialName(COMMUNE))).json();
    const [prepared] = PrepareAnswerSchema.parse(answer).documents as PreparedList;
    if (prepared?.status !== 'prepared') throw new TypeError(JSON.stringify(prepared));
    expect(prepared).toMatchObject({ sha256: draft.sha256, size: letter.length, algorithm: 'rsa-sha256' });

    const signature = desk.signature(prepared, officialName(COMMUNE));
    const done = await (await desk.finalize(session, [{ prepareId: prepared.prepareId, signature }])).json();
    const [signed] = FinalizeAnswerSchema.parse(done).documents;
    if (signed?.status !== 'signed') throw new TypeError(JSON.stringify(signed));
    expect(signed).toMatchObject({ version: 2, level: 'B-T' });

    const bytes = await desk.content(COMMUNE, draft.documentId, 2);
    expect(sha256(bytes)).toBe(signed.sha256);
    expect(bytes.subarray(0, letter.length).equals(letter)).toBe(true);
    const report = verifyFile(bytes, axis.demo.stations.verification());
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline: 'B-T' }] });
    const verdict = await verifyEvidence(Buffer.from(JSON.stringify(signed.receipt)), {
      vkey: axis.demo.vkey,
    });
    expect(verdict).toMatchObject({ ok: true });
  });

  test('approved, numbered, sealed: the letter replaces paper when the commune sends it', async () => {
    const documentId = await numbered(COMMUNE);
    expect(await desk.sign(COMMUNE, documentId, 'seal')).toMatchObject({ status: 'signed', version: 4 });
    const bytes = await desk.content(COMMUNE, documentId, 4);
    const report = verifyFile(bytes, axis.demo.stations.verification());
    expect(report.indication).toBe('TOTAL_PASSED');
    expect(report.signatures.map(({ id, baseline }) => [id, baseline])).toEqual([
      ['NguoiKy_1', 'B-T'],
      ['CoQuan_2', 'B-T'],
    ]);
    const [person, seal] = ['NguoiKy_1', 'CoQuan_2'].map(
      (name) => pageLayouts(bytes)[0]?.fields.find((field) => field.name === name)?.rectangle,
    ) as Rectangle[];
    // NĐ 30/2020, Appendix I, II.8a: the seal covers about a third of the signature, at its left.
    const covered = ((seal as Rectangle)[2] - (person as Rectangle)[0]) / width(person as Rectangle);
    expect(covered).toBeGreaterThan(0.25);
    expect(covered).toBeLessThan(0.4);

    const order = letterOrder(
      { from: COMMUNE, to: ['G09'], number: 5, subject: 'V/v ký số', priority: 0 },
      Date.now(),
    );
    const sent = await axis.fetch(COMMUNE, '/v1/documents', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: new Uint8Array(edxmlOf(order, bytes)),
    });
    expect(await sent.json()).toMatchObject({ legalValue: 'replaces_paper' });
    await axis.audit();
  });

  test('every version has a receipt that opens its facts, and the steps are one chain', async () => {
    const documentId = await numbered(COMMUNE);
    await desk.sign(COMMUNE, documentId, 'seal');
    const { versions } = await desk.draft(COMMUNE, documentId);
    expect(versions.map(({ step }) => step.kind)).toEqual(['uploaded', 'signed', 'numbered', 'signed']);
    for (const { version, sha256: digest } of versions) {
      const answer = await axis.fetch(
        COMMUNE,
        `/v1/sign/documents/${documentId}/versions/${version}/receipt`,
      );
      const receipt = Buffer.from(await answer.arrayBuffer());
      const verdict = await verifyEvidence(receipt, { vkey: axis.demo.vkey });
      expect(verdict).toMatchObject({ ok: true });
      const { disclosures, entry } = JSON.parse(receipt.toString()) as {
        disclosures: { name: string; value: unknown }[];
        entry: string;
      };
      expect(disclosures.find(({ name }) => name === 'sha256')?.value).toBe(digest);
      expect(JSON.parse(Buffer.from(entry, 'base64').toString())).toMatchObject({ seq: version });
    }
  });

  test('initials, an annex and a copy carry their own forms', async () => {
    const letter = await desk.letter(COMMUNE);
    const initialled = await desk.upload(COMMUNE, letter.bytes);
    await desk.sign(COMMUNE, initialled.documentId, 'initial');
    // Initials are no approval: nothing is numbered or sealed on their strength.
    expect(await problem(await desk.number(COMMUNE, initialled.documentId, letter, 6))).toMatchObject({
      code: 'signing.number-before-signature',
    });
    expect(await desk.sign(COMMUNE, initialled.documentId, 'seal')).toMatchObject({
      status: 'failed',
      problem: { code: 'signing.seal-before-signature' },
    });
    for (const [action, label] of [
      ['appendix', '05/UBND'],
      ['copy', 'SAO Y'],
    ] as const) {
      const { documentId } = await desk.upload(COMMUNE, letter.bytes);
      expect(await desk.sign(COMMUNE, documentId, action, { ticket: { label } })).toMatchObject({
        status: 'signed',
      });
    }
  });
});

describe('other people’s tools', () => {
  test('pdfsig finds both signatures valid, and the seal over the whole file', async () => {
    const pdfsig = requiredTool('pdfsig', 'a letter signed through the service under poppler');
    if (!pdfsig) return;
    const told = spawnSync(pdfsig, ['-nocert', await sealedFile()], { encoding: 'utf8' }).stdout;
    expect(told.match(/Signature Validation: Signature is Valid\./g)).toHaveLength(2);
    expect(told).toContain('Total document signed');
  });

  withPyhanko('pyHanko finds every signature intact and trusted under the demo anchors', async () => {
    const { pki } = axis.demo;
    const { documentId } = await desk.upload(COMMUNE, (await desk.letter(COMMUNE)).bytes);
    await desk.sign(COMMUNE, documentId, 'approve');
    const files = [await fileOf(documentId, 2), await sealedFile()];
    const known = pkiFiles(pki, Date.now(), Date.now());
    const [approved, sealed] = pyhanko(files.map((file) => ({ ...known, op: 'validate', file })));
    expect(approved?.signatures).toEqual([
      { field: 'NguoiKy_1', passed: true, said: expect.stringContaining('INTACT:TRUSTED') },
    ]);
    // It knows no number and date stamped after the person signed, and calls them a change (see pdf-pyhanko.test.ts).
    expect(sealed?.signatures).toEqual([
      { field: 'NguoiKy_1', passed: false, said: expect.stringContaining('INTACT:TRUSTED') },
      { field: 'CoQuan_2', passed: true, said: expect.stringContaining('INTACT:TRUSTED') },
    ]);
  });
});

/** A letter that went the whole way, as a file. */
async function sealedFile(): Promise<string> {
  const documentId = await numbered(COMMUNE);
  await desk.sign(COMMUNE, documentId, 'seal');
  return fileOf(documentId, 4);
}

async function fileOf(documentId: string, version: number): Promise<string> {
  const path = join(axis.dataDir, `${documentId}.pdf`);
  writeFileSync(path, await desk.content(COMMUNE, documentId, version));
  return path;
}

const width = ([x0, , x1]: Rectangle) => x1 - x0;
