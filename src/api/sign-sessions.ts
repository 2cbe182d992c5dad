import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import {
  draftReceipt,
  finalize,
  openSession,
  type PerDocument,
  prepare,
  type SignatureValue,
  type Stations,
  sessionOf,
  versionOf,
} from '../exchange/index.ts';
import { sha256, sha256Hex, TrucError } from '../kernel/index.ts';
import { type Language, languageOf } from '../messages/index.ts';
import {
  type CeremonyRecord,
  type Draft,
  ecdsaToDer,
  KEY_PROTECTIONS,
  latestOf,
  type PreparedRecord,
  purposeOf,
  type SigningErrorCode,
} from '../signing/index.ts';
import type { TokenService } from './auth.ts';
import { pour } from './pour.ts';
import { itemProblem } from './problem.ts';
import type { RateKind } from './rates.ts';
import { CONTENT_TYPES } from './sign-documents.ts';
import { sessionFileRoutes } from './sign-files.ts';
import { preparedRoutes, preparedUrlOf } from './sign-prepared.ts';
import { offersOf } from './sign-providers.ts';
import { remoteRoutes } from './sign-remote.ts';
import { FinalizeRequestSchema, PrepareRequestSchema, SessionRequestSchema } from './signing-schemas.ts';
import { jsonBody, parse } from './validate.ts';

const DocumentQuery = z.object({ documentId: z.uuid().optional() });

/** /v1/sign/sessions on the signing origin: what the widget in an official's browser calls, and nobody else. */
export function signSessionRoutes(
  x: Stations,
  takeTurn: TokenService['takeTurn'],
  signingUrl: string,
): Router {
  const router = Router();
  router.use(preparedRoutes(x, takeTurn));
  const session = withSession(x, takeTurn, 'requests');
  const costly = withSession(x, takeTurn, 'submissions');
  router.use(remoteRoutes(x, costly, sessionIn, signingUrl));
  router.use(sessionFileRoutes(x, costly, sessionIn, signingUrl));
  const language = (request: Request) => languageOf(request.get('accept-language'));

  router.post('/v1/sign/sessions', jsonBody, async (request, response) => {
    const opening = parse(SessionRequestSchema, request.body);
    const { session: opened, accessToken } = await openSession(opening, x);
    response.status(201).json({ ...(await sessionView(opened, x)), accessToken });
  });

  router.get('/v1/sign/sessions/:id', session, async (_request, response) => {
    response.json(await sessionView(sessionIn(response), x));
  });

  router.get('/v1/sign/sessions/:id/document', session, async (request, response) => {
    const { documentId } = parse(DocumentQuery, request.query);
    const { draft, version } = await grantedDocument(sessionIn(response), documentId, x);
    response
      .set({ 'Content-Length': String(version.size), 'X-Content-SHA256': version.sha256 })
      .type(CONTENT_TYPES[draft.format]);
    await pour(x.blobs.stream(version.content), response);
  });

  router.post('/v1/sign/sessions/:id/prepare', costly, jsonBody, async (request, response) => {
    const body = parse(PrepareRequestSchema, request.body);
    const signer = {
      certificate: Buffer.from(body.certificate, 'base64'),
      chain: body.chain.map((one) => Buffer.from(one, 'base64')),
      keyProtection: body.keyProtection,
    };
    const places = new Map(
      body.documents.flatMap(({ documentId, place }) => (place ? [[documentId, place] as const] : [])),
    );
    const session = sessionIn(response);
    const outcomes = await prepare(session, { signer, places }, x);
    const view = (one: PerDocument<PreparedRecord>) =>
      preparedView(one, { language: language(request), session, signingUrl }, x);
    response.json({ documents: outcomes.map(view) });
  });

  router.post('/v1/sign/sessions/:id/finalize', costly, jsonBody, async (request, response) => {
    const { signatures } = parse(FinalizeRequestSchema, request.body);
    const outcomes = await finalize(sessionIn(response), signatures.map(signatureValue), x);
    response.json({
      documents: outcomes.map(({ prepareId, documentId, ...outcome }) => {
        if ('done' in outcome) return { status: 'signed', documentId, prepareId, ...outcome.done };
        const problem = itemProblem(outcome.failed, language(request), x.log);
        return { status: 'failed', documentId, prepareId, problem };
      }),
    });
  });

  return router;
}

/**
 * Lets only the holder of the session's token through, who takes a turn of the rate of the system that the ticket was
 * given to; the session is kept for {@link sessionIn}.
 */
function withSession(x: Stations, takeTurn: TokenService['takeTurn'], kind: RateKind): RequestHandler {
  return async (request, response, next) => {
    const token = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw new TrucError<SigningErrorCode>('signing.session-unknown');
    const found = await sessionOf(request.params.id as string, token, x);
    const { clientId, agencyId } = found.grant;
    await takeTurn(kind, { clientId, agencyIds: [agencyId], scopes: ['sign'] });
    response.locals.session = found;
    next();
  };
}

function sessionIn(response: Response): CeremonyRecord {
  return response.locals.session as CeremonyRecord;
}

/** The version that was granted, which may be no longer the newest. */
async function grantedDocument(session: CeremonyRecord, documentId: string | undefined, x: Stations) {
  const granted = session.grant.documents.find(
    (one) => documentId === undefined || one.documentId === documentId,
  );
  const draft = granted ? await x.drafts.get(granted.documentId) : null;
  const version = draft?.versions.find((one) => one.sha256 === granted?.sha256);
  if (!draft || !version)
    throw new TrucError<SigningErrorCode>('signing.document-unknown', { documentId: documentId ?? '' });
  return { draft, version };
}

async function sessionView({ sessionId, expiresAt, grant }: CeremonyRecord, x: Stations) {
  const agency = await x.agencies.get(grant.agencyId);
  return {
    sessionId,
    expiresAt,
    action: grant.action,
    purpose: purposeOf(grant.action),
    capacity: grant.capacity,
    delegationId: grant.delegationId,
    label: grant.label,
    agency: { code: agency?.code ?? '', name: agency?.name ?? '' },
    signer: grant.signer,
    keyProtection: KEY_PROTECTIONS.filter((one) => one !== 'software' || x.signing.softwareKeys),
    providers: offersOf(grant, x),
    documents: await Promise.all(grant.documents.map((one) => sessionDocument(one, x))),
  };
}

async function sessionDocument(granted: { documentId: string; sha256: string }, x: Stations) {
  const draft = (await x.drafts.get(granted.documentId)) as Draft;
  const found = draft.versions.find((one) => one.sha256 === granted.sha256) ?? latestOf(draft);
  const { documentId, title, format } = draft;
  const { version, sha256, size } = versionOf(draft, found.version);
  const ledgerIndex = (await draftReceipt(draft, found, x)).index;
  return { documentId, title, format, version, sha256, size, ledgerIndex };
}

interface Viewed {
  language: Language;
  session: CeremonyRecord;
  signingUrl: string;
}

function preparedView(
  outcome: PerDocument<PreparedRecord>,
  { language, session, signingUrl }: Viewed,
  x: Stations,
) {
  const { documentId } = outcome;
  if ('failed' in outcome)
    return { status: 'failed', documentId, problem: itemProblem(outcome.failed, language, x.log) };
  const {
    prepareId,
    version,
    sha256: digest,
    tail,
    byteRange,
    place,
    toBeSigned,
    algorithm,
    expiresAt,
  } = outcome.done;
  return {
    status: 'prepared',
    documentId,
    prepareId,
    version,
    sha256: digest,
    size: outcome.done.size,
    tail,
    byteRange,
    place,
    toBeSigned,
    hash: 'SHA-256',
    algorithm,
    certificateSha256: sha256Hex(Buffer.from(outcome.done.certificate, 'base64')),
    code: confirmationCode(Buffer.from(toBeSigned, 'base64')),
    ...(byteRange ? { preparedUrl: preparedUrlOf(outcome.done, session, signingUrl) } : {}),
    expiresAt,
  };
}

/** Six digits that a person can compare on two screens: the first 32 bits of SHA-256, modulo a million. */
function confirmationCode(toBeSigned: Buffer): string {
  return String(sha256(toBeSigned).readUInt32BE() % 1_000_000).padStart(6, '0');
}

function signatureValue(one: z.output<typeof FinalizeRequestSchema>['signatures'][number]): SignatureValue {
  const value = Buffer.from(one.signature, 'base64');
  // A length that no curve has stays as it is and fits no key.
  const signature = one.encoding === 'ieee-p1363' ? (ecdsaToDer(value) ?? value) : value;
  return { prepareId: one.prepareId, signature };
}
