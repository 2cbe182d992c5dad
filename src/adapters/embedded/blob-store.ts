import {
  closeSync,
  createReadStream,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobInput, BlobRef, BlobStore } from '../../document/index.ts';
import { type Batcher, batcher, newId, runningSha256, systemCode, TrucError } from '../../kernel/index.ts';

/** Bodies up to this size share append-only segment files; larger ones are files of their own. */
const SMALL = 1024 * 1024;
const SEGMENT_LIMIT = 256 * 1024 * 1024;
const CHUNK = 256 * 1024;

export interface EmbeddedBlobStore extends BlobStore {
  close(): Promise<void>;
}

/**
 * Bytes on disk: `segments/NNNNNN.seg` (small bodies, one write and one fdatasync for all that wait) and `files/<id>`.
 * A reference says where the bytes are: `s:<segment>:<offset>:<length>` or `f:<id>:<length>`.
 */
export async function blobStore(folder: string): Promise<EmbeddedBlobStore> {
  const segments = join(folder, 'segments');
  const files = join(folder, 'files');
  mkdirSync(segments, { recursive: true });
  mkdirSync(files, { recursive: true });
  const writer = await segmentWriter(segments);
  return {
    put: (blob) => (blob.bytes.length <= SMALL ? writer.append(blob) : putFile(files, blob.bytes)),
    putStream: (chunks) => putStream(files, chunks),
    read: (ref) => readWhole(segments, files, ref),
    stream: (ref) => streamOf(segments, files, ref),
    destroy: (ref) => destroy(segments, files, ref),
    close: () => writer.close(),
  };
}

interface SegmentWriter {
  append(blob: BlobInput): Promise<BlobRef>;
  close(): Promise<void>;
}

async function segmentWriter(folder: string): Promise<SegmentWriter> {
  const names = readdirSync(folder).filter((name) => /^\d{6}\.seg$/.test(name));
  let number = Math.max(0, ...names.map((name) => Number(name.slice(0, 6))));
  let handle = await openSegment(folder, number);
  let size = (await handle.stat()).size;
  const writes: Batcher<BlobInput, BlobRef> = batcher(appendTogether, { maxItems: 64 });

  async function appendTogether(blobs: BlobInput[]): Promise<BlobRef[]> {
    if (size > SEGMENT_LIMIT) await roll();
    let at = size;
    const refs = blobs.map((blob) => {
      const ref = `s:${number}:${at}:${blob.bytes.length}`;
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
function demandWhole(written: number, wanted: number): void {
  if (written !== wanted)
    throw new TrucError('adapters.store-failed', { store: 'blobs', cause: 'short-write', written, wanted });
}

/** Opens for writing at positions (append mode would ignore them) and makes the folder entry durable. */
async function openSegment(folder: string, number: number): Promise<FileHandle> {
  const path = join(folder, `${String(number).padStart(6, '0')}.seg`);
  const handle = await open(path, 'r+').catch(() => open(path, 'w+'));
  syncFolder(folder);
  return handle;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function putFile(folder: string, bytes: Uint8Array): Promise<BlobRef> {
  async function* one() {
    yield bytes;
  }
  return (await putStream(folder, one())).ref;
}

/** Writes beside its final name, syncs, renames, syncs the folder: a half-written file never has a reference. */
async function putStream(folder: string, chunks: AsyncIterable<Uint8Array>) {
  const id = newId();
  const temporary = join(folder, `${id}.part`);
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
  await rename(temporary, join(folder, id));
  syncFolder(folder);
  return { ref: `f:${id}:${size}`, sha256: digest.digest().toString('hex'), size };
}

interface Place {
  path: string;
  offset: number;
  length: number;
  segment: boolean;
}

function placeOf(segments: string, files: string, ref: BlobRef): Place {
  const segment = /^s:(\d{1,6}):(\d+):(\d+)$/.exec(ref);
  if (segment) {
    const [number, offset, length] = segment.slice(1).map(Number) as [number, number, number];
    return { path: join(segments, `${String(number).padStart(6, '0')}.seg`), offset, length, segment: true };
  }
  const file = /^f:([0-9a-f-]{36}):(\d+)$/.exec(ref);
  if (!file) throw new TrucError('document.blob-missing', { ref });
  return { path: join(files, file[1] as string), offset: 0, length: Number(file[2]), segment: false };
}

function missing(ref: BlobRef, error: unknown): unknown {
  return systemCode(error) === 'ENOENT' ? new TrucError('document.blob-missing', { ref }, error) : error;
}

async function readWhole(segments: string, files: string, ref: BlobRef): Promise<Buffer> {
  const place = placeOf(segments, files, ref);
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
    throw missing(ref, error);
  }
}

async function* streamOf(segments: string, files: string, ref: BlobRef): AsyncIterable<Uint8Array> {
  const place = placeOf(segments, files, ref);
  if (place.length === 0) return;
  try {
    const end = place.offset + place.length;
    if (statSync(place.path).size < end) throw new TrucError('document.blob-missing', { ref });
    yield* createReadStream(place.path, { start: place.offset, end: end - 1, highWaterMark: CHUNK });
  } catch (error) {
    throw missing(ref, error);
  }
}

async function destroy(segments: string, files: string, ref: BlobRef): Promise<void> {
  const place = placeOf(segments, files, ref);
  if (!place.segment) return rm(place.path, { force: true });
  // Neighbours in the segment stay, so the bytes are overwritten in place; the space comes back with the segment.
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
