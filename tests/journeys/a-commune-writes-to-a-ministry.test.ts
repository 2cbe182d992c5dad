import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

test('a commune sends a signed letter; the ministry fetches it byte for byte, acknowledges and answers; both hold proofs', async () => {
  const letter = sample(axis, '01-xa-gui-bo.edxml');
  const sent = await axis.as(COMMUNE).send(letter);
  expect(sent).toMatchObject({
    state: 'accepted',
    sha256: sha256Hex(letter),
    legalValue: 'replaces_paper',
    verification: { indication: 'TOTAL_PASSED' },
  });

  const [item] = await axis.as(MINISTRY).inbox();
  expect(item).toMatchObject({
    kind: 'document',
    documentId: sent.documentId,
    from: COMMUNE,
    to: MINISTRY,
    sha256: sent.sha256,
  });
  const content = await axis.as(MINISTRY).content(item?.deliveryId as string);
  expect(content.equals(letter)).toBe(true);
  await axis.as(MINISTRY).acknowledge(item?.deliveryId as string, 'done', { sha256: sha256Hex(content) });

  await axis
    .as(MINISTRY)
    .status({ documentId: sent.documentId, code: '03', description: 'Văn thư đã vào sổ' });
  const [status] = await axis.as(COMMUNE).inbox();
  expect(status).toMatchObject({ kind: 'status', documentId: sent.documentId, from: MINISTRY, to: COMMUNE });
  const statusXml = (await axis.as(COMMUNE).content(status?.deliveryId as string)).toString();
  expect(statusXml).toContain('<edXML:StatusCode>03</edXML:StatusCode>');
  await axis.as(COMMUNE).acknowledge(status?.deliveryId as string, 'done');

  const document = JSON.parse((await axis.as(COMMUNE).get(`/v1/documents/${sent.documentId}`)).toString());
  expect(document.recipients).toEqual([
    expect.objectContaining({ code: MINISTRY, transport: 'done', business: '03', attempts: 1 }),
  ]);
  const timeline = JSON.parse(
    (await axis.as(COMMUNE).get(`/v1/documents/${sent.documentId}/timeline`)).toString(),
  );
  expect(timeline.events.map((event: { type: string }) => event.type)).toEqual([
    'document.submitted',
    'signature.verified',
    'delivery.queued',
    'delivery.fetched',
    'delivery.acknowledged',
    'status.03',
    'delivery.fetched',
    'delivery.acknowledged',
  ]);

  const receipt = await verifyEvidence(Buffer.from(JSON.stringify(sent.receipt)), { vkey: axis.demo.vkey });
  expect(receipt).toMatchObject({ ok: true });
  for (const party of [COMMUNE, MINISTRY]) {
    const zip = await axis.as(party).get(`/v1/documents/${sent.documentId}/evidence`);
    expect(await verifyEvidence(zip, { vkey: axis.demo.vkey })).toMatchObject({ ok: true });
  }
});

test('fifty copies of the same submission at once are one document and one receipt', async () => {
  const letter = sample(axis, '02-bo-gui-tinh.edxml');
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => axis.fetch(MINISTRY, '/v1/documents', post(letter))),
  );
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(bodies).size).toBe(1);
  expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(49);
  expect(await axis.as('H41').inbox()).toHaveLength(1);
  const later = await axis.fetch(MINISTRY, '/v1/documents', post(letter));
  expect(await later.text()).toBe(bodies[0]);
});

test('nobody else sees a document: not its page, its content, its evidence, nor that it exists', async () => {
  const sent = await axis.as('H41').send(sample(axis, '03-tinh-gui-xa.edxml'));
  const [item] = await axis.as('H41.21.05').inbox();
  for (const path of ['', '/timeline', '/original', '/report', '/receipt', '/evidence', '/attachments/0']) {
    expect((await axis.fetch('H49', `/v1/documents/${sent.documentId}${path}`)).status).toBe(404);
  }
  expect((await axis.fetch('H49', `/v1/inbox/${item?.deliveryId}/content`)).status).toBe(404);
  expect(
    (await axis.fetch('H49', `/v1/inbox/${item?.deliveryId}/ack`, json({ outcome: 'done' }))).status,
  ).toBe(404);
  const status = await axis.fetch('H49', '/v1/statuses', json({ documentId: sent.documentId, code: '03' }));
  expect(status.status).toBe(404);
});

test('a restart keeps everything: documents, leases, receipts, the log', async () => {
  const letter = await axis.letter('G22', ['H53']);
  const before = await axis.as('G22').send(letter);
  const leased = (await axis.as('H53').inbox()).find((item) => item.documentId === before.documentId);
  await axis.restart();
  const again = await axis.fetch('G22', '/v1/documents', post(letter));
  expect(again.status).toBe(200);
  expect(await again.json()).toEqual(before);
  expect((await axis.as('H53').content(leased?.deliveryId as string)).equals(letter)).toBe(true);
});

function post(body: Buffer): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/xml' }, body: new Uint8Array(body) };
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
