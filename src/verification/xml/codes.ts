import { type CodeMeaning, failed, undecided, warning } from '../indication.ts';

/** Codes of XML signatures: what is wrong with references, transforms, canonical form and wrapping. */
export const xmlCodes = {
  // The file as such.
  'xml.not-well-formed': undecided('SIGNED_DATA_NOT_FOUND'),
  'xml.encoding': undecided('POLICY_PROCESSING_ERROR'),
  'xml.dtd-forbidden': undecided('POLICY_PROCESSING_ERROR'),
  'xml.processing-instruction-forbidden': undecided('POLICY_PROCESSING_ERROR'),
  'xml.limit-exceeded': undecided('POLICY_PROCESSING_ERROR'),
  // The Signature element.
  'xml.signature-namespace': undecided('SIG_CONSTRAINTS_FAILURE'),
  'xml.malformed': failed('FORMAT_FAILURE'),
  'xml.value-not-plain-text': failed('FORMAT_FAILURE'),
  'xml.value-not-base64': failed('FORMAT_FAILURE'),
  'xml.foreign-content': undecided('SIG_CONSTRAINTS_FAILURE'),
  'xml.algorithm-unsupported': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'xml.canonicalization-unsupported': undecided('POLICY_PROCESSING_ERROR'),
  'xml.canonicalization-failed': undecided('POLICY_PROCESSING_ERROR'),
  'xml.signature-wrong': failed('SIG_CRYPTO_FAILURE'),
  'xml.certificate-not-found': undecided('NO_SIGNING_CERTIFICATE_FOUND'),
  'xml.certificate-unreadable': warning,
  // References.
  'xml.reference-external': undecided('SIGNED_DATA_NOT_FOUND'),
  'xml.reference-unsupported': undecided('SIGNED_DATA_NOT_FOUND'),
  'xml.reference-not-found': undecided('SIGNED_DATA_NOT_FOUND'),
  'xml.id-duplicate': failed('FORMAT_FAILURE'),
  'xml.digest-mismatch': failed('HASH_FAILURE'),
  'xml.transform-unsupported': undecided('POLICY_PROCESSING_ERROR'),
  'xml.transform-refused': undecided('POLICY_PROCESSING_ERROR'),
  'xml.covers-part-only': undecided('SIG_CONSTRAINTS_FAILURE'),
  // XAdES properties.
  'xml.properties-malformed': failed('FORMAT_FAILURE'),
  'xml.properties-not-signed': undecided('SIG_CONSTRAINTS_FAILURE'),
  'xml.object-reference-wrong': undecided('SIG_CONSTRAINTS_FAILURE'),
  'xml.property-ignored': warning,
  'xml.validation-data-unreadable': warning,
  'xml.signing-certificate-mismatch': failed('FORMAT_FAILURE'),
  'xml.signing-certificate-missing': warning,
  'xml.signing-certificate-sha1': warning,
  'xml.signing-time-differs': warning,
  'xml.signing-time-offset': warning,
} as const satisfies Record<string, CodeMeaning>;

export type XmlCode = keyof typeof xmlCodes;
