import { afterEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { type MongoDatabase, openMongo } from '../../src/adapters/distributed/database.ts';
import { forwardedAppends } from '../../src/adapters/distributed/forwarded-appends.ts';
import type { Hints } from '../../src/adapters/distributed/hints.ts';
import { LEDGER_JOURNAL_PLANS, openLedgerJournal } from '../../src/adapters/distributed/ledger-journal.ts';
import { LEASE_PLANS, type Lease, lease } from '../../src/adapters/distributed/ledger-lease.ts';
import { PENDING_APPEND_PLANS, pendingAppends } from '../../src/adapters/distributed/ledger-pending.ts';
import { type OfficeTimes, sharedSequencer } from '../../src/adapters/distributed/shared-sequencer.ts';
import { SIGNER_MEMORY_PLANS, signerMemory } from '../../src/adapters/distributed/signer-memory.ts';
import { wakeUps } from '../../src/adapters/wake-ups.ts';
import { newId, silentLog, sleep, systemClock, TrucError } from '../../src/kernel/index.ts';
import {
  auditLog,
  type LedgerJournal,
  openReader,
  openSequencer,
  openSigner,
  type Sequencer,
  sourceOf,
} from '../../src/ledger/index.ts';
import { aRequest, LOG_KEY, ORIGIN, signerMemoryFake, weakJournal } from '../builders/ledger.ts';
import { describeWithServices, services } from '../services.ts';
import { sequencerContract } from './sequencer.contract.ts';

const PLANS = [...LEDGER_JOURNAL_PLANS, ...SIGNER_MEMORY_PLANS, ...LEASE_PLANS, ...PENDING_APPEND_PLANS];
const closing: (() => Promise<unknown>)[] = [];
const names = new Set<string>();

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  if (names.size === 0) return;
  const admin = await mongoose.createConnection(services().mongoUrl).asPromise();
  for (const name of names) await admin.useDb(name).dropDatabase();
  names.clear();
  await admin.close();
});

interface NodeOptions {
  hints?: Hints;
  times?: Partial<OfficeTimes>;
  /** How long the lease really lasts, where the node believes something else. */
  leaseMs?: number;
  /** False: the node never seeks the office. */
  seeks?: boolean;
  /** What stands between the node and its lease. */
  around?: (own: Lease) => Lease;
  /** What stands between the node and its journal. */
  aroundJournal?: (own: LedgerJournal) => LedgerJournal;
}

interface LedgerNode {
  sequencer: Sequencer;
  journal: LedgerJournal;
  lease: Lease;
  mongo: MongoDatabase;
  audit(): Promise<{ findings: unknown[]; size: number | null }>;
}

async function node(name: string, options: NodeOptions = {}): Promise<LedgerNode> {
  names.add(name);
  const mongo = await openMongo(services().mongoUrl, name, PLANS);
  closing.push(mongo.close);
  const opened = await openLedgerJournal(mongo);
  const journal = options.aroundJournal?.(opened) ?? opened;
  const signer = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: signerMemory(mongo) });
  const own = lease(mongo, 'ledger', newId(), options.leaseMs ?? options.times?.ttl ?? 5_000);
  const never: Lease = { take: async () => false, give: async () => {} };
  const sequencer = sharedSequencer({
    journal,
    signer,
    origin: ORIGIN,
    clock: systemClock,
    log: silentLog,
    pending: pendingAppends(mongo),
    lease: options.seeks === false ? never : (options.around?.(own) ?? own),
    hints: options.hints ?? wakeUps(),
    ...(options.times ? { times: options.times } : {}),
  });
  closing.push(() => sequencer.close());
  return {
    sequencer,
    journal,
    lease: own,
    mongo,
    audit: () => auditLog(sourceOf(openReader({ journal, signer, shared: true })), { vkey: signer.vkey }),
  };
}

const fresh = () => `truc-test-${newId()}`;
const FAST = { ttl: 1_000, renewEvery: 200, lookEvery: 50 } as const;

/** A lease whose holder can be made to sleep: it neither renews nor gives, and does not notice. */
function sleepy() {
  let asleep = false;
  const stuck = new Promise<never>(() => {});
  return {
    fallAsleep: () => {
      asleep = true;
    },
    around: (own: Lease): Lease => ({
      take: () => (asleep ? stuck : own.take()),
      give: () => (asleep ? Promise.resolve() : own.give()),
    }),
  };
}

describe('one process', () => {
  sequencerContract('embedded', async () => {
    const signer = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: signerMemoryFake() });
    return openSequencer({
      journal: weakJournal(),
      signer,
      origin: ORIGIN,
      clock: systemClock,
      log: silentLog,
    });
  });
});

describeWithServices('a log that many nodes share', () => {
  sequencerContract('distributed, the node that writes', async () => (await node(fresh())).sequencer);

  sequencerContract('distributed, a node beside it', async () => {
    const name = fresh();
    const hints = wakeUps();
    await node(name, { hints });
    return (await node(name, { hints, seeks: false })).sequencer;
  });

  test('appends over three nodes, without a single hint, are one log without gap or double', async () => {
    const name = fresh();
    const deaf: Hints = { wake: () => {}, wait: (_, ms, signal) => sleep(ms, signal).then(() => false) };
    const nodes = await Promise.all(Array.from({ length: 3 }, () => node(name, { hints: deaf })));
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        (nodes[i % 3] as LedgerNode).sequencer.append([
          aRequest(`n${i}`, { doc: `doc-${i % 10}` }),
          aRequest(`m${i}`, { doc: `doc-${i % 10}` }),
        ]),
      ),
    );
    const indices = answers.flat().map(({ index }) => index);
    expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, i) => i));
    for (const one of nodes) expect(await one.audit()).toMatchObject({ findings: [], size: 600 });
    // The writer clears what it has appended a moment after it has answered.
    const pending = pendingAppends((nodes[0] as LedgerNode).mongo);
    for (let round = 0; round < 50 && (await pending.oldest(1)).length > 0; round++) await sleep(20);
    expect(await pending.oldest(10)).toEqual([]);
  });

  test("a lease that a server's wrong clock made too long is free, one that its holder keeps is not", async () => {
    const mongo = await openMongo(services().mongoUrl, [...names.add(fresh())].at(-1) as string, PLANS);
    closing.push(mongo.close);
    const [first, second] = [
      lease(mongo, 'ledger', 'first', 60_000),
      lease(mongo, 'ledger', 'second', 60_000),
    ];
    expect(await first.take()).toBe(true);
    expect(await second.take()).toBe(false);
    const rows = mongo.collection<{ _id: string }>('leases');
    await rows.updateOne({ _id: 'ledger' }, [{ $set: { until: { $add: ['$until', 3_600_000] } } }]);
    expect(await second.take()).toBe(true);
    expect(await first.take()).toBe(false);
  });

  test('a writer that fell asleep is replaced, writes nothing more, and its appends still arrive', async () => {
    const name = fresh();
    const hints = wakeUps();
    const bed = sleepy();
    const unaware = { times: { ...FAST, ttl: 3_600_000 }, leaseMs: FAST.ttl };
    const first = await node(name, { hints, ...unaware, around: bed.around });
    await first.sequencer.append([aRequest('before')]);
    const { epoch } = await first.journal.head();
    bed.fallAsleep();
    const second = await node(name, { hints, times: FAST });
    while ((await second.journal.head()).epoch === epoch) await sleep(20);
    // The first still believes that it writes.
    await first.sequencer.append([aRequest('over-the-first')]);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? first : second).sequencer.append([aRequest(`after-${i}`)]),
      ),
    );
    expect(new Set(answers.flat().map(({ index }) => index)).size).toBe(40);
    expect(await second.audit()).toMatchObject({ findings: [], size: 42 });
  });

  test.each(['open', 'write'] as const)(
    'a node that has the office and cannot %s, because a call never ends, makes room; its appends arrive once',
    async (what) => {
      const name = fresh();
      const hints = wakeUps();
      const never = new Promise<never>(() => {});
      let hangs = what === 'open';
      const first = await node(name, {
        hints,
        times: { ...FAST, stuck: 300 },
        aroundJournal: (own) => ({ ...own, commit: (batch) => (hangs ? never : own.commit(batch)) }),
      });
      if (what === 'write') await first.sequencer.append([aRequest('before')]);
      hangs = true;
      const during = first.sequencer.append([aRequest('during')]);
      const second = await node(name, { hints, times: FAST });
      const after = second.sequencer.append([aRequest('after')]);
      await Promise.all([during, after]);
      expect(second.sequencer.writes()).toBe(true);
      expect(await second.audit()).toMatchObject({ findings: [], size: what === 'open' ? 2 : 3 });
      // The first one takes the office again, hangs again, and is closed then.
      await second.sequencer.close();
      await sleep(150);
      await first.sequencer.close();
    },
  );

  test('a write that never ends is noticed although looks for more end all the time; closing does not wait for it', async () => {
    const name = fresh();
    const never = new Promise<never>(() => {});
    let hangs = false;
    const first = await node(name, {
      times: { ...FAST, pollEvery: 20, stuck: 500 },
      aroundJournal: (own) => ({ ...own, commit: (batch) => (hangs ? never : own.commit(batch)) }),
    });
    await first.sequencer.append([aRequest('before')]);
    const second = await node(name, { times: FAST });
    hangs = true;
    await first.sequencer.append([aRequest('during')]);
    expect(second.sequencer.writes()).toBe(true);
    await second.sequencer.close();
    const late = first.sequencer.append([aRequest('late')]);
    late.catch(() => undefined);
    await first.sequencer.close();
    await expect(late).rejects.toMatchObject({ code: 'ledger.no-writer' });
  });

  test('a node that could not write says so until another node can', async () => {
    const name = fresh();
    const hints = wakeUps();
    let damaged = true;
    const first = await node(name, {
      hints,
      times: FAST,
      aroundJournal: (own) => ({
        ...own,
        commit: async (batch) => {
          if (damaged) throw new TrucError('ledger.forked');
          await own.commit(batch);
        },
      }),
    });
    while (first.sequencer.fault() === null) await sleep(20);
    expect(first.sequencer.fault()).toBe('ledger.forked');
    const second = await node(name, { hints, times: FAST });
    await first.sequencer.append([aRequest('a')]);
    while (first.sequencer.fault() !== null) await sleep(20);
    expect(second.sequencer.writes()).toBe(true);
    damaged = false;
  });

  test('a writer that is closed gives the office up; nobody waits for the end of its lease', async () => {
    const name = fresh();
    const hints = wakeUps();
    const times = { ttl: 3_600_000, renewEvery: 1_000, lookEvery: 50 };
    const first = await node(name, { hints, times });
    await first.sequencer.append([aRequest('a')]);
    const second = await node(name, { hints, times });
    const during = second.sequencer.append([aRequest('b')]);
    await first.sequencer.close();
    expect((await during)[0]?.index).toBe(1);
    expect((await second.sequencer.append([aRequest('c')]))[0]?.index).toBe(2);
    expect(await first.lease.take()).toBe(false);
  });

  test('without a writer a caller is told after its patience, and the entry comes with the next writer', async () => {
    const name = fresh();
    const alone = await node(name, { seeks: false, times: { patience: 300 } });
    await expect(alone.sequencer.append([aRequest('a')])).rejects.toMatchObject({ code: 'ledger.no-writer' });
    expect(await alone.journal.findIdem([aRequest('a').idem])).toEqual([null]);
    await node(name);
    const again = await node(name, { seeks: false });
    expect((await again.sequencer.append([aRequest('a')]))[0]?.index).toBe(0);
  });

  test('an append that could not be laid down is refused at once, and nobody waits for it', async () => {
    const { mongo } = await node(fresh(), { seeks: false });
    const pending = pendingAppends(mongo);
    let away = true;
    let looks = 0;
    const forwarded = forwardedAppends({
      pending: {
        ...pending,
        put: (requests) => (away ? Promise.reject(new RangeError('away')) : pending.put(requests)),
        entriesOf: (idems) => {
          looks++;
          return pending.entriesOf(idems);
        },
      },
      hints: wakeUps(),
      log: silentLog,
      patienceMs: 300,
      signedSize: async () => 0,
    });
    await expect(forwarded.append([aRequest('a')])).rejects.toMatchObject({ code: 'adapters.store-failed' });
    await sleep(100);
    const before = looks;
    await sleep(400);
    expect(looks).toBe(before);
    away = false;
    await expect(forwarded.append([aRequest('a')])).rejects.toMatchObject({ code: 'ledger.no-writer' });
    expect((await pending.oldest(10)).map(({ request }) => request.idem)).toEqual([aRequest('a').idem]);
    forwarded.close();
  });

  test('a lease is one holder’s until it ends by the server’s clock', async () => {
    const { mongo } = await node(fresh(), { seeks: false });
    const [a, b] = [lease(mongo, 'task', 'a', 60_000), lease(mongo, 'task', 'b', 1)];
    const first = await Promise.all([a.take(), a.take(), a.take()]);
    expect(first).toEqual([true, true, true]);
    expect(await b.take()).toBe(false);
    await b.give();
    expect(await b.take()).toBe(false);
    await a.give();
    expect(await b.take()).toBe(true);
    await sleep(20);
    expect(await a.take()).toBe(true);
  });
});
