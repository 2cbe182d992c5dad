/** Unicode NFC: Vietnamese text exists in two encodings, ours is always the composed one. */
export function nfc(text: string): string {
  return text.normalize('NFC');
}

/** Case, diacritics and đ folded away: "Đường Công vụ" and "duong cong vu" become one search form. */
export function foldVietnamese(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

/** Runs of white space become one space, the ends are trimmed. */
export function collapseSpaces(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Grave, tilde, hook above, acute, dot below: a Vietnamese syllable has at most one of them. */
const TONES = /[\u0300\u0303\u0309\u0301\u0323]/gu;

/**
 * The form in which two writings of a Vietnamese name are equal: encoding (NFC, NFD), case, white space and the place of
 * a syllable's tone ("Uỷ" and "Ủy", "Hoà" and "Hòa") do not matter. Everything else does: other letters that look
 * alike, invisible characters, the order of words, "Lý" and "Lí".
 */
export function nameKey(name: string): string {
  const words = collapseSpaces(name.normalize('NFD').toLowerCase()).split(' ');
  const keys = words.map((word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join(''));
  return keys.join(' ').normalize('NFD');
}
