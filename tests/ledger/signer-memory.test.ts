import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { signerMemory } from '../../src/adapters/embedded/signer-memory.ts';
import { sha256, TrucError } from '../../src/kernel/index.ts';
import { edgeRoot } from '../../src/ledger/edge.ts';
import {
  EMPTY_ROOT,
  openReader,
  openSigner,
  type SignedHead,
  type SignerMemory,
} from '../../src/ledger/index.ts';
import { consistencyPath, readEdge } from '../../src/ledger/proofs.ts';
import { aRequest, LOG_KEY, ORIGIN, openLog, weakJournal } from '../builders/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'truc-signer-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `memory-${files++}`);

const head = (size: number, origin = ORIGIN): SignedHead => ({ origin, size, root: sha256(`root ${size}`) });

/** A file after saves of heads of size 1 to n, each by the process that saved the one before. */
async function savedUpTo(n: number, path = newPath()): Promise<string> {
  const memory = signerMemory(path);
  await memory.load();
  for (let size = 1; size <= n; size++) await memory.save(head(size));
  return path;
}

describe('the memory file', () => {
  test('gives the last head saved, to a process that opens it anew', async () => {
    const path = newPath();
    expect(await signerMemory(path).load()).toBeNull();
    for (let size = 1; size <= 5; size++) {
      const memory = signerMemory(path);
      expect(await memory.load()).toEqual(size === 1 ? null : head(size - 1));
      await memory.save(head(size));
    }
    expect(await signerMemory(path).load()).toEqual(head(5));
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('is made with its folder', async () => {
    const path = join(folder, 'a', 'b', 'memory');
    await savedUpTo(1, path);
    expect(await signerMemory(path).load()).toEqual(head(1));
  });

  test('keeps the longest name that a log may have', async () => {
    const path = newPath();
    const origin = '\u{1f4dc}'.repeat(255);
    const memory = signerMemory(path);
    await memory.save(head(1, origin));
    await memory.save(head(2, origin));
    expect(await signerMemory(path).load()).toEqual(head(2, origin));
  });

  test.each([1, 2, 3, 4])(
    'a save torn at any byte, after %p saves: the new head or the one before, nothing else',
    async (n) => {
      const before = readFileSync(await savedUpTo(n));
      const after = readFileSync(await savedUpTo(n + 1));
      const old = Buffer.concat([before], after.length);
      for (let torn = 0; torn <= after.length; torn += torn % 2048 < 200 ? 1 : 97) {
        const path = newPath();
        writeFileSync(path, Buffer.concat([after.subarray(0, torn), old.subarray(torn)]));
        const found = await signerMemory(path).load();
        expect([head(n), head(n + 1)]).toContainEqual(found);
      }
    },
  );

  test('a save after a torn one keeps the good head until it is done', async () => {
    const path = await savedUpTo(4);
    const bytes = readFileSync(path);
    bytes.fill(0, 2048);
    writeFileSync(path, bytes);
    const memory = signerMemory(path);
    expect(await memory.load()).toEqual(head(4));
    await memory.save(head(5));
    expect(readFileSync(path).subarray(0, 2048).equals(bytes.subarray(0, 2048))).toBe(true);
    expect(await signerMemory(path).load()).toEqual(head(5));
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['zeros', (bytes) => Buffer.alloc(bytes.length)],
    ['other text', () => Buffer.from('size 3\n')],
    [
      'a changed digit in both heads',
      (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('"size":', '"size":1'), 'latin1'),
    ],
    ['half a head', (bytes) => bytes.subarray(0, 40)],
  ])('that holds %s is refused: nobody knows what was signed', async (_, damage) => {
    const path = await savedUpTo(3);
    writeFileSync(path, damage(readFileSync(path)));
    await expect(signerMemory(path).load()).rejects.toMatchObject({ code: 'ledger.signer-memory-damaged' });
    await expect(
      openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: signerMemory(path) }),
    ).rejects.toMatchObject({
      code: 'ledger.signer-memory-damaged',
    });
  });

  test('that cannot be read is no empty memory', async () => {
    const path = newPath();
    mkdirSync(path);
    await expect(signerMemory(path).load()).rejects.toThrow();
  });
});

/** Refuses a head that is not larger, as the memory does that nodes share. */
function neverBack(memory: SignerMemory): SignerMemory {
  return {
    load: memory.load,
    save: async (head) => {
      const kept = await memory.load();
      if (kept && kept.size >= head.size && !kept.root.equals(head.root))
        throw new TrucError('ledger.forked', { size: head.size });
      await memory.save(head);
    },
  };
}

describe('a signer with its memory on disk', () => {
  const grown = async (labels: readonly string[], path: string) => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal, { memory: signerMemory(path) });
    for (const label of labels) await sequencer.append([aRequest(label)]);
    return journal;
  };

  test('goes on with the same log', async () => {
    const path = newPath();
    const journal = await grown(['a', 'b', 'c'], path);
    const { sequencer } = await openLog(journal, { memory: signerMemory(path) });
    expect(await sequencer.append([aRequest('d')])).toMatchObject([{ index: 3, size: 4 }]);
  });

  test('refuses a log restored from an older copy', async () => {
    const path = newPath();
    await grown(['a', 'b', 'c'], path);
    const older = await grown(['a', 'b'], newPath());
    await expect(openLog(older, { memory: signerMemory(path) })).rejects.toMatchObject({
      code: 'ledger.behind-signer',
    });
  });

  test.each([[['a', 'x', 'c']], [['a', 'b', 'x', 'y']]])('refuses the other history %j', async (labels) => {
    const path = newPath();
    await grown(['a', 'b', 'c'], path);
    const other = await grown(labels, newPath());
    await expect(openLog(other, { memory: signerMemory(path) })).rejects.toMatchObject({
      code: 'ledger.forked',
    });
  });

  test('signs no smaller or other head without a proof that it belongs to the same history', async () => {
    const path = newPath();
    const journal = await grown(['a', 'b', 'c'], path);
    const signer = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: signerMemory(path) });
    const { root } = await journal.head();
    expect(await signer.sign({ size: 3, root }, async () => [])).toMatch(/\n3\n/);
    for (const wrong of [
      { size: 3, root: sha256('other') },
      { size: 2, root: sha256('other') },
      { size: 1, root },
      { size: 4, root },
      { size: 0, root: sha256('not empty') },
    ])
      await expect(signer.sign(wrong, async () => [])).rejects.toMatchObject({ code: 'ledger.forked' });
    expect(await signer.sign({ size: 0, root: EMPTY_ROOT }, async () => [])).toMatch(/\n0\n/);
    expect((await signerMemory(path).load())?.size).toBe(3);
  });

  test('overtaken by another node between commit and signature, it signs what belongs to the same history, nothing else', async () => {
    const journal = weakJournal();
    const path = newPath();
    const { sequencer } = await openLog(journal, { memory: signerMemory(path) });
    const rootAt = async (size: number) => edgeRoot(await readEdge(size, journal.hashes));
    const shared = neverBack(signerMemory(path));
    for (const label of ['a', 'b']) await sequencer.append([aRequest(label)]);
    const late = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory: shared });
    for (const label of ['c', 'd', 'e']) await sequencer.append([aRequest(label)]);
    const prove = (from: number, to: number) => consistencyPath(from, to, journal.hashes);
    for (const size of [4, 5])
      await expect(late.sign({ size, root: sha256('other') }, prove)).rejects.toMatchObject({
        code: 'ledger.forked',
      });
    expect(await late.sign({ size: 3, root: await rootAt(3) }, prove)).toMatch(/\n3\n/);
    expect(late.size).toBe(5);
  });

  test('signs smaller heads while the log grows: what is signed meanwhile is no other history', async () => {
    const journal = weakJournal();
    const { sequencer, signer } = await openLog(journal);
    const reader = openReader({ journal, signer });
    const sizes = Array.from({ length: 40 }, (_, i) => i + 1);
    for (const size of sizes) await sequencer.append([aRequest(`before-${size}`)]);
    const growing = (async () => {
      for (const size of sizes) await sequencer.append([aRequest(`meanwhile-${size}`)]);
    })();
    for (const size of sizes) expect(await reader.checkpoint(size)).toMatch(new RegExp(`\\n${size}\\n`));
    await growing;
    expect(signer.size).toBe(80);
  });
});
