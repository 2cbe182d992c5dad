import { children, type DerNode, expectTag, open, TAG, wholeOf } from '../asn1/der-reader.ts';
import { readOid } from '../asn1/der-values.ts';

/** Attributes of one SignerInfo (RFC 5652 §5.3). */
export interface Attributes {
  /** All of them as encoded, with the implicit tag of the place they stood in. */
  der: Uint8Array;
  /** Values by type, in order of the encoding; a type that occurs twice is in `repeated`. */
  byType: ReadonlyMap<string, readonly DerNode[]>;
  /** Each Attribute, in order of the encoding. */
  items: readonly DerNode[];
  repeated: readonly string[];
  /** True when they stand in the order that DER demands of a SET OF (X.690 §11.6). */
  sorted: boolean;
}

export function readAttributes(node: DerNode): Attributes {
  const byType = new Map<string, DerNode[]>();
  const repeated: string[] = [];
  let sorted = true;
  let before: Uint8Array | null = null;
  const items = children(node, 200);
  for (const attribute of items) {
    const cursor = open(attribute, TAG.sequence);
    const type = readOid(cursor.next(TAG.oid));
    const values = cursor.next(TAG.set);
    cursor.finish();
    if (byType.has(type)) repeated.push(type);
    byType.set(type, [...(byType.get(type) ?? []), ...children(values, 200)]);
    const own = wholeOf(attribute);
    if (before && Buffer.compare(before, own) > 0) sorted = false;
    before = own;
  }
  return { der: wholeOf(node), byType, items, repeated, sorted };
}

/** The value of an attribute that must have exactly one; null where it is absent, undefined where the count is wrong. */
export function singleValue(attributes: Attributes, type: string): DerNode | null | undefined {
  const values = attributes.byType.get(type);
  if (!values) return null;
  return values.length === 1 ? values[0] : undefined;
}

/** The octets that a signature over attributes is made of: the same with the SET OF tag (RFC 5652 §5.4). */
export function signedOctets(attributes: Attributes): Uint8Array {
  const octets = Uint8Array.from(attributes.der);
  octets[0] = TAG.set;
  return octets;
}

export function octetsOf(node: DerNode): Uint8Array {
  expectTag(node, TAG.octetString);
  return node.bytes.subarray(node.body, node.end);
}
