import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collapseSpaces, foldVietnamese, nfc } from '../../src/kernel/index.ts';
import { seededRandom } from '../random.ts';

const PLAIN: readonly [string, string][] = [
  ['aàảãáạăằẳẵắặâầẩẫấậ', 'a'],
  ['eèẻẽéẹêềểễếệ', 'e'],
  ['iìỉĩíị', 'i'],
  ['oòỏõóọôồổỗốộơờởỡớợ', 'o'],
  ['uùủũúụưừửữứự', 'u'],
  ['yỳỷỹýỵ', 'y'],
  ['dđ', 'd'],
];

describe('folding Vietnamese', () => {
  test.each(PLAIN)('%s are all %s, in both cases and both encodings', (letters, plain) => {
    for (const letter of letters)
      for (const form of [letter, letter.toUpperCase(), letter.normalize('NFD')])
        expect(foldVietnamese(form)).toBe(plain);
  });

  test('names', () => {
    expect(foldVietnamese('Đường Công vụ')).toBe('duong cong vu');
    expect(foldVietnamese('ỦY BAN NHÂN DÂN XÃ ĐĂK PLÔ')).toBe('uy ban nhan dan xa dak plo');
  });

  test('folding twice is folding once, and composing before it changes nothing', () => {
    const { seed } = seededRandom();
    const letters = PLAIN.flatMap(([all]) => [...all, ...all.toUpperCase()]);
    const word = fc.string({ unit: fc.constantFrom(...letters, ' ', '.', '7') });
    fc.assert(
      fc.property(word, (text) => {
        const folded = foldVietnamese(text);
        expect(foldVietnamese(folded)).toBe(folded);
        expect(foldVietnamese(nfc(text.normalize('NFD')))).toBe(folded);
        expect(folded).toHaveLength(text.length);
      }),
      { seed },
    );
  });
});

test.each([
  ['  a \t b\r\nc  ', 'a b c'],
  ['\u00a0a\u2003\u3000b\ufeff', 'a b'],
  ['a\u200bb', 'a\u200bb'],
  ['   ', ''],
])('white space of any kind becomes one space: %j → %j', (text, collapsed) => {
  expect(collapseSpaces(text)).toBe(collapsed);
});
