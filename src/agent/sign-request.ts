import { z } from 'zod';
import { digestOf, sha256, sha256Hex } from '../kernel/index.ts';
import { refusal } from './errors.ts';
import { preparedChecks } from './prepared-check.ts';

const base64 = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/);

export const SignRequestSchema = z.object({
  verb: z.literal('sign'),
  credentialId: z.string().regex(/^[0-9a-f]{64}$/),
  display: z.object({
    signer: z.string().max(300),
    capacity: z.string().max(20),
    origin: z.string().max(300),
  }),
  items: z
    .array(
      z.object({
        title: z.string().max(500),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        size: z.int().min(1),
        byteRange: z.array(z.int()).length(4),
        toBeSigned: base64,
        preparedUrl: z.url().max(500),
      }),
    )
    .min(1)
    .max(50),
});
export type SignRequest = z.output<typeof SignRequestSchema>;
type Item = SignRequest['items'][number];

const MOST_BYTES = 100 * 1024 * 1024;
const FETCH_MS = 30_000;

/** What the owner is shown, computed here from bytes that were fetched here. */
export interface CheckedRequest {
  titles: string[];
  /** Six digits, as the page shows them. */
  code: string;
  digests: Buffer[];
}

/**
 * Fetches what was prepared and makes the six checks again (docs/spec/signing.md §3): a page that was taken over gets no signature.
 * @param origin of the page that asks; documents come from there and nowhere else
 * @throws TrucError `E_AGENT_CHECK` with the numbers of the checks that fail
 */
export async function checkRequest(
  { items }: SignRequest,
  certificate: Buffer,
  origin: string,
): Promise<CheckedRequest> {
  const digests: Buffer[] = [];
  for (const item of items) {
    await checkItem(item, certificate, origin);
    digests.push(sha256(Buffer.from(item.toBeSigned, 'base64')));
  }
  const [only, ...more] = digests;
  const whole = more.length === 0 && only ? only : digestOf('sha256', ...digests.map((one) => one));
  const code = String(whole.readUInt32BE() % 1_000_000).padStart(6, '0');
  return { titles: items.map(({ title }) => title), code, digests };
}

async function checkItem(item: Item, certificate: Buffer, origin: string): Promise<void> {
  const whole = await fetched(item.preparedUrl, origin);
  const toBeSigned = Buffer.from(item.toBeSigned, 'base64');
  const shown = whole.subarray(0, item.size);
  const failing = preparedChecks({
    shown,
    expectedSha256: item.sha256,
    prepared: {
      sha256: sha256Hex(shown),
      size: item.size,
      tail: whole.subarray(item.size).toString('base64'),
      byteRange: item.byteRange,
      toBeSigned: item.toBeSigned,
      // The code is made here, so there is nothing to compare it with.
      code: String(sha256(toBeSigned).readUInt32BE() % 1_000_000).padStart(6, '0'),
    },
    certificate,
  });
  if (failing.length > 0) throw refusal('E_AGENT_CHECK', failing.join(', '));
}

async function fetched(url: string, origin: string): Promise<Buffer> {
  if (new URL(url).origin !== origin) throw refusal('E_AGENT_CHECK', 'origin');
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS) }).catch(
    () => null,
  );
  if (!answer?.ok || !answer.body) throw refusal('E_AGENT_CHECK', 'preparedUrl');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw refusal('E_AGENT_CHECK', 'size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
