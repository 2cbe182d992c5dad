import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { problemOf } from '../../src/api/problem.ts';
import { PROBLEMS, type ProblemCode } from '../../src/messages/index.ts';

const FILE = join(import.meta.dirname, '..', '..', 'schemas', 'api', 'codes.json');

/** Every problem that an integrator can meet, for machines: code, HTTP status, sentences. */
function closedList() {
  return (Object.keys(PROBLEMS) as ProblemCode[])
    .sort()
    .map((code) => ({ code, status: problemOf(code, {}, 'en').status, ...PROBLEMS[code] }));
}

test('schemas/api/codes.json lists every problem code (TRUC_TEST_UPDATE=1 writes it)', () => {
  const text = `${JSON.stringify(closedList(), null, 2)}\n`;
  if (process.env.TRUC_TEST_UPDATE) writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

test('every code is room.cause-in-kebab', () => {
  for (const { code } of closedList()) expect(code).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
});
