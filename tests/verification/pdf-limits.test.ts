import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { anatomy, edited, rawUpdate } from '../builders/pdf-update.ts';

let ctx: VerificationContext;
let signed: Buffer;

beforeAll(async () => {
  ctx = await pdfContext();
  signed = await sign((await letterPdf()).bytes);
});

/** An update that is a cross-reference stream with these entries and data, and nothing else. */
function streamUpdate(pdf: Buffer, entries: string, data: Buffer, prev?: number): Buffer {
  const { catalog, file } = anatomy(signed);
  const head = `9000 0 obj\n<< /Type /XRef /Size 9001 /Root ${catalog.num} 0 R ${entries} /Length ${data.length}`;
  const before = prev ?? file.latest.sections[0]?.offset;
  return Buffer.concat([
    pdf,
    Buffer.from(`${head} /Prev ${before} >>\nstream\n`),
    data,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${pdf.length}\n%%EOF\n`),
  ]);
}

describe('small files that want much work', () => {
  test('cross-reference entries that take no octets are malformed, however many there are', () => {
    const bomb = streamUpdate(signed, `/W [0 0 0] /Index [${'0 8000000 '.repeat(1_000)}]`, Buffer.alloc(0));
    expect(verifyFile(bomb, ctx)).toMatchObject({
      indication: 'TOTAL_FAILED',
      errors: ['pdf.xref-malformed'],
    });
  });

  test('an update of millions of packed entries is not walked through', () => {
    const packed = deflateSync(Buffer.alloc(15_000_000));
    const bomb = streamUpdate(signed, '/W [1 1 1] /Index [10000 5000000] /Filter /FlateDecode', packed);
    expect(verifyFile(bomb, ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_FAILED',
      errors: ['pdf.changed-after-signing'],
      laterChanges: [{ kind: 'not-allowed', detail: 'unreadable pdf.limit-exceeded' }],
    });
  });

  test('a small file does not unpack to gigabytes', () => {
    const packed = deflateSync(Buffer.alloc(15_000_000));
    let bomb = signed;
    let prev: number | undefined;
    for (let i = 0; i < 40; i++) {
      const at = bomb.length;
      bomb = streamUpdate(bomb, '/W [1 1 1] /Index [10000 5000000] /Filter /FlateDecode', packed, prev);
      prev = at;
    }
    expect(verifyFile(bomb, ctx)).toMatchObject({
      format: 'pdf',
      indication: 'INDETERMINATE',
      errors: ['file.limit-exceeded'],
    });
  });

  /** The signed letter with a catalog that has this value too. */
  const withCatalog = (value: string) => {
    const { catalog } = anatomy(signed);
    return rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { Much: value }) }],
    });
  };
  const MEGA = 1_048_576;
  const greedy: [name: string, value: () => string][] = [
    ['numbers of one list', () => `[${'0 '.repeat(4_100_000)}]`],
    ['dictionaries of one list', () => `[${'<<>>'.repeat(260_000)}]`],
    ['references of one list', () => `[${'9 0 R '.repeat(810_000)}]`],
    ['octets of one string', () => `(${'a'.repeat(33 * MEGA)})`],
    ['octets of one string of digits', () => `<${'a'.repeat(33 * MEGA)}>`],
    ['octets of one name', () => `/${'a'.repeat(70_000)}`],
  ];
  test.each(greedy)('more %s than anybody needs are not kept in memory', (_, value) => {
    expect(verifyFile(withCatalog(value()), ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['pdf.limit-exceeded'],
    });
  });

  test('as much as a large honest file has is read', () => {
    for (const value of [`[${'0 '.repeat(1_000_000)}]`, `(${'a'.repeat(8 * MEGA)})`])
      expect(verifyFile(withCatalog(value), ctx).errors).toEqual([]);
  });

  test('a table of a hundred thousand subsections is not kept in memory', () => {
    const prev = anatomy(signed).file.latest.sections[0]?.offset;
    const table = `xref\n${'0 0\n'.repeat(110_000)}trailer\n<< /Size 9000 /Root 1 0 R /Prev ${prev} >>\n`;
    const bomb = Buffer.from(`${table}startxref\n${signed.length}\n%%EOF\n`);
    expect(verifyFile(Buffer.concat([signed, bomb]), ctx)).toMatchObject({ errors: ['pdf.limit-exceeded'] });
  });

  test('one long blank that thousands of objects begin in is not gone over for each of them', () => {
    const { page, free } = anatomy(signed);
    const blank = ' '.repeat(MEGA);
    const count = 20_000;
    const references = Array.from({ length: count }, (_, i) => `${free + i} 0 R`).join(' ');
    const body = edited(page.dictionary, { Annots: `[${references}]` });
    const start = signed.length + `${page.num} 0 obj\n${body}\nendobj\n`.length;
    const bomb = rawUpdate(signed, {
      objects: [{ num: page.num, body }],
      redirected: Array.from({ length: count }, (_, i) => [free + i, start + i] as const),
      gap: blank,
    });
    expect(verifyFile(bomb, ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['file.limit-exceeded'],
    });
  });
});
