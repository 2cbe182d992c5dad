import { createReadStream, fdatasyncSync, mkdirSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BlobInput,
  type BlobRef,
  type BlobStore,
  type ContentPeriod,
  periodOf,
} from '../../document/index.ts';
import { type Clock, newId, runningSha256, systemClock, TrucError } from '../../kernel/index.ts';
import { dropShelf, failureOf, placeOf, shelfFor, storedPeriods, syncFolder } from './blob-places.ts';
import { demandWhole, type SegmentWriter, segmentWriter } from './blob-segments.ts';

/** Bodies up to this size share append-only segment files; larger ones are files of their own. */
const SMALL = 1024 * 1024;
const CHUNK = 256 * 1024;

export interface EmbeddedBlobStore extends BlobStore {
  close(): Promise<void>;
}

/**
 * Bytes on disk, the content of each quarter in a folder of its own: `<period>/segments/NNNNNN.seg` (small bodies) and
 * `<period>/files/<id>`. A reference says where the bytes are: `s:<period>:<segment>:<offset>:<length>` or
 * `f:<period>:<id>:<length>`. `dropped/<period>` marks what is gone for good.
 */
export async function blobStore(folder: string, clock: Clock = systemClock): Promise<EmbeddedBlobStore> {
  mkdirSync(folder, { recursive: true });
  const writers = new Map<ContentPeriod, Promise<SegmentWriter>>();

  function writerFor(period: ContentPeriod): Promise<SegmentWriter> {
    const known = writers.get(period);
    if (known) return known;
    const opening = segmentWriter(folder, period);
    writers.set(period, opening);
    opening.catch(() => writers.delete(period));
    return opening;
  }

  async function closeWriter(period: ContentPeriod): Promise<void> {
    const writer = writers.get(period);
    writers.delete(period);
    await (await writer)?.close();
  }

  return {
    put: async (blob) => {
      const period = blob.period ?? periodOf(clock.now());
      if (blob.bytes.length > SMALL) return putFile(folder, period, blob);
      return (await writerFor(period)).append(blob);
    },
    putStream: (chunks, period = periodOf(clock.now())) => putStream(folder, period, chunks),
    read: (ref) => readWhole(folder, ref),
    stream: (ref) => streamOf(folder, ref),
    destroy: (ref) => destroy(folder, ref),
    periods: async () => storedPeriods(folder),
    dropPeriod: async (period) => {
      await closeWriter(period);
      dropShelf(folder, period);
    },
    close: async () => {
      for (const period of [...writers.keys()]) await closeWriter(period);
    },
  };
}

async function putFile(folder: string, period: ContentPeriod, { bytes }: BlobInput): Promise<BlobRef> {
  async function* one() {
    yield bytes;
  }
  return (await putStream(folder, period, one())).ref;
}

/** Writes beside its final name, syncs, renames, syncs the folder: a half-written file never has a reference. */
async function putStream(folder: string, period: ContentPeriod, chunks: AsyncIterable<Uint8Array>) {
  const { files } = shelfFor(folder, period);
  const id = newId();
  const temporary = join(files, `${id}.part`);
  const handle = await open(temporary, 'wx');
  const digest = runningSha256();
  let size = 0;
  try {
    for await (const chunk of chunks) {
      digest.update(chunk);
      const { bytesWritten } = await handle.write(chunk);
      demandWhole(bytesWritten, chunk.length);
      size += chunk.length;
    }
    fdatasyncSync(handle.fd);
    await handle.close();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, join(files, id));
  syncFolder(files);
  return { ref: `f:${period}:${id}:${size}`, sha256: digest.digest().toString('hex'), size };
}

async function readWhole(folder: string, ref: BlobRef): Promise<Buffer> {
  const place = placeOf(folder, ref);
  try {
    const handle = await open(place.path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(place.length);
      const { bytesRead } = await handle.read(bytes, 0, place.length, place.offset);
      if (bytesRead !== place.length) throw new TrucError('document.blob-missing', { ref });
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw failureOf(folder, ref, place, error);
  }
}

async function* streamOf(folder: string, ref: BlobRef): AsyncIterable<Uint8Array> {
  const place = placeOf(folder, ref);
  try {
    const end = place.offset + place.length;
    if (statSync(place.path).size < end) throw new TrucError('document.blob-missing', { ref });
    if (place.length === 0) return;
    yield* createReadStream(place.path, { start: place.offset, end: end - 1, highWaterMark: CHUNK });
  } catch (error) {
    throw failureOf(folder, ref, place, error);
  }
}

async function destroy(folder: string, ref: BlobRef): Promise<void> {
  const place = placeOf(folder, ref);
  if (!place.segment) return rm(place.path, { force: true });
  // Neighbours in the segment stay, so the bytes are overwritten in place; the space comes back with the period.
  const handle = await open(place.path, 'r+');
  try {
    const zeros = Buffer.alloc(Math.min(CHUNK, place.length));
    for (let done = 0; done < place.length; done += zeros.length) {
      await handle.write(zeros, 0, Math.min(zeros.length, place.length - done), place.offset + done);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
