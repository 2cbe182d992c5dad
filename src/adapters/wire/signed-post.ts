import { type KeyObject, sign } from 'node:crypto';
import { type Clock, newId, TrucError } from '../../kernel/index.ts';
import { type Guard, type GuardedAnswer, guardedRequest } from './guarded-request.ts';

const ANSWER_LIMIT = 64 * 1024;

export interface SignedPost {
  url: string;
  /** Ed25519 key of the Standard Webhooks signatures. */
  key: KeyObject;
  clock: Clock;
  guard: Guard;
  /** CA of the server, PEM; null for the system's. */
  ca?: string | null;
  timeout?: number;
}

/** Posts an event, signed as Standard Webhooks `v1a` says. @throws TrucError `adapters.webhook-refused`, or what the network says */
export async function signedPost(event: object, options: SignedPost): Promise<GuardedAnswer> {
  const { url, key, clock, guard, ca = null, timeout = 15_000 } = options;
  const body = Buffer.from(JSON.stringify(event));
  const id = newId();
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const answer = await guardedRequest({
    ...{ url, method: 'POST', body, guard, ca, limit: ANSWER_LIMIT, signal: AbortSignal.timeout(timeout) },
    headers: {
      'content-type': 'application/json',
      'user-agent': 'truc-courier',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1a,${sign(null, signed, key).toString('base64')}`,
    },
  });
  if ('refused' in answer)
    throw new TrucError('adapters.webhook-refused', { reason: `target-${answer.refused}` });
  return answer;
}
