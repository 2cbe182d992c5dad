import { type Request, Router } from 'express';
import { z } from 'zod';
import {
  augmentationsOfVersion,
  augmentedVersion,
  draftFor,
  draftReceipt,
  issueTicket,
  numberDraft,
  registerDelegation,
  registerDraft,
  reviseDraft,
  type Stations,
  versionOf,
  withdrawDelegation,
} from '../exchange/index.ts';
import { type Draft, latestOf } from '../signing/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { type BodyBudget, readBody } from './body.ts';
import { pour } from './pour.ts';
import {
  DelegationOrderSchema,
  DraftRevisionQuery,
  DraftUploadQuery,
  NumberOrderSchema,
  TicketOrderSchema,
  WithdrawalOrderSchema,
} from './signing-schemas.ts';
import { jsonBody, parse } from './validate.ts';

const VersionNumber = z.coerce.number().int().min(1).max(1_000_000);

/**
 * /v1/sign/documents and /v1/sign/tickets: what an agency's own system does before and after its people sign.
 * @param signingUrl the signing origin
 */
export function signDocumentRoutes(
  x: Stations,
  tokens: TokenService,
  budget: BodyBudget,
  signingUrl: string,
): Router {
  const router = Router();
  const sign = authenticate(tokens, 'sign');
  const uploads = authenticate(tokens, 'sign', 'submissions');
  const id = (request: Request) => request.params.id as string;
  const version = (request: Request) => parse(VersionNumber, request.params.n);

  router.post('/v1/sign/documents', uploads, async (request, response) => {
    const { title, agency = null, reference = null } = parse(DraftUploadQuery, request.query);
    const bytes = await readBody(request, budget);
    const { draft, added } = await registerDraft({ bytes, title, agency, reference }, callerOf(response), x);
    response.status(added ? 201 : 200).location(`/v1/sign/documents/${draft.documentId}`);
    response.json(await draftView(draft, x));
  });

  router.get('/v1/sign/documents/:id', sign, async (request, response) => {
    response.json(await draftView(await draftFor(id(request), callerOf(response), x), x));
  });

  router.post('/v1/sign/documents/:id/versions', uploads, async (request, response) => {
    const { before } = parse(DraftRevisionQuery, request.query);
    const bytes = await readBody(request, budget);
    const draft = await reviseDraft(id(request), { before, bytes }, callerOf(response), x);
    response.status(201).json(await draftView(draft, x));
  });

  router.get('/v1/sign/documents/:id/versions/:n', sign, async (request, response) => {
    const draft = await draftFor(id(request), callerOf(response), x);
    const found = versionOf(draft, version(request));
    response
      .set({ 'Content-Length': String(found.size), 'X-Content-SHA256': found.sha256 })
      .type(CONTENT_TYPES[draft.format]);
    await pour(x.blobs.stream(found.content), response);
  });

  router.get('/v1/sign/documents/:id/versions/:n/augmentations', sign, async (request, response) => {
    const draft = await draftFor(id(request), callerOf(response), x);
    response.json({ items: await augmentationsOfVersion(draft, versionOf(draft, version(request)), x) });
  });

  router.get('/v1/sign/documents/:id/versions/:n/augmentations/:k', sign, async (request, response) => {
    const draft = await draftFor(id(request), callerOf(response), x);
    const number = parse(VersionNumber, request.params.k);
    const file = await augmentedVersion(draft, versionOf(draft, version(request)), number, x);
    response.type(SIGNED_TYPES[draft.format]).send(file);
  });

  router.get('/v1/sign/documents/:id/versions/:n/receipt', sign, async (request, response) => {
    const draft = await draftFor(id(request), callerOf(response), x);
    response.json(await draftReceipt(draft, versionOf(draft, version(request)), x));
  });

  router.post('/v1/sign/documents/:id/number', sign, jsonBody, async (request, response) => {
    const order = parse(NumberOrderSchema, request.body);
    response.json(await draftView(await numberDraft(id(request), order, callerOf(response), x), x));
  });

  router.post('/v1/sign/delegations', sign, jsonBody, async (request, response) => {
    const order = parse(DelegationOrderSchema, request.body);
    const { agencyId: _, clientId: __, ...shown } = await registerDelegation(order, callerOf(response), x);
    response.status(201).json(shown);
  });

  router.post('/v1/sign/delegations/:id/withdraw', sign, jsonBody, async (request, response) => {
    const { reason } = parse(WithdrawalOrderSchema, request.body);
    const order = { delegationId: id(request), reason, by: null };
    const { agencyId: _, clientId: __, ...shown } = await withdrawDelegation(order, callerOf(response), x);
    response.json(shown);
  });

  router.post('/v1/sign/tickets', sign, jsonBody, async (request, response) => {
    const { returnOrigins, ...order } = parse(TicketOrderSchema, request.body);
    const issued = await issueTicket({ ...order, origins: returnOrigins }, callerOf(response), x);
    const widgetUrl = `${signingUrl}/widget/v1/?client=${encodeURIComponent(callerOf(response).clientId)}`;
    response
      .status(201)
      .set('Cache-Control', 'no-store')
      .json({ ...issued, signingUrl: signingUrl, widgetUrl });
  });

  return router;
}

export const CONTENT_TYPES: Readonly<Record<Draft['format'], string>> = {
  pdf: 'application/pdf',
  xml: 'application/xml',
  data: 'application/octet-stream',
};

/** Of what was signed: other bytes than PDF and XML are carried in a CMS. */
const SIGNED_TYPES: Readonly<Record<Draft['format'], string>> = {
  ...CONTENT_TYPES,
  data: 'application/pkcs7-mime',
};

async function draftView(draft: Draft, x: Stations) {
  const latest = latestOf(draft);
  return {
    documentId: draft.documentId,
    agency: (await x.agencies.get(draft.agencyId))?.code ?? '',
    reference: draft.reference,
    title: draft.title,
    format: draft.format,
    version: latest.version,
    sha256: latest.sha256,
    versions: draft.versions.map(({ version, sha256, size, at, step }) => ({
      version,
      sha256,
      size,
      at,
      step,
    })),
  };
}
