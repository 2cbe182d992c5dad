import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkConformance, writeDocument, writeStatus } from '../../src/edxml/index.ts';
import { NOW } from '../builders/edxml.ts';
import { validDocument, validStatus } from '../builders/edxml-arbitraries.ts';
import { testSeed } from '../random.ts';
import { INVALID, VALID } from './examples.ts';
import { acceptedByXmllint, SCHEMAS, XMLLINT } from './xmllint.ts';

const seed = testSeed();
const folder = (kind: string) => join(SCHEMAS, 'examples', kind);

/** TRUC_WRITE_EXAMPLES=1 writes the files anew after a wanted change of the writer. */
function writeExamples(): void {
  for (const kind of ['valid', 'invalid']) {
    rmSync(folder(kind), { recursive: true, force: true });
    mkdirSync(folder(kind), { recursive: true });
  }
  for (const { name, bytes } of VALID) writeFileSync(join(folder('valid'), `${name}.edxml`), bytes);
  for (const { name, bytes, sidecar } of INVALID) {
    writeFileSync(join(folder('invalid'), `${name}.edxml`), bytes);
    writeFileSync(join(folder('invalid'), `${name}.json`), `${JSON.stringify(sidecar, null, 2)}\n`);
  }
}

beforeAll(() => {
  if (process.env.TRUC_WRITE_EXAMPLES) writeExamples();
});

const stored = (kind: string, file: string) => readFileSync(join(folder(kind), file));

describe('the examples', () => {
  test('are what the writer writes today', () => {
    expect(readdirSync(folder('valid')).sort()).toEqual(VALID.map((one) => `${one.name}.edxml`).sort());
    const changed = [
      ...VALID.filter((one) => !stored('valid', `${one.name}.edxml`).equals(one.bytes)),
      ...INVALID.filter((one) => !stored('invalid', `${one.name}.edxml`).equals(one.bytes)),
    ];
    expect(changed.map((one) => one.name)).toEqual([]);
  });

  test.each(VALID.map((one) => one.name))('%s has no fault at all', (name) => {
    expect(checkConformance(stored('valid', `${name}.edxml`), { now: NOW })).toMatchObject({
      ok: true,
      faults: [],
    });
  });

  test('of faults each have their sidecar', () => {
    const files = INVALID.flatMap((one) => [`${one.name}.edxml`, `${one.name}.json`]);
    expect(readdirSync(folder('invalid')).sort()).toEqual(files.sort());
  });

  test.each(INVALID.map((one) => one.name))('%s has exactly the faults of its sidecar', (name) => {
    const sidecar = JSON.parse(stored('invalid', `${name}.json`).toString());
    const report = checkConformance(stored('invalid', `${name}.edxml`), { now: NOW });
    expect(report.ok).toBe(false);
    expect(report.faults.map(({ code, path }) => ({ code, path }))).toEqual(sidecar.faults);
  });
});

describe('xmllint with the schemas', () => {
  const run = XMLLINT || process.env.CI ? test : test.skip;
  if (!XMLLINT) console.info('not run: xmllint is not installed');

  run('takes every valid example', () => {
    expect([...acceptedByXmllint(VALID)].sort()).toEqual(VALID.map((one) => one.name).sort());
  });

  run('refuses every invalid example, except those that a schema cannot judge', () => {
    const beyond = INVALID.filter((one) => one.sidecar.beyondXsd).map((one) => one.name);
    expect([...acceptedByXmllint(INVALID)].sort()).toEqual(beyond.sort());
  });

  run('takes whatever the canonical writer writes for messages that the validator passes', () => {
    const documents = fc.sample(validDocument, { seed, numRuns: 200 });
    const statuses = fc.sample(validStatus, { seed, numRuns: 100 });
    const messages = [
      ...documents.map((one, i) => ({
        name: `document-${i}`,
        bytes: writeDocument(one.document, one.attachments),
      })),
      ...statuses.map((one, i) => ({ name: `status-${i}`, bytes: writeStatus(one) })),
    ];
    const accepted = acceptedByXmllint(messages);
    expect(messages.map((one) => one.name).filter((one) => !accepted.has(one))).toEqual([]);
  });
});
