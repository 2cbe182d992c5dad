import { codeMeanings, judge, type VerificationCode } from './codes.ts';
import type { Indication, SubIndication } from './indication.ts';
import type { FileReport, SignatureReport, TimestampReport } from './report.ts';

const NAMESPACES =
  'xmlns="http://uri.etsi.org/19102/v1.4.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ' +
  'xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"';

const MAIN: Readonly<Record<Indication, string>> = {
  TOTAL_PASSED: 'urn:etsi:019102:mainindication:total-passed',
  INDETERMINATE: 'urn:etsi:019102:mainindication:indeterminate',
  TOTAL_FAILED: 'urn:etsi:019102:mainindication:total-failed',
};

/**
 * A file's report as ETSI TS 119 102-2 writes it (version 1.4.1 of its schema), UTF-8 text: one SignatureValidationReport for
 * each signature, and one without a signature where there is none. What is wrong with the file as such counts against
 * every signature in it. Our codes stand as ValidationConstraint `urn:x-truc:verdict:CODE`.
 */
export function etsiReport(report: FileReport): string {
  const reports = report.signatures.map((one, i) => signatureElement(report, one, i + 1));
  if (reports.length === 0) reports.push(emptyElement(report));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ValidationReport ${NAMESPACES}>\n${reports.join('\n')}${objects(report)}\n</ValidationReport>\n`;
}

function signatureElement(file: FileReport, one: SignatureReport, ordinal: number): string {
  const codes = [...file.errors, ...one.errors, ...file.warnings, ...one.warnings];
  return element('SignatureValidationReport', [
    `<SignatureIdentifier id="signature-${ordinal}"><HashOnly>false</HashOnly><DocHashOnly>false</DocHashOnly>${text('DAIdentifier', one.id)}</SignatureIdentifier>`,
    constraints(file, codes),
    times(file, one.bestSignatureTime),
    document(file),
    attributes(one),
    signer(one),
    element('SignatureValidationProcess', [text('SignatureValidationProcessID', processOf(one))]),
    status(codes, chain(one)),
  ]);
}

function emptyElement(file: FileReport): string {
  const codes = [...file.errors, ...file.warnings];
  const own =
    file.errors.length > 0
      ? status(codes, '')
      : element('SignatureValidationStatus', [text('MainIndication', MAIN.INDETERMINATE)]);
  return element('SignatureValidationReport', [
    constraints(file, codes),
    times(file, file.validatedAt),
    document(file),
    own,
  ]);
}

/** TS 119 102-2 §4.3.5. */
function constraints(file: FileReport, codes: readonly VerificationCode[]): string {
  const policy = `<SignatureValidationPolicy><SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></SignaturePolicyIdentifier>${text('PolicyName', file.policy)}</SignatureValidationPolicy>`;
  return element('ValidationConstraintsEvaluationReport', [policy, ...[...new Set(codes)].map(constraint)]);
}

function constraint(code: VerificationCode): string {
  const { severity, indication, subIndication } = codeMeanings[code];
  const outcome =
    severity === 'warning' ? '' : statusElement('ValidationStatus', indication, subIndication, '');
  return `<ValidationConstraint>${text('ValidationConstraintIdentifier', `urn:x-truc:verdict:${code}`)}<ConstraintStatus>${text('Status', 'urn:etsi:019102:constraintStatus:applied')}</ConstraintStatus>${outcome}</ValidationConstraint>`;
}

function times({ validatedAt }: FileReport, best: string): string {
  return element('ValidationTimeInfo', [
    text('ValidationTime', validatedAt),
    `<BestSignatureTime>${text('POETime', best)}${text('TypeOfProof', 'urn:etsi:019102:poetype:validation')}</BestSignatureTime>`,
  ]);
}

function document({ sha256 }: FileReport): string {
  return element('SignersDocument', [digest(sha256)]);
}

function digest(sha256: string): string {
  return `<DigestAlgAndValue><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${Buffer.from(sha256, 'hex').toString('base64')}</ds:DigestValue></DigestAlgAndValue>`;
}

const STAMP_ELEMENTS: Readonly<Record<TimestampReport['kind'], string>> = {
  signature: 'SignatureTimeStamp',
  document: 'DocTimeStamp',
  archive: 'ArchiveTimeStamp',
};

function attributes({ signingTime, timestamps }: SignatureReport): string {
  const stamps = timestamps.flatMap(({ kind, time }) =>
    time === null ? [] : [element(STAMP_ELEMENTS[kind], [text('TimeStampValue', time)])],
  );
  const claimed =
    signingTime === null ? [] : [`<SigningTime Signed="true">${text('Time', signingTime)}</SigningTime>`];
  const all = [...claimed, ...stamps];
  return all.length === 0 ? '' : element('SignatureAttributes', all);
}

function signer({ signer: identity }: SignatureReport): string {
  if (!identity) return '';
  return element('SignerInformation', [
    reference('SignerCertificate', identity.certificateSha256),
    text('Signer', identity.subject),
  ]);
}

/** EN 319 102-1 §5.3, §5.5, §5.6: which process the material of a signature called for. */
function processOf({ baseline, timestamps }: SignatureReport): string {
  const archived = timestamps.some(({ kind }) => kind !== 'signature');
  const name = archived || baseline === 'B-LTA' ? 'LTA' : timestamps.length > 0 ? 'LTVM' : 'Basic';
  return `urn:etsi:019102:validationprocess:${name}`;
}

function chain({ chain: certificates, signer: identity }: SignatureReport): string {
  const [leaf, ...above] = certificates.map(({ sha256 }) => sha256);
  const first = leaf ?? identity?.certificateSha256;
  if (first === undefined) return '';
  // Without a path the list holds the leaf alone, and there is no anchor to name.
  const anchor = above.pop();
  return element('AssociatedValidationReportData', [
    element('CertificateChain', [
      reference('SigningCertificate', first),
      ...above.map((one) => reference('IntermediateCertificate', one)),
      ...(anchor === undefined ? [] : [reference('TrustAnchor', anchor)]),
    ]),
  ]);
}

function status(codes: readonly VerificationCode[], data: string): string {
  const { indication, subIndication } = judge(codes);
  return statusElement('SignatureValidationStatus', indication, subIndication, data);
}

function statusElement(
  name: string,
  indication: Indication,
  subIndication: SubIndication | null,
  data: string,
): string {
  const sub =
    subIndication === null ? '' : text('SubIndication', `urn:etsi:019102:subindication:${subIndication}`);
  return element(name, [text('MainIndication', MAIN[indication]), sub, data]);
}

/** TS 119 102-2 §4.4: the certificates that the reports refer to, by digest. */
function objects({ signatures }: FileReport): string {
  const known = new Set(
    signatures.flatMap(({ signer: identity, chain: certificates }) => [
      ...(identity ? [identity.certificateSha256] : []),
      ...certificates.map(({ sha256 }) => sha256),
    ]),
  );
  if (known.size === 0) return '';
  const list = [...known].map(
    (sha256) =>
      `<ValidationObject id="certificate-${sha256}">${text('ObjectType', 'urn:etsi:019102:validationObject:certificate')}<ValidationObjectRepresentation>${digest(sha256)}</ValidationObjectRepresentation></ValidationObject>`,
  );
  return `\n${element('SignatureValidationObjects', list)}`;
}

function reference(name: string, sha256: string): string {
  return `<${name} VOReference="certificate-${sha256}"/>`;
}

function element(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** An element with text; what XML 1.0 cannot hold becomes U+FFFD (names in certificates may hold anything). */
function text(name: string, value: string): string {
  const clean = value
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 §2.2 leaves out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>\r]/g, (one) => ESCAPES[one] ?? one);
  return `<${name}>${clean}</${name}>`;
}
