import { afterEach } from '@jest/globals';
import mongoose from 'mongoose';
import { openMongo } from '../../src/adapters/distributed/database.ts';
import { DELIVERY_PLANS } from '../../src/adapters/distributed/delivery-rows.ts';
import { deliveryStore } from '../../src/adapters/distributed/delivery-store.ts';
import { DOCUMENT_PLANS } from '../../src/adapters/distributed/document-rows.ts';
import { documentStore } from '../../src/adapters/distributed/document-store.ts';
import { eventBook } from '../../src/adapters/distributed/event-book.ts';
import { EVENT_PLANS } from '../../src/adapters/distributed/event-rows.ts';
import { REFUSAL_PLANS, refusalBook } from '../../src/adapters/distributed/refusal-book.ts';
import { STATUS_PLANS, statusStore } from '../../src/adapters/distributed/status-store.ts';
import { writeLane } from '../../src/adapters/distributed/write-lane.ts';
import { newId } from '../../src/kernel/index.ts';
import { describeWithServices, services } from '../services.ts';
import { deliveryStoreContract } from './delivery-store.contract.ts';
import { documentStoreContract } from './document-store.contract.ts';
import { eventBookContract } from './event-book.contract.ts';
import { refusalBookContract } from './refusal-book.contract.ts';
import { statusStoreContract } from './status-store.contract.ts';

const PLANS = [...DOCUMENT_PLANS, ...EVENT_PLANS, ...STATUS_PLANS, ...REFUSAL_PLANS, ...DELIVERY_PLANS];
const open: { close(): Promise<void> }[] = [];
const names = new Set<string>();

async function node(name: string) {
  const mongo = await openMongo(services().mongoUrl, name, PLANS);
  open.push(mongo);
  names.add(name);
  const lane = writeLane(mongo);
  return {
    mongo,
    documents: documentStore(mongo, lane),
    events: eventBook(mongo, lane),
    statuses: statusStore(mongo, lane),
    refusals: refusalBook(mongo, lane),
    deliveries: deliveryStore(mongo, lane),
  };
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
    deliveries: spread((one) => one.deliveries),
  };
}

afterEach(async () => {
  for (const mongo of open.splice(0)) await mongo.close();
  if (names.size === 0) return;
  const admin = await mongoose.createConnection(services().mongoUrl).asPromise();
  for (const name of names) await admin.useDb(name).dropDatabase();
  names.clear();
  await admin.close();
});

describeWithServices('one node', () => {
  documentStoreContract('distributed', fresh);
  eventBookContract('distributed', fresh);
  statusStoreContract('distributed', fresh);
  refusalBookContract('distributed', fresh);
  deliveryStoreContract('distributed', fresh);
});

describeWithServices('two nodes on one database', () => {
  documentStoreContract('distributed', manyNodes);
  eventBookContract('distributed', manyNodes);
  statusStoreContract('distributed', manyNodes);
  refusalBookContract('distributed', manyNodes);
  deliveryStoreContract('distributed', manyNodes);
});
