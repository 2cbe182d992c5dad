import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where nodes of one installation keep what they must have alike. What is there is never replaced. */
export interface SharedShelf {
  find(name: string): Promise<Buffer | null>;
  /** @returns what counts from now on: the value given, or the one that was there before it */
  keep(name: string, value: Buffer): Promise<Buffer>;
}

/**
 * Puts a file of the demo folder in place (mode 0600): what the other nodes have, else what is there, else a new one,
 * which the other nodes get.
 * @param shelf null where this is the only node
 */
export async function placeShared(
  shelf: SharedShelf | null,
  name: string,
  file: string,
  make: () => Promise<object>,
): Promise<void> {
  if (shelf === null && existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = async () => Buffer.from(JSON.stringify(await make(), null, 2));
  const bytes =
    shelf === null ? await fresh() : ((await shelf.find(name)) ?? (await shelf.keep(name, await fresh())));
  writeFileSync(file, bytes, { mode: 0o600 });
}
