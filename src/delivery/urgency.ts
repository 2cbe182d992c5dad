import type { Priority } from '../document/index.ts';

/** Share of a round that each urgency gets while others wait too (4 = Hỏa tốc hẹn giờ … 0 = Thường). */
const WEIGHTS: Record<Priority, number> = { 4: 8, 3: 8, 2: 4, 1: 2, 0: 1 };
const URGENT_FIRST: readonly Priority[] = [4, 3, 2, 1, 0];

/**
 * How many deliveries to take of each urgency: weighted rounds from the most urgent down until the limit is reached
 * or nothing waits, so that urgent ones come first and nobody starves.
 */
export function shares(waiting: Readonly<Record<Priority, number>>, limit: number): Record<Priority, number> {
  const taken: Record<Priority, number> = { 4: 0, 3: 0, 2: 0, 1: 0, 0: 0 };
  let left = limit;
  while (left > 0) {
    let moved = 0;
    for (const priority of URGENT_FIRST) {
      const take = Math.min(WEIGHTS[priority], waiting[priority] - taken[priority], left);
      taken[priority] += take;
      left -= take;
      moved += take;
    }
    if (moved === 0) break;
  }
  return taken;
}
