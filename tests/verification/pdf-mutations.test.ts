import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VerificationContext } from '../../src/verification/context.ts';
import { PdfFile, verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';

const seed = Number(process.env.TRUC_TEST_SEED ?? randomInt(2 ** 31));

let ctx: VerificationContext;
let issued: Buffer;
let signed: Buffer;

beforeAll(async () => {
  console.info(`seed ${seed} (TRUC_TEST_SEED repeats it)`);
  ctx = await pdfContext();
  issued = await issuedLetter();
  signed = await sign((await letterPdf()).bytes);
});

/** Where the last /Contents holds its CMS: from the first digit to the last. */
function lastContents(pdf: Buffer): [number, number] {
  const open = pdf.lastIndexOf('/Contents <') + '/Contents <'.length;
  return [open, pdf.indexOf('>', open)];
}

const INDICATIONS = ['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED', 'NO_SIGNATURE'];

describe('one byte changed', () => {
  /**
   * The bytes that a signature cannot protect are its own: the hexadecimal digits of the last /Contents. There only
   * three things may change without the verdict falling: the case of a digit, and what the CMS itself does not sign
   * (its unsigned timestamp, without which the level drops below B-T, and the version and algorithm fields that
   * repeat signed ones). Every other byte of the file, padding zeros included, is covered.
   */
  test('outside the last CMS nothing passes', () => {
    const [open, close] = lastContents(issued);
    const offsets = fc.integer({ min: 0, max: issued.length - 1 }).filter((at) => at < open || at >= close);
    fc.assert(
      fc.property(offsets, fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(issued);
        copy[at] = (copy[at] ?? 0) ^ mask;
        expect(verifyPdf(copy, ctx).indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 400 },
    );
  });

  test('inside the last CMS only the case of digits keeps B-T', () => {
    const [open, close] = lastContents(signed);
    const flat = signed.toString('latin1', open, close).toLowerCase();
    fc.assert(
      fc.property(fc.integer({ min: open, max: close - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(signed);
        copy[at] = (copy[at] ?? 0) ^ mask;
        const [signature] = verifyPdf(copy, ctx).signatures;
        const sameDigits = copy.toString('latin1', open, close).toLowerCase() === flat;
        const full = signature?.indication === 'TOTAL_PASSED' && signature.baseline === 'B-T';
        if (full && !sameDigits) expect(UNSIGNED_FIELDS).toContain(fieldAt(at - open));
        if (sameDigits) expect(full).toBe(true);
      }),
      { seed, numRuns: 600 },
    );
  });
});

/** Places of the CMS that nothing signs and no verdict rests on. */
const UNSIGNED_FIELDS: string[] = [];

function fieldAt(digit: number): string {
  return `octet ${digit >> 1} of the CMS`;
}

describe('hostile files', () => {
  const tokens = [
    '<<',
    '>>',
    '[',
    ']',
    '/Prev 0',
    ' 0 R',
    'obj',
    'endobj',
    'stream\n',
    'xref\n0 1\n',
    '/Kids [1 0 R]',
    '99999999',
    '(',
    '<',
    '%%EOF',
  ];

  test('broken in several places: always a report, never TOTAL_PASSED', () => {
    const edit = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('token', 'cut', 'double', 'noise'),
      token: fc.constantFrom(...tokens),
      length: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let bytes: Buffer = Buffer.from(issued);
        for (const { at, kind, token, length } of edits) {
          const from = at % bytes.length;
          const [head, piece, tail] = [
            bytes.subarray(0, from),
            bytes.subarray(from, from + length),
            bytes.subarray(from + length),
          ];
          if (kind === 'token')
            bytes = Buffer.concat([head, Buffer.from(token), bytes.subarray(from + token.length)]);
          else if (kind === 'cut') bytes = Buffer.concat([head, tail]);
          else if (kind === 'double') bytes = Buffer.concat([head, piece, piece, tail]);
          else bytes = Buffer.concat([head, Buffer.alloc(length, at & 255), tail]);
        }
        const { indication } = verifyPdf(bytes, ctx);
        expect(INDICATIONS).toContain(indication);
        if (!bytes.equals(issued)) expect(indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 300 },
    );
  });

  test('cut off anywhere: always a report, and passed only where a revision ends', () => {
    const ends = new PdfFile(issued).revisions.flatMap(({ eof, end }) => [eof, end]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: issued.length - 1 }), (length) => {
        const { indication } = verifyPdf(issued.subarray(0, length), ctx);
        if (!ends.includes(length)) expect(indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 300 },
    );
  });

  test('random bytes after a header', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.array(fc.constantFrom(...tokens)),
        (noise, words) => {
          const bytes = Buffer.concat([
            Buffer.from('%PDF-1.7\n'),
            noise,
            Buffer.from(`${words.join(' ')}\nstartxref\n9\n%%EOF`),
          ]);
          expect(verifyPdf(bytes, ctx).signatures).toEqual([]);
        },
      ),
      { seed, numRuns: 300 },
    );
  });
});
