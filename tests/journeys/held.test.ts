import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expireHeld, pendingEvent } from '../../src/exchange/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { edxmlOf, letterOrder } from '../../src/lab/index.ts';
import { issuedLetter } from '../builders/pdf.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
let axis: World;

beforeAll(async () => {
  axis = await world();
  const settings = {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"holdIndeterminate":true}',
  };
  const answer = await axis.fetch('admin', `/v1/agencies/${MINISTRY}/settings`, settings);
  expect(await answer.json()).toMatchObject({ code: MINISTRY, holdIndeterminate: true });
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

let number = 700;

/** A letter signed under a root that this axis does not trust: nobody can say whether the signature is right. */
async function undecidable(): Promise<Buffer> {
  const order = {
    from: COMMUNE,
    to: [MINISTRY],
    number: ++number,
    subject: 'V/v chữ ký chưa xác định',
    priority: 0,
  };
  return edxmlOf(letterOrder(order, systemClock.now()), await issuedLetter());
}

async function decide(documentId: string, outcome: 'release' | 'refuse') {
  const answer = await axis.fetch('admin', `/v1/documents/${documentId}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome, reason: 'đã đối chiếu với cơ quan gửi' }),
  });
  return { status: answer.status, body: (await answer.json()) as { state?: string; code?: string } };
}

async function inboxOf(code: string, documentId: string) {
  return (await axis.as(code).inbox()).filter((item) => item.documentId === documentId);
}

async function stepsOf(code: string, documentId: string): Promise<string[]> {
  const timeline = await axis.as(code).get(`/v1/documents/${documentId}/timeline`);
  return (JSON.parse(timeline.toString()) as { events: { type: string }[] }).events.map(
    (event) => event.type,
  );
}

test('a ministry that asked for it gets an undecidable letter only after the operator released it', async () => {
  const sent = await axis.as(COMMUNE).send(await undecidable());
  expect(sent).toMatchObject({ state: 'held', verification: { indication: 'INDETERMINATE' } });
  expect(await inboxOf(MINISTRY, sent.documentId)).toEqual([]);
  expect((await axis.fetch(MINISTRY, `/v1/documents/${sent.documentId}`)).status).toBe(404);

  expect(await decide(sent.documentId, 'release')).toMatchObject({
    status: 200,
    body: { state: 'accepted' },
  });
  expect(await inboxOf(MINISTRY, sent.documentId)).toHaveLength(1);
  expect(await stepsOf(COMMUNE, sent.documentId)).toEqual([
    'document.submitted',
    'signature.verified',
    'document.held',
    'document.released',
    'delivery.queued',
  ]);
  expect(await decide(sent.documentId, 'refuse')).toMatchObject({
    status: 409,
    body: { code: 'exchange.not-held' },
  });
});

test('a refused letter goes nowhere, and its sender is told', async () => {
  const sent = await axis.as(COMMUNE).send(await undecidable());
  expect(await decide(sent.documentId, 'refuse')).toMatchObject({ status: 200, body: { state: 'refused' } });
  expect(await inboxOf(MINISTRY, sent.documentId)).toEqual([]);
  const [notice] = await inboxOf(COMMUNE, sent.documentId);
  expect(notice).toMatchObject({ kind: 'notice' });
  expect(JSON.parse((await axis.as(COMMUNE).content(notice?.deliveryId as string)).toString())).toMatchObject(
    {
      notice: 'document.refused',
      documentId: sent.documentId,
      reason: 'đã đối chiếu với cơ quan gửi',
    },
  );
});

test('what nobody decides within 24 hours is refused', async () => {
  const sent = await axis.as(COMMUNE).send(await undecidable());
  const { stations } = axis.demo;
  const tomorrow = {
    ...stations,
    clock: { ...stations.clock, now: () => systemClock.now() + 25 * 3_600_000 },
  };
  expect(await expireHeld(stations)).toBe(0);
  expect(await expireHeld(tomorrow)).toBe(1);
  expect(await stepsOf(COMMUNE, sent.documentId)).toContain('document.refused');
});

test('a release that a crash cut short is finished at the next start', async () => {
  const sent = await axis.as(COMMUNE).send(await undecidable());
  const { documents } = axis.demo.stores;
  const record = await documents.get(sent.documentId);
  const subject = {
    id: sent.documentId,
    ledgerDoc: record?.ledgerDoc as string,
    ledgerKey: record?.ledgerKey as string,
  };
  const facts = { reason: 'đã đối chiếu', by: 'operator' };
  const happening = {
    type: 'document.released' as const,
    actorId: null,
    recipientId: null,
    facts,
    distinct: 'held',
  };
  const event = pendingEvent(subject, happening, systemClock.now());
  await documents.change({ documentId: sent.documentId, from: ['held'], to: 'released', events: [event] });

  await axis.restart();
  expect(await inboxOf(MINISTRY, sent.documentId)).toHaveLength(1);
  expect((await axis.demo.stores.documents.get(sent.documentId))?.state).toBe('accepted');
});
