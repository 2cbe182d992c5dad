import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BlobRef, type ContentPeriod, isPeriod, type StoredPeriod } from '../../document/index.ts';
import { systemCode, TrucError } from '../../kernel/index.ts';

/** Where the bytes of a reference lie. */
export interface Place {
  path: string;
  offset: number;
  length: number;
  /** They have neighbours in the same file. */
  segment: boolean;
  /** Null for what came before content was kept by periods. */
  period: ContentPeriod | null;
}

/** The folders of one period. */
export interface Shelf {
  segments: string;
  files: string;
}

const SEGMENT = /^s:(?:(\d{4}-Q[1-4]):)?(\d{1,6}):(\d{1,15}):(\d{1,15})$/;
const FILE = /^f:(?:(\d{4}-Q[1-4]):)?([0-9a-f-]{36}):(\d{1,15})$/;
const DROPPED = 'dropped';

export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.seg`;
}

/** @throws TrucError `document.blob-missing` for what is no reference of this store */
export function placeOf(folder: string, ref: BlobRef): Place {
  const segment = SEGMENT.exec(ref);
  if (segment) {
    const [number, offset, length] = segment.slice(2).map(Number) as [number, number, number];
    const period = segment[1] ?? null;
    const path = join(shelfOf(folder, period).segments, segmentName(number));
    return { path, offset, length, segment: true, period };
  }
  const file = FILE.exec(ref);
  if (!file) throw new TrucError('document.blob-missing', { ref });
  const period = file[1] ?? null;
  const path = join(shelfOf(folder, period).files, file[2] as string);
  return { path, offset: 0, length: Number(file[3]), segment: false, period };
}

function shelfOf(folder: string, period: ContentPeriod | null): Shelf {
  const within = period === null ? folder : join(folder, period);
  return { segments: join(within, 'segments'), files: join(within, 'files') };
}

/**
 * The folders that a period's content is written to, made where they are missing.
 * @throws TrucError `document.content-expired` when the period was dropped
 */
export function shelfFor(folder: string, period: ContentPeriod): Shelf {
  if (isDropped(folder, period)) throw new TrucError('document.content-expired', { period });
  const shelf = shelfOf(folder, period);
  if (!existsSync(shelf.files)) {
    mkdirSync(shelf.segments, { recursive: true });
    mkdirSync(shelf.files, { recursive: true });
    syncFolder(join(folder, period));
    syncFolder(folder);
  }
  return shelf;
}

/** What a read that failed means to the reader. */
export function failureOf(folder: string, ref: BlobRef, { period }: Place, error: unknown): unknown {
  if (systemCode(error) !== 'ENOENT') return error;
  if (period !== null && isDropped(folder, period))
    return new TrucError('document.content-expired', { period }, error);
  return new TrucError('document.blob-missing', { ref }, error);
}

function isDropped(folder: string, period: ContentPeriod): boolean {
  return existsSync(join(folder, DROPPED, period));
}

export function storedPeriods(folder: string): StoredPeriod[] {
  const dropped = namesIn(join(folder, DROPPED));
  const all = new Set([...namesIn(folder), ...dropped].filter(isPeriod));
  return [...all].sort().map((period) => ({ period, dropped: dropped.includes(period) }));
}

/** The mark comes first: a drop that breaks off leaves content that nobody misses, never a gap without a reason. */
export function dropShelf(folder: string, period: ContentPeriod): void {
  mkdirSync(join(folder, DROPPED), { recursive: true });
  closeSync(openSync(join(folder, DROPPED, period), 'a'));
  syncFolder(join(folder, DROPPED));
  syncFolder(folder);
  rmSync(join(folder, period), { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Makes the entries of a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
