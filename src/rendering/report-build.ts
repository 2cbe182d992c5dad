import { sha256Hex } from '../kernel/index.ts';
import {
  type Language,
  LEGAL_REASONS,
  REPORT_ADVICE,
  REPORT_MEANINGS,
  REPORT_VERDICTS,
  VERDICTS,
} from '../messages/index.ts';
import type { FileReport, SignatureReport } from '../verification/index.ts';
import { shownTime } from './report-times.ts';
import {
  type FileView,
  type LawView,
  type ReportedFile,
  type ReportInput,
  type ReportView,
  type SignatureView,
  say,
  TONES,
  word,
} from './report-view.ts';
import { type Known, lettersNote, listed, pointsOf } from './signature-points.ts';
import { fileFacts, signatureFacts } from './technical-facts.ts';
import { bounded } from './text.ts';

/** More signatures than people read; a hostile file may hold thousands. The verdict counts them all. */
const MOST_SIGNATURES = 100;

/** A report in one language, ready to be set as a page or a PDF. The same input always gives the same view. */
export function reportView(input: ReportInput, lang: Language): ReportView {
  let left = MOST_SIGNATURES;
  const files = input.files.map((file) => {
    const shown = file.report.signatures.slice(0, left);
    left -= shown.length;
    return fileView(file, shown, knownOf(file, input), lang);
  });
  const all = input.files.reduce((sum, { report }) => sum + report.signatures.length, 0);
  const hidden = all - (MOST_SIGNATURES - left);
  return {
    lang,
    title: word('title', lang),
    checked: say('checkedAt', lang, {
      time: shownTime(input.validatedAt, lang),
      policy: bounded(input.policy, 100),
    }),
    documentId: input.law?.documentId ?? null,
    paper: input.law?.paper ?? null,
    tone: TONES[input.indication],
    verdict: REPORT_VERDICTS[input.indication][lang],
    meaning: meaning(input, lang),
    law: lawView(input, lang),
    files,
    more: hidden > 0 ? say('more', lang, { n: hidden }) : null,
    digest: digestLine(input, lang),
  };
}

function knownOf({ role }: ReportedFile, { law }: ReportInput): Known {
  const attached = role === 'main' || role === 'annex';
  return {
    bindings: attached ? (law?.bindings ?? null) : null,
    anotherDeclared: role === 'main' && (law?.reasons.includes('legal.signer-not-as-declared') ?? false),
  };
}

/** One file has one meaning; of several the reader wants to know how many stand how. */
function meaning({ files, indication, law }: ReportInput, lang: Language): string {
  if (law !== null || files.length === 1) return REPORT_MEANINGS[indication][lang];
  return `${counted(
    files.map(({ report }) => report.indication),
    lang,
  )}.`;
}

/** How many stand how: "Hợp lệ: 2 · Không hợp lệ: 1". */
function counted(indications: readonly FileReport['indication'][], lang: Language): string {
  const counts = new Map<string, number>();
  for (const one of indications) {
    const verdict = REPORT_VERDICTS[one][lang];
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts].map(([verdict, n]) => `${verdict}: ${n}`).join(' · ');
}

function lawView({ law, validatedAt }: ReportInput, lang: Language): LawView {
  if (!law)
    return {
      tone: 'none',
      verdict: word('lawNotJudged', lang),
      why: word('lawNotJudgedWhy', lang),
      reasons: [],
      declared: null,
      notes: [],
    };
  const { replacesPaper, reasons, declared } = law;
  return {
    tone: replacesPaper ? 'good' : 'open',
    verdict: word(replacesPaper ? 'replacesPaper' : 'forInformation', lang),
    why: replacesPaper
      ? say('replacesPaperWhy', lang, { time: shownTime(validatedAt, lang) })
      : `${word('forInformationWhy', lang)}:`,
    reasons: reasons.map((reason) => `${LEGAL_REASONS[reason][lang]}.`),
    declared:
      declared &&
      [declared.fullName, declared.position]
        .filter(Boolean)
        .map((one) => bounded(one))
        .join(', '),
    notes: lettersNote(declared?.fullName ?? null, lang),
  };
}

function fileView(
  { name, role, report }: ReportedFile,
  signatures: readonly SignatureReport[],
  known: Known,
  lang: Language,
): FileView {
  const optional = role === 'envelope' && report.indication === 'NO_SIGNATURE';
  const unsigned = (report.unsignedFiles ?? []).map((one) => bounded(one, 120));
  return {
    role: word(role, lang),
    name: role === 'envelope' ? '' : bounded(name || word('unnamed', lang)),
    tone: TONES[report.indication],
    verdict: REPORT_VERDICTS[report.indication][lang],
    meaning: optional ? word('envelopeUnsigned', lang) : fileMeaning(report, lang),
    notes: [
      ...[...report.errors, ...report.warnings].map((code) => `${VERDICTS[code][lang]}.`),
      ...(unsigned.length > 0 ? [say('unsigned', lang, { names: listed(unsigned, lang, '; ') })] : []),
    ],
    signatures: signatures.map((one, i) => signatureView(one, i + 1, known, lang)),
    technical: fileFacts(report, lang),
  };
}

/** The verdict stands beside it; how many signatures it is about does not. */
function fileMeaning({ signatures, indication }: FileReport, lang: Language): string {
  const n = signatures.length;
  if (n === 0) return REPORT_MEANINGS[indication][lang];
  if (n === 1) return `${word('oneSignature', lang)}.`;
  const verdicts = counted(
    signatures.map((one) => one.indication),
    lang,
  );
  return `${say('signatures', lang, { n })}. ${verdicts}.`;
}

function signatureView(one: SignatureReport, n: number, known: Known, lang: Language): SignatureView {
  const { counterSigns, subIndication } = one;
  return {
    title: say(counterSigns === undefined ? 'signature' : 'counterSignature', lang, { n }),
    tone: TONES[one.indication],
    verdict: REPORT_VERDICTS[one.indication][lang],
    about: counterSigns === undefined ? null : say('confirms', lang, { id: bounded(counterSigns, 120) }),
    points: pointsOf(one, known, lang),
    advice: subIndication === null ? null : REPORT_ADVICE[subIndication][lang],
    technical: signatureFacts(one, lang),
  };
}

/** A submission is named by its main file, one file by itself, several by the digest of their digests, in order, one a line. */
function digestLine({ files }: ReportInput, lang: Language): string {
  const main = files.find(({ role }) => role === 'main') ?? (files.length === 1 ? files[0] : undefined);
  if (main) return say('digests', lang, { sha256: main.report.sha256 });
  const list = files.map(({ report }) => report.sha256).join('\n');
  return say('digestOfAll', lang, { sha256: sha256Hex(list) });
}
