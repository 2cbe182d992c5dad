import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XmlC14NMode, XmlDocument, type XmlElement } from 'libxml2-wasm';
import type { VerificationContext } from '../../src/verification/context.ts';
import type { SignatureReport } from '../../src/verification/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { verifyXmlOverFiles } from '../../src/verification/xml/index.ts';
import { withCounterSignature, xadesAt, xadesBasic } from '../builders/xades.ts';
import { envelope, xmlContext } from '../builders/xml.ts';
import {
  BASE64,
  ENVELOPED,
  EXCLUSIVE_FORM,
  filter2,
  type ReferenceShape,
  referenceXml,
  SUBTRACT_SIGNATURES,
  signatureTemplate,
  signTemplate,
} from '../builders/xml-template.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const RUNS = 700;
/** The form that all references of the forms below use: unused namespace declarations are not protected by it. */
const EXCLUSIVE = XmlC14NMode.XML_C14N_EXCLUSIVE_1_0;

let ctx: VerificationContext;
const FILE = Buffer.from('1.000.000 đồng');
const DATA = '<Object Id="o"><bang xmlns="urn:vn:bang">1.000.000</bang></Object>';
const inObject: ReferenceShape = { uri: '#o', transforms: EXCLUSIVE_FORM, id: 'r' };

beforeAll(async () => {
  ctx = await xmlContext();
});

/** Canonical form of what a form protects, whatever the verifier thinks: all Signatures out, or the Object. */
function protectedIn(xml: Buffer, path: string | null): string {
  const document = XmlDocument.fromBuffer(xml);
  try {
    const names = { ds: DS };
    if (path === null) {
      for (let one = document.get('//ds:Signature', names); one; one = document.get('//ds:Signature', names))
        one.remove();
      return document.canonicalizeToString({ mode: EXCLUSIVE, withComments: false });
    }
    const nodeSet = new Set([document.get(path, names) as XmlElement]);
    return document.canonicalizeToString({ mode: EXCLUSIVE, withComments: false, nodeSet });
  } finally {
    document.dispose();
  }
}

interface Form {
  make: () => Promise<string>;
  /** Null for the whole file without signatures. */
  path: string | null;
  detached?: Buffer;
}

const FORMS: Readonly<Record<string, Form>> = {
  'enveloping': { make: () => xadesAt('T', { alone: true, references: [inObject], objects: DATA }), path: "//ds:Object[@Id='o']" },
  'base64 in an Object': {
    make: async () => {
      const objects = `<Object Id="o">${FILE.toString('base64')}</Object>`;
      return xadesBasic({ alone: true, references: [{ uri: '#o', transforms: BASE64 }], objects });
    },
    path: "//ds:Object[@Id='o']",
  },
  'detached': { make: () => xadesBasic({ alone: true, references: [{ uri: 'a.bin' }], files: { 'a.bin': FILE } }), path: null, detached: FILE },
  'a filter': { make: () => xadesBasic({ references: [{ uri: '', transforms: SUBTRACT_SIGNATURES + EXCLUSIVE_FORM }] }), path: null },
  'a Manifest': {
    make: async () => {
      const objects = `<Object><Manifest Id="m">${referenceXml(inObject)}</Manifest></Object>${DATA}`;
      return (await signTemplate(await signatureTemplate({ references: [{ uri: '#m', transforms: EXCLUSIVE_FORM }], objects }))).toString();
    },
    path: "//ds:Object[@Id='o']",
  },
  'B-LTA': { make: () => xadesAt('LTA'), path: null },
  'a counter-signature': { make: async () => withCounterSignature(await xadesAt('T')), path: null },
}; // biome-ignore format: a table

const LEVELS = [null, 'B-B', 'B-T', 'B-LT', 'B-LTA'];

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

const TOKENS = [
  `<Signature xmlns="${DS}">`,
  '</Signature>',
  '<Object>',
  '</Object>',
  '<Object Id="o">',
  ' Id="o"',
  ' Id="s-p"',
  ' xml:id="o"',
  '<Manifest>',
  '</Manifest>',
  '<xades:CounterSignature>',
  '</xades:CounterSignature>',
  ' xmlns="urn:x"',
  ' xmlns:xades="urn:x"',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '&#49;',
  '=',
];
const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('insert', 'cut', 'double', 'swap'),
  token: fc.constantFrom(...TOKENS),
  length: fc.integer({ min: 1, max: 400 }),
});

function edited(
  bytes: Buffer,
  { at, kind, token, length }: { at: number; kind: string; token: string; length: number },
) {
  const from = at % bytes.length;
  const [head, piece, tail] = [
    bytes.subarray(0, from),
    bytes.subarray(from, from + length),
    bytes.subarray(from + length),
  ];
  if (kind === 'insert') return Buffer.concat([head, Buffer.from(token), piece, tail]);
  if (kind === 'cut') return Buffer.concat([head, tail]);
  if (kind === 'double') return Buffer.concat([head, piece, piece, tail]);
  return Buffer.concat([head, tail.subarray(0, length), piece, tail.subarray(length)]);
}

describe('no mutation of a good file improves a verdict', () => {
  test.each(Object.entries(FORMS))('%s', async (_, { make, path, detached }) => {
    const good = Buffer.from(await make());
    const options = detached ? { detached } : {};
    const original = verifyFile(good, ctx, options);
    expect(original.indication).toBe('TOTAL_PASSED');
    const octets = detached ? '' : protectedIn(good, path);
    const told = (one: SignatureReport | undefined) => [
      one?.signer,
      one?.algorithm,
      one?.signingTime,
      one?.coverage,
    ];
    const check = (bytes: Buffer) => {
      const report = verifyFile(bytes, ctx, options);
      if (report.indication !== 'TOTAL_PASSED') return;
      if (!detached) expect(protectedIn(bytes, path) === octets).toBe(true);
      // Fewer signatures may be left (one in a comment is none), and never others.
      for (const one of report.signatures) {
        // A counter-signature that did not pass leaves the file as it is.
        if (one.indication !== 'TOTAL_PASSED' && one.counterSigns !== undefined) continue;
        const before = original.signatures.find(
          ({ signer }) => signer?.certificateSha256 === one.signer?.certificateSha256,
        );
        expect(told(one)).toEqual(told(before));
        expect(LEVELS.indexOf(one.baseline)).toBeLessThanOrEqual(LEVELS.indexOf(before?.baseline ?? null));
        expect(one.bestSignatureTime >= (before?.bestSignatureTime ?? '')).toBe(true);
      }
    };
    const mask = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(fc.nat(good.length - 1), mask, (at, bits) => check(flipped(good, at, bits))),
      { seed, numRuns: RUNS },
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) =>
        check(edits.reduce<Buffer>(edited, good)),
      ),
      { seed, numRuns: RUNS },
    );
  });
});

describe('no mutation makes a part the whole', () => {
  const part = async (transforms: string, uri: string) => {
    const signature = await signatureTemplate({ references: [{ uri, transforms }] });
    const place = '</edXML:edXMLHeader>';
    return signTemplate(
      envelope()
        .toString()
        .replace(place, () => signature + place),
    );
  };
  test.each([
    ['by Id', EXCLUSIVE_FORM, '#message'],
    ['enveloped in the envelope', ENVELOPED + EXCLUSIVE_FORM, '#envelope'],
    ['by a filter', filter2(['intersect', "id('message')"]) + EXCLUSIVE_FORM, ''],
  ])('%s', async (_, transforms, uri) => {
    const signed = await part(transforms, uri);
    expect(verifyFile(signed, ctx).indication).toBe('INDETERMINATE');
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const { indication } = verifyFile(edits.reduce<Buffer>(edited, signed), ctx);
        expect(indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: RUNS },
    );
  });
});

test('of files by name, whatever passes names files whose digests stand in what was signed', async () => {
  const files: Record<string, Buffer> = { a: Buffer.from('a'), b: Buffer.from('b') };
  const signature = await signatureTemplate({ references: [{ uri: 'a' }, { uri: 'b' }] });
  const good = await signTemplate(signature, { files });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), (edits) => {
      const { signatures } = verifyXmlOverFiles(
        edits.reduce<Buffer>(edited, good),
        ctx,
        (name) => files[name] ?? null,
      );
      for (const one of signatures)
        if (one.indication === 'TOTAL_PASSED') expect(one.files).toEqual(['a', 'b']);
    }),
    { seed, numRuns: RUNS },
  );
});
