import { foldVietnamese } from '../kernel/index.ts';

export interface Candidate {
  code: string;
  name: string;
}

export interface Suggestion extends Candidate {
  /** Edits between the wanted code and this one; 0 when it was found by name. */
  distance: number;
}

const MAX_DISTANCE = 3;

/**
 * The codes nearest to one that nobody has: by edits of the code (swapped neighbours count once), then by words of
 * the name that the sender gave.
 * @param wanted code as written, normalised
 * @param name name of the agency in the message, may be empty
 */
export function nearestCodes(
  wanted: string,
  name: string,
  candidates: Iterable<Candidate>,
  limit = 3,
): Suggestion[] {
  const words = foldVietnamese(name).split(/\s+/).filter(Boolean);
  const best: (Suggestion & { rank: number })[] = [];
  for (const candidate of candidates) {
    const rank = rankOf(wanted, words, candidate);
    if (rank === null) continue;
    if (best.some((one) => one.code === candidate.code)) continue;
    if (best.length === limit && rank >= (best[limit - 1] as { rank: number }).rank) continue;
    best.push({ code: candidate.code, name: candidate.name, distance: Math.max(0, Math.floor(rank)), rank });
    best.sort((a, b) => a.rank - b.rank);
    if (best.length > limit) best.pop();
  }
  return best.map(({ code, name: found, distance }) => ({ code, name: found, distance }));
}

/** Lower is nearer; null is too far. A full match of the name beats any edited code. */
function rankOf(wanted: string, words: string[], candidate: Candidate): number | null {
  const distance =
    Math.abs(wanted.length - candidate.code.length) > MAX_DISTANCE
      ? MAX_DISTANCE + 1
      : editDistance(wanted, candidate.code, MAX_DISTANCE);
  const near = distance <= MAX_DISTANCE;
  if (!near && words.length === 0) return null;
  const overlap = words.length === 0 ? 0 : shareOfWords(words, candidate.name);
  if (overlap >= 0.99) return -1 + distance / 100;
  return near ? distance - overlap / 2 : null;
}

function shareOfWords(words: string[], name: string): number {
  const have = new Set(foldVietnamese(name).split(/\s+/));
  return words.filter((word) => have.has(word)).length / words.length;
}

/** Optimal string alignment distance, given up (`limit + 1`) as soon as it must exceed `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}
