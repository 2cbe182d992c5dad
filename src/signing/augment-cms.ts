import { digestOf, sha256 } from '../kernel/index.ts';
import { type FileReport, type ValidationMaterial, validationMaterial } from '../verification/index.ts';
import type { Augmenter, Stamping } from './augmenter.ts';
import { oids } from './cms.ts';
import { type DerValue, derAt, derBytes, derChildren, derContent } from './der-walk.ts';
import * as der from './der-writer.ts';

const ARCHIVE_TIMESTAMP_V3 = '0.4.0.1733.2.4';
const HASH_INDEX_V3 = '0.4.0.19122.1.5';
/** OtherRevocationInfoFormat of an OCSP response (RFC 5940 §2). */
const OCSP_FORMAT = '1.3.6.1.5.5.7.16.2';

const TAGS = { integer: 0x02, octetString: 0x04, set: 0x31, first: 0xa0, second: 0xa1 } as const;

/**
 * EN 319 122-1: signature-time-stamp (§5.3), certificates and revocation data of the SignedData (§6, level LT), and
 * archive-time-stamp-v3 with ats-hash-index-v3 (§5.5.2, §5.5.3).
 */
export const cmsAugmenter: Augmenter = {
  stamp: async (cms, { report, timestamp }) => {
    const parts = partsOf(cms);
    for (const [i, signer] of parts.signers.entries())
      if (!isStamped(report, i))
        signer.unsigned.push(attribute(oids.timeStampToken, await timestamp(sha256(signer.signature))));
    return written(parts);
  },
  addData: async (cms, { context, detached }) => withData(cms, validationMaterial(cms, context, detached)),
  archive,
};

/** Signers in the order of the report, whose counter-signatures stand between them. */
function isStamped({ signatures }: FileReport, place: number): boolean {
  const own = signatures.filter(({ counterSigns }) => counterSigns === undefined)[place];
  return own?.timestamps.some(({ indication }) => indication === 'TOTAL_PASSED') ?? false;
}

function withData(cms: Buffer, { certificates, crls, ocspResponses }: ValidationMaterial): Buffer {
  const parts = partsOf(cms);
  const responses = ocspResponses.map((one) => der.implicit(1, der.sequence(der.oid(OCSP_FORMAT), one)));
  parts.certificates = merged(parts.certificates, certificates);
  parts.revocation = merged(parts.revocation, [...crls, ...responses]);
  // RFC 5652 §5.1: other revocation formats are told by version 5.
  if (parts.revocation.some((one) => one[0] === TAGS.second)) parts.version = der.integer(5);
  return written(parts);
}

function merged(known: readonly Buffer[], more: readonly Buffer[]): Buffer[] {
  const all = new Map([...known, ...more].map((one) => [one.toString('latin1'), one]));
  return [...all.values()];
}

/** What is over the content as such is the same for all signers; the index tells what the token covers of the rest. */
async function archive(cms: Buffer, { timestamp, detached }: Stamping): Promise<Buffer> {
  const parts = partsOf(cms);
  const content = detached ?? parts.content ?? Buffer.alloc(0);
  for (const signer of parts.signers) {
    const index = hashIndex(parts, signer);
    const imprint = digestOf('sha256', parts.contentType, sha256(content), signer.fields, index);
    const token = withUnsigned(await timestamp(imprint), attribute(HASH_INDEX_V3, index));
    signer.unsigned.push(attribute(ARCHIVE_TIMESTAMP_V3, token));
  }
  return written(parts);
}

/** ATSHashIndexV3: SHA-256 of every certificate, every revocation value and every value of an unsigned attribute with its type. */
function hashIndex({ certificates, revocation }: SignedDataParts, { unsigned }: SignerParts): Buffer {
  const hashes = (values: readonly Buffer[]) =>
    der.sequence(...values.map((one) => der.octetString(sha256(one))));
  const values = unsigned.flatMap((one) => {
    const [type, set] = derChildren(one, derAt(one, 0)) as [DerValue, DerValue];
    return derChildren(one, set).map((value) => Buffer.concat([derBytes(one, type), derBytes(one, value)]));
  });
  const algorithm = der.sequence(der.oid(oids.sha256));
  return der.sequence(algorithm, hashes(certificates), hashes(revocation), hashes(values));
}

function attribute(type: string, value: Buffer): Buffer {
  return der.sequence(der.oid(type), der.setOf(value));
}

/** A token with one more unsigned attribute at its signer, which its signature does not cover. */
function withUnsigned(token: Buffer, added: Buffer): Buffer {
  const parts = partsOf(token);
  for (const signer of parts.signers) signer.unsigned.push(added);
  return written(parts);
}

interface SignerParts {
  /** Version to signature, DER: what an archive time-stamp covers of it. */
  fields: Buffer;
  /** Octets of the signature value. */
  signature: Buffer;
  /** Attributes, DER. */
  unsigned: Buffer[];
}

/** A SignedData (RFC 5652 §5.1) taken apart; everything DER. */
interface SignedDataParts {
  version: Buffer;
  digestAlgorithms: Buffer;
  encapsulated: Buffer;
  /** eContentType with tag and length. */
  contentType: Buffer;
  /** Octets of the content, where it is inside. */
  content: Buffer | null;
  certificates: Buffer[];
  revocation: Buffer[];
  signers: SignerParts[];
}

/** @throws TrucError `signing.der-malformed` also for BER that is not DER */
function partsOf(cms: Buffer): SignedDataParts {
  const outer = derAt(cms, 0);
  const [, wrapped] = derChildren(cms, outer);
  const data = derAt(cms, wrapped?.contentStart ?? cms.length);
  const fields = derChildren(cms, data);
  const [version, digestAlgorithms, encapsulated] = fields as [DerValue, DerValue, DerValue];
  const listed = (tag: number) => {
    const found = fields.find((one) => one.tag === tag);
    return found ? derChildren(cms, found).map((one) => derBytes(cms, one)) : [];
  };
  const [contentType, explicit] = derChildren(cms, encapsulated) as [DerValue, DerValue | undefined];
  const inside = explicit && derAt(cms, explicit.contentStart);
  return {
    version: derBytes(cms, version),
    digestAlgorithms: derBytes(cms, digestAlgorithms),
    encapsulated: derBytes(cms, encapsulated),
    contentType: derBytes(cms, contentType),
    content: inside ? derContent(cms, inside) : null,
    certificates: listed(TAGS.first),
    revocation: listed(TAGS.second),
    signers: derChildren(cms, fields.at(-1) as DerValue).map((one) => signerOf(cms, one)),
  };
}

function signerOf(cms: Buffer, info: DerValue): SignerParts {
  const fields = derChildren(cms, info);
  const last = fields.at(-1) as DerValue;
  const value = fields.findLast(({ tag }) => tag === TAGS.octetString) ?? derAt(cms, cms.length);
  return {
    fields: cms.subarray(info.contentStart, value.end),
    signature: derContent(cms, value),
    unsigned: last.tag === TAGS.second ? derChildren(cms, last).map((one) => derBytes(cms, one)) : [],
  };
}

function written(parts: SignedDataParts): Buffer {
  const set = (tag: 0 | 1, values: readonly Buffer[]) =>
    values.length > 0 ? [der.implicit(tag, der.setOf(...values))] : [];
  const signers = parts.signers.map(({ fields, unsigned }) => der.sequence(fields, ...set(1, unsigned)));
  const data = der.sequence(
    parts.version,
    parts.digestAlgorithms,
    parts.encapsulated,
    ...set(0, parts.certificates),
    ...set(1, parts.revocation),
    // In their order, which reports name them by.
    der.tlv(TAGS.set, ...signers),
  );
  return der.sequence(der.oid(oids.signedData), der.explicit(0, data));
}
