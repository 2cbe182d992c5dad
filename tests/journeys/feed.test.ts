import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type World, world } from '../world.ts';

const SENDER = 'G22';
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

interface Feed {
  items: { documentId: string; type: string }[];
  next: number;
}

async function feed(since: number): Promise<Feed> {
  return JSON.parse((await axis.as(SENDER).get(`/v1/events?limit=500&since=${since}`)).toString()) as Feed;
}

test('a reader that follows the feed misses no event of a document that is accepted while it reads', async () => {
  const { documents } = axis.demo.stations;
  const { change } = documents;
  let reached = () => {};
  const inTheLedger = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let accept = () => {};
  const readMeanwhile = new Promise<void>((resolve) => {
    accept = resolve;
  });
  documents.change = async (wanted) => {
    reached();
    await readMeanwhile;
    return change(wanted);
  };
  const sending = axis.as(SENDER).send(await axis.letter(SENDER, ['H53']));
  await inTheLedger;
  const before = await feed(0);
  documents.change = change;
  accept();
  const { documentId } = await sending;

  expect(before.items).toEqual([]);
  const after = await feed(before.next);
  expect(after.items.map((item) => [item.documentId, item.type])).toEqual([
    [documentId, 'document.submitted'],
    [documentId, 'signature.verified'],
    [documentId, 'delivery.queued'],
  ]);
  expect((await feed(after.next)).items).toEqual([]);
});
