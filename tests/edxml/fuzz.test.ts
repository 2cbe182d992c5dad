import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diag } from 'libxml2-wasm';
import {
  checkConformance,
  DEFAULT_LIMITS,
  type EdxmlMessage,
  readEdxml,
  sniff,
  writeDocument,
} from '../../src/edxml/index.ts';
import { type Node, parseTree } from '../../src/edxml/tree.ts';
import { onlyEntry, zipEntryCount } from '../../src/edxml/zip.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { edxmlFaultSentence } from '../../src/messages/index.ts';
import { aDocument, anAttachment, aPdf, NOW } from '../builders/edxml.ts';
import { zipOf } from '../builders/zip.ts';
import { testSeed } from '../random.ts';
import { INVALID, VALID } from './examples.ts';
import { render } from './render.ts';
import { wasmMemory } from './wasm-memory.ts';

const seed = testSeed();

/** Runs a parser; anything it throws but a TrucError of its room fails the test. */
function onlyTyped(act: () => unknown): string {
  try {
    act();
    return 'value';
  } catch (error) {
    if (!isTrucError(error) || !error.code.startsWith('edxml.')) throw error;
    return error.code;
  }
}

const zipped = writeDocument(aDocument(), [
  anAttachment({ bytes: zipOf([{ name: 'x', bytes: aPdf('1') }]), contentType: 'application/zip' }),
]);
const seeds = [...VALID, ...INVALID].map((one) => one.bytes).concat([zipped]);

const TOKENS = [
  '<', '>', '/>', '</edXML:To>', '<edXML:To>', '<!DOCTYPE a [', '<!--', '-->', '<?', '?>', '<![CDATA[', ']]>', '&', '&#0;',
  '&#x1F4DC;', '&lt;', '"', "'", ' xmlns=""', ' xmlns:edXML="urn:x"', 'cid:', '\0', '\uFEFF', '\uFFFE', 'Ộ', '../', '=', '999999999999',
].map((token) => Buffer.from(token)); // biome-ignore format: a list

interface Edit {
  at: number;
  kind: 'token' | 'cut' | 'double' | 'flip' | 'swap';
  token: Buffer;
  length: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('token', 'cut', 'double', 'flip', 'swap'),
  token: fc.constantFrom(...TOKENS),
  length: fc.integer({ min: 1, max: 300 }),
});

function mutated(source: Buffer, edits: readonly Edit[]): Buffer {
  return edits.reduce((bytes, { at, kind, token, length }) => {
    const from = bytes.length === 0 ? 0 : at % bytes.length;
    const head = bytes.subarray(0, from);
    const piece = bytes.subarray(from, from + length);
    const tail = bytes.subarray(from + length);
    if (kind === 'token') return Buffer.concat([head, token, bytes.subarray(from)]);
    if (kind === 'cut') return Buffer.concat([head, tail]);
    if (kind === 'double') return Buffer.concat([head, piece, piece, tail]);
    if (kind === 'swap') return Buffer.concat([head, tail, piece]);
    const flipped = Buffer.from(piece.map((byte, i) => (i === 0 ? byte ^ (1 << (at & 7)) : byte)));
    return Buffer.concat([head, flipped, tail]);
  }, source);
}

const mutant = fc
  .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 5 }))
  .map(([source, edits]) => mutated(source, edits));

/** Changes of the tree, so that the XML stays well-formed and the rooms behind the parser are reached. */
const treeEdit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('drop', 'double', 'empty', 'text', 'rename', 'move'),
  word: fc.constantFrom(
    '',
    '-1',
    '4',
    '99',
    '16/03/2026',
    '2026/02/30 10:00:00',
    'G09/2',
    'Ộ'.repeat(600),
    'cid:',
    'AAA',
    '../x',
    '02',
  ),
  name: fc.constantFrom(
    'To',
    'From',
    'OrganId',
    'ResponseFor',
    'StatusCode',
    'Reference',
    'Attachment',
    'ContentId',
    'Signature',
  ),
});

type TreeEdit = typeof treeEdit extends fc.Arbitrary<infer T> ? T : never;

function treeMutated(source: Buffer, edits: readonly TreeEdit[]): Buffer {
  const root = structuredClone(parseTree(source, DEFAULT_LIMITS));
  for (const one of edits) {
    const parents = everyNode(root).filter((node) => node.children.length > 0);
    if (parents.length === 0) break;
    const parent = parents[one.at % parents.length] as Node;
    const place = Math.floor(one.at / parents.length) % parent.children.length;
    const child = parent.children[place] as Node;
    if (one.kind === 'drop') parent.children.splice(place, 1);
    else if (one.kind === 'double') parent.children.push(structuredClone(child));
    else if (one.kind === 'move') parent.children.push(...parent.children.splice(place, 1));
    else if (one.kind === 'rename') child.name = one.name;
    else if (one.kind === 'empty') Object.assign(child, { children: [], text: '' });
    else if (child.children.length === 0) child.text = one.word;
  }
  return render(root, { prefix: 'edXML', pretty: true, order: (children) => children });
}

function everyNode(node: Node): Node[] {
  return [node, ...node.children.flatMap(everyNode)];
}

const readable = [...VALID.map((one) => one.bytes), zipped];
const treeMutant = fc
  .tuple(fc.constantFrom(...readable), fc.array(treeEdit, { minLength: 1, maxLength: 4 }))
  .map(([source, edits]) => treeMutated(source, edits));

/** A recipient that reads the axis's copy finds what was sent. */
function sameInOurCopy({ document, attachments }: Extract<EdxmlMessage, { kind: 'document' }>): void {
  expect(readEdxml(writeDocument(document, attachments))).toMatchObject({
    document: { ...document, hasSignature: false },
    attachments: attachments.map((one) => ({ ...one, wrapped: false })),
  });
}

/** Everything that a message meets from the door to the sentences about it. */
function everything(bytes: Buffer): string {
  const report = checkConformance(bytes, { now: NOW });
  for (const fault of report.faults) {
    expect(edxmlFaultSentence(fault, 'vi')).not.toBe(edxmlFaultSentence(fault, 'en'));
    expect(fault.line === null || fault.line > 0).toBe(true);
  }
  const outcome = onlyTyped(() => {
    const message = readEdxml(bytes);
    if (message.kind === 'document' && report.faults.length === 0) sameInOurCopy(message);
  });
  // What cannot be read is never conformant.
  if (outcome !== 'value') expect(report.ok).toBe(false);
  return outcome;
}

describe('fuzzing gives values or typed errors, nothing else', () => {
  test('messages with bytes changed in a few places', () => {
    fc.assert(
      fc.property(mutant, (bytes) => {
        everything(bytes);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('messages with elements dropped, doubled, renamed, moved and filled anew', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(treeMutant, (bytes) => {
        const outcome = everything(bytes);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { seed, numRuns: 1500 },
    );
    // A fuzzer that is stopped at the door proves nothing of the rooms behind it.
    expect(outcomes.get('value')).toBeGreaterThan(200);
    expect(outcomes.size).toBeGreaterThan(4);
  });

  test('random bytes, and random bytes between the root elements', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ unit: 'binary' }).map((one) => Buffer.from(one)),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        everything(Buffer.from(bytes));
        everything(Buffer.concat([zipped.subarray(0, 300), bytes, zipped.subarray(300)]));
      }),
      { seed, numRuns: 800 },
    );
  });

  test('ZIPs changed in a few places, and random bytes as a ZIP', () => {
    const zips = [
      zipOf([{ name: 'x', bytes: aPdf('1') }]),
      zipOf([{ name: 'x', bytes: aPdf('1'), streamed: true }]),
      zipOf([
        { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') },
        { name: 'b', bytes: aPdf('2') },
      ]),
    ];
    const changed = fc
      .tuple(fc.constantFrom(...zips), fc.array(edit, { maxLength: 4 }))
      .map(([zip, edits]) => mutated(zip, edits));
    const noise = fc
      .uint8Array({ maxLength: 200 })
      .map((one) => Buffer.concat([Buffer.from('PK\x03\x04'), one]));
    fc.assert(
      fc.property(fc.oneof(changed, noise), (bytes) => {
        expect(typeof sniff(bytes)).toBe('string');
        onlyTyped(() => zipEntryCount(bytes));
        everything(writeDocument(aDocument(), [anAttachment({ bytes, contentType: 'application/zip' })]));
        onlyTyped(() => onlyEntry(bytes, 100_000));
      }),
      { seed, numRuns: 800 },
    );
  });

  test('any bytes have a kind', () => {
    const starts = ['', 'PK\x03\x04', '%PDF-', '0\x82', 'II*\0', '{\\rtf', '<?xml', '\xff\xd8\xff'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 600 }), (start, rest) => {
        expect(typeof sniff(Buffer.concat([Buffer.from(start, 'latin1'), rest]))).toBe('string');
      }),
      { seed, numRuns: 3000 },
    );
  });
});

describe("the parser's memory", () => {
  test('does not grow over 2,000 messages, read and refused, and every tree is given back', () => {
    const large = writeDocument(aDocument(), [anAttachment({ bytes: Buffer.alloc(200_000, '%PDF-1.7\n') })]);
    const kinds = [
      large,
      large.subarray(0, large.length - 100),
      Buffer.from(large.toString().replace('<edXML:Subject>', '<edXML:Subject><x/>')),
      Buffer.from(large.toString().replace('<edXML:Code>', 'x<edXML:Code>')),
      Buffer.from(large.toString().replace('?>\n', '?>\n<!DOCTYPE edXML>\n')),
    ];
    const readAll = (rounds: number) => {
      for (let i = 0; i < rounds; i++) for (const bytes of kinds) onlyTyped(() => readEdxml(bytes));
    };
    readAll(10);
    const grown: number[] = [];
    const { grow } = wasmMemory;
    wasmMemory.grow = function (pages) {
      grown.push(pages);
      return grow.call(this, pages);
    };
    diag.configure({ enabled: true });
    try {
      readAll(400);
      expect(diag.report()).toEqual({});
      expect(grown).toEqual([]);
      // A message larger than all before must grow it, or this test would see nothing.
      readEdxml(
        writeDocument(aDocument(), [anAttachment({ bytes: Buffer.alloc(40_000_000, '%PDF-1.7\n') })]),
      );
      expect(grown.length).toBeGreaterThan(0);
    } finally {
      diag.configure({ enabled: false });
      wasmMemory.grow = grow;
    }
  });
});
