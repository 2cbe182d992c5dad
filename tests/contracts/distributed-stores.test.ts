import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { newId } from '../../src/kernel/index.ts';
import { aDelivery, anEvent, aRecord } from '../builders/records.ts';
import { seededRandom } from '../random.ts';
import { describeWithServices, services } from '../services.ts';
import { alertBookContract } from './alert-book.contract.ts';
import { attemptBookContract } from './attempt-book.contract.ts';
import { augmentationBookContract } from './augmentation-book.contract.ts';
import { augmentationScheduleContract } from './augmentation-schedule.contract.ts';
import { ceremonyStoreContract } from './ceremony-store.contract.ts';
import { delegationBookContract } from './delegation-book.contract.ts';
import { deliveryLogContract } from './delivery-log.contract.ts';
import { deliveryStoreContract } from './delivery-store.contract.ts';
import { openNode } from './distributed-nodes.ts';
import { documentStoreContract } from './document-store.contract.ts';
import { draftStoreContract } from './draft-store.contract.ts';
import { eventBookContract } from './event-book.contract.ts';
import { refusalBookContract } from './refusal-book.contract.ts';
import { reviewBookContract } from './review-book.contract.ts';
import { revocationShelfContract } from './revocation-shelf.contract.ts';
import { statusStoreContract } from './status-store.contract.ts';
import { viewBookContract } from './view-book.contract.ts';
import { workBookContract } from './work-book.contract.ts';

const open: { close(): Promise<void> }[] = [];
const names = new Set<string>();

async function node(name: string) {
  const one = await openNode(services().mongoUrl, name);
  open.push(one.mongo);
  names.add(name);
  return one;
}

const fresh = () => node(`truc-test-${newId()}`);

type Stores = Omit<Awaited<ReturnType<typeof node>>, 'mongo'>;

/** One set of stores whose calls go to two nodes in turn, each with connections and batches of its own. */
async function manyNodes(): Promise<Stores> {
  const name = `truc-test-${newId()}`;
  const nodes = await Promise.all(Array.from({ length: 2 }, () => node(name)));
  let turn = 0;
  const spread = <Port extends object>(port: (one: Stores) => Port): Port =>
    new Proxy({} as Port, {
      get: (_, method) => {
        const chosen = port(nodes[turn++ % nodes.length] as Stores);
        return Reflect.get(chosen, method);
      },
    });
  return {
    documents: spread((one) => one.documents),
    events: spread((one) => one.events),
    statuses: spread((one) => one.statuses),
    refusals: spread((one) => one.refusals),
    drafts: spread((one) => one.drafts),
    ceremonies: spread((one) => one.ceremonies),
    delegations: spread((one) => one.delegations),
    work: spread((one) => one.work),
    deliveries: spread((one) => one.deliveries),
    log: spread((one) => one.log),
    attempts: spread((one) => one.attempts),
    alerts: spread((one) => one.alerts),
    views: spread((one) => one.views),
    reviews: spread((one) => one.reviews),
    augmentations: spread((one) => one.augmentations),
    augmentationSchedule: spread((one) => one.augmentationSchedule),
    revocation: spread((one) => one.revocation),
  };
}

/** A database cannot be dropped while a killed node's transaction is open on it. */
async function endTransactionsOfTheKilled(admin: mongoose.Connection): Promise<void> {
  const db = admin.getClient().db('admin');
  const idle = await db
    .aggregate<{ lsid: { id: mongoose.mongo.Binary } }>([
      { $currentOp: { idleSessions: true, allUsers: false } },
      { $match: { appName: { $in: [...names] }, transaction: { $exists: true } } },
      { $project: { 'lsid.id': 1 } },
    ])
    .toArray();
  if (idle.length > 0) await db.command({ killSessions: idle.map(({ lsid }) => ({ id: lsid.id })) });
}

afterEach(async () => {
  for (const mongo of open.splice(0)) await mongo.close();
  if (names.size === 0) return;
  const admin = await mongoose.createConnection(services().mongoUrl).asPromise();
  await endTransactionsOfTheKilled(admin);
  for (const name of names) await admin.useDb(name).dropDatabase();
  names.clear();
  await admin.close();
});

describeWithServices('one node', () => {
  documentStoreContract('distributed', fresh);
  eventBookContract('distributed', fresh);
  statusStoreContract('distributed', fresh);
  refusalBookContract('distributed', fresh);
  draftStoreContract('distributed', fresh);
  delegationBookContract('distributed', fresh);
  workBookContract('distributed', fresh);
  ceremonyStoreContract('distributed', async () => (await fresh()).ceremonies);
  deliveryStoreContract('distributed', fresh);
  deliveryLogContract('distributed', fresh);
  attemptBookContract('distributed', async () => (await fresh()).attempts);
  alertBookContract('distributed', async () => (await fresh()).alerts);
  viewBookContract('distributed', async () => (await fresh()).views);
  reviewBookContract('distributed', async () => (await fresh()).reviews);
  augmentationBookContract('distributed', fresh);
  augmentationScheduleContract('distributed', async () => (await fresh()).augmentationSchedule);
  revocationShelfContract('distributed', async () => (await fresh()).revocation);
});

describeWithServices('two nodes on one database', () => {
  documentStoreContract('distributed', manyNodes);
  eventBookContract('distributed', manyNodes);
  statusStoreContract('distributed', manyNodes);
  refusalBookContract('distributed', manyNodes);
  draftStoreContract('distributed', manyNodes);
  delegationBookContract('distributed', manyNodes);
  workBookContract('distributed', manyNodes);
  ceremonyStoreContract('distributed', async () => (await manyNodes()).ceremonies);
  deliveryStoreContract('distributed', manyNodes);
  deliveryLogContract('distributed', manyNodes);
  attemptBookContract('distributed', async () => (await manyNodes()).attempts);
  alertBookContract('distributed', async () => (await manyNodes()).alerts);
  reviewBookContract('distributed', async () => (await manyNodes()).reviews);
  augmentationBookContract('distributed', manyNodes);
  augmentationScheduleContract('distributed', async () => (await manyNodes()).augmentationSchedule);
  revocationShelfContract('distributed', async () => (await manyNodes()).revocation);
});

function victim(name: string, task: 'write' | 'hold') {
  const script = join(import.meta.dirname, 'distributed-victim.ts');
  return spawn(process.execPath, [script, `${services().mongoUrl}&appName=${name}`, name, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills a writing node after so many acknowledged rounds. @returns [documentId, deliveryId] of each */
async function killedAfter(rounds: number, name: string): Promise<string[][]> {
  const process = victim(name, 'write');
  const gone = once(process, 'exit');
  const told: string[][] = [];
  for await (const line of createInterface({ input: process.stdout })) {
    told.push(line.split(' '));
    if (told.length === rounds) process.kill('SIGKILL');
  }
  await gone;
  return told;
}

describeWithServices('nodes that are killed', () => {
  test('no state without its events, no events without their state, and nothing acknowledged is lost', async () => {
    const random = seededRandom();
    const name = `truc-test-${newId()}`;
    const told: string[][] = [];
    for (let kill = 0; kill < 3; kill++) told.push(...(await killedAfter(random.between(5, 60), name)));
    const { mongo, documents, events, deliveries } = await node(name);
    for (const [documentId, deliveryId] of told as [string, string][]) {
      expect((await documents.get(documentId))?.state).toBe('accepted');
      expect((await deliveries.get(deliveryId))?.state).toBe('done');
    }
    const rows = await mongo.collection<{ _id: string }>('documents').find().toArray();
    expect(rows.length).toBeGreaterThanOrEqual(told.length);
    let written = 0;
    for (const { _id } of rows) {
      const state = (await documents.get(_id))?.state;
      const [delivery] = await deliveries.ofDocument(_id);
      const expected = state === 'received' ? 2 : delivery?.state === 'done' ? 4 : 3;
      expect(await events.of(_id)).toHaveLength(expected);
      written += expected;
    }
    expect(await mongo.collection('events').countDocuments()).toBe(written);
    for (const [state, count] of Object.entries(await deliveries.count()))
      expect(await mongo.collection('deliveries').countDocuments({ state })).toBe(count);
  });

  test('writes that were made in the hope of being first, and were not, leave the others of their commit whole', async () => {
    const { documents, deliveries, events } = await fresh();
    const taken = aRecord();
    await documents.register(taken, [anEvent(taken.documentId)]);
    const planned = aDelivery();
    await deliveries.plan([planned]);
    const news = Array.from({ length: 5 }, () => aRecord());
    const move = { from: ['received'], to: 'accepted', events: [] } as const;
    const [outcomes, twin, moved, again] = await Promise.all([
      Promise.all(news.map((one) => documents.register(one, [anEvent(one.documentId)]))),
      documents.register(aRecord({ key: taken.key }), [anEvent(newId())]),
      documents.change({ ...move, documentId: taken.documentId }),
      documents.change({ ...move, documentId: newId() }),
      deliveries.plan([planned, aDelivery()]),
    ]);
    expect(outcomes).toEqual(news.map(() => ({ outcome: 'registered' })));
    expect(twin).toMatchObject({ outcome: 'exists', existing: { documentId: taken.documentId } });
    expect([moved, again]).toEqual([true, false]);
    for (const one of news) expect(await events.of(one.documentId)).toHaveLength(1);
    expect((await documents.get(taken.documentId))?.state).toBe('accepted');
    expect((await events.pending(10)).map((event) => event.subjectId)).toEqual([taken.documentId]);
    expect(await deliveries.count()).toMatchObject({ waiting: 2 });
  });

  test('what a node held when it was killed is free again in seconds', async () => {
    const name = `truc-test-${newId()}`;
    await once(victim(name, 'hold'), 'exit');
    const { documents, events } = await node(name);
    const record = aRecord({ state: 'accepted' });
    await documents.register(record, [anEvent(record.documentId)]);
    expect(await events.pending(10)).toHaveLength(2);
  }, 30_000);
});
