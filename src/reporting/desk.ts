import { type DisclosingDesk, disclosedEntries } from './disclosed.ts';
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

/** Figures of a ledger that grows: each call counts what came since the one before; calls at once share the work. */
export function figuresDesk(x: DisclosingDesk): { figures(): Promise<Figures> } {
  const counted = tally();
  let next = 0;
  let running: Promise<Figures> | null = null;

  async function count(): Promise<Figures> {
    const size = await x.reader.size();
    for await (const entry of disclosedEntries(x, next, size)) {
      counted.add(entry);
      next = entry.index + 1;
    }
    const checkpoint = await x.reader.checkpoint(next);
    return { log: x.reader.origin, size: next, checkpoint, indicators: figuresOf(counted) };
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
