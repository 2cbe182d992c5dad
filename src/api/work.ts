import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { issuingAgency } from '../exchange/index.ts';
import {
  type Actor,
  addAnnex,
  agencyOfFile,
  answerRecall,
  askForChecks,
  check,
  collectArrivals,
  comment,
  completeIncoming,
  directIncoming,
  discardDraft,
  editLetter,
  giveBack,
  incomingFile,
  issueOutgoing,
  numberOutgoing,
  openOutgoing,
  outgoingFile,
  progressIncoming,
  REGISTERS,
  refuseIncoming,
  registerIncoming,
  removeAnnex,
  signingTicket,
  submitToSigner,
  verifyIncoming,
  type WorkDesk,
  type WorkFile,
} from '../workflow/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { jsonBody, parse } from './validate.ts';
import * as schemas from './work-schemas.ts';

type By = z.output<typeof schemas.StepSchema>['by'];

/** A step of a file: what it is asked with, and what does it. */
interface StepRoute {
  schema: z.ZodType<{ by: By }>;
  take(order: never, desk: WorkDesk): Promise<WorkFile>;
}

/** One step a line: the path is the step. */
const OUTGOING: Readonly<Record<string, StepRoute>> = {
  letter: { schema: schemas.EditSchema, take: editLetter },
  annex: { schema: schemas.AnnexSchema, take: addAnnex },
  'drop-annex': { schema: schemas.DropAnnexSchema, take: removeAnnex },
  ask: { schema: schemas.AskSchema, take: askForChecks },
  comment: { schema: schemas.CommentSchema, take: comment },
  check: { schema: schemas.CheckSchema, take: check },
  discard: { schema: schemas.StepSchema, take: discardDraft },
  submit: { schema: schemas.StepSchema, take: submitToSigner },
  'give-back': { schema: schemas.StepSchema, take: giveBack },
  number: { schema: schemas.WorkNumberSchema, take: numberOutgoing },
  issue: { schema: schemas.IssueSchema, take: issueOutgoing },
};

const INCOMING: Readonly<Record<string, StepRoute>> = {
  verify: { schema: schemas.StepSchema, take: verifyIncoming },
  register: { schema: schemas.RegisterSchema, take: registerIncoming },
  refuse: { schema: schemas.StepSchema, take: refuseIncoming },
  direct: { schema: schemas.DirectSchema, take: directIncoming },
  progress: { schema: schemas.StepSchema, take: progressIncoming },
  complete: { schema: schemas.StepSchema, take: completeIncoming },
  'answer-recall': { schema: schemas.RecallAnswerSchema, take: answerRecall },
};

const Register = z.enum(REGISTERS);

/**
 * /v1/work: the clerical work step by step, each step alone for an agency that has its own system for the others. Who takes
 * a step, and in what role, is said by that system; the axis applies the rules.
 * @param signingUrl the signing origin
 */
export function workRoutes(desk: WorkDesk, tokens: TokenService, signingUrl: string): Router {
  const router = Router();
  const outgoing = authenticate(tokens, 'sign');
  const incoming = authenticate(tokens, 'inbox');

  router.post('/v1/work/outgoing', outgoing, jsonBody, async (request, response) => {
    const { agency, documentId, letter, by } = parse(schemas.OpenOutgoingSchema, request.body);
    const actor = actorOf(by, (await issuingAgency(agency, callerOf(response), desk)).id);
    const file = await openOutgoing({ documentId, letter, actor }, desk);
    response
      .status(201)
      .location(`/v1/work/outgoing/${file.fileId}`)
      .json(await fileView(file, desk));
  });
  router.get('/v1/work/outgoing', outgoing, listOf('outgoing', desk));
  router.get('/v1/work/outgoing/:id', outgoing, async (request, response) => {
    const [fileId, agencyId] = await fileIn(request, response, desk);
    response.json(await fileView(await outgoingFile(fileId, agencyId, desk), desk));
  });
  router.post('/v1/work/outgoing/:id/ticket', outgoing, jsonBody, async (request, response) => {
    const [fileId, agencyId] = await fileIn(request, response, desk);
    const { by, returnOrigin, ...order } = parse(schemas.WorkTicketSchema, request.body);
    const actor = actorOf(by, agencyId);
    const { clientId } = callerOf(response);
    const { act, revision } = order;
    const wanted = { files: [{ fileId, revision }], actor, act, origin: returnOrigin, clientId };
    const issued = await signingTicket(wanted, desk);
    const widgetUrl = `${signingUrl}/widget/v1/?client=${encodeURIComponent(clientId)}`;
    response
      .status(201)
      .set('Cache-Control', 'no-store')
      .json({ ...issued, signingUrl, widgetUrl });
  });
  router.post('/v1/work/outgoing/:id/:step', outgoing, jsonBody, stepOf(OUTGOING, desk));

  router.post('/v1/work/incoming/collect', incoming, jsonBody, async (request, response) => {
    const { agency, by, limit } = parse(schemas.CollectSchema, request.body);
    const actor = actorOf(by, (await issuingAgency(agency, callerOf(response), desk)).id);
    response.json(await collectArrivals(actor, limit, desk));
  });
  router.get('/v1/work/incoming', incoming, listOf('incoming', desk));
  router.get('/v1/work/incoming/:id', incoming, async (request, response) => {
    const [fileId, agencyId] = await fileIn(request, response, desk);
    response.json(await fileView(await incomingFile(fileId, agencyId, desk), desk));
  });
  router.post('/v1/work/incoming/:id/:step', incoming, jsonBody, stepOf(INCOMING, desk));

  router.get('/v1/work/registers/:register', incoming, async (request, response) => {
    const { agency = null, year, after, limit } = parse(schemas.RegisterQuerySchema, request.query);
    const register = parse(Register, request.params.register);
    const agencyId = (await issuingAgency(agency, callerOf(response), desk)).id;
    const files = await desk.work.register({ agencyId, register, year, after, limit });
    const items = await Promise.all(files.map((file) => fileView(file, desk)));
    const next = files.length < limit ? null : (files.at(-1)?.line?.number ?? null);
    response.json({ items, next });
  });
  return router;
}

function stepOf(steps: Readonly<Record<string, StepRoute>>, desk: WorkDesk) {
  return async (request: Request, response: Response, next: () => void) => {
    const route = Object.hasOwn(steps, String(request.params.step)) && steps[String(request.params.step)];
    if (!route) return next();
    const [fileId, agencyId] = await fileIn(request, response, desk);
    const { by, ...order } = parse(route.schema, request.body);
    const file = await route.take({ ...order, fileId, actor: actorOf(by, agencyId) } as never, desk);
    response.json(await fileView(file, desk));
  };
}

function listOf(kind: WorkFile['kind'], desk: WorkDesk) {
  return async (request: Request, response: Response) => {
    const { agency = null, state, turn, after, limit } = parse(schemas.FileListQuery, request.query);
    const agencyId = (await issuingAgency(agency, callerOf(response), desk)).id;
    const files = await desk.work.list({
      agencyId,
      kind,
      ...(state ? { states: [state] } : {}),
      ...(turn ? { turns: [turn] } : {}),
      before: after ?? '',
      limit: limit + 1,
    });
    const page = files.slice(0, limit);
    const items = await Promise.all(page.map((file) => fileView(file, desk)));
    response.json({ items, next: files.length > limit ? (page.at(-1)?.fileId ?? null) : null });
  };
}

/** The file in the path and its agency. @throws TrucError `work.file-unknown` also for files of agencies of others */
async function fileIn(request: Request, response: Response, desk: WorkDesk): Promise<[string, string]> {
  const fileId = String(request.params.id);
  return [fileId, await agencyOfFile(fileId, callerOf(response), desk)];
}

function actorOf({ role, serialNumber, ...person }: By, agencyId: string): Actor {
  const signer = serialNumber === null ? {} : { serialNumber };
  return { ...person, agencyId, roles: [role], signer };
}

/** A file without what stands for it in the ledger. */
async function fileView(file: WorkFile, desk: WorkDesk) {
  const { ledgerDoc: _, ledgerKey: __, agencyId, ...shown } = file;
  return { ...shown, agency: (await desk.agencies.get(agencyId))?.code ?? '' };
}
