import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { certificateParts, type DerValue, der, derAt, derChildren, oids } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { PdfFile, verifyPdf } from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();

let ctx: VerificationContext;
let issued: Buffer;
let signed: Buffer;

beforeAll(async () => {
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
   * few things may change without the verdict falling: the case of a digit, and the places of `unsignedPlaces`.
   * Every other byte of the file, padding zeros included, is covered.
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
    const places = unsignedPlaces(Buffer.from(flat, 'hex'));
    fc.assert(
      fc.property(fc.integer({ min: open, max: close - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(signed);
        copy[at] = (copy[at] ?? 0) ^ mask;
        const [signature] = verifyPdf(copy, ctx).signatures;
        const sameDigits = copy.toString('latin1', open, close).toLowerCase() === flat;
        const full = signature?.indication === 'TOTAL_PASSED' && signature.baseline === 'B-T';
        const octet = (at - open) >> 1;
        if (full && !sameDigits)
          expect(`octet ${octet} ${places.some(([from, to]) => octet >= from && octet < to)}`).toBe(
            `octet ${octet} true`,
          );
        if (sameDigits) expect(full).toBe(true);
      }),
      { seed, numRuns: 600 },
    );
  });
});

/**
 * What of a B-T signature neither its signer nor the timestamping authority signs, and what must not change a verdict:
 * the version (1, 3, 4 and 5 are one syntax), the signer's issuer as written in the SignerInfo (names that differ in
 * letter case are one name; the certificate itself is bound by signing-certificate), and certificates beside the
 * authority's own (without them the path is built from our own).
 */
function unsignedPlaces(cms: Buffer): [number, number][] {
  const outer = placesOf(cms);
  const stamp = oids.timeStampToken;
  const at = cms.indexOf(der.oid(stamp)) + der.oid(stamp).length;
  // SET, then the token.
  const token = derAt(cms, derAt(cms, at).contentStart);
  const inside = placesOf(cms.subarray(token.start, token.end));
  return [
    ...outer.common,
    ...[...inside.common, ...inside.others].map(([from, to]): [number, number] => [
      from + token.start,
      to + token.start,
    ]),
  ];
}

function placesOf(cms: Buffer) {
  const child = (parent: DerValue, tag: number) =>
    derChildren(cms, parent).filter((one) => one.tag === tag) as [DerValue, ...DerValue[]];
  const [data] = child(child(derAt(cms, 0), 0xa0)[0], 0x30);
  const [version] = child(data, 0x02);
  const signerInfo = child(child(data, 0x31)[1] as DerValue, 0x30)[0];
  const [issuer, number] = derChildren(cms, child(signerInfo, 0x30)[0]) as [DerValue, DerValue];
  const own = cms.subarray(number.start, number.end);
  const certificates = child(child(data, 0xa0)[0], 0x30);
  const others = certificates.filter(
    ({ start, end }) => !certificateParts(cms.subarray(start, end)).serialNumber.equals(own),
  );
  const span = ({ start, end }: DerValue): [number, number] => [start, end];
  return { common: [span(version), span(issuer)], others: others.map(span) };
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
    const [open, close] = lastContents(issued);
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
        // What is broken inside the last CMS alone may be its unsigned time-stamp: the test above is about that.
        const outside = (pdf: Buffer) => [pdf.subarray(0, open), pdf.subarray(close)];
        const untouched = outside(bytes).every((part, i) => part.equals(outside(issued)[i] as Buffer));
        if (!untouched) expect(indication).not.toBe('TOTAL_PASSED');
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
