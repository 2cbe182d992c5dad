import type { Clock } from '../../kernel/index.ts';
import type { TimestampClient } from '../../signing/index.ts';
import { DEMO_AGENCIES } from '../demo/agencies.ts';
import { edxmlOf, signedLetter } from '../demo/letters.ts';
import { letterOrder } from '../demo/samples.ts';
import type { Pki } from '../pki/index.ts';

export interface DrillLetter {
  from: string;
  to: readonly string[];
  edxml: Buffer;
}

/**
 * Letters of the demo agencies without end. Each agency's PDF is signed once and travels in many envelopes, since a
 * drill is about the axis and not about signing.
 * @param options.random a number in [0, 1)
 * @param first number of the first letter; numbers must not have been used by these agencies on the same day
 * @returns a letter from and to whom it is told, or whom chance picks
 */
export async function letterMill(
  options: { pki: Pki; timestamp: TimestampClient; clock: Clock; random(): number },
  first: number,
): Promise<(from?: string, to?: readonly string[]) => DrillLetter> {
  const { pki, timestamp, clock, random } = options;
  const codes = DEMO_AGENCIES.map((agency) => agency.code);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const subject = 'V/v diễn tập trục liên thông';
  const signed = new Map<string, Buffer>();
  for (const from of codes) {
    const to = codes.filter((code) => code !== from);
    const order = letterOrder({ from, to, number: first, subject, priority: 0 }, clock.now());
    signed.set(from, await signedLetter(order, pki, timestamp));
  }
  let number = first;
  const some = (others: readonly string[]) => [
    ...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(others))),
  ];
  return (from = pick(codes), to = some(codes.filter((code) => code !== from))) => {
    const priority = Math.floor(random() * 5);
    const order = letterOrder({ from, to, number: number++, subject, priority }, clock.now());
    return { from, to, edxml: edxmlOf(order, signed.get(from) as Buffer) };
  };
}
