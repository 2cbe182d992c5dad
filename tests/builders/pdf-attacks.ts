import { anatomy, edited, overwrite, rawUpdate } from './pdf-update.ts';

/** A signed letter taken apart, with its bytes. */
export type Attacked = ReturnType<typeof anatomy> & { signed: Buffer };

export const attacked = (signed: Buffer): Attacked => ({ ...anatomy(signed), signed });

export const EMPTY_STREAM = '<< /Length 0 >>\nstream\n\nendstream';

/** Each builds an update of a signed letter that no rule allows; the detail names what was found. */
export const updateAttacks: readonly [name: string, detail: RegExp, build: (a: Attacked) => Buffer][] = [
  ['page shows other contents', /^page\.Contents/, ({ signed, page, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Contents: `${free} 0 R` }) },
        { num: free, body: EMPTY_STREAM },
      ],
    })],
  ['content stream rewritten in place', /^object /, ({ signed, contents }) =>
    rawUpdate(signed, { objects: [{ num: contents.num, body: EMPTY_STREAM }] })],
  ['page turned', /^page\.Rotate/, ({ signed, page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Rotate: '180' }) }] })],
  ['page cropped', /^page\.CropBox/, ({ signed, page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { CropBox: '[0 400 595 842]' }) }] })],
  ['page has other resources', /^page\.Resources/, ({ signed, page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Resources: '<< >>' }) }] })],
  ['page acts when opened', /^page\.AA/, ({ signed, page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { AA: '<< >>' }) }] })],
  ['page key doubled', /^page\.repeated/, ({ signed, page }) => {
    const body = edited(page.dictionary, {}).replace(/>>$/, '/Type /Page >>');
    return rawUpdate(signed, { objects: [{ num: page.num, body: `${body.slice(0, -2)} /X 1 >>` }] });
  }],
  ['page added', /^object /, ({ signed, pages, page, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: pages.num, body: edited(pages.dictionary, { Kids: `[${page.num} 0 R ${free} 0 R]`, Count: '2' }) },
        { num: free, body: edited(page.dictionary, {}) },
      ],
    })],
  ['script when opened', /^catalog\.OpenAction/, ({ signed, catalog }) =>
    rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { OpenAction: '<< /S /JavaScript /JS (1) >>' }) }],
    })],
  ['attachment added', /^catalog\.Names/, ({ signed, catalog }) =>
    rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { Names: '<< /EmbeddedFiles << >> >>' }) }],
    })],
  ['layers added', /^catalog\.OCProperties/, ({ signed, catalog }) =>
    rawUpdate(signed, { objects: [{ num: catalog.num, body: edited(catalog.dictionary, { OCProperties: '<< >>' }) }] })],
  ['other page tree', /^catalog\.Pages/, ({ signed, catalog, pages, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: catalog.num, body: edited(catalog.dictionary, { Pages: `${free} 0 R` }) },
        { num: free, body: edited(pages.dictionary, {}) },
      ],
    })],
  ['other catalog', /^trailer\.Root/, ({ signed, catalog, free }) =>
    rawUpdate(signed, {
      objects: [{ num: free, body: edited(catalog.dictionary, {}) }],
      trailer: { Root: `${free} 0 R` },
    })],
  ['note that hides text', /^annotation /, ({ signed, page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Type /Annot /Subtype /FreeText /Rect [50 300 500 600] /Contents (x) >>' },
      ],
    })],
  ['link added', /^annotation /, ({ signed, page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Subtype /Link /Rect [50 300 500 600] /A << /S /URI /URI (http://x.invalid) >> >>' },
      ],
    })],
  ['signature moved', /^object /, ({ signed, widget }) =>
    rawUpdate(signed, {
      objects: [{ num: widget!.num, body: edited(widget!.dictionary, { Rect: '[0 0 10 10]' }) }],
    })],
  ['signature picture replaced', /^object /, ({ signed, widget, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: widget!.num, body: edited(widget!.dictionary, { AP: `<< /N ${free} 0 R >>` }) },
        { num: free, body: EMPTY_STREAM },
      ],
    })],
  ['annotation taken away', /^page\.Annots/, ({ signed, page }) =>
    rawUpdate(signed, { objects: [{ num: page.num, body: edited(page.dictionary, { Annots: '[]' }) }] })],
  ['object deleted', /^deleted /, ({ signed, contents }) => rawUpdate(signed, { freed: [contents.num] })],
  ['font replaced', /^object /, ({ signed, file, page }) => {
    const resources = file.dictionary(page.dictionary.entries.get('Resources'), file.latest)!;
    const fonts = file.dictionary(resources.entries.get('Font'), file.latest)!;
    const [font] = [...fonts.entries.values()] as { num: number }[];
    return rawUpdate(signed, { objects: [{ num: font!.num, body: '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>' }] });
  }],
  ['text field added', /^field /, ({ signed, catalog, file, free }) => {
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
  ['appearances to be made anew', /^form\.NeedAppearances/, ({ signed, catalog, file }) => {
    const form = file.dictionary(catalog.dictionary.entries.get('AcroForm'), file.latest)!;
    const { num } = catalog.dictionary.entries.get('AcroForm') as { num: number };
    return rawUpdate(signed, { objects: [{ num, body: edited(form, { NeedAppearances: 'true' }) }] });
  }],
  ['signature field that acts', /^(annotation|field) /, (a) => withWidget(a, '/A << /S /JavaScript /JS (1) >>')],
  ['signature field as big as the page', /^annotation /, (a) => withWidget(a, '/Rect [0 0 595 842]')],
  ['signature field that no form has', /^unexplained /, ({ signed, page, annotations, free }) =>
    rawUpdate(signed, {
      objects: [
        { num: page.num, body: edited(page.dictionary, { Annots: `[${annotations.join(' ')} ${free} 0 R]` }) },
        { num: free, body: '<< /Subtype /Widget /FT /Sig /T (Ghost) /Rect [0 0 9 9] >>' },
      ],
    })],
  ['object that nothing explains', /^unexplained /, ({ signed, free }) =>
    rawUpdate(signed, { objects: [{ num: free, body: EMPTY_STREAM }] })],
  ['entry that leads back into the signed bytes', /^xref\.redirected/, ({ signed, contents, widget, file }) => {
    const target = file.define(widget!.num, file.latest)!.entry as { offset: number };
    return rawUpdate(signed, { redirected: [[contents.num, target.offset]] });
  }],
  ['number defined twice', /^xref\.repeated/, ({ signed, free }) =>
    rawUpdate(signed, { objects: [{ num: free, body: '1' }, { num: free, body: '2' }] })],
  ['other generation', /^generation /, ({ signed, contents }) =>
    rawUpdate(signed, { objects: [{ num: contents.num, gen: 1, body: EMPTY_STREAM }] })],
  ['trailer with a key of its own', /^trailer\.Evil/, ({ signed }) => rawUpdate(signed, { trailer: { Evil: '1' } })],
  ['other file identifier', /^trailer\.ID/, ({ signed }) =>
    rawUpdate(signed, { trailer: { ID: '[<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]' } })],
  ['metadata that was a font', /^object /, ({ signed, file, page }) => {
    const resources = file.dictionary(page.dictionary.entries.get('Resources'), file.latest)!;
    const fonts = file.dictionary(resources.entries.get('Font'), file.latest)!;
    const [font] = [...fonts.entries.values()] as { num: number }[];
    return rawUpdate(signed, {
      objects: [{ num: font!.num, body: '<< /Title (x) >>' }],
      trailer: { Info: `${font!.num} 0 R` },
    });
  }],
]; // biome-ignore format: one attack after the other

function withWidget({ signed, page, annotations, catalog, file, free }: Attacked, extra: string): Buffer {
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

/** Changes of a signature dictionary in place, with the code that they get. */
export const dictionaryAttacks: readonly [name: string, code: string, build: (pdf: Buffer) => Buffer][] = [
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
