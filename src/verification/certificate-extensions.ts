import { isTrucError } from '../kernel/index.ts';
import {
  bodyOf,
  children,
  context,
  type DerNode,
  expectTag,
  notDer,
  open,
  TAG,
  unwrap,
} from './asn1/der-reader.ts';
import { readBoolean, readNamedBits, readOctets, readOid, readSmallInteger } from './asn1/der-values.ts';
import { EXTENSION, OID } from './asn1/oids.ts';
import { type DistributionPoint, readDistributionPoints } from './distribution-point.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-names.ts';

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
export const KEY_USAGE = { digitalSignature: 1, nonRepudiation: 2, keyCertSign: 32, crlSign: 64 } as const;

export interface GeneralSubtree {
  base: GeneralName;
  /** False where minimum or maximum are used, which RFC 5280 forbids. */
  plain: boolean;
}

/** What a certificate's extensions say; null or empty where the extension is absent. */
export interface Extensions {
  isCa: boolean;
  hasBasicConstraints: boolean;
  pathLength: number | null;
  keyUsage: number | null;
  extendedKeyUsage: { oids: string[]; critical: boolean } | null;
  subjectKeyId: string | null;
  authorityKeyId: string | null;
  alternativeNames: GeneralName[];
  nameConstraints: { permitted: GeneralSubtree[]; excluded: GeneralSubtree[] } | null;
  policies: string[] | null;
  policyMappings: { issuer: string; subject: string }[];
  requireExplicitPolicy: number | null;
  inhibitPolicyMapping: number | null;
  inhibitAnyPolicy: number | null;
  crlDistributionPoints: DistributionPoint[];
  /** Where delta CRLs are (RFC 5280 §4.2.1.15). */
  freshestCrls: DistributionPoint[];
  /** Addresses of OCSP responders as the issuer wrote them (authority information access, RFC 5280 §4.2.2.1). */
  ocspUrls: string[];
  ocspNoCheck: boolean;
  /** Critical extensions that we do not process: the certificate must be refused (RFC 5280 §4.2). */
  unknownCritical: string[];
}

function noExtensions(): Extensions {
  return {
    isCa: false,
    hasBasicConstraints: false,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
    subjectKeyId: null,
    authorityKeyId: null,
    alternativeNames: [],
    nameConstraints: null,
    policies: null,
    policyMappings: [],
    requireExplicitPolicy: null,
    inhibitPolicyMapping: null,
    inhibitAnyPolicy: null,
    crlDistributionPoints: [],
    freshestCrls: [],
    ocspUrls: [],
    ocspNoCheck: false,
    unknownCritical: [],
  };
}

type Reader = (value: DerNode, into: Extensions, critical: boolean) => void;

const READERS: Readonly<Record<string, Reader>> = {
  [EXTENSION.basicConstraints]: readBasicConstraints,
  [EXTENSION.keyUsage]: (value, into) => {
    into.keyUsage = readNamedBits(value);
  },
  [EXTENSION.extendedKeyUsage]: (value, into, critical) => {
    expectTag(value, TAG.sequence);
    into.extendedKeyUsage = { oids: children(value, 200).map((node) => readOid(node)), critical };
  },
  [EXTENSION.subjectKeyIdentifier]: (value, into) => {
    into.subjectKeyId = hex(readOctets(value));
  },
  [EXTENSION.authorityKeyIdentifier]: (value, into) => {
    const keyId = open(value, TAG.sequence).optional(context(0, false));
    into.authorityKeyId = keyId ? hex(bodyOf(keyId)) : null;
  },
  [EXTENSION.subjectAltName]: (value, into) => {
    expectTag(value, TAG.sequence);
    into.alternativeNames = readGeneralNames(value);
  },
  [EXTENSION.nameConstraints]: readNameConstraints,
  [EXTENSION.certificatePolicies]: readPolicies,
  [EXTENSION.policyMappings]: (value, into) => {
    expectTag(value, TAG.sequence);
    into.policyMappings = children(value, 500).map(readMapping);
  },
  [EXTENSION.policyConstraints]: (value, into) => {
    const cursor = open(value, TAG.sequence);
    const explicit = cursor.optional(context(0, false));
    const mapping = cursor.optional(context(1, false));
    cursor.finish();
    if (explicit) into.requireExplicitPolicy = readSmallInteger(explicit, context(0, false));
    if (mapping) into.inhibitPolicyMapping = readSmallInteger(mapping, context(1, false));
  },
  [EXTENSION.inhibitAnyPolicy]: (value, into) => {
    into.inhibitAnyPolicy = readSmallInteger(value);
  },
  [EXTENSION.crlDistributionPoints]: (value, into) => {
    into.crlDistributionPoints = readDistributionPoints(value);
  },
  // Never critical, by the RFC: one that says otherwise asks for more than there is.
  [EXTENSION.freshestCrl]: (value, into, critical) => {
    if (critical) into.unknownCritical.push(EXTENSION.freshestCrl);
    into.freshestCrls = readDistributionPoints(value);
  },
  [EXTENSION.authorityInfoAccess]: (value, into) => {
    into.ocspUrls = readOcspAccess(value);
  },
  '1.3.6.1.5.5.7.48.1.5': (_value, into) => {
    into.ocspNoCheck = true;
  },
  // Says that the certificate is a qualified one (ETSI EN 319 412-5): nothing to process for a path.
  [EXTENSION.qcStatements]: () => undefined,
};

/**
 * Reads Extensions (RFC 5280 §4.2). Each may occur once.
 * @throws TrucError `verification.not-der` for a broken or repeated extension.
 */
export function readExtensions(node: DerNode | undefined): Extensions {
  const into = noExtensions();
  if (!node) return into;
  const seen = new Set<string>();
  for (const extension of children(node, 200)) {
    const { oid, critical, value } = readExtension(extension);
    if (seen.has(oid)) throw notDer(extension.start, 'repeated extension');
    seen.add(oid);
    const reader = READERS[oid];
    if (reader) reader(unwrap(value), into, critical);
    else if (critical) into.unknownCritical.push(oid);
  }
  return into;
}

/** One Extension; `value` is its OCTET STRING. An explicit `critical FALSE` is tolerated: many issuers write it. */
export function readExtension(node: DerNode): { oid: string; critical: boolean; value: DerNode } {
  const cursor = open(node, TAG.sequence);
  const oid = readOid(cursor.next(TAG.oid));
  const flag = cursor.optional(TAG.boolean);
  const value = cursor.next(TAG.octetString);
  cursor.finish();
  return { oid, critical: flag ? readBoolean(flag) : false, value };
}

function readBasicConstraints(value: DerNode, into: Extensions): void {
  const cursor = open(value, TAG.sequence);
  const ca = cursor.optional(TAG.boolean);
  const length = cursor.optional(TAG.integer);
  cursor.finish();
  into.hasBasicConstraints = true;
  into.isCa = ca ? readBoolean(ca) : false;
  into.pathLength = length ? readSmallInteger(length) : null;
}

function readNameConstraints(value: DerNode, into: Extensions): void {
  const cursor = open(value, TAG.sequence);
  const permitted = cursor.optional(context(0));
  const excluded = cursor.optional(context(1));
  cursor.finish();
  into.nameConstraints = {
    permitted: permitted ? children(permitted, 1_000).map(readSubtree) : [],
    excluded: excluded ? children(excluded, 1_000).map(readSubtree) : [],
  };
}

function readSubtree(node: DerNode): GeneralSubtree {
  const cursor = open(node, TAG.sequence);
  const base = readGeneralName(cursor.any());
  const minimum = cursor.optional(context(0, false));
  const plain = (!minimum || readSmallInteger(minimum, context(0, false)) === 0) && cursor.done;
  return { base, plain };
}

/** It only says where to ask: a certificate whose access information is broken is no worse than one without. */
function readOcspAccess(value: DerNode): string[] {
  try {
    expectTag(value, TAG.sequence);
    return children(value, 200).flatMap((node) => {
      const cursor = open(node, TAG.sequence);
      const method = readOid(cursor.next(TAG.oid));
      const location = readGeneralName(cursor.any());
      return method === OID.ocspAccess && location.type === 'uri' ? [location.text] : [];
    });
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return [];
  }
}

function readPolicies(value: DerNode, into: Extensions): void {
  expectTag(value, TAG.sequence);
  const oids = children(value, 500).map((node) => readOid(open(node, TAG.sequence).next(TAG.oid)));
  // RFC 5280 §4.2.1.4: a policy must not appear more than once.
  if (oids.length === 0 || new Set(oids).size !== oids.length) throw notDer(value.start, 'policies');
  into.policies = oids;
}

function readMapping(node: DerNode): { issuer: string; subject: string } {
  const cursor = open(node, TAG.sequence);
  const issuer = readOid(cursor.next(TAG.oid));
  const subject = readOid(cursor.next(TAG.oid));
  cursor.finish();
  return { issuer, subject };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
