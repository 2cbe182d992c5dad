import { Router } from 'express';
import { z } from 'zod';
import type { Delivery } from '../delivery/index.ts';
import {
  acknowledge,
  canonicalCopy,
  changeLease,
  readInbox,
  type Stations,
  takeContent,
} from '../exchange/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { pour } from './pour.ts';
import { jsonBody, pageLimit, parse, writtenText } from './validate.ts';

const InboxQuery = z.object({
  limit: pageLimit(50),
  wait: z.coerce
    .number()
    .min(0)
    .catch(0)
    .transform((n) => Math.min(n, 60)),
  lease: z.coerce.number().int().min(10).max(3600).optional(),
});

const Acknowledgement = z.object({
  outcome: z.enum(['done', 'fail']),
  reason: writtenText(1000).optional(),
  retry: z.boolean().optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
});

const Extension = z.object({ lease: z.number().int().min(10).max(3600).optional() });

/** What an inbox reader is told of a delivery. */
export function inboxItem(delivery: Delivery) {
  return {
    deliveryId: delivery.deliveryId,
    documentId: delivery.documentId,
    kind: delivery.kind,
    from: delivery.senderCode,
    to: delivery.recipientCode,
    priority: delivery.priority,
    receivedAt: delivery.createdAt,
    leaseUntil: delivery.leaseUntil,
    sha256: delivery.sha256,
    size: delivery.size,
    attempts: delivery.attempts,
  };
}

export interface InboxOptions {
  leaseSeconds: number;
  /** Ends long polls when the process drains. */
  stopping: AbortSignal;
}

/** /v1/inbox: leased deliveries, their content, and the recipient's explicit answer. */
export function inboxRoutes(x: Stations, tokens: TokenService, options: InboxOptions): Router {
  const router = Router();
  const inbox = authenticate(tokens, 'inbox');

  router.get('/v1/inbox', inbox, async (request, response) => {
    const query = parse(InboxQuery, request.query);
    const over = new AbortController();
    const end = () => over.abort();
    request.on('close', end);
    options.stopping.addEventListener('abort', end);
    const deliveries = await readInbox(
      {
        agencyIds: callerOf(response).agencyIds,
        limit: query.limit,
        leaseMs: (query.lease ?? options.leaseSeconds) * 1000,
        waitMs: query.wait * 1000,
        signal: over.signal,
      },
      x,
    ).finally(() => options.stopping.removeEventListener('abort', end));
    response.json({ items: deliveries.map(inboxItem), checkpoint: (await x.reader.checkpoint()).toString() });
  });

  router.get('/v1/inbox/:deliveryId/content', inbox, async (request, response) => {
    const delivery = await takeContent(request.params.deliveryId as string, callerOf(response), x);
    const type = delivery.kind === 'notice' ? 'application/json' : 'application/xml';
    if (request.query.form === 'canonical' && delivery.kind === 'document') {
      response.type(type).send(await canonicalCopy(delivery, x));
      return;
    }
    response.set({ 'Content-Length': String(delivery.size), 'X-Content-SHA256': delivery.sha256 }).type(type);
    await pour(x.blobs.stream(delivery.content), response);
  });

  router.post('/v1/inbox/:deliveryId/ack', inbox, jsonBody, async (request, response) => {
    const ack = parse(Acknowledgement, request.body);
    const delivery = await acknowledge(
      request.params.deliveryId as string,
      {
        outcome: ack.outcome,
        reason: ack.reason ?? null,
        retry: ack.retry ?? false,
        sha256: ack.sha256?.toLowerCase() ?? null,
      },
      callerOf(response),
      x,
    );
    response.json({
      deliveryId: delivery.deliveryId,
      state: delivery.state,
      updatedAt: delivery.updatedAt,
      nextAt: delivery.nextAt,
    });
  });

  router.post('/v1/inbox/:deliveryId/extend', inbox, jsonBody, async (request, response) => {
    const { lease } = parse(Extension, request.body ?? {});
    const until = x.clock.now() + (lease ?? options.leaseSeconds) * 1000;
    response.json(
      inboxItem(await changeLease(request.params.deliveryId as string, until, callerOf(response), x)),
    );
  });

  router.post('/v1/inbox/:deliveryId/release', inbox, async (request, response) => {
    response.json(
      inboxItem(await changeLease(request.params.deliveryId as string, null, callerOf(response), x)),
    );
  });

  return router;
}
