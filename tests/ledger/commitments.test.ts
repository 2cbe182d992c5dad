import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '../../src/kernel/index.ts';
import {
  checkDisclosures,
  commitFacts,
  commitmentRoot,
  type Disclosure,
  disclose,
  EMPTY_ROOT,
  type Facts,
  leafHash,
  MAX_FACTS,
} from '../../src/ledger/index.ts';
import { naiveRoot } from '../builders/trees.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
const KEY = sha256('document key');
const FACTS: Facts = {
  documentId: '0196-0001',
  from: 'H53.32.29',
  signer: 'Nguyễn Văn Ánh',
  recipients: ['G09', 'H53'],
  size: 48_213,
  urgent: false,
  note: null,
};
const { commit, commitments } = commitFacts(KEY, 'event-1', FACTS);
const all = disclose(KEY, 'event-1', FACTS);
const named = (name: string) => all.find((one) => one.name === name) as Disclosure;

describe('facts that were committed to', () => {
  test('open one by one, in any choice, and not another', () => {
    expect(checkDisclosures(commit, commitments, all)).toEqual({ ok: true });
    expect(checkDisclosures(commit, commitments, [])).toEqual({ ok: true });
    for (const name of Object.keys(FACTS)) {
      const [one] = disclose(KEY, 'event-1', FACTS, [name, 'no-such-fact']);
      expect(one).toEqual({ name, value: FACTS[name], key: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) });
      expect(checkDisclosures(commit, commitments, [one as Disclosure])).toEqual({ ok: true });
    }
    expect(disclose(KEY, 'event-1', FACTS, [])).toEqual([]);
  });

  test('are derived as written down: HKDF-Expand over the entry and then the field, HMAC over the pair', () => {
    const expand = (key: Buffer, info: string) => createHmac('sha256', key).update(`${info}\u0001`).digest();
    const entryKey = expand(KEY, '["truc/ledger/entry/1","event-1"]');
    const expected = Object.entries(FACTS).map(([name, value]) => {
      const fieldKey = expand(entryKey, `["truc/ledger/field/1",${JSON.stringify(name)}]`);
      expect(named(name).key).toBe(fieldKey.toString('base64url'));
      return createHmac('sha256', fieldKey)
        .update(JSON.stringify([name, value]))
        .digest('hex');
    });
    expect(commitments).toEqual([...expected].sort());
    const leaves = commitments.map((one) => leafHash(Buffer.from(one, 'hex')));
    expect(commit).toBe(naiveRoot(leaves).toString('hex'));
  });

  test('show nothing: no name, no value, no order, and equal facts look different', () => {
    const again = commitFacts(KEY, 'event-2', FACTS);
    const other = commitFacts(sha256('another key'), 'event-1', FACTS);
    expect(new Set([...commitments, ...again.commitments, ...other.commitments]).size).toBe(21);
    expect(new Set([commit, again.commit, other.commit]).size).toBe(3);
    expect(commitments).toEqual([...commitments].sort());
    for (const one of commitments) expect(one).toMatch(/^[0-9a-f]{64}$/);
    const reversed = Object.fromEntries(Object.entries(FACTS).reverse());
    expect(commitFacts(KEY, 'event-1', reversed)).toEqual({ commit, commitments });
  });

  test('cannot be found by hashing guesses: every digest that needs no secret is absent', () => {
    for (const guess of ['H53.32.29', '"H53.32.29"', canonicalJson(['from', 'H53.32.29'])]) {
      const zeroKey = createHmac('sha256', Buffer.alloc(32)).update(guess).digest('hex');
      for (const digest of [
        sha256(guess).toString('hex'),
        leafHash(Buffer.from(guess)).toString('hex'),
        zeroKey,
      ])
        expect(commitments).not.toContain(digest);
    }
  });

  test('an entry without facts commits to the empty tree or to nothing', () => {
    expect(commitFacts(KEY, 'event-1', {})).toEqual({ commit: EMPTY_ROOT.toString('hex'), commitments: [] });
    expect(checkDisclosures(EMPTY_ROOT.toString('hex'), [], [])).toEqual({ ok: true });
    expect(checkDisclosures(null, [], [])).toEqual({ ok: true });
    expect(checkDisclosures(null, commitments, [])).toEqual({ ok: false, wrong: 'root', name: null });
    expect(checkDisclosures(null, [], [named('from')])).toMatchObject({ ok: false });
  });

  test.each([
    ['a fraction', 1.5],
    ['minus zero', -0],
    ['a number that is not exact', 2 ** 53],
    ['half a surrogate', '\ud800'],
    ['letters that are not composed', 'a\u0301'],
    ['an inner value without a form', [{ x: Number.NaN }]],
  ])('%s has no canonical form', (_, value) => {
    expect(() => commitFacts(KEY, 'event-1', { fact: value })).toThrow(
      expect.objectContaining({ code: 'kernel.not-canonical' }),
    );
  });
});

describe('what is no opening', () => {
  const from = named('from');
  const wrong = (name: string) => ({ ok: false, wrong: 'disclosure', name });

  test.each<[string, Disclosure]>([
    ['another value', { ...from, value: 'H53.32.30' }],
    ['another type of value', { ...named('size'), value: '48213' }],
    ['another name', { ...from, name: 'to' }],
    ['the key of another fact', { ...from, key: named('signer').key }],
    ['another key', { ...from, key: Buffer.alloc(32, 7).toString('base64url') }],
    ['no key', { ...from, key: '' }],
    [
      'the key of another entry',
      { ...from, key: disclose(KEY, 'event-2', FACTS, ['from'])[0]?.key as string },
    ],
    ['the key of the document', { ...from, key: KEY.toString('base64url') }],
    ['a value without a canonical form', { ...from, value: 0.5 }],
    ['letters that only look the same', { ...named('signer'), value: 'Nguyễn Văn Ánh'.normalize('NFD') }],
    ['a name without a canonical form', { ...from, name: '\ud800' }],
  ])('%s', (_, disclosure) => {
    expect(checkDisclosures(commit, commitments, [named('note'), disclosure])).toEqual(
      wrong(disclosure.name),
    );
  });

  test('one name twice', () => {
    expect(checkDisclosures(commit, commitments, [from, named('note'), from])).toEqual(wrong('from'));
  });

  test.each<[string, string[]]>([
    ['a commitment less', commitments.slice(1)],
    ['a commitment more', [...commitments, commitments[0] as string]],
    ['another order', [...commitments].reverse()],
    ['none', []],
    ['more than any entry has', Array.from({ length: MAX_FACTS + 1 }, () => commitments[0] as string)],
  ])('%s among the commitments', (_, list) => {
    expect(checkDisclosures(commit, list, [])).toEqual({ ok: false, wrong: 'root', name: null });
  });

  test('the right root over more commitments than any entry has', () => {
    const list = Array.from({ length: MAX_FACTS + 1 }, (_, i) => sha256(`fact ${i}`).toString('hex'));
    expect(checkDisclosures(commitmentRoot(list), list, [])).toMatchObject({ ok: false, wrong: 'root' });
    const most = list.slice(1);
    expect(checkDisclosures(commitmentRoot(most), most, [])).toEqual({ ok: true });
  });
});

test('any facts open, and none opens after a change of name, value or key', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => s.normalize('NFC'));
  const value = fc.oneof(
    text,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, { maxLength: 4 }),
  );
  const facts = fc.dictionary(text, value, { minKeys: 1, maxKeys: 12 });
  fc.assert(
    fc.property(facts, text, fc.integer({ min: 0, max: 255 }), (dictionary, scope, bit) => {
      fc.pre(!Object.values(dictionary).some((v) => Object.is(v, -0)));
      const made = commitFacts(KEY, scope, dictionary);
      const opened = disclose(KEY, scope, dictionary);
      expect(checkDisclosures(made.commit, made.commitments, opened)).toEqual({ ok: true });
      for (const one of opened) {
        const key = Buffer.from(one.key, 'base64url');
        key[bit >> 3] = (key[bit >> 3] as number) ^ (1 << (bit & 7));
        const changed = [
          { ...one, name: `${one.name}x` },
          { ...one, value: [one.value] },
          { ...one, key: key.toString('base64url') },
        ];
        for (const other of changed)
          expect(checkDisclosures(made.commit, made.commitments, [other])).toMatchObject({
            wrong: 'disclosure',
          });
      }
    }),
    { seed, numRuns: 100 },
  );
});
