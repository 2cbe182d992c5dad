import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeStatus } from '../../src/edxml/index.ts';
import { decideHeld } from '../../src/exchange/index.ts';
import { systemClock, vietnamDateTime } from '../../src/kernel/index.ts';
import { edxmlOf, letterOrder } from '../../src/lab/index.ts';
import { issuedLetter } from '../builders/pdf.ts';
import { type World, world } from '../world.ts';

const PROVINCE = 'H53';
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

function post(code: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return axis.fetch(code, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

const recall = (code: string, documentId: string) =>
  post(code, `/v1/documents/${documentId}/recall`, { reason: 'sai thể thức' });

async function stepsOf(code: string, documentId: string): Promise<string[]> {
  const timeline = await axis.as(code).get(`/v1/documents/${documentId}/timeline`);
  return (JSON.parse(timeline.toString()) as { events: { type: string }[] }).events.map(({ type }) => type);
}

const ADDRESSES = ['original', 'attachments/0', 'evidence'];

test.each(ADDRESSES)(
  'a recipient that takes /%s without its inbox has fetched it all the same, and is asked when the sender recalls',
  async (address) => {
    const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [PROVINCE]));
    expect((await axis.fetch(PROVINCE, `/v1/documents/${documentId}/${address}`)).status).toBe(200);
    expect(await stepsOf(MINISTRY, documentId)).toContain('delivery.fetched');

    const recalled = await recall(MINISTRY, documentId);
    expect(await recalled.json()).toMatchObject({ cancelled: [], asked: [PROVINCE] });
  },
);

test('what was taken back before it was fetched stays closed at every address', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [PROVINCE]));
  expect(await (await recall(MINISTRY, documentId)).json()).toMatchObject({ cancelled: [PROVINCE] });
  for (const address of ADDRESSES) {
    const answer = await axis.fetch(PROVINCE, `/v1/documents/${documentId}/${address}`);
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'delivery.cancelled' }]);
  }
  expect((await axis.fetch(MINISTRY, `/v1/documents/${documentId}/original`)).status).toBe(200);
});

test('a recall meets a fetch at the same moment: the recipient is asked', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [PROVINCE]));
  const { deliveries } = axis.demo.stations;
  const { ofDocument } = deliveries;
  deliveries.ofDocument = async (id) => {
    deliveries.ofDocument = ofDocument;
    const before = await ofDocument(id);
    const [item] = (await axis.as(PROVINCE).inbox()).filter((one) => one.documentId === id);
    await axis.as(PROVINCE).content(item?.deliveryId as string);
    return before;
  };
  expect(await (await recall(MINISTRY, documentId)).json()).toMatchObject({
    cancelled: [],
    asked: [PROVINCE],
  });
});

let number = 800;

/** A letter that is held: signed under a root that this axis does not trust, for a ministry that wants such letters held. */
async function heldLetter(): Promise<string> {
  const settings = {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"holdIndeterminate":true}',
  };
  await axis.fetch('admin', `/v1/agencies/${MINISTRY}/settings`, settings);
  const order = { from: COMMUNE, to: [MINISTRY], number: ++number, subject: 'V/v chữ ký', priority: 0 };
  const sent = await axis
    .as(COMMUNE)
    .send(edxmlOf(letterOrder(order, systemClock.now()), await issuedLetter()));
  expect(sent.state).toBe('held');
  return sent.documentId;
}

test('a letter recalled while it was held is never shown to those it was meant for', async () => {
  const documentId = await heldLetter();
  expect((await recall(COMMUNE, documentId)).status).toBe(202);

  expect((await axis.fetch(MINISTRY, `/v1/documents/${documentId}`)).status).toBe(404);
  expect((await axis.fetch(MINISTRY, `/v1/documents/${documentId}/original`)).status).toBe(404);
  const list = JSON.parse((await axis.as(MINISTRY).get('/v1/documents?direction=received')).toString());
  expect(list.items.map((one: { documentId: string }) => one.documentId)).not.toContain(documentId);
  const feed = JSON.parse((await axis.as(MINISTRY).get('/v1/events?limit=500')).toString());
  expect(feed.items.map((one: { documentId: string }) => one.documentId)).not.toContain(documentId);
});

test('a recall that meets a release takes the released copies back', async () => {
  const documentId = await heldLetter();
  const { stations } = axis.demo;
  const { deliveries, documents } = stations;
  const { ofDocument, plan } = deliveries;
  const { change } = documents;
  let letThrough = () => {};
  const planned = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  let release: Promise<unknown> = Promise.resolve();
  deliveries.plan = async (wanted) => {
    await planned;
    await plan(wanted);
  };
  deliveries.ofDocument = async (id) => {
    deliveries.ofDocument = ofDocument;
    release = decideHeld(
      documentId,
      { outcome: 'release', reason: 'đã đối chiếu', by: 'operator' },
      stations,
    );
    while ((await documents.get(documentId))?.state !== 'released') await new Promise(setImmediate);
    return ofDocument(id);
  };
  documents.change = async (wanted) => {
    const moved = await change(wanted);
    if (wanted.to === 'recalled') letThrough();
    return moved;
  };
  try {
    expect(await (await recall(COMMUNE, documentId)).json()).toMatchObject({
      state: 'recalled',
      cancelled: [MINISTRY],
    });
    await release;
  } finally {
    Object.assign(deliveries, { ofDocument, plan });
    documents.change = change;
  }
  expect((await axis.as(MINISTRY).inbox()).filter((one) => one.documentId === documentId)).toEqual([]);
});

function statusXml(from: string, sender: string, edxmlId: string): Uint8Array<ArrayBuffer> {
  const organ = { organizationInCharge: '', organAdd: '', email: '', telephone: '', fax: '', website: '' };
  const [, promulgationDate = '', code = ''] = edxmlId.split(',');
  const status = writeStatus({
    from: { ...organ, organId: from, organName: 'UBND xã' },
    responseFor: { organId: sender, code, promulgationDate, documentId: edxmlId },
    staff: null,
    statusCode: '03',
    description: '',
    timestamp: vietnamDateTime(systemClock.now()),
  });
  return new Uint8Array(status);
}

test('an agency that is no party cannot find out by statuses which numbers another has used', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [PROVINCE]));
  const { edxmlId } = JSON.parse((await axis.as(MINISTRY).get(`/v1/documents/${documentId}`)).toString());
  const ask = async (id: string) => {
    const headers = { 'content-type': 'application/xml' };
    const body = statusXml(COMMUNE, MINISTRY, id);
    const answer = await axis.fetch(COMMUNE, '/v1/statuses', { method: 'POST', headers, body });
    return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
  };
  const none = await ask(edxmlId.replace(/\d+(?=\/[^/]*$)/, '99999'));
  expect(none).toEqual({ status: 404, code: 'exchange.status-unknown' });
  expect(await ask(edxmlId)).toEqual(none);
});

test('a recall request by JSON names its recipient where there are several', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [PROVINCE, COMMUNE]));
  const request = { documentId, code: '13', description: 'sai thể thức' };
  for (const to of [{}, { to: 'H41' }]) {
    const answer = await post(MINISTRY, '/v1/statuses', { ...request, ...to });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'exchange.not-a-recipient' }]);
  }
  const answer = await post(MINISTRY, '/v1/statuses', { ...request, to: COMMUNE });
  expect(await answer.json()).toMatchObject({ to: COMMUNE });
});
