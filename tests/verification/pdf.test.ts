import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { digestOf } from '../../src/kernel/index.ts';
import {
  addDocumentTimestamp,
  addValidationData,
  embedCms,
  keySigner,
  prepareSignature,
  signCms,
} from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign, stamp, stampAt } from '../builders/pdf.ts';
import { anatomy, edited, overwrite, rawUpdate } from '../builders/pdf-update.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

let ctx: VerificationContext;
let letter: Buffer;
let folder: string;

beforeAll(async () => {
  ctx = await pdfContext();
  letter = (await letterPdf()).bytes;
  folder = mkdtempSync(join(tmpdir(), 'truc-pdf-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const seal = (pdf: Buffer) =>
  sign(pdf, { signer: 'seal-province', field: 'Agency1', visible: 'agency', at: TEST_NOW + 600_000 });

function summary(pdf: Buffer, context = ctx) {
  const report = verifyPdf(pdf, context);
  return {
    indication: report.indication,
    errors: report.errors,
    signatures: report.signatures.map((one) => ({
      id: one.id,
      indication: one.indication,
      baseline: one.baseline,
      coverage: one.coverage,
      revision: one.revision,
      changes: one.laterChanges.map(({ kind, detail }) => `${kind} ${detail}`),
      codes: [...one.errors, ...one.warnings],
    })),
  };
}

const hasPdfsig = spawnSync('pdfsig', ['-v']).error === undefined;

/** Holds what poppler says against what is expected, one "Signature is Valid." and so on per signature. */
function expectPdfsig(pdf: Buffer, expected: readonly string[]) {
  if (!hasPdfsig && !process.env.CI) return console.warn('not run: pdfsig is not on this machine');
  const path = join(folder, 'judged.pdf');
  writeFileSync(path, pdf);
  const { stdout } = spawnSync('pdfsig', ['-nocert', path], { encoding: 'utf8' });
  expect([...stdout.matchAll(/Signature Validation: (.*)/g)].map((match) => match[1])).toEqual(expected);
}

describe('good files', () => {
  test('unsigned', () => {
    expect(verifyPdf(letter, ctx)).toMatchObject({
      format: 'pdf',
      indication: 'NO_SIGNATURE',
      errors: [],
      signatures: [],
    });
  });

  test('signed by a person: B-T over the whole file', async () => {
    const signed = await sign(letter);
    const [signature] = verifyPdf(signed, ctx).signatures;
    expect(signature).toMatchObject({
      id: 'Person1',
      indication: 'TOTAL_PASSED',
      subIndication: null,
      baseline: 'B-T',
      coverage: 'whole-file',
      revision: 2,
      laterChanges: [],
      signingTime: '2026-03-16T02:00:00.000Z',
      bestSignatureTime: '2026-03-16T02:00:02.000Z',
      errors: [],
      warnings: [],
      signer: { commonName: 'Nguyễn Văn Thử', serialNumber: '001080000001' },
    });
    expectPdfsig(signed, ['Signature is Valid.']);
  });

  test('in the legal order: person, number and date, agency', async () => {
    const issued = await issuedLetter();
    expect(summary(issued)).toEqual({
      indication: 'TOTAL_PASSED',
      errors: [],
      signatures: [
        {
          id: 'Person1',
          indication: 'TOTAL_PASSED',
          baseline: 'B-T',
          coverage: 'whole-revision',
          revision: 2,
          changes: ['number-date-or-seal truc-number', 'number-date-or-seal truc-date', 'signature Agency1'],
          codes: [],
        },
        {
          id: 'Agency1',
          indication: 'TOTAL_PASSED',
          baseline: 'B-T',
          coverage: 'whole-file',
          revision: 4,
          changes: [],
          codes: [],
        },
      ],
    });
    expectPdfsig(issued, ['Signature is Valid.', 'Signature is Valid.']);
    if (hasPdfsig)
      expect(execFileSync('pdftotext', [join(folder, 'judged.pdf'), '-'], { encoding: 'utf8' })).toContain(
        '125',
      );
  });

  test('poppler finds out the same changed bytes as we do', async () => {
    const issued = await issuedLetter();
    const second = issued.lastIndexOf('/Contents <') - 2_000;
    const first = Buffer.from(issued);
    first[100] = (first[100] ?? 0) ^ 1;
    const later = Buffer.from(issued);
    later[second] = (later[second] ?? 0) ^ 1;
    expect(summary(first).signatures.map(({ indication }) => indication)).toEqual([
      'TOTAL_FAILED',
      'TOTAL_FAILED',
    ]);
    expectPdfsig(first, ['Digest Mismatch.', 'Digest Mismatch.']);
    expect(summary(later).signatures[1]?.indication).toBe('TOTAL_FAILED');
    expectPdfsig(later, ['Signature is Valid.', 'Digest Mismatch.']);
  });

  test('compressed: object streams and cross-reference streams', async () => {
    const document = await PDFDocument.load(letter, { updateMetadata: false });
    const compressed = Buffer.from(await document.save({ useObjectStreams: true }));
    expect(compressed.includes('/ObjStm')).toBe(true);
    const issued = await seal(await stamp(await sign(compressed)));
    expect(summary(issued)).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(summary(issued).signatures[0]?.changes).toHaveLength(3);
    expectPdfsig(issued, ['Signature is Valid.', 'Signature is Valid.']);
  });

  test('without timestamp: B-B', async () => {
    expect(summary(await sign(letter, { timestamp: null })).signatures).toMatchObject([
      { indication: 'TOTAL_PASSED', baseline: 'B-B' },
    ]);
  });

  test('metadata may change', async () => {
    const signed = await sign(letter);
    const { info } = anatomy(signed);
    const updated = rawUpdate(signed, {
      objects: [{ num: (info as { num: number }).num, body: '<< /Title (other) /ModDate (D:2026) >>' }],
    });
    expect(summary(updated)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [
        { changes: ['metadata Info'], coverage: 'whole-revision', codes: ['pdf.metadata-changed'] },
      ],
    });
  });

  test('long-term: validation data make B-LT, a document timestamp over them B-LTA', async () => {
    const pki = await testPki();
    const signed = await sign(letter);
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, TEST_NOW + 3_600_000));
    const stored = addValidationData(signed, { certificates: pki.intermediates, crls });
    expect(summary(stored)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ baseline: 'B-LT', changes: ['validation-data DSS'] }],
    });
    const timestamp = stampAt(TEST_NOW + 7_000_000);
    const archived = await addDocumentTimestamp({ pdf: stored, fieldName: 'Archive1', timestamp });
    expect(summary(archived)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ baseline: 'B-LTA', changes: ['validation-data DSS', 'document-timestamp Archive1'] }],
    });
    const [signature] = verifyPdf(archived, ctx).signatures;
    expect(signature?.timestamps.map(({ kind, indication }) => [kind, indication])).toEqual([
      ['signature', 'TOTAL_PASSED'],
      ['document', 'TOTAL_PASSED'],
    ]);
  });

  test('a document timestamp proves when a signature existed, and signs nothing itself', async () => {
    const timestamp = stampAt(TEST_NOW + 60_000);
    const signed = await sign(letter, { timestamp: null });
    const proven = await addDocumentTimestamp({ pdf: signed, fieldName: 'T1', timestamp });
    expect(verifyPdf(proven, ctx).signatures).toMatchObject([
      { baseline: 'B-T', bestSignatureTime: '2026-03-16T02:01:00.000Z' },
    ]);
    const alone = await addDocumentTimestamp({ pdf: letter, fieldName: 'T1', timestamp });
    expect(verifyPdf(alone, ctx)).toMatchObject({ indication: 'NO_SIGNATURE', errors: [], warnings: [] });
    const untrusted = await addDocumentTimestamp({
      pdf: signed,
      fieldName: 'T1',
      timestamp: stampAt(TEST_NOW + 60_000, 'tsa-rogue'),
    });
    expect(verifyPdf(untrusted, ctx)).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['timestamp.not-accepted'],
      signatures: [{ baseline: 'B-B' }],
    });
  });
});

describe('signers that are not good', () => {
  test.each([
    ['official-expired', 'INDETERMINATE'],
    ['official-not-yet-valid', 'TOTAL_FAILED'],
    ['official-revoked-early', 'INDETERMINATE'],
    ['official-wrong-usage', 'INDETERMINATE'],
    ['official-weak', 'INDETERMINATE'],
    ['official-rogue', 'INDETERMINATE'],
  ])('%s is never passed', async (signer, indication) => {
    expect(summary(await sign(letter, { signer })).indication).toBe(indication);
  });

  test('revoked after the proven time of signing', async () => {
    const early = TEST_NOW - 3 * 86_400_000;
    const signed = await sign(letter, { signer: 'official-revoked-late', at: early });
    expect(summary(signed).indication).toBe('TOTAL_PASSED');
    const late = await sign(letter, { signer: 'official-revoked-late' });
    expect(summary(late).indication).toBe('INDETERMINATE');
  });

  test('the claimed time is told when it is off', async () => {
    const at = TEST_NOW + 7 * 3_600_000;
    const slipped = await sign(letter, { at, timestamp: stampAt(TEST_NOW) });
    expect(summary(slipped).signatures[0]?.codes).toEqual(['cms.signing-time-offset']);
    const wrong = await sign(letter, { at: TEST_NOW + 3_600_000, timestamp: stampAt(TEST_NOW) });
    expect(summary(wrong).signatures[0]?.codes).toEqual(['cms.signing-time-differs']);
  });
});

describe('permissions of a certification signature', () => {
  const certified = (certify: 1 | 2 | 3) => sign(letter, { certify });

  test.each([
    [1, 'TOTAL_FAILED'],
    [2, 'TOTAL_PASSED'],
    [3, 'TOTAL_PASSED'],
  ] as const)('DocMDP %i and a second signature: %s', async (level, indication) => {
    const both = await seal(await certified(level));
    expect(summary(both).indication).toBe(indication);
    if (level === 1) expect(summary(both).signatures[0]?.codes).toEqual(['pdf.docmdp-violated']);
  });

  test.each([
    [1, 'TOTAL_FAILED'],
    [2, 'TOTAL_FAILED'],
    [3, 'TOTAL_PASSED'],
  ] as const)('DocMDP %i and a stamped number: %s', async (level, indication) => {
    expect(summary(await stamp(await certified(level))).indication).toBe(indication);
  });

  test('validation data and document timestamps are allowed at every level', async () => {
    const pki = await testPki();
    const stored = addValidationData(await certified(1), { certificates: pki.intermediates, crls: pki.crls });
    const timestamp = stampAt(TEST_NOW + 60_000);
    expect(summary(await addDocumentTimestamp({ pdf: stored, fieldName: 'T1', timestamp })).indication).toBe(
      'TOTAL_PASSED',
    );
  });

  test('an unknown transform: nobody can tell', async () => {
    const { certificate, key } = (await testPki()).entity('official-chairman');
    const prepared = prepareSignature({ pdf: letter, fieldName: 'P', signedAt: TEST_NOW, certify: 2 });
    const bytes = overwrite(prepared.bytes, '/DocMDP', '/Custom', prepared.originalLength);
    expect(
      summary(await finish({ ...prepared, bytes }, keySigner(certificate, key))).signatures,
    ).toMatchObject([{ indication: 'INDETERMINATE', codes: ['pdf.transform-unsupported'] }]);
  });
});

/** Signs prepared bytes that a test changed after their preparation. */
async function finish(
  prepared: ReturnType<typeof prepareSignature>,
  signer: ReturnType<typeof keySigner>,
): Promise<Buffer> {
  const [, open, close] = prepared.byteRange;
  const digest = digestOf('sha256', prepared.bytes.subarray(0, open), prepared.bytes.subarray(close));
  return embedCms(prepared, await signCms({ digest, signer, timestamp: stampAt(TEST_NOW) }));
}

describe('forms', () => {
  let form: Buffer;

  beforeAll(async () => {
    const document = await PDFDocument.load(letter, { updateMetadata: false });
    const field = document.getForm().createTextField('amount');
    field.addToPage(document.getPage(0), { x: 100, y: 100, width: 80, height: 20 });
    form = Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }));
  });

  function fill(pdf: Buffer): Buffer {
    const { file, catalog } = anatomy(pdf);
    const fields = file
      .dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!
      .entries.get('Fields');
    const [reference] = fields as { num: number }[];
    const dictionary = file.dictionary(reference as never, file.latest)!;
    return rawUpdate(pdf, {
      objects: [{ num: reference!.num, body: edited(dictionary, { V: '(1.000.000)' }) }],
    });
  }

  test('filling after an approval signature is a change, after DocMDP 2 it is allowed', async () => {
    const approved = fill(await sign(form));
    expect(summary(approved).signatures).toMatchObject([
      { indication: 'TOTAL_FAILED', changes: ['form-fill amount'], codes: ['pdf.changed-after-signing'] },
    ]);
    expect(summary(fill(await sign(form, { certify: 2 }))).indication).toBe('TOTAL_PASSED');
    expect(summary(fill(await sign(form, { certify: 1 }))).signatures[0]?.codes).toEqual([
      'pdf.docmdp-violated',
    ]);
  });

  test('a locked field (FieldMDP) may not be filled', async () => {
    const { certificate, key } = (await testPki()).entity('official-chairman');
    const prepared = prepareSignature({ pdf: form, fieldName: 'P', signedAt: TEST_NOW, certify: 2 });
    const docMdp = '/DocMDP /TransformParams << /Type /TransformParams /P 2 /V /1.2 >>';
    const locked = (parameters: string) => {
      const text = `/FieldMDP /TransformParams << ${parameters} >>`;
      return { ...prepared, bytes: overwrite(prepared.bytes, docMdp, text, prepared.originalLength) };
    };
    const signer = keySigner(certificate, key);
    const all = fill(await finish(locked('/Action /All'), signer));
    expect(summary(all).signatures[0]?.codes).toContain('pdf.fieldmdp-violated');
    const other = fill(await finish(locked('/Action /Include /Fields [(x)]'), signer));
    expect(summary(other).signatures[0]?.codes).toEqual(['pdf.changed-after-signing']);
  });
});

describe('stamps stay what they are', () => {
  const form = (content: string, box = '0 0 60 15') =>
    `<< /Type /XObject /Subtype /Form /BBox [${box}] /Length ${content.length} >>\nstream\n${content}\nendstream`;
  const honest = 'q BT /F1 13 Tf 0 g 1 0 0 1 0 3 Tm <0001> Tj ET Q';

  /** A letter to which a stamp of the given kind was added after signing. */
  async function stamped(changes: Readonly<Record<string, string | undefined>>, appearance: string) {
    const signed = await sign(letter);
    const { page, annotations, free } = anatomy(signed);
    const entries: Record<string, string | undefined> = {
      Type: '/Annot',
      Subtype: '/FreeText',
      NM: '(truc-number)',
      P: `${page.num} 0 R`,
      Rect: '[120 735 180 750]',
      AP: `<< /N ${free + 1} 0 R >>`,
      ...changes,
    };
    const body = Object.entries(entries).flatMap(([key, value]) => (value ? [`/${key} ${value}`] : []));
    return rawUpdate(signed, {
      objects: [
        {
          num: page.num,
          body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }),
        },
        { num: free, body: `<< ${body.join(' ')} >>` },
        { num: free + 1, body: appearance },
      ],
    });
  }

  test('the honest one passes', async () => {
    expect(summary(await stamped({}, form(honest))).indication).toBe('TOTAL_PASSED');
  });

  test.each([
    ['in the body of the page', { Rect: '[120 300 180 315]' }, form(honest)],
    ['too wide', { Rect: '[10 735 500 750]' }, form(honest)],
    ['too high', { Rect: '[120 600 180 750]' }, form(honest)],
    ['with a larger box inside', {}, form(honest, '0 0 600 600')],
    ['that paints', {}, form('1 g 0 0 60 15 re f')],
    ['that draws a picture', {}, form('/Im1 Do')],
    ['with an action', { A: '<< /S /URI >>' }, form(honest)],
    ['of another name', { NM: '(note)' }, form(honest)],
    ['of another kind', { Subtype: '/Stamp' }, form(honest)],
    ['without appearance', { AP: undefined }, form(honest)],
    ['of another page', { P: '1 0 R' }, form(honest)],
  ])('one %s does not', async (_, changes, appearance) => {
    const { signatures } = summary(await stamped(changes, appearance));
    expect(signatures[0]?.codes).toEqual(['pdf.changed-after-signing']);
  });

  test('a number is stamped once', async () => {
    const twice = await stamp(await stamp(await sign(letter)));
    expect(summary(twice).signatures[0]?.codes).toEqual(['pdf.changed-after-signing']);
  });
});
