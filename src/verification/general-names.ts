import { bodyOf, children, context, type DerNode, inner, TAG } from './asn1/der-reader.ts';
import { type DistinguishedName, readName } from './asn1/names.ts';

/** GeneralName (RFC 5280 §4.2.1.6); `other` stands for the forms that we only recognise. */
export type GeneralName =
  | { type: 'email' | 'dns' | 'uri'; text: string }
  | { type: 'ip'; bytes: Uint8Array }
  | { type: 'directory'; name: DistinguishedName }
  | { type: 'other'; tag: number };

const TEXT_FORMS: Readonly<Record<number, 'email' | 'dns' | 'uri'>> = {
  129: 'email',
  130: 'dns',
  134: 'uri',
};

export function readGeneralName(node: DerNode): GeneralName {
  const text = TEXT_FORMS[node.tag];
  if (text) return { type: text, text: Buffer.from(bodyOf(node)).toString('latin1') };
  if (node.tag === context(7, false)) return { type: 'ip', bytes: bodyOf(node) };
  if (node.tag === context(4)) return { type: 'directory', name: readName(inner(node)) };
  return { type: 'other', tag: node.tag };
}

/** GeneralNames: a SEQUENCE, or the implicit tag given. */
export function readGeneralNames(node: DerNode, tag: number = TAG.sequence): GeneralName[] {
  if (node.tag !== tag) return [readGeneralName(node)];
  return children(node, 1_000).map(readGeneralName);
}

/** A form in which two general names compare as equal strings. */
export function generalNameKey(name: GeneralName): string {
  switch (name.type) {
    case 'directory':
      return `directory:${name.name.folded}`;
    case 'ip':
      return `ip:${Buffer.from(name.bytes).toString('hex')}`;
    case 'other':
      return `other:${name.tag}`;
    default:
      return `${name.type}:${name.text}`;
  }
}
