/** More of a name than this tells a reader nothing. */
const LONGEST = 300;

/**
 * Text from outside as a page or a PDF may show it: control and format characters (NUL, escapes, overrides of the
 * direction, invisible joiners), line breaks and lone surrogates become U+FFFD, so that it can neither reorder nor hide
 * what stands beside it.
 */
export function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, '\ufffd');
}

/** {@link visible} text of at most `limit` characters; what is cut off is marked by "…". */
export function bounded(text: string, limit: number = LONGEST): string {
  // A character is at most two code units: no need to walk through a text of many megabytes.
  const characters = [...visible(text.slice(0, 2 * limit + 2))];
  const whole = text.length <= 2 * limit + 2 && characters.length <= limit;
  return whole ? characters.join('') : `${characters.slice(0, limit).join('')}…`;
}
