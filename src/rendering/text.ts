/** More of a name than this tells a reader nothing. */
const LONGEST = 300;

/**
 * Text from outside as a page or a PDF may show it: control and format characters (NUL, escapes, overrides of the
 * direction, invisible joiners), line breaks, lone surrogates and heaps of marks on one letter become U+FFFD, so that it can
 * neither reorder, hide nor cover what stands beside it.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, '\ufffd')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1\ufffd');
}

/**
 * Letters of a name that no Vietnamese name has, as a reader can tell them from the ones that they look like: `"А" U+0410`. The
 * letters of English count as Vietnamese ones. Empty for a name without such letters; the first few of many.
 */
export function oddLetters(name: string): string {
  const letters =
    name
      .slice(0, 2 * LONGEST)
      .normalize('NFD')
      .match(/[^A-Za-zĐđ\P{L}]/gu) ?? [];
  const shown = [...new Set(letters)].slice(0, 5);
  return shown.map((one) => `“${one}” ${codePoint(one)}`).join(', ');
}

function codePoint(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** {@link visible} text of at most `limit` characters; what is cut off is marked by "…". */
export function bounded(text: string, limit: number = LONGEST): string {
  // A character is at most two code units: no need to walk through a text of many megabytes.
  const characters = [...visible(text.slice(0, 2 * limit + 2))];
  const whole = text.length <= 2 * limit + 2 && characters.length <= limit;
  return whole ? characters.join('') : `${characters.slice(0, limit).join('')}…`;
}
