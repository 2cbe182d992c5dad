import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { WorkingCalendar } from '../document/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Policy } from '../verification/index.ts';
import { type AlertConfig, alertConfigOf } from './alerting.ts';
import type { Settings } from './env.ts';
import { calendarOf, policyOf } from './policy.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Everything that can be set, checked and with its defaults; impossible combinations never get this far. */
export interface Config {
  /** The stores of the distributed profile; null in the embedded one. */
  distributed: DistributedConfig | null;
  port: number;
  bind: string;
  dataDir: string;
  demo: boolean;
  /** Without trailing slash; null = made of bind and port once known. */
  publicUrl: string | null;
  /** The signing origin as browsers see it, without path; null = made of bind and signing port once known. */
  signingUrl: string | null;
  /** Port of the signing origin; null = public port + 1. */
  signingPort: number | null;
  /** RFC 3161 authorities in order of preference; none: signatures stay without time-stamps. */
  tsaUrls: string[];
  /** The remote signing service (CSC API v2) that officials may sign with. */
  csc: { url: string; clientId: string; clientSecret: string } | null;
  /** C2SP log origin; null = demo origin made of the key. */
  ledgerOrigin: string | null;
  /** Port of /metrics and /readyz; null = public port + 2. */
  operationsPort: number | null;
  /** Address of /metrics and /readyz, which ask nobody who they are: loopback, or where only probes can reach it. */
  operationsBind: string;
  tls: { cert: string; key: string } | null;
  /** Where browsers show certificates to log in; null where nobody does. */
  certificateLogin: { url: string; secret: string } | null;
  trustedProxies: string[];
  /** CIDR networks in which webhook targets may lie. */
  pushNets: string[];
  /** Asking the servers of authorities. */
  authorities: AuthoritiesConfig;
  signerState: string | null;
  /** Whether /figures is open to everybody. */
  publicFigures: boolean;
  /** Where each version of the published figures is brought; null for nowhere. */
  commandCentreUrl: string | null;
  /** Collector of traces (OTLP over HTTP); null for none. */
  otlpUrl: string | null;
  /** The identity provider of people; null where nobody logs in by one. */
  oidc: OidcConfig | null;
  /** Alarms to the operators. */
  alerts: AlertConfig;
  trust: { anchors: string; intermediates: string | null; crls: string | null } | null;
  policy: Policy;
  /** Which days are worked. */
  calendar: WorkingCalendar;
  logLevel: LogLevel;
  /** Largest edXML body in bytes. */
  maxBodyBytes: number;
  /** Transport deadline of a delivery in days. */
  deadlineDays: number;
  /** Full years after its quarter for which the content of documents is kept. */
  contentYears: number;
  leaseSeconds: number;
  /** What one system may do in a minute; 0 = as much as it likes. */
  rates: { submissions: number; requests: number };
  /** How long a node that was told to end still serves while /readyz says that it does. */
  drainSeconds: number;
}

export interface AuthoritiesConfig {
  /** CIDR networks in which servers of CRLs and OCSP may lie; none: nobody is asked. */
  nets: string[];
  /** CRLs beside those that certificates name. */
  crlUrls: string[];
  /** Whether an OCSP answer must repeat our nonce. */
  ocspNonce: 'required' | 'expected';
  /** How often a source of revocation data is asked at least, milliseconds. */
  everyMs: number;
}

export interface OidcConfig {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface DistributedConfig {
  mongoUrl: string;
  redisUrl: string;
  s3Url: string;
  /** 32 bytes that seal the installation's keys. */
  masterKey: Buffer;
}

/** What opening the stores needs of a configuration. */
export type StoreConfig = Pick<Config, 'distributed' | 'dataDir' | 'signerState' | 'calendar'>;

const MOST_A_MINUTE = 1_000_000;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

function invalid(setting: string, cause: string, facts: Record<string, string | number> = {}): never {
  throw new TrucError('app.config-invalid', { setting, cause, ...facts });
}

/**
 * Makes a configuration of settings. @throws TrucError `app.config-invalid` with setting and cause, so that the
 * process stops at the start with one sentence.
 */
export function configFrom(settings: Settings, demo: boolean): Config {
  const stores = storeConfigFrom(settings);
  const bind = settings.BIND ?? '127.0.0.1';
  const tls = tlsOf(settings);
  const trustedProxies = listOf(settings.TRUSTED_PROXIES);
  if (!LOOPBACK.includes(bind)) {
    if (demo) throw new TrucError('app.demo-refused', { cause: 'bind-beyond-loopback', bind });
    if (!tls && trustedProxies.length === 0) invalid('BIND', 'needs-tls-or-proxies', { bind });
  }
  const publicUrl = settings.PUBLIC_URL ? url('PUBLIC_URL', settings.PUBLIC_URL) : null;
  return {
    ...stores,
    port: integer('PORT', settings.PORT ?? '8080', 0, 65_533),
    bind,
    demo,
    publicUrl,
    signingUrl: settings.SIGNING_URL ? originUrl('SIGNING_URL', settings.SIGNING_URL) : null,
    signingPort: settings.SIGNING_PORT ? integer('SIGNING_PORT', settings.SIGNING_PORT, 0, 65_535) : null,
    tsaUrls: urlsOf('TSA_URL', settings.TSA_URL),
    csc: cscOf(settings),
    ledgerOrigin: originOf(settings.LEDGER_ORIGIN, demo),
    operationsPort: settings.OPERATIONS_PORT
      ? integer('OPERATIONS_PORT', settings.OPERATIONS_PORT, 0, 65_535)
      : null,
    operationsBind: operationsBindOf(settings, demo),
    tls,
    trustedProxies,
    pushNets: netsOf('PUSH_NETS', settings.PUSH_NETS),
    authorities: authoritiesOf(settings),
    publicFigures:
      oneOf('PUBLIC_FIGURES', settings.PUBLIC_FIGURES ?? (demo ? 'on' : 'off'), ['on', 'off']) === 'on',
    commandCentreUrl: settings.COMMAND_CENTRE_URL
      ? url('COMMAND_CENTRE_URL', settings.COMMAND_CENTRE_URL)
      : null,
    otlpUrl: settings.OTLP_URL ? url('OTLP_URL', settings.OTLP_URL) : null,
    oidc: oidcOf(settings),
    certificateLogin: certificateLoginOf(settings),
    alerts: alertConfigOf(settings),
    trust: trustOf(settings, demo),
    policy: chosenPolicy(settings.POLICY, demo),
    logLevel: oneOf('LOG_LEVEL', settings.LOG_LEVEL ?? (demo ? 'warn' : 'info'), [
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
    maxBodyBytes: integer('MAX_BODY_MB', settings.MAX_BODY_MB ?? '64', 1, 512) * 1024 * 1024,
    deadlineDays: 7,
    contentYears: integer('CONTENT_YEARS', settings.CONTENT_YEARS ?? '10', 1, 100),
    leaseSeconds: 120,
    rates: {
      submissions: integer(
        'RATE_SUBMISSIONS',
        settings.RATE_SUBMISSIONS ?? (demo ? '0' : '6000'),
        0,
        MOST_A_MINUTE,
      ),
      requests: integer('RATE_REQUESTS', settings.RATE_REQUESTS ?? (demo ? '0' : '30000'), 0, MOST_A_MINUTE),
    },
    drainSeconds: integer(
      'DRAIN_SECONDS',
      settings.DRAIN_SECONDS ?? (stores.distributed && !demo ? '5' : '0'),
      0,
      300,
    ),
  };
}

function cscOf({ CSC_URL, CSC_CLIENT_ID, CSC_CLIENT_SECRET }: Settings): Config['csc'] {
  if (!CSC_URL && !CSC_CLIENT_ID && !CSC_CLIENT_SECRET) return null;
  if (!CSC_URL || !CSC_CLIENT_ID || !CSC_CLIENT_SECRET) invalid('CSC_URL', 'needs-all-three');
  const base = url('CSC_URL', CSC_URL);
  const isLocal = LOOPBACK.includes(new URL(base).hostname);
  if (!base.startsWith('https:') && !isLocal) invalid('CSC_URL', 'not-encrypted');
  return { url: base, clientId: CSC_CLIENT_ID, clientSecret: CSC_CLIENT_SECRET };
}

function operationsBindOf(settings: Settings, demo: boolean): string {
  const bind = settings.OPERATIONS_BIND ?? '127.0.0.1';
  if (demo && !LOOPBACK.includes(bind))
    throw new TrucError('app.demo-refused', { cause: 'bind-beyond-loopback', bind });
  return bind;
}

/** The part that commands need which work on the stores and serve nobody. @throws TrucError `app.config-invalid` */
export function storeConfigFrom(settings: Settings): StoreConfig {
  return {
    distributed: distributedOf(settings),
    dataDir: resolve(settings.DATA ?? './data'),
    signerState: settings.SIGNER_STATE ?? null,
    calendar: calendarOf(settings.CALENDAR),
  };
}

const STORES = ['MONGO_URL', 'REDIS_URL', 'S3_URL'] as const;

function distributedOf(settings: Settings): DistributedConfig | null {
  const profile = oneOf('PROFILE', settings.PROFILE ?? 'embedded', ['embedded', 'distributed']);
  if (profile === 'embedded') {
    for (const half of [...STORES, 'MASTER_KEY'] as const)
      if (settings[half]) invalid(half, 'only-distributed');
    return null;
  }
  if (settings.SIGNER_STATE) invalid('SIGNER_STATE', 'only-embedded');
  const needed = (name: 'MONGO_URL' | 'REDIS_URL' | 'S3_URL' | 'MASTER_KEY' | 'PUBLIC_URL') =>
    settings[name] ?? invalid(name, 'missing-for-distributed');
  needed('PUBLIC_URL');
  const plaintext = oneOf('STORES_PLAINTEXT', settings.STORES_PLAINTEXT ?? 'refuse', ['refuse', 'allow']);
  for (const name of STORES) checkStoreUrl(name, needed(name), plaintext === 'allow');
  return {
    mongoUrl: needed('MONGO_URL'),
    redisUrl: needed('REDIS_URL'),
    s3Url: needed('S3_URL'),
    masterKey: masterKeyOf(needed('MASTER_KEY')),
  };
}

/** Which way of writing a store's address is encrypted. The values may hold passwords and never enter an error. */
const ENCRYPTED = {
  MONGO_URL: (url: string) => url.startsWith('mongodb+srv:') || /[?&](tls|ssl)=true(&|$)/.test(url),
  REDIS_URL: (url: string) => url.startsWith('rediss:'),
  S3_URL: (url: string) => url.startsWith('https:'),
} as const;
const KNOWN_URL = {
  MONGO_URL: /^mongodb(\+srv)?:\/\/[^/]/,
  REDIS_URL: /^rediss?:\/\/[^/]/,
  S3_URL: /^https?:\/\/[^/]+@[^/]+\/[^/]/,
} as const;

function checkStoreUrl(name: (typeof STORES)[number], url: string, plaintextAllowed: boolean): void {
  if (!KNOWN_URL[name].test(url)) invalid(name, 'not-a-store-url');
  const hosts = (/^[^:]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1] ?? '').split(',');
  const onThisMachine = hosts.every((host) =>
    LOOPBACK.includes(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')),
  );
  if (!onThisMachine && !plaintextAllowed && !ENCRYPTED[name](url)) invalid(name, 'not-encrypted');
}

/** 32 bytes, written as hex or base64. @throws TrucError `app.config-invalid` */
export function masterKeyOf(written: string): Buffer {
  const key = Buffer.from(written, /^[0-9a-f]{64}$/i.test(written) ? 'hex' : 'base64');
  if (key.length !== 32) invalid('MASTER_KEY', 'not-32-bytes');
  return key;
}

function tlsOf(settings: Settings): Config['tls'] {
  if (!settings.TLS_CERT && !settings.TLS_KEY) return null;
  if (!settings.TLS_CERT || !settings.TLS_KEY) invalid('TLS_CERT', 'needs-both-tls-files');
  return { cert: settings.TLS_CERT, key: settings.TLS_KEY };
}

function oidcOf(settings: Settings): OidcConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer) invalid('OIDC_ISSUER', 'missing');
  if (!clientId) invalid('OIDC_CLIENT_ID', 'missing');
  if (!clientSecret) invalid('OIDC_CLIENT_SECRET', 'missing');
  // As it is written: the provider's tokens repeat it character by character.
  url('OIDC_ISSUER', issuer);
  const { protocol, hostname } = new URL(issuer);
  if (protocol !== 'https:' && !LOOPBACK.includes(hostname)) invalid('OIDC_ISSUER', 'needs-https');
  return { issuer, clientId, clientSecret };
}

function trustOf(settings: Settings, demo: boolean): Config['trust'] {
  if (settings.TRUST_DIR) {
    return {
      anchors: settings.TRUST_DIR,
      intermediates: settings.CERTS_DIR ?? null,
      crls: settings.CRLS_DIR ?? null,
    };
  }
  if (!demo) invalid('TRUST_DIR', 'missing');
  return null;
}

function chosenPolicy(written: string | undefined, demo: boolean): Config['policy'] {
  const policy = policyOf(written ?? (demo ? 'lab' : 'cong-vu'));
  if (policy.name === 'lab' && !demo) invalid('POLICY', 'lab-only-in-demo');
  return policy;
}

/** Characters. */
const LEAST_PROXY_SECRET = 32;

/** The cookie of the session is bound to the host, whatever the port: the proxy that asks for certificates must be of it. */
function certificateLoginOf(settings: Settings): Config['certificateLogin'] {
  const {
    LOGIN_CERTIFICATE_URL: written,
    LOGIN_CERTIFICATE_SECRET: secret = '',
    PUBLIC_URL: pages,
  } = settings;
  if (!written) return null;
  const address = url('LOGIN_CERTIFICATE_URL', written);
  const { hostname, pathname, protocol, search } = new URL(address);
  if (pathname !== '/login/certificate' || search !== '' || protocol !== 'https:')
    invalid('LOGIN_CERTIFICATE_URL', 'not-an-https-address-of-login-certificate', { value: written });
  if (!pages || new URL(url('PUBLIC_URL', pages)).hostname !== hostname)
    invalid('LOGIN_CERTIFICATE_URL', 'another-host-than-public-url', { value: written });
  if (listOf(settings.TRUSTED_PROXIES).length === 0)
    invalid('LOGIN_CERTIFICATE_URL', 'needs-trusted-proxies');
  if (secret.length < LEAST_PROXY_SECRET) invalid('LOGIN_CERTIFICATE_SECRET', 'shorter-than-32-characters');
  return { url: address, secret };
}

function originOf(written: string | undefined, demo: boolean): string | null {
  if (written === undefined) {
    if (!demo) invalid('LEDGER_ORIGIN', 'missing');
    return null;
  }
  if (!/^[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~-]+)*$/.test(written))
    invalid('LEDGER_ORIGIN', 'not-a-schemaless-url', { value: written });
  return written;
}

function authoritiesOf(settings: Settings): AuthoritiesConfig {
  const nets = netsOf('PKI_NETS', settings.PKI_NETS);
  const crlUrls = urlsOf('CRL_URLS', settings.CRL_URLS);
  if (crlUrls.length > 0 && nets.length === 0) invalid('CRL_URLS', 'needs-pki-nets');
  return {
    nets,
    crlUrls,
    ocspNonce: oneOf('OCSP_NONCE', settings.OCSP_NONCE ?? 'expected', ['required', 'expected']),
    everyMs: integer('REVOCATION_MINUTES', settings.REVOCATION_MINUTES ?? '60', 1, 1_440) * 60_000,
  };
}

/** As they are written: a path that ends in a slash is another one than without it. */
function urlsOf(setting: 'CRL_URLS' | 'TSA_URL', written: string | undefined): string[] {
  const urls = listOf(written);
  for (const one of urls) url(setting, one);
  return urls;
}

function netsOf(setting: 'PUSH_NETS' | 'PKI_NETS', written: string | undefined): string[] {
  return listOf(written).map((net) => {
    const [address, bits, ...more] = net.split('/');
    const family = isIP(address ?? '');
    const width = family === 4 ? 32 : 128;
    if (family === 0 || more.length > 0 || !(Number(bits) >= 0 && Number(bits) <= width))
      invalid(setting, 'not-a-network', { value: net });
    return net;
  });
}

function listOf(written: string | undefined): string[] {
  return (written ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

function integer(setting: string, written: string, least: number, most: number): number {
  const value = Number(written);
  if (!Number.isInteger(value) || value < least || value > most)
    invalid(setting, 'out-of-range', { value: written, least, most });
  return value;
}

function oneOf<T extends string>(setting: string, written: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === written);
  return found ?? invalid(setting, 'unknown-value', { value: written });
}

function url(setting: string, written: string): string {
  if (!URL.canParse(written) || !/^https?:/.test(written)) invalid(setting, 'not-a-url', { value: written });
  return written.replace(/\/+$/, '');
}

/** A URL that is nothing but an origin: browsers compare it as such. */
function originUrl(setting: string, written: string): string {
  const plain = url(setting, written);
  if (new URL(plain).origin !== plain) invalid(setting, 'not-an-origin', { value: written });
  return plain;
}
