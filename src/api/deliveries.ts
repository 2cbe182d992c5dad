import { Router } from 'express';
import { z } from 'zod';
import type { Delivery } from '../delivery/index.ts';
import { cancelDelivery, listDeliveries, retryDelivery, type Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { pageLimit, parse } from './validate.ts';

const ListQuery = z.object({
  state: z.enum(['waiting', 'leased', 'done', 'failed', 'cancelled']).optional(),
  recipient: z.string().max(35).optional(),
  after: z.uuid().optional(),
  limit: pageLimit(100),
});

/** /v1/deliveries: what operators see and may do; nothing of a document's content. */
export function deliveryRoutes(x: Stations, tokens: TokenService): Router {
  const router = Router();
  const admin = authenticate(tokens, 'admin');

  router.get('/v1/deliveries', admin, async (request, response) => {
    const { state, recipient, after, limit } = parse(ListQuery, request.query);
    const recipientId = recipient === undefined ? undefined : await agencyId(recipient, x);
    const page = await listDeliveries(
      {
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
        ...(recipientId === undefined ? {} : { recipientId }),
        ...(after === undefined ? {} : { after }),
      },
      x,
    );
    const items = page.slice(0, limit);
    const next = page.length > limit ? (items.at(-1)?.deliveryId ?? null) : null;
    response.json({ items: items.map(operatorView), next });
  });

  router.post('/v1/deliveries/:id/retry', admin, async (request, response) => {
    response.json(operatorView(await retryDelivery(request.params.id as string, x)));
  });

  router.post('/v1/deliveries/:id/cancel', admin, async (request, response) => {
    response.json(operatorView(await cancelDelivery(request.params.id as string, x)));
  });
  return router;
}

async function agencyId(code: string, x: Stations): Promise<string> {
  const agency = await x.agencies.resolve(code, x.clock.now());
  if (!agency) throw new TrucError('agency.unknown', { code });
  return agency.id;
}

function operatorView(delivery: Delivery) {
  const { deliveryId, documentId, kind, state, priority, attempts, failure } = delivery;
  return {
    deliveryId,
    documentId,
    kind,
    from: delivery.senderCode,
    to: delivery.recipientCode,
    state,
    priority,
    attempts,
    failure,
    createdAt: delivery.createdAt,
    nextAt: delivery.nextAt,
    fetchedAt: delivery.fetchedAt,
    updatedAt: delivery.updatedAt,
    deadline: delivery.deadline,
  };
}
