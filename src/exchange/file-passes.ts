import { isoTime, newId, newSecret, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  type CeremonyRecord,
  type Draft,
  type DraftVersion,
  type FilePass,
  latestOf,
  type SigningErrorCode,
} from '../signing/index.ts';
import { unknownDraft } from './drafts.ts';
import { mayHappen } from './preconditions.ts';
import type { Stations } from './stations.ts';
import { versionDiffers } from './tickets.ts';

/** A person finds the token, looks at the document in the agent's window and types a PIN. */
const PASS_MS = 5 * 60_000;

export interface FilePasses {
  /** Secrets of 256 bits: who has one, has the way. */
  download: string;
  upload: string;
  uploadId: string;
  expiresAt: string;
}

/**
 * Two ways for an agent that writes the signature into the file itself: to fetch a document of the session once, and to bring it
 * back once. The official's own token is never handed to it.
 * @throws TrucError `signing.file-not-offered`, `signing.document-unknown`, `signing.version-differs`, and of `mayHappen`
 */
export async function issueFilePasses(
  session: CeremonyRecord,
  documentId: string,
  x: Stations,
): Promise<FilePasses> {
  const { draft, latest } = await grantedNow(session, documentId, x);
  // Initials are told from approvals by the name of their field, which is the agent's own here.
  if (draft.format !== 'pdf' || session.grant.action === 'initial')
    throw new TrucError<SigningErrorCode>('signing.file-not-offered');
  await mayHappen(session.grant, draft, await x.blobs.read(latest.content), x);
  const expiresAt = isoTime(x.clock.now() + PASS_MS);
  const { sessionId, grant } = session;
  const [download, upload, uploadId] = [newSecret(), newSecret(), newId()];
  for (const [way, secret] of [
    ['download', download],
    ['upload', upload],
  ] as const) {
    const pass: FilePass = { way, sessionId, documentId, uploadId };
    await x.ceremonies.addTicket({ ticketSha256: sha256Hex(secret), grant, pass, expiresAt });
  }
  return { download, upload, uploadId, expiresAt };
}

/**
 * Uses a way up, whatever becomes of it.
 * @throws TrucError `signing.pass-unknown`, `signing.pass-used`, `signing.pass-expired`
 */
export async function takeFilePass(
  secret: string,
  way: FilePass['way'],
  x: Stations,
): Promise<{ pass: FilePass; session: CeremonyRecord }> {
  const taken = await x.ceremonies.takeTicket(sha256Hex(secret));
  const pass = taken?.ticket.pass;
  const session = pass ? await x.ceremonies.ceremony(pass.sessionId) : null;
  if (!taken || !session || pass?.way !== way) throw new TrucError<SigningErrorCode>('signing.pass-unknown');
  if (!taken.first) throw new TrucError<SigningErrorCode>('signing.pass-used');
  const { expiresAt } = taken.ticket;
  if (Date.parse(expiresAt) <= x.clock.now())
    throw new TrucError<SigningErrorCode>('signing.pass-expired', { expiresAt });
  return { pass, session };
}

/** A document of the session, as long as its newest version is the one that was granted. */
export async function grantedNow(
  { grant }: CeremonyRecord,
  documentId: string,
  x: Stations,
): Promise<{ draft: Draft; latest: DraftVersion }> {
  const granted = grant.documents.find((one) => one.documentId === documentId);
  const draft = granted ? await x.drafts.get(documentId) : null;
  if (!draft || !granted) throw unknownDraft(documentId);
  const latest = latestOf(draft);
  if (latest.sha256 !== granted.sha256) throw versionDiffers(documentId, latest.sha256);
  return { draft, latest };
}
