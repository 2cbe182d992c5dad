import { systemCode } from '../../kernel/index.ts';
import type { FeedCourier } from '../../reporting/index.ts';
import { guardedRequest, retryAfterMs } from './guarded-request.ts';
import type { CourierOptions } from './http-courier.ts';
import { webhookHeaders } from './webhook-headers.ts';

const TIMEOUT_MS = 60_000;
const ANSWER_LIMIT = 64 * 1024;

/** Figures to the command centre: JSON, signed as webhooks are (Standard Webhooks, `v1a`). Any 2xx means that it was taken. */
export function feedCourier(url: string, options: CourierOptions): FeedCourier {
  const { guard, clock, timeout = TIMEOUT_MS } = options;
  return async (id, body) => {
    const signal = AbortSignal.timeout(timeout);
    try {
      const headers = { 'content-type': 'application/json', ...webhookHeaders(id, body, options) };
      const request = {
        url,
        method: 'POST',
        headers,
        body,
        guard,
        signal,
        limit: ANSWER_LIMIT,
        ca: null,
      } as const;
      const answer = await guardedRequest(request);
      if ('refused' in answer) return { reason: `target-${answer.refused}`, retryAfterMs: null };
      if (answer.status >= 200 && answer.status < 300) return null;
      const wait = retryAfterMs(answer.headers['retry-after'], clock.now());
      return { reason: `http-${answer.status}`, retryAfterMs: wait };
    } catch (error) {
      const reason = signal.aborted ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error');
      return { reason, retryAfterMs: null };
    }
  };
}
