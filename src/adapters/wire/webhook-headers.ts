import { type KeyObject, sign } from 'node:crypto';
import type { Clock } from '../../kernel/index.ts';

/** Headers of the Standard Webhooks specification with an asymmetric signature (`v1a`) over `id.timestamp.body`. */
export function webhookHeaders(
  id: string,
  body: Buffer,
  { key, clock }: { key: KeyObject; clock: Clock },
): Record<string, string> {
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return {
    'user-agent': 'truc-courier',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1a,${sign(null, signed, key).toString('base64')}`,
  };
}
