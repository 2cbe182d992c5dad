const VIETNAM_MS = 7 * 3_600_000;

/** The day in Vietnam of a time, `2026-03-16`. @param iso RFC 3339 */
export function vietnamDate(iso: string): string {
  return new Date(Date.parse(iso) + VIETNAM_MS).toISOString().slice(0, 10);
}
