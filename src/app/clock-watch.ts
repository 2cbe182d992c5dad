import { areApart, type Log, type SteadyClock, sleep, TrucError } from '../kernel/index.ts';

const EVERY_MS = 2_000;

/** A server's clock, milliseconds since 1970 UTC. */
export type ServerTime = () => Promise<number>;

/**
 * Compares the node's clock with the stores' before anything is written by it.
 * @throws TrucError `app.clock-apart`; the adapter's error when the server does not answer
 */
export async function demandSameTime(clock: SteadyClock, serverTime: ServerTime): Promise<void> {
  await compare(clock, serverTime);
  if (areApart(clock.apartMs()))
    throw new TrucError('app.clock-apart', { seconds: Math.round(clock.apartMs() / 1000) });
}

/** Compares again and again until the signal; a server that is away says nothing about time. */
export async function watchClock(
  clock: SteadyClock,
  serverTime: ServerTime,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let before = false; !signal.aborted; await sleep(EVERY_MS, signal)) {
    await compare(clock, serverTime).catch(() => undefined);
    const now = areApart(clock.apartMs());
    if (now !== before) tell(now, clock.apartMs(), log);
    before = now;
  }
}

function tell(apart: boolean, apartMs: number, log: Log): void {
  if (apart)
    log.error({ apartMs }, "this machine's clock and the stores' are apart; the node keeps its own time");
  else log.warn({ apartMs }, "this machine's clock and the stores' agree again");
}

/** The answer was made somewhere between question and arrival. */
async function compare(clock: SteadyClock, serverTime: ServerTime): Promise<void> {
  const asked = performance.now();
  const theirs = await serverTime();
  const half = (performance.now() - asked) / 2;
  clock.compare(theirs + half, half);
}
