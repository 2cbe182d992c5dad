import { systemCode } from '../../kernel/index.ts';
import { type Guard, guardedRequest } from './guarded-request.ts';

const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT = 64 * 1024;

/** Posts spans to an OTLP/HTTP collector as JSON. @returns null when it took them, else why not */
export function spanCollector(url: string, guard: Guard): (body: Buffer) => Promise<string | null> {
  return async (body) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const headers = { 'content-type': 'application/json', 'user-agent': 'truc' };
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
      if ('refused' in answer) return `target-${answer.refused}`;
      return answer.status >= 200 && answer.status < 300 ? null : `http-${answer.status}`;
    } catch (error) {
      return signal.aborted ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error');
    }
  };
}
