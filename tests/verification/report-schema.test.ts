import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  codeMeanings,
  type FileReport,
  type VerificationContext,
  verifyFile,
} from '../../src/verification/index.ts';
import { attribute, signedData } from '../builders/forged-cms.ts';
import { certify, rootAuthority } from '../builders/forged-pki.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { overwrite } from '../builders/pdf-update.ts';
import { TEST_NOW } from '../builders/pki.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'schemas', 'report');
const text = readFileSync(join(FOLDER, 'file-report.schema.json'), 'utf8');
const schema = JSON.parse(text);
const validator = z.fromJSONSchema(JSON.parse(text));

let ctx: VerificationContext;
beforeAll(async () => {
  ctx = await pdfContext();
});

const examples = (kind: 'valid' | 'invalid') =>
  readdirSync(join(FOLDER, 'examples', kind)).map(
    (name) => [name, JSON.parse(readFileSync(join(FOLDER, 'examples', kind, name), 'utf8'))] as const,
  );

/** Names of members that no property of the schema describes. */
function undescribed(value: unknown, node: Record<string, unknown>, path = ''): string[] {
  const { $ref, anyOf, items, properties } = node as {
    $ref?: string;
    anyOf?: Record<string, unknown>[];
    items?: Record<string, unknown>;
    properties?: Record<string, Record<string, unknown>>;
  };
  if ($ref) return undescribed(value, schema.$defs[$ref.slice('#/$defs/'.length)], path);
  if (anyOf) return value === null ? [] : undescribed(value, anyOf[0]!, path);
  if (Array.isArray(value)) return value.flatMap((one) => undescribed(one, items ?? {}, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    properties?.[name] ? undescribed(inner, properties[name], `${path}.${name}`) : [`${path}.${name}`],
  );
}

function expectValid(report: FileReport) {
  const plain = JSON.parse(JSON.stringify(report));
  expect(validator.safeParse(plain).error?.issues ?? []).toEqual([]);
  expect(undescribed(plain, schema)).toEqual([]);
}

describe('real reports keep to the schema', () => {
  test('an issued letter, a tampered one, one with a failed time-stamp and one without a signature', async () => {
    const issued = await issuedLetter();
    const bare = (await letterPdf()).bytes;
    expectValid(verifyFile(issued, ctx));
    expectValid(verifyFile(overwrite(issued, 'startxref', 'startxreg'), ctx));
    expectValid(verifyFile(Buffer.concat([issued, Buffer.from('x')]), ctx));
    expectValid(verifyFile(await sign(bare, { signer: 'official-revoked-late' }), ctx));
    expectValid(verifyFile(bare, ctx));
  });

  test('CMS, XML, packages and files that are none', () => {
    const root = rootAuthority(TEST_NOW, 'Gốc');
    const party = certify(TEST_NOW, { subject: 'Ký', issuer: root });
    const unsigned = () => [attribute('1.2.840.113549.1.9.16.2.14', Buffer.from([0x30, 0]))];
    expectValid(verifyFile(signedData({ content: Buffer.from('a'), signers: [{ party, unsigned }] }), ctx));
    expectValid(verifyFile(Buffer.from('<a/>'), ctx));
    expectValid(verifyFile(Buffer.from('Kính gửi'), ctx));
    expectValid(verifyFile(Buffer.alloc(0), ctx));
  });

  test('every code and every sub-indication is one that the schema knows', () => {
    const pattern = new RegExp(schema.$defs.codes.items.pattern);
    const meanings = Object.entries(codeMeanings);
    expect(meanings.filter(([code]) => !pattern.test(code))).toEqual([]);
    const known = schema.$defs.subIndication.enum;
    expect(meanings.filter(([, { subIndication }]) => !known.includes(subIndication))).toEqual([]);
  });
});

describe('examples', () => {
  test.each(examples('valid'))('%s is valid', (_, example) => {
    expect(validator.safeParse(example).error?.issues ?? []).toEqual([]);
    expect(undescribed(example, schema)).toEqual([]);
  });

  test.each(examples('invalid'))('%s is not, and says why', (_, { why, report }) => {
    expect(why).toMatch(/\w/);
    expect(validator.safeParse(report).success).toBe(false);
  });
});
