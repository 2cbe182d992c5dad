import { mkdirSync } from 'node:fs';
import { MOVED_PARTS, type MovedPart, type MovedRows, type RowSource } from '../adapters/moved-rows.ts';
import type { BlobRef, BlobStore } from '../document/index.ts';
import { checkStores } from '../exchange/index.ts';
import { isoTime, isTrucError, systemClock, TrucError } from '../kernel/index.ts';
import { formatVkey } from '../ledger/index.ts';
import type { Draft, DraftVersion } from '../signing/index.ts';
import { hasManifest, type Manifest, writeBlob, writeManifest, writePart } from './archive.ts';
import { openKeys } from './secrets.ts';
import { seal } from './shared-keys.ts';

export interface ExportOptions {
  /** Held by this process. */
  dataDir: string;
  signerState: string;
  masterKey: Buffer;
  /** Folder of the archive. */
  out: string;
  onProgress(part: string, rows: number): void;
}

/**
 * Writes a stopped embedded installation to an archive (docs/spec/export.md). One that was broken off is begun again.
 * @throws TrucError `app.archive-there`, `app.export-faulty` when ledger and stores do not agree, or nothing was ever
 * signed
 */
export async function exportArchive(options: ExportOptions): Promise<Manifest> {
  const { dataDir, masterKey, out } = options;
  if (hasManifest(out)) throw new TrucError('app.archive-there', { path: out });
  const { openEmbedded } = await import('../adapters/embedded/index.ts');
  const stores = await openEmbedded(dataDir, options.signerState);
  try {
    const { faults } = await checkStores(stores, (done) => options.onProgress('fsck', done));
    const signed = await stores.signerMemory.load();
    if (faults.length > 0 || !signed)
      throw new TrucError('app.export-faulty', { path: dataDir, count: faults.length });
    mkdirSync(out, { recursive: true, mode: 0o700 });
    const parts = await writeParts(stores.rows, stores.blobs, options);
    const keys = openKeys(dataDir);
    const head = await stores.journal.head();
    const sealed = (name: keyof typeof keys) => seal(name, keys[name], masterKey).toString('base64');
    const manifest: Manifest = {
      format: 'truc-export',
      version: 1,
      exportedAt: isoTime(systemClock.now()),
      log: {
        origin: signed.origin,
        vkey: formatVkey(signed.origin, keys.ledger),
        size: head.size,
        root: head.root.toString('hex'),
        epoch: head.epoch,
        signed: { size: signed.size, root: signed.root.toString('hex') },
      },
      registryRevision: await stores.agencies.revision(),
      keys: { ledger: sealed('ledger'), token: sealed('token'), webhook: sealed('webhook') },
      parts,
    };
    writeManifest(out, manifest, masterKey);
    return manifest;
  } finally {
    await stores.close();
  }
}

async function writeParts(
  rows: RowSource,
  blobs: BlobStore,
  { out, onProgress }: ExportOptions,
): Promise<Manifest['parts']> {
  const parts: Partial<Record<MovedPart, { rows: number; sha256: string }>> = {};
  /** Writes content to the archive under its digest, which names it there. */
  const contentOf = async ({ sha256 }: { sha256: string }, ref: BlobRef | null) => {
    if (!ref) return ref;
    try {
      await writeBlob(out, sha256, blobs.stream(ref));
      return sha256;
    } catch (error) {
      // It arrives as content that is no more; the ledger, which moves whole, says when it went and why.
      if (isTrucError(error, 'document.content-expired')) return null;
      throw error;
    }
  };
  const source: RowSource = {
    ...rows,
    documents: () => named(rows.documents(), 'original', (record) => contentOf(record, record.original)),
    drafts: () => withNamedVersions(rows.drafts(), contentOf),
    deliveries: () => named(rows.deliveries(), 'content', (record) => contentOf(record, record.content)),
    augmentations: () =>
      named(rows.augmentations(), 'content', (record) => contentOf(record, record.content)),
    statuses: () => named(rows.statuses(), 'content', (record) => contentOf(record, record.content)),
  };
  for (const part of MOVED_PARTS) parts[part] = await writePart(out, part, counted(part, source, onProgress));
  return parts as Manifest['parts'];
}

/** Rows whose field names content by its digest, which every store knows, and not by the place in this one. */
async function* named<Row, Field extends keyof Row>(
  pages: AsyncIterable<Row[]>,
  field: Field,
  nameOf: (row: Row) => Promise<unknown>,
): AsyncGenerator<Row[]> {
  for await (const page of pages) {
    const renamed: Row[] = [];
    for (const row of page) renamed.push({ ...row, [field]: await nameOf(row) });
    yield renamed;
  }
}

async function* withNamedVersions(
  pages: AsyncIterable<Draft[]>,
  nameOf: (version: DraftVersion, ref: BlobRef) => Promise<string | null>,
): AsyncGenerator<Draft[]> {
  for await (const page of pages) {
    const renamed: Draft[] = [];
    for (const draft of page) {
      const versions: DraftVersion[] = [];
      for (const version of draft.versions)
        versions.push({ ...version, content: (await nameOf(version, version.content)) ?? '' });
      renamed.push({ ...draft, versions });
    }
    yield renamed;
  }
}

async function* counted<Part extends MovedPart>(
  part: Part,
  source: RowSource,
  onProgress: ExportOptions['onProgress'],
): AsyncGenerator<MovedRows[Part][]> {
  let done = 0;
  for await (const page of source[part]() as AsyncIterable<MovedRows[Part][]>) {
    yield page;
    done += page.length;
    onProgress(part, done);
  }
}
