/** The only source of wall-clock time. Rooms get a Clock; none reads the system's time itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export interface ManualClock extends Clock {
  /** Moves the clock by a number of milliseconds (negative moves it back). */
  advance(ms: number): void;
  set(ms: number): void;
}

/** A clock that moves only when told: for tests and simulations. */
export function manualClock(start: number): ManualClock {
  let current = start;
  return {
    now: () => current,
    advance: (ms) => {
      current += ms;
    },
    set: (ms) => {
      current = ms;
    },
  };
}

/** RFC 3339 UTC with milliseconds: the form of every stored time and every time in JSON. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** `yyyy/MM/dd HH:mm:ss` in Vietnam's fixed UTC+07:00: the form of edXML time stamps. */
export function vietnamDateTime(ms: number): string {
  const iso = new Date(ms + VIETNAM_OFFSET_MS).toISOString();
  return `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)}`;
}

/** `yyyy/MM/dd` in Vietnam's fixed UTC+07:00. */
export function vietnamDate(ms: number): string {
  return vietnamDateTime(ms).slice(0, 10);
}

/**
 * Reads `yyyy/MM/dd` or `yyyy/MM/dd HH:mm:ss` as Vietnam time.
 * @returns milliseconds since 1970 UTC, or null when the text is not a real date in that form.
 */
export function parseVietnamTime(text: string): number | null {
  const match = /^(\d{4})\/(\d{2})\/(\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) - VIETNAM_OFFSET_MS;
  const canonical = vietnamDateTime(ms);
  return canonical.startsWith(text) ? ms : null;
}

/** Resolves after `ms` milliseconds, or at once when the signal aborts (it never rejects). */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Lets whatever else waits in this process have its turn: between slices of long work. */
export function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
