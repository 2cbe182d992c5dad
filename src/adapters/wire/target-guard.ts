import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Addresses that are never a webhook target, whatever is configured: link-local, metadata, multicast, "this host". */
const NEVER: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
];

export interface GuardOptions {
  /** CIDR networks in which targets may lie. */
  allowed: readonly string[];
  /** Our own listeners as `address:port`; a wildcard bind stands for every local address. */
  own: () => readonly { address: string; port: number }[];
  /** Ports that may be asked; any where not given. */
  ports?: readonly number[];
  /** An address of a name, '' when it has none; the system's resolver where not given. */
  lookup?: (host: string) => Promise<string>;
}

export type Target =
  | { address: string; family: 4 | 6 }
  | { refused: 'not-allowed' | 'denied' | 'own-listener' | 'unresolvable' | 'port-not-allowed' };

/**
 * Resolves a host once and decides; the caller connects to the address it gets and never resolves again, so that a
 * changed DNS answer cannot lead elsewhere.
 */
export function targetGuard(options: GuardOptions): (host: string, port: number) => Promise<Target> {
  const allowed = new BlockList();
  for (const net of options.allowed) {
    const [address = '', bits = ''] = net.split('/');
    allowed.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  const never = new BlockList();
  for (const [address, bits, family] of NEVER) never.addSubnet(address, bits, family);
  const { lookup = firstAddress } = options;

  return async (host, port) => {
    if (options.ports && !options.ports.includes(port)) return { refused: 'port-not-allowed' };
    const bare = host.replace(/^\[|\]$/g, '');
    const address = unmapped(isIP(bare) ? bare : await lookup(bare));
    if (address === '') return { refused: 'unresolvable' };
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (never.check(address, family)) return { refused: 'denied' };
    if (!allowed.check(address, family)) return { refused: 'not-allowed' };
    const ours = options.own().some((own) => own.port === port && reaches(own.address, address));
    if (ours) return { refused: 'own-listener' };
    return { address, family: family === 'ipv4' ? 4 : 6 };
  };
}

/** Whether a connection to the target would end at a listener that is bound to the own address. */
function reaches(own: string, target: string): boolean {
  const loopback = target === '::1' || target.startsWith('127.');
  if (loopback || unmapped(own) === target) return true;
  if (own !== '0.0.0.0' && own !== '::') return false;
  const local = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return local.some((one) => one.address === target);
}

async function firstAddress(host: string): Promise<string> {
  try {
    return (await systemLookup(host)).address;
  } catch {
    return '';
  }
}

/** `::ffff:10.0.0.1` is 10.0.0.1 and is judged as such. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted) return dotted;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (!hex) return address;
  const [high, low] = [Number.parseInt(hex[1] as string, 16), Number.parseInt(hex[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
