import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keySigner, signCms } from '../../src/signing/index.ts';
import { writeLargeAsic } from '../builders/large-asic.ts';
import { appendUpdate, type LargePdf, writeLargePdf } from '../builders/large-pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MEGA = 1_000_000;
const HOUR = 3_600_000;
/** Resident memory of the whole process, most of it Node itself. */
const MOST_MEMORY = 150 * MEGA;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'truc-large-'));
  const pki = await testPki();
  const crls = ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'].map((name) => pki.crlOf(name, TEST_NOW + HOUR));
  for (const [name, files] of Object.entries({ trust: pki.anchors, certs: pki.intermediates, crls })) {
    mkdirSync(join(folder, name));
    for (const [i, bytes] of files.entries()) writeFileSync(join(folder, name, `${i}.der`), bytes);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  code: number | null;
  report: { indication: string; errors: string[]; signatures: { errors: string[]; warnings: string[] }[] };
  peak: number;
}

/** `truc verify` in a process of its own. */
function verify(...args: string[]): Promise<Told> {
  const preload = join(ROOT, 'tests', 'tools', 'peak-memory.mjs');
  const trust = ['trust', 'certs', 'crls'].flatMap((name) => [`--${name}`, join(folder, name)]);
  const at = new Date(TEST_NOW + 2 * HOUR).toISOString();
  const main = [join(ROOT, 'src', 'main.ts'), 'verify', ...args, ...trust, '--at', at, '--json'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', preload, ...main], { cwd: ROOT });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const peak = Number(/peak (\d+)/.exec(err)?.[1]);
      if (out === '') reject(new Error(err));
      else resolve({ code, report: JSON.parse(out), peak });
    });
  });
}

describe('a file of 500 MB is judged in little memory', () => {
  const path = () => join(folder, 'large.pdf');
  const large: LargePdf = { size: 500 * MEGA, streams: 5, objects: 50_000, form: 'table' };

  test.each<[string, LargePdf]>([
    ['a table of 50,000 objects', large],
    ['object streams and a cross-reference stream', { ...large, form: 'stream' }],
    ['one stream that is all of it', { ...large, streams: 1, objects: 0 }],
  ])(
    'PDF: %s',
    async (_, order) => {
      await writeLargePdf(path(), order);
      const { report, peak } = await verify(path());
      expect(report).toMatchObject({
        indication: 'TOTAL_PASSED',
        signatures: [{ errors: [], warnings: [] }],
      });
      expect(peak).toBeLessThan(MOST_MEMORY);
    },
    120_000,
  );

  test('PDF: updates after it, one harmless and one that replaces 100 MB of contents', async () => {
    await writeLargePdf(path(), large);
    appendUpdate(path(), 'title');
    const renamed = await verify(path());
    expect(renamed.report).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ warnings: ['pdf.metadata-changed'] }],
    });
    appendUpdate(path(), 'contents');
    const changed = await verify(path());
    expect(changed.report.signatures[0]?.errors).toEqual(['pdf.changed-after-signing']);
    expect(Math.max(renamed.peak, changed.peak)).toBeLessThan(MOST_MEMORY);
  }, 120_000);

  test('PDF: one octet in the midst of it is another', async () => {
    await writeLargePdf(path(), large);
    const file = openSync(path(), 'r+');
    writeSync(file, 'x', 250 * MEGA);
    closeSync(file);
    const { code, report, peak } = await verify(path());
    expect(report.signatures[0]?.errors).toContain('cms.message-digest-mismatch');
    expect(code).toBe(1);
    expect(peak).toBeLessThan(MOST_MEMORY);
  }, 120_000);

  test('ASiC-E: a file that is stored in it', async () => {
    const path = join(folder, 'large.asice');
    await writeLargeAsic(path, 500 * MEGA);
    const { report, peak } = await verify(path);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', errors: [] });
    expect(peak).toBeLessThan(MOST_MEMORY);
    const file = openSync(path, 'r+');
    writeSync(file, 'x', 250 * MEGA);
    closeSync(file);
    const changed = await verify(path);
    expect(changed.report).toMatchObject({
      indication: 'TOTAL_FAILED',
      errors: ['asic.zip-content-wrong'],
    });
    expect(changed.peak).toBeLessThan(MOST_MEMORY);
  }, 120_000);

  test('CMS: its detached content', async () => {
    const content = join(folder, 'content.bin');
    writeFileSync(content, 'Nội dung');
    truncateSync(content, 500 * MEGA);
    const digest = createHash('sha256');
    digest.update('Nội dung');
    for (let left = 500 * MEGA - Buffer.byteLength('Nội dung'); left > 0; left -= MEGA)
      digest.update(Buffer.alloc(Math.min(left, MEGA)));
    const { certificate, key } = (await testPki()).entity('official-chairman');
    const cms = join(folder, 'content.p7s');
    writeFileSync(cms, await signCms({ digest: digest.digest(), signer: keySigner(certificate, key) }));
    const { report, peak } = await verify(cms, '--detached', content);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(peak).toBeLessThan(MOST_MEMORY);
    truncateSync(content, 499 * MEGA);
    const shorter = await verify(cms, '--detached', content);
    expect(shorter.report.signatures[0]?.errors).toContain('cms.message-digest-mismatch');
  }, 120_000);
});
