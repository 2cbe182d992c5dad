import { type Request, Router } from 'express';
import { z } from 'zod';
import {
  attachmentOf,
  augmentAttachment,
  augmentationsOf,
  augmentationView,
  augmentedFile,
  type Caller,
  callerView,
  checkSubmission,
  contentFor,
  type DocumentReport,
  decideHeld,
  documentList,
  documentReport,
  eventFeed,
  evidenceOf,
  paperCodeOf,
  recall,
  receiptOf,
  refuse,
  type Stations,
  submit,
  timelineOf,
} from '../exchange/index.ts';
import { isoTime, TrucError } from '../kernel/index.ts';
import { documentInput } from '../rendering/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { type BodyBudget, mediaType, readBody } from './body.ts';
import { verifyAddress } from './paper-code.ts';
import { pour } from './pour.ts';
import { sendReport } from './report-forms.ts';
import { resultOf } from './results.ts';
import { jsonBody, pageLimit, parse, writtenText } from './validate.ts';

const STATES = ['accepted', 'held', 'released', 'refused', 'recalled', 'destroyed'] as const;

const ListQuery = z.object({
  direction: z.enum(['sent', 'received']).default('sent'),
  state: z.enum(STATES).optional(),
  edxmlId: z.string().max(500).optional(),
  // Stored times are UTC and compared as text.
  since: z.iso
    .datetime({ offset: true })
    .transform((time) => isoTime(Date.parse(time)))
    .optional(),
  after: z.uuid().optional(),
  limit: pageLimit(50),
});

/** Anything but these two words is refused: who asks for a dry run must not send a document by a slip. */
const SubmitQuery = z.object({ dryRun: z.enum(['true', 'false']).optional() });

const FeedQuery = z.object({
  since: z.coerce.number().int().min(0).catch(0),
  limit: pageLimit(100),
});

const Place = z.coerce.number().int().min(0).max(100_000);

const Augment = z.object({
  level: z.enum(['B-T', 'B-LT', 'B-LTA']).default('B-LTA'),
  renew: z.boolean().default(false),
});

const ReportQuery = z.object({ number: z.coerce.number().int().min(0).max(1_000).optional() });

const Decision = z.object({
  outcome: z.enum(['release', 'refuse']),
  reason: writtenText(1000).min(1),
});

const Recall = z.object({ reason: writtenText(1000).min(1) });

const XML_TYPES = ['application/xml', 'text/xml', 'application/edxml+xml', 'application/octet-stream'];

/** /v1/documents and /v1/events. */
export function documentRoutes(
  x: Stations,
  tokens: TokenService,
  budget: BodyBudget,
  publicUrl: string,
): Router {
  const router = Router();
  const submits = authenticate(tokens, 'documents.send', 'submissions');
  const send = authenticate(tokens, 'documents.send');
  const read = authenticate(tokens, 'inbox');
  const admin = authenticate(tokens, 'admin');
  const id = (request: Request) => request.params.id as string;

  router.post('/v1/documents', submits, async (request, response) => {
    const { dryRun } = parse(SubmitQuery, request.query);
    const result = resultOf(request);
    const body = await submissionBody(request, budget, callerOf(response), x);
    if (dryRun === 'true') {
      response.json(await checkSubmission(body, callerOf(response), x));
      return;
    }
    const { answer, documentId, repeated } = await submit(body, callerOf(response), x, { result });
    response.status(repeated ? 200 : 202).location(`/v1/documents/${documentId}`);
    response.type('application/json').send(answer);
  });

  router.get('/v1/documents', read, async (request, response) => {
    response.json(await documentList(parse(ListQuery, request.query), callerOf(response), x));
  });

  router.get('/v1/events', read, async (request, response) => {
    const { since, limit } = parse(FeedQuery, request.query);
    response.json(await eventFeed(since, limit, callerOf(response), x));
  });

  router.get('/v1/documents/:id', read, async (request, response) => {
    response.json(await callerView(id(request), callerOf(response), x));
  });

  router.get('/v1/documents/:id/timeline', read, async (request, response) => {
    response.json(await timelineOf(id(request), callerOf(response), x));
  });

  router.get('/v1/documents/:id/report', read, async (request, response) => {
    const { number } = parse(ReportQuery, request.query);
    const text = await documentReport(id(request), callerOf(response), x, number);
    await sendReport(request, response, text, async () => {
      const code = await paperCodeOf(id(request), callerOf(response), x).catch(() => null);
      const paper = code === null ? null : { code, url: verifyAddress(publicUrl, code) };
      return documentInput(newestReport(text), id(request), paper);
    });
  });

  router.get('/v1/documents/:id/receipt', read, async (request, response) => {
    response.type('application/json').send(await receiptOf(id(request), callerOf(response), x));
  });

  router.get('/v1/documents/:id/evidence', read, async (request, response) => {
    const zip = await evidenceOf(id(request), callerOf(response), x);
    response
      .attachment(`${id(request)}.evidence.zip`)
      .type('application/zip')
      .send(zip);
  });

  router.get('/v1/documents/:id/original', read, async (request, response) => {
    const { document } = await contentFor(id(request), callerOf(response), x);
    if (document.original === null)
      throw new TrucError('document.destroyed', { documentId: document.documentId });
    response
      .set({ 'Content-Length': String(document.size), 'X-Content-SHA256': document.sha256 })
      .type('application/xml');
    await pour(x.blobs.stream(document.original), response);
  });

  router.get('/v1/documents/:id/attachments/:n', read, async (request, response) => {
    const attachment = await attachmentOf(id(request), Number(request.params.n), callerOf(response), x);
    response.attachment(attachment.name).type(attachment.contentType).send(attachment.bytes);
  });

  const place = (request: Request) => ({
    documentId: id(request),
    attachment: parse(Place, request.params.n),
  });

  router.post(
    '/v1/documents/:id/attachments/:n/augmentations',
    submits,
    jsonBody,
    async (request, response) => {
      const wanted = { ...place(request), ...parse(Augment, request.body) };
      const made = await augmentAttachment(wanted, callerOf(response), x);
      response.status(201).location(`${request.path}/${made.number}`).json(augmentationView(made));
    },
  );

  router.get('/v1/documents/:id/attachments/:n/augmentations', read, async (request, response) => {
    const { documentId, attachment } = place(request);
    response.json({ items: await augmentationsOf(documentId, attachment, callerOf(response), x) });
  });

  router.get('/v1/documents/:id/attachments/:n/augmentations/:k', read, async (request, response) => {
    const wanted = { ...place(request), number: parse(Place, request.params.k) };
    const { name, contentType, bytes } = await augmentedFile(wanted, callerOf(response), x);
    response.attachment(name).type(contentType).send(bytes);
  });

  router.post('/v1/documents/:id/recall', send, jsonBody, async (request, response) => {
    const { reason } = parse(Recall, request.body);
    response.status(202).json(await recall(id(request), reason, callerOf(response), x));
  });

  router.post('/v1/documents/:id/decision', admin, jsonBody, async (request, response) => {
    const decision = parse(Decision, request.body);
    const { documentId, state } = await decideHeld(id(request), { ...decision, by: 'operator' }, x);
    response.json({ documentId, state });
  });

  return router;
}

/** A body that is too large is refused before it is read to its end, and the refusal is on record like every other. */
async function submissionBody(
  request: Request,
  budget: BodyBudget,
  caller: Caller,
  x: Stations,
): Promise<Buffer> {
  const type = mediaType(request);
  if (!XML_TYPES.includes(type))
    throw new TrucError('api.unsupported-media-type', { expected: XML_TYPES.slice(0, 2) });
  try {
    return await readBody(request, budget);
  } catch (error) {
    throw await refuse(error, null, caller, x);
  }
}

/** People read the newest verdict; the JSON has all. */
function newestReport(text: string): DocumentReport {
  const report = JSON.parse(text) as DocumentReport & { later?: { report: DocumentReport }[] };
  return report.later?.at(-1)?.report ?? report;
}
