import { readFileSync } from 'node:fs';
import { TrucError } from '../kernel/index.ts';

/** Names of settings; each is `TRUC_<NAME>` in the environment and `--<name>` on the command line. */
export const SETTINGS = [
  'PROFILE',
  'PORT',
  'DATA',
  'BIND',
  'MONGO_URL',
  'REDIS_URL',
  'S3_URL',
  'MASTER_KEY',
  'STORES_PLAINTEXT',
  'LEDGER_ORIGIN',
  'PUBLIC_URL',
  'SIGNING_URL',
  'SIGNING_PORT',
  'TSA_URL',
  'CSC_URL',
  'CSC_CLIENT_ID',
  'CSC_CLIENT_SECRET',
  'OPERATIONS_PORT',
  'OPERATIONS_BIND',
  'TRUSTED_PROXIES',
  'TLS_CERT',
  'TLS_KEY',
  'PUSH_NETS',
  'PKI_NETS',
  'CRL_URLS',
  'OCSP_NONCE',
  'REVOCATION_MINUTES',
  'SIGNER_STATE',
  'TRUST_DIR',
  'CERTS_DIR',
  'CRLS_DIR',
  'POLICY',
  'CALENDAR',
  'LOG_LEVEL',
  'MAX_BODY_MB',
  'RATE_SUBMISSIONS',
  'RATE_REQUESTS',
  'CONTENT_YEARS',
  'DRAIN_SECONDS',
  'PUBLIC_FIGURES',
  'ALERT_MAIL_URL',
  'ALERT_MAIL_FROM',
  'ALERT_MAIL_TO',
  'ALERT_WEBHOOK',
  'ALERT_RULES',
  'COMMAND_CENTRE_URL',
  'LOGIN_CERTIFICATE_URL',
  'LOGIN_CERTIFICATE_SECRET',
  'OTLP_URL',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
] as const;
export type Setting = (typeof SETTINGS)[number];
export type Settings = Partial<Record<Setting, string>>;

/** Settings that may come as `TRUC_<NAME>_FILE`, a file that holds the value. */
const SECRETS: readonly Setting[] = [
  'MONGO_URL',
  'REDIS_URL',
  'S3_URL',
  'MASTER_KEY',
  'OIDC_CLIENT_SECRET',
  'LOGIN_CERTIFICATE_SECRET',
  'CSC_CLIENT_SECRET',
  'ALERT_MAIL_URL',
  'ALERT_WEBHOOK',
];

/**
 * Settings from the environment, flags over them.
 * @throws TrucError `app.config-invalid` for an unknown TRUC_ name, so that a typing error is not a silent default
 */
export function settingsFrom(
  flags: Settings,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const settings: Settings = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('TRUC_') || name.startsWith('TRUC_TEST_') || value === undefined || value === '')
      continue;
    const { setting, fromFile } = settingOf(name);
    settings[setting] = fromFile ? readFileSync(value, 'utf8').trim() : value;
  }
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined) settings[name as Setting] = value;
  return settings;
}

function settingOf(name: string): { setting: Setting; fromFile: boolean } {
  const bare = name.slice('TRUC_'.length);
  const fromFile = bare.endsWith('_FILE') && SECRETS.includes(bare.slice(0, -5) as Setting);
  const setting = (fromFile ? bare.slice(0, -5) : bare) as Setting;
  if (!SETTINGS.includes(setting))
    throw new TrucError('app.config-invalid', { setting: bare, cause: 'unknown-setting' });
  return { setting, fromFile };
}
