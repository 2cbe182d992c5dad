import { batcher } from '../../kernel/index.ts';

const KEYS_PER_TRIP = 256;

/**
 * Look-ups by key that share round trips: while one is under way the next one gathers. Every look-up sees what was there
 * at a moment after it was asked for.
 * @param read answers for each key, in order
 */
export function sharedReads<Key, Found>(
  read: (keys: readonly Key[]) => Promise<Found[]>,
): (key: Key) => Promise<Found> {
  const trips = batcher<Key, Outcome<Found>>((keys) => outcomes(keys, read), { maxItems: KEYS_PER_TRIP });
  return async (key) => {
    const outcome = await trips.add(key);
    if ('error' in outcome) throw outcome.error;
    return outcome.found;
  };
}

type Outcome<Found> = { found: Found } | { error: unknown };

/** A key that the server cannot take must not take the others with it. */
async function outcomes<Key, Found>(
  keys: readonly Key[],
  read: (keys: readonly Key[]) => Promise<Found[]>,
): Promise<Outcome<Found>[]> {
  try {
    return (await read(keys)).map((found) => ({ found }));
  } catch (error) {
    if (keys.length === 1) return [{ error }];
    const alone = await Promise.all(keys.map((key) => outcomes([key], read)));
    return alone.flat();
  }
}
