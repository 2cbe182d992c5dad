import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { attacked, dictionaryAttacks, EMPTY_STREAM, updateAttacks } from '../builders/pdf-attacks.ts';
import { anatomy, edited, overwrite, rawUpdate } from '../builders/pdf-update.ts';

let ctx: VerificationContext;
let letter: Buffer;
let signed: Buffer;

beforeAll(async () => {
  ctx = await pdfContext();
  letter = (await letterPdf()).bytes;
  signed = await sign(letter);
});

/** All codes of a file and of its signatures, with the details of changes that are not allowed. */
function judged(pdf: Buffer) {
  const report = verifyPdf(pdf, ctx);
  const details = report.signatures.flatMap((one) =>
    one.laterChanges.filter(({ kind }) => kind === 'not-allowed').map(({ detail }) => detail),
  );
  const codes = [...report.errors, ...report.signatures.flatMap((one) => one.errors)];
  return { indication: report.indication, codes, details };
}

const changed = ['pdf.changed-after-signing'];
describe('incremental updates that no rule allows', () => {
  test('the letter that they attack is good', () => {
    expect(judged(signed)).toEqual({ indication: 'TOTAL_PASSED', codes: [], details: [] });
  });

  test.each(updateAttacks)('%s', (_, detail, build) => {
    const { indication, codes, details } = judged(build(attacked(signed)));
    expect(indication).toBe('TOTAL_FAILED');
    expect(codes).toEqual(expect.arrayContaining(changed));
    expect(details).toContainEqual(expect.stringMatching(detail));
  });

  test.each([
    [
      'an object that the table does not name',
      () => {
        const { contents } = anatomy(signed);
        return rawUpdate(signed, { objects: [{ num: contents.num, body: EMPTY_STREAM, listed: false }] });
      },
    ],
    ['bytes between object and table', () => rawUpdate(signed, { gap: '12 0 obj << >>' })],
    ['a comment in which an object hides', () => rawUpdate(signed, { gap: '%\r7 0 obj (x) endobj\n' })],
  ])('%s', (_, build) => {
    expect(judged(build())).toMatchObject({
      indication: 'TOTAL_FAILED',
      codes: ['pdf.unreferenced-content'],
    });
  });

  test('signatures that disappear are still reported', () => {
    const { catalog, file } = anatomy(signed);
    const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
    const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
    const gone = rawUpdate(signed, { objects: [{ num, body: edited(form, { Fields: '[]' }) }] });
    expect(judged(gone).codes).toEqual(['pdf.signature-removed', 'pdf.changed-after-signing']);
    const without = rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { AcroForm: undefined }) }],
    });
    expect(judged(without).codes).toContain('pdf.signature-removed');
  });

  test('bytes after the last end', () => {
    expect(judged(Buffer.concat([signed, Buffer.from('7 0 obj << >> endobj\n')])).codes).toEqual([
      'pdf.trailing-bytes',
    ]);
    expect(judged(Buffer.concat([signed, Buffer.from('\r\n \n')])).indication).toBe('TOTAL_PASSED');
  });

  test('a seal does not heal what was changed before it', async () => {
    const { contents } = anatomy(signed);
    const forged = rawUpdate(signed, { objects: [{ num: contents.num, body: EMPTY_STREAM }] });
    const sealed = await sign(forged, { signer: 'seal-province', field: 'Agency1', visible: 'agency' });
    const report = verifyPdf(sealed, ctx);
    expect(report.signatures.map((one) => [one.id, one.indication])).toEqual([
      ['Person1', 'TOTAL_FAILED'],
      ['Agency1', 'TOTAL_PASSED'],
    ]);
    expect(report.indication).toBe('TOTAL_FAILED');
  });
});

describe('shadow documents: prepared before signing, turned afterwards', () => {
  test('hide and replace: a second page tree waits in the signed bytes', async () => {
    const { catalog, pages, page, free } = anatomy(letter);
    const prepared = rawUpdate(letter, {
      objects: [
        { num: free, body: EMPTY_STREAM },
        {
          num: free + 1,
          body: edited(page.dictionary, { Contents: `${free} 0 R`, Parent: `${free + 2} 0 R` }),
        },
        { num: free + 2, body: edited(pages.dictionary, { Kids: `[${free + 1} 0 R]` }) },
        { num: free + 3, body: edited(catalog.dictionary, { Pages: `${free + 2} 0 R` }) },
      ],
    });
    const shadow = await sign(prepared);
    expect(judged(shadow).indication).toBe('TOTAL_PASSED');
    const turned = rawUpdate(shadow, { trailer: { Root: `${free + 3} 0 R` } });
    expect(judged(turned)).toMatchObject({
      indication: 'TOTAL_FAILED',
      details: ['catalog.Pages', 'form.removed', 'trailer.Root'],
    });
    const before = anatomy(shadow);
    const at = before.file.define(free + 1, before.file.latest)!.entry as { offset: number };
    expect(judged(rawUpdate(shadow, { redirected: [[before.page.num, at.offset]] })).codes).toEqual(changed);
  });

  test('hide: a picture over the text is taken away', async () => {
    const { page, free } = anatomy(letter);
    const prepared = rawUpdate(letter, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${free} 0 R]` }) },
        { num: free, body: '<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] >>' },
      ],
    });
    const shadow = await sign(prepared);
    expect(judged(shadow).indication).toBe('TOTAL_PASSED');
    expect(judged(rawUpdate(shadow, { freed: [free] })).details).toEqual([`deleted ${free}`]);
  });

  test('metadata in disguise: the content stream is called XMP before signing', async () => {
    const { catalog, contents } = anatomy(letter);
    const disguised = rawUpdate(letter, {
      objects: [
        { num: contents.num, body: '<< /Type /Metadata /Subtype /XML /Length 0 >>\nstream\n\nendstream' },
        { num: catalog.num, body: edited(catalog.dictionary, { Metadata: `${contents.num} 0 R` }) },
      ],
    });
    const shadow = await sign(disguised);
    const turned = rawUpdate(shadow, {
      objects: [
        { num: contents.num, body: '<< /Type /Metadata /Subtype /XML /Length 1 >>\nstream\nn\nendstream' },
      ],
    });
    expect(judged(turned).details).toEqual([`object ${contents.num}`]);
  });
});

describe('the signature dictionary', () => {
  test.each(dictionaryAttacks)('%s: %s', (_, code, build) => {
    const { indication, codes } = judged(build(signed));
    expect(indication).toBe('TOTAL_FAILED');
    expect(codes[0]).toBe(code);
  });

  test.each([
    ['adbe.pkcs7.sha1', 'pdf.sub-filter-refused'],
    ['adbe.x509.rsa_sha1', 'pdf.sub-filter-refused'],
    ['some.other', 'pdf.sub-filter-unsupported'],
  ])('sub filter %s: %s', (filter, code) => {
    expect(judged(overwrite(signed, '/ETSI.CAdES.detached', `/${filter}`)).codes).toContain(code);
  });

  test('a signature that no field shows is not "no signature"', () => {
    const { free } = anatomy(letter);
    const hidden = rawUpdate(letter, {
      objects: [{ num: free, body: '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>' }],
    });
    expect(judged(hidden)).toMatchObject({
      indication: 'INDETERMINATE',
      codes: ['pdf.signature-outside-form'],
    });
  });

  test('a signature field whose value leads nowhere', () => {
    const { widget } = anatomy(signed);
    const value = widget!.dictionary.entries.get('V') as { num: number };
    const at = signed.indexOf(`/V ${value.num} 0 R`);
    expect(judged(overwrite(signed, `/V ${value.num} 0 R`, '/V (x)', at)).codes).toContain(
      'pdf.signature-missing',
    );
  });
});

describe('the file', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no PDF', Buffer.from('<html>')],
    ['only a header', Buffer.from('%PDF-1.7\n')],
    ['startxref that leads nowhere', Buffer.from('%PDF-1.7\nstartxref\n999\n%%EOF')],
  ])('%s is not readable', (_, bytes) => {
    expect(verifyPdf(bytes, ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['file.not-readable'],
      signatures: [],
    });
  });

  test('a signed file with a broken table fails', async () => {
    const issued = await issuedLetter();
    const broken = Buffer.from(issued);
    broken.write('startxref\n0', issued.lastIndexOf('startxref'));
    expect(verifyPdf(broken, ctx)).toMatchObject({ indication: 'TOTAL_FAILED', signatures: [] });
  });

  test('encrypted: nobody can tell', () => {
    const encrypted = rawUpdate(letter, { trailer: { Encrypt: '<< /Filter /Standard >>' } });
    expect(verifyPdf(encrypted, ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['pdf.encrypted'],
    });
  });

  test('sections that lead in a circle end', () => {
    const { file } = anatomy(letter);
    const at = file.latest.sections[0]!.offset;
    const circle = rawUpdate(letter, { trailer: { Prev: String(letter.length) } });
    expect(verifyPdf(circle, ctx).errors).toEqual(['file.not-readable']);
    expect(at).toBeGreaterThan(0);
  });

  test('references and nests without end are limits, not crashes', () => {
    const { catalog, free } = anatomy(letter);
    const deep = rawUpdate(letter, {
      objects: [
        { num: catalog.num, body: edited(catalog.dictionary, { AcroForm: `${free} 0 R` }) },
        { num: free, body: `<< /Fields ${'['.repeat(5000)}${']'.repeat(5000)} >>` },
      ],
    });
    expect(verifyPdf(deep, ctx).errors).toEqual(['pdf.limit-exceeded']);
    const endless = rawUpdate(letter, {
      objects: [
        { num: catalog.num, body: edited(catalog.dictionary, { AcroForm: `${free} 0 R` }) },
        { num: free, body: `${free} 0 R` },
      ],
    });
    expect(verifyPdf(endless, ctx).errors).toEqual(['pdf.limit-exceeded']);
  });
});
