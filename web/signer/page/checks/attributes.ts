import { hex } from './bytes.ts';
import { compareOctets, type Der, derList, derOnly, TAG } from './der.ts';

/** Bodies of object identifiers, as hexadecimal. */
const CONTENT_TYPE = '2a864886f70d010903';
const MESSAGE_DIGEST = '2a864886f70d010904';
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f';
const ID_DATA = '2a864886f70d010701';

export interface SignedFacts {
  messageDigest: Uint8Array;
  /** SHA-256 that the first ESSCertIDv2 names. */
  certHash: Uint8Array;
}

/**
 * Check 4: the signed attributes (RFC 5652 §5.3, ETSI EN 319 122-1) are canonical DER and are exactly contentType,
 * messageDigest and signing-certificate-v2.
 * @returns null where anything else is there
 */
export function signedFacts(der: Uint8Array): SignedFacts | null {
  const set = derOnly(der, TAG.set);
  const attributes = set && derList(set.body);
  if (attributes?.length !== 3 || !inOrder(attributes)) return null;
  const values = new Map(attributes.map(typeAndValue));
  const type = values.get(CONTENT_TYPE);
  const digest = values.get(MESSAGE_DIGEST);
  const certificate = values.get(SIGNING_CERTIFICATE_V2);
  if (type?.tag !== TAG.oid || hex(type.body) !== ID_DATA) return null;
  if (digest?.tag !== TAG.octets || digest.body.length !== 32) return null;
  const certHash = certificate ? certHashOf(certificate) : null;
  return certHash && { messageDigest: digest.body, certHash };
}

function inOrder(list: readonly Der[]): boolean {
  return list.every((one, i) => i === 0 || compareOctets((list[i - 1] as Der).whole, one.whole) < 0);
}

/** An attribute with one value; others get a name that nobody asks for. */
function typeAndValue(attribute: Der): [string, Der | null] {
  const [type, set, ...more] = (attribute.tag === TAG.sequence && derList(attribute.body)) || [];
  if (type?.tag !== TAG.oid || set?.tag !== TAG.set || more.length > 0) return ['', null];
  const values = derList(set.body);
  return [hex(type.body), values?.length === 1 ? (values[0] as Der) : null];
}

/**
 * SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2 } with one id (RFC 5035 §3). certHash comes first
 * only where the hash algorithm is the default, SHA-256.
 */
function certHashOf(value: Der): Uint8Array | null {
  if (value.tag !== TAG.sequence) return null;
  const [certs, ...policies] = derList(value.body) ?? [];
  if (certs?.tag !== TAG.sequence || policies.length > 0) return null;
  const id = derOnly(certs.body, TAG.sequence);
  const [certHash] = (id && derList(id.body)) ?? [];
  return certHash?.tag === TAG.octets && certHash.body.length === 32 ? certHash.body : null;
}
