import { systemCode } from '../../kernel/index.ts';
import { type Guard, guardedRequest } from './guarded-request.ts';

const ANSWER_LIMIT = 64 * 1024;

export interface JsonPost {
  url: string;
  body: Buffer;
  headers: Record<string, string>;
  guard: Guard;
  /** Milliseconds for the whole exchange. */
  timeout: number;
}

export interface NotTaken {
  /** `http-<status>`, `target-<why the guard refused>`, `ETIMEDOUT` or what the network says. */
  reason: string;
  /** The Retry-After field, where the answer had one. */
  retryAfter: string | undefined;
}

/** Posts JSON; any 2xx means that it was taken. @returns null then, else why not; never throws */
export async function postJson({ timeout, headers, ...request }: JsonPost): Promise<NotTaken | null> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const answer = await guardedRequest({
      ...{ ...request, method: 'POST', signal, limit: ANSWER_LIMIT, ca: null },
      headers: { 'content-type': 'application/json', ...headers },
    });
    if ('refused' in answer) return { reason: `target-${answer.refused}`, retryAfter: undefined };
    if (answer.status >= 200 && answer.status < 300) return null;
    return { reason: `http-${answer.status}`, retryAfter: answer.headers['retry-after'] };
  } catch (error) {
    const reason = signal.aborted ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error');
    return { reason, retryAfter: undefined };
  }
}
