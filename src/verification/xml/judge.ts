import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { isoTime } from '../../kernel/index.ts';
import { digestAnswer, schemeAnswer } from '../algorithm-rules.ts';
import { algorithmText } from '../algorithms.ts';
import { nameText } from '../asn1/names.ts';
import { type Certificate, identityOf } from '../certificate.ts';
import { brokenReport } from '../cms/verify-cms.ts';
import { judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type EmbeddedData, judgePath, NO_EMBEDDED } from '../path.ts';
import type { Policy } from '../policy.ts';
import type { SignatureReport } from '../report.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import { canonicalOctets } from './canonical.ts';
import { fault } from './fault.ts';
import { carriesForeign } from './foreign.ts';
import type { Work } from './limits.ts';
import { type ReferenceCheck, References } from './references.ts';
import { candidatesIn, findSigner, type SignerFound } from './signer.ts';
import { readSignature, type XmlSignature } from './structure.ts';
import { type Properties, readProperties } from './xades.ts';

/** A signature's report with what it covers, as paths of local names from the root. */
export interface XmlSignatureReport extends SignatureReport {
  covers: string[];
}

/** The report on something that has the place of a signature and is none that can be read. */
export function brokenXmlReport(
  id: string,
  code: VerificationCode,
  ctx: VerificationContext,
): XmlSignatureReport {
  return { ...brokenReport(code, ctx, { id }), covers: [] };
}

/** What the document says before the parser's tree is let go: nothing of it is asked for later. */
interface Evidence {
  signature: XmlSignature;
  references: ReferenceCheck;
  properties: Properties;
  signer: SignerFound;
  stamps: { token: Buffer; octets: Buffer }[];
  candidates: Certificate[];
  codes: VerificationCode[];
}

/**
 * Judges one Signature element by EN 319 102-1. The element is taken out of the tree where a reference asks for it.
 * @param ordinal names the signature where it has no Id
 * @throws a fault when the element cannot be read at all
 */
export function judgeSignature(
  document: XmlDocument,
  element: XmlElement,
  ordinal: string,
  ctx: VerificationContext,
  work: Work,
): XmlSignatureReport {
  const evidence = collect(document, readSignature(element), work);
  const { signature, references, properties, signer } = evidence;
  const stamps = evidence.stamps.map(({ token, octets }) =>
    verifyTimestamp(token, [octets], ctx, { kind: 'signature', embedded: NO_EMBEDDED }),
  );
  const accepted = stamps.flatMap((one) => (one.passed && one.time !== null ? [one.time] : []));
  const proven = accepted.length > 0 ? Math.min(...accepted) : undefined;
  const path = signer.certificate ? pathOfSigner(signer.certificate, evidence, ctx, proven) : null;
  const codes = [
    ...evidence.codes,
    ...policyCodes(evidence, ctx.policy, proven ?? ctx.at),
    ...bindingCodes(signer, properties, ctx.policy),
    ...timeCodes(properties, stamps, proven, ctx.policy),
    ...(path ? [...path.errors, ...path.warnings] : []),
  ];
  const { algorithm } = signature;
  return {
    id: signature.id ?? ordinal,
    ...judge(codes),
    baseline: signer.bound ? (proven === undefined ? 'B-B' : 'B-T') : null,
    signer: signer.certificate ? identityOf(signer.certificate) : null,
    signingTime: properties.signingTime === null ? null : isoTime(properties.signingTime),
    bestSignatureTime: isoTime(proven ?? ctx.at),
    timestamps: stamps.map((one) => one.report),
    algorithm: algorithm ? algorithmText(algorithm, algorithm.digest, signer.key) : null,
    coverage: references.coversRoot ? 'whole-file' : references.covers.length > 0 ? 'part' : 'none',
    revision: 0,
    laterChanges: [],
    chain: (path?.chain ?? []).map((one) => ({ subject: nameText(one.subject), sha256: one.sha256 })),
    covers: references.covers,
  };
}

/** Everything that needs the tree, in an order in which nothing is looked at after it was taken out. */
function collect(document: XmlDocument, signature: XmlSignature, work: Work): Evidence {
  const references = new References(document, signature, work);
  const { targets } = references.check;
  const properties = readProperties(signature, targets);
  const candidates = candidatesIn(signature.keyInfo);
  const codes: VerificationCode[] = [...properties.codes, ...candidates.codes];
  if (carriesForeign(signature.element, targets)) codes.push('xml.foreign-content');
  const signer = signerOf(document, signature, candidates.certificates, properties, work);
  const stamps = properties.stamps.flatMap((stamp) => {
    if (!work.part()) throw fault('xml.limit-exceeded', 'work');
    const octets = canonicalOctets(document, signature.valueElement, stamp.canonicalization);
    return stamp.tokens.map((token) => ({ token, octets }));
  });
  references.digestAsTheyStand();
  references.digestWithoutSignatures();
  codes.unshift(...references.check.codes, ...signer.codes);
  return {
    signature,
    references: references.check,
    properties,
    signer,
    stamps,
    candidates: candidates.certificates,
    codes,
  };
}

function signerOf(
  document: XmlDocument,
  signature: XmlSignature,
  candidates: readonly Certificate[],
  properties: Properties,
  work: Work,
): SignerFound {
  const unknown = { certificate: null, key: null, bound: false };
  const { algorithm, algorithmCode, canonicalization } = signature;
  if (!canonicalization) return { ...unknown, codes: ['xml.canonicalization-unsupported'] };
  if (!algorithm) return { ...unknown, codes: [algorithmCode ?? 'xml.algorithm-unsupported'] };
  // The policy's refusal is told with those of the other digests.
  if (algorithm.digest === 'md5') return { ...unknown, codes: [] };
  if (!work.part()) throw fault('xml.limit-exceeded', 'work');
  const octets = canonicalOctets(document, signature.signedInfo, canonicalization);
  return findSigner(candidates, properties, algorithm, octets, signature.value);
}

function pathOfSigner(
  certificate: Certificate,
  { candidates }: Evidence,
  ctx: VerificationContext,
  proven: number | undefined,
) {
  const embedded: EmbeddedData = {
    ...NO_EMBEDDED,
    certificates: candidates.filter((one) => one !== certificate),
  };
  return judgePath(certificate, ctx, {
    purpose: 'signing',
    embedded,
    ...(proven === undefined ? {} : { provenAt: proven }),
  });
}

/** What the policy says to every digest and to the signature algorithm, at the proven time. */
function policyCodes(evidence: Evidence, policy: Policy, at: number): VerificationCode[] {
  const { algorithm } = evidence.signature;
  const digests = [...evidence.references.digests, ...(algorithm?.digest ? [algorithm.digest] : [])];
  const answers = [...new Set(digests)].map((one) => digestAnswer(policy, one, at));
  const codes: VerificationCode[] = [];
  if (answers.includes('refused')) codes.push('policy.digest-not-allowed');
  if (algorithm) {
    const answer = schemeAnswer(policy, algorithm.scheme, at);
    if (answer === 'refused') codes.push('policy.signature-algorithm-not-allowed');
    answers.push(answer);
  }
  if (answers.includes('expired')) codes.push('policy.algorithm-expired');
  return codes;
}

function bindingCodes(signer: SignerFound, properties: Properties, policy: Policy): VerificationCode[] {
  if (!signer.certificate) return [];
  const sha1 = properties.certificates.some((one) => one.digest === 'sha1');
  if (signer.bound) return sha1 ? ['xml.signing-certificate-sha1'] : [];
  return policy.signingCertificate.value === 'demanded'
    ? ['policy.signing-certificate-demanded']
    : ['xml.signing-certificate-missing'];
}

const HOUR = 3_600_000;
const VIETNAM_OFFSET = 7 * HOUR;

/** Time-stamps that are not accepted, and how the claimed time compares with the proven one. */
function timeCodes(
  { signingTime }: Properties,
  stamps: readonly TimestampVerdict[],
  proven: number | undefined,
  policy: Policy,
): VerificationCode[] {
  const codes: VerificationCode[] = [];
  if (stamps.some((one) => !one.passed)) codes.push('timestamp.not-accepted');
  if (proven === undefined && policy.timestamp.value === 'demanded') codes.push('policy.timestamp-demanded');
  if (proven === undefined || signingTime === null) return codes;
  const ahead = signingTime - proven;
  if (Math.abs(ahead) <= policy.signingTimeTolerance.value) return codes;
  const slipped = Math.abs(Math.abs(ahead) - VIETNAM_OFFSET) <= HOUR;
  codes.push(slipped ? 'xml.signing-time-offset' : 'xml.signing-time-differs');
  return codes;
}
