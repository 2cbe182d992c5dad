import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { MOVED_PARTS, type MovedPart, type MovedRows } from '../adapters/moved-rows.ts';
import { equalBytes, hmacSha256, runningSha256, sha256Hex, TrucError } from '../kernel/index.ts';

/** What an archive says of itself, in MANIFEST.json (docs/spec/export.md). */
export interface Manifest {
  format: 'truc-export';
  version: 1;
  exportedAt: string;
  log: {
    origin: string;
    vkey: string;
    size: number;
    /** Hexadecimal. */
    root: string;
    epoch: number;
    /** The head that was signed last; null when none was. */
    signed: { size: number; root: string } | null;
  };
  /** Revision of the registry of agencies. */
  registryRevision: number;
  /** PKCS#8 keys by name, sealed under the master key, base64. */
  keys: Readonly<Record<'ledger' | 'token' | 'webhook', string>>;
  parts: Readonly<Record<MovedPart, { rows: number; sha256: string }>>;
}

const ROWS_PER_PAGE = 500;
const VERSION = 1;

const partPath = (folder: string, part: MovedPart) => join(folder, `${part}.ndjson`);
/** Content lies under its own digest, once. */
export const blobPath = (folder: string, sha256: string) => join(folder, 'blobs', sha256.slice(0, 2), sha256);

/** Writes one part, a row on each line. @returns what the manifest says of it */
export async function writePart<Part extends MovedPart>(
  folder: string,
  part: Part,
  pages: AsyncIterable<MovedRows[Part][]>,
): Promise<{ rows: number; sha256: string }> {
  const digest = runningSha256();
  let rows = 0;
  async function* lines() {
    for await (const page of pages) {
      const bytes = Buffer.from(page.map((row) => `${JSON.stringify(row)}\n`).join(''));
      digest.update(bytes);
      rows += page.length;
      yield bytes;
    }
  }
  await pipeline(lines, createWriteStream(partPath(folder, part), { mode: 0o600, flush: true }));
  return { rows, sha256: digest.digest().toString('hex') };
}

/** The rows of a part, in pages. */
export async function* readPart<Part extends MovedPart>(
  folder: string,
  part: Part,
): AsyncGenerator<MovedRows[Part][]> {
  let page: MovedRows[Part][] = [];
  const lines = createInterface({ input: createReadStream(partPath(folder, part)), crlfDelay: Infinity });
  for await (const line of lines) {
    page.push(JSON.parse(line) as MovedRows[Part]);
    if (page.length < ROWS_PER_PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** Writes content beside its name and renames it, so that what has the name is whole. */
export async function writeBlob(
  folder: string,
  sha256: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const path = blobPath(folder, sha256);
  if (existsSync(path)) return;
  mkdirSync(join(path, '..'), { recursive: true });
  const digest = runningSha256();
  async function* read() {
    for await (const chunk of chunks) {
      digest.update(chunk);
      yield chunk;
    }
  }
  await pipeline(read, createWriteStream(`${path}.part`, { mode: 0o600, flush: true }));
  if (digest.digest().toString('hex') !== sha256) throw damaged(`blobs/${sha256}`);
  await rename(`${path}.part`, path);
}

/** Last of all: with it the archive is complete. */
export function writeManifest(folder: string, manifest: Manifest, masterKey: Buffer): void {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'MANIFEST.mac'), `${macOf(bytes, masterKey)}\n`, { mode: 0o600, flush: true });
  writeFileSync(join(folder, 'MANIFEST.json'), bytes, { mode: 0o600, flush: true });
}

export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, 'MANIFEST.json'));
}

/**
 * Reads the manifest and checks every part against it, so that a damaged or altered archive is refused before anything is
 * written.
 * @param masterKey the one under which it was exported
 * @returns the manifest, and its digest, which names the archive
 * @throws TrucError `app.archive-damaged` with the file, `app.archive-unknown`, `app.archive-other-key`
 */
export async function openArchive(
  folder: string,
  masterKey: Buffer,
): Promise<{ manifest: Manifest; archive: string }> {
  if (!hasManifest(folder)) throw new TrucError('app.archive-unknown', { path: folder });
  const bytes = readFileSync(join(folder, 'MANIFEST.json'));
  const mac = existsSync(join(folder, 'MANIFEST.mac'))
    ? readFileSync(join(folder, 'MANIFEST.mac'), 'utf8').trim()
    : '';
  if (!equalBytes(Buffer.from(mac), Buffer.from(macOf(bytes, masterKey))))
    throw new TrucError('app.archive-other-key', { path: folder });
  const manifest = JSON.parse(bytes.toString('utf8')) as Manifest;
  if (manifest.format !== 'truc-export' || manifest.version !== VERSION)
    throw new TrucError('app.archive-unknown', { path: folder });
  for (const part of MOVED_PARTS)
    if ((await digestOfPart(folder, part)) !== manifest.parts[part].sha256) throw damaged(`${part}.ndjson`);
  return { manifest, archive: sha256Hex(bytes) };
}

async function digestOfPart(folder: string, part: MovedPart): Promise<string> {
  const digest = runningSha256();
  if (!existsSync(partPath(folder, part))) throw damaged(`${part}.ndjson`);
  for await (const chunk of createReadStream(partPath(folder, part))) digest.update(chunk as Buffer);
  return digest.digest().toString('hex');
}

function macOf(manifest: Buffer, masterKey: Buffer): string {
  return hmacSha256(masterKey, Buffer.concat([Buffer.from('truc export manifest\n'), manifest])).toString(
    'hex',
  );
}

export function damaged(file: string): TrucError {
  return new TrucError('app.archive-damaged', { file });
}
