import { collapseSpaces, nfc } from '../kernel/index.ts';

/** Markings of state secrecy (Luật Bảo vệ bí mật nhà nước 2018 art. 8), the longer ones first. */
export const SECRET_MARKS: readonly string[] = ['TUYỆT MẬT', 'TỐI MẬT', 'MẬT'];

/** Where a marking may stand. */
export interface MarkedFields {
  subject: string;
  sphere: string;
  descriptions: readonly string[];
  attachmentNames: readonly string[];
}

/**
 * The marking that a document bears, or null. A text is marked when it begins with, or consists of, the marking as
 * whole upper-case words; the sphere of promulgation also when it says so in any case. "bảo mật", "bí mật" and
 * "MẬT KHẨU" are no markings.
 */
export function secretMark(fields: MarkedFields, marks: readonly string[] = SECRET_MARKS): string | null {
  const texts = [fields.subject, fields.sphere, ...fields.descriptions, ...fields.attachmentNames];
  for (const text of texts) {
    const found = marks.find((mark) => beginsWith(readable(text), mark));
    if (found) return found;
  }
  const words = readable(fields.sphere)
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return marks.find((mark) => [mark, `ĐỘ ${mark}`, `ĐỘ MẬT ${mark}`].includes(words)) ?? null;
}

/** As an eye reads it: composed, single spaces, without the signs that have no width. */
function readable(text: string): string {
  return collapseSpaces(nfc(text.replace(/\p{Cf}/gu, '')));
}

/** Upper-case words with which MẬT makes another word: password, density, honey. */
const OTHER_WORDS = /^\s(KHẨU|MÃ|VỤ|ĐỘ|NGỮ|DANH|ONG|MÍA|THIẾT)(?!\p{L})/u;

function beginsWith(text: string, mark: string): boolean {
  const bare = text.replace(/^[^\p{L}\p{N}]+/u, '');
  if (!bare.startsWith(mark)) return false;
  const rest = bare.slice(mark.length);
  if (/^[\p{L}\p{M}\p{N}]/u.test(rest)) return false;
  // Only the short marking is also the beginning of other words: TỐI MẬT before any word is a marking.
  return mark !== 'MẬT' || !OTHER_WORDS.test(rest);
}
