import type { WorkingCalendar } from '../document/index.ts';
import { type Clock, systemClock } from '../kernel/index.ts';
import { countedEntries, type DisclosingDesk } from './disclosed.ts';
import { figuresOf } from './figures.ts';
import type { Indicator } from './indicators.ts';
import { tally } from './tally.ts';

/** Figures with the signed head of the ledger that they follow from. */
export interface Figures {
  log: string;
  /** Entries that were counted. */
  size: number;
  /** Signed note, verbatim: whoever has the disclosed export of this size comes to the same figures. */
  checkpoint: string;
  indicators: Indicator[];
}

/**
 * Figures of a ledger that grows: each call counts what came since the one before; calls at once share the work.
 * @param options.everyMs how old an answer may be that is given again
 */
export function figuresDesk(
  x: DisclosingDesk & { calendar?: WorkingCalendar },
  { clock, everyMs }: { clock: Clock; everyMs: number } = { clock: systemClock, everyMs: 0 },
): { figures(): Promise<Figures> } {
  const counted = tally(x.calendar);
  let next = 0;
  let running: Promise<Figures> | null = null;
  let last: { at: number; figures: Figures } | null = null;

  async function count(): Promise<Figures> {
    const at = clock.now();
    if (last && at - last.at < everyMs && at >= last.at) return last.figures;
    const size = await x.reader.size();
    if (last?.figures.size === size) {
      last.at = at;
      return last.figures;
    }
    for await (const entry of countedEntries(x, next, size)) {
      counted.add(entry);
      next = entry.index + 1;
    }
    const checkpoint = await x.reader.checkpoint(next);
    const figures = { log: x.reader.origin, size: next, checkpoint, indicators: figuresOf(counted) };
    last = { at, figures };
    return figures;
  }

  return {
    figures: () => {
      running ??= count().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
