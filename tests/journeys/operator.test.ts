import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type World, world } from '../world.ts';

let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

interface Item {
  deliveryId: string;
  state: string;
  failure: string | null;
}

async function deliveriesTo(code: string, state: string): Promise<Item[]> {
  const answer = await axis.fetch('admin', `/v1/deliveries?state=${state}&recipient=${code}`);
  return ((await answer.json()) as { items: Item[] }).items;
}

async function operate(deliveryId: string, act: 'retry' | 'cancel') {
  const answer = await axis.fetch('admin', `/v1/deliveries/${deliveryId}/${act}`, { method: 'POST' });
  return { status: answer.status, body: (await answer.json()) as { state?: string; code?: string } };
}

test('a dead letter is found, offered again, and arrives', async () => {
  const sent = await axis.as('G22').send(await axis.letter('G22', ['H53']));
  const [item] = await axis.as('H53').inbox();
  await axis
    .as('H53')
    .acknowledge(item?.deliveryId as string, 'fail', { reason: 'hệ thống lỗi', retry: false });
  const [dead] = await deliveriesTo('H53', 'failed');
  expect(dead).toMatchObject({ deliveryId: item?.deliveryId });

  expect(await operate(dead?.deliveryId as string, 'retry')).toMatchObject({
    status: 200,
    body: { state: 'waiting' },
  });
  expect(await operate(dead?.deliveryId as string, 'retry')).toMatchObject({
    status: 409,
    body: { code: 'delivery.not-failed' },
  });
  const again = (await axis.as('H53').inbox()).find((one) => one.documentId === sent.documentId);
  await axis.as('H53').content(again?.deliveryId as string);
  await axis.as('H53').acknowledge(again?.deliveryId as string, 'done');
  expect(await deliveriesTo('H53', 'done')).toHaveLength(1);
});

test('a delivery is taken back while nobody has fetched it, and not afterwards', async () => {
  await axis.as('G22').send(await axis.letter('G22', ['H41', 'H49']));
  const [waiting] = await deliveriesTo('H41', 'waiting');
  expect(await operate(waiting?.deliveryId as string, 'cancel')).toMatchObject({
    status: 200,
    body: { state: 'cancelled' },
  });
  expect(await axis.as('H41').inbox()).toEqual([]);

  const [item] = await axis.as('H49').inbox();
  await axis.as('H49').content(item?.deliveryId as string);
  expect(await operate(item?.deliveryId as string, 'cancel')).toMatchObject({
    status: 409,
    body: { code: 'delivery.not-cancellable' },
  });
  expect(await operate('00000000-0000-8000-8000-000000000000', 'cancel')).toMatchObject({ status: 404 });
});
