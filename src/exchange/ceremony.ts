import { isoTime, newId, TrucError } from '../kernel/index.ts';
import {
  type CeremonyRecord,
  type Draft,
  latestOf,
  type PreparedRecord,
  type SigningErrorCode,
  signatureFits,
} from '../signing/index.ts';
import { checkAuthority, checkStillDelegated } from './authority.ts';
import { unknownDraft } from './drafts.ts';
import { keepSigned, type SignedAnswer, signedAnswer } from './keep-signed.ts';
import { formOf, type PlaceWish } from './layout.ts';
import { mayHappen, notSignedBy } from './preconditions.ts';
import { acceptSigner, type OfferedSigner, type Signer } from './signer.ts';
import type { Stations } from './stations.ts';
import { versionDiffers } from './tickets.ts';

const PREPARED_MS = 5 * 60_000;
/** Documents of a batch that are finished at once: each lies in memory meanwhile, and waits for its time-stamp. */
const AT_ONCE = 4;

/** What came of one document of a batch: it is done whole or not at all, whatever becomes of the others. */
export type PerDocument<Result> = { documentId: string } & ({ done: Result } | { failed: unknown });

export interface PrepareRequest {
  signer: OfferedSigner;
  /** By documentId; the place that the rules name where there is none. */
  places: ReadonlyMap<string, PlaceWish>;
}

/**
 * Prepares the signature of every document of a session: law and certificate are checked, then the bytes are made that lack
 * nothing but the signature value, and remembered for five minutes.
 * @throws TrucError of `acceptSigner` and `checkAuthority`: who may not sign signs none of them
 */
export async function prepare(
  session: CeremonyRecord,
  request: PrepareRequest,
  x: Stations,
): Promise<PerDocument<PreparedRecord>[]> {
  const signer = await acceptSigner(session.grant, request.signer, x);
  await checkAuthority(session.grant, signer, x);
  return eachDocument(
    session.grant.documents.map((one) => one.documentId),
    (documentId) => prepareOne(session, documentId, signer, request.places.get(documentId) ?? null, x),
  );
}

async function prepareOne(
  session: CeremonyRecord,
  documentId: string,
  signer: Signer,
  wish: PlaceWish | null,
  x: Stations,
): Promise<PreparedRecord> {
  const { grant } = session;
  const draft = await draftOf(documentId, x);
  const latest = latestOf(draft);
  const granted = grant.documents.find((one) => one.documentId === documentId);
  if (latest.sha256 !== granted?.sha256) throw versionDiffers(documentId, latest.sha256);
  const bytes = await x.blobs.read(latest.content);
  const standing = await mayHappen(grant, draft, bytes, x);
  notSignedBy(signer, grant, standing);
  const form = formOf({ draft, bytes, grant, standing, signer, wish, at: x.clock.now() }, x.signing);
  const record: PreparedRecord = {
    ...form,
    prepareId: newId(),
    sessionId: session.sessionId,
    documentId,
    version: latest.version,
    sha256: latest.sha256,
    size: latest.size,
    format: draft.format,
    certificate: signer.certificate.toString('base64'),
    chain: signer.chain.map((one) => one.toString('base64')),
    algorithm: signer.algorithm,
    keyProtection: signer.keyProtection,
    expiresAt: isoTime(x.clock.now() + PREPARED_MS),
  };
  await x.ceremonies.addPrepared(record);
  return record;
}

export interface SignatureValue {
  prepareId: string;
  /** RSA PKCS #1 v1.5, or the DER form of (r, s). */
  signature: Buffer;
}

/**
 * Turns signature values into signed documents: value → CMS → time-stamp → our own verdict → stored → ledger → receipt.
 * Repeating it gives what the first time gave; of two signatures that were prepared on one version one wins.
 */
export async function finalize(
  session: CeremonyRecord,
  values: readonly SignatureValue[],
  x: Stations,
): Promise<Finalized[]> {
  const done: Finalized[] = [];
  for (let at = 0; at < values.length; at += AT_ONCE)
    done.push(
      ...(await Promise.all(values.slice(at, at + AT_ONCE).map((value) => finalizeIn(session, value, x)))),
    );
  return done;
}

type Finalized = PerDocument<SignedAnswer> & { prepareId: string };

async function finalizeIn(
  session: CeremonyRecord,
  { prepareId, signature }: SignatureValue,
  x: Stations,
): Promise<Finalized> {
  const prepared = await x.ceremonies.prepared(prepareId);
  if (prepared?.sessionId !== session.sessionId) {
    const failed = new TrucError<SigningErrorCode>('signing.prepare-unknown', { prepareId });
    return { prepareId, documentId: '', failed };
  }
  const { documentId } = prepared;
  const outcome = await attempt(() =>
    x.oncePerDocument(`sign:${prepareId}`, () => finalizeOne(session, prepared, signature, x)),
  );
  return { prepareId, documentId, ...outcome };
}

async function finalizeOne(
  session: CeremonyRecord,
  prepared: PreparedRecord,
  signature: Buffer,
  x: Stations,
): Promise<SignedAnswer> {
  const draft = await draftOf(prepared.documentId, x);
  const before = await signedAnswer(draft, prepared.prepareId, x);
  if (before) return before;
  const { prepareId, expiresAt } = prepared;
  if (Date.parse(expiresAt) <= x.clock.now())
    throw new TrucError<SigningErrorCode>('signing.prepare-expired', { prepareId, expiresAt });
  const latest = latestOf(draft);
  if (latest.version !== prepared.version) throw versionDiffers(draft.documentId, latest.sha256);
  const certificate = Buffer.from(prepared.certificate, 'base64');
  const toBeSigned = Buffer.from(prepared.toBeSigned, 'base64');
  if (!signatureFits(certificate, prepared.algorithm, toBeSigned, signature))
    throw new TrucError<SigningErrorCode>('signing.signature-wrong', { prepareId });
  await checkStillDelegated(session.grant, x);
  return keepSigned({ session, draft, latest, prepared, signature }, x);
}

async function draftOf(documentId: string, x: Stations): Promise<Draft> {
  const draft = await x.drafts.get(documentId);
  if (!draft) throw unknownDraft(documentId);
  return draft;
}

async function eachDocument<Result>(
  documentIds: readonly string[],
  work: (documentId: string) => Promise<Result>,
): Promise<PerDocument<Result>[]> {
  const outcomes: PerDocument<Result>[] = [];
  // One after the other: fifty large files must not lie in memory at once.
  for (const documentId of documentIds)
    outcomes.push({ documentId, ...(await attempt(() => work(documentId))) });
  return outcomes;
}

async function attempt<Result>(work: () => Promise<Result>): Promise<{ done: Result } | { failed: unknown }> {
  try {
    return { done: await work() };
  } catch (error) {
    return { failed: error };
  }
}
