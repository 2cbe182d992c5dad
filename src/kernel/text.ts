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
