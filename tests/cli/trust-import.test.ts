import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { run } from '../../src/cli/index.ts';
import { policyFromFile } from '../../src/verification/index.ts';
import { TEST_NOW } from '../builders/pki.ts';
import { operatorRoot, signedList } from '../builders/trusted-list.ts';

let folder: string;
let said: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-trust-'));
  said = [];
  const take = (text: unknown) => said.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(take as typeof process.stdout.write);
  jest.spyOn(process.stderr, 'write').mockImplementation(take as typeof process.stderr.write);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function importList(sequence: string): Promise<number> {
  const list = await signedList({ sequence });
  writeFileSync(join(folder, 'list.xml'), list);
  writeFileSync(join(folder, 'signer.crt'), operatorRoot.certificate);
  const at = [
    '--signer',
    join(folder, 'signer.crt'),
    '--out',
    join(folder, 'out'),
    '--at',
    new Date(TEST_NOW).toISOString(),
  ];
  return run(['trust', 'import', join(folder, 'list.xml'), ...at]);
}

test('trust import writes anchors and a policy that pins them; an older list is refused', async () => {
  expect([await importList('12'), said.join('')]).toEqual([0, expect.stringContaining('no. 12')]);
  const policy = policyFromFile(readFileSync(join(folder, 'out', 'policy.json'), 'utf8'));
  const names = readdirSync(join(folder, 'out', 'anchors'));
  expect(policy.anchors.value.accepted?.map(({ sha256 }) => `${sha256}.crt`)).toEqual(names);
  expect(policy.name).toBe('dich-vu-cong-12');
  expect(await importList('11')).toBe(2);
  expect(said.join('')).toContain('11 < 12');
  expect(await importList('13')).toBe(0);
});
