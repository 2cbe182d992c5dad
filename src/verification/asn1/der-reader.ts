import { TrucError } from '../../kernel/index.ts';
import type { VerificationErrorCode } from '../errors.ts';

/** Identifier octets (X.690 §8.1.2) of the types that certificates, CRLs and CMS are made of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const;

/** Identifier octet of a context-specific tag [n], primitive or constructed. */
export const context = (n: number, constructed = true): number => (constructed ? 0xa0 : 0x80) + n;

/** One DER value: a window on the bytes it was read from, never a copy. */
export interface DerNode {
  readonly bytes: Uint8Array;
  readonly tag: number;
  /** First octet of the identifier. */
  readonly start: number;
  /** First octet of the contents. */
  readonly body: number;
  /** One past the last octet of the contents. */
  readonly end: number;
}

export function notDer(offset: number, reason: string): TrucError<VerificationErrorCode> {
  return new TrucError('verification.not-der', { offset, reason });
}

/**
 * Reads the header of the value at `start`, which must end at or before `limit`.
 * Strict (X.690 §10.1): definite lengths in the fewest octets, no tag numbers above 30 (none of our types has one).
 * @throws TrucError `verification.not-der`
 */
export function readNode(bytes: Uint8Array, start: number, limit: number): DerNode {
  if (start + 2 > limit) throw notDer(start, 'cut off');
  const tag = bytes[start] as number;
  if ((tag & 0x1f) === 0x1f) throw notDer(start, 'long tag');
  const first = bytes[start + 1] as number;
  if (first < 0x80) return window(bytes, tag, start, start + 2, first, limit);
  const count = first & 0x7f;
  if (count === 0) throw notDer(start, 'indefinite length');
  if (count > 4) throw notDer(start, 'length too long');
  if (start + 2 + count > limit) throw notDer(start, 'cut off');
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + 2 + i] as number);
  if (length < 0x80 || bytes[start + 2] === 0) throw notDer(start, 'length not minimal');
  return window(bytes, tag, start, start + 2 + count, length, limit);
}

function window(
  bytes: Uint8Array,
  tag: number,
  start: number,
  body: number,
  length: number,
  limit: number,
): DerNode {
  const end = body + length;
  if (end > limit) throw notDer(start, 'longer than its container');
  return { bytes, tag, start, body, end };
}

/** Reads bytes that are exactly one DER value. @throws TrucError `verification.not-der` */
export function readDer(bytes: Uint8Array): DerNode {
  const node = readNode(bytes, 0, bytes.length);
  if (node.end !== bytes.length) throw notDer(node.end, 'trailing bytes');
  return node;
}

/** Walks the values inside one constructed value in order; every read is checked against the end of the container. */
export class DerCursor {
  private readonly node: DerNode;
  private at: number;

  constructor(node: DerNode) {
    this.node = node;
    this.at = node.body;
  }

  get done(): boolean {
    return this.at >= this.node.end;
  }

  /** Identifier octet of the next value, or -1 at the end. */
  get tag(): number {
    return this.done ? -1 : (this.node.bytes[this.at] as number);
  }

  /** Takes the next value, whatever its type. */
  any(): DerNode {
    const next = readNode(this.node.bytes, this.at, this.node.end);
    this.at = next.end;
    return next;
  }

  /** Takes the next value, which must have this tag. */
  next(tag: number): DerNode {
    if (this.tag !== tag) throw notDer(this.at, `expected tag ${tag}, found ${this.tag}`);
    return this.any();
  }

  /** Takes the next value if it has this tag. */
  optional(tag: number): DerNode | undefined {
    return this.tag === tag ? this.any() : undefined;
  }

  /** Ends the walk: nothing may be left. */
  finish(): void {
    if (!this.done) throw notDer(this.at, 'unexpected value');
  }
}

/** The values inside a constructed value. `limit` bounds how many are taken (an error beyond it). */
export function children(node: DerNode, limit = 10_000): DerNode[] {
  if ((node.tag & 0x20) === 0) throw notDer(node.start, 'not constructed');
  const nodes: DerNode[] = [];
  let at = node.body;
  while (at < node.end) {
    if (nodes.length >= limit) throw notDer(at, 'too many values');
    const child = readNode(node.bytes, at, node.end);
    nodes.push(child);
    at = child.end;
  }
  return nodes;
}

/** A cursor over a value that must have this tag. */
export function open(node: DerNode, tag: number): DerCursor {
  expectTag(node, tag);
  return new DerCursor(node);
}

export function expectTag(node: DerNode, tag: number): void {
  if (node.tag !== tag) throw notDer(node.start, `expected tag ${tag}, found ${node.tag}`);
}

/** Header and contents, as a window on the source. */
export function wholeOf(node: DerNode): Uint8Array {
  return node.bytes.subarray(node.start, node.end);
}

/** Contents without the header, as a window on the source. */
export function bodyOf(node: DerNode): Uint8Array {
  return node.bytes.subarray(node.body, node.end);
}

/** The one value inside an explicitly tagged one. */
export function inner(node: DerNode): DerNode {
  const child = readNode(node.bytes, node.body, node.end);
  if (child.end !== node.end) throw notDer(child.end, 'more than one value');
  return child;
}

/** Reads the contents of an OCTET STRING as a DER value of its own. */
export function unwrap(node: DerNode): DerNode {
  expectTag(node, TAG.octetString);
  return inner(node);
}
