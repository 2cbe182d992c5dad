import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  checkDisclosures,
  commitFacts,
  type Disclosure,
  disclose,
  encodeEntry,
  type Facts,
  leafHash,
  parseEntry,
} from '../../src/ledger/index.ts';

interface Example {
  documentKey: string;
  scope: string;
  facts: Facts;
  disclosures: Disclosure[];
  commitments: string[];
  commit: string;
  entry: string;
  leafHash: string;
}

const page = readFileSync(join(import.meta.dirname, '../../docs/spec/ledger.md'), 'utf8');

test('the example in the specification is what the code makes', () => {
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] as string) as Example;
  const { documentKey, scope, facts, disclosures, commitments, commit, entry } = example;
  const key = Buffer.from(documentKey, 'hex');
  expect(commitFacts(key, scope, facts)).toEqual({ commit, commitments });
  expect(disclose(key, scope, facts)).toEqual(disclosures);
  expect(checkDisclosures(commit, commitments, disclosures)).toEqual({ ok: true });
  const parsed = parseEntry(Buffer.from(entry));
  expect(parsed.commit).toBe(commit);
  expect(encodeEntry(parsed).toString('utf8')).toBe(entry);
  expect(leafHash(Buffer.from(entry)).toString('hex')).toBe(example.leafHash);
});

test('every field of an entry and every event type is in the specification', () => {
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] as string) as Example;
  for (const field of Object.keys(JSON.parse(example.entry))) expect(page).toContain(`| \`${field}\` |`);
  const types = readFileSync(join(import.meta.dirname, '../../src/document/event.ts'), 'utf8');
  const listed = [...types.matchAll(/^ {2}\| '([a-z.]+)'/gm)].map((match) => match[1] as string);
  expect(listed.length).toBeGreaterThan(10);
  for (const type of listed) expect(page).toContain(`\`${type}\``);
});
