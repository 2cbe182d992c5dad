import { Router } from 'express';
import { z } from 'zod';
import type { Stations } from '../exchange/index.ts';
import { equalBytes, hmacSha256, TrucError } from '../kernel/index.ts';
import type { CeremonyRecord, PreparedRecord, SigningErrorCode } from '../signing/index.ts';
import type { TokenService } from './auth.ts';
import { pour } from './pour.ts';
import { parse } from './validate.ts';

const KeyQuery = z.object({ key: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * Address of the prepared bytes of one document for whoever has no session: an agent on the official's machine, which judges them by
 * itself. It opens nothing else, and ends with what was prepared.
 */
export function preparedUrlOf(
  { prepareId }: Pick<PreparedRecord, 'prepareId'>,
  session: CeremonyRecord,
  signingUrl: string,
): string {
  return `${signingUrl}/v1/sign/prepared/${prepareId}?key=${keyOf(prepareId, session).toString('hex')}`;
}

/** Derived from the session's token, so that nothing more has to be kept. */
function keyOf(prepareId: string, { tokenSha256 }: CeremonyRecord): Buffer {
  return hmacSha256(Buffer.from(tokenSha256, 'hex'), `prepared:${prepareId}`);
}

export function preparedRoutes(x: Stations, takeTurn: TokenService['takeTurn']): Router {
  const router = Router();

  router.get('/v1/sign/prepared/:id', async (request, response) => {
    const prepareId = request.params.id;
    const { key } = parse(KeyQuery, request.query);
    const prepared = await x.ceremonies.prepared(prepareId);
    const session = prepared && (await x.ceremonies.ceremony(prepared.sessionId));
    if (!session || !equalBytes(keyOf(prepareId, session), Buffer.from(key, 'hex')))
      throw new TrucError<SigningErrorCode>('signing.prepare-unknown', { prepareId });
    const { expiresAt, documentId, version } = prepared;
    if (Date.parse(expiresAt) <= x.clock.now())
      throw new TrucError<SigningErrorCode>('signing.prepare-expired', { prepareId, expiresAt });
    await takeTurn('requests', {
      clientId: session.grant.clientId,
      agencyIds: [session.grant.agencyId],
      scopes: ['sign'],
    });
    const draft = await x.drafts.get(documentId);
    const content = draft?.versions.find((one) => one.version === version)?.content;
    if (!content) throw new TrucError<SigningErrorCode>('signing.document-unknown', { documentId });
    response.type('application/octet-stream');
    await pour(whole(x.blobs.stream(content), Buffer.from(prepared.tail, 'base64')), response);
  });

  return router;
}

async function* whole(version: AsyncIterable<Uint8Array>, tail: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* version;
  yield tail;
}
