import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { freePort } from '../builders/listening.ts';

let axis: AxisProcess;
let folder: string;
beforeAll(async () => {
  axis = await axisProcess();
  folder = mkdtempSync(join(tmpdir(), 'truc-start-'));
});
afterAll(async () => {
  await axis.remove();
  rmSync(folder, { recursive: true, force: true });
});

function made(name: string, files: Record<string, string> = {}): string {
  const path = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

function isFile(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  return path;
}

const real = () => ['--trust-dir', axis.dataDir, '--ledger-origin', 'truc.example.gov.vn/ledger/1'];

test.each<[string, string, () => string[]]>([
  ['a data folder that is a file', 'cli.file-fault', () => ['serve', '--demo', '--data', isFile('file')]],
  [
    'a store that is no database',
    'adapters.store-damaged',
    () => ['serve', '--demo', '--data', made('store', { 'truc.sqlite': 'x'.repeat(200) })],
  ],
  [
    'a ledger key that is no key',
    'app.key-unreadable',
    () => ['serve', ...real(), '--data', made('key', { 'keys/ledger.ed25519.pem': 'x' })],
  ],
  [
    'TLS files that are not there',
    'cli.file-fault',
    () => ['serve', '--demo', '--data', made('tls'), '--tls-cert', '/none.pem', '--tls-key', '/none.pem'],
  ],
  [
    'an address that this machine does not have',
    'app.address-unusable',
    () => [
      'serve', ...real(), '--data', made('bind'), '--bind', '192.0.2.1', '--trusted-proxies', '192.0.2.2', '--port', '0',
    ], // biome-ignore format: one command line
  ],
  [
    'credentials that do not say where the axis is',
    'cli.usage',
    () => [
      'inbox',
      '--credentials',
      join(made('own', { 'c.json': '{"clientId":"a","clientSecret":"b"}' }), 'c.json'),
    ],
  ],
  ['fsck of a folder without data', 'cli.no-data', () => ['fsck', '--data', made('nothing')]],
  ['agencies of a folder without data', 'cli.no-data', () => ['agency', 'list', '--data', made('nothing')]],
])('%s: a sentence says it (%s), no stack', (_what, code, command) => {
  const result = axis.truc(...command());
  expect(result.code).toBe(2);
  expect(result.stderr).toContain(`[${code}]`);
  expect(result.stderr).not.toMatch(/^\s+at /m);
});

test('a port that another program has, be it only the one beside it: it says so and ends', async () => {
  const port = await freePort();
  for (const taken of [port, port + 1]) {
    const other = createServer().listen(taken, '127.0.0.1');
    await once(other, 'listening');
    const data = made(`port-${taken}`);
    const result = await axis.trucBeside('serve', '--demo', '--data', data, '--port', String(port));
    other.close();
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('[app.port-taken]');
    expect(result.stderr).toContain(String(taken));
  }
});
