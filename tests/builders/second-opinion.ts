import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { toPem } from '../../src/lab/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { TEST_NOW as NOW } from './pki.ts';

/**
 * Other people's verifiers on the same bytes. They and we must agree on valid or not; where we differ the reason is
 * written beside the case, and the test holds that we really differ.
 */

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) {
  if (process.env.CI) throw new Error('openssl is needed in CI');
  console.warn('not run: openssl is not on this machine');
}
/** A test that needs openssl: skipped without it, and in CI a failure. */
export const withOpenssl = hasOpenssl ? test : test.skip;

/** Where the files for the tools lie; gone when the tests of the file are over. */
export const folder = mkdtempSync(join(tmpdir(), 'truc-second-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file for a tool and gives its path. */
export function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export const pems = (label: string, list: readonly Buffer[]) => list.map((one) => toPem(label, one)).join('');

/** What both verifiers trust and know. */
export interface World {
  anchors: readonly Buffer[];
  middle: readonly Buffer[];
  crls: readonly Buffer[];
}

export function contextOf({ anchors, middle, crls }: World): VerificationContext {
  return {
    trust: trustStore({ anchors, intermediates: middle, crls }),
    policy: policyNamed('cong-vu'),
    at: NOW,
    revocation: 'required',
  };
}

/** Exit status of openssl, and what it said. */
export function openssl(...args: string[]): { passed: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { passed: status === 0, said: stdout + stderr };
}

/** Why we differ, or null where we agree. */
export type Difference = string | null;

/** Both say the same, or differ where a reason is written. */
export function expectAgreement(
  ours: boolean,
  theirs: { passed: boolean; said: string },
  difference: Difference,
) {
  expect({ agree: ours === theirs.passed, said: theirs.said }).toEqual({
    agree: difference === null,
    said: theirs.said,
  });
}
