import { type DerNode, notDer, TAG } from './der-reader.ts';

/**
 * UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5: UTC, with seconds.
 * Fractions of a second are accepted in GeneralizedTime where `fractions` allows them (RFC 3161 §2.4.2).
 * @returns milliseconds since 1970 UTC. @throws TrucError `verification.not-der` for anything else.
 */
export function readTime(node: DerNode, fractions = false): number {
  const utc = node.tag === TAG.utcTime;
  if (!utc && node.tag !== TAG.generalizedTime) throw notDer(node.start, 'not a time');
  const { bytes, body, end } = node;
  const digits = utc ? 12 : 14;
  if (end - body < digits + 1 || bytes[end - 1] !== 0x5a) throw notDer(node.start, 'time');
  const pair = (at: number) => twoDigits(node, body + at);
  const shift = utc ? 2 : 4;
  const year = utc ? pair(0) + (pair(0) < 50 ? 2000 : 1900) : pair(0) * 100 + pair(2);
  const [month, day, hour] = [pair(shift), pair(shift + 2), pair(shift + 4)];
  const [minute, second] = [pair(shift + 6), pair(shift + 8)];
  if (hour > 23 || minute > 59 || second > 59) throw notDer(node.start, 'time of day');
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(ms);
  if (year < 100 || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day)
    throw notDer(node.start, 'date');
  return ms + readFraction(node, body + digits, fractions && !utc);
}

function readFraction(node: DerNode, from: number, allowed: boolean): number {
  const { bytes, end } = node;
  if (from === end - 1) return 0;
  // X.690 §11.7: a point, then digits without trailing zeros.
  const count = end - 1 - from - 1;
  if (!allowed || bytes[from] !== 0x2e || count < 1 || count > 9 || bytes[end - 2] === 0x30)
    throw notDer(node.start, 'fraction of a second');
  let value = 0;
  for (let i = from + 1; i < end - 1; i++) value = value * 10 + oneDigit(node, i);
  return Math.floor((value * 1_000) / 10 ** count);
}

function twoDigits(node: DerNode, at: number): number {
  return oneDigit(node, at) * 10 + oneDigit(node, at + 1);
}

function oneDigit(node: DerNode, at: number): number {
  const digit = (node.bytes[at] as number) - 0x30;
  if (!(digit >= 0 && digit <= 9)) throw notDer(node.start, 'digit in time');
  return digit;
}
