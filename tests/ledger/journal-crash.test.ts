import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type EmbeddedLedgerJournal,
  type LedgerJournalOptions,
  openLedgerJournal,
} from '../../src/adapters/embedded/ledger-journal.ts';
import { isTrucError, sha256Hex } from '../../src/kernel/index.ts';
import { planBatch } from '../../src/ledger/batch.ts';
import {
  type AppendRequest,
  auditLog,
  EMPTY_EDGE,
  type JournalBatch,
  type LedgerJournal,
  leafHash,
  openReader,
  openSigner,
  readEdge,
  rootAt,
  sourceOf,
} from '../../src/ledger/index.ts';
import { crashingDisk, PowerCut } from '../builders/crashing-disk.ts';
import { aRequest, LOG_KEY, ORIGIN, openLog, START, signerMemoryFake } from '../builders/ledger.ts';
import { VKEY } from '../builders/logs.ts';
import { seededRandom } from '../random.ts';

// In memory where the system has such a folder: hundreds of journals are opened, and no power is cut to this machine.
const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'truc-crash-'));
afterAll(() => rmSync(home, { recursive: true }));
let folders = 0;
const newFolder = () => join(home, String(folders++));

const random = seededRandom();
const INDEX_FILES = ['index.sqlite', 'index.sqlite-wal'];
/** How an opening may be refused. Anything else is a fault of ours. */
const REFUSALS = ['ledger.journal-corrupt', 'ledger.root-mismatch', 'ledger.behind-signer'];

async function batchOf(journal: LedgerJournal, labels: readonly string[]): Promise<JournalBatch> {
  const head = await journal.head();
  const edge = head.size === 0 ? EMPTY_EDGE : await readEdge(head.size, journal.hashes);
  const requests: AppendRequest[] = labels.map((label) => aRequest(label, { doc: `doc-${label.at(-1)}` }));
  const { batch } = await planBatch(requests, head, edge, START + head.size, journal);
  return batch as JournalBatch;
}

const bytesOf = ({ entries }: JournalBatch) => entries.map(({ bytes }) => bytes);

const digestOf = (parts: readonly Buffer[]) => sha256Hex(parts.map((part) => sha256Hex(part)).join());

/** The journal shows exactly these entries, in every way in which it can be asked. */
async function expectWhole(
  journal: LedgerJournal,
  entries: readonly Buffer[],
  labels: readonly string[],
): Promise<void> {
  const head = await journal.head();
  expect(head.size).toBe(entries.length);
  // As digests: Jest compares buffers byte by byte, which takes longer than all the rest.
  expect(digestOf(await journal.entries(0, head.size))).toBe(digestOf(entries));
  expect(await rootAt(head.size, journal.hashes)).toEqual(head.root);
  const leaves = entries.map((entry) => leafHash(entry));
  expect(digestOf([await journal.hashes(0, 0, head.size)])).toBe(digestOf([Buffer.concat(leaves)]));
  const found = await journal.findIdem(labels.map((label) => aRequest(label).idem));
  expect(found).toEqual(labels.map((_, i) => (i < entries.length ? i : null)));
  for (const end of '0123456789') {
    const places = labels.flatMap((label, i) => (label.endsWith(end) && i < entries.length ? [i] : []));
    expect(await journal.docEntries(`doc-${end}`)).toEqual(places);
    const [tail] = await journal.docTails([`doc-${end}`]);
    expect(tail?.seq ?? 0).toBe(places.length);
  }
}

const BATCHES = [3, 1, 5, 300, 2, 4];
const LABELS = Array.from({ length: BATCHES.reduce((sum, n) => sum + n, 0) }, (_, i) => `e${i}`);
const WHOLE = LABELS.length;
const LAST = BATCHES.at(-1) as number;

/** The folder after all batches, and before the last one was begun; both closed properly. */
const after = newFolder();
const before = newFolder();
let entries: Buffer[];
/** Where the frames begin in the journal, and its end. */
let frames: number[];

beforeAll(async () => {
  let journal = await openLedgerJournal(after);
  entries = [];
  frames = [0];
  let from = 0;
  for (const [i, count] of BATCHES.entries()) {
    if (i === BATCHES.length - 1) {
      await journal.close();
      cpSync(after, before, { recursive: true });
      journal = await openLedgerJournal(after);
    }
    const batch = await batchOf(journal, LABELS.slice(from, from + count));
    await journal.commit(batch);
    entries.push(...bytesOf(batch));
    frames.push(readFileSync(join(after, 'journal')).length);
    from += count;
  }
  await journal.close();
});

/** A copy of a folder with another journal; `derived` says which of the other files go with it. */
function folderWith(journal: Buffer, derived: 'of-then' | 'none' | 'of-the-whole'): string {
  const folder = newFolder();
  cpSync(derived === 'of-the-whole' ? after : before, folder, { recursive: true });
  if (derived === 'none') for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(join(folder, 'journal'), journal);
  return folder;
}

async function withJournal<T>(
  folder: string,
  work: (journal: EmbeddedLedgerJournal) => Promise<T>,
): Promise<T> {
  const journal = await openLedgerJournal(folder);
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ (1 << random.between(0, 7));
  return copy;
}

describe('the last frame', () => {
  const whole = () => readFileSync(join(after, 'journal'));
  const begin = () => frames.at(-2) as number;

  test('cut anywhere: opens up to the frame before it, and goes on from there', async () => {
    for (let end = begin(); end < whole().length; end += random.between(1, 12)) {
      const folder = folderWith(whole().subarray(0, end), end % 2 === 0 ? 'of-then' : 'none');
      await withJournal(folder, async (journal) => {
        await expectWhole(journal, entries.slice(0, WHOLE - LAST), LABELS);
        await journal.commit(await batchOf(journal, LABELS.slice(WHOLE - LAST)));
        await expectWhole(journal, entries, LABELS);
      });
      expect(readFileSync(join(folder, 'journal')).equals(whole())).toBe(true);
      rmSync(folder, { recursive: true });
    }
  });

  test('with a changed byte is no frame: opens up to the one before it', async () => {
    for (let at = begin(); at < whole().length; at += random.between(1, 16)) {
      const folder = folderWith(flipped(whole(), at), at % 2 === 0 ? 'of-then' : 'none');
      await withJournal(folder, (journal) => expectWhole(journal, entries.slice(0, WHOLE - LAST), LABELS));
      rmSync(folder, { recursive: true });
    }
  });

  test('whole on the disk though nobody was told: is kept', async () => {
    for (const derived of ['of-then', 'none', 'of-the-whole'] as const)
      await withJournal(folderWith(whole(), derived), (journal) => expectWhole(journal, entries, LABELS));
  });

  test('lost after it was acknowledged: refused again and again, with the bytes left as they are', async () => {
    for (const journal of [
      whole().subarray(0, -1),
      whole().subarray(0, begin()),
      whole().subarray(0, frames[2]),
      flipped(whole(), whole().length - 1),
      flipped(whole(), begin()),
      Buffer.alloc(0),
    ]) {
      const folder = folderWith(journal, 'of-the-whole');
      for (let attempt = 0; attempt < 3; attempt++)
        await expect(openLedgerJournal(folder)).rejects.toMatchObject({ code: 'ledger.journal-corrupt' });
      expect(readFileSync(join(folder, 'journal')).equals(journal)).toBe(true);
    }
  });

  test('lost together with everything derived: the signer remembers', async () => {
    const memory = signerMemoryFake();
    await withJournal(folderWith(whole(), 'none'), (journal) => openLog(journal, { memory }));
    expect(memory.saved?.size).toBe(WHOLE);
    await withJournal(folderWith(whole().subarray(0, -1), 'none'), async (journal) => {
      await expect(openLog(journal, { memory })).rejects.toMatchObject({ code: 'ledger.behind-signer' });
    });
  });
});

describe('an older frame', () => {
  test('with a changed byte: a rebuild refuses the journal and leaves it as it is', async () => {
    const whole = readFileSync(join(after, 'journal'));
    for (let i = 0; i < 40; i++) {
      const damaged = flipped(whole, random.between(0, (frames.at(-2) as number) - 1));
      const folder = folderWith(damaged, 'none');
      await expect(openLedgerJournal(folder)).rejects.toMatchObject({ code: 'ledger.journal-corrupt' });
      expect(readFileSync(join(folder, 'journal')).equals(damaged)).toBe(true);
      rmSync(folder, { recursive: true });
    }
  });

  test('with a changed entry: without a rebuild the writer refuses it, or an audit finds it', async () => {
    const whole = readFileSync(join(after, 'journal'));
    for (let i = 0; i < 25; i++) {
      const folder = folderWith(
        flipped(whole, random.between(12, (frames.at(-2) as number) - 1)),
        'of-the-whole',
      );
      expect(['clean', 'found', ...REFUSALS]).toContain(await verdictOn(folder));
      rmSync(folder, { recursive: true });
    }
  });

  test('gone, doubled or in another order: refused', async () => {
    const whole = readFileSync(join(after, 'journal'));
    const frame = (i: number) => whole.subarray(frames[i], frames[i + 1]);
    for (const order of [
      [1, 2, 3, 4, 5],
      [0, 2, 3, 4, 5],
      [0, 1, 1, 2, 3, 4, 5],
      [0, 2, 1, 3, 4, 5],
      [0, 1, 2, 3, 4, 5, 5],
      [0, 1, 2, 3, 5],
    ]) {
      const folder = folderWith(Buffer.concat(order.map(frame)), 'none');
      await expect(openLedgerJournal(folder)).rejects.toMatchObject({ code: 'ledger.journal-corrupt' });
    }
  });
});

/** What comes of a damaged folder: refused with a code, found by an audit, or clean. */
async function verdictOn(folder: string): Promise<string> {
  try {
    return await withJournal(folder, async (journal) => {
      const memory = signerMemoryFake();
      const { signer } = await openLog(journal, { memory });
      const report = await auditLog(sourceOf(openReader({ journal, signer })), { vkey: VKEY });
      if (report.ok) await expectWhole(journal, entries, LABELS);
      return report.ok ? 'clean' : 'found';
    });
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return error.code;
  }
}

describe('derived files', () => {
  const names = ['offsets', 'level-00', 'level-01', 'level-05', 'index.sqlite'];

  test.each([...names.map((name) => [name]), names, names.slice(1)])(
    'missing %s: made again',
    async (...gone) => {
      const folder = folderWith(readFileSync(join(after, 'journal')), 'of-the-whole');
      for (const name of gone.flat()) rmSync(join(folder, name), { force: true });
      await withJournal(folder, (journal) => expectWhole(journal, entries, LABELS));
      for (const name of names) expect(existsSync(join(folder, name))).toBe(true);
    },
  );

  test.each(names)('%s cut short anywhere: made again', async (name) => {
    const size = readFileSync(join(after, name)).length;
    for (let i = 0; i < 6; i++) {
      const folder = folderWith(readFileSync(join(after, 'journal')), 'of-the-whole');
      truncateSync(join(folder, name), random.between(0, size - 1));
      await withJournal(folder, (journal) => expectWhole(journal, entries, LABELS));
      rmSync(folder, { recursive: true });
    }
  });

  test('of an earlier time: brought up to date', async () => {
    const folder = folderWith(readFileSync(join(after, 'journal')), 'of-then');
    await withJournal(folder, (journal) => expectWhole(journal, entries, LABELS));
  });

  test('changed anywhere: refused, found by an audit or without effect; without them the journal is clean', async () => {
    for (let i = 0; i < 40; i++) {
      const folder = folderWith(readFileSync(join(after, 'journal')), 'of-the-whole');
      const name = names[random.between(0, names.length - 1)] as string;
      const path = join(folder, name);
      writeFileSync(path, flipped(readFileSync(path), random.between(0, readFileSync(path).length - 1)));
      const verdict = await verdictOn(folder);
      expect({ name, known: ['clean', 'found', ...REFUSALS].includes(verdict), verdict }).toMatchObject({
        known: true,
      });
      for (const derived of readdirSync(folder).filter((file) => file !== 'journal'))
        rmSync(join(folder, derived));
      expect(await verdictOn(folder)).toBe('clean');
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

test('a second process on one folder is turned away', async () => {
  const folder = newFolder();
  await withJournal(folder, async () => {
    await expect(openLedgerJournal(folder)).rejects.toMatchObject({ code: 'ledger.journal-in-use' });
  });
});

describe('a disk that fails', () => {
  const failing = async (on: 'write' | 'sync', calls: Set<number>) => {
    const disk = crashingDisk();
    let count = 0;
    const fail = (what: string) => {
      if (what === on && calls.has(++count)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    const openFile: LedgerJournalOptions['openFile'] = async (path) => {
      const file = await disk.open(path);
      if (!path.endsWith('/journal')) return file;
      return {
        ...file,
        write: async (at, bytes) => {
          if (on === 'write' && calls.has(count + 1))
            await file.write(at, bytes.subarray(0, bytes.length / 2));
          fail('write');
          await file.write(at, bytes);
        },
        sync: async () => {
          fail('sync');
          await file.sync();
        },
      };
    };
    return { disk, journal: await openLedgerJournal(newFolder(), { openFile }) };
  };

  test('full for one batch: that batch is refused and leaves nothing, the next is taken', async () => {
    const { disk, journal } = await failing('write', new Set([2]));
    const first = await batchOf(journal, ['a1', 'a2']);
    await journal.commit(first);
    const length = disk.bytesOf('journal').length;
    await expect(journal.commit(await batchOf(journal, ['a3']))).rejects.toMatchObject({
      code: 'ledger.write-failed',
    });
    expect(disk.bytesOf('journal')).toHaveLength(length);
    await expectWhole(journal, bytesOf(first), ['a1', 'a2', 'a3']);
    const third = await batchOf(journal, ['a4']);
    await journal.commit(third);
    await expectWhole(journal, [...bytesOf(first), ...bytesOf(third)], ['a1', 'a2', 'a4']);
    await journal.close();
  });

  test('a sync that fails once: nothing is acknowledged any more until the journal is opened anew', async () => {
    const { disk, journal } = await failing('sync', new Set([2]));
    const first = await batchOf(journal, ['a1']);
    await journal.commit(first);
    const second = await batchOf(journal, ['a2']);
    await expect(journal.commit(second)).rejects.toMatchObject({ code: 'ledger.sync-failed' });
    await expectWhole(journal, bytesOf(first), ['a1', 'a2']);
    await expect(journal.commit(second)).rejects.toMatchObject({ code: 'ledger.sync-failed' });
    await journal.close();
    const reopened = await openLedgerJournal(newFolder(), { openFile: disk.open });
    await expectWhole(reopened, [...bytesOf(first), ...bytesOf(second)], ['a1', 'a2']);
    await reopened.close();
  });
});

/** One life of a journal on a crashing disk: appends until the power is cut. */
async function liveUntilPowerCut(
  folder: string,
  disk: ReturnType<typeof crashingDisk>,
  known: { entries: Buffer[]; labels: string[] },
): Promise<{ inFlight: JournalBatch | null; indexes: string[] }> {
  const indexes: string[] = [];
  let inFlight: JournalBatch | null = null;
  try {
    const journal = await openLedgerJournal(folder, { openFile: disk.open, entriesPerCursor: 10 });
    const { size } = await journal.head();
    expect(digestOf(await journal.entries(0, known.entries.length))).toBe(digestOf(known.entries));
    if (size > known.entries.length) throw new Error('the batch in flight was to be settled before');
    for (;;) {
      const count = random.between(1, 12);
      const labels = Array.from({ length: count }, (_, i) => `e${known.labels.length + i}`);
      inFlight = await batchOf(journal, labels);
      await journal.commit(inFlight);
      known.entries.push(...bytesOf(inFlight));
      known.labels.push(...labels);
      inFlight = null;
      if (random.between(0, 3) === 0) indexes.push(copyOfIndex(folder));
    }
  } catch (error) {
    if (!isPowerCut(error)) throw error;
    indexes.push(copyOfIndex(folder));
    return { inFlight, indexes };
  }
}

function isPowerCut(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof PowerCut) return true;
  return false;
}

function copyOfIndex(folder: string): string {
  const copy = newFolder();
  for (const name of INDEX_FILES.filter((file) => existsSync(join(folder, file))))
    cpSync(join(folder, name), join(copy, name));
  return copy;
}

test('power cuts at any moment: what was acknowledged stays, what was not is whole or gone', async () => {
  for (let story = 0; story < 25; story++) {
    let disk = crashingDisk();
    let folder = newFolder();
    const known = { entries: [] as Buffer[], labels: [] as string[] };
    for (let life = 0; life < 5; life++) {
      disk.cutPowerAfter(random.between(0, 120));
      const { inFlight, indexes } = await liveUntilPowerCut(folder, disk, known);
      disk = disk.afterPowerCut(random);
      folder = newFolder();
      // The index is not synced: after a power cut it is that of any earlier moment, or lost.
      const index = indexes[random.between(0, indexes.length)];
      if (index && existsSync(index)) cpSync(index, folder, { recursive: true });
      const journal = await openLedgerJournal(folder, { openFile: disk.open, entriesPerCursor: 10 });
      const { size } = await journal.head();
      if (inFlight && size > known.entries.length) {
        known.entries.push(...bytesOf(inFlight));
        known.labels.push(...inFlight.entries.map((_, i) => `e${known.labels.length + i}`));
      }
      await expectWhole(journal, known.entries, known.labels);
      await journal.close();
    }
  }
}, 120_000);

test('a log over a journal that was cut goes on where its signer stood, and audits clean', async () => {
  const disk = crashingDisk();
  const memory = signerMemoryFake();
  const journal = await openLedgerJournal(newFolder(), { openFile: disk.open });
  const { sequencer } = await openLog(journal, { memory });
  await sequencer.append([aRequest('a'), aRequest('b')]);
  const reopened = await openLedgerJournal(newFolder(), { openFile: disk.afterPowerCut(random).open });
  const log = await openLog(reopened, { memory });
  const [again, next] = await log.sequencer.append([aRequest('b'), aRequest('c')]);
  expect([again?.index, again?.replayed, next?.index]).toEqual([1, true, 2]);
  const signer = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory });
  const report = await auditLog(sourceOf(openReader({ journal: reopened, signer })), { vkey: VKEY });
  expect(report).toMatchObject({ ok: true, size: 3 });
  await Promise.all([journal.close(), reopened.close()]);
});
