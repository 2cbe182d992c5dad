import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { md5Hex, sha256, TrucError } from '../../kernel/index.ts';
import { directPut, type TakenDigests } from './s3-put.ts';

/** One part of an upload, as S3 answered for it. */
export interface UploadedPart {
  PartNumber: number;
  ETag: string | undefined;
  ChecksumSHA256: string;
}

/** What we use of a bucket. Every method returns when S3 has answered, and throws `adapters.store-failed` where it did not. */
export interface S3Bucket {
  /**
   * @param digest SHA-256 of the bytes
   * @returns true when S3 has made a digest of what arrived and it is the right one, false when it did not say so
   */
  put(key: string, bytes: Uint8Array, digest: Buffer): Promise<boolean>;
  /** Null where there is no such object. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  remove(key: string): Promise<void>;
  /** First parts of the names, up to a slash. */
  folders(): Promise<string[]>;
  /** Names that begin with this, in order. */
  names(start: string): Promise<string[]>;
  /** Removes everything whose name begins with this. */
  removeAll(start: string): Promise<void>;
  beginUpload(key: string): Promise<string>;
  uploadPart(
    key: string,
    upload: string,
    number: number,
    bytes: Uint8Array,
  ): Promise<UploadedPart & { checked: boolean }>;
  completeUpload(key: string, upload: string, parts: readonly UploadedPart[]): Promise<void>;
  abortUpload(key: string, upload: string): Promise<void>;
  /** Resolves when the bucket answers. */
  ping(signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * @param url `https://key:secret@host/bucket`, where names in the bucket may get a prefix (`/bucket/prefix`); query
 * parameters: `region` (`us-east-1`) and `style` (`path`, or `host` for buckets that are part of the host's name)
 * @throws TrucError `adapters.store-failed` when it is no such URL or the bucket does not answer
 */
export async function openS3Bucket(url: string): Promise<S3Bucket> {
  const { client, bucket, prefix, direct } = locate(url);
  const at = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });

  /** The next names after one, in order; a page is over when there are none. */
  async function list(start: string, after: string, most = 1_000): Promise<string[]> {
    const command = new ListObjectsCommand({
      Bucket: bucket,
      Prefix: `${prefix}${start}`,
      Marker: after && `${prefix}${after}`,
      MaxKeys: most,
    });
    const { Contents = [] } = await asked(() => client.send(command));
    return Contents.map(({ Key = '' }) => Key.slice(prefix.length));
  }

  async function removeTogether(keys: readonly string[]): Promise<void> {
    const Objects = keys.map((key) => ({ Key: `${prefix}${key}` }));
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await asked(() => client.send(command));
    if (Errors.length > 0) throw failed(null, 'not-removed');
  }

  await asked(() => client.send(new HeadBucketCommand({ Bucket: bucket }))).catch((error: unknown) => {
    client.destroy();
    throw error;
  });

  async function patientPut(key: string, bytes: Uint8Array, digest: Buffer): Promise<TakenDigests> {
    const command = new PutObjectCommand({
      ...at(key),
      Body: bytes,
      ContentLength: bytes.length,
      ChecksumSHA256: digest.toString('base64'),
    });
    const { ChecksumSHA256, ETag } = await asked(() => client.send(command));
    return { sha256: ChecksumSHA256, etag: ETag };
  }

  return {
    put: async (key, bytes, digest) => {
      const { sha256: theirs, etag } =
        (await direct?.put(`${prefix}${key}`, bytes, digest)) ?? (await patientPut(key, bytes, digest));
      return demandEqual(digest.toString('base64'), theirs) || etag === `"${md5Hex(bytes)}"`;
    },
    get: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)));
        return Body as unknown as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw failed(error);
      }
    },
    remove: async (key) => void (await asked(() => client.send(new DeleteObjectCommand(at(key))))),
    // By leaps, and not by the server's common prefixes: not every server finds those of names with many slashes.
    folders: async () => {
      const found: string[] = [];
      for (let after = ''; ; after = `${found.at(-1)}0`) {
        const [first] = await list('', after, 1);
        if (first === undefined) return found;
        found.push(first.split('/', 1)[0] as string);
      }
    },
    names: async (start) => {
      const found: string[] = [];
      for (;;) {
        const page = await list(start, found.at(-1) ?? '');
        if (page.length === 0) return found;
        found.push(...page);
      }
    },
    removeAll: async (start) => {
      for (;;) {
        const page = await list(start, '');
        if (page.length === 0) return;
        await removeTogether(page);
      }
    },
    beginUpload: async (key) => {
      const command = new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'SHA256' });
      const { UploadId } = await asked(() => client.send(command));
      if (!UploadId) throw failed(null, 'no-upload-id');
      return UploadId;
    },
    uploadPart: async (key, upload, number, bytes) => {
      const digest = checksum(bytes);
      const command = new UploadPartCommand({
        ...at(key),
        UploadId: upload,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.length,
        ChecksumSHA256: digest,
      });
      const { ETag, ChecksumSHA256 } = await asked(() => client.send(command));
      const checked = demandEqual(digest, ChecksumSHA256);
      return { PartNumber: number, ETag, ChecksumSHA256: digest, checked };
    },
    completeUpload: async (key, upload, parts) => {
      const MultipartUpload = { Parts: [...parts] };
      const command = new CompleteMultipartUploadCommand({ ...at(key), UploadId: upload, MultipartUpload });
      await asked(() => client.send(command));
    },
    abortUpload: async (key, upload) => {
      await asked(() => client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId: upload })));
    },
    ping: async (abortSignal) => {
      await asked(() => client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }));
    },
    close: () => {
      direct?.close();
      client.destroy();
    },
  };
}

function locate(text: string) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const [bucket, ...rest] = url?.pathname.split('/').filter(Boolean) ?? [];
  if (!url || !bucket || !/^https?:$/.test(url.protocol)) throw failed(null, 'url');
  const endpoint = new URL(`${url.protocol}//${url.host}`);
  const region = url.searchParams.get('region') ?? 'us-east-1';
  const credentials = {
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
  };
  const inPath = url.searchParams.get('style') !== 'host';
  const client = new S3Client({
    endpoint: endpoint.origin,
    region,
    credentials,
    forcePathStyle: inPath,
    maxAttempts: 4,
    // Every write carries a SHA-256 of its own and every read is checked against its reference.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  });
  const direct = inPath ? directPut(endpoint, bucket, { ...credentials, region }) : null;
  return { client, bucket, direct, prefix: rest.map((part) => `${part}/`).join('') };
}

function checksum(bytes: Uint8Array): string {
  return sha256(bytes).toString('base64');
}

function demandEqual(ours: string, theirs: string | undefined): boolean {
  if (theirs !== undefined && theirs !== ours) throw failed(null, 'checksum');
  return theirs === ours;
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown, cause?: string): TrucError {
  return new TrucError('adapters.store-failed', { store: 's3', ...(cause && { cause }) }, error ?? undefined);
}
