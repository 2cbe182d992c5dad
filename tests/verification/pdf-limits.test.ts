import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { anatomy } from '../builders/pdf-update.ts';

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
});
