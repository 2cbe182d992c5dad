import type { LegalValue } from '../document/index.ts';
import { nameKey } from '../kernel/index.ts';
import type { FileReport, SignatureReport } from './report.ts';

/** Whom the registry knows a signing certificate to belong to. */
export interface Binding {
  kind: 'person' | 'agency';
  agencyId: string;
  title: string | null;
}

/** The signer as the envelope names him (edXML SignerInfo). */
export interface DeclaredSigner {
  fullName: string;
  /** "Chủ tịch"; empty when the envelope tells none. */
  position: string;
}

export interface LegalValueInput {
  /** Verdict on the main attachment; null when there is none. */
  report: FileReport | null;
  /** The sending agency, id in the registry. */
  senderId: string;
  /** Kind of document as its sender writes it, "Công văn", "Sao y". */
  typeName: string;
  declared: DeclaredSigner;
  /** The binding of a certificate (SHA-256, lower-case hexadecimal) at the time of the signature. */
  bindingOf(certificateSha256: string): Binding | null;
}

/** Closed list of why a document does not replace paper. */
export const legalReasons = [
  'legal.no-attachment',
  'legal.no-signature',
  'legal.signature-not-passed',
  'legal.signer-unknown',
  'legal.signer-of-another-agency',
  'legal.personal-signature-missing',
  'legal.agency-signature-missing',
  'legal.order',
  'legal.signer-not-as-declared',
  'legal.position-not-as-declared',
] as const;

export type LegalReason = (typeof legalReasons)[number];

export interface LegalVerdict {
  value: LegalValue;
  /** Empty when the document replaces paper. */
  reasons: LegalReason[];
}

/**
 * Whether the technical conditions of QĐ 28/2018/QĐ-TTg art. 4 and NĐ 30/2020 art. 5.1, 13.7, 18 are met: signed by
 * the competent person and then by the agency, all signatures passed, certificates bound to the sender in the registry.
 * The envelope's SignerInfo names the person who signed (NĐ 30/2020 appendix VI part II: Position, FullName).
 * Copies (NĐ 30/2020 art. 25–27) need the agency's signature only. The receiver decides; this is what can be computed.
 */
export function legalValue(input: LegalValueInput): LegalVerdict {
  const reasons = reasonsOf(input);
  return { value: reasons.length === 0 ? 'replaces_paper' : 'for_information', reasons };
}

function reasonsOf(input: LegalValueInput): LegalReason[] {
  const { report } = input;
  if (!report) return ['legal.no-attachment'];
  if (report.indication === 'NO_SIGNATURE') return ['legal.no-signature'];
  if (report.indication !== 'TOTAL_PASSED') return ['legal.signature-not-passed'];
  // A counter-signature confirms somebody's signature; it signs no document.
  const signing = report.signatures.filter(({ counterSigns }) => counterSigns === undefined);
  const bound = signing.map((signature) => ({ signature, binding: bindingOf(signature, input) }));
  const reasons: LegalReason[] = [];
  if (bound.some(({ binding }) => !binding)) reasons.push('legal.signer-unknown');
  if (bound.some(({ binding }) => binding && binding.agencyId !== input.senderId))
    reasons.push('legal.signer-of-another-agency');
  const ours = bound.filter(({ binding }) => binding?.agencyId === input.senderId);
  const officials = ours.filter(({ binding }) => binding?.kind === 'person');
  const persons = officials.map(({ signature }) => signature);
  const seals = ours.filter(({ binding }) => binding?.kind === 'agency').map(({ signature }) => signature);
  if (seals.length === 0) reasons.push('legal.agency-signature-missing');
  if (isCopy(input.typeName)) return reasons;
  if (persons.length === 0) reasons.push('legal.personal-signature-missing');
  if (persons.length > 0 && seals.length > 0 && !isInOrder(persons, seals)) reasons.push('legal.order');
  if (officials.length > 0) reasons.push(...declaredReasons(officials, input.declared));
  return reasons;
}

/**
 * Others may sign beside the signer that the envelope names; he must be among them. The name is the certificate's common
 * name, the post is the registry's: certificates outlive posts (NĐ 68/2024 art. 17).
 */
function declaredReasons(
  officials: readonly { signature: SignatureReport; binding: Binding | null }[],
  { fullName, position }: DeclaredSigner,
): LegalReason[] {
  const named = officials.filter(({ signature }) => isNamed(signature.signer?.commonName ?? '', fullName));
  if (named.length === 0) return ['legal.signer-not-as-declared'];
  const titles = named.flatMap(({ binding }) => (binding?.title ? [binding.title] : []));
  const told = position.trim() !== '' && titles.length > 0;
  return told && !titles.some((title) => isPost(title, position)) ? ['legal.position-not-as-declared'] : [];
}

function isNamed(commonName: string, fullName: string): boolean {
  const key = nameKey(fullName);
  return key !== '' && key === nameKey(commonName);
}

/** Either may go on with the unit: "Chủ tịch" and "Chủ tịch UBND tỉnh", but not "Phó Chủ tịch". */
function isPost(title: string, position: string): boolean {
  const [one, other] = [`${nameKey(title)} `, `${nameKey(position)} `];
  return one.startsWith(other) || other.startsWith(one);
}

function bindingOf(signature: SignatureReport, input: LegalValueInput): Binding | null {
  return signature.signer ? input.bindingOf(signature.signer.certificateSha256) : null;
}

/** NĐ 30/2020 art. 3.10–3.12: sao y, sao lục, trích sao. */
function isCopy(typeName: string): boolean {
  return /^(bản )?(sao y|sao lục|trích sao)(\s|$|\()/.test(typeName.normalize('NFC').toLowerCase().trim());
}

/**
 * Every person signed before the first seal: by revision of the file, and no proven time says otherwise.
 * The claimed signing time proves nothing and is not looked at.
 */
function isInOrder(persons: readonly SignatureReport[], seals: readonly SignatureReport[]): boolean {
  return persons.every((person) =>
    seals.every((seal) => person.revision < seal.revision && !isProvenLater(person, seal)),
  );
}

function isProvenLater(person: SignatureReport, seal: SignatureReport): boolean {
  const [first, second] = [provenTime(person), provenTime(seal)];
  return first !== null && second !== null && first > second;
}

function provenTime({ timestamps }: SignatureReport): number | null {
  const times = timestamps.flatMap((one) =>
    one.indication === 'TOTAL_PASSED' && one.time !== null ? [Date.parse(one.time)] : [],
  );
  return times.length > 0 ? Math.min(...times) : null;
}
