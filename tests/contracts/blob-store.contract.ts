import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BlobStore, periodOf } from '../../src/document/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';

const MIB = 1024 * 1024;
const MOST_PER_CHUNK = 256 * 1024;

async function* piecewise(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const chunk of chunks) found.push(Buffer.from(chunk));
  return found;
}

/** What every blob store promises. `open` gives a fresh, empty one. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store: ${name}`, () => {
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await open();
    });
    const put = (bytes: Buffer) => blobs.put({ sha256: sha256Hex(bytes), bytes });

    test.each([0, 1, 1000, MOST_PER_CHUNK, MIB, MIB + 1, 3 * MIB + 7])(
      'gives %d bytes back, whole and in chunks',
      async (size) => {
        const bytes = randomBytes(size);
        const ref = await put(bytes);
        expect((await blobs.read(ref)).equals(bytes)).toBe(true);
        const chunks = await gathered(blobs.stream(ref));
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        expect(Math.max(0, ...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(MOST_PER_CHUNK);
      },
    );

    test('neighbours do not touch: fifty different ones at once come back each as it was', async () => {
      const all = Array.from({ length: 50 }, (_, i) => randomBytes(i * 37));
      const refs = await Promise.all(all.map(put));
      const read = await Promise.all(refs.map((ref) => blobs.read(ref)));
      expect(read.map(sha256Hex)).toEqual(all.map(sha256Hex));
    });

    test('the same bytes twice are harmless', async () => {
      const bytes = randomBytes(500);
      const refs = await Promise.all([put(bytes), put(bytes), put(bytes)]);
      for (const ref of refs) expect((await blobs.read(ref)).equals(bytes)).toBe(true);
    });

    test('a caller that changes its buffers afterwards changes nothing', async () => {
      const bytes = randomBytes(100);
      const digest = sha256Hex(bytes);
      const ref = await put(bytes);
      bytes.fill(0);
      (await blobs.read(ref)).fill(0);
      expect(sha256Hex(await blobs.read(ref))).toBe(digest);
    });

    test.each([0, 5, 2 * MIB])('takes a stream of %d bytes and tells size and digest', async (size) => {
      const bytes = randomBytes(size);
      const stored = await blobs.putStream(piecewise(bytes, 70_001));
      expect(stored).toMatchObject({ sha256: sha256Hex(bytes), size });
      expect((await blobs.read(stored.ref)).equals(bytes)).toBe(true);
    });

    test('a stream that breaks off rejects with its own error and disturbs nothing', async () => {
      const bytes = randomBytes(1000);
      const ref = await put(bytes);
      async function* broken() {
        yield bytes;
        throw new RangeError('the line went dead');
      }
      await expect(blobs.putStream(broken())).rejects.toThrow('the line went dead');
      expect((await blobs.read(ref)).equals(bytes)).toBe(true);
      expect((await blobs.read(await put(bytes))).equals(bytes)).toBe(true);
    });

    test('a reference that was never given is missing, read or streamed', async () => {
      for (const ref of [
        '',
        'nothing',
        '../../etc/passwd',
        's:1:0:10',
        's:9:0:10',
        `f:${'0'.repeat(36)}:4`,
      ]) {
        await expect(blobs.read(ref)).rejects.toMatchObject({ code: 'document.blob-missing' });
        await expect(gathered(blobs.stream(ref))).rejects.toMatchObject({ code: 'document.blob-missing' });
      }
    });

    test.each([1000, 2 * MIB])(
      'destroyed bytes (%d) are nowhere to be read, their neighbours are',
      async (size) => {
        const [before, secret, after] = [randomBytes(800), randomBytes(size), randomBytes(800)];
        const [a, b, c] = [await put(before), await put(secret), await put(after)];
        await blobs.destroy(b);
        await blobs.destroy(b);
        const left = await blobs.read(b).catch(() => Buffer.alloc(0));
        expect(left.includes(secret.subarray(0, 16))).toBe(false);
        expect((await blobs.read(a)).equals(before)).toBe(true);
        expect((await blobs.read(c)).equals(after)).toBe(true);
      },
    );

    describe('by periods', () => {
      const present = periodOf(Date.now());
      const old = (bytes: Buffer, period = '2011-Q2') =>
        blobs.put({ sha256: sha256Hex(bytes), bytes, period });

      test('lists the periods that have content, oldest first', async () => {
        expect(await blobs.periods()).toEqual([]);
        await put(randomBytes(100));
        await old(randomBytes(100));
        await blobs.putStream(piecewise(randomBytes(2 * MIB), 70_001), '2012-Q4');
        expect(await blobs.periods()).toEqual([
          { period: '2011-Q2', dropped: false },
          { period: '2012-Q4', dropped: false },
          { period: present, dropped: false },
        ]);
      });

      test.each([0, 1000, 2 * MIB])(
        'a dropped period takes its content (%d bytes) with it and no other',
        async (size) => {
          const bytes = randomBytes(size);
          const [gone, streamed] = [
            await old(bytes),
            await blobs.putStream(piecewise(bytes, 70_001), '2011-Q2'),
          ];
          const [older, same] = [await old(bytes, '2011-Q1'), await put(bytes)];
          await blobs.dropPeriod('2011-Q2');
          for (const ref of [gone, streamed.ref]) {
            const expired = { code: 'document.content-expired', facts: { period: '2011-Q2' } };
            await expect(blobs.read(ref)).rejects.toMatchObject(expired);
            await expect(gathered(blobs.stream(ref))).rejects.toMatchObject(expired);
          }
          for (const ref of [older, same]) expect((await blobs.read(ref)).equals(bytes)).toBe(true);
          expect(await blobs.periods()).toEqual([
            { period: '2011-Q1', dropped: false },
            { period: '2011-Q2', dropped: true },
            { period: present, dropped: false },
          ]);
        },
      );

      test('dropping again changes nothing, and nothing is put into what was dropped', async () => {
        const ref = await old(randomBytes(10));
        await blobs.dropPeriod('2011-Q2');
        await blobs.dropPeriod('2011-Q2');
        const expired = { code: 'document.content-expired' };
        await expect(old(randomBytes(10))).rejects.toMatchObject(expired);
        await expect(blobs.putStream(piecewise(randomBytes(10), 5), '2011-Q2')).rejects.toMatchObject(
          expired,
        );
        await expect(blobs.read(ref)).rejects.toMatchObject(expired);
        expect((await blobs.periods()).filter(({ dropped }) => dropped)).toHaveLength(1);
      });

      test('many blobs of one period go together', async () => {
        const refs: string[] = [];
        for (let group = 0; group < 22; group++)
          refs.push(...(await Promise.all(Array.from({ length: 50 }, () => old(randomBytes(20))))));
        await blobs.dropPeriod('2011-Q2');
        for (const ref of refs)
          await expect(blobs.read(ref)).rejects.toMatchObject({ code: 'document.content-expired' });
      }, 240_000);
    });
  });
}
