import type { Stations } from '../exchange/index.ts';
import { type Grant, PROVIDER_IDS, type ProviderId } from '../signing/index.ts';

/** Where agents listen on an official's own machine. */
const AGENTS: Partial<Record<ProviderId, string>> = {
  vgca: 'wss://127.0.0.1:8987',
  local: 'ws://127.0.0.1:14317',
};

/** Where the policy takes software keys at all, people have nothing else. */
const WITH_SOFTWARE: readonly ProviderId[] = ['soft', 'vgca', 'local', 'csc'];

/** Ways of signing that a session may use: those of the ticket, in its order, as far as the axis has them. */
export function offersOf(grant: Grant, x: Stations): { id: ProviderId; url?: string }[] {
  const providers = grant.providers ?? (x.signing.softwareKeys ? WITH_SOFTWARE : PROVIDER_IDS);
  const has: Record<ProviderId, boolean> = {
    vgca: true,
    local: true,
    csc: x.signing.remote !== undefined,
    soft: x.signing.softwareKeys,
  };
  return providers
    .filter((id) => has[id])
    .map((id) => (AGENTS[id] === undefined ? { id } : { id, url: AGENTS[id] }));
}
