import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { BlobStore } from '../../src/document/index.ts';
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
  });
}
