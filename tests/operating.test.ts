import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SETTINGS } from '../src/app/index.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'operating.md'), 'utf8');
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
  .join('\n');

const found = (pattern: RegExp) => [...PAGE.matchAll(pattern)].map((match) => match[1] as string);

test('the table of settings has each setting once, and no other', () => {
  expect(found(/^\| `TRUC_([A-Z0-9_]+)`/gm).sort()).toEqual([...SETTINGS].sort());
});

test('every metric that is to be watched is one of the program', () => {
  const metrics = new Set(found(/`(truc_[a-z_]+)/g));
  expect(metrics.size).toBeGreaterThan(5);
  expect([...metrics].filter((name) => !SOURCES.includes(`'${name}'`))).toEqual([]);
});

test('every reason not to be ready has a runbook', () => {
  const headings = found(/^### (.+)$/gm).join(' ');
  const states = ['starting', 'draining', 'stopping', 'ledger-stopped', 'mongodb-away', 's3-away'];
  const lasting = /const LASTING[^[]*\[\]? = \[([^\]]+)\]/.exec(SOURCES)?.[1] ?? '';
  const faults = [...lasting.matchAll(/'(ledger\.[a-z-]+)'/g)].map((match) => match[1] as string);
  expect(faults).toContain('ledger.behind-signer');
  expect([...states, ...faults].filter((reason) => !headings.includes(`\`${reason}\``))).toEqual([]);
});

test('every code that a runbook is for exists', () => {
  const codes = found(/^### .*?`((?:ledger|app|api|exchange)\.[a-z-]+)`/gm);
  expect(codes.filter((code) => !SOURCES.includes(`'${code}'`))).toEqual([]);
});
