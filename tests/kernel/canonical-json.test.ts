import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from '../../src/kernel/index.ts';
import { seededRandom } from '../random.ts';

describe('canonical JSON (RFC 8785)', () => {
  test('literals and strings of the example of §3.2.2, byte for byte', () => {
    const value = {
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    };
    const hex =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(Buffer.from(canonicalJson(value)).toString('hex')).toBe(hex);
  });

  test('names are sorted by UTF-16 code units (§3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
    ]);
  });

  test.each([
    [0, '0'],
    [-1, '-1'],
    [9007199254740991, '9007199254740991'],
    [-9007199254740991, '-9007199254740991'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: [1, { d: 2, c: null }], a: 'đ' }, '{"a":"đ","b":[1,{"c":null,"d":2}]}'],
    ['\b\t\n\f\r"\\/\u0000\u001f\u007f', '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f"'],
  ] as [JsonValue, string][])('%j is written %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([
    ['a fraction', 1.5, '$'],
    ['minus zero', -0, '$'],
    ['an unsafe integer', 2 ** 53, '$'],
    ['not a number', Number.NaN, '$'],
    ['infinity', Number.POSITIVE_INFINITY, '$'],
    ['a lone surrogate', ['\ud800'], '$[0]'],
    ['a decomposed letter', { a: { b: 'e\u0301' } }, '$.a.b'],
    ['a decomposed name', { a: { 'e\u0301': 1 } }, '$.a'],
    ['the one name of §3.2.3 that NFC takes apart', { '\ufb33': 1 }, '$'],
    ['undefined', { a: undefined }, '$.a'],
    ['a function', [() => 1], '$[0]'],
    ['a big integer', [1n], '$[0]'],
  ])('%s has no canonical form, and the error says where', (_, value, path) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(
      expect.objectContaining({ code: 'kernel.not-canonical', facts: { path } }),
    );
  });

  test('order of writing does not matter, and reading gives the value back', () => {
    const { seed } = seededRandom();
    const text = fc.string({ unit: 'grapheme' }).map((one) => one.normalize('NFC'));
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger().map((n) => n + 0 || 0),
        text,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    const turned = (one: JsonValue): JsonValue => {
      if (one === null || typeof one !== 'object') return one;
      if (Array.isArray(one)) return one.map(turned);
      const entries = Object.entries(one).reverse();
      return Object.fromEntries(entries.map(([name, inner]) => [name, turned(inner as JsonValue)]));
    };
    fc.assert(
      fc.property(value, (one) => {
        const written = canonicalJson(one);
        expect(canonicalJson(turned(one))).toBe(written);
        expect(JSON.parse(written)).toEqual(one);
        expect(canonicalJson(JSON.parse(written))).toBe(written);
      }),
      { seed },
    );
  });
});
