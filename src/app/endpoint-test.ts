import type { KeyObject } from 'node:crypto';
import type { Guard } from '../adapters/wire/guarded-request.ts';
import { signedPost } from '../adapters/wire/signed-post.ts';
import { maskedHead } from '../delivery/index.ts';
import type { EndpointTest } from '../exchange/index.ts';
import type { Clock } from '../kernel/index.ts';

/** Test messages to endpoints: signed and guarded as pushes are. */
export function endpointTester(options: { key: KeyObject; clock: Clock; guard: Guard }): EndpointTest {
  return async ({ url, ca }, event) => {
    const { status, body } = await signedPost(event, { ...options, url, ca });
    return { status, head: maskedHead(body) };
  };
}
