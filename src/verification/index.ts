export { type ByteReader, ByteSource } from './byte-source.ts';
export { type Certificate, identityOf, readCertificate } from './certificate.ts';
export { readCertificateFile } from './certificate-file.ts';
export { codeMeanings, type VerificationCode } from './codes.ts';
export type { RevocationMode, VerificationContext } from './context.ts';
export type { VerificationErrorCode } from './errors.ts';
export { etsiReport } from './etsi-report.ts';
export type { Indication, SubIndication } from './indication.ts';
export { mayChangeLater } from './later-data.ts';
export {
  type Binding,
  type DeclaredSigner,
  type LegalReason,
  type LegalValueInput,
  type LegalVerdict,
  legalReasons,
  legalValue,
} from './legal-value.ts';
export { judgePath, type PathVerdict } from './path.ts';
export * from './pdf/index.ts';
export { type Policy, type PolicyName, policyFromFile, policyNamed, policyNames } from './policy.ts';
export { protectedUntil } from './protected-until.ts';
export type {
  FileFormat,
  FileReport,
  LaterChange,
  SignatureReport,
  SignerIdentity,
  TimestampReport,
} from './report.ts';
export { type SecondOpinion, secondOpinion } from './second-opinion.ts';
export { timestampFault } from './timestamp-fault.ts';
export { type TrustInput, type TrustStore, trustStore } from './trust-store.ts';
export { policyOfList, readTrustedList, type TrustedList } from './trusted-list.ts';
export * from './upkeep/checks.ts';
export type * from './upkeep/fetching.ts';
export * from './upkeep/held-answers.ts';
export * from './upkeep/refresh.ts';
export type * from './upkeep/revocation-shelf.ts';
export * from './upkeep/sightings.ts';
export { crlSource, sourcesOfTrust } from './upkeep/sources.ts';
export { type ValidationMaterial, validationMaterial } from './validation-material.ts';
export { verifyFile } from './verify.ts';
export { type NextStamps, nextStamps } from './xml/index.ts';
