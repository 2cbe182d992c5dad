import type { Guard } from './guarded-request.ts';
import { postJson } from './post-json.ts';

const TIMEOUT_MS = 10_000;

/** Posts spans to an OTLP/HTTP collector as JSON. @returns null when it took them, else why not */
export function spanCollector(url: string, guard: Guard): (body: Buffer) => Promise<string | null> {
  return async (body) => {
    const headers = { 'user-agent': 'truc' };
    const failure = await postJson({ url, body, guard, headers, timeout: TIMEOUT_MS });
    return failure?.reason ?? null;
  };
}
