import { once } from 'node:events';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { TrucError } from '../kernel/index.ts';

/** A file of a package, by its path in it. */
export type Files = ReadonlyMap<string, Buffer>;

const MAX_FILES = 20_000;
const MAX_BYTES = 512 * 1024 * 1024;
/** DEFLATE cannot do better than about 1032:1; a file that claims more lies about its size. */
const MAX_RATIO = 1_100;
/** The only names a package may have: nothing that leads elsewhere, nothing hidden, nothing unknown. */
const NAME =
  /^(?:entries\/\d{3,6}\.json|proofs\/\d{3,6}\.tlog-proof|checkpoint|disclosures\.json|report\.json|reports\/\d{3}\.json|original\.edxml|README\.txt|manifest\.json)$/;

/**
 * A ZIP of the files in their order. The same files give the same bytes everywhere: stored without compression (whose
 * output differs between zlib versions), one fixed time, one fixed mode.
 */
export async function writeArchive(files: Files): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  // Local parts, because the DOS field of a ZIP has no time zone: it reads the same wherever this runs.
  const mtime = new Date(1980, 0, 1);
  for (const [name, bytes] of files)
    zip.addBuffer(bytes, name, { mtime, mode: 0o100644, compress: false, forceDosTimestamp: true });
  zip.end();
  const chunks: Buffer[] = [];
  zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(zip.outputStream, 'end');
  return Buffer.concat(chunks);
}

/**
 * Reads a package. Refuses unknown and doubled names, encryption, more files or bytes than evidence has.
 * @throws TrucError `evidence.malformed` with the cause
 */
export async function readArchive(bytes: Buffer): Promise<Files> {
  const files = new Map<string, Buffer>();
  let total = 0;
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true });
    if (zip.entryCount > MAX_FILES) throw malformed('too-many-files');
    for await (const entry of zip.eachEntry()) {
      checkEntry(entry, files);
      total += entry.uncompressedSize;
      if (total > MAX_BYTES) throw malformed('too-large');
      files.set(entry.fileName, await readFile(zip, entry));
    }
  } catch (error) {
    if (error instanceof TrucError) throw error;
    throw malformed('zip', error);
  }
  return files;
}

function checkEntry(entry: yauzl.Entry, files: Files): void {
  if (!NAME.test(entry.fileName)) throw malformed('file-name');
  if (files.has(entry.fileName)) throw malformed('file-twice');
  if (entry.isEncrypted()) throw malformed('encrypted');
  if (entry.uncompressedSize > 4_096 && entry.uncompressedSize > entry.compressedSize * MAX_RATIO)
    throw malformed('compression');
}

/** yauzl ends the stream with an error when there is more or less data than the entry says. */
async function readFile(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function malformed(cause: string, error?: unknown): TrucError {
  return new TrucError('evidence.malformed', { cause }, error);
}
