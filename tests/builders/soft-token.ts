import { execFileSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
];

/** A PKCS #11 token of SoftHSM in a folder of its own. */
export interface SoftToken {
  module: string;
  pin: string;
  /** What a process that uses the token needs. */
  env: Record<string, string>;
  folder: string;
  remove(): void;
}

export function softToken({
  key,
  certificate,
  chain = [],
}: {
  key: KeyObject;
  certificate: Buffer;
  chain?: readonly Buffer[];
}): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'truc-token-'));
  mkdirSync(join(folder, 'tokens'));
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(
    conf,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const env = { SOFTHSM2_CONF: conf };
  const module = MODULES.find((one) => existsSync(one)) ?? '';
  const pin = '482913';
  const run = (tool: string, ...all: string[]) =>
    execFileSync(tool, all, { env: { ...process.env, ...env }, stdio: 'pipe' });
  run('softhsm2-util', '--init-token', '--free', '--label', 'Lanh dao', '--so-pin', '00000000', '--pin', pin);
  const pem = join(folder, 'key.pem');
  writeFileSync(pem, key.export({ format: 'pem', type: 'pkcs8' }));
  run('softhsm2-util', '--import', pem, '--token', 'Lanh dao', '--label', 'khoa', '--id', '01', '--pin', pin);
  rmSync(pem);
  for (const [i, one] of [certificate, ...chain].entries()) {
    const der = join(folder, 'certificate.der');
    writeFileSync(der, one);
    const object = ['--write-object', der, '--type', 'cert', '--id', i === 0 ? '01' : `1${i}`];
    run('pkcs11-tool', '--module', module, '--login', '--pin', pin, ...object, '--label', `cert ${i}`);
  }
  return { module, pin, env, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
