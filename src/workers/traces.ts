import type { Stations } from '../exchange/index.ts';
import { type Span, spanMaker, spansBody } from '../reporting/index.ts';
import type { Turn } from './augment.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 5_000;
const BATCH = 256;
/** Spans that wait while the collector is away; the oldest are dropped. */
const MOST_WAITING = 4_096;

/** Takes the body of an OTLP export. @returns null, or why it did not */
export type SpanCollector = (body: Buffer) => Promise<string | null>;

/**
 * Tells a collector of every entry of a document that came since the node began, as spans. Nothing waits for it: what the
 * collector does not take in time is dropped.
 * @param turn where nodes share stores: one of them does it
 */
export function traceWorker(x: Stations, collect: SpanCollector, turn?: Turn): Worker {
  const spansOf = spanMaker();
  // Alone, nothing is missed of what comes before the first round.
  const begin = turn ? Promise.resolve(null) : x.reader.size().catch(() => null);
  let next: number | null = null;
  let waiting: Span[] = [];
  let dropped = 0;
  const worker = repeating({ what: 'traces', everyMs: EVERY_MS, log: x.log }, async () => {
    if (turn && !(await turn.take())) {
      next = null;
      return;
    }
    const size = await x.reader.size();
    next ??= (await begin) ?? size;
    for (; next < size; next += BATCH)
      waiting.push(...spansOf(await x.events.placed(next, Math.min(BATCH, size - next))));
    next = size;
    dropped += Math.max(0, waiting.length - MOST_WAITING);
    waiting = waiting.slice(-MOST_WAITING);
    while (waiting.length > 0) {
      const body = Buffer.from(JSON.stringify(spansBody(waiting.slice(0, BATCH), x.reader.origin)));
      const refused = await collect(body);
      if (refused !== null) {
        x.log.warn(
          { refused, waiting: waiting.length, dropped },
          'the collector of traces did not take them',
        );
        return;
      }
      waiting = waiting.slice(BATCH);
    }
  });
  return {
    stop: async () => {
      await worker.stop();
      await turn?.give().catch(() => {});
    },
  };
}
