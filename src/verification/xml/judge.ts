import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { isoTime } from '../../kernel/index.ts';
import { digestAnswer, schemeAnswer } from '../algorithm-rules.ts';
import { algorithmText } from '../algorithms.ts';
import { nameText } from '../asn1/names.ts';
import { type Certificate, identityOf } from '../certificate.ts';
import { hasLongTermData } from '../cms/long-term.ts';
import { brokenReport } from '../cms/verify-cms.ts';
import { judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type EmbeddedData, judgePath, type PathVerdict } from '../path.ts';
import type { Policy } from '../policy.ts';
import type { SignatureReport } from '../report.ts';
import type { TrustStore } from '../trust-store.ts';
import { canonicalOctets } from './canonical.ts';
import { carriesUnsigned } from './coverage.ts';
import { fault } from './fault.ts';
import type { SignedFiles } from './files.ts';
import { carriesForeign } from './foreign.ts';
import { ImprintReader, type Imprints } from './imprints.ts';
import type { Work } from './limits.ts';
import { type ReferenceCheck, References } from './references.ts';
import { candidatesIn, findSigner, namedCandidates, type SignerFound } from './signer.ts';
import { judgeStamps, type Stamps, timeCodes } from './stamps.ts';
import { readSignature, type XmlSignature } from './structure.ts';
import { type Properties, readProperties } from './xades.ts';

/** A signature's report with what it covers: paths of local names from the root, and names of files outside. */
export interface XmlSignatureReport extends SignatureReport {
  covers: string[];
  /** Only of a signature that refers to files outside: those whose digests are right. */
  files?: string[];
}

/** The report on something that has the place of a signature and is none that can be read. */
export function brokenXmlReport(
  id: string,
  code: VerificationCode,
  ctx: VerificationContext,
): XmlSignatureReport {
  return { ...brokenReport(code, ctx, { id }), covers: [] };
}

/** What a signature is judged with, beside the document. */
export interface Surroundings {
  ctx: VerificationContext;
  work: Work;
  files: SignedFiles | undefined;
  /** Time at which the whole file provably existed, milliseconds. */
  provenAt: number | undefined;
  /** Names a Signature element: its Id, or its place among the signatures of the file. */
  nameOf(element: XmlElement): string;
}

/** What the document says before the parser's tree is let go: nothing of it is asked for later. */
interface Evidence {
  signature: XmlSignature;
  references: ReferenceCheck;
  properties: Properties;
  signer: SignerFound;
  imprints: Imprints;
  embedded: EmbeddedData;
  codes: VerificationCode[];
}

/**
 * Judges one Signature element by EN 319 102-1. The element is taken out of the tree where a reference asks for it.
 * @throws a fault when the element cannot be read at all
 */
export function judgeSignature(
  document: XmlDocument,
  element: XmlElement,
  around: Surroundings,
): XmlSignatureReport {
  const { ctx } = around;
  const id = around.nameOf(element);
  const evidence = collect(document, readSignature(element), around);
  const { signature, references, properties, signer } = evidence;
  const counterSigns = references.counterSigns ? around.nameOf(references.counterSigns) : null;
  const stamps = judgeStamps(evidence.imprints, ctx, evidence.embedded, around.provenAt);
  const { proven } = stamps;
  const path = signer.certificate ? pathOfSigner(signer.certificate, stamps, ctx) : null;
  const codes = [
    ...evidence.codes,
    ...policyCodes(evidence, ctx.policy, proven ?? ctx.at),
    ...bindingCodes(signer, properties, ctx.policy),
    ...stamps.codes,
    ...timeCodes(properties.signingTime, proven, ctx.policy),
    ...(path ? pathCodes(path, stamps.notBefore) : []),
  ];
  const { algorithm } = signature;
  return {
    id,
    ...(counterSigns === null ? {} : { counterSigns }),
    ...judge(codes),
    baseline: levelOf(evidence, stamps, path),
    signer: signer.certificate ? identityOf(signer.certificate) : null,
    signingTime: properties.signingTime === null ? null : isoTime(properties.signingTime),
    bestSignatureTime: isoTime(proven ?? ctx.at),
    timestamps: stamps.verdicts.map((one) => one.report),
    algorithm: algorithm ? algorithmText(algorithm, algorithm.digest, signer.key) : null,
    coverage: coverageOf(references),
    revision: 0,
    laterChanges: [],
    chain: (path?.chain ?? []).map((one) => ({ subject: nameText(one.subject), sha256: one.sha256 })),
    covers: references.covers,
    ...(references.files.length > 0 ? { files: references.files } : {}),
  };
}

function coverageOf({ coversAll, covers, files }: ReferenceCheck): SignatureReport['coverage'] {
  if (coversAll) return 'whole-file';
  return covers.length > 0 || files.length > 0 ? 'part' : 'none';
}

/** Everything that needs the tree, in an order in which nothing is looked at after it was taken out. */
function collect(document: XmlDocument, signature: XmlSignature, around: Surroundings): Evidence {
  const { ctx, work } = around;
  const references = new References(document, signature, work, around.files);
  const { targets } = references.check;
  const properties = readProperties(signature, targets);
  const candidates = candidatesIn(signature.keyInfo);
  const codes: VerificationCode[] = [...properties.codes, ...candidates.codes];
  if (carriesForeign(signature.element, targets) || carriesUnsigned(signature, targets))
    codes.push('xml.foreign-content');
  const known = candidates.certificates;
  const signer = signerOf(document, signature, known, properties, ctx.trust, work);
  const imprints = new ImprintReader(document, signature, references, work).read(properties);
  references.digestAsTheyStand();
  references.digestWithoutSignatures();
  codes.unshift(...references.check.codes, ...signer.codes);
  const { values } = properties;
  const others = [...known, ...values.certificates].filter((one) => one !== signer.certificate);
  const embedded = { ...values, certificates: [...new Set(others)] };
  return { signature, references: references.check, properties, signer, imprints, embedded, codes };
}

function signerOf(
  document: XmlDocument,
  signature: XmlSignature,
  inKeyInfo: readonly Certificate[],
  properties: Properties,
  trust: TrustStore,
  work: Work,
): SignerFound {
  const unknown = { certificate: null, key: null, bound: false };
  const { algorithm, algorithmCode, canonicalization } = signature;
  if (!canonicalization) return { ...unknown, codes: ['xml.canonicalization-unsupported'] };
  if (!algorithm) return { ...unknown, codes: [algorithmCode ?? 'xml.algorithm-unsupported'] };
  // The policy's refusal is told with those of the other digests.
  if (algorithm.digest === 'md5') return { ...unknown, codes: [] };
  if (!work.part()) throw fault('xml.limit-exceeded', 'work');
  const octets = canonicalOctets(document, [signature.signedInfo], canonicalization);
  const candidates = inKeyInfo.length > 0 ? inKeyInfo : namedCandidates(properties, trust);
  return findSigner(candidates, properties, algorithm, octets, signature.value);
}

function pathOfSigner(
  certificate: Certificate,
  { embedded, proven }: Stamps,
  ctx: VerificationContext,
): PathVerdict {
  return judgePath(certificate, ctx, {
    purpose: 'signing',
    embedded,
    ...(proven === undefined ? {} : { provenAt: proven }),
  });
}

/** Levels of EN 319 132-1 §6: the one reached, not the one claimed. */
function levelOf(
  { signer, embedded }: Evidence,
  stamps: Stamps,
  path: PathVerdict | null,
): SignatureReport['baseline'] {
  if (!signer.bound) return null;
  if (!stamps.stamped) return 'B-B';
  if (!path || !hasLongTermData(path.chain, embedded)) return 'B-T';
  return stamps.archived ? 'B-LTA' : 'B-LT';
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

/** EN 319 102-1 §5.3.4, §5.5.4: with a content time-stamp after the end of the certificate the case is decided. */
function pathCodes(path: PathVerdict, notBefore: number | undefined): VerificationCode[] {
  const codes = [...path.errors, ...path.warnings];
  const leaf = path.chain[0];
  if (notBefore === undefined || !leaf) return codes;
  if (path.leafStatus?.state === 'revoked' && path.leafStatus.at <= notBefore)
    codes.push('revocation.revoked-when-signed');
  if (notBefore > leaf.notAfter) codes.push('path.expired-when-signed');
  return codes;
}
