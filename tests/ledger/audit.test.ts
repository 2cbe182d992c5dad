import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedLedgerJournal, openLedgerJournal } from '../../src/adapters/embedded/ledger-journal.ts';
import { manualClock } from '../../src/kernel/index.ts';
import {
  type AuditOptions,
  type AuditReport,
  auditLog,
  checkpointText,
  EMPTY_ROOT,
  type LedgerJournal,
  type LogReader,
  openCheckpoint,
  openReader,
  openSigner,
  parseEntry,
  parseProof,
  parseVkey,
  proveEntry,
  proveGrowth,
  type SignerMemory,
  signNote,
  sourceOf,
  verifyConsistency,
  verifyProof,
} from '../../src/ledger/index.ts';
import {
  aRequest,
  LOG_KEY,
  ORIGIN,
  openLog,
  START,
  signerMemoryFake,
  weakJournal,
} from '../builders/ledger.ts';
import {
  exported,
  forgedLog,
  type LogFiles,
  OTHER_COMMIT,
  reworded,
  STRANGER_KEY,
  served,
  VKEY,
} from '../builders/logs.ts';

const SIZE = 700;
const DOCUMENTS = 90;
const EARLIER = [1, 2, 255, 256, 257, 300, 511, 512, 513, 699, SIZE];

interface Log {
  journal: LedgerJournal;
  reader: LogReader;
  memory: SignerMemory;
  files: LogFiles;
  entries: Buffer[];
  /** Signed checkpoints by size, as somebody kept them. */
  saved: Map<number, string>;
}

/** 700 entries of 90 documents, in batches of many sizes, a second or so apart. */
async function filledLog(journal: LedgerJournal): Promise<Log> {
  const clock = manualClock(START);
  const memory = signerMemoryFake();
  const { sequencer, signer } = await openLog(journal, { clock, memory });
  const batches = [1, 1, 62, 191, 1, 1, 43, 211, 1, 1, 186, 1];
  let done = 0;
  for (const count of batches) {
    const labels = Array.from({ length: count }, (_, i) => done + i);
    await sequencer.append(labels.map((n) => aRequest(`n${n}`, { doc: `doc-${(n * 37) % DOCUMENTS}` })));
    done += count;
    clock.advance(1_137);
  }
  const reader = openReader({ journal, signer });
  const saved = new Map<number, string>();
  for (const size of [0, ...EARLIER]) saved.set(size, await reader.checkpoint(size));
  return {
    journal,
    reader,
    memory,
    files: await exported(reader),
    entries: await reader.entries(0, done),
    saved,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'truc-audit-'));
let embedded: EmbeddedLedgerJournal;
let logs: Record<'weak' | 'embedded', Log>;
let log: Log;
beforeAll(async () => {
  embedded = await openLedgerJournal(folder);
  logs = { weak: await filledLog(weakJournal()), embedded: await filledLog(embedded) };
  log = logs.weak;
});
afterAll(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true });
});

const audited = (files: LogFiles, options: Partial<AuditOptions> = {}): Promise<AuditReport> =>
  auditLog(served(files), { vkey: VKEY, ...options });

/** What was found, each kind once. */
const codes = ({ findings }: AuditReport) => [...new Set(findings.map(({ code }) => code))];

/** The true log with some of its files replaced or, by null, taken away. */
function changed(changes: Readonly<Record<string, Buffer | null>>): LogFiles {
  const files = new Map(log.files);
  for (const [path, bytes] of Object.entries(changes)) {
    if (!files.has(path)) throw new Error(`the log has no ${path}`);
    if (bytes === null) files.delete(path);
    else files.set(path, bytes);
  }
  return files;
}

/** Index of the n-th entry of the document of entry 0. */
const inDocument = async (n: number) =>
  (await log.reader.entriesOf(parseEntry(log.entries[0] as Buffer).doc))[n] as number;

function withEntry(index: number, entry: Buffer): Buffer[] {
  return log.entries.map((old, i) => (i === index ? entry : old));
}

describe.each(['weak', 'embedded'] as const)('a true log of 700 entries in the %s journal', (name) => {
  test('audits clean from its own reader and from static files, with every earlier checkpoint', async () => {
    const { reader, files, saved } = logs[name];
    const clean = {
      ok: true,
      origin: ORIGIN,
      size: SIZE,
      root: openCheckpoint(saved.get(SIZE) as string, parseVkey(VKEY)).root.toString('base64'),
      checked: SIZE,
      documents: DOCUMENTS,
      findings: [],
    };
    const savedCheckpoints = [...saved.values()].reverse();
    expect(await auditLog(sourceOf(reader), { vkey: VKEY, savedCheckpoints })).toEqual(clean);
    const steps: number[] = [];
    const report = await audited(files, { savedCheckpoints, onProgress: (done) => steps.push(done) });
    expect(report).toEqual(clean);
    expect(steps).toEqual([256, 512, 700]);
    expect(await audited(files, { entries: 'any' })).toEqual({ ...clean, documents: 0 });
  });

  test('is exported as exactly the files of c2sp.org/tlog-tiles, checkpoint last', () => {
    expect([...logs[name].files.keys()]).toEqual([
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002.p/188',
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/188',
      'tile/1/000.p/2',
      'checkpoint',
    ]);
  });

  test('every 7th entry is proven from public files as the reader proves it', async () => {
    const { reader, files, entries } = logs[name];
    for (let index = 0; index < SIZE; index += 7) {
      const { entry, proof, size } = await proveEntry(served(files), VKEY, index);
      expect([entry, size]).toEqual([entries[index], SIZE]);
      const { path } = parseProof(proof);
      expect(path).toEqual(await reader.inclusionProof(index, SIZE));
      expect(verifyProof(parseProof(proof), entry, parseVkey(VKEY))).toMatchObject({ size: SIZE });
    }
  });

  test('its growth since each earlier checkpoint is proven as the reader proves it', async () => {
    const { reader, files, saved } = logs[name];
    for (const [size, note] of saved) {
      const growth = await proveGrowth(served(files), VKEY, note);
      const path = (await reader.consistencyProof(size, SIZE)).map((hash) => hash.toString('base64'));
      expect(growth).toEqual({ consistent: true, from: size, to: SIZE, path });
    }
  });
});

describe('logs of other sizes', () => {
  test.each([0, 1, 2, 255, 256, 257, 512, 513])('%p entries: export, audit and prove', async (size) => {
    const entries = log.entries.slice(0, size);
    const files = forgedLog(entries);
    expect(files.get('checkpoint')?.toString()).toBe(await log.reader.checkpoint(size));
    expect(await audited(files)).toMatchObject({ ok: true, size, checked: size });
    for (const index of [0, 1, 128, 254, 255, 256, 511, size - 1].filter((i) => i >= 0 && i < size))
      expect((await proveEntry(served(files), VKEY, index)).entry).toEqual(entries[index]);
    for (const [earlier, note] of log.saved) {
      const { consistent } = await proveGrowth(served(files), VKEY, note);
      expect(consistent).toBe(earlier <= size);
    }
  });

  test('70,000 entries with two levels of tiles above: audit, prove and growth', async () => {
    const many = Array.from({ length: 70_000 }, (_, i) => Buffer.from(`entry ${i}`));
    const files = forgedLog(many);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['tile/1/001.p/17', 'tile/2/000.p/1']));
    expect(await audited(files, { entries: 'any' })).toMatchObject({ ok: true, checked: 70_000 });
    for (const index of [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999])
      expect((await proveEntry(served(files), VKEY, index)).entry).toEqual(many[index]);
    for (const size of [1, 256, 65_535, 65_536, 65_537, 69_999]) {
      const earlier = forgedLog(many.slice(0, size)).get('checkpoint')?.toString() as string;
      expect(await proveGrowth(served(files), VKEY, earlier)).toMatchObject({ consistent: true, from: size });
    }
  });
});

describe('audit finds', () => {
  test('an entry changed in its bundle', async () => {
    const bundle = log.files.get('tile/entries/001') as Buffer;
    const bytes = Buffer.from(
      bundle.toString('latin1').replace('SubmissionAcceptance', 'SubmissionAcceptancE'),
      'latin1',
    );
    expect(bytes.equals(bundle)).toBe(false);
    const report = await audited(changed({ 'tile/entries/001': bytes }));
    expect(report.ok).toBe(false);
    expect(codes(report)).toEqual(expect.arrayContaining(['audit.tile-mismatch', 'audit.root-mismatch']));
    expect(report.findings).toContainEqual({ code: 'audit.tile-mismatch', at: 'tile/0/001', cause: null });
  });

  test('two entries swapped, with the old tiles', async () => {
    const swapped = log.entries.map((entry, i) => log.entries[i === 10 ? 11 : i === 11 ? 10 : i] ?? entry);
    const bundle = forgedLog(swapped).get('tile/entries/000') as Buffer;
    const report = await audited(changed({ 'tile/entries/000': bundle }));
    expect(codes(report)).toEqual(['audit.tile-mismatch', 'audit.root-mismatch']);
  });

  test('an entry changed with all tiles recomputed under the old signature', async () => {
    const files = forgedLog(withEntry(10, reworded(log.entries[10] as Buffer, { commit: OTHER_COMMIT })));
    files.set('checkpoint', log.files.get('checkpoint') as Buffer);
    const report = await audited(files);
    expect(codes(report)).toContain('audit.root-mismatch');
    expect(codes(report)).not.toContain('audit.tile-mismatch');
  });

  test('the last entry of a document changed, recomputed and signed with the true key: any saved checkpoint shows it', async () => {
    const index = SIZE - 1;
    const files = forgedLog(
      withEntry(index, reworded(log.entries[index] as Buffer, { commit: OTHER_COMMIT })),
    );
    expect(await audited(files)).toMatchObject({ ok: true });
    const before = await audited(files, { savedCheckpoints: [log.saved.get(699) as string] });
    expect(before.ok).toBe(true);
    const after = await audited(files, { savedCheckpoints: [log.saved.get(SIZE) as string] });
    expect(after.findings).toEqual([{ code: 'audit.fork', at: '700', cause: null }]);
  });

  test('a changed entry with successors in its document, even when signed anew: the chain names its old hash', async () => {
    const index = await inDocument(2);
    const next = await inDocument(3);
    const report = await audited(
      forgedLog(withEntry(index, reworded(log.entries[index] as Buffer, { commit: OTHER_COMMIT }))),
    );
    expect(report.findings).toEqual([{ code: 'audit.chain-broken', at: String(next), cause: null }]);
  });

  test('an entry taken out, signed anew', async () => {
    const index = await inDocument(2);
    const report = await audited(forgedLog(log.entries.filter((_, i) => i !== index)), {
      savedCheckpoints: [
        log.saved.get(257) as string,
        log.saved.get(699) as string,
        log.saved.get(SIZE) as string,
      ],
    });
    expect(codes(report)).toEqual(
      expect.arrayContaining(['audit.rollback', 'audit.sequence-gap', 'audit.chain-broken', 'audit.fork']),
    );
    const rollback = report.findings.filter(({ code }) => code === 'audit.rollback');
    expect(rollback).toEqual([{ code: 'audit.rollback', at: 'saved checkpoint 3', cause: null }]);
  });

  test('an entry given twice, signed anew', async () => {
    const twice = [...log.entries, log.entries[0] as Buffer];
    expect(codes(await audited(forgedLog(twice)))).toEqual([
      'audit.time-decreased',
      'audit.sequence-gap',
      'audit.chain-broken',
    ]);
  });

  test('a log rolled back to an earlier size', async () => {
    const report = await audited(forgedLog(log.entries.slice(0, 300)), {
      savedCheckpoints: [log.saved.get(256) as string, log.saved.get(SIZE) as string],
    });
    expect(report.findings).toEqual([{ code: 'audit.rollback', at: 'saved checkpoint 2', cause: null }]);
  });

  test.each(EARLIER)('a fork, at a saved checkpoint of size %p', async (size) => {
    const forked = forgedLog(
      log.entries.map((entry, i) => (i === 0 ? reworded(entry, { commit: OTHER_COMMIT }) : entry)),
    );
    const report = await audited(forked, {
      savedCheckpoints: [log.saved.get(size) as string],
      entries: 'any',
    });
    expect(report.findings).toEqual([{ code: 'audit.fork', at: String(size), cause: null }]);
  });

  test('a checkpoint of the empty log with a root that is not that of nothing', async () => {
    const note = signNote(checkpointText(ORIGIN, { size: 0, root: Buffer.alloc(32) }), ORIGIN, LOG_KEY);
    const report = await audited(log.files, { savedCheckpoints: [note] });
    expect(report.findings).toEqual([{ code: 'audit.fork', at: '0', cause: null }]);
    const empty = await audited(new Map([['checkpoint', Buffer.from(note)]]));
    expect(empty.findings).toEqual([{ code: 'audit.root-mismatch', at: '0', cause: null }]);
  });

  test('times that decrease', async () => {
    const entry = log.entries[SIZE - 1] as Buffer;
    const report = await audited(
      forgedLog(withEntry(SIZE - 1, reworded(entry, { at: '2026-03-16T02:00:00.000Z' }))),
    );
    expect(report.findings).toEqual([{ code: 'audit.time-decreased', at: '699', cause: null }]);
  });

  test('a document that begins anew', async () => {
    const index = await inDocument(3);
    const entry = reworded(log.entries[index] as Buffer, { seq: 1, prev: null });
    expect(codes(await audited(forgedLog(withEntry(index, entry))))).toEqual([
      'audit.sequence-gap',
      'audit.chain-broken',
    ]);
  });

  test('an entry that is not in our form', async () => {
    const report = await audited(forgedLog(withEntry(5, Buffer.from('{"v":1}'))));
    expect(report.findings).toContainEqual({
      code: 'audit.unreadable',
      at: '5',
      cause: 'ledger.entry-malformed',
    });
  });

  test.each([
    ['tile/entries/000', 'audit.bundle-missing', 0],
    ['tile/entries/001', 'audit.bundle-missing', 256],
    ['tile/entries/002.p/188', 'audit.bundle-missing', 512],
    ['tile/0/000', 'audit.tile-missing', SIZE],
    ['tile/0/002.p/188', 'audit.tile-missing', SIZE],
    ['tile/1/000.p/2', 'audit.tile-missing', SIZE],
  ])('that %s is missing', async (path, code, checked) => {
    const report = await audited(changed({ [path]: null }));
    expect(report).toMatchObject({ ok: false, checked, findings: [{ code, at: path, cause: null }] });
  });

  test.each(['tile/entries/001', 'tile/entries/002.p/188'])(
    'that %s is torn or has more in it',
    async (path) => {
      const bytes = log.files.get(path) as Buffer;
      for (const wrong of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), Buffer.alloc(0)]) {
        const report = await audited(changed({ [path]: wrong }));
        expect(report.findings).toEqual([{ code: 'audit.bundle-malformed', at: path, cause: null }]);
      }
    },
  );

  test.each(['tile/0/000', 'tile/0/002.p/188', 'tile/1/000.p/2'])('any change of %s', async (path) => {
    const bytes = log.files.get(path) as Buffer;
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
    for (const wrong of [
      flipped,
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.alloc(32)]),
      Buffer.alloc(0),
    ]) {
      const report = await audited(changed({ [path]: wrong }));
      expect(report.findings).toEqual([{ code: 'audit.tile-mismatch', at: path, cause: null }]);
    }
  });

  test.each<[string, Buffer | null, string]>([
    ['missing', null, 'ledger.checkpoint-malformed'],
    ['empty', Buffer.alloc(0), 'ledger.note-malformed'],
    [
      'signed by somebody else',
      forgedLog([], STRANGER_KEY).get('checkpoint') as Buffer,
      'ledger.note-unsigned',
    ],
  ])('a checkpoint that is %s', async (_, checkpoint, cause) => {
    const report = await audited(changed({ checkpoint }));
    expect(report).toMatchObject({ ok: false, origin: null, size: null, root: null, checked: 0 });
    expect(report.findings).toEqual([{ code: 'audit.unreadable', at: 'checkpoint', cause }]);
  });

  test('a checkpoint with another size than was signed', async () => {
    const note = (log.files.get('checkpoint') as Buffer).toString().replace('\n700\n', '\n699\n');
    const report = await audited(changed({ checkpoint: Buffer.from(note) }));
    expect(report.findings).toMatchObject([{ cause: 'ledger.note-signature-invalid' }]);
  });

  test('a saved checkpoint that cannot be read, beside what is right', async () => {
    const report = await audited(log.files, { savedCheckpoints: ['nonsense', log.saved.get(256) as string] });
    expect(report).toMatchObject({ ok: false, checked: SIZE });
    expect(report.findings).toEqual([
      { code: 'audit.unreadable', at: 'saved checkpoint 1', cause: 'ledger.note-malformed' },
    ]);
  });

  test('no more than a hundred findings are kept', async () => {
    const report = await audited(forgedLog([...log.entries].reverse()));
    expect(report.findings).toHaveLength(100);
    expect(report.checked).toBe(SIZE);
  });

  test('a key that is none is the caller’s mistake', async () => {
    await expect(auditLog(served(log.files), { vkey: 'none' })).rejects.toMatchObject({
      code: 'ledger.vkey-malformed',
    });
  });
});

describe('prove from public files', () => {
  test.each([-1, 0.5, SIZE, Number.NaN, 2 ** 53])('refuses the index %p', async (index) => {
    await expect(proveEntry(served(log.files), VKEY, index)).rejects.toMatchObject({
      code: 'ledger.out-of-range',
    });
  });

  test('gives nothing that does not hold: a changed entry, tile or size of a tile is an error', async () => {
    const tile = Buffer.from(log.files.get('tile/0/000') as Buffer);
    tile.writeUInt8(tile.readUInt8(11 * 32) ^ 1, 11 * 32);
    const bundle = forgedLog(withEntry(10, log.entries[11] as Buffer)).get('tile/entries/000') as Buffer;
    for (const [change, code] of [
      [{ 'tile/0/000': tile }, 'ledger.root-mismatch'],
      [{ 'tile/entries/000': bundle }, 'ledger.root-mismatch'],
      [{ 'tile/1/000.p/2': Buffer.alloc(10) }, 'ledger.bundle-malformed'],
      [{ 'tile/1/000.p/2': null }, 'ledger.bundle-malformed'],
      [{ 'tile/entries/000': null }, 'ledger.bundle-malformed'],
      [{ 'tile/entries/000': Buffer.alloc(3) }, 'ledger.bundle-malformed'],
      [{ checkpoint: null }, 'ledger.bundle-malformed'],
    ] as const)
      await expect(proveEntry(served(changed(change)), VKEY, 10)).rejects.toMatchObject({ code });
  });

  test('a fork is inconsistent with each checkpoint of the true log, and says from and to', async () => {
    const forked = forgedLog(
      log.entries.map((entry, i) => (i === 0 ? reworded(entry, { commit: OTHER_COMMIT }) : entry)),
    );
    for (const size of EARLIER)
      expect(await proveGrowth(served(forked), VKEY, log.saved.get(size) as string)).toMatchObject({
        consistent: false,
        from: size,
        to: SIZE,
      });
  });

  test('a log that is smaller than the saved checkpoint is inconsistent', async () => {
    const shorter = forgedLog(log.entries.slice(0, 299));
    expect(await proveGrowth(served(shorter), VKEY, log.saved.get(300) as string)).toEqual({
      consistent: false,
      from: 300,
      to: 299,
      path: [],
    });
  });

  test('tiles that do not lead to the log’s own checkpoint are an error, not a fork', async () => {
    for (const [path, hash] of [
      ['tile/0/002.p/188', 187],
      ['tile/0/002.p/188', 0],
      ['tile/0/001', 43],
      ['tile/0/001', 44],
      ['tile/1/000.p/2', 0],
    ] as const) {
      const tile = Buffer.from(log.files.get(path) as Buffer);
      tile.writeUInt8(tile.readUInt8(hash * 32) ^ 1, hash * 32);
      const growth = proveGrowth(served(changed({ [path]: tile })), VKEY, log.saved.get(300) as string);
      await expect(growth).rejects.toMatchObject({ code: 'ledger.root-mismatch' });
    }
  });

  test('a saved checkpoint that is not of this log is refused', async () => {
    const other = signNote(checkpointText('other.example', { size: 0, root: EMPTY_ROOT }), ORIGIN, LOG_KEY);
    for (const [note, code] of [
      [other, 'ledger.checkpoint-malformed'],
      [forgedLog([], STRANGER_KEY).get('checkpoint')?.toString() as string, 'ledger.note-unsigned'],
    ] as const)
      await expect(proveGrowth(served(log.files), VKEY, note)).rejects.toMatchObject({ code });
  });
});

describe('the reader beside the writer', () => {
  test('shows nothing beyond the signed size, though the journal holds more', async () => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal);
    await sequencer.append([aRequest('a'), aRequest('b')]);
    const stuck = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: signerMemoryFake() });
    await stuck.sign({ size: 1, root: await journal.hashes(0, 0, 1) }, async () => []);
    const reader = openReader({ journal, signer: stuck });
    expect(await reader.size()).toBe(1);
    expect((await exported(reader)).get('tile/entries/000.p/1')).toHaveLength(
      (await reader.entry(0)).length + 2,
    );
    await expect(reader.entry(1)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
    expect(await reader.entriesOf('doc-b')).toEqual([]);
    const source = sourceOf(reader);
    expect(await source('tile/entries/000.p/2')).toBeNull();
    expect(await source('tile/0/000.p/2')).toBeNull();
    expect(await source('tile/0/../checkpoint')).toBeNull();
  });

  test('proofs between any two sizes verify against the checkpoints of those sizes', async () => {
    const key = parseVkey(VKEY);
    const heads = await Promise.all(
      [0, ...EARLIER].map(async (n) => openCheckpoint(await log.reader.checkpoint(n), key)),
    );
    for (const a of heads)
      for (const b of heads.filter(({ size }) => size >= a.size)) {
        const path = await log.reader.consistencyProof(a.size, b.size);
        expect(verifyConsistency(a.size, a.root, b.size, b.root, path)).toBe(true);
      }
  });
});
