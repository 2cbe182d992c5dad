import type { Config } from './config.ts';

/** In the place of a value that is a secret. */
const SET = '••••••';

type Shown = readonly (readonly [name: string, value: string])[];

/** The settings in force as they may be shown: addresses without user, password and query; secrets say only that they are set. */
export function shownSettings(config: Config): Shown {
  const { distributed, authorities, alerts, oidc, trust, csc, rates } = config;
  const secret = (value: unknown) => (value ? SET : '');
  const list = (values: readonly string[]) => values.map(bare).join(', ');
  const onOff = (value: boolean) => (value ? 'on' : 'off');
  return [
    ['TRUC_PROFILE', distributed ? 'distributed' : 'embedded'],
    ['TRUC_PUBLIC_URL', bare(config.publicUrl ?? '')],
    ['TRUC_SIGNING_URL', bare(config.signingUrl ?? '')],
    ['TRUC_BIND', config.bind],
    ['TRUC_PORT', String(config.port)],
    ['TRUC_TLS_CERT', config.tls?.cert ?? ''],
    ['TRUC_TRUSTED_PROXIES', config.trustedProxies.join(', ')],
    ['TRUC_DATA', distributed ? '' : config.dataDir],
    ['TRUC_MONGO_URL', hosts(distributed?.mongoUrl ?? '')],
    ['TRUC_REDIS_URL', hosts(distributed?.redisUrl ?? '')],
    ['TRUC_S3_URL', hosts(distributed?.s3Url ?? '')],
    ['TRUC_MASTER_KEY', secret(distributed?.masterKey)],
    ['TRUC_LEDGER_ORIGIN', config.ledgerOrigin ?? ''],
    ['TRUC_POLICY', config.policy.name],
    ['TRUC_TRUST_DIR', trust?.anchors ?? ''],
    ['TRUC_CERTS_DIR', trust?.intermediates ?? ''],
    ['TRUC_CRLS_DIR', trust?.crls ?? ''],
    ['TRUC_TSA_URL', list(config.tsaUrls)],
    ['TRUC_PKI_NETS', authorities.nets.join(', ')],
    ['TRUC_CRL_URLS', list(authorities.crlUrls)],
    ['TRUC_OCSP_NONCE', authorities.ocspNonce],
    ['TRUC_REVOCATION_MINUTES', String(authorities.everyMs / 60_000)],
    ['TRUC_PUSH_NETS', config.pushNets.join(', ')],
    ['TRUC_LOGIN_CERTIFICATE_URL', bare(config.certificateLogin?.url ?? '')],
    ['TRUC_LOGIN_CERTIFICATE_SECRET', secret(config.certificateLogin?.secret)],
    ['TRUC_OIDC_ISSUER', bare(oidc?.issuer ?? '')],
    ['TRUC_OIDC_CLIENT_ID', oidc?.clientId ?? ''],
    ['TRUC_OIDC_CLIENT_SECRET', secret(oidc?.clientSecret)],
    ['TRUC_CSC_URL', bare(csc?.url ?? '')],
    ['TRUC_CSC_CLIENT_SECRET', secret(csc?.clientSecret)],
    ['TRUC_ALERT_MAIL_URL', hosts(alerts.mail?.url ?? '')],
    ['TRUC_ALERT_MAIL_TO', alerts.mail ? String(alerts.mail.to.length) : ''],
    ['TRUC_ALERT_WEBHOOK', bare(alerts.webhook ?? '')],
    ['TRUC_MAX_BODY_MB', String(config.maxBodyBytes / 1024 / 1024)],
    ['TRUC_RATE_SUBMISSIONS', String(rates.submissions)],
    ['TRUC_RATE_REQUESTS', String(rates.requests)],
    ['TRUC_CONTENT_YEARS', String(config.contentYears)],
    ['TRUC_DRAIN_SECONDS', String(config.drainSeconds)],
    ['TRUC_PUBLIC_FIGURES', onOff(config.publicFigures)],
    ['TRUC_LOG_LEVEL', config.logLevel],
  ];
}

/** Scheme, host and path. */
function bare(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** Scheme and hosts, of addresses too that name several. */
function hosts(url: string): string {
  const [, scheme, names] = /^([a-z0-9+]+:\/\/)(?:[^@]*@)?([^/?#]+)/i.exec(url) ?? [];
  return scheme && names ? `${scheme}${names}` : '';
}
