import { describe, expect, test } from '@jest/globals';
import {
  checkpointText,
  formatProof,
  formatTilePath,
  formatVkey,
  type LogProof,
  leafHash,
  nodeHash,
  packBundle,
  parseProof,
  parseTilePath,
  parseVkey,
  signNote,
  tilesOf,
  unpackBundle,
  verifyProof,
} from '../../src/ledger/index.ts';
import { LOG_KEY, ORIGIN } from '../builders/ledger.ts';

const entry = Buffer.from('an entry');
const sibling = leafHash(Buffer.from('its neighbour'));
const root = nodeHash(leafHash(entry), sibling);
const checkpoint = signNote(checkpointText(ORIGIN, { size: 2, root }), ORIGIN, LOG_KEY);
const verifier = parseVkey(formatVkey(ORIGIN, LOG_KEY));
const proof: LogProof = { index: 0, path: [sibling], checkpoint };
const text = formatProof(proof);

describe('tlog-proof', () => {
  test('has the form of the specification and reads back', () => {
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n${sibling.toString('base64')}\n\n${checkpoint}`);
    expect(parseProof(text)).toEqual(proof);
    expect(verifyProof(parseProof(text), entry, verifier)).toMatchObject({ origin: ORIGIN, size: 2 });
  });

  test('an extra line is allowed and means nothing', () => {
    expect(parseProof(text.replace('index', 'extra AAEC\nindex'))).toEqual(proof);
  });

  test('a proof without hashes is that of the only entry', () => {
    const alone = signNote(checkpointText(ORIGIN, { size: 1, root: leafHash(entry) }), ORIGIN, LOG_KEY);
    const read = parseProof(formatProof({ index: 0, path: [], checkpoint: alone }));
    expect(verifyProof(read, entry, verifier)).toMatchObject({ size: 1 });
  });

  test('leads nowhere for another entry or another index', () => {
    expect(verifyProof(proof, Buffer.from('another'), verifier)).toBeNull();
    expect(verifyProof({ ...proof, index: 1 }, entry, verifier)).toBeNull();
    expect(verifyProof({ ...proof, index: 2 }, entry, verifier)).toBeNull();
  });

  test('a checkpoint that was not signed like that is no proof', () => {
    const changed = { ...proof, checkpoint: checkpoint.replace('\n2\n', '\n3\n') };
    expect(() => verifyProof(changed, entry, verifier)).toThrow(
      expect.objectContaining({ code: 'ledger.note-signature-invalid' }),
    );
  });

  const hash = sibling.toString('base64');
  test.each([
    ['empty', '', 'no-checkpoint'],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n')), 'no-checkpoint'],
    ['another version', text.replace('@v1', '@v2'), 'first-line'],
    ['a carriage return', text.replace('@v1\n', '@v1\r\n'), 'first-line'],
    ['no index', text.replace('index 0\n', ''), 'index'],
    ['a leading zero', text.replace('index 0', 'index 00'), 'index'],
    ['a negative index', text.replace('index 0', 'index -1'), 'index'],
    ['an index that is not exact', text.replace('index 0', `index ${2 ** 53}`), 'index'],
    ['a hash of 31 bytes', text.replace(hash, sibling.subarray(1).toString('base64')), 'hash'],
    ['a hash in hexadecimal', text.replace(hash, sibling.toString('hex')), 'hash'],
    ['a hash without padding', text.replace(hash, hash.replace('=', '')), 'hash'],
    ['64 hashes', text.replace(`${hash}\n`, `${hash}\n`.repeat(64)), 'too-many-hashes'],
    ['an extra line that is no base64', text.replace('index', 'extra ?\nindex'), 'extra'],
    ['two extra lines', text.replace('index', 'extra AAEC\nextra AAEC\nindex'), 'index'],
    ['more than half a megabyte', `${text}${'x'.repeat(524_288)}`, 'too-large'],
  ])('%s: malformed', (_, bad, cause) => {
    expect(() => parseProof(bad)).toThrow(
      expect.objectContaining({ code: 'ledger.proof-malformed', facts: { cause } }),
    );
  });
});

describe('tile paths', () => {
  test.each([
    ['tile/0/x001/x234/067', 0, 1_234_067, 256],
    ['tile/0/273.p/112', 0, 273, 112],
    ['tile/entries/x001/000', 'entries', 1000, 256],
    ['tile/entries/000.p/1', 'entries', 0, 1],
    ['tile/6/000.p/255', 6, 0, 255],
    ['tile/0/x009/x007/x199/x254/x740/991', 0, Number.MAX_SAFE_INTEGER, 256],
  ] as const)('%s', (path, level, index, width) => {
    expect(formatTilePath({ level, index, width })).toBe(path);
    expect(parseTilePath(path)).toEqual({ level, index, width });
  });

  test('a tree of 70,000 has the tiles of the example in c2sp.org/tlog-tiles', () => {
    const paths = [0, 1, 2, 3].map((level) => tilesOf(level, 70_000).map(formatTilePath));
    expect(paths[0]).toHaveLength(274);
    expect([paths[0]?.[0], paths[0]?.[272], paths[0]?.[273]]).toEqual([
      'tile/0/000',
      'tile/0/272',
      'tile/0/273.p/112',
    ]);
    expect(paths.slice(1)).toEqual([['tile/1/000', 'tile/1/001.p/17'], ['tile/2/000.p/1'], []]);
    expect(tilesOf('entries', 70_000).map(formatTilePath).at(-1)).toBe('tile/entries/273.p/112');
    expect([tilesOf(0, 0), tilesOf(0, 256).length, tilesOf(1, 255)]).toEqual([[], 1, []]);
  });

  test.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/x001',
    'tile/0/001/002',
    'tile/00/000',
    'tile/7/000',
    'tile/63/000',
    'tile/-1/000',
    'tile/data/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/1000',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.P/1',
    'tile/0/../0/000',
    'tile/0/%30%30%30',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/000?x',
    'tile/0/०००',
    'tile/0/x999/x999/x999/x999/x999/999',
    `tile/0/${'x000/'.repeat(1000)}000`,
    'tile/entries/-01',
    'checkpoint',
  ])('%j is none', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe('entry bundles', () => {
  const entries = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(65_535, 'x'), Buffer.from('công văn')];
  const bundle = packBundle(entries);

  test('give back what went in', () => {
    expect(unpackBundle(bundle, 4)).toEqual(entries);
    expect(unpackBundle(packBundle([]), 0)).toEqual([]);
  });

  test.each([
    ['one entry more is asked for', bundle, 5],
    ['one entry less is asked for', bundle, 3],
    ['a byte is missing', bundle.subarray(0, -1), 4],
    ['a byte is left over', Buffer.concat([bundle, Buffer.of(0)]), 4],
    ['half a length is left over', Buffer.concat([bundle, Buffer.of(0, 9)]), 5],
    ['nothing is there', Buffer.alloc(0), 1],
    ['something is there and nothing was asked for', bundle, 0],
  ])('are refused when %s', (_, bytes, count) => {
    expect(unpackBundle(bytes, count)).toBeNull();
  });
});
