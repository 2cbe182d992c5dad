import { readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobInput, BlobRef, ContentPeriod } from '../../document/index.ts';
import { type Batcher, batcher, TrucError } from '../../kernel/index.ts';
import { segmentName, shelfFor, syncFolder } from './blob-places.ts';

const SEGMENT_LIMIT = 256 * 1024 * 1024;

export interface SegmentWriter {
  append(blob: BlobInput): Promise<BlobRef>;
  close(): Promise<void>;
}

/** Appends the small bodies of one period to its segment files: one write and one fdatasync for all that wait. */
export async function segmentWriter(root: string, period: ContentPeriod): Promise<SegmentWriter> {
  const folder = shelfFor(root, period).segments;
  const names = readdirSync(folder).filter((name) => /^\d{6}\.seg$/.test(name));
  let number = Math.max(0, ...names.map((name) => Number(name.slice(0, 6))));
  let handle = await openSegment(folder, number);
  let size = (await handle.stat()).size;
  const writes: Batcher<BlobInput, BlobRef> = batcher(appendTogether, { maxItems: 64 });

  async function appendTogether(blobs: BlobInput[]): Promise<BlobRef[]> {
    if (size > SEGMENT_LIMIT) await roll();
    let at = size;
    const refs = blobs.map((blob) => {
      const ref = `s:${period}:${number}:${at}:${blob.bytes.length}`;
      at += blob.bytes.length;
      return ref;
    });
    try {
      const { bytesWritten } = await handle.writev(
        blobs.map((blob) => blob.bytes),
        size,
      );
      demandWhole(bytesWritten, at - size);
      await handle.datasync();
    } catch (error) {
      throw new TrucError('adapters.store-failed', { store: 'blobs' }, error);
    }
    size = at;
    return refs;
  }

  async function roll() {
    await handle.close();
    number++;
    handle = await openSegment(folder, number);
    size = 0;
  }

  return {
    append: (blob) => writes.add(blob),
    close: async () => {
      await writes.idle();
      await handle.close();
    },
  };
}

/** A disk that fills up takes the beginning of a write without an error. */
export function demandWhole(written: number, wanted: number): void {
  if (written !== wanted)
    throw new TrucError('adapters.store-failed', { store: 'blobs', cause: 'short-write', written, wanted });
}

/** Opens for writing at positions (append mode would ignore them) and makes the folder entry durable. */
async function openSegment(folder: string, number: number): Promise<FileHandle> {
  const path = join(folder, segmentName(number));
  const handle = await open(path, 'r+').catch(() => open(path, 'w+'));
  syncFolder(folder);
  return handle;
}
