import type { BlobInput, BlobRef, BlobStore } from '../../document/index.ts';
import {
  ImpossibleError,
  isTrucError,
  newId,
  runningSha256,
  sha256Hex,
  sleep,
  TrucError,
} from '../../kernel/index.ts';
import { openS3Bucket, type S3Bucket, type UploadedPart } from './s3-bucket.ts';

export interface DistributedBlobStore extends BlobStore {
  /** Resolves when the bucket answers. */
  ping(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface BlobStoreOptions {
  /** As for `openS3Bucket`. */
  url: string;
  /**
   * Bytes of a stream that are held and sent at once; 8 MiB when not given. S3 demands 5 MiB at least and takes 10,000
   * parts, so this also bounds the longest stream.
   */
  partBytes?: number;
}

const CHUNK = 256 * 1024;
const PART = 8 * 1024 * 1024;
const READ_BACK_PAUSES_MS = [10, 40, 160];

/**
 * Bytes in an S3 bucket. What is there as a whole lies under its SHA-256 (`b:<sha256>:<size>`), so writing it again
 * changes nothing. A stream longer than one part gets a name of its own (`m:<id>:<sha256>:<size>`), because its digest is
 * known only when S3 has all of it.
 *
 * A reference is given when S3 has answered and is known to have the right bytes: it has checked a SHA-256 of each
 * request, or, where a server does not, everything was read back. Reads are checked against the reference.
 *
 * `destroy` destroys the content: equal bytes that were put twice are one object. The bucket must keep no old versions.
 * Uploads that a dying process left are the bucket's own rule to clear (AbortIncompleteMultipartUpload).
 * @throws TrucError `adapters.store-failed` when the bucket does not answer
 */
export async function blobStore({ url, partBytes = PART }: BlobStoreOptions): Promise<DistributedBlobStore> {
  const bucket = await openS3Bucket(url);
  const running = new Map<string, Promise<BlobRef>>();

  /** The same bytes at the same time are sent once. */
  function putOnce(blob: BlobInput): Promise<BlobRef> {
    const known = running.get(blob.sha256);
    if (known) return known;
    const put = putWhole(bucket, blob).finally(() => running.delete(blob.sha256));
    running.set(blob.sha256, put);
    return put;
  }

  return {
    put: async (blob) => {
      // Under a wrong name they would stand for the bytes of somebody else.
      if (sha256Hex(blob.bytes) !== blob.sha256) throw new ImpossibleError('a blob with another digest');
      return putOnce(blob);
    },
    putStream: async (chunks) => {
      const parts = partsOf(chunks, partBytes);
      const first = await parts.next();
      const bytes = first.done ? Buffer.alloc(0) : first.value;
      if (bytes.length === partBytes) return putParts(bucket, bytes, parts);
      const sha256 = sha256Hex(bytes);
      return { ref: await putOnce({ sha256, bytes }), sha256, size: bytes.length };
    },
    read: async (ref) => {
      const parts: Uint8Array[] = [];
      for await (const chunk of checkedStream(bucket, placeOf(ref), ref)) parts.push(chunk);
      return Buffer.concat(parts);
    },
    stream: async function* (ref) {
      for await (const chunk of checkedStream(bucket, placeOf(ref), ref))
        for (let at = 0; at < chunk.length; at += CHUNK) yield chunk.subarray(at, at + CHUNK);
    },
    destroy: (ref) => bucket.remove(placeOf(ref).key),
    ping: bucket.ping,
    close: async () => bucket.close(),
  };
}

interface Place {
  key: string;
  sha256: string;
  size: number;
}

function placeOf(ref: BlobRef): Place {
  const [, id, sha256, size] = /^(?:b|m:([0-9a-f-]{36})):([0-9a-f]{64}):(\d{1,15})$/.exec(ref) ?? [];
  if (!sha256) throw new TrucError('document.blob-missing', { ref });
  return { key: id ? streamKey(id) : contentKey(sha256), sha256, size: Number(size) };
}

function contentKey(sha256: string): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256}`;
}

function streamKey(id: string): string {
  return `streams/${id}`;
}

async function putWhole(bucket: S3Bucket, { sha256, bytes }: BlobInput): Promise<BlobRef> {
  const ref = `b:${sha256}:${bytes.length}`;
  const checked = await bucket.put(contentKey(sha256), bytes);
  if (!checked) await readBack(bucket, ref);
  return ref;
}

/** All but the last have `size` bytes; one of them is held at a time. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void> {
  let part = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(size - filled, chunk.length - at);
      part.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < size) continue;
      yield part;
      part = Buffer.allocUnsafe(size);
      filled = 0;
    }
  if (filled > 0) yield part.subarray(0, filled);
}

async function putParts(bucket: S3Bucket, first: Buffer, rest: AsyncIterable<Buffer>) {
  const id = newId();
  const key = streamKey(id);
  const upload = await bucket.beginUpload(key);
  const digest = runningSha256();
  const parts: UploadedPart[] = [];
  let size = 0;
  let checked = true;

  async function send(bytes: Buffer): Promise<void> {
    digest.update(bytes);
    size += bytes.length;
    const { checked: known, ...part } = await bucket.uploadPart(key, upload, parts.length + 1, bytes);
    checked &&= known;
    parts.push(part);
  }

  try {
    await send(first);
    for await (const bytes of rest) await send(bytes);
    await bucket.completeUpload(key, upload, parts);
  } catch (error) {
    // The first failure is the one to tell; what stays is cleared by the bucket's rule.
    await bucket.abortUpload(key, upload).catch(() => undefined);
    throw error;
  }
  const sha256 = digest.digest().toString('hex');
  const ref = `m:${id}:${sha256}:${size}`;
  if (!checked) await readBack(bucket, ref);
  return { ref, sha256, size };
}

/** Some servers answer a moment before everyone can read what they took. */
async function readBack(bucket: S3Bucket, ref: BlobRef): Promise<void> {
  for (const pauseMs of READ_BACK_PAUSES_MS) {
    if (await isKept(bucket, ref)) return;
    await sleep(pauseMs);
  }
  if (!(await isKept(bucket, ref))) throw damaged(ref, 'not-kept');
}

async function isKept(bucket: S3Bucket, ref: BlobRef): Promise<boolean> {
  try {
    for await (const _ of checkedStream(bucket, placeOf(ref), ref));
    return true;
  } catch (error) {
    if (isTrucError(error, 'document.blob-missing', 'adapters.store-failed')) return false;
    throw error;
  }
}

async function* checkedStream(bucket: S3Bucket, place: Place, ref: BlobRef): AsyncIterable<Uint8Array> {
  const chunks = await bucket.get(place.key);
  if (!chunks) throw new TrucError('document.blob-missing', { ref });
  const digest = runningSha256();
  let size = 0;
  for await (const chunk of readable(chunks)) {
    size += chunk.length;
    // Before it is handed on: never more than the reference says.
    if (size > place.size) throw damaged(ref, 'size');
    digest.update(chunk);
    yield chunk;
  }
  if (size !== place.size) throw damaged(ref, 'size');
  if (digest.digest().toString('hex') !== place.sha256) throw damaged(ref, 'digest');
}

async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw new TrucError('adapters.store-failed', { store: 's3', cause: 'read' }, error);
  }
}

function damaged(ref: BlobRef, cause: string): TrucError {
  return new TrucError('adapters.store-failed', { store: 's3', cause, ref });
}
