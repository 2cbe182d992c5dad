import { isTrucError } from '../../kernel/index.ts';
import { ByteSource } from '../byte-source.ts';
import { contentOf } from '../cms/signer-check.ts';
import { brokenReport, verifyCms } from '../cms/verify-cms.ts';
import { codeMeanings, judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { fileReport } from '../file-report.ts';
import { type EmbeddedData, withProof } from '../path.ts';
import type { FileReport, SignatureReport } from '../report.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import { activeCodes } from './active.ts';
import { type SignedRange, signedRange } from './byte-range.ts';
import type { Change } from './change.ts';
import { changesOf } from './changes.ts';
import { claimedTime, timeWarnings } from './claimed-time.ts';
import type { PdfCode } from './codes.ts';
import { PdfFile } from './file.ts';
import { type FoundSignature, findSignatures } from './form.ts';
import { isName, type PdfDictionary } from './objects.ts';
import { judgeChanges, permissionsOf } from './permissions.ts';
import type { Revision } from './revisions.ts';
import { readStore } from './store.ts';

/**
 * The verdict on a PDF and all its signatures (ISO 32000-2 §12.8, EN 319 142-1, EN 319 102-1): what each signature
 * covers, what later revisions did, and what its CMS is worth. Only what a verdict needs is parsed. Never throws.
 */
export function verifyPdf(file: Uint8Array | ByteSource, ctx: VerificationContext): FileReport {
  const bytes = ByteSource.of(file);
  try {
    return new PdfJudge(bytes, ctx).report();
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return fileReport('pdf', bytes, ctx, [], [unreadable(bytes, error.code)]);
  }
}

/** A file that claims no signature and cannot be read proves nothing, so it is not called wrong. */
function unreadable(bytes: ByteSource, code: string): VerificationCode {
  const known = isCode(code) ? code : 'file.not-readable';
  if (codeMeanings[known].indication !== 'TOTAL_FAILED') return known;
  return bytes.includes('/ByteRange') ? known : 'file.not-readable';
}

function isCode(code: string): code is VerificationCode {
  return Object.hasOwn(codeMeanings, code);
}

/** A signature with its range, or with the code that says why it has none. */
interface Candidate extends FoundSignature {
  range: SignedRange | null;
  fault: PdfCode | null;
  isTimestamp: boolean;
}

/** A document timestamp and the revision that it covers; without a verdict where the file spoils it. */
interface Proof {
  revision: Revision;
  verdict: TimestampVerdict | null;
}

class PdfJudge {
  private readonly bytes: ByteSource;
  private readonly ctx: VerificationContext;
  private readonly file: PdfFile;
  private readonly changes = new Map<number, Change[]>();
  private readonly stores = new Map<number, EmbeddedData>();

  constructor(bytes: ByteSource, ctx: VerificationContext) {
    this.bytes = bytes;
    this.ctx = ctx;
    this.file = new PdfFile(bytes);
  }

  report(): FileReport {
    const { file, bytes, ctx } = this;
    if (file.revisions.some(({ trailer }) => trailer.entries.has('Encrypt'))) {
      return fileReport('pdf', bytes, ctx, [], ['pdf.encrypted']);
    }
    const candidates = findSignatures(file).map((one) => this.candidate(one));
    const codes = this.strayCodes(candidates);
    if (candidates.length === 0) return fileReport('pdf', bytes, ctx, [], codes);
    if (!file.blank(file.latest.eof, bytes.length)) codes.push('pdf.trailing-bytes');
    codes.push(...activeCodes(file, file.latest));
    const store = this.storeAt(file.latest);
    const proofs = this.timestamps(candidates, store);
    if (proofs.some(({ verdict }) => !verdict?.passed)) codes.push('timestamp.not-accepted');
    const signatures = candidates
      .filter((one) => !one.isTimestamp)
      .map((one) => this.signature(one, store, proofs));
    return fileReport('pdf', bytes, ctx, signatures, codes);
  }

  private candidate(found: FoundSignature): Candidate {
    const { dictionary } = found;
    const isTimestamp = isName(dictionary?.entries.get('SubFilter'), 'ETSI.RFC3161');
    if (!dictionary) return { ...found, range: null, fault: 'pdf.signature-missing', isTimestamp };
    const range = signedRange(this.file, dictionary);
    if (typeof range === 'string') return { ...found, range: null, fault: range, isTimestamp };
    return { ...found, range, fault: found.shared ? 'pdf.signature-shared' : null, isTimestamp };
  }

  /** Signature dictionaries that no field of the form shows: usage rights, or something that hides. */
  private strayCodes(candidates: readonly Candidate[]): VerificationCode[] {
    const { bytes, file } = this;
    const known = candidates.flatMap(({ dictionary }) => (dictionary ? [dictionary] : []));
    const permissions = file.dictionary(
      file.catalog(file.latest).dictionary.entries.get('Perms'),
      file.latest,
    );
    const rights = file.dictionary(permissions?.entries.get('UR3'), file.latest);
    const inside = (list: readonly PdfDictionary[], at: number) =>
      list.some(({ start, end }) => at >= start && at < end);
    const codes: VerificationCode[] = rights ? ['pdf.usage-rights-ignored'] : [];
    let at = bytes.indexOf('/ByteRange');
    for (let i = 0; at >= 0 && i < 1000; i++) {
      if (!inside(known, at) && !(rights && inside([rights], at)))
        return [...codes, 'pdf.signature-outside-form'];
      at = bytes.indexOf('/ByteRange', at + 1);
    }
    return at >= 0 ? [...codes, 'pdf.limit-exceeded'] : codes;
  }

  /** Document timestamps, newest first: each later one proves the time of those before it. They sign nothing. */
  private timestamps(candidates: readonly Candidate[], store: EmbeddedData): Proof[] {
    const proofs: Proof[] = [];
    const stamps = candidates.filter((one) => one.isTimestamp);
    stamps.sort((a, b) => (b.range?.revision.number ?? 0) - (a.range?.revision.number ?? 0));
    for (const one of stamps) {
      if (!one.range || judge(this.changeCodes(one)).errors.length > 0) {
        proofs.push({ revision: one.found, verdict: null });
        continue;
      }
      const { parts, contents, revision } = one.range;
      const provenAt = earliest(proofs);
      const verdict = verifyTimestamp(contents, contentOf(parts), this.ctx, {
        kind: 'document',
        embedded: store,
        ...(provenAt === undefined ? {} : { provenAt }),
      });
      proofs.push({ revision, verdict });
    }
    return proofs;
  }

  private signature(one: Candidate, store: EmbeddedData, proofs: readonly Proof[]): SignatureReport {
    const codes = [...this.changeCodes(one), ...filterCodes(one.dictionary)];
    if (!one.range || one.fault) {
      return this.placed(one, brokenReport(one.fault ?? 'pdf.signature-missing', this.ctx), codes);
    }
    const { parts, contents, revision } = one.range;
    const covering = proofs.filter((proof) => proof.revision.number > revision.number);
    const provenAt = earliest(covering);
    const reports = verifyCms(contents, { parts }, this.ctx, {
      embedded: this.provenStore(store, proofs),
      ...this.archivedBy(covering),
      zeroPadded: true,
      counterSignatures: 'told',
      ...(provenAt === undefined ? {} : { provenAt, stampedOutside: true }),
    });
    const [report = brokenReport('pdf.contents-malformed', this.ctx)] = reports;
    if (reports.length > 1) codes.push('pdf.several-signers');
    const signingTime = report.signingTime ?? claimedTime(one.dictionary);
    codes.push(...timeWarnings(signingTime, report, this.ctx.policy.signingTimeTolerance.value));
    return this.placed(
      one,
      {
        ...report,
        signingTime,
        timestamps: [...report.timestamps, ...covering.flatMap(({ verdict }) => verdict?.report ?? [])],
      },
      codes,
    );
  }

  /** The store with the times by which accepted document timestamps prove its parts. */
  private provenStore(store: EmbeddedData, proofs: readonly Proof[]): EmbeddedData {
    let data = store;
    for (const { revision, verdict } of proofs) {
      if (!verdict?.passed || verdict.time === null) continue;
      const known = withProof({ ...this.storeAt(revision), proofs: data.proofs ?? new Map() }, verdict.time);
      data = { ...data, proofs: known.proofs ?? new Map() };
    }
    return data;
  }

  /** The store as the last accepted document timestamp covers it: that timestamp's own revision is under it too. */
  private archivedBy(covering: readonly Proof[]): { archived?: EmbeddedData } {
    const accepted = covering.filter(({ verdict }) => verdict?.passed);
    const [last] = accepted.toSorted((a, b) => b.revision.number - a.revision.number);
    return last ? { archived: this.storeAt(last.revision) } : {};
  }

  private storeAt(revision: Revision): EmbeddedData {
    const known = this.stores.get(revision.number) ?? readStore(this.file, revision);
    this.stores.set(revision.number, known);
    return known;
  }

  /** The report with its place in the file and the verdict over all codes. */
  private placed(
    one: Candidate,
    report: SignatureReport,
    codes: readonly VerificationCode[],
  ): SignatureReport {
    const { range } = one;
    const whole = range?.revision === this.file.latest ? 'whole-file' : 'whole-revision';
    return {
      ...report,
      ...judge([...codes, ...report.errors, ...report.warnings]),
      id: one.field,
      revision: range?.revision.number ?? one.found.number,
      coverage: range ? whole : 'none',
      laterChanges: this.laterChanges(one).map(({ revision, kind, detail }) => ({ revision, kind, detail })),
    };
  }

  private changeCodes(one: Candidate): VerificationCode[] {
    const codes: VerificationCode[] = one.fault ? [one.fault] : [];
    if (one.removed) codes.push('pdf.signature-removed');
    if (!one.range || !one.dictionary) return codes;
    const permissions = permissionsOf(this.file, one.dictionary, one.range.revision);
    return [...codes, ...permissions.codes, ...judgeChanges(this.laterChanges(one), permissions)];
  }

  private laterChanges({ range }: Candidate): Change[] {
    if (!range) return [];
    return this.file.revisions.slice(range.revision.number).flatMap((revision) => this.changesOf(revision));
  }

  /** Changes of one revision; an update that cannot be read is a change that is not allowed. */
  private changesOf(revision: Revision): Change[] {
    const known = this.changes.get(revision.number);
    if (known) return known;
    const changes = this.readChanges(revision);
    this.changes.set(revision.number, changes);
    return changes;
  }

  private readChanges(revision: Revision): Change[] {
    try {
      return changesOf(this.file, revision);
    } catch (error) {
      if (!isTrucError(error)) throw error;
      return [{ revision: revision.number, kind: 'not-allowed', detail: `unreadable ${error.code}` }];
    }
  }
}

function earliest(proofs: readonly Proof[]): number | undefined {
  const times = proofs.flatMap(({ verdict }) =>
    verdict?.passed && verdict.time !== null ? [verdict.time] : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** ISO 32000-2 table 260; SHA-1 based formats prove nothing any more. */
function filterCodes(dictionary: PdfDictionary | null): VerificationCode[] {
  const filter = dictionary?.entries.get('SubFilter');
  if (!isName(filter)) return ['pdf.sub-filter-missing'];
  if (filter.name === 'ETSI.CAdES.detached' || filter.name === 'adbe.pkcs7.detached') return [];
  return ['adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1'].includes(filter.name)
    ? ['pdf.sub-filter-refused']
    : ['pdf.sub-filter-unsupported'];
}
