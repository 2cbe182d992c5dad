import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ByteReader, ByteSource } from '../../src/verification/byte-source.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { mutationsOf } from '../builders/mutations.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { ownFiles, type SignedFile, vectorFiles } from '../builders/signed-files.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();

/** Pages so small that everything that is longer than a word goes over the edge of one. */
const TINY = { page: 16, block: 24 };

function readerOf(bytes: Buffer): ByteReader {
  return {
    length: bytes.length,
    read(target, at) {
      if (at < 0 || at + target.length > bytes.length) throw new RangeError(`${at} ${target.length}`);
      target.set(bytes.subarray(at, at + target.length));
    },
  };
}

const paged = (bytes: Buffer) => ByteSource.over(readerOf(bytes), TINY);

describe('a file that is read in pieces answers as one in memory', () => {
  const bytes = fc.uint8Array({ maxLength: 200, max: 3 }).map((one) => Buffer.from(one));
  const place = fc.integer({ min: 0, max: 220 });

  test('bytes, slices and digests', () => {
    fc.assert(
      fc.property(bytes, place, place, (file, from, to) => {
        const [here, there] = [ByteSource.of(file), paged(file)];
        expect(there.at(from)).toBe(here.at(from));
        expect(there.at(to)).toBe(file[to]);
        expect(there.slice(from, to)).toEqual(here.slice(from, to));
        expect(there.text(from, to)).toBe(file.toString('latin1', from, to));
        expect(there.sha256()).toBe(createHash('sha256').update(file).digest('hex'));
        const [start, end] = [Math.min(from, file.length), Math.min(to, file.length)];
        const pieces = [...there.blocks(start, end)].map((one) => Buffer.from(one));
        expect(Buffer.concat(pieces)).toEqual(file.subarray(start, end));
      }),
      { seed, numRuns: 500 },
    );
  });

  test('searches from both ends', () => {
    const needle = fc.uint8Array({ minLength: 1, maxLength: 5, max: 3 }).map((one) => Buffer.from(one));
    fc.assert(
      fc.property(bytes, needle, place, place, (file, wanted, from, to) => {
        const [here, there] = [ByteSource.of(file), paged(file)];
        expect(there.indexOf(wanted, from, to)).toBe(here.indexOf(wanted, from, to));
        expect(there.indexOf(wanted, from)).toBe(from > file.length ? -1 : file.indexOf(wanted, from));
        const text = wanted.toString('latin1');
        expect(there.lastIndexOf(text)).toBe(file.lastIndexOf(text, undefined, 'latin1'));
        expect(here.lastIndexOf(text)).toBe(there.lastIndexOf(text));
      }),
      { seed, numRuns: 500 },
    );
  });
});

const both = ({ bytes, ctx, detached }: SignedFile) => [
  verifyFile(bytes, ctx, detached ? { detached } : {}),
  verifyFile(paged(bytes), ctx, detached ? { detached: paged(detached) } : {}),
];

describe('the verdict does not depend on where the bytes lie', () => {
  test('all vectors', () => {
    const files = vectorFiles();
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const [memory, pieces] = both(file);
      expect({ name: file.name, ...pieces }).toEqual({ name: file.name, ...memory });
    }
  });

  test('our own files, and every attack on a PDF', async () => {
    const files = await ownFiles();
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const [memory, pieces] = both(file);
      expect({ name: file.name, ...pieces }).toEqual({ name: file.name, ...memory });
    }
  });

  test('PDF files broken in several places', async () => {
    const ctx = await pdfContext();
    fc.assert(
      fc.property(mutationsOf(await issuedLetter()), (bytes) => {
        const [memory, pieces] = both({ name: '', bytes, ctx });
        expect(pieces).toEqual(memory);
      }),
      { seed, numRuns: 200 },
    );
  });
});

test('what the reader throws is not taken for a verdict', async () => {
  const bytes = await issuedLetter();
  const broken = Object.assign(new Error('EIO'), { code: 'EIO' });
  const reader: ByteReader = {
    length: bytes.length,
    read(target, at) {
      if (at > 0 && at < 4_096) throw broken;
      readerOf(bytes).read(target, at);
    },
  };
  const ctx = await pdfContext();
  expect(() => verifyFile(ByteSource.over(reader, TINY), ctx)).toThrow(broken);
});
