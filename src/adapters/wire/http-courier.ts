import type { KeyObject } from 'node:crypto';
import type { Endpoint } from '../../agency/index.ts';
import {
  type Courier,
  type Delivery,
  type FailureClass,
  maskedHead,
  maskedHeaders,
  maskedUrl,
  type PushExchange,
  type PushResult,
} from '../../delivery/index.ts';
import { type Clock, systemCode } from '../../kernel/index.ts';
import { type Guard, type GuardedAnswer, guardedRequest, retryAfterMs } from './guarded-request.ts';
import { webhookHeaders } from './webhook-headers.ts';

const TIMEOUT_MS = 30_000;
const ANSWER_LIMIT = 64 * 1024;

export interface CourierOptions {
  /** Ed25519 key of the Standard Webhooks signatures. */
  key: KeyObject;
  clock: Clock;
  guard: Guard;
  /** Milliseconds until the whole answer must be there; 30,000 where not given. */
  timeout?: number;
}

/**
 * Webhooks after the Standard Webhooks specification with asymmetric signatures (`v1a`): the signed text is
 * `id.timestamp.body`, the id is the deliveryId, so a receiver recognises repeats. Redirects are failures.
 */
export function httpCourier(options: CourierOptions): Courier {
  return async (endpoint, delivery, content) => {
    const deadline = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
    const withContent = endpoint.push === 'content' && delivery.kind !== 'notice';
    let exchange: PushExchange | null = null;
    const told = (result: PushResult) => ({ ...result, ...(exchange ? { exchange } : {}) });
    try {
      const body = withContent ? await content() : eventBody(delivery);
      const message = { headers: headersOf(delivery, body, withContent, options), body };
      const request = requestOf(endpoint, message);
      exchange = { request, answer: null };
      const answer = await post(endpoint, message, options, deadline);
      if ('outcome' in answer) return told(answer);
      exchange = { request, answer: answerOf(answer, withContent) };
      return told(judge(answer, delivery, withContent, options.clock.now()));
    } catch (error) {
      return told({
        outcome: 'failed',
        failure: 'network',
        reason: deadline.aborted ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error'),
        retryAfterMs: null,
      });
    }
  };
}

interface Message {
  headers: Record<string, string>;
  body: Buffer;
}

function requestOf({ url }: Endpoint, { headers, body }: Message): PushExchange['request'] {
  return { method: 'POST', url: maskedUrl(url), headers: maskedHeaders(headers), bytes: body.length };
}

/** An answer to pushed content may repeat the letter: of it nothing but its shape is kept. */
function answerOf({ status, headers, body }: GuardedAnswer, withContent: boolean): PushExchange['answer'] {
  const contentType = (headers['content-type'] ?? '').slice(0, 100);
  return { status, contentType, bytes: body.length, head: withContent ? '' : maskedHead(body) };
}

function eventBody(delivery: Delivery): Buffer {
  const type = delivery.kind === 'document' ? 'delivery.waiting' : `${delivery.kind}.waiting`;
  return Buffer.from(
    JSON.stringify({
      type,
      deliveryId: delivery.deliveryId,
      documentId: delivery.documentId,
      kind: delivery.kind,
      to: delivery.recipientCode,
      priority: delivery.priority,
      sha256: delivery.sha256,
    }),
  );
}

function headersOf(
  delivery: Delivery,
  body: Buffer,
  withContent: boolean,
  options: CourierOptions,
): Record<string, string> {
  return {
    'content-type': withContent ? 'application/xml' : 'application/json',
    ...webhookHeaders(delivery.deliveryId, body, options),
    'x-truc-document': delivery.documentId,
    'x-content-sha256': delivery.sha256,
  };
}

async function post(
  endpoint: Endpoint,
  { headers, body }: Message,
  { guard }: CourierOptions,
  signal: AbortSignal,
): Promise<GuardedAnswer | PushResult> {
  const { url, ca } = endpoint;
  const answer = await guardedRequest({
    url,
    method: 'POST',
    headers,
    body,
    guard,
    signal,
    limit: ANSWER_LIMIT,
    ca,
  });
  if ('refused' in answer)
    return { outcome: 'failed', failure: 'contract', reason: `target-${answer.refused}`, retryAfterMs: null };
  return answer;
}

function judge(answer: GuardedAnswer, delivery: Delivery, withContent: boolean, now: number): PushResult {
  if (answer.status >= 200 && answer.status < 300) {
    if (withContent && answer.body.toString('utf8').toLowerCase().includes(delivery.sha256))
      return { outcome: 'acknowledged' };
    return { outcome: 'notified' };
  }
  return {
    outcome: 'failed',
    failure: failureOf(answer.status),
    reason: `http-${answer.status}`,
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], now),
  };
}

function failureOf(status: number): FailureClass {
  if (status === 429 || status === 503) return 'throttled';
  if (status === 408 || status === 425 || status >= 500) return 'server';
  return 'contract';
}
