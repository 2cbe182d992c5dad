import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Path of an outside tool. In CI a missing one is an error, elsewhere it is printed as "not run: …".
 * @returns null when it is missing
 */
export function requiredTool(name: string, purpose: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  if (process.env.CI) throw new Error(`${name} is missing: ${purpose}`);
  console.info(`not run: ${purpose} (${name} is not installed)`);
  return null;
}
