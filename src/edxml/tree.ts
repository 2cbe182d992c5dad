import {
  type ParseOption,
  XmlCData,
  XmlComment,
  XmlDocument,
  XmlElement,
  XmlText,
  type XmlTreeNode,
} from 'libxml2-wasm';
import { TrucError } from '../kernel/index.ts';
import type { EdxmlErrorCode } from './errors.ts';
import type { EdxmlLimits } from './limits.ts';

/**
 * Flags of libxml2: no network, no external entities, lines beyond 65,535, no warnings; HUGE because our own byte limit
 * came first. Errors stay on: with NOERROR nobody would learn the line and the cause.
 */
const PARSE_OPTIONS = (2048 | 8388608 | 524288 | 4194304 | 64) as ParseOption;

/** libxml2 keeps the line of an element in 16 bits; from here on it is not known. */
const LAST_LINE = 65_535;

/** An element with its children, away from the parser's memory. */
export interface Node {
  name: string;
  namespace: string;
  /** From 1; 0 when it is not known. */
  line: number;
  /** Path with ordinals where names repeat: `MessageHeader/To[2]/OrganId`. */
  path: string;
  children: Node[];
  /** Text of an element without element children, as written; empty for others. */
  text: string;
}

/**
 * Parses a message strictly: UTF-8, no DTD, entities, processing instructions or CDATA, everything within limits.
 * @throws TrucError `edxml.…` with path and line where they are known
 */
export function parseTree(bytes: Uint8Array, limits: EdxmlLimits): Node {
  if (bytes.length > limits.bytes)
    throw new TrucError('edxml.too-large', { limit: limits.bytes, size: bytes.length });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  refuseEncodings(buffer);
  refuseDeclarations(buffer, limits);
  refuseQuotes(buffer, limits);
  const document = parse(buffer, limits);
  try {
    if (document.dtd) throw new TrucError('edxml.dtd-forbidden', {});
    return walk(document, limits);
  } finally {
    document.dispose();
  }
}

function parse(buffer: Buffer, limits: EdxmlLimits): XmlDocument {
  try {
    return XmlDocument.fromBuffer(buffer, { option: PARSE_OPTIONS, encoding: 'UTF-8' });
  } catch (error) {
    const detail = (error as { details?: { line?: number; col?: number; message?: string }[] }).details?.[0];
    const { line = 0, col: column = 0, message = 'not XML' } = detail ?? {};
    // The parser's own bound, far above ours, stops it before there is a tree to walk.
    if (message.startsWith('Excessive depth'))
      throw new TrucError('edxml.too-deep', { limit: limits.depth, line }, error);
    throw new TrucError(
      'edxml.not-well-formed',
      { line, column, cause: message.trim().slice(0, 200) },
      error,
    );
  }
}

/** Longest XML declaration: what pads it beyond hides the encoding from readers that look at the start only. */
const DECLARATION = 200;

/** Only UTF-8, with or without a byte order mark; an XML declaration must not say otherwise. */
function refuseEncodings(buffer: Buffer): void {
  const start = buffer.subarray(0, DECLARATION).toString('latin1');
  if (/^(\xfe\xff|\xff\xfe|\0)/.test(start) || start.includes('\0'))
    throw new TrucError('edxml.encoding', { expected: 'UTF-8' });
  if (!HAS_DECLARATION.test(start)) return;
  const end = start.indexOf('?>');
  if (end < 0) throw new TrucError('edxml.not-well-formed', { line: 1, cause: 'XML declaration' });
  const declared = /encoding\s*=\s*["']([^"']*)["']/.exec(start.slice(0, end))?.[1];
  if (declared !== undefined && !/^(utf-?8|us-ascii)$/i.test(declared))
    throw new TrucError('edxml.encoding', { expected: 'UTF-8', found: declared });
}

const HAS_DECLARATION = /^(?:\xef\xbb\xbf)?<\?xml\s/;

const LESS_THAN = 0x3c;

/** What may follow `<` nowhere but in the XML declaration. */
const FORBIDDEN: readonly (readonly [string, EdxmlErrorCode])[] = [
  ['<!DOCTYPE', 'edxml.dtd-forbidden'],
  ['<!ENTITY', 'edxml.entity-forbidden'],
  ['<?', 'edxml.processing-instruction-forbidden'],
  ['<![CDATA[', 'edxml.cdata-forbidden'],
];

/** An element has two tags; what is beyond that in an honest message are a few comments. */
const MARKS_PER_ELEMENT = 3;

/**
 * Before parsing, since the parser would expand internal entities and build millions of elements while it makes the tree.
 * One pass over the bytes, which ends with the first mark too many.
 */
function refuseDeclarations(buffer: Buffer, limits: EdxmlLimits): void {
  const start = buffer.subarray(0, DECLARATION).toString('latin1');
  let at = buffer.indexOf(LESS_THAN, HAS_DECLARATION.test(start) ? start.indexOf('?>') : 0);
  let left = limits.elements * MARKS_PER_ELEMENT;
  for (; at >= 0; at = buffer.indexOf(LESS_THAN, at + 1)) {
    if (left-- === 0)
      throw new TrucError('edxml.too-many-elements', { limit: limits.elements, line: lineAt(buffer, at) });
    const next = buffer[at + 1];
    if (next !== 0x21 && next !== 0x3f) continue;
    const markup = buffer.toString('latin1', at, at + 9);
    const found = FORBIDDEN.find(([mark]) => markup.startsWith(mark));
    if (found) throw new TrucError(found[1], { line: lineAt(buffer, at) });
  }
}

/** Far more than the quotation marks of honest texts; an attribute needs two. */
const QUOTES_PER_ELEMENT = 4;

/** The parser's memory never shrinks again, so millions of attributes or namespaces must not reach it. */
function refuseQuotes(buffer: Buffer, limits: EdxmlLimits): void {
  let left = limits.elements * QUOTES_PER_ELEMENT;
  for (const quote of ['"', "'"]) {
    for (let at = buffer.indexOf(quote); at >= 0; at = buffer.indexOf(quote, at + 1)) {
      if (left-- === 0)
        throw new TrucError('edxml.too-many-elements', { limit: limits.elements, line: lineAt(buffer, at) });
    }
  }
}

function lineAt(buffer: Buffer, at: number): number {
  let line = 1;
  for (let next = buffer.indexOf(10); next >= 0 && next < at; next = buffer.indexOf(10, next + 1)) line++;
  return line;
}

interface Walk {
  limits: EdxmlLimits;
  elements: number;
}

function walk(document: XmlDocument, limits: EdxmlLimits): Node {
  return element(document.root, '', 1, { limits, elements: 0 });
}

function element(source: XmlElement, path: string, depth: number, state: Walk): Node {
  const { limits } = state;
  const line = source.line < LAST_LINE ? source.line : 0;
  if (++state.elements > limits.elements)
    throw new TrucError('edxml.too-many-elements', { limit: limits.elements, path, line });
  if (depth > limits.depth) throw new TrucError('edxml.too-deep', { limit: limits.depth, path, line });
  if (source.attrs.length > limits.attributes)
    throw new TrucError('edxml.too-many-elements', { limit: limits.attributes, path, line });
  const node: Node = {
    name: source.name,
    namespace: source.namespaceUri,
    line,
    path,
    children: [],
    text: '',
  };
  const seen = new Map<string, number>();
  let text = '';
  let commented = false;
  for (let child: XmlTreeNode | null = source.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement)
      node.children.push(element(child, childPath(path, child.name, seen), depth + 1, state));
    else if (child instanceof XmlText && !(child instanceof XmlCData)) text += child.content;
    else if (child instanceof XmlComment) commented = true;
    else refuseNode(child, path);
  }
  if (node.children.length > 0) {
    if (text.trim() !== '')
      throw new TrucError('edxml.not-well-formed', { path, line: node.line, cause: 'text beside elements' });
    return node;
  }
  // A comment can split a signed value into what one reader sees and what another does.
  if (commented && text.trim() !== '')
    throw new TrucError('edxml.comment-forbidden', { path, line: node.line });
  node.text = text;
  return node;
}

function childPath(path: string, name: string, seen: Map<string, number>): string {
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  const step = count === 1 ? name : `${name}[${count}]`;
  return path === '' ? step : `${path}/${step}`;
}

function refuseNode(node: XmlTreeNode, path: string): never {
  const facts = { path, line: node.line };
  if (node instanceof XmlCData) throw new TrucError('edxml.cdata-forbidden', facts);
  if (node.constructor.name === 'XmlProcessingInstructionNode')
    throw new TrucError('edxml.processing-instruction-forbidden', facts);
  throw new TrucError('edxml.entity-forbidden', facts);
}
