import { type Clock, systemCode } from '../../kernel/index.ts';
import type { Fetched } from '../../verification/index.ts';
import { type Guard, type GuardedAnswer, guardedRequest, retryAfterMs } from './guarded-request.ts';

export interface FetchOptions {
  guard: Guard;
  clock: Clock;
  /** Milliseconds until the whole answer must be there. */
  timeout?: number;
  /** Octets of the largest answer. */
  limit?: number;
  /** Ends requests early: the process stops. */
  stopping?: AbortSignal;
}

export interface Asking {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: Buffer;
  limit: number;
  timeout: number;
  /** Whether an answer's media type is one that may be read. */
  isType(type: string): boolean;
}

const MOST_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks an authority's server: one deadline over everything, at most three redirects, all to the host that was asked, each looked at
 * by the guard and none from https to http, and no more octets than the limit. Never throws.
 */
export async function fetching(asking: Asking, options: FetchOptions): Promise<Fetched> {
  const { guard, clock, stopping } = options;
  const deadline = AbortSignal.timeout(asking.timeout);
  const signal = stopping ? AbortSignal.any([deadline, stopping]) : deadline;
  try {
    let { url } = asking;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      if (!isWebUrl(url)) return failed('url-not-http');
      const { method, headers, body, limit } = asking;
      const answer = await guardedRequest({
        url,
        method,
        headers: { ...headers, 'user-agent': 'truc' },
        ...(body ? { body } : {}),
        guard,
        signal,
        limit,
      });
      if ('refused' in answer) return failed(`target-${answer.refused}`);
      const next = redirectOf(answer, url);
      if (next === null) return judge(answer, asking, clock.now());
      if (!isWebUrl(next)) return failed('url-not-http');
      if (new URL(next).hostname !== new URL(url).hostname) return failed('redirect-elsewhere');
      if (url.startsWith('https:') && !next.startsWith('https:')) return failed('redirect-to-http');
      url = next;
    }
    return failed('too-many-redirects');
  } catch (error) {
    return failed(deadline.aborted ? 'timeout' : (systemCode(error) ?? 'network-error'));
  }
}

/** An address that can be asked at all: `http:` or `https:`, without a name and password in it. */
export function isWebUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

function redirectOf({ status, headers }: GuardedAnswer, from: string): string | null {
  if (!REDIRECTS.includes(status) || !headers.location) return null;
  return URL.canParse(headers.location, from) ? new URL(headers.location, from).href : '';
}

function judge(answer: GuardedAnswer, { isType }: Asking, now: number): Fetched {
  const { status, headers, body, cut } = answer;
  if (status === 304) return { outcome: 'unchanged' };
  if (status !== 200) return failed(`http-${status}`, retryAfterMs(headers['retry-after'], now));
  if (cut) return failed('too-large');
  if (headers['content-type'] && !isType(headers['content-type'].toLowerCase()))
    return failed('content-type');
  return {
    outcome: 'fetched',
    bytes: body,
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
  };
}

function failed(reason: string, retryAfter: number | null = null): Fetched {
  return { outcome: 'failed', reason, retryAfterMs: retryAfter };
}
