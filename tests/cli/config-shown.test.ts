import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

test('truc config shows where the stores are, and none of their secrets', () => {
  const masterKey = '5e'.repeat(32);
  const { PATH = '' } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [MAIN, 'config', '--demo'], {
    encoding: 'utf8',
    env: {
      PATH,
      TRUC_PROFILE: 'distributed',
      TRUC_PUBLIC_URL: 'https://truc.example.gov.vn',
      TRUC_MONGO_URL: 'mongodb://user:first-secret@127.0.0.1:27017/truc?replicaSet=rs0',
      TRUC_REDIS_URL: 'redis://:second-secret@127.0.0.1:6379',
      TRUC_S3_URL: 'http://key:third-secret@127.0.0.1:7070/truc',
      TRUC_MASTER_KEY: masterKey,
    },
  });
  expect(status).toBe(0);
  expect(stdout).toContain('127.0.0.1:27017/truc');
  expect(stdout).toContain('127.0.0.1:7070/truc');
  expect(stdout).not.toMatch(/secret|94|5e5e/);
});
