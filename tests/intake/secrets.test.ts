import { describe, expect, test } from '@jest/globals';
import { type MarkedFields, SECRET_MARKS, secretMark } from '../../src/intake/secrets.ts';

const CLEAN: MarkedFields = {
  subject: 'V/v rà soát mã định danh',
  sphere: 'Liên thông văn bản quốc gia',
  descriptions: ['Nội dung công văn'],
  attachmentNames: ['412_UBND.signed.pdf'],
};

const FIELDS: readonly [string, (text: string) => MarkedFields][] = [
  ['subject', (text) => ({ ...CLEAN, subject: text })],
  ['sphere', (text) => ({ ...CLEAN, sphere: text })],
  ['second description', (text) => ({ ...CLEAN, descriptions: ['Phụ lục', text] })],
  ['second attachment name', (text) => ({ ...CLEAN, attachmentNames: ['a.pdf', text] })],
];

test('a document without markings bears none', () => {
  expect(secretMark(CLEAN)).toBeNull();
  expect(secretMark({ subject: '', sphere: '', descriptions: [], attachmentNames: [] })).toBeNull();
});

describe.each(FIELDS)('in the %s', (_, marked) => {
  test.each(SECRET_MARKS)(
    '%s is found alone, at the beginning, in marks of its kind, in any encoding',
    (mark) => {
      const forms = [
        mark,
        `${mark}.`,
        `${mark} V/v kế hoạch`,
        `${mark}: kế hoạch`,
        `${mark}_412.pdf`,
        `  ${mark}\n`,
        `(${mark}) kế hoạch`,
        `[${mark}]`,
        `“${mark}”`,
        `- ${mark} -`,
        `– ${mark} –`,
        `***${mark}***`,
        `<${mark}>`,
        `\u200b${mark}`,
        `\u00ad${mark}\u200b kế hoạch`,
        mark.normalize('NFD'),
        mark.replace(' ', '   '),
        mark.replace(' ', '\u00a0'),
        mark.replace(' ', '\n\t'),
        mark.replace('Ậ', 'Â\u0323'),
        mark.replace('Ậ', 'Ạ\u0302'),
      ];
      for (const form of forms) expect([form, secretMark(marked(form))]).toEqual([form, mark]);
    },
  );

  test.each([
    'V/v tăng cường bảo mật thông tin',
    'BẢO MẬT THÔNG TIN',
    'BÍ MẬT KINH DOANH',
    'Mật khẩu mới của hệ thống',
    'MẬT KHẨU MỚI CỦA HỆ THỐNG',
    'MẬT MÃ DÂN SỰ',
    'MẬT ĐỘ XÂY DỰNG',
    'Mật độ dân cư',
    'MẬT ONG RỪNG U MINH',
    'MẬT THIẾT VỚI NHÂN DÂN',
    'MẬTTHƯ',
    'MẬT1',
    'MAT TRAN TO QUOC',
    'MẶT TRẬN TỔ QUỐC',
    'MẤT ĐIỆN',
    'MẬTỞ',
    'TỐI MAI HỌP',
    'TUYỆT ĐỐI KHÔNG',
    'V/v giải MẬT tài liệu',
    'Công văn TUYỆT MẬT',
    'tối mật là gì',
  ])('"%s" is no marking', (text) => {
    expect(secretMark(marked(text))).toBeNull();
  });

  test.each(['TỐI MẬT VỤ ÁN X', 'TUYỆT MẬT MÃ SỐ 12', 'TỐI MẬT ĐỘ KHẨN'])('"%s" is one', (text) => {
    expect(secretMark(marked(text))).toBe(text.split(' ').slice(0, 2).join(' '));
  });
});

describe('the sphere of promulgation says it in any case', () => {
  test.each([
    ['mật', 'MẬT'],
    ['Mật.', 'MẬT'],
    ['(mật)', 'MẬT'],
    ['Độ mật', 'MẬT'],
    ['tối  mật', 'TỐI MẬT'],
    ['Độ Tối mật', 'TỐI MẬT'],
    ['Độ mật: Tối mật', 'TỐI MẬT'],
    ['tuyệt mật', 'TUYỆT MẬT'],
    ['Tuyệt Mật'.normalize('NFD'), 'TUYỆT MẬT'],
  ])('%s', (sphere, mark) => {
    expect(secretMark({ ...CLEAN, sphere })).toBe(mark);
    expect(secretMark({ ...CLEAN, subject: sphere })).toBeNull();
  });

  test.each(['Bảo mật', 'An toàn, bảo mật thông tin', 'Mật mã', 'Bảo vệ bí mật nhà nước', 'Giải mật'])(
    'the field "%s" is a field of work',
    (sphere) => {
      expect(secretMark({ ...CLEAN, sphere })).toBeNull();
    },
  );
});

test('the markings are a setting', () => {
  expect(secretMark({ ...CLEAN, subject: 'LƯU HÀNH NỘI BỘ - V/v' }, ['LƯU HÀNH NỘI BỘ'])).toBe(
    'LƯU HÀNH NỘI BỘ',
  );
  expect(secretMark({ ...CLEAN, subject: 'MẬT' }, [])).toBeNull();
});
