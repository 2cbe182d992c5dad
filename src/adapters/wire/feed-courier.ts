import type { FeedCourier } from '../../reporting/index.ts';
import { retryAfterMs } from './guarded-request.ts';
import type { CourierOptions } from './http-courier.ts';
import { postJson } from './post-json.ts';
import { webhookHeaders } from './webhook-headers.ts';

const TIMEOUT_MS = 60_000;

/** Figures to the command centre: JSON, signed as webhooks are (Standard Webhooks, `v1a`). Any 2xx means that it was taken. */
export function feedCourier(url: string, options: CourierOptions): FeedCourier {
  const { guard, clock, timeout = TIMEOUT_MS } = options;
  return async (id, body) => {
    const failure = await postJson({ url, body, guard, timeout, headers: webhookHeaders(id, body, options) });
    if (failure === null) return null;
    return { reason: failure.reason, retryAfterMs: retryAfterMs(failure.retryAfter, clock.now()) };
  };
}
