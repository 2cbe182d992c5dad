import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Business, type EdxmlDocument, writeDocument } from '../../src/edxml/index.ts';
import { newId, systemClock } from '../../src/kernel/index.ts';
import { envelopeOf, letterOrder, signedLetter } from '../../src/lab/index.ts';
import { type World, world } from '../world.ts';

const MINISTRY = 'G09';
const [FIRST, SECOND] = ['H53', 'H41'];
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

let number = 500;

interface Act {
  document: EdxmlDocument;
  bytes: Buffer;
}

/** A letter of the ministry, or an act on an earlier one: same DocumentId for recall and update, its own for a replacement. */
async function act(changes: {
  business?: Partial<Business>;
  documentId?: string;
  subject?: string;
}): Promise<Act> {
  const order = letterOrder(
    {
      from: MINISTRY,
      to: [FIRST, SECOND],
      number: ++number,
      subject: changes.subject ?? 'V/v thử',
      priority: 0,
    },
    systemClock.now(),
  );
  const pdf = await signedLetter(order, axis.demo.pki, axis.timestamp);
  const contentId = newId();
  const name = `${number}.signed.pdf`;
  const envelope = envelopeOf(order, name, contentId);
  const document = {
    ...envelope,
    ...(changes.documentId === undefined ? {} : { documentId: changes.documentId }),
    business: { ...envelope.business, ...changes.business },
  };
  const attachment = {
    contentId,
    name,
    description: order.subject,
    contentType: 'application/pdf',
    bytes: pdf,
    wrapped: false,
    sniffed: 'pdf' as const,
  };
  return { document, bytes: writeDocument(document, [attachment]) };
}

const ministry = () => axis.as(MINISTRY);

async function view(documentId: string) {
  return JSON.parse((await ministry().get(`/v1/documents/${documentId}`)).toString()) as {
    state: string;
    recipients: { code: string; transport: string; business: string | null }[];
  };
}

async function waitingFor(code: string, documentId: string) {
  return (await axis.as(code).inbox()).filter((item) => item.documentId === documentId);
}

async function takeAndAcknowledge(code: string, documentId: string): Promise<void> {
  const [item] = await waitingFor(code, documentId);
  await axis.as(code).content(item?.deliveryId as string);
  await axis.as(code).acknowledge(item?.deliveryId as string, 'done');
}

async function steps(documentId: string): Promise<string[]> {
  const timeline = JSON.parse((await ministry().get(`/v1/documents/${documentId}/timeline`)).toString());
  return timeline.events.map((event: { type: string }) => event.type);
}

test('a recall takes back what nobody fetched, and asks for what was: 13, answered by 15', async () => {
  const sent = await ministry().send((await act({})).bytes);
  await takeAndAcknowledge(FIRST, sent.documentId);

  const answer = await axis.fetch(MINISTRY, `/v1/documents/${sent.documentId}/recall`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'phát hành nhầm' }),
  });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ state: 'recalled', cancelled: [SECOND], asked: [FIRST] });

  expect(await waitingFor(SECOND, sent.documentId)).toEqual([]);
  const [request] = await waitingFor(FIRST, sent.documentId);
  expect(request).toMatchObject({ kind: 'status', from: MINISTRY });
  expect((await axis.as(FIRST).content(request?.deliveryId as string)).toString()).toContain('13');
  await axis.as(FIRST).status({ documentId: sent.documentId, code: '15' });
  expect((await steps(sent.documentId)).slice(-4)).toEqual([
    'document.recalled',
    'status.13',
    'delivery.fetched',
    'status.15',
  ]);
  expect(await view(sent.documentId)).toMatchObject({ state: 'recalled' });
});

test('a recall as edXML of business type 1 does the same, for copies not fetched yet', async () => {
  const original = await act({});
  const sent = await ministry().send(original.bytes);
  const { documentId } = original.document;
  const recall = await act({ documentId, business: { type: 1, reason: 'sai thể thức', documentId } });
  await ministry().send(recall.bytes);
  expect(await view(sent.documentId)).toMatchObject({
    state: 'recalled',
    recipients: [{ transport: 'cancelled' }, { transport: 'cancelled' }],
  });
  expect(await waitingFor(SECOND, sent.documentId)).toEqual([]);
});

test('an update reaches recipients after the document that it updates, and the next one waits until it is settled', async () => {
  const original = await act({});
  const sent = await ministry().send(original.bytes);
  const { documentId } = original.document;
  const update = (subject: string) =>
    act({ documentId, subject, business: { type: 2, reason: 'đính chính', documentId, documentInfo: 1 } });
  const first = await ministry().send((await update('V/v đính chính lần 1')).bytes);
  expect(first.documentId).not.toBe(sent.documentId);
  expect(await steps(sent.documentId)).toContain('document.updated');

  // Leased but not settled, the original holds the update back: nobody reads a correction before the letter.
  expect(await waitingFor(FIRST, sent.documentId)).toHaveLength(1);
  expect(await waitingFor(FIRST, first.documentId)).toHaveLength(0);

  const second = await update('V/v đính chính lần 2');
  await expect(ministry().send(second.bytes)).rejects.toMatchObject({ facts: { code: 'intake.act-open' } });
});

test('a replacement is a document of its own; the replaced one says by what', async () => {
  const original = await act({});
  const sent = await ministry().send(original.bytes);
  const replacement = await act({
    business: {
      type: 3,
      reason: 'thay thế do sai phụ lục',
      replacements: [{ documentId: original.document.documentId, organIds: [FIRST, SECOND] }],
    },
  });
  const later = await ministry().send(replacement.bytes);
  expect(await steps(sent.documentId)).toContain('document.replaced');
  expect(await view(later.documentId)).toMatchObject({ state: 'accepted' });
});

test('an act on a document that this sender never sent is refused', async () => {
  const documentId = 'G09,2026/01/05,999/BNV';
  const recall = await act({ documentId, business: { type: 1, reason: 'không có', documentId } });
  await expect(ministry().send(recall.bytes)).rejects.toMatchObject({
    facts: { status: 422, code: 'intake.unknown-reference' },
  });
});
