import { type Agency, type CertificateBinding, officialPseudonym } from '../agency/index.ts';
import type { DocumentRecord, LegalValue, OfficialSignature } from '../document/index.ts';
import { type Contents, readAgain, type Submission } from '../intake/index.ts';
import { isoTime, TrucError } from '../kernel/index.ts';
import {
  type Binding,
  type DeclaredSigner,
  type FileReport,
  legalValue,
  type VerificationContext,
  verifyFile,
} from '../verification/index.ts';
import type { Stations } from './stations.ts';

/** The verdict on a whole submission. */
export interface DocumentReport {
  validatedAt: string;
  policy: string;
  /** Verdict on the main attachment; NO_SIGNATURE when there is none. */
  indication: string;
  legalValue: LegalValue;
  /** Codes that say why it is only for information; empty when it replaces paper. */
  legalReasons: readonly string[];
  /** The signer as the envelope names him. Reports made before this was compared have none. */
  declaredSigner?: DeclaredSigner;
  /** Whom the registry knew the certificates on the attachments to belong to when they signed, those of the main one first. */
  bindings?: ReportedBinding[];
  /** The envelope's own XML signature; hubs rewrite envelopes, so it never refuses. */
  envelope: FileReport;
  attachments: (FileReport & { name: string; role: 'main' | 'annex' })[];
}

export interface ReportedBinding {
  certificateSha256: string;
  kind: 'person' | 'agency';
  /** Title of the official, null for a seal. */
  title: string | null;
  agency: { code: string; name: string };
}

export interface Judged {
  indication: string;
  legalValue: LegalValue;
  /** Exact JSON text of the {@link DocumentReport}. */
  report: string;
  /** Whose signatures on the main attachment passed, under the names that the ledger has for them. */
  officials: OfficialSignature[];
  /** A recipient wants undecidable documents held, and this is one. */
  hold: boolean;
}

/**
 * Judges every attachment and the envelope from local data only.
 * @throws TrucError `intake.signature-failed` with the report when the main file's signature failed (or any, by policy)
 */
export async function judge(submission: Submission, x: Stations): Promise<Judged> {
  const context = x.verification();
  const { report, officials } = await judgeContents(submission, submission.sender, context, x);
  const text = JSON.stringify(report);
  const failed = report.attachments.filter(
    (one) => one.indication === 'TOTAL_FAILED' && (one.role === 'main' || x.refuseOn === 'any'),
  );
  if (failed.length > 0) {
    throw new TrucError('intake.signature-failed', {
      files: failed.map((one) => one.name),
      report: [report],
      reportText: text,
    });
  }
  const hold =
    report.indication === 'INDETERMINATE' && submission.recipients.some((agency) => agency.holdIndeterminate);
  return { indication: report.indication, legalValue: report.legalValue, report: text, officials, hold };
}

/** Judges an accepted document by what is known now. The bytes and the sender are those of its first day. */
export async function judgeAgain(record: DocumentRecord, x: Stations): Promise<DocumentReport> {
  if (record.original === null) throw new TrucError('document.destroyed', { documentId: record.documentId });
  const contents = readAgain(await x.blobs.read(record.original), x.limits);
  const { report } = await judgeContents(contents, { id: record.key.senderId }, x.verification(), x);
  return report;
}

async function judgeContents(
  contents: Contents,
  sender: Agency | Pick<Agency, 'id'>,
  context: VerificationContext,
  x: Stations,
): Promise<{ report: DocumentReport; officials: OfficialSignature[] }> {
  const attachments = contents.attachments.map((file) => ({
    name: file.name,
    role: file.role,
    ...verifyFile(file.bytes, { ...context, sha256: file.sha256 }),
  }));
  const envelope = contents.document.hasSignature
    ? verifyFile(contents.bytes, { ...context, sha256: contents.sha256 })
    : unsignedEnvelope(contents, context);
  const main = attachments.find((one) => one.role === 'main') ?? null;
  const bindings = await bindingsOf([...(main ? [main] : []), ...attachments], x);
  const declared = declaredSigner(contents);
  const legal = legalValue({
    report: main,
    senderId: sender.id,
    typeName: contents.summary.typeName,
    declared,
    bindingOf: (sha256) => bindings.get(sha256) ?? null,
  });
  const report: DocumentReport = {
    validatedAt: isoTime(context.at),
    policy: context.policy.name,
    indication: main?.indication ?? 'NO_SIGNATURE',
    legalValue: legal.value,
    legalReasons: legal.reasons,
    declaredSigner: declared,
    bindings: await reported(bindings, 'code' in sender ? [sender] : [], x),
    envelope,
    attachments,
  };
  return { report, officials: officialsOf(main, bindings, report.bindings ?? [], isoTime(context.at)) };
}

/** Officials of this installation, each once, whose own signatures on the main attachment passed. */
function officialsOf(
  main: FileReport | null,
  bindings: ReadonlyMap<string, HeldBinding>,
  named: readonly ReportedBinding[],
  at: string,
): OfficialSignature[] {
  const found = new Map<string, OfficialSignature>();
  for (const { indication, signer } of main?.signatures ?? []) {
    const sha256 = signer?.certificateSha256 ?? '';
    const held = bindings.get(sha256);
    const agency = named.find((one) => one.certificateSha256 === sha256)?.agency.code;
    if (indication !== 'TOTAL_PASSED' || held?.personId === undefined || agency === undefined) continue;
    const official = officialPseudonym(held.personId, held.agencyId, at);
    found.set(official, { agency, official });
  }
  return [...found.values()];
}

type HeldBinding = Binding & Pick<CertificateBinding, 'personId'>;

function declaredSigner({ document }: Contents): DeclaredSigner {
  const { fullName, position } = document.signerInfo;
  return { fullName, position };
}

/** What the registry knows of the certificates that signed files, by their SHA-256; the first signature of each counts. */
async function bindingsOf(files: readonly FileReport[], x: Stations): Promise<Map<string, HeldBinding>> {
  const bindings = new Map<string, HeldBinding>();
  for (const signature of files.flatMap(({ signatures }) => signatures)) {
    const sha256 = signature.signer?.certificateSha256;
    if (sha256 === undefined || bindings.has(sha256)) continue;
    const at = Date.parse(signature.bestSignatureTime);
    const held = (await x.bindings.of(sha256)).find(
      (one) => Date.parse(one.validFrom) <= at && (one.validTo === null || Date.parse(one.validTo) > at),
    );
    if (!held) continue;
    const { kind, agencyId, title, personId } = held;
    bindings.set(sha256, { kind, agencyId, title, ...(personId === undefined ? {} : { personId }) });
  }
  return bindings;
}

/** Asks the registry for each agency once, and for none that the caller has at hand: nearly always the sender. */
async function reported(
  bindings: ReadonlyMap<string, Binding>,
  atHand: readonly Agency[],
  x: Stations,
): Promise<ReportedBinding[]> {
  const known = new Map<string, Agency | null>(atHand.map((agency) => [agency.id, agency]));
  const list: ReportedBinding[] = [];
  for (const [certificateSha256, { kind, title, agencyId }] of bindings) {
    if (!known.has(agencyId)) known.set(agencyId, await x.agencies.get(agencyId));
    const agency = known.get(agencyId);
    if (agency)
      list.push({ certificateSha256, kind, title, agency: { code: agency.code, name: agency.name } });
  }
  return list;
}

/** An envelope without a Signature element needs no second look at its bytes. */
function unsignedEnvelope(contents: Contents, context: VerificationContext): FileReport {
  return {
    format: 'xml',
    indication: 'NO_SIGNATURE',
    sha256: contents.sha256,
    size: contents.size,
    validatedAt: isoTime(context.at),
    policy: context.policy.name,
    signatures: [],
    errors: [],
    warnings: [],
  };
}
