import {
  type BlobInput,
  type BlobRef,
  type BlobStore,
  type ContentPeriod,
  isPeriod,
  periodOf,
  type StoredPeriod,
} from '../../document/index.ts';
import {
  type Clock,
  ImpossibleError,
  isTrucError,
  newId,
  runningSha256,
  sha256,
  sha256Hex,
  sleep,
  systemClock,
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
  /** False while programs read here that know no quarters: then content lies as they expect it, and ends with no quarter. */
  byQuarters?: boolean;
  /** Tells the present period; the system's when not given. */
  clock?: Clock;
}

const CHUNK = 256 * 1024;
const PART = 8 * 1024 * 1024;
const READ_BACK_PAUSES_MS = [10, 40, 160];

/**
 * Bytes in an S3 bucket, the content of each quarter under a first name of its own. What is there as a whole lies under
 * its SHA-256 (`b:<period>:<sha256>:<size>`), so writing it again changes nothing. A stream longer than one part gets a
 * name of its own (`m:<period>:<id>:<sha256>:<size>`), because its digest is known only when S3 has all of it.
 *
 * A reference is given when S3 has answered and is known to have the right bytes: it has told a digest of what arrived
 * (SHA-256, or the MD5 that is the ETag of most servers), or everything was read back. Reads are checked against the
 * reference.
 *
 * `destroy` destroys the content: equal bytes that were put twice are one object. The bucket must keep no old versions.
 * Uploads that a dying process left are the bucket's own rule to clear (AbortIncompleteMultipartUpload).
 * @throws TrucError `adapters.store-failed` when the bucket does not answer
 */
export async function blobStore({
  url,
  partBytes = PART,
  byQuarters = true,
  clock = systemClock,
}: BlobStoreOptions): Promise<DistributedBlobStore> {
  const bucket = await openS3Bucket(url);
  const running = new Map<string, Promise<BlobRef>>();

  /** The same bytes at the same time are sent once. */
  function putOnce(blob: BlobInput, period: ContentPeriod | null): Promise<BlobRef> {
    const key = contentKey(period, blob.sha256);
    const known = running.get(key);
    if (known) return known;
    const put = putWhole(bucket, blob, period).finally(() => running.delete(key));
    running.set(key, put);
    return put;
  }

  /** Nothing is put into a period that is over and done with; the present one cannot be. */
  async function periodFor(wanted: ContentPeriod | undefined): Promise<ContentPeriod | null> {
    if (!byQuarters) return null;
    const present = periodOf(clock.now());
    const period = wanted ?? present;
    if (period !== present && (await isDropped(bucket, period)))
      throw new TrucError('document.content-expired', { period });
    return period;
  }

  return {
    put: async (blob) => {
      // Under a wrong name they would stand for the bytes of somebody else.
      if (sha256Hex(blob.bytes) !== blob.sha256) throw new ImpossibleError('a blob with another digest');
      return putOnce(blob, await periodFor(blob.period));
    },
    putStream: async (chunks, wanted) => {
      const period = await periodFor(wanted);
      const parts = partsOf(chunks, partBytes);
      const first = await parts.next();
      const bytes = first.done ? Buffer.alloc(0) : first.value;
      if (bytes.length === partBytes) return putParts(bucket, period, bytes, parts);
      const sha256 = sha256Hex(bytes);
      return { ref: await putOnce({ sha256, bytes }, period), sha256, size: bytes.length };
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
    periods: () => storedPeriods(bucket),
    dropPeriod: async (period) => {
      // The mark comes first: a drop that breaks off leaves content that nobody misses, never a gap without a reason.
      const nothing = Buffer.alloc(0);
      await bucket.put(droppedKey(period), nothing, sha256(nothing));
      await bucket.removeAll(`${period}/`);
    },
    ping: bucket.ping,
    close: async () => bucket.close(),
  };
}

interface Place {
  key: string;
  /** Null for what came before content was kept by periods. */
  period: ContentPeriod | null;
  sha256: string;
  size: number;
}

const REFERENCE =
  /^(b|m):(?:(\d{4}-Q[1-4]):)?(?:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):)?([0-9a-f]{64}):(\d{1,15})$/;

function placeOf(ref: BlobRef): Place {
  const [, form, period = null, id, sha256, size] = REFERENCE.exec(ref) ?? [];
  if (!sha256 || (form === 'm') !== (id !== undefined)) throw new TrucError('document.blob-missing', { ref });
  const key = id ? streamKey(period, id) : contentKey(period, sha256);
  return { key, period, sha256, size: Number(size) };
}

function contentKey(period: ContentPeriod | null, sha256: string): string {
  return `${under(period)}sha256/${sha256.slice(0, 2)}/${sha256}`;
}

function streamKey(period: ContentPeriod | null, id: string): string {
  return `${under(period)}streams/${id}`;
}

function under(period: ContentPeriod | null): string {
  return period === null ? '' : `${period}/`;
}

/** The part of a reference that names the period. */
function named(period: ContentPeriod | null): string {
  return period === null ? '' : `${period}:`;
}

const DROPPED = 'dropped/';

function droppedKey(period: ContentPeriod): string {
  return `${DROPPED}${period}`;
}

async function isDropped(bucket: S3Bucket, period: ContentPeriod): Promise<boolean> {
  return (await bucket.names(droppedKey(period))).length > 0;
}

async function storedPeriods(bucket: S3Bucket): Promise<StoredPeriod[]> {
  const dropped = (await bucket.names(DROPPED)).map((name) => name.slice(DROPPED.length));
  const all = new Set([...(await bucket.folders()), ...dropped].filter(isPeriod));
  return [...all].sort().map((period) => ({ period, dropped: dropped.includes(period) }));
}

async function putWhole(
  bucket: S3Bucket,
  { sha256, bytes }: BlobInput,
  period: ContentPeriod | null,
): Promise<BlobRef> {
  const ref = `b:${named(period)}${sha256}:${bytes.length}`;
  const checked = await bucket.put(contentKey(period, sha256), bytes, Buffer.from(sha256, 'hex'));
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

async function putParts(
  bucket: S3Bucket,
  period: ContentPeriod | null,
  first: Buffer,
  rest: AsyncIterable<Buffer>,
) {
  const id = newId();
  const key = streamKey(period, id);
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
  const ref = `m:${named(period)}${id}:${sha256}:${size}`;
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
  if (!chunks) throw await missing(bucket, place, ref);
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

async function missing(bucket: S3Bucket, { period }: Place, ref: BlobRef): Promise<TrucError> {
  return period !== null && (await isDropped(bucket, period))
    ? new TrucError('document.content-expired', { period })
    : new TrucError('document.blob-missing', { ref });
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
