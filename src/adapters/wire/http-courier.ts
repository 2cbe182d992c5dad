import { type KeyObject, sign } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Endpoint } from '../../agency/index.ts';
import type { Courier, Delivery, FailureClass, PushResult } from '../../delivery/index.ts';
import { type Clock, systemCode } from '../../kernel/index.ts';
import type { Target } from './target-guard.ts';

const TIMEOUT_MS = 30_000;
const ANSWER_LIMIT = 64 * 1024;

export interface CourierOptions {
  /** Ed25519 key of the Standard Webhooks signatures. */
  key: KeyObject;
  clock: Clock;
  guard: (host: string, port: number) => Promise<Target>;
  /** Milliseconds until the whole answer must be there; 30,000 where not given. */
  timeout?: number;
}

type Answer = { status: number; retryAfter: string | undefined; body: Buffer };

/**
 * Webhooks after the Standard Webhooks specification with asymmetric signatures (`v1a`): the signed text is
 * `id.timestamp.body`, the id is the deliveryId, so a receiver recognises repeats. Redirects are failures.
 */
export function httpCourier(options: CourierOptions): Courier {
  return async (endpoint, delivery, content) => {
    const deadline = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS);
    try {
      const withContent = endpoint.push === 'content' && delivery.kind !== 'notice';
      const body = withContent ? await content() : eventBody(delivery);
      const message = { headers: headersOf(delivery, body, withContent, options), body };
      const answer = await post(endpoint, message, options, deadline);
      return 'outcome' in answer ? answer : judge(answer, delivery, withContent, options.clock.now());
    } catch (error) {
      return {
        outcome: 'failed',
        failure: 'network',
        reason: deadline.aborted ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error'),
        retryAfterMs: null,
      };
    }
  };
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
  { key, clock }: CourierOptions,
): Record<string, string> {
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signed = Buffer.concat([Buffer.from(`${delivery.deliveryId}.${timestamp}.`), body]);
  return {
    'content-type': withContent ? 'application/xml' : 'application/json',
    'content-length': String(body.length),
    'user-agent': 'truc-courier',
    'webhook-id': delivery.deliveryId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1a,${sign(null, signed, key).toString('base64')}`,
    'x-truc-document': delivery.documentId,
    'x-content-sha256': delivery.sha256,
  };
}

async function post(
  endpoint: Endpoint,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
  options: CourierOptions,
  signal: AbortSignal,
): Promise<Answer | PushResult> {
  const url = new URL(endpoint.url);
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const target = await options.guard(url.hostname, port);
  if ('refused' in target)
    return { outcome: 'failed', failure: 'contract', reason: `target-${target.refused}`, retryAfterMs: null };
  const request: RequestOptions = {
    method: 'POST',
    host: target.address,
    family: target.family,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host },
    signal,
  };
  const send = secure ? httpsRequest : httpRequest;
  const tls = secure ? tlsOptions(url.hostname, endpoint.ca) : {};
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...request, ...tls, agent: false }, (answer) =>
      readAnswer(answer).then(resolve, reject),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A server name is never an address (RFC 6066 §3); an address is checked against the certificate all the same. */
function tlsOptions(host: string, ca: string | null) {
  const named = isIP(host.replace(/^\[|\]$/g, '')) === 0;
  return { ...(named ? { servername: host } : {}), ...(ca === null ? {} : { ca }) };
}

async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT) break;
    chunks.push(chunk);
  }
  return {
    status: answer.statusCode ?? 0,
    retryAfter: answer.headers['retry-after'],
    body: Buffer.concat(chunks),
  };
}

function judge(answer: Answer, delivery: Delivery, withContent: boolean, now: number): PushResult {
  if (answer.status >= 200 && answer.status < 300) {
    if (withContent && answer.body.toString('utf8').toLowerCase().includes(delivery.sha256))
      return { outcome: 'acknowledged' };
    return { outcome: 'notified' };
  }
  return {
    outcome: 'failed',
    failure: failureOf(answer.status),
    reason: `http-${answer.status}`,
    retryAfterMs: retryAfterMs(answer.retryAfter, now),
  };
}

function failureOf(status: number): FailureClass {
  if (status === 429 || status === 503) return 'throttled';
  if (status === 408 || status === 425 || status >= 500) return 'server';
  return 'contract';
}

/** Retry-After as seconds or HTTP date (RFC 9110 §10.2.3), in milliseconds from now. */
function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
