import { type ComposedLetter, composeLetter, type Letter } from '../../src/lab/index.ts';

const CAPACITIES: readonly (readonly string[])[] = [
  ['TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH'],
  ['CHỦ TỊCH'],
  ['TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
  ['TL. CHỦ TỊCH', 'CHÁNH VĂN PHÒNG'],
  ['TUQ. CHỦ TỊCH', 'TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI'],
  ['Q. CHỦ TỊCH'],
];
const DEGREES = ['', 'ThS. ', 'PGS.TS. ', 'BS.CKII. ', ''];
const SENTENCE =
  'Thực hiện ý kiến chỉ đạo của Ủy ban nhân dân tỉnh về việc rà soát, đề nghị quý cơ quan xem xét, cho ý kiến về các nội dung nêu trên.';

/**
 * Thirty letters to be signed by one person, as differently as agencies write them: forms of signing, degrees before the name, one
 * page to three, the name in the text and among the recipients too.
 */
export function sampleLetters(name: string): Promise<ComposedLetter[]> {
  return Promise.all(Array.from({ length: 30 }, (_, i) => composeLetter(letter(i, name))));
}

function letter(i: number, name: string): Letter {
  const named = i % 3 === 0 ? [`Đồng chí ${name}, Chủ tịch Ủy ban nhân dân xã, chịu trách nhiệm.`] : [];
  return {
    ...(i % 2 === 0 ? { parentAgency: 'Ủy ban nhân dân tỉnh Tây Ninh' } : {}),
    agency: 'Ủy ban nhân dân xã Ninh Điền',
    notation: '/UBND',
    place: 'Ninh Điền',
    subject: `mẫu số ${i + 1}`,
    addressees: i % 4 === 0 ? ['Bộ Nội vụ', 'Sở Nội vụ'] : ['Bộ Nội vụ'],
    paragraphs: [...Array.from({ length: 1 + ((i * 5) % 29) }, () => SENTENCE), ...named],
    recipients: ['Như trên;', ...(i % 5 === 0 ? [`Đ/c ${name};`] : []), 'Lưu: VT.'],
    capacity: CAPACITIES[i % CAPACITIES.length] ?? [],
    signer: `${DEGREES[i % DEGREES.length]}${i % 7 === 0 ? name.toUpperCase() : name}`,
    createdAt: Date.parse('2026-03-16T02:00:00Z') + i,
  };
}
