import { cscClient } from '../adapters/wire/csc-client.ts';
import type { Guard } from '../adapters/wire/guarded-request.ts';
import { targetGuard } from '../adapters/wire/target-guard.ts';
import { tsaFailover } from '../adapters/wire/tsa-failover.ts';
import type { SigningDesk } from '../exchange/index.ts';
import type { Clock, Log } from '../kernel/index.ts';
import { tinos } from '../lab/index.ts';
import type { TimestampClient } from '../signing/index.ts';
import { timestampFault, type VerificationContext } from '../verification/index.ts';
import type { Config } from './config.ts';

export interface DeskOptions {
  config: Pick<Config, 'tsaUrls' | 'authorities' | 'policy' | 'csc'>;
  /** By what a token is judged before it is used. */
  context(): VerificationContext;
  clock: Clock;
  log: Log;
  /** The demo's own authority; the configured ones where not given. */
  given?: TimestampClient | undefined;
}

export function signingDesk({ config, given, ...options }: DeskOptions): SigningDesk {
  const { tsaUrls, authorities, policy, csc } = config;
  return {
    timestamp: given ?? (tsaUrls.length === 0 ? null : authoritiesAt(tsaUrls, authorities.nets, options)),
    fonts: { regular: tinos('regular'), italic: tinos('italic') },
    softwareKeys: policy.name === 'lab',
    ...(csc ? { remote: cscClient({ ...csc, guard: guardOf([]) }) } : {}),
  };
}

function authoritiesAt(
  urls: readonly string[],
  nets: readonly string[],
  { context, clock, log }: Pick<DeskOptions, 'context' | 'clock' | 'log'>,
): TimestampClient {
  return tsaFailover({
    ...{ urls, clock, log, guard: guardOf(nets) },
    check: (token, digest) => timestampFault(token, digest, context()),
  });
}

/** Who names an authority allows its address, unless the networks of authorities are named too. */
function guardOf(nets: readonly string[]): Guard {
  const allowed = nets.length > 0 ? nets : ['0.0.0.0/0', '::/0'];
  return targetGuard({ allowed, own: () => [] });
}
