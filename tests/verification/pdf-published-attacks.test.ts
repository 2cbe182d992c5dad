import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { anatomy, edited, overwrite, rawUpdate } from '../builders/pdf-update.ts';

/**
 * The published families of attacks on signed PDFs, each made from a good file: "1 Trillion Dollar Refund" (universal
 * forgery, incremental saving, wrapping; CCS 2019), "Shadow Attacks" (NDSS 2021), "Breaking the Specification: PDF
 * Certification" (S&P 2021), "Processing Dangerous Paths" (NDSS 2021).
 */

let ctx: VerificationContext;
let letter: Buffer;
let signed: Buffer;
let range: { from: number; to: number; numbers: [number, number, number, number] };

beforeAll(async () => {
  ctx = await pdfContext();
  letter = (await letterPdf()).bytes;
  signed = await sign(letter);
  const match = /\/ByteRange (\[(\d+) (\d+) (\d+) (\d+) *\])/.exec(signed.toString('latin1'))!;
  const from = match.index + '/ByteRange '.length;
  range = {
    from,
    to: from + match[1]!.length,
    numbers: match.slice(2).map(Number) as [number, number, number, number],
  };
});

const judged = (pdf: Buffer) => verifyPdf(pdf, ctx);
const codesOf = (pdf: Buffer) => {
  const report = judged(pdf);
  return [...report.errors, ...report.signatures.flatMap((one) => one.errors)];
};
const put = (pdf: Buffer, from: number, to: number, text: string) => {
  const copy = Buffer.from(pdf);
  copy.write(text.padEnd(to - from), from, 'latin1');
  return copy;
};

describe('universal signature forgery', () => {
  /** Contents as [open, close): what is written over it is padded with spaces. */
  const contents = (text: string) => put(signed, range.numbers[1], range.numbers[2], text);
  const byteRange = (text: string) => put(signed, range.from, range.to, text);
  const variants: [name: string, code: string, make: () => Buffer][] = [
    ['Contents null', 'pdf.contents-missing', () => contents('null')],
    ['Contents empty', 'pdf.contents-missing', () => contents('<>')],
    ['Contents 00', 'pdf.byte-range-gap', () => contents('<00>')],
    ['Contents a number', 'pdf.contents-missing', () => contents('0')],
    ['Contents an empty literal', 'pdf.contents-missing', () => contents('()')],
    ['Contents a literal', 'pdf.contents-malformed', () => contents('(0)')],
    ['Contents by reference', 'pdf.contents-missing', () => contents('9 0 R')],
    ['Contents with another name', 'pdf.contents-missing', () => overwrite(signed, '/Contents <', '/Content# <')],
    ['ByteRange null', 'pdf.byte-range-missing', () => byteRange('null')],
    ['ByteRange empty', 'pdf.byte-range-malformed', () => byteRange('[]')],
    ['ByteRange of zeros', 'pdf.byte-range-gap', () => byteRange('[0 0 0 0]')],
    ['ByteRange with a negative start', 'pdf.byte-range-malformed', () => byteRange('[-1 9 9 9]')],
    ['ByteRange with negative lengths', 'pdf.byte-range-malformed', () => byteRange('[0 -1 9 -1]')],
    ['ByteRange of names', 'pdf.byte-range-malformed', () => byteRange('[/a /b /c /d]')],
    ['ByteRange of fractions', 'pdf.byte-range-malformed', () => byteRange('[0 1.5 2 3]')],
    ['ByteRange of six numbers', 'pdf.byte-range-malformed', () => byteRange('[0 1 2 3 4 5]')],
    ['ByteRange beyond exact numbers', 'pdf.byte-range-gap', () => byteRange('[0 9999999999 1 1]')],
    ['ByteRange a string', 'pdf.byte-range-malformed', () => byteRange('(0 1 2 3)')],
    ['ByteRange a dictionary', 'pdf.byte-range-malformed', () => byteRange('<</a 1>>')],
    ['ByteRange with another name', 'pdf.byte-range-missing', () => overwrite(signed, '/ByteRange [', '/ByteRang# [')],
    ['SubFilter missing', 'pdf.sub-filter-missing', () => overwrite(signed, '/SubFilter', '/SubFilte#')],
  ]; // biome-ignore format: a table

  test.each(variants)('%s', (_, code, make) => {
    const report = judged(make());
    expect(report.indication).not.toBe('TOTAL_PASSED');
    expect(codesOf(make())).toContain(code);
  });
});

describe('incremental saving attacks', () => {
  const evil = () => {
    const { contents } = anatomy(signed);
    return rawUpdate(signed, {
      objects: [{ num: contents.num, body: '<< /Length 1 >>\nstream\nn\nendstream' }],
    });
  };
  /** The signature dictionary as it stands, copied into the update under a new number. */
  const withCopy = (pdf: Buffer) => {
    const { widget, free } = anatomy(pdf);
    const at = pdf.lastIndexOf('/Type /Sig');
    const open = pdf.lastIndexOf('<<', at);
    const close = pdf.indexOf('>>', pdf.indexOf('/ByteRange', open)) + 2;
    return rawUpdate(pdf, {
      objects: [
        { num: free, body: pdf.toString('latin1', open, close) },
        { num: widget!.num, body: edited(widget!.dictionary, { V: `${free} 0 R` }) },
      ],
    });
  };
  const variants: [name: string, make: () => Buffer][] = [
    ['content rewritten with table and trailer', evil],
    ['without the end mark', () => evil().subarray(0, -6)],
    ['without startxref', () => evil().subarray(0, evil().lastIndexOf('startxref'))],
    ['without trailer', () => evil().subarray(0, evil().lastIndexOf('trailer'))],
    ['without table: objects alone', () => evil().subarray(0, evil().lastIndexOf('xref\n', evil().lastIndexOf('trailer')))],
    ['with a table that leads nowhere', () => overwrite(evil(), 'startxref', 'startxref', signed.length).subarray(0, -8)],
    ['with the signature copied into it', () => withCopy(signed)],
    ['with the signature copied over changed content', () => withCopy(evil())],
    ['with the end mark first', () => Buffer.concat([signed, Buffer.from('%%EOF\n'), evil().subarray(signed.length)])],
    ['with a comment instead of an update', () => Buffer.concat([signed, Buffer.from('% 1 0 obj << >> endobj\n')])],
  ]; // biome-ignore format: a table

  test.each(variants)('%s', (_, make) => {
    expect(judged(make()).indication).toBe('TOTAL_FAILED');
  });
});

describe('signature wrapping attacks', () => {
  const wrapped = (between: string, numbers: (moved: number) => string) => {
    const [, b, c] = range.numbers;
    const moved = Buffer.concat([signed.subarray(0, c), Buffer.from(between, 'latin1'), signed.subarray(c)]);
    return put(moved, range.from, range.to, numbers(b));
  };
  const evil = '>>\nendobj\n9 0 obj\n<< /Type /Page >>\nendobj\n';

  test.each([
    ['second part moved away, new objects between', () => wrapped(evil, (b) => `[0 ${b} ${range.numbers[2] + evil.length} ${range.numbers[3]}]`)],
    ['second part left where it was', () => wrapped(evil, (b) => `[0 ${b} ${range.numbers[2]} ${range.numbers[3]}]`)],
    ['gap filled with white space', () => wrapped('    ', (b) => `[0 ${b} ${range.numbers[2] + 4} ${range.numbers[3]}]`)],
    ['first part shortened', () => wrapped('', (b) => `[0 ${b - 40} ${range.numbers[2]} ${range.numbers[3]}]`)],
  ])('%s', (_, make) => {
    expect(judged(make()).indication).toBe('TOTAL_FAILED');
  }); // biome-ignore format: a table
});

describe('attacks on certified documents', () => {
  const annotation = (subtype: string) => (pdf: Buffer) => {
    const { page, annotations, free } = anatomy(pdf);
    const body = `<< /Type /Annot /Subtype /${subtype} /Rect [50 300 500 600] /Contents (1.000.000) /F 4 >>`;
    return rawUpdate(pdf, {
      objects: [
        {
          num: page.num,
          body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }),
        },
        { num: free, body },
      ],
    });
  };
  /** A further, unsigned or bare signature field whose picture covers the text. */
  const sneaky = (extra: string) => (pdf: Buffer) => {
    const { page, annotations, catalog, file, free } = anatomy(pdf);
    const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
    const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
    const [field] = form.entries.get('Fields') as { num: number }[];
    return rawUpdate(pdf, {
      objects: [
        {
          num: page.num,
          body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }),
        },
        { num, body: edited(form, { Fields: `[${field!.num} 0 R ${free} 0 R]` }) },
        { num: free, body: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (S2) ${extra} >>` },
      ],
    });
  };
  const attacks: [name: string, level: 1 | 2 | 3, make: (pdf: Buffer) => Buffer][] = [
    ['evil annotation at level 1', 1, annotation('FreeText')],
    ['evil annotation at level 2', 2, annotation('FreeText')],
    ['evil annotation at level 3: free text', 3, annotation('FreeText')],
    ['evil annotation at level 3: stamp', 3, annotation('Stamp')],
    ['evil annotation at level 3: redaction', 3, annotation('Redact')],
    ['evil annotation at level 3: highlight', 3, annotation('Highlight')],
    ['sneaky signature: a field over the whole page', 2, sneaky('/Rect [0 0 595 842]')],
    ['sneaky signature: turned inside out', 2, sneaky('/Rect [595 842 0 0]')],
    ['sneaky signature: that acts', 2, sneaky('/Rect [0 0 9 9] /AA << /E << /S /JavaScript /JS (1) >> >>')],
    ['sneaky signature: that hides behind a layer', 2, sneaky('/Rect [0 0 9 9] /OC << >>')],
  ]; // biome-ignore format: a table

  test.each(attacks)('%s', async (_, certify, make) => {
    const certified = await sign(letter, { certify });
    expect(judged(certified).indication).toBe('TOTAL_PASSED');
    expect(judged(make(certified)).indication).toBe('TOTAL_FAILED');
  });
});

describe('insecure features are told', () => {
  const prepared = (change: (a: ReturnType<typeof anatomy>) => Parameters<typeof rawUpdate>[1]) =>
    sign(rawUpdate(letter, change(anatomy(letter))), { visible: null });
  const catalog = (entries: Record<string, string>) =>
    prepared((a) => ({ objects: [{ num: a.catalog.num, body: edited(a.catalog.dictionary, entries) }] }));
  const page = (entries: Record<string, string>) =>
    prepared((a) => ({ objects: [{ num: a.page.num, body: edited(a.page.dictionary, entries) }] }));
  const cases: [name: string, code: string, make: () => Promise<Buffer>][] = [
    ['script when opened', 'pdf.active-content', () => catalog({ OpenAction: '<< /S /JavaScript /JS (1) >>' })],
    ['program started after another action', 'pdf.active-content', () => catalog({ OpenAction: '<< /S /GoTo /Next << /S /Launch /F (a) >> >>' })],
    ['scripts by name', 'pdf.active-content', () => catalog({ Names: '<< /JavaScript << /Names [] >> >>' })],
    ['script before printing', 'pdf.active-content', () => catalog({ AA: '<< /WP << /S /JavaScript /JS (1) >> >>' })],
    ['form sent when the page opens', 'pdf.active-content', () => page({ AA: '<< /O << /S /SubmitForm /F (http://x.invalid) >> >>' })],
    ['link that hides fields', 'pdf.active-content', () => page({ Annots: '[<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Hide /T (x) >> >>]' })],
    ['contents that lie in another file', 'pdf.external-content', () => prepared((a) => ({ objects: [{ num: a.contents.num, body: '<< /Length 0 /F (khac.txt) >>\nstream\n\nendstream' }] }))],
  ]; // biome-ignore format: a table

  test('a letter without them has no such warning', () => {
    expect(judged(signed).warnings).toEqual([]);
  });

  test.each(cases)('%s', async (_, code, make) => {
    const report = judged(await make());
    expect(report.indication).toBe('TOTAL_PASSED');
    expect(report.warnings).toEqual([code]);
  });

  const ACT = '<< /S /JavaScript /JS (1) >>';
  const LINK = `<< /Subtype /Link /Rect [0 0 9 9] /A ${ACT} >>`;
  /** Catalog or page of the letter changed, with new objects beside: what they are numbered from is given. */
  const placed = (
    where: 'catalog' | 'page' | 'pages',
    make: (free: number) => { entries: Record<string, string>; objects: string[] },
  ) =>
    prepared((a) => {
      const { entries, objects } = make(a.free);
      const old = { num: a[where].num, body: edited(a[where].dictionary, entries) };
      return { objects: [old, ...objects.map((body, i) => ({ num: a.free + i, body }))] };
    });
  const hidden: [name: string, code: string, make: () => Promise<Buffer>][] = [
    ['on the last of 3,000 pages', 'pdf.active-content', () => placed('pages', (free) => ({
      entries: { Kids: `[${kid()} ${Array.from({ length: 3_000 }, (_, i) => `${free + i} 0 R`).join(' ')}]`, Count: '3001' },
      objects: Array.from({ length: 3_000 }, (_, i) => `<< /Type /Page ${i === 2_999 ? `/AA << /O ${ACT} >>` : ''} >>`),
    }))],
    ['behind 2,000 links', 'pdf.active-content', () => page({ Annots: `[${'<< /Subtype /Link /Rect [0 0 9 9] >> '.repeat(2_000)} ${LINK}]` })],
    ['behind twenty other actions', 'pdf.active-content', () => catalog({ OpenAction: nested(20) })],
    ['in a list of following actions', 'pdf.active-content', () => catalog({ OpenAction: `<< /S /GoTo /Next [<< /S /Named >> ${ACT}] >>` })],
    ['in a bookmark', 'pdf.active-content', () => placed('catalog', (free) => ({
      entries: { Outlines: `${free} 0 R` }, objects: [`<< /First ${free + 1} 0 R >>`, `<< /Next ${free + 2} 0 R >>`, `<< /A ${ACT} >>`] }))],
    ['in a field that no page shows', 'pdf.active-content', () => catalog({ AcroForm: `<< /Fields [<< /T (a) /Kids [<< /T (b) /AA << /K ${ACT} >> >>] >>] >>` })],
    ['content of another file in a form in a form', 'pdf.external-content', () => placed('page', (free) => ({
      entries: { Resources: `<< /XObject << /A ${free} 0 R >> >>` },
      objects: [form(`/Resources << /XObject << /B ${free + 1} 0 R >> >>`), form('/Ref << /F (khac.pdf) >>')] }))],
    ['content of another file in an appearance', 'pdf.external-content', () => placed('page', (free) => ({
      entries: { Annots: `[<< /Subtype /Stamp /Rect [0 0 9 9] /AP << /N << /On ${free} 0 R >> >> >>]` },
      objects: [form('/Ref << /F (khac.pdf) >>')] }))],
  ]; // biome-ignore format: a table
  const kid = () => `${anatomy(letter).page.num} 0 R`;
  const nested = (levels: number): string =>
    levels === 0 ? ACT : `<< /S /GoTo /Next ${nested(levels - 1)} >>`;
  const form = (entries: string) =>
    `<< /Type /XObject /Subtype /Form ${entries} /Length 0 >>\nstream\n\nendstream`;

  test.each(hidden)('hidden %s', async (_, code, make) => {
    const report = judged(await make());
    expect(report.indication).toBe('TOTAL_PASSED');
    expect(report.warnings).toEqual([code]);
  });

  test('an object that cannot be read hides nothing: the rest is looked at, and that something is left is told', async () => {
    const broken = await placed('page', (free) => ({
      entries: { Annots: `[${LINK} ${free} 0 R]` },
      objects: ['<< /Type /Annot /Broken'],
    }));
    expect(judged(broken)).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['pdf.content-unreadable', 'pdf.active-content'],
    });
  });

  test('more than can be looked at is not called harmless', async () => {
    const many = await placed('catalog', (free) => ({
      entries: { Outlines: `${free} 0 R` },
      objects: [`<< /First [${'<<>>'.repeat(260_000)} << /A ${ACT} >>] >>`],
    }));
    const report = judged(many);
    expect(report).toMatchObject({ indication: 'INDETERMINATE', errors: ['pdf.limit-exceeded'] });
    expect(report.signatures).toMatchObject([{ indication: 'TOTAL_PASSED' }]);
  });

  test('a link to a web page is nothing of the kind', async () => {
    const linked = await page({
      Annots: '[<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://x.invalid) >> >>]',
    });
    expect(judged(linked).warnings).toEqual([]);
  });
});
