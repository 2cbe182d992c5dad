import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { pkcs12 } from '../../src/lab/index.ts';
import { testPki } from '../builders/pki.ts';
import { requiredTool } from '../required-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'truc-p12-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function file(entityName: string, password: string) {
  const entity = (await testPki()).entity(entityName);
  const certificates = [entity.certificate, ...entity.chain];
  const path = join(folder, `${entityName}.p12`);
  writeFileSync(path, pkcs12({ key: entity.key, certificates, friendlyName: 'Nguyễn Văn Thử', password }));
  return { entity, path };
}

test.each(['official-chairman', 'official-vice'])(
  'openssl opens the key file of %s, and only by its password',
  async (name) => {
    const openssl = requiredTool('openssl', 'key files under openssl');
    if (!openssl) return;
    const { entity, path } = await file(name, 'mật khẩu thử');
    const open = (password: string) =>
      spawnSync(openssl, ['pkcs12', '-in', path, '-noenc', '-passin', `pass:${password}`], {
        encoding: 'utf8',
      });
    const { status, stdout } = open('mật khẩu thử');
    expect(status).toBe(0);
    const parts = stdout.match(/-----BEGIN [^-]+-----[\s\S]+?-----END [^-]+-----/g) ?? [];
    const key = parts.find((part) => part.includes('PRIVATE KEY'));
    expect(createPrivateKey(key ?? '').equals(entity.key)).toBe(true);
    const certificates = parts
      .filter((part) => part.includes('CERTIFICATE'))
      .map((pem) => new X509Certificate(pem).raw);
    expect(certificates.map((raw) => raw.toString('hex'))).toEqual(
      [entity.certificate, ...entity.chain].map((raw) => raw.toString('hex')),
    );
    expect(open('khác').status).not.toBe(0);
  },
);
