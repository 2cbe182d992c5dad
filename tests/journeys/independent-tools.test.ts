import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import { toPem } from '../../src/lab/index.ts';
import { requiredTool } from '../required-tool.ts';
import { type World, world } from '../world.ts';

const SCHEMAS = join(import.meta.dirname, '..', '..', 'schemas', 'edxml');
let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(() => axis.stop());

const demo = (...path: string[]) => join(axis.dataDir, 'demo', ...path);
const samples = (suffix: string) =>
  readdirSync(demo('samples'))
    .filter((name) => name.endsWith(suffix))
    .map((name) => demo('samples', name));

function run(tool: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  return `${stdout}${stderr}`;
}

/** All PEM files of a folder of the demo PKI in one file. */
function bundle(folder: string): string {
  const file = join(axis.dataDir, `${folder}.bundle.pem`);
  const texts = readdirSync(demo(folder)).map((name) => readFileSync(demo(folder, name), 'utf8'));
  writeFileSync(file, texts.join('\n'));
  return file;
}

test('pdfsig finds both signatures of every sample letter valid, and the seal over the whole file', () => {
  const pdfsig = requiredTool('pdfsig', 'the sample letters under poppler');
  if (!pdfsig) return;
  const letters = samples('.pdf');
  expect(letters.length).toBeGreaterThan(3);
  for (const letter of letters) {
    const told = run(pdfsig, '-nocert', letter);
    expect(told.match(/Signature Validation: Signature is Valid\./g)).toHaveLength(2);
    expect(told).toContain('Total document signed');
  }
});

test('openssl finds every official and every seal under the root, not revoked', () => {
  const openssl = requiredTool('openssl', 'the demo certificates under openssl');
  if (!openssl) return;
  const [roots, cas, crls] = [bundle('trust'), bundle('certs'), bundle('crls')];
  const names = axis.demo.pki.names().filter((name) => /^(official|seal)-/.test(name));
  expect(names.length).toBeGreaterThan(10);
  mkdirSync(join(axis.dataDir, 'leaves'));
  const leaves = names.map((name) => {
    const file = join(axis.dataDir, 'leaves', `${name}.pem`);
    writeFileSync(file, toPem('CERTIFICATE', axis.demo.pki.entity(name).certificate));
    return file;
  });
  const told = run(
    openssl,
    'verify',
    '-CAfile',
    roots,
    '-untrusted',
    cas,
    '-CRLfile',
    crls,
    '-crl_check_all',
    ...leaves,
  );
  expect(told.match(/: OK$/gm)).toHaveLength(leaves.length);
});

test('openssl ts accepts the time-stamps of the demo authority, and only over their own digest', async () => {
  const openssl = requiredTool('openssl', 'the demo time-stamps under openssl');
  if (!openssl) return;
  const digest = sha256('Công văn số 01/UBND');
  const token = join(axis.dataDir, 'token.der');
  writeFileSync(token, await axis.timestamp(digest));
  const verify = (hex: string) =>
    run(
      openssl,
      'ts',
      '-verify',
      '-token_in',
      '-in',
      token,
      '-digest',
      hex,
      '-CAfile',
      bundle('trust'),
      '-untrusted',
      bundle('certs'),
    );
  expect(verify(digest.toString('hex'))).toContain('Verification: OK');
  expect(verify(sha256('khác').toString('hex'))).toContain('Verification: FAILED');
});

test('xmllint accepts every sample edXML under the published schema', () => {
  const xmllint = requiredTool('xmllint', 'the sample edXML under the schemas');
  if (!xmllint) return;
  const schema = join(SCHEMAS, 'edxml-document.xsd');
  for (const file of samples('.edxml'))
    expect(run(xmllint, '--noout', '--nonet', '--schema', schema, file)).toContain('validates');
});
