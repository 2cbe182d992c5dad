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
    const found = marks.find((mark) => beginsWith(collapseSpaces(nfc(text)), mark));
    if (found) return found;
  }
  const sphere = collapseSpaces(nfc(fields.sphere)).toUpperCase();
  return marks.find((mark) => sphere === mark || sphere === `ĐỘ ${mark}`) ?? null;
}

/** Upper-case words that make another word of the marking. */
const OTHER_WORDS = /^\s(KHẨU|MÃ|VỤ|ONG|THIẾT)(?!\p{L})/u;

function beginsWith(text: string, mark: string): boolean {
  const bare = text.replace(/^[\s"'([{«“-]+/u, '');
  if (!bare.startsWith(mark)) return false;
  const rest = bare.slice(mark.length);
  return !/^[\p{L}\p{M}\p{N}]/u.test(rest) && !OTHER_WORDS.test(rest);
}
