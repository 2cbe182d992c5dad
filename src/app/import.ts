import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { openDistributed } from '../adapters/distributed/index.ts';
import { MOVED_PARTS, type MovedPart, type MovedRows, type RowSink } from '../adapters/moved-rows.ts';
import { type BlobRef, type BlobStore, type ContentPeriod, periodOf } from '../document/index.ts';
import { checkStores } from '../exchange/index.ts';
import { equalBytes, type Log, sha256Hex, systemCode, TrucError } from '../kernel/index.ts';
import { formatVkey } from '../ledger/index.ts';
import type { DraftVersion } from '../signing/index.ts';
import { blobPath, damaged, type Manifest, openArchive, readPart } from './archive.ts';
import type { DistributedConfig } from './config.ts';
import { unseal } from './shared-keys.ts';

export interface ImportOptions {
  folder: string;
  config: DistributedConfig;
  log: Log;
  onProgress(part: string, rows: number): void;
}

type Opened = Awaited<ReturnType<typeof openDistributed>>;
type Moving = ReturnType<Opened['moveIn']>;

/** Content up to this size is sent in one piece, larger in parts. */
const WHOLE = 8 * 1024 * 1024;
const BLOBS_AT_ONCE = 8;
const LEASE_MS = 30_000;

/**
 * Takes an archive into an empty installation of the distributed profile. Nothing else can open the stores until it is
 * finished; broken off, it goes on when it is called again with the same archive.
 * @throws TrucError `app.import-not-empty`, `app.import-differs` when the checks at the end find something,
 * `adapters.migration-running` beside another import, and what `openArchive` throws
 */
export async function importArchive({ folder, config, log, onProgress }: ImportOptions): Promise<Manifest> {
  const { manifest, archive } = await openArchive(folder, config.masterKey);
  const distributed = await import('../adapters/distributed/index.ts');
  const stores = await distributed.openDistributed({ ...config, log, importing: archive });
  try {
    return await inOffice(stores.lease('import', LEASE_MS), async (demandOffice) => {
      const moving = stores.moveIn(archive, manifest.log.epoch);
      await claim(stores, moving);
      await moveKeys(stores, manifest, config.masterKey);
      const sink = contentFirst(moving.sink, movedContent(stores, folder), stores);
      const tell = (part: string, rows: number) => {
        demandOffice();
        onProgress(part, rows);
      };
      for (const part of MOVED_PARTS) await movePart(part, sink, folder, tell);
      await moving.finish(manifest.registryRevision);
      await moveMemory(stores, manifest);
      await checkAll(stores, moving, manifest, tell);
      demandOffice();
      await moving.mark.end();
      return manifest;
    });
  } finally {
    await stores.close();
  }
}

/**
 * One import at a time: a second one, slower than the first, would write old rows over what nodes have done since.
 * @throws TrucError `adapters.migration-running`
 */
async function inOffice<T>(
  lease: ReturnType<Opened['lease']>,
  work: (demandOffice: () => void) => Promise<T>,
): Promise<T> {
  const running = () => new TrucError('adapters.migration-running', {});
  if (!(await lease.take())) throw running();
  let lost = false;
  const renew = async () => {
    // What cannot be asked is asked again; nobody else can have taken it before its end.
    lost ||= !(await lease.take().catch(() => true));
  };
  const renewal = setInterval(renew, LEASE_MS / 4);
  try {
    return await work(() => {
      if (lost) throw running();
    });
  } finally {
    clearInterval(renewal);
    await lease.give();
  }
}

/** Looked at before the mark too, so that stores in use never get one. */
async function claim(stores: Opened, { counts, mark }: Moving): Promise<void> {
  const demandEmpty = async () => {
    const found = Object.values(await counts()).some((count) => count > 0);
    const begun = found || (await stores.keys.find('ledger')) || (await stores.signerMemory.load());
    if (begun) throw new TrucError('app.import-not-empty', {});
  };
  if (!(await mark.begun())) await demandEmpty();
  if (await mark.begin()) return;
  try {
    await demandEmpty();
  } catch (error) {
    await mark.end();
    throw error;
  }
  await mark.confirmEmpty();
}

async function moveKeys(stores: Opened, manifest: Manifest, masterKey: Buffer): Promise<void> {
  for (const [name, sealed] of Object.entries(manifest.keys)) {
    const bytes = Buffer.from(sealed, 'base64');
    const key = unseal(name, bytes, masterKey);
    if (name === 'ledger' && formatVkey(manifest.log.origin, key) !== manifest.log.vkey)
      throw damaged('MANIFEST.json');
    const kept = await stores.keys.keep(name, bytes);
    if (!equalBytes(kept, bytes)) throw new TrucError('app.import-not-empty', {});
  }
}

async function movePart<Part extends MovedPart>(
  part: Part,
  sink: RowSink,
  folder: string,
  onProgress: ImportOptions['onProgress'],
): Promise<void> {
  let done = 0;
  for await (const page of readPart(folder, part)) {
    await (sink[part] as (rows: MovedRows[Part][]) => Promise<void>)(page);
    done += page.length;
    onProgress(part, done);
  }
}

/** Puts content into the store. @returns its name there */
type MoveContent = (of: Content) => Promise<BlobRef>;

/** What a record is about: content by its digest. */
interface Content {
  documentId: string;
  sha256: string;
  size: number;
  /** When it came in, RFC 3339 UTC. */
  at: string;
}

/** Content of a page of records goes before the page, and the records get its name in this store. */
function contentFirst(
  sink: RowSink,
  move: MoveContent,
  stores: Pick<Opened, 'documents' | 'drafts'>,
): RowSink {
  return {
    ...sink,
    documents: async (page) =>
      sink.documents(
        await inGroups(page, async (row) => ({
          ...row,
          original: row.original && (await move({ ...row, at: row.receivedAt })),
        })),
      ),
    drafts: async (page) =>
      sink.drafts(
        await inGroups(page, async (draft) => {
          const versions: DraftVersion[] = [];
          for (const version of draft.versions) {
            const content = version.content && (await move({ documentId: draft.documentId, ...version }));
            versions.push({ ...version, content });
          }
          return { ...draft, versions };
        }),
      ),
    deliveries: async (page) =>
      sink.deliveries(
        await inGroups(page, async (row) => ({
          ...row,
          content: row.content && (await move({ ...row, at: row.createdAt })),
        })),
      ),
    augmentations: async (page) =>
      sink.augmentations(
        await inGroups(page, async (row) => ({
          ...row,
          content: row.content && (await move({ ...row, at: await endsWith(row, stores) })),
        })),
      ),
    statuses: async (page) =>
      sink.statuses(
        await inGroups(page, async (row) => ({
          ...row,
          content: row.content && (await move({ ...row, at: row.receivedAt })),
        })),
      ),
  };
}

/** An augmented file ends with what it was made of, which is there already. */
async function endsWith(
  { documentId, attachment, at }: MovedRows['augmentations'],
  { documents, drafts }: Pick<Opened, 'documents' | 'drafts'>,
): Promise<string> {
  const document = await documents.get(documentId);
  if (document) return document.receivedAt;
  return (await drafts.get(documentId))?.versions[attachment - 1]?.at ?? at;
}

async function inGroups<Row>(rows: readonly Row[], work: (row: Row) => Promise<Row>): Promise<Row[]> {
  const done: Row[] = [];
  for (let at = 0; at < rows.length; at += BLOBS_AT_ONCE)
    done.push(...(await Promise.all(rows.slice(at, at + BLOBS_AT_ONCE).map(work))));
  return done;
}

function movedContent({ blobs, documents }: Opened, folder: string): MoveContent {
  return async ({ documentId, sha256, size, at }) => {
    // What the document has already is its recipients' too, and what an import before has stored is not stored again.
    const known = await documents.get(documentId);
    if (known?.original && known.sha256 === sha256) return known.original;
    const path = blobPath(folder, sha256);
    const period = periodOf(Date.parse(at));
    try {
      if (size > WHOLE) return await streamed(blobs, path, sha256, period);
      const bytes = await readFile(path);
      if (sha256Hex(bytes) !== sha256) throw damaged(`blobs/${sha256}`);
      return await blobs.put({ sha256, bytes, period });
    } catch (error) {
      if (systemCode(error) === 'ENOENT') throw damaged(`blobs/${sha256}`);
      throw error;
    }
  };
}

async function streamed(
  blobs: BlobStore,
  path: string,
  sha256: string,
  period: ContentPeriod,
): Promise<BlobRef> {
  const stored = await blobs.putStream(createReadStream(path), period);
  if (stored.sha256 !== sha256) throw damaged(`blobs/${sha256}`);
  return stored.ref;
}

async function moveMemory({ signerMemory }: Opened, { log }: Manifest): Promise<void> {
  if (log.signed === null) return;
  const { size, root } = log.signed;
  await signerMemory.save({ origin: log.origin, size, root: Buffer.from(root, 'hex') });
}

async function checkAll(
  stores: Opened,
  moving: Moving,
  { parts, log }: Manifest,
  onProgress: ImportOptions['onProgress'],
): Promise<void> {
  const counts = await moving.counts();
  for (const part of MOVED_PARTS)
    if (counts[part] !== parts[part].rows)
      throw new TrucError('app.import-differs', {
        what: part,
        found: counts[part],
        wanted: parts[part].rows,
      });
  const head = await stores.journal.head();
  if (head.root.toString('hex') !== log.root)
    throw new TrucError('app.import-differs', {
      what: 'root',
      found: head.root.toString('hex'),
      wanted: log.root,
    });
  const { faults } = await checkStores(stores, (done) => onProgress('fsck', done));
  if (faults.length > 0)
    throw new TrucError('app.import-differs', { what: 'fsck', found: faults.length, wanted: 0 });
}
