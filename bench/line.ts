/** One printed result: what was measured, the figures, and the bar it is held to, where there is one. */
export interface BenchLine {
  name: string;
  figures: Record<string, number | string>;
  /** A ratio and the highest value that reaches the bar. */
  bar?: { ratio: number; atMost: number };
}

/** CPU of this process that `work` used, user and system, in milliseconds, and its result. */
export async function cpuOf<Value>(
  work: () => Promise<Value> | Value,
): Promise<{ cpuMs: number; value: Value }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, value };
}

/** Rounded to three significant digits, so that tables do not promise more than was measured. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
