import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  DraftSchema,
  FinalizeAnswerSchema,
  OpenedSessionSchema,
  PrepareAnswerSchema,
  TicketSchema,
} from '../../src/api/signing-schemas.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { officialName } from '../../src/lab/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
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

describe('an official signs a letter in the browser', () => {
  test('ticket, session, document, prepare, finalize: B-T, verified, in the ledger, with a receipt', async () => {
    const letter = await desk.letter(COMMUNE);
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
});
