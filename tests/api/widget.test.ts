import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { httpMetrics, signingGate } from '../../src/api/index.ts';
import type { Stations } from '../../src/exchange/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { weakStores } from '../builders/weak-stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'truc-widget-'));
const files = join(folder, 'dist');
let server: Server;
let url: string;

beforeAll(async () => {
  mkdirSync(join(files, 'assets'), { recursive: true });
  writeFileSync(join(files, 'index.html'), '<!doctype html><title>Ký số</title>');
  writeFileSync(join(files, 'edoc-signer.js'), 'export {};\n');
  writeFileSync(join(files, 'assets', 'viewer.js'), 'export {};\n');
  writeFileSync(join(files, '.secret'), 'no');
  writeFileSync(join(folder, 'outside.txt'), 'no');
  const { clients } = weakStores();
  await clients.put({
    clientId: 'qlvb-1',
    name: 'QLVB',
    secretSha256: '',
    agencyIds: [],
    scopes: ['sign'],
    disabledAt: null,
    signingOrigins: ['https://qlvb.example.vn', 'https://qlvb2.example.vn'],
  });
  const gate = signingGate({
    stations: { clients, log: silentLog } as unknown as Stations,
    signingUrl: 'https://ky.example.vn',
    metrics: httpMetrics(new Registry()),
    readiness: { notReady: () => null },
    takeTurn: async () => {},
    widgetFiles: files,
  });
  server = createServer(gate);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('only pages that are registered for the system may frame the widget', async () => {
  const policy = async (client: string) => {
    const answer = await fetch(`${url}/widget/v1/?client=${client}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-frame-options')).toBeNull();
    return answer.headers.get('content-security-policy') ?? '';
  };
  const own = await policy('qlvb-1');
  expect(own).toContain('frame-ancestors https://qlvb.example.vn https://qlvb2.example.vn');
  for (const rule of ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"])
    expect(own).toContain(rule);
  expect(own).not.toContain('unsafe');
  expect(await policy('nobody')).toContain("frame-ancestors 'none'");
  expect((await fetch(`${url}/widget/v1/`)).status).toBe(400);
});

test('the element may be loaded by every page, the other files by the widget’s own alone', async () => {
  const header = async (path: string, name: string) => {
    const answer = await fetch(`${url}/widget/v1/${path}`);
    expect(answer.status).toBe(200);
    return answer.headers.get(name);
  };
  expect(await header('edoc-signer.js', 'access-control-allow-origin')).toBe('*');
  expect(await header('edoc-signer.js', 'cross-origin-resource-policy')).toBe('cross-origin');
  expect(await header('assets/viewer.js', 'access-control-allow-origin')).toBeNull();
  expect(await header('assets/viewer.js', 'cross-origin-resource-policy')).toBe('same-origin');
});

test('nothing outside the folder is given away', async () => {
  for (const path of [
    '../outside.txt',
    '%2e%2e/outside.txt',
    '..%2foutside.txt',
    '.secret',
    'assets/',
    'a%00b',
    'missing.js',
  ])
    expect([path, (await fetch(`${url}/widget/v1/${path}`)).status >= 400]).toEqual([path, true]);
});
