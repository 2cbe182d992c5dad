import { type RequestHandler, Router } from 'express';
import type { Stations } from '../exchange/index.ts';
import { sha256, TrucError } from '../kernel/index.ts';
import type { CeremonyRecord, RemoteSigning, SigningErrorCode } from '../signing/index.ts';
import { RemoteGrantSchema, RemoteSigningSchema, RemoteVisitSchema } from './signing-schemas.ts';
import { jsonBody, parse } from './validate.ts';

/**
 * Remote signing in a session. The widget sends the holder to the service's own page and brings the code back; tokens are used within one
 * call here and kept nowhere. Only digests that were prepared in this very session are sent out.
 * @param session lets only the holder of the session's token through
 * @param sessionIn the session that it found
 * @param signingUrl this origin, where the service's page sends the holder back to
 */
export function remoteRoutes(
  x: Stations,
  session: RequestHandler,
  sessionIn: (response: Parameters<RequestHandler>[1]) => CeremonyRecord,
  signingUrl: string,
): Router {
  const router = Router();
  const redirectUri = `${signingUrl}/widget/v1/remote.html`;
  const grantIn = (body: unknown) => ({ ...parse(RemoteGrantSchema, body), redirectUri });

  router.post('/v1/sign/sessions/:id/remote/visit', session, jsonBody, async (request, response) => {
    const { state, codeChallenge } = parse(
      RemoteVisitSchema.pick({ state: true, codeChallenge: true }),
      request.body,
    );
    const wanted = parse(
      RemoteSigningSchema.optional(),
      request.body.credentialId === undefined ? undefined : request.body,
    );
    const clientData = wanted?.prepareIds.join(' ');
    const how = wanted
      ? {
          scope: 'credential' as const,
          credentialId: wanted.credentialId,
          digests: await digestsOf(wanted.prepareIds, sessionIn(response), x),
          ...(clientData ? { clientData } : {}),
        }
      : { scope: 'service' as const };
    response.json({ url: serviceOf(x).visit({ state, codeChallenge, redirectUri, ...how }) });
  });

  router.post('/v1/sign/sessions/:id/remote/credentials', session, jsonBody, async (request, response) => {
    const found = await serviceOf(x).credentials(grantIn(request.body));
    response.json({
      credentials: found.map(({ id, chain, multisign }) => ({
        id,
        multisign,
        chain: chain.map((one) => one.toString('base64')),
      })),
    });
  });

  router.post('/v1/sign/sessions/:id/remote/sign', session, jsonBody, async (request, response) => {
    const { credentialId, prepareIds } = parse(RemoteSigningSchema, request.body);
    const digests = await digestsOf(prepareIds, sessionIn(response), x);
    const values = await serviceOf(x).sign(grantIn(request.body), credentialId, digests);
    response.json({ values: values.map((one) => one.toString('base64')) });
  });

  return router;
}

function serviceOf({ signing }: Stations): RemoteSigning {
  if (!signing.remote) throw new TrucError<SigningErrorCode>('signing.remote-unavailable', { cause: 'none' });
  return signing.remote;
}

/** @throws TrucError `signing.prepare-unknown` for what was not prepared here */
async function digestsOf(
  prepareIds: readonly string[],
  session: CeremonyRecord,
  x: Stations,
): Promise<Buffer[]> {
  const digests: Buffer[] = [];
  for (const prepareId of prepareIds) {
    const prepared = await x.ceremonies.prepared(prepareId);
    if (prepared?.sessionId !== session.sessionId)
      throw new TrucError<SigningErrorCode>('signing.prepare-unknown', { prepareId });
    digests.push(sha256(Buffer.from(prepared.toBeSigned, 'base64')));
  }
  return digests;
}
