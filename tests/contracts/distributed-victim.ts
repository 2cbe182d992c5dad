import { writeSync } from 'node:fs';
import { aDelivery, anEvent, aRecord } from '../builders/records.ts';
import { openNode } from './distributed-nodes.ts';

// A node that is killed: `write` works until somebody kills it, `hold` kills itself inside a transaction.
const [url, name, task] = process.argv.slice(2) as [string, string, string];
const node = await openNode(url, name);
if (task === 'hold') await dieInside();
await Promise.all(Array.from({ length: 16 }, () => writeForEver()));

async function dieInside(): Promise<void> {
  await node.events.append([anEvent('first')]);
  await node.mongo.atomically(async (session) => {
    const counters = node.mongo.collection<{ _id: string; value: number }>('counters');
    await counters.updateOne({ _id: 'positions' }, { $inc: { value: 100 } }, { session });
    process.kill(process.pid, 'SIGKILL');
  });
}

/** Says each document and delivery by name once it was told that they are stored. */
async function writeForEver(): Promise<never> {
  for (;;) {
    const record = aRecord();
    const { documentId } = record;
    await node.documents.register(record, [anEvent(documentId), anEvent(documentId)]);
    const event = anEvent(documentId);
    await node.documents.change({ documentId, from: ['received'], to: 'accepted', events: [event] });
    const delivery = aDelivery({ documentId });
    await node.deliveries.plan([delivery]);
    await node.deliveries.replace({ ...delivery, state: 'done', revision: 2 }, [anEvent(documentId)]);
    writeSync(1, `${documentId} ${delivery.deliveryId}\n`);
  }
}
