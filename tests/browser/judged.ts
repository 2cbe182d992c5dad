import { spawnSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { verifyFile } from '../../src/verification/index.ts';
import { isPyhankoThere, pkiFiles, pyhanko } from '../builders/pyhanko.ts';
import { file } from '../builders/second-opinion.ts';
import { requiredTool } from '../required-tool.ts';
import type { Desk, Office } from './signing-desk.ts';

/** What a desk signed passes our own verifier at B-T, poppler and pyHanko. */
export async function expectAccepted(desk: Desk, { axis }: Office): Promise<void> {
  const bytes = await desk.signedBytes();
  const report = verifyFile(bytes, axis.demo.stations.verification());
  expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline: 'B-T' }] });
  const path = file('signed-in-browser.pdf', bytes);
  const pdfsig = requiredTool('pdfsig', 'what the widget signed under poppler');
  if (pdfsig) {
    const { stdout } = spawnSync(pdfsig, ['-nocert', path], { encoding: 'utf8' });
    expect(stdout).toContain('Signature is Valid.');
    expect(stdout).toContain('Total document signed');
  }
  if (!isPyhankoThere) return;
  const known = pkiFiles(axis.demo.pki, Date.now(), Date.now());
  const [judged] = pyhanko([{ ...known, op: 'validate', file: path }]);
  const passed = { field: 'NguoiKy_1', passed: true, said: expect.stringContaining('INTACT:TRUSTED') };
  expect(judged?.signatures).toEqual([passed]);
}
