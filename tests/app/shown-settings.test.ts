import { expect, test } from '@jest/globals';
import { configFrom, SETTINGS } from '../../src/app/index.ts';
import { shownSettings } from '../../src/app/shown-settings.ts';

test('settings that are shown hold no secret, whatever is set', () => {
  const config = configFrom(
    {
      PROFILE: 'distributed',
      MONGO_URL: 'mongodb://user:rat-kin-1@a.example:1,b.example:2/truc?tls=true&x=rat-kin-2',
      REDIS_URL: 'rediss://:rat-kin-3@r.example:6380',
      S3_URL: 'https://key:rat-kin-4@s3.example/bucket',
      MASTER_KEY: 'ab'.repeat(32),
      PUBLIC_URL: 'https://truc.example.gov.vn',
      LEDGER_ORIGIN: 'truc.example.gov.vn/ledger/1',
      TRUST_DIR: '/anchors',
      OIDC_ISSUER: 'https://sso.example.gov.vn/',
      OIDC_CLIENT_ID: 'truc',
      OIDC_CLIENT_SECRET: 'rat-kin-5',
      CSC_URL: 'https://csc.example',
      CSC_CLIENT_ID: 'truc',
      CSC_CLIENT_SECRET: 'rat-kin-6',
      ALERT_MAIL_URL: 'smtps://truc:rat-kin-7@mail.example',
      ALERT_MAIL_FROM: 'truc@example.gov.vn',
      ALERT_MAIL_TO: 'an@example.gov.vn,binh@example.gov.vn',
      ALERT_WEBHOOK: 'https://u:rat-kin-8@hook.example/x?token=rat-kin-9',
      TSA_URL: 'https://u:rat-kin-10@tsa.example/',
    },
    false,
  );
  const shown = shownSettings(config);
  const text = JSON.stringify(shown);
  expect(text).not.toMatch(/rat-kin|abab|@/);
  for (const host of [
    'a.example:1,b.example:2',
    'r.example:6380',
    's3.example',
    'mail.example',
    'hook.example/x',
  ])
    expect(text).toContain(host);
  const names = shown.map(([name]) => name.replace('TRUC_', ''));
  expect(names.filter((name) => !SETTINGS.some((one) => one === name))).toEqual([]);
});
