import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import {
  acceptSigned,
  grantedNow,
  issueFilePasses,
  type Stations,
  signedUpload,
  takeFilePass,
} from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { CeremonyRecord } from '../signing/index.ts';
import type { TokenService } from './auth.ts';
import { pour } from './pour.ts';
import { FileOrderSchema } from './signing-schemas.ts';
import { fileOf, isUpload, readUpload } from './uploads.ts';
import { jsonBody, parse } from './validate.ts';

const Secret = z.object({ key: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const Uploaded = z.object({ uploadId: z.uuid() });
/** As agents of Ban Cơ yếu name it. */
const FIELD = 'uploadfile';

/**
 * /v1/sign/files: for agents that fetch a document and bring it back signed. They are no browsers and have no session: an address
 * that works once is all that they get.
 */
export function signFileRoutes(x: Stations, takeTurn: TokenService['takeTurn']): Router {
  const router = Router();
  const turnOf = ({ grant }: CeremonyRecord) =>
    takeTurn('submissions', { clientId: grant.clientId, agencyIds: [grant.agencyId], scopes: ['sign'] });

  router.get('/v1/sign/files/:key', async (request, response) => {
    const { key } = parse(Secret, request.params);
    const { pass, session } = await takeFilePass(key, 'download', x);
    await turnOf(session);
    const { latest } = await grantedNow(session, pass.documentId, x);
    response
      .set({ 'Content-Length': String(latest.size), 'Cache-Control': 'no-store' })
      .type('application/pdf');
    await pour(x.blobs.stream(latest.content), response);
  });

  router.post('/v1/sign/files/:key', async (request, response) => {
    const { key } = parse(Secret, request.params);
    const { pass, session } = await takeFilePass(key, 'upload', x);
    await turnOf(session);
    const { name, bytes } = await uploaded(request, response);
    await acceptSigned(pass, session, bytes, x);
    // What the agent hands on to the page as the answer of its upload.
    response.set('Cache-Control', 'no-store');
    response.json({ Status: true, Message: '', FileName: name, FileServer: pass.uploadId });
  });

  return router;
}

async function uploaded(request: Request, response: Response) {
  if (!isUpload(request)) throw new TrucError('api.invalid-request');
  await readUpload(request, response);
  const file = fileOf(response, FIELD);
  if (!file) throw new TrucError('api.invalid-request');
  return file;
}

/** What the widget asks for: the two addresses, and what came of them. */
export function sessionFileRoutes(
  x: Stations,
  session: RequestHandler,
  sessionIn: (response: Response) => CeremonyRecord,
  signingUrl: string,
): Router {
  const router = Router();
  const address = (secret: string) => `${signingUrl}/v1/sign/files/${secret}`;

  router.post(
    '/v1/sign/sessions/:id/files',
    session,
    jsonBody,
    async (request: Request, response: Response) => {
      const { documentId } = parse(FileOrderSchema, request.body);
      const { download, upload, ...rest } = await issueFilePasses(sessionIn(response), documentId, x);
      response.status(201).json({ ...rest, downloadUrl: address(download), uploadUrl: address(upload) });
    },
  );

  router.get(
    '/v1/sign/sessions/:id/files/:uploadId',
    session,
    async (request: Request, response: Response) => {
      const { uploadId } = parse(Uploaded, request.params);
      const signed = await signedUpload(sessionIn(response), uploadId, x);
      response.json(signed ? { status: 'signed', ...signed } : { status: 'waiting' });
    },
  );

  return router;
}
