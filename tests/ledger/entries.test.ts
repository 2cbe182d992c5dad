import { describe, expect, test } from '@jest/globals';
import { canonicalJson, type JsonValue } from '../../src/kernel/index.ts';
import { type Entry, encodeEntry, MAX_ENTRY, parseEntry } from '../../src/ledger/index.ts';

const HASH = 'ab'.repeat(32);
const first: Entry = {
  v: 1,
  type: 'document.submitted',
  erds: 'SubmissionAcceptance',
  doc: 'a-random.id_1:2',
  seq: 1,
  prev: null,
  at: '2026-03-16T02:00:00.123Z',
  commit: HASH,
};
const later: Entry = { ...first, type: 'status.03', erds: null, seq: 2, prev: HASH, commit: null };
const written = encodeEntry(first).toString('utf8');

describe('an entry', () => {
  test('is canonical JSON (RFC 8785) of exactly its fields, and reads back', () => {
    expect(written).toBe(
      `{"at":"2026-03-16T02:00:00.123Z","commit":"${HASH}","doc":"a-random.id_1:2","erds":"SubmissionAcceptance","prev":null,"seq":1,"type":"document.submitted","v":1}`,
    );
    for (const entry of [first, later]) {
      expect(encodeEntry(entry).toString('utf8')).toBe(canonicalJson({ ...entry } as unknown as JsonValue));
      expect(parseEntry(encodeEntry(entry))).toEqual(entry);
    }
  });

  test('keeps its bytes within 8 KiB', () => {
    const long = encodeEntry({
      ...first,
      doc: 'x'.repeat(1024),
      type: `a${'b'.repeat(63)}`,
      seq: Number.MAX_SAFE_INTEGER,
      prev: HASH,
    });
    expect(long.length).toBeLessThan(MAX_ENTRY);
    expect(() => parseEntry(Buffer.alloc(MAX_ENTRY + 1, ' '))).toThrow(
      expect.objectContaining({ code: 'ledger.entry-too-large' }),
    );
  });

  test.each<[string, Partial<Record<keyof Entry, unknown>>]>([
    ['type', { type: '' }],
    ['type', { type: 'Document' }],
    ['type', { type: 'document.' }],
    ['type', { type: 'a'.repeat(65) }],
    ['erds', { erds: '' }],
    ['erds', { erds: 'Submission Acceptance' }],
    ['doc', { doc: '' }],
    ['doc', { doc: 'công-văn' }],
    ['doc', { doc: 'a"b' }],
    ['doc', { doc: 'a\n' }],
    ['doc', { doc: 'x'.repeat(1025) }],
    ['seq', { seq: 0 }],
    ['seq', { seq: -1 }],
    ['seq', { seq: 1.5 }],
    ['seq', { seq: 2 ** 53 }],
    ['seq', { seq: Number.NaN }],
    ['prev', { prev: HASH }],
    ['prev', { seq: 2 }],
    ['prev', { seq: 2, prev: HASH.toUpperCase() }],
    ['prev', { seq: 2, prev: HASH.slice(1) }],
    ['at', { at: '2026-03-16T02:00:00Z' }],
    ['at', { at: '2026-03-16T02:00:00.123+07:00' }],
    ['at', { at: '2026-13-16T02:00:00.123Z' }],
    ['at', { at: '2026-02-30T02:00:00.123Z' }],
    ['at', { at: '2026-03-16T24:00:00.000Z' }],
    ['at', { at: '2026-03-16T02:00:00.123Z\n' }],
    ['commit', { commit: '' }],
    ['commit', { commit: `${HASH}00` }],
    ['commit', { commit: HASH.toUpperCase() }],
  ])('with a wrong %s is neither written nor read: %j', (field, change) => {
    const wrong = { ...first, ...change } as Entry;
    const refused = expect.objectContaining({ code: 'ledger.entry-malformed', facts: { field } });
    expect(() => encodeEntry(wrong)).toThrow(refused);
    const names = Object.keys(wrong).sort() as (keyof Entry)[];
    const json = JSON.stringify(Object.fromEntries(names.map((name) => [name, wrong[name]])));
    expect(() => parseEntry(Buffer.from(json))).toThrow(
      expect.objectContaining({ code: 'ledger.entry-malformed' }),
    );
  });

  test.each([
    ['nothing', '', 'json'],
    ['no JSON', 'x', 'json'],
    ['a list', `[${written}]`, 'json'],
    ['null', 'null', 'json'],
    ['text', '"x"', 'json'],
    ['a byte order mark', `\ufeff${written}`, 'json'],
    ['two entries', `${written}${written}`, 'json'],
    ['a field more', written.replace('"v":1', '"v":1,"x":1'), 'fields'],
    ['a field less', written.replace(',"v":1', ''), 'fields'],
    ['a field of the language', written.replace('"v":1', '"__proto__":{},"v":1'), 'fields'],
    ['another version', written.replace('"v":1', '"v":2'), 'v'],
    ['a version as text', written.replace('"v":1', '"v":"1"'), 'v'],
    ['a number as text', written.replace('"seq":1', '"seq":"1"'), 'seq'],
    ['text as a number', written.replace('"document.submitted"', '1'), 'type'],
    ['a list for a hash', written.replace(`"${HASH}"`, '[]'), 'commit'],
    ['true for no hash', written.replace('"prev":null', '"prev":true'), 'prev'],
    ['a space', written.replace(':', ': '), 'canonical-form'],
    ['a line end', `${written}\n`, 'canonical-form'],
    ['other order', `{"v":1,${written.slice(1).replace(',"v":1', '')}`, 'canonical-form'],
    ['a name twice', written.replace('"v":1', '"v":2,"v":1'), 'canonical-form'],
    ['an escape', written.replace('a-random', '\\u0061-random'), 'canonical-form'],
    ['a fraction of zero', written.replace('"seq":1', '"seq":1.0'), 'canonical-form'],
    ['an exponent', written.replace('"seq":1', '"seq":1e0'), 'canonical-form'],
  ])('is not read from %s', (_, text, field) => {
    expect(() => parseEntry(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'ledger.entry-malformed', facts: { field } }),
    );
  });

  test('is not read from bytes that are no UTF-8', () => {
    const bytes = Buffer.from(written);
    bytes[bytes.indexOf('a-random')] = 0xe1;
    expect(() => parseEntry(bytes)).toThrow(expect.objectContaining({ facts: { field: 'doc' } }));
  });
});
