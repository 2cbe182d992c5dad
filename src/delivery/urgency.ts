import type { Priority } from '../document/index.ts';

/** Share of a round that each urgency gets while others wait too (4 = Hỏa tốc hẹn giờ … 0 = Thường). */
const WEIGHTS: Record<Priority, number> = { 4: 8, 3: 8, 2: 4, 1: 2, 0: 1 };
const URGENT_FIRST: readonly Priority[] = [4, 3, 2, 1, 0];

/** The places of one round, the most urgent first. */
const ROUND: readonly Priority[] = URGENT_FIRST.flatMap((priority) =>
  Array<Priority>(WEIGHTS[priority]).fill(priority),
);

/**
 * How many deliveries to take of each urgency: weighted rounds from the most urgent down until the limit is reached
 * or nothing waits, so that urgent ones come first and nobody starves.
 * @param at time of the lease (RFC 3339). A lease shorter than a round begins at a place of the round that the time
 * chooses: always beginning with the most urgent would never reach the others.
 */
export function shares(
  waiting: Readonly<Record<Priority, number>>,
  limit: number,
  at?: string,
): Record<Priority, number> {
  const taken: Record<Priority, number> = { 4: 0, 3: 0, 2: 0, 1: 0, 0: 0 };
  let left = Math.min(
    limit,
    Object.values(waiting).reduce((a, b) => a + b, 0),
  );
  const start = at === undefined || limit >= ROUND.length ? 0 : Date.parse(at) % ROUND.length;
  for (let place = start; left > 0; place++) {
    const priority = ROUND[place % ROUND.length] as Priority;
    if (taken[priority] >= waiting[priority]) continue;
    taken[priority]++;
    left--;
  }
  return taken;
}
