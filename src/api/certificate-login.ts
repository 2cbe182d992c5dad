import { BlockList, isIP } from 'node:net';
import type { Request } from 'express';
import { equalBytes, sha256, TrucError } from '../kernel/index.ts';

/** How people log in by the certificate that their browser shows to a proxy. */
export interface CertificateLogin {
  /** Address of `GET /login/certificate` at the proxy that asks browsers for a certificate; of the same host as the pages. */
  url: string;
  /** Addresses and networks of the proxies whose word on the certificate counts. */
  trustedProxies: readonly string[];
  /** What the proxy adds where it asked for a certificate, and where alone: another of its rules may pass on what callers write. */
  secret: string;
  /** Whose certificate it is: a person id. @throws TrucError `agency.login-certificate` where it opens nothing */
  personOf(certificate: Buffer): Promise<string>;
}

/** A certificate and what stands around it. */
const LONGEST = 16_384;

/**
 * The certificate with which the browser opened its connection to the proxy before us: RFC 9440 `Client-Cert: :<base64 of the DER>:`, or
 * the PEM with percent signs that nginx writes. Only a trusted proxy's word counts, by the address of the connection itself and by
 * the secret that it adds as `Truc-Proxy-Secret`: RFC 9440 §4 leaves it to the proxy's rules to drop what callers forge, and one rule forgotten
 * would be a login as anybody.
 * @throws TrucError `agency.login-certificate` for nobody's word, no certificate, or what is none
 */
export function clientCertificate(
  request: Request,
  { trustedProxies, secret }: Pick<CertificateLogin, 'trustedProxies' | 'secret'>,
): Buffer {
  const told = sha256(request.get('truc-proxy-secret') ?? '');
  const known = equalBytes(told, sha256(secret));
  if (!known || !isTrusted(request.socket.remoteAddress ?? '', trustedProxies))
    throw refused('not-from-a-proxy');
  // Two of one name: one is not the proxy's.
  const given = request.headersDistinct['client-cert'] ?? [];
  const [value = ''] = given;
  if (given.length !== 1 || value.length > LONGEST) throw refused('no-certificate');
  const [, der] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value.trim()) ?? [];
  if (der) return Buffer.from(der, 'base64');
  const [, body] =
    /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(plain(value)) ?? [];
  if (!body) throw refused('no-certificate');
  return Buffer.from(body.replaceAll(/\s/g, ''), 'base64');
}

function plain(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}

function isTrusted(address: string, proxies: readonly string[]): boolean {
  const list = new BlockList();
  for (const one of proxies) {
    const [net = '', bits] = one.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(net) === 0) continue;
    if (bits === undefined) list.addAddress(net, family);
    else list.addSubnet(net, Number(bits), family);
  }
  const bare = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(bare) !== 0 && list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

function refused(cause: string): TrucError {
  return new TrucError('agency.login-certificate', { cause });
}
