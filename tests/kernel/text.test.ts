import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collapseSpaces, foldVietnamese, nameKey, nfc } from '../../src/kernel/index.ts';
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

describe('the key of a name', () => {
  test.each([
    ['Nguyễn Thị Thúy Hòa', 'NGUYỄN THỊ THUÝ HOÀ'],
    ['Ủy ban', 'Uỷ ban'],
    ['khoẻ', 'khỏe'],
    ['Đặng Quốc Khuê', '  đặng\u00a0quốc \t khuê '],
    ['Trần Hữu Phước', 'Trần Hữu Phước'.normalize('NFD')],
  ])('%j is %j', (one, other) => expect(nameKey(one)).toBe(nameKey(other)));

  test.each([
    ['Nguyễn Văn An', 'Nguyễn An Văn'],
    ['Nguyễn Văn An', 'Nguyễn Văn'],
    ['Nguyễn Văn An', 'Nguyễn Văn Ân'],
    ['Nguyễn Văn An', 'Nguyễn Vãn An'],
    ['Nguyễn Văn An', 'Nguyễn Văn Аn'],
    ['Nguyễn Văn An', 'Nguyễn Văn\u200b An'],
    ['Nguyễn Văn An', 'NguyễnVăn An'],
    ['Đặng Lý', 'Ðặng Lý'],
    ['Đặng Lý', 'Đặng Lí'],
    ['Đặng Lý', 'Dặng Lý'],
    ['Hòa Ân', 'Hoa Ần'],
    ['Nguyễn Văn An', '\u202enA năV nễyugN'],
  ])('%j is not %j', (one, other) => expect(nameKey(one)).not.toBe(nameKey(other)));

  test('is the same for every encoding, case and run of spaces of any text, and its own key', () => {
    const { seed } = seededRandom();
    const word = fc.string({ unit: fc.constantFrom(...PLAIN.flatMap(([all]) => [...all]), 'n', 'g', 't') });
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const key = nameKey(words.join(' '));
        for (const form of ['NFC', 'NFD'] as const) {
          const written = words.join('\u2003 ').normalize(form);
          expect(nameKey(written)).toBe(key);
          expect(nameKey(written.toUpperCase())).toBe(key);
        }
        expect(nameKey(key)).toBe(key);
      }),
      { seed },
    );
  });
});
