import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { addDocumentTimestamp, addValidationData } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign, stamp, stampAt } from '../builders/pdf.ts';
import { attacked, dictionaryAttacks, updateAttacks } from '../builders/pdf-attacks.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import { entityFiles, type PyhankoAnswer, pkiFiles, pyhanko, withPyhanko } from '../builders/pyhanko.ts';
import { file, folder } from '../builders/second-opinion.ts';

/**
 * pyHanko as signer whose files we judge, and as validator of ours. Where the verdicts differ the reason stands beside
 * the case, and the test holds that they really differ.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let ctx: VerificationContext;
let letter: Buffer;

beforeAll(async () => {
  ctx = await pdfContext();
  letter = (await letterPdf()).bytes;
});

const known = async () => pkiFiles(await testPki(), TEST_NOW + HOUR, TEST_NOW + 2 * HOUR);

describe('signed by pyHanko, judged by us', () => {
  const cases: [name: string, level: string, entity: string, more: object, baseline: string][] = [
    ['B-B', 'B-B', 'official-chairman', {}, 'B-B'],
    ['B-T', 'B-T', 'official-chairman', {}, 'B-T'],
    ['B-LT', 'B-LT', 'official-chairman', {}, 'B-LT'],
    ['B-LTA', 'B-LTA', 'official-chairman', {}, 'B-LTA'],
    ['B-B with RSASSA-PSS', 'B-B', 'official-chairman', { pss: true }, 'B-B'],
    ['B-T with P-256', 'B-T', 'official-vice', {}, 'B-T'],
    ['adbe.pkcs7.detached', 'B-T', 'seal-province', { adobe: true }, 'B-T'],
  ];
  let answers: PyhankoAnswer[] = [];

  const signing = async () => {
    const pki = await testPki();
    const { cert: tsaCert, key: tsaKey } = entityFiles(pki, 'tsa');
    const common = {
      ...(await known()),
      op: 'sign',
      in: file('letter.pdf', letter),
      field: 'Ký',
      tsaCert,
      tsaKey,
    };
    return cases.map(([name, level, entity, more]) => ({
      ...common,
      ...entityFiles(pki, entity),
      out: join(folder, `${name}.pdf`),
      level,
      tsaTime: TEST_NOW + MINUTE,
      ...more,
    }));
  };

  withPyhanko('it signs', async () => {
    answers = pyhanko(await signing());
    expect(answers).toEqual(cases.map(() => ({ ok: true })));
  });

  withPyhanko.each(cases)('%s', (name, _level, _entity, _more, baseline) => {
    const report = verifyPdf(readFileSync(join(folder, `${name}.pdf`)), ctx);
    expect({ errors: report.errors, signature: report.signatures[0]?.errors }).toEqual({
      errors: [],
      signature: [],
    });
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ baseline }] });
  });

  withPyhanko('and not one octet of what it covers may change', () => {
    const signed = readFileSync(join(folder, 'B-LTA.pdf'));
    for (const at of [1_000, 20_000, signed.length - 40]) {
      const copy = Buffer.from(signed);
      copy[at] = (copy[at] ?? 0) ^ 1;
      expect(verifyPdf(copy, ctx).indication).not.toBe('TOTAL_PASSED');
    }
  });
});

/** Why pyHanko's verdict is another one than ours. */
type Difference = string | null;

describe('signed by us, judged by pyHanko', () => {
  const STAMPS =
    'number and date stamped after the person signed (Decree 30/2020 art. 15, 18) are a change of the house';
  const honest: [name: string, difference: Difference, make: () => Promise<Buffer>][] = [
    ['B-B', null, () => sign(letter, { timestamp: null })],
    ['B-T', null, () => sign(letter)],
    ['P-256', null, () => sign(letter, { signer: 'official-vice' })],
    ['B-LT', null, () => longTerm(false)],
    ['B-LTA', null, () => longTerm(true)],
    ['certified, no changes allowed', null, () => sign(letter, { certify: 1 })],
    ['two signatures', null, async () => sign(await sign(letter), { signer: 'seal-province', field: 'Agency1', visible: 'agency' })],
    ['numbered after signing', STAMPS, async () => stamp(await sign(letter))],
    ['the whole legal order', STAMPS, () => issuedLetter()],
  ]; // biome-ignore format: a table

  async function longTerm(archive: boolean): Promise<Buffer> {
    const pki = await testPki();
    const names = ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'];
    const stored = addValidationData(await sign(letter), {
      certificates: [...pki.intermediates, ...pki.anchors],
      crls: names.map((name) => pki.crlOf(name, TEST_NOW + HOUR)),
    });
    const timestamp = stampAt(TEST_NOW + 90 * MINUTE);
    return archive ? addDocumentTimestamp({ pdf: stored, fieldName: 'Archive1', timestamp }) : stored;
  }

  /** Attacks that pyHanko lets pass, each with the reason; all others it refuses as we do. */
  const letThrough: Readonly<Record<string, string>> = {
    'other catalog': 'a copy of the same catalog shows the same; to us no honest writer moves it',
    'appearances to be made anew':
      'it allows any change of that flag; a viewer then draws fields that nobody signed',
    'signature field that acts': 'it does not look at actions of new signature fields; ours may not act',
    'signature field as big as the page':
      'it does not look at the size of new signature fields, which may cover text',
    'object that nothing explains':
      'it allows objects that nothing refers to; a later update can bring them out',
    'number defined twice':
      'the number is new to the document, so it takes either definition; readers differ in which',
    'something in the padding': 'EN 319 142-1 §5.2 wants zeros; it reads the first value and stops',
  };

  withPyhanko(
    'the same verdict on honest files, and on every attack but those told',
    async () => {
      const files = await known();
      const signed = await sign(letter);
      const honestFiles = await Promise.all(
        honest.map(async ([name, difference, make]) => ({ name, difference, bytes: await make() })),
      );
      const attacks = [
        ...updateAttacks.map(([name, , build]) => ({ name, bytes: build(attacked(signed)) })),
        ...dictionaryAttacks.map(([name, , build]) => ({ name, bytes: build(signed) })),
      ].map((one) => ({ ...one, difference: letThrough[one.name] ?? null }));
      const all = [...honestFiles, ...attacks];
      const answers = pyhanko(
        all.map(({ bytes }, i) => ({ ...files, op: 'validate', file: file(`ours-${i}.pdf`, bytes) })),
      );
      const table = all.map(({ name, bytes, difference }, i) => {
        const ours = verifyPdf(bytes, ctx).indication === 'TOTAL_PASSED';
        const answer = answers[i] as PyhankoAnswer;
        const theirs =
          answer.ok && answer.signatures!.length > 0 && answer.signatures!.every(({ passed }) => passed);
        return { name, agree: ours === theirs, told: difference, ours, theirs, said: answer };
      });
      const wrong = table.filter(({ agree, told }) => agree !== (told === null));
      expect(wrong).toEqual([]);
      console.info(`pyHanko agrees on ${table.filter(({ agree }) => agree).length} of ${table.length} files`);
    },
    120_000,
  );

  test('the attacks have names of their own', () => {
    const names = [...updateAttacks, ...dictionaryAttacks].map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(letThrough).filter((name) => !names.includes(name))).toEqual([]);
  });
});
