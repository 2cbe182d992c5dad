import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  checkpointText,
  EMPTY_ROOT,
  formatVkey,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
  signNote,
} from '../../src/ledger/index.ts';
import { LOG_KEY, ORIGIN } from '../builders/ledger.ts';

/** The worked example of golang.org/x/mod/sumdb/note, with whose authors the format began. */
const NEUMANN = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: 'gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  note: `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`,
};
/** Key of the Go checksum database. */
const GO_VKEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

const OURS = parseVkey(formatVkey(ORIGIN, LOG_KEY));
const NOTE = signNote('text\n', ORIGIN, LOG_KEY);
const LINE = NOTE.split('\n').at(-2) as string;

function ed25519Of(seed: string): KeyObject {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seed, 'base64'),
  ]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

describe('the worked example of sumdb/note', () => {
  test('opens with its key, and signing makes the same bytes', () => {
    const key = ed25519Of(NEUMANN.seed);
    expect(openNote(NEUMANN.note, [parseVkey(NEUMANN.vkey)]).text).toBe(NEUMANN.text);
    expect(signNote(NEUMANN.text, 'PeterNeumann', key)).toBe(NEUMANN.note);
    expect(formatVkey('PeterNeumann', key)).toBe(NEUMANN.vkey);
    expect(formatVkey('PeterNeumann', createPublicKey(key))).toBe(NEUMANN.vkey);
  });

  test('a key of a public log is read', () => {
    expect(parseVkey(GO_VKEY)).toMatchObject({ name: 'sum.golang.org', keyId: 0x033de0ae });
    expect(parseVkey(`${GO_VKEY}\n`).name).toBe('sum.golang.org');
  });
});

describe('which signatures count', () => {
  const other = ed25519Of(NEUMANN.seed);
  const otherLine = signNote('text\n', 'PeterNeumann', other).split('\n').at(-2) as string;
  const neumann = parseVkey(NEUMANN.vkey);

  test('those of known keys; unknown ones beside them are passed over', () => {
    const note = `text\n\n${otherLine}\n${LINE}\n`;
    expect(openNote(note, [OURS]).signedBy).toEqual([OURS]);
    expect(openNote(note, [OURS, neumann]).signedBy).toEqual([neumann, OURS]);
    expect(() => openNote(`text\n\n${otherLine}\n`, [OURS])).toThrow(
      expect.objectContaining({ code: 'ledger.note-unsigned' }),
    );
    expect(() => openNote(note, [])).toThrow(expect.objectContaining({ code: 'ledger.note-unsigned' }));
  });

  test('a wrong signature of a known key spoils the note, whoever else signed', () => {
    const note = `text\n\n${otherLine}\n${LINE}\n`.replace('text', 'Text');
    expect(() => openNote(note, [OURS, neumann])).toThrow(
      expect.objectContaining({ code: 'ledger.note-signature-invalid' }),
    );
  });

  test('a signature under the same name by another key does not count', () => {
    const note = signNote('text\n', ORIGIN, other);
    expect(() => openNote(note, [OURS])).toThrow(expect.objectContaining({ code: 'ledger.note-unsigned' }));
  });

  test.each([63, 65, 1])('a signature of %p bytes is invalid', (length) => {
    const line = Buffer.concat([Buffer.from(LINE.split(' ')[2] as string, 'base64'), Buffer.alloc(1)]);
    const note = `text\n\n— ${ORIGIN} ${line.subarray(0, 4 + length).toString('base64')}\n`;
    expect(() => openNote(note, [OURS])).toThrow(
      expect.objectContaining({ code: 'ledger.note-signature-invalid' }),
    );
  });
});

describe('notes', () => {
  test('a text may hold blank lines, non-ASCII letters, and nothing at all but its end', () => {
    for (const text of ['\n', 'Sổ cái\n\n\nvăn bản\n', 'a\n', '— not a signature\n\nx\n'])
      expect(openNote(signNote(text, ORIGIN, LOG_KEY), [OURS]).text).toBe(text);
  });

  test('bytes and text read alike', () => {
    expect(parseNote(Buffer.from(NEUMANN.note))).toEqual(parseNote(NEUMANN.note));
  });

  test.each([
    ['empty', '', 'no-signatures'],
    ['text without signatures', 'text\n', 'no-signatures'],
    ['no blank line', `text\n${LINE}\n`, 'no-signatures'],
    ['no line end', NOTE.slice(0, -1), 'no-signatures'],
    ['a blank line at the end', `${NOTE}\n`, 'signature-line'],
    ['a hyphen for the dash', NOTE.replace('—', '-'), 'signature-line'],
    ['no name', `text\n\n—  ${LINE.split(' ')[2]}\n`, 'signature-line'],
    ['a plus sign in the name', NOTE.replace(ORIGIN, 'a+b'), 'signature-line'],
    ['two spaces', NOTE.replace('— ', '—  '), 'signature-line'],
    ['a word more', NOTE.replace(LINE, `${LINE} x`), 'signature-line'],
    ['a signature without bytes', `text\n\n— ${ORIGIN} AAAAAA==\n`, 'signature-line'],
    ['base64 without its end', NOTE.replace(/=*\n$/, '\n'), 'signature-line'],
    ['base64url', `text\n\n— ${ORIGIN} ____________\n`, 'signature-line'],
    ['a carriage return', NOTE.replace('text', 'text\r'), 'control-character'],
    ['a tab', NOTE.replace('text', 'te\txt'), 'control-character'],
    ['a zero byte', NOTE.replace('text', 'te\0xt'), 'control-character'],
    ['half a surrogate', NOTE.replace('text', 'te\ud800xt'), 'encoding'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)]), 'encoding'],
    ['101 signatures', `text\n\n${`${LINE}\n`.repeat(101)}`, 'too-many-signatures'],
    ['a quarter of a megabyte', `${'x'.repeat(262_144)}${NOTE}`, 'too-large'],
  ])('%s: malformed', (_, note, cause) => {
    expect(() => parseNote(note)).toThrow(
      expect.objectContaining({ code: 'ledger.note-malformed', facts: { cause } }),
    );
  });

  test('a hundred signatures are read', () => {
    expect(parseNote(`text\n\n${`${LINE}\n`.repeat(100)}`).signatures).toHaveLength(100);
  });
});

describe('vkeys', () => {
  const [name, id, key] = NEUMANN.vkey.split('+') as [string, string, string];
  const withType = (type: number) => {
    const bytes = Buffer.from(key, 'base64');
    bytes[0] = type;
    return bytes.toString('base64');
  };

  test.each([
    ['empty', '', 'form'],
    ['two parts', `${name}+${id}`, 'form'],
    ['no name', `+${id}+${key}`, 'form'],
    ['a space in the name', `Peter Neumann+${id}+${key}`, 'form'],
    ['a control character in the name', `Peter\u0001+${id}+${key}`, 'form'],
    ['a next-line character in the name', `Peter\u0085+${id}+${key}`, 'form'],
    ['an id in capitals', `${name}+${id.toUpperCase()}+${key}`, 'form'],
    ['a short id', `${name}+${id.slice(1)}+${key}`, 'form'],
    ['another id', `${name}+00000000+${key}`, 'key-id'],
    ['another name', `${name}2+${id}+${key}`, 'key-id'],
    ['a cosignature key', `${name}+${id}+${withType(4)}`, 'algorithm'],
    ['an ML-DSA-44 key', `${name}+${id}+${withType(6)}`, 'algorithm'],
    [
      'a key a byte short',
      `${name}+${id}+${Buffer.from(key, 'base64').subarray(0, 32).toString('base64')}`,
      'key',
    ],
    ['a private key', `PRIVATE+KEY+${name}+${id}+${key}`, 'form'],
    ['base64 with stray bits', `${name}+${id}+${key.slice(0, -1)}=`, 'key'],
    ['half a megabyte', `${name}+${id}+${'A'.repeat(500_000)}`, 'form'],
  ])('%s: malformed', (_, vkey, cause) => {
    expect(() => parseVkey(vkey)).toThrow(
      expect.objectContaining({ code: 'ledger.vkey-malformed', facts: { cause } }),
    );
  });

  test.each(['', 'two words', 'a+b', 'line\nbreak', 'bell\u0007', 'x'.repeat(256), '\ud800'])(
    'no vkey is made for the name %j',
    (bad) => {
      expect(() => formatVkey(bad, LOG_KEY)).toThrow(
        expect.objectContaining({ code: 'ledger.vkey-malformed' }),
      );
    },
  );
});

describe('checkpoints', () => {
  const root = EMPTY_ROOT.toString('base64');
  const largest = Number.MAX_SAFE_INTEGER;

  test.each([0, 1, 70_000, largest])('of size %p: what was written is read', (size) => {
    const text = checkpointText(ORIGIN, { size, root: EMPTY_ROOT });
    expect(text).toBe(`${ORIGIN}\n${size}\n${root}\n`);
    expect(parseCheckpoint(text)).toEqual({ origin: ORIGIN, size, root: EMPTY_ROOT, extensions: [] });
    expect(openCheckpoint(signNote(text, ORIGIN, LOG_KEY), OURS)).toMatchObject({ size });
  });

  test.each([
    ['empty', '', 'lines'],
    ['no line end', `${ORIGIN}\n1\n${root}`, 'lines'],
    ['no origin', `\n1\n${root}\n`, 'origin'],
    ['two lines', `${ORIGIN}\n1\n`, 'root'],
    ['a leading zero', `${ORIGIN}\n01\n${root}\n`, 'size'],
    ['a sign', `${ORIGIN}\n+1\n${root}\n`, 'size'],
    ['a negative size', `${ORIGIN}\n-1\n${root}\n`, 'size'],
    ['a fraction', `${ORIGIN}\n1.0\n${root}\n`, 'size'],
    ['an exponent', `${ORIGIN}\n1e3\n${root}\n`, 'size'],
    ['a space after the size', `${ORIGIN}\n1 \n${root}\n`, 'size'],
    ['a size that is not exact', `${ORIGIN}\n${2 ** 53}\n${root}\n`, 'size'],
    ['a size of 64 bits', `${ORIGIN}\n18446744073709551615\n${root}\n`, 'size'],
    ['a root of 31 bytes', `${ORIGIN}\n1\n${EMPTY_ROOT.subarray(1).toString('base64')}\n`, 'root'],
    ['a root in hexadecimal', `${ORIGIN}\n1\n${EMPTY_ROOT.toString('hex')}\n`, 'root'],
    ['a root without padding', `${ORIGIN}\n1\n${root.replace('=', '')}\n`, 'root'],
    ['stray bits in the root', `${ORIGIN}\n1\n${root.replace(/U=$/, 'V=')}\n`, 'root'],
    ['an empty extension', `${ORIGIN}\n1\n${root}\n\nx\n`, 'extension'],
  ])('%s: malformed', (_, text, cause) => {
    expect(() => parseCheckpoint(text)).toThrow(
      expect.objectContaining({ code: 'ledger.checkpoint-malformed', facts: { cause } }),
    );
  });

  test('an extension line is read, and refused in evidence: not every signature type covers it', () => {
    const text = `${ORIGIN}\n1\n${root}\nextra line\n`;
    const note = signNote(text, ORIGIN, LOG_KEY);
    expect(openCheckpoint(note, OURS, 'accept').extensions).toEqual(['extra line']);
    expect(() => openCheckpoint(note, OURS)).toThrow(
      expect.objectContaining({ code: 'ledger.checkpoint-malformed', facts: { cause: 'extension' } }),
    );
  });

  test('a checkpoint of another origin by the right key is refused', () => {
    const note = signNote(`other.example/log\n1\n${root}\n`, ORIGIN, LOG_KEY);
    expect(() => openCheckpoint(note, OURS)).toThrow(
      expect.objectContaining({ code: 'ledger.checkpoint-malformed', facts: { cause: 'origin' } }),
    );
  });
});

describe('a second opinion', () => {
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  if (!hasOpenssl && process.env.CI) throw new Error('openssl is needed in CI');
  if (!hasOpenssl) console.info('not run: openssl is missing');
  const folder = mkdtempSync(join(tmpdir(), 'truc-note-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** `openssl pkeyutl -verify` over the signed text of a note. */
  function opensslVerifies(text: string, signature: Uint8Array): boolean {
    const [key, data, sig] = ['key.pem', 'text', 'sig'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(key, createPublicKey(LOG_KEY).export({ format: 'pem', type: 'spki' }));
    writeFileSync(data, text);
    writeFileSync(sig, signature);
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', data, '-sigfile', sig];
    return spawnSync('openssl', args).status === 0;
  }

  (hasOpenssl ? test : test.skip)(
    'openssl accepts the signature of a checkpoint, and of that text only',
    () => {
      const text = checkpointText(ORIGIN, { size: 70_000, root: EMPTY_ROOT });
      const [signature] = parseNote(signNote(text, ORIGIN, LOG_KEY)).signatures;
      const bytes = signature?.signature as Buffer;
      expect(bytes).toHaveLength(64);
      expect(opensslVerifies(text, bytes)).toBe(true);
      expect(opensslVerifies(text.replace('70000', '70001'), bytes)).toBe(false);
    },
  );
});
