import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import type { Pki } from '../../src/lab/index.ts';
import { file } from './second-opinion.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = process.env.TRUC_PYHANKO_DIR ?? join(ROOT, '.runtime', 'pyhanko');

export const isPyhankoThere = existsSync(join(FOLDER, 'pyhanko'));
if (!isPyhankoThere) {
  if (process.env.CI) throw new Error('pyHanko is needed in CI: bash scripts/pyhanko.sh install');
  console.warn('not run: pyHanko is not installed (bash scripts/pyhanko.sh install)');
}
/** A test that needs pyHanko: skipped without it, and in CI a failure. */
export const withPyhanko = isPyhankoThere ? test : test.skip;

export interface PyhankoAnswer {
  ok: boolean;
  said?: string;
  signatures?: { field: string; passed: boolean; said: string }[];
}

/** Answers to a list of jobs of tests/tools/pyhanko_tool.py, all by one process. */
export function pyhanko(jobs: readonly object[]): PyhankoAnswer[] {
  const { stdout, stderr, status } = spawnSync('python3', [join(ROOT, 'tests', 'tools', 'pyhanko_tool.py')], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new TypeError(`pyHanko: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout) as PyhankoAnswer[];
}

/** The test PKI as files: what both sides trust and know at a moment. */
export function pkiFiles(pki: Pki, crlsAt: number, moment: number) {
  const list = (name: string, bytes: readonly Buffer[]) =>
    bytes.map((one, i) => file(`${name}-${i}.der`, one));
  return {
    trust: list('trust', pki.anchors),
    certs: list('certs', [...pki.intermediates, pki.entity('tsa').certificate]),
    crls: list(
      'crls',
      ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'].map((name) => pki.crlOf(name, crlsAt)),
    ),
    moment,
  };
}

/** Certificate and key of an entity as files. */
export function entityFiles(pki: Pki, name: string) {
  const { certificate, key } = pki.entity(name);
  return {
    cert: file(`${name}.der`, certificate),
    key: file(`${name}.key.der`, key.export({ type: 'pkcs8', format: 'der' })),
  };
}
