import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diag, XmlDocument } from 'libxml2-wasm';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { verifyXml } from '../../src/verification/xml/index.ts';
import { envelope, signEnvelope, xmlContext, xmlCryptoAccepts } from '../builders/xml.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();

let ctx: VerificationContext;
let plain: Buffer;
let stamped: Buffer;

beforeAll(async () => {
  ctx = await xmlContext();
  plain = await signEnvelope();
  stamped = await signEnvelope({ level: 'T', xml: envelope({ size: 600 }) });
});

const INDICATIONS = ['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED', 'NO_SIGNATURE'];

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** From the first octet of the Signature element to the one after its last. */
function signatureIn(bytes: Buffer): [number, number] {
  return [bytes.indexOf('<Signature '), bytes.indexOf('</Signature>') + '</Signature>'.length];
}

/** The canonical form without comments and without the signature: what the signature protects. */
function protectedOctets(bytes: Buffer): string {
  const document = XmlDocument.fromBuffer(bytes);
  try {
    document.get('//ds:Signature', { ds: 'http://www.w3.org/2000/09/xmldsig#' })?.remove();
    return document.canonicalizeToString({ withComments: false });
  } finally {
    document.dispose();
  }
}

const mask = fc.integer({ min: 1, max: 255 });

describe('one byte changed', () => {
  /**
   * What Canonical XML drops is not protected, and only that: comments, the XML declaration, which white space stands
   * inside a tag, which quotes stand around a value. xml-crypto, another parser and canonicaliser, must agree.
   */
  test('outside the signature nothing passes but what canonical XML drops', async () => {
    for (const signed of [plain, stamped]) {
      const octets = protectedOctets(signed);
      const [open, close] = signatureIn(signed);
      const offsets = fc.integer({ min: 0, max: signed.length - 1 }).filter((at) => at < open || at >= close);
      const passed: Buffer[] = [];
      fc.assert(
        fc.property(offsets, mask, (at, bits) => {
          const copy = flipped(signed, at, bits);
          if (verifyFile(copy, ctx).indication !== 'TOTAL_PASSED') return;
          passed.push(copy);
          expect(protectedOctets(copy) === octets).toBe(true);
        }),
        { seed, numRuns: 1_500 },
      );
      for (const copy of passed) expect(await xmlCryptoAccepts(copy)).toBe(true);
    }
  });

  test('in every character of content nothing passes', () => {
    const [open, close] = [plain.indexOf('<edXML:Subject>') + 15, plain.indexOf('</edXML:Subject>')];
    for (let at = open; at < close; at++) {
      for (let bit = 0; bit < 8; bit++)
        expect(verifyFile(flipped(plain, at, 1 << bit), ctx).indication).not.toBe('TOTAL_PASSED');
    }
  });

  test('inside the signature: whatever passes names the same signer, algorithm, time and coverage', () => {
    const [open, close] = signatureIn(stamped);
    const [original] = verifyFile(stamped, ctx).signatures;
    const told = (one: typeof original) => [one?.signer, one?.algorithm, one?.signingTime, one?.coverage];
    fc.assert(
      fc.property(fc.integer({ min: open, max: close - 1 }), mask, (at, bits) => {
        const report = verifyFile(flipped(stamped, at, bits), ctx);
        if (report.indication !== 'TOTAL_PASSED') return;
        expect(report.signatures.map(told)).toEqual([told(original)]);
      }),
      { seed, numRuns: 1_500 },
    );
  });
});

describe('hostile files', () => {
  const tokens = [
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">',
    '</Signature>',
    '<Object>',
    '</Object>',
    '<SignedInfo>',
    '<Reference URI="#message">',
    ' Id="message"',
    ' xmlns=""',
    ' xmlns:ds="urn:x"',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&x;',
    '<!DOCTYPE x>',
    '<?x y?>',
    '<a b="',
    '/>',
    '\u0000',
  ];
  const edit = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('insert', 'cut', 'double', 'move', 'noise'),
    token: fc.constantFrom(...tokens),
    length: fc.integer({ min: 1, max: 200 }),
  });

  function edited(
    bytes: Buffer,
    { at, kind, token, length }: { at: number; kind: string; token: string; length: number },
  ) {
    const from = at % Math.max(1, bytes.length);
    const [head, piece, tail] = [
      bytes.subarray(0, from),
      bytes.subarray(from, from + length),
      bytes.subarray(from + length),
    ];
    if (kind === 'insert') return Buffer.concat([head, Buffer.from(token), piece, tail]);
    if (kind === 'cut') return Buffer.concat([head, tail]);
    if (kind === 'double') return Buffer.concat([head, piece, piece, tail]);
    if (kind === 'move') return Buffer.concat([piece, head, tail]);
    return Buffer.concat([head, Buffer.alloc(length, at & 255), tail]);
  }

  test('broken in several places: always a report, passed only where nothing protected changed', () => {
    const octets = protectedOctets(stamped);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        const bytes = edits.reduce<Buffer>(edited, stamped);
        const report = verifyXml(bytes, ctx);
        expect(INDICATIONS).toContain(report.indication);
        if (report.indication === 'TOTAL_PASSED') expect(protectedOctets(bytes) === octets).toBe(true);
      }),
      { seed, numRuns: 1_500 },
    );
  });

  test('cut off anywhere: a report, never passed', () => {
    const root = stamped.lastIndexOf('</edXML>') + '</edXML>'.length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: root - 1 }), (length) => {
        expect(verifyXml(stamped.subarray(0, length), ctx).indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 300 },
    );
  });

  test('signatures of random shape: always a report', () => {
    const names = [
      'SignedInfo',
      'Reference',
      'Transforms',
      'Transform',
      'DigestValue',
      'KeyInfo',
      'Object',
      'X509Data',
    ];
    const element = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('AAAA', ' ', '&#65;', '<!-- -->'),
        fc
          .tuple(
            fc.constantFrom(...names),
            fc.constantFrom(
              '',
              ' URI=""',
              ' URI="#a"',
              ' Id="a"',
              ' Algorithm="__proto__"',
              ' xmlns="urn:x"',
            ),
            fc.array(tie('node'), { maxLength: 4 }),
          )
          .map(([name, attribute, content]) => `<${name}${attribute}>${content.join('')}</${name}>`),
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(element, { maxLength: 5 }), (content) => {
        const xml = `<r><Signature xmlns="http://www.w3.org/2000/09/xmldsig#">${content.join('')}</Signature></r>`;
        const report = verifyXml(Buffer.from(xml), ctx);
        expect(report.signatures).toHaveLength(1);
        expect(report.indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 500 },
    );
  });

  test('the memory of the parser is given back, whatever the file is', () => {
    diag.configure({ enabled: true });
    try {
      const broken = plain.subarray(0, -20);
      const deep = plain.toString().replace('1.000.000', `${'<a>'.repeat(70)}${'</a>'.repeat(70)}`);
      const relative = plain.toString().replace('1.000.000', '<a xmlns="a/b"/>');
      for (const xml of [plain, stamped, broken, deep, relative]) verifyXml(Buffer.from(xml), ctx);
      expect(diag.report()).toEqual({});
      const kept = XmlDocument.fromString('<a/>');
      expect(diag.report()).not.toEqual({});
      kept.dispose();
    } finally {
      diag.configure({ enabled: false });
    }
  });
});
