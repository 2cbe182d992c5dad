import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { officialName, startVgcaAgent, tinos, type VgcaAgent } from '../../src/lab/index.ts';
import { keySigner, signPdf, stampNumber } from '../../src/signing/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { type Session, type SigningDesk, signingDesk } from '../signer.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
let axis: World;
let desk: SigningDesk;
let letter: Buffer;

beforeAll(async () => {
  axis = await world();
  desk = signingDesk(axis);
  letter = (await desk.letter(COMMUNE)).bytes;
});
afterAll(() => axis.stop());

interface Addresses {
  uploadId: string;
  downloadUrl: string;
  uploadUrl: string;
}

async function opened(action = 'approve'): Promise<[Session, string]> {
  const { documentId } = await desk.upload(COMMUNE, letter);
  return [await desk.open(await desk.ticketFor(COMMUNE, [documentId], action)), documentId];
}

const asked = ({ sessionId, accessToken }: Session, documentId: string) =>
  desk.widget(`/v1/sign/sessions/${sessionId}/files`, { token: accessToken, body: { documentId } });
const addresses = async (session: Session, documentId: string) =>
  (await (await asked(session, documentId)).json()) as Addresses;
const outcome = async ({ sessionId, accessToken }: Session, uploadId: string) =>
  (await (
    await desk.widget(`/v1/sign/sessions/${sessionId}/files/${uploadId}`, { token: accessToken })
  ).json()) as { status: string; version?: number; level?: string; sha256?: string };

/** The agent's own part, over its socket. */
async function byAgent(
  { downloadUrl, uploadUrl }: Addresses,
  alter: VgcaAgent['alter'] = null,
  entity = officialName(COMMUNE),
): Promise<{ Status: number; Message: string; FileServer?: string }> {
  const { key, certificate } = axis.demo.pki.entity(entity);
  const agent = await startVgcaAgent({ key, certificate });
  agent.alter = alter;
  const socket = new WebSocket(`${agent.url}/SignApproved`);
  try {
    return await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () =>
        socket.send(
          JSON.stringify({
            FileName: downloadUrl,
            FileUploadHandler: uploadUrl,
            SessionId: '',
            JWTToken: '',
          }),
        ),
      );
      socket.once('message', (text) => resolve(JSON.parse(text.toString())));
    });
  } finally {
    await agent.close();
  }
}

test('check 11: an agent fetches the document once, brings it back signed once, and it is kept at B-T', async () => {
  const [session, documentId] = await opened();
  const ways = await addresses(session, documentId);
  expect(await outcome(session, ways.uploadId)).toEqual({ status: 'waiting' });
  const told = await byAgent(ways);
  expect(told).toMatchObject({ Status: 0 });
  expect(JSON.parse(told.FileServer ?? '')).toMatchObject({ Status: true, FileServer: ways.uploadId });
  const signed = await outcome(session, ways.uploadId);
  expect(signed).toMatchObject({ status: 'signed', version: 2, level: 'B-T' });
  const bytes = await desk.content(COMMUNE, documentId, 2);
  expect(bytes.subarray(0, letter.length).equals(letter)).toBe(true);
  const report = verifyFile(bytes, axis.demo.stations.verification());
  expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline: 'B-T' }] });
  // Neither address works again, nor one in the place of the other, nor as a ticket.
  for (const url of [ways.downloadUrl, ways.uploadUrl]) {
    const form = new FormData();
    form.append('uploadfile', new Blob([new Uint8Array(bytes)]), 'a.pdf');
    const again =
      url === ways.downloadUrl ? await fetch(url) : await fetch(url, { method: 'POST', body: form });
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([
      410,
      'signing.pass-used',
    ]);
  }
  const [other, otherId] = await opened();
  const more = await addresses(other, otherId);
  expect((await fetch(more.uploadUrl)).status).toBe(404);
  const ticket = more.downloadUrl.split('/').at(-1) ?? '';
  expect(
    (await desk.widget('/v1/sign/sessions', { body: { ticket, parentOrigin: 'http://127.0.0.1:1' } })).status,
  ).toBe(401);
  // A seal takes the same way, and the order of the acts is the law's.
  const [sealing, sealingId] = await opened('seal');
  expect(await (await asked(sealing, sealingId)).json()).toMatchObject({
    code: 'signing.seal-before-signature',
  });
  const [initial, initialId] = await opened('initial');
  expect(await (await asked(initial, initialId)).json()).toMatchObject({ code: 'signing.file-not-offered' });
  await axis.audit();
});

const twice = async (bytes: Buffer) => {
  const { key, certificate } = axis.demo.pki.entity(officialName(COMMUNE));
  return (
    await signPdf({
      pdf: bytes,
      fieldName: 'Again',
      signedAt: Date.now(),
      signer: keySigner(certificate, key),
    })
  ).bytes;
};
/** The page says something else under the signature. */
const stamped = async () => {
  const font = tinos('regular');
  const pdf = stampNumber({ pdf: letter, number: { text: '99', x: 150, y: 700, font } });
  return twice(pdf);
};
const REFUSED: readonly [string, string, (signed: Buffer) => Buffer | Promise<Buffer>, string?][] = [
  ['a byte of the document is another', 'signing.file-other-document', (signed) => {
    const bytes = Buffer.from(signed);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    return bytes;
  }],
  ['a byte behind it is another', 'signing.result-not-passed', (signed) => {
    const bytes = Buffer.from(signed);
    const at = bytes.lastIndexOf('/Rect [330');
    bytes.write('/Rect [331', at, 'latin1');
    return bytes;
  }],
  ['two new signatures', 'signing.file-changed', twice],
  ['a number that nobody gave', 'signing.file-changed', stamped],
  ['nothing was signed', 'signing.file-changed', () => letter],
  ['another document', 'signing.file-other-document', () => Buffer.from('%PDF-1.7\n')],
  ['another signer', 'signing.not-expected-signer', (signed) => signed, officialName('G09')],
]; // biome-ignore format: a table

for (const [what, code, alter, entity] of REFUSED)
  test(`check 11: ${what}: refused, and nothing is stored`, async () => {
    const [session, documentId] = await opened();
    const ways = await addresses(session, documentId);
    const told = await byAgent(ways, alter, entity);
    expect(told.Status).toBe(7);
    expect(told.Message).toContain(`"code":"${code}`);
    expect(await outcome(session, ways.uploadId)).toEqual({ status: 'waiting' });
    expect((await desk.draft(COMMUNE, documentId)).versions).toHaveLength(1);
    // The way is used up; a new one leads there still.
    expect((await byAgent(ways)).Status).toBe(6);
    expect(await byAgent(await addresses(session, documentId))).toMatchObject({ Status: 0 });
    expect((await desk.draft(COMMUNE, documentId)).versions).toHaveLength(2);
  });
