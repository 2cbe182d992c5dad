import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTrucError } from '../../src/kernel/index.ts';
import {
  checkpointText,
  EMPTY_ROOT,
  encodeEntry,
  formatProof,
  formatTilePath,
  formatVkey,
  openCheckpoint,
  packBundle,
  parseCheckpoint,
  parseEntry,
  parseNote,
  parseProof,
  parseTilePath,
  parseVkey,
  signNote,
  unpackBundle,
} from '../../src/ledger/index.ts';
import { LOG_KEY, ORIGIN, START } from '../builders/ledger.ts';
import { mutationsOf } from '../builders/mutations.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
const text = checkpointText(ORIGIN, { size: 70_000, root: EMPTY_ROOT });
const note = signNote(text, ORIGIN, LOG_KEY);
const vkey = formatVkey(ORIGIN, LOG_KEY);
const proof = formatProof({ index: 7, path: [EMPTY_ROOT, EMPTY_ROOT], checkpoint: note });
const entry = encodeEntry({
  v: 1,
  type: 'document.submitted',
  erds: null,
  doc: 'doc',
  seq: 1,
  prev: null,
  at: new Date(START).toISOString(),
  commit: null,
});
const bundle = packBundle([entry, Buffer.from('x'), entry]);

const asText = (read: (text: string) => unknown) => (bytes: Buffer) => read(bytes.toString('utf8'));

/** Each reader, a good input, and what must come back from whatever it accepts: the same bytes again. */
const READERS: readonly [
  string,
  string | Buffer,
  (bytes: Buffer) => unknown,
  ((bytes: Buffer) => void) | null,
][] = [
  ['parseNote', note, parseNote, null],
  ['parseVkey', vkey, asText(parseVkey), null],
  [
    'parseCheckpoint',
    text,
    asText(parseCheckpoint),
    (bytes) => {
      const { origin, size, root, extensions } = parseCheckpoint(bytes.toString('utf8'));
      const again = checkpointText(origin, { size, root }) + extensions.map((line) => `${line}\n`).join('');
      expect(again).toBe(bytes.toString('utf8'));
    },
  ],
  ['parseProof', proof, asText(parseProof), null],
  [
    'parseTilePath',
    'tile/entries/x001/x234/067.p/112',
    asText(parseTilePath),
    (bytes) => {
      const tile = parseTilePath(bytes.toString('utf8'));
      if (tile) expect(formatTilePath(tile)).toBe(bytes.toString('utf8'));
    },
  ],
  [
    'unpackBundle',
    bundle,
    (bytes) => unpackBundle(bytes, 3),
    (bytes) => {
      const entries = unpackBundle(bytes, 3);
      if (entries) expect(packBundle(entries)).toEqual(bytes);
    },
  ],
  [
    'parseEntry',
    entry,
    parseEntry,
    (bytes) => {
      expect(encodeEntry(parseEntry(bytes))).toEqual(bytes);
    },
  ],
];

/** False when the input was refused as it should be: with an error of ours. */
function accepts(read: (bytes: Buffer) => unknown, bytes: Buffer): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return false;
  }
}

describe.each(READERS)('%s', (_, good, read, rewrites) => {
  const original = Buffer.from(good);

  test('takes the good input', () => {
    expect(accepts(read, original)).toBe(true);
    rewrites?.(original);
  });

  test('answers changed bytes with a value or an error of ours, and reads nothing in two ways', () => {
    fc.assert(
      fc.property(mutationsOf(original), (bytes) => {
        if (accepts(read, bytes)) rewrites?.(bytes);
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test('answers any bytes with a value or an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        if (accepts(read, Buffer.from(bytes))) rewrites?.(Buffer.from(bytes));
      }),
      { seed, numRuns: 1_000 },
    );
  });
});

test('no change of a signed checkpoint opens, unless its signed text stayed the same', () => {
  const verifier = parseVkey(vkey);
  fc.assert(
    fc.property(mutationsOf(Buffer.from(note)), (bytes) => {
      if (accepts((changed) => openCheckpoint(changed, verifier), bytes))
        expect(parseNote(bytes).text).toBe(text);
    }),
    { seed, numRuns: 2_000 },
  );
});
