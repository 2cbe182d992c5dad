import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
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
const STREAM = '<< /Length 0 >>\nstream\n\nendstream';

/** Each builds an update of the signed letter; the detail names what was found. */
const updates: [name: string, detail: RegExp, build: (a: ReturnType<typeof anatomy>) => Buffer][] = [
  ['page shows other contents', /^page\.Contents/, ({ page, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Contents: `${free} 0 R` }) },
        { num: free, body: STREAM },
      ],
    })],
  ['content stream rewritten in place', /^object /, ({ contents }) =>
    rawUpdate(signed, { objects: [{ num: contents.num, body: STREAM }] })],
  ['page turned', /^page\.Rotate/, ({ page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Rotate: '180' }) }] })],
  ['page cropped', /^page\.CropBox/, ({ page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { CropBox: '[0 400 595 842]' }) }] })],
  ['page has other resources', /^page\.Resources/, ({ page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Resources: '<< >>' }) }] })],
  ['page acts when opened', /^page\.AA/, ({ page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { AA: '<< >>' }) }] })],
  ['page key doubled', /^page\.repeated/, ({ page }) => {
    const body = edited(page.dictionary, {}).replace(/>>$/, '/Type /Page >>');
    return rawUpdate(signed, { objects: [{ num: page.num, body: `${body.slice(0, -2)} /X 1 >>` }] });
  }],
  ['page added', /^object /, ({ pages, page, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: pages.num, body: edited(pages.dictionary, { Kids: `[${page.num} 0 R ${free} 0 R]`, Count: '2' }) },
        { num: free, body: edited(page.dictionary, {}) },
      ],
    })],
  ['script when opened', /^catalog\.OpenAction/, ({ catalog }) =>
    rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { OpenAction: '<< /S /JavaScript /JS (1) >>' }) }],
    })],
  ['attachment added', /^catalog\.Names/, ({ catalog }) =>
    rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { Names: '<< /EmbeddedFiles << >> >>' }) }],
    })],
  ['layers added', /^catalog\.OCProperties/, ({ catalog }) =>
    rawUpdate(signed, { objects: [{ num: catalog.num, body: edited(catalog.dictionary, { OCProperties: '<< >>' }) }] })],
  ['other page tree', /^catalog\.Pages/, ({ catalog, pages, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: catalog.num, body: edited(catalog.dictionary, { Pages: `${free} 0 R` }) },
        { num: free, body: edited(pages.dictionary, {}) },
      ],
    })],
  ['other catalog', /^trailer\.Root/, ({ catalog, free }) =>
    rawUpdate(signed, {
      objects: [{ num: free, body: edited(catalog.dictionary, {}) }],
      trailer: { Root: `${free} 0 R` },
    })],
  ['note that hides text', /^annotation /, ({ page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Type /Annot /Subtype /FreeText /Rect [50 300 500 600] /Contents (x) >>' },
      ],
    })],
  ['link added', /^annotation /, ({ page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Subtype /Link /Rect [50 300 500 600] /A << /S /URI /URI (http://x.invalid) >> >>' },
      ],
    })],
  ['signature moved', /^object /, ({ widget }) =>
    rawUpdate(signed, {
      objects: [{ num: widget!.num, body: edited(widget!.dictionary, { Rect: '[0 0 10 10]' }) }],
    })],
  ['signature picture replaced', /^object /, ({ widget, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: widget!.num, body: edited(widget!.dictionary, { AP: `<< /N ${free} 0 R >>` }) },
        { num: free, body: STREAM },
      ],
    })],
  ['annotation taken away', /^page\.Annots/, ({ page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Annots: '[]' }) }] })],
  ['object deleted', /^deleted /, ({ contents }) => rawUpdate(signed, { freed: [contents.num] })],
  ['font replaced', /^object /, ({ file, page }) => {
    const resources = file.dictionary(page.dictionary.entries.get('Resources'), file.latest)!;
    const fonts = file.dictionary(resources.entries.get('Font'), file.latest)!;
    const [font] = [...fonts.entries.values()] as { num: number }[];
    return rawUpdate(signed, { objects: [{ num: font!.num, body: '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>' }] });
  }],
  ['text field added', /^field /, ({ catalog, file, free }) => {
    const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
    const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
    const [field] = form.entries.get('Fields') as { num: number }[];
    return rawUpdate(signed, {
      objects: [
        { num, body: edited(form, { Fields: `[${field!.num} 0 R ${free} 0 R]` }) },
        { num: free, body: '<< /FT /Tx /T (x) /V (x) /Subtype /Widget /Rect [0 0 9 9] >>' },
      ],
    });
  }],
  ['appearances to be made anew', /^form\.NeedAppearances/, ({ catalog, file }) => {
    const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
    const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
    return rawUpdate(signed, { objects: [{ num, body: edited(form, { NeedAppearances: 'true' }) }] });
  }],
  ['signature field that acts', /^(annotation|field) /, (a) => withWidget(a, '/A << /S /JavaScript /JS (1) >>')],
  ['signature field as big as the page', /^annotation /, (a) => withWidget(a, '/Rect [0 0 595 842]')],
  ['signature field that no form has', /^unexplained /, ({ page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Subtype /Widget /FT /Sig /T (Ghost) /Rect [0 0 9 9] >>' },
      ],
    })],
  ['object that nothing explains', /^unexplained /, ({ free }) =>
    rawUpdate(signed, { objects: [{ num: free, body: STREAM }] })],
  ['entry that leads back into the signed bytes', /^xref\.redirected/, ({ contents, widget, file }) => {
    const target = file.define(widget!.num, file.latest)!.entry as { offset: number };
    return rawUpdate(signed, { redirected: [[contents.num, target.offset]] });
  }],
  ['number defined twice', /^xref\.repeated/, ({ free }) =>
    rawUpdate(signed, { objects: [{ num: free, body: '1' }, { num: free, body: '2' }] })],
  ['other generation', /^generation /, ({ contents }) =>
    rawUpdate(signed, { objects: [{ num: contents.num, gen: 1, body: STREAM }] })],
  ['trailer with a key of its own', /^trailer\.Evil/, () => rawUpdate(signed, { trailer: { Evil: '1' } })],
  ['other file identifier', /^trailer\.ID/, () =>
    rawUpdate(signed, { trailer: { ID: '[<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]' } })],
  ['metadata that was a font', /^object /, ({ file, page }) => {
    const resources = file.dictionary(page.dictionary.entries.get('Resources'), file.latest)!;
    const fonts = file.dictionary(resources.entries.get('Font'), file.latest)!;
    const [font] = [...fonts.entries.values()] as { num: number }[];
    return rawUpdate(signed, {
      objects: [{ num: font!.num, body: '<< /Title (x) >>' }],
      trailer: { Info: `${font!.num} 0 R` },
    });
  }],
]; // biome-ignore format: one attack after the other

function withWidget(
  { page, annotations, catalog, file, free }: ReturnType<typeof anatomy>,
  extra: string,
): Buffer {
  const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
  const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
  const [field] = form.entries.get('Fields') as { num: number }[];
  const rect = extra.includes('/Rect') ? '' : '/Rect [0 0 9 9]';
  return rawUpdate(signed, {
    objects: [
      { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
      { num, body: edited(form, { Fields: `[${field!.num} 0 R ${free} 0 R]` }) },
      { num: free, body: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) ${rect} ${extra} >>` },
    ],
  });
}

describe('incremental updates that no rule allows', () => {
  test('the letter that they attack is good', () => {
    expect(judged(signed)).toEqual({ indication: 'TOTAL_PASSED', codes: [], details: [] });
  });

  test.each(updates)('%s', (_, detail, build) => {
    const { indication, codes, details } = judged(build(anatomy(signed)));
    expect(indication).toBe('TOTAL_FAILED');
    expect(codes).toEqual(expect.arrayContaining(changed));
    expect(details).toContainEqual(expect.stringMatching(detail));
  });

  test.each([
    [
      'an object that the table does not name',
      () => {
        const { contents } = anatomy(signed);
        return rawUpdate(signed, { objects: [{ num: contents.num, body: STREAM, listed: false }] });
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
    const forged = rawUpdate(signed, { objects: [{ num: contents.num, body: STREAM }] });
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
        { num: free, body: STREAM },
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
  const inPlace: [string, string, (pdf: Buffer) => Buffer][] = [
    ['no byte range', 'pdf.byte-range-missing', (pdf) => overwrite(pdf, '/ByteRange [', '/ByteRanke [')],
    ['null for a byte range', 'pdf.byte-range-missing', (pdf) => replaceRange(pdf, () => 'null')],
    ['three numbers', 'pdf.byte-range-malformed', (pdf) => replaceRange(pdf, ([a, b, c]) => `[${a} ${b} ${c}]`)],
    ['a negative number', 'pdf.byte-range-malformed', (pdf) => replaceRange(pdf, ([a, b, c]) => `[${a} ${b} ${c} -1]`)],
    ['a range by reference', 'pdf.byte-range-malformed', (pdf) => replaceRange(pdf, ([a, b, c]) => `[${a} ${b} ${c} 5 0 R]`)],
    ['not from the start', 'pdf.byte-range-not-from-start', (pdf) => replaceRange(pdf, ([, b, c, d]) => `[1 ${b - 1} ${c} ${d}]`)],
    ['a wider gap', 'pdf.byte-range-gap', (pdf) => replaceRange(pdf, ([, b, c, d]) => `[0 ${b - 9} ${c} ${d}]`)],
    ['a gap that goes on', 'pdf.byte-range-gap', (pdf) => replaceRange(pdf, ([, b, c, d]) => `[0 ${b} ${c + 5} ${d - 5}]`)],
    ['overlapping parts', 'pdf.byte-range-gap', (pdf) => replaceRange(pdf, ([, b, , d]) => `[0 ${b} ${b - 1} ${d}]`)],
    ['an end before the end', 'pdf.byte-range-end', (pdf) => replaceRange(pdf, ([, b, c, d]) => `[0 ${b} ${c} ${d - 20}]`)],
    ['an end after the end', 'pdf.byte-range-end', (pdf) => replaceRange(pdf, ([, b, c, d]) => `[0 ${b} ${c} ${d + 1}]`)],
    ['only the first revision', 'pdf.byte-range-end', (pdf) => replaceRange(pdf, ([, b, c]) => `[0 ${b} ${c} 0]`)],
    ['no contents', 'pdf.contents-missing', (pdf) => overwrite(pdf, '/Contents <', '/Contentz <')],
    ['contents of zeros', 'pdf.contents-missing', (pdf) => fillContents(pdf, '0')],
    ['contents that are no hexadecimal digits', 'pdf.contents-malformed', (pdf) => fillContents(pdf, ' ')],
    ['something in the padding', 'pdf.contents-padding', (pdf) => overwrite(pdf, '0>', '1>', pdf.indexOf('/Contents <'))],
    ['a key twice', 'pdf.duplicate-key', (pdf) => overwrite(pdf, '/Filter /Adobe.PPKLite', '/Contents <00>')],
    ['a key twice, once escaped', 'pdf.duplicate-key', (pdf) => overwrite(pdf, '/Filter /Adobe.PPKLite', '/Cont#65nts <00>')],
  ]; // biome-ignore format: a table

  test.each(inPlace)('%s: %s', (_, code, build) => {
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

function replaceRange(pdf: Buffer, fresh: (old: [number, number, number, number]) => string): Buffer {
  const match = /\/ByteRange (\[0 (\d+) (\d+) (\d+) *\])/.exec(pdf.toString('latin1'));
  const [, text = '', b, c, d] = match ?? [];
  return overwrite(pdf, text, fresh([0, Number(b), Number(c), Number(d)]));
}

function fillContents(pdf: Buffer, digit: string): Buffer {
  const open = pdf.indexOf('/Contents <') + '/Contents <'.length;
  const copy = Buffer.from(pdf);
  copy.fill(digit, open, pdf.indexOf('>', open));
  return copy;
}

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
