import type { ErrorCode } from '../errors.ts';

/**
 * Whether the browser lets this page speak to programs of this machine (Local Network Access, W3C WICG). `unasked`: it will ask at
 * the first connection.
 */
export type LoopbackPermission = 'granted' | 'unasked' | 'denied' | 'not-delegated';

/** Names of the permission, newest first; a browser that knows none of them asks nobody. */
const NAMES = ['loopback-network', 'local-network-access'];

interface Policied {
  featurePolicy?: { features(): string[]; allowsFeature(name: string): boolean };
}

export async function loopbackPermission(): Promise<LoopbackPermission> {
  for (const name of NAMES) {
    const status = await navigator.permissions.query({ name: name as PermissionName }).catch(() => null);
    if (!status) continue;
    if (status.state === 'granted' || (status.state === 'prompt' && isLoopback(location.hostname)))
      return 'granted';
    if (status.state === 'prompt') return 'unasked';
    // A frame without `allow` is denied too, and no click of the official changes that.
    const { featurePolicy } = document as Policied;
    const knows = featurePolicy?.features().includes(name) === true;
    return knows && featurePolicy?.allowsFeature(name) === false ? 'not-delegated' : 'denied';
  }
  return 'granted';
}

/** A page of this machine is not asked about this machine. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** @returns the reason why no connection can be made; null where one can be tried */
export function loopbackObstacle(permission: LoopbackPermission): ErrorCode | null {
  if (permission === 'not-delegated') return 'E_LNA_FRAME';
  return permission === 'denied' ? 'E_LNA_DENIED' : null;
}
