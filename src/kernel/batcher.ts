import { sleep } from './clock.ts';

/**
 * Group commit: while one batch is being worked on the next one gathers; a lonely item starts at once. Items of one
 * batch share one call of `work`, so one disk sync serves them all.
 */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  /** Items that wait, without those in work. */
  readonly waiting: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface BatcherOptions {
  /** Most items that one call of `work` gets. */
  maxItems: number;
  /**
   * After a batch of several items the next one gathers for so long, milliseconds: where a call costs about the same for
   * one item and for many, those who come together share it. None when not given.
   */
  gatherMs?: number;
}

/** `work` gets at least one item and answers with one result per item, in order; if it throws, every item of the batch fails. */
export function batcher<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  { maxItems, gatherMs = 0 }: BatcherOptions,
): Batcher<Item, Result> {
  let queue: Waiting<Item, Result>[] = [];
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, maxItems);
      queue = queue.slice(maxItems);
      await runBatch(batch);
      if (gatherMs > 0 && batch.length > 1 && queue.length < maxItems) await sleep(gatherMs);
      else if (queue.length > 0) await turn();
    }
    running = null;
  }

  async function runBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await work(batch.map((entry) => entry.item));
      batch.forEach((entry, i) => {
        entry.resolve(results[i] as Result);
      });
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= new Promise<void>((done) => setImmediate(() => drain().then(done)));
      }),
    idle: async () => {
      while (running) await running;
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** A turn of the event loop: requests that are already parsed, and what the last batch set free, join the next batch. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
