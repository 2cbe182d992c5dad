import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  type DeliveryQueueOptions,
  type DistributedDeliveryQueue,
  deliveryQueue,
} from '../../src/adapters/distributed/delivery-queue.ts';
import { newId, silentLog } from '../../src/kernel/index.ts';
import { describeWithServices, services } from '../services.ts';
import { tcpRelay } from '../tcp-relay.ts';
import { deliveryQueueContract } from './delivery-queue.contract.ts';

const LONG = 30_000;
const never = () => new AbortController().signal;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function queueOn(
  channel: string,
  url = services().redisUrl,
  more: Partial<DeliveryQueueOptions> = {},
): DistributedDeliveryQueue {
  const queue = deliveryQueue({ url, channel, log: silentLog, ...more });
  closing.push(queue.close);
  return queue;
}

/** Hints may be lost (nobody may be subscribed yet), so a sender that means it says it again. */
async function wokenAcross(from: DistributedDeliveryQueue, to: DistributedDeliveryQueue): Promise<boolean> {
  const waiting = to.wait(['a'], LONG, never());
  const again = setInterval(() => from.wake(['a']), 20);
  try {
    return await waiting;
  } finally {
    clearInterval(again);
  }
}

/** A way to Redis that a test can cut and open again. */
async function breakableWay() {
  const { hostname, port } = new URL(services().redisUrl);
  const relay = await tcpRelay(hostname, Number(port));
  closing.push(relay.cut);
  return { ...relay, url: () => `redis://127.0.0.1:${relay.port}` };
}

describeWithServices('wake-ups through Redis', () => {
  deliveryQueueContract('distributed', async () => queueOn(`truc-test-${newId()}`));

  test('a reader on one node is woken from another, and a listener there hears it', async () => {
    const channel = `truc-test-${newId()}`;
    const [here, there] = [queueOn(channel), queueOn(channel)];
    const heard = new Set<string>();
    there.listen((id) => heard.add(id));
    expect(await wokenAcross(here, there)).toBe(true);
    expect(await wokenAcross(there, here)).toBe(true);
    expect([...heard]).toEqual(['a']);
  });

  test('a letter to four thousand wakes the last of them on another node', async () => {
    const channel = `truc-test-${newId()}`;
    const [here, there] = [queueOn(channel), queueOn(channel)];
    await wokenAcross(here, there);
    const ids = Array.from({ length: 4_000 }, (_, i) => `to-${i}`);
    const heard = new Set<string>();
    there.listen((id) => heard.add(id));
    const last = there.wait(['to-3999'], LONG, never());
    here.wake(ids);
    expect(await last).toBe(true);
    expect(ids.filter((id) => !heard.has(id))).toEqual([]);
  });

  test('another axis on the same Redis hears nothing', async () => {
    const [ours, theirs] = [`truc-test-${newId()}`, `truc-test-${newId()}`];
    const [here, there, foreign, stranger] = [ours, ours, theirs, theirs].map((channel) =>
      queueOn(channel),
    ) as [
      DistributedDeliveryQueue,
      DistributedDeliveryQueue,
      DistributedDeliveryQueue,
      DistributedDeliveryQueue,
    ];
    await wokenAcross(stranger, foreign);
    const heard = new Set<string>();
    foreign.listen((id) => heard.add(id));
    await wokenAcross(here, there);
    const reached = there.wait(['b'], LONG, never());
    here.wake(['b']);
    expect(await reached).toBe(true);
    await wokenAcross(stranger, foreign);
    expect(heard.has('b')).toBe(false);
  });

  test('while Redis is away nobody fails, the own node is woken, and others again when it is back', async () => {
    const way = await breakableWay();
    const channel = `truc-test-${newId()}`;
    const lines: string[] = [];
    const log = { ...silentLog, warn: (_: object, line: string) => lines.push(line) };
    const [here, there] = [queueOn(channel, way.url(), { log }), queueOn(channel)];
    expect(await wokenAcross(here, there)).toBe(true);
    expect(await wokenAcross(there, here)).toBe(true);
    await way.cut();
    const own = here.wait(['a'], LONG, never());
    for (let i = 0; i < 1_000; i++) here.wake([`lost-${i}`]);
    here.wake(['a']);
    expect(await own).toBe(true);
    expect(await here.wait(['a'], 300, never())).toBe(false);
    // One line for each of the two connections, however often they have tried.
    expect(lines.length).toBeLessThanOrEqual(2);
    await way.open();
    expect(await wokenAcross(here, there)).toBe(true);
    expect(await wokenAcross(there, here)).toBe(true);
  });

  test('a connection on which nothing passes any more is given up and made anew', async () => {
    const way = await breakableWay();
    const channel = `truc-test-${newId()}`;
    const here = queueOn(channel, way.url(), { answerWithinMs: 200 });
    const there = queueOn(channel);
    expect(await wokenAcross(here, there)).toBe(true);
    expect(await wokenAcross(there, here)).toBe(true);
    way.silence();
    expect(await wokenAcross(here, there)).toBe(true);
    expect(await wokenAcross(there, here)).toBe(true);
  });

  test('it opens where no Redis answers, and finds it once it does', async () => {
    const way = await breakableWay();
    await way.cut();
    const channel = `truc-test-${newId()}`;
    const [here, there] = [queueOn(channel, way.url()), queueOn(channel)];
    const own = here.wait(['a'], LONG, never());
    here.wake(['a']);
    expect(await own).toBe(true);
    await way.open();
    expect(await wokenAcross(there, here)).toBe(true);
  });

  test('a subscription that the server ends comes back', async () => {
    const channel = `truc-test-${newId()}`;
    const [here, there] = [queueOn(channel), queueOn(channel)];
    expect(await wokenAcross(here, there)).toBe(true);
    const admin = new Redis(services().redisUrl);
    closing.push(() => admin.disconnect());
    await admin.client('KILL', 'TYPE', 'pubsub');
    expect(await wokenAcross(here, there)).toBe(true);
  });

  test('what strangers write into the channel disturbs nobody', async () => {
    const channel = `truc-test-${newId()}`;
    const [here, there] = [queueOn(channel), queueOn(channel)];
    await wokenAcross(here, there);
    const stranger = new Redis(services().redisUrl);
    closing.push(() => stranger.disconnect());
    const heard: string[] = [];
    there.listen((id) => heard.push(id));
    for (const text of [
      '',
      'null',
      '7',
      '{',
      '[]',
      '{"node":1,"ids":["x"]}',
      '{"node":"n","ids":["x",1]}',
      '{"node":"n"}',
    ])
      await stranger.publish(channel, text);
    expect(await wokenAcross(here, there)).toBe(true);
    expect(new Set(heard)).toEqual(new Set(['a']));
  });
});
