import type { DocumentReport, ReportedBinding } from '../exchange/index.ts';
import { fill, type Language, REPORT_WORDS } from '../messages/index.ts';
import type { FileReport, LegalReason } from '../verification/index.ts';

/** How a thing stands, for colour and sign; the words say it too. */
export type Tone = 'good' | 'open' | 'bad' | 'none';

/** A line of the technical part. */
export interface Fact {
  label: string;
  value: string;
}

/** One of the questions about a signature, with its answer. */
export interface Point {
  question: string;
  tone: Tone;
  answer: string;
  /** Further sentences, each of its own. */
  more: string[];
  /** Warnings that belong here; they change nothing. */
  notes: string[];
}

export interface SignatureView {
  title: string;
  tone: Tone;
  verdict: string;
  /** Of a counter-signature: what it confirms. */
  about: string | null;
  points: Point[];
  advice: string | null;
  technical: Fact[];
}

export interface FileView {
  role: string;
  name: string;
  tone: Tone;
  verdict: string;
  meaning: string;
  /** Faults and remarks about the file as such. */
  notes: string[];
  signatures: SignatureView[];
  technical: Fact[];
}

export interface LawView {
  tone: Tone;
  verdict: string;
  why: string;
  reasons: string[];
  declared: string | null;
  /** Letters of the declared name that make it look like another. */
  notes: string[];
}

/** By which anybody checks a paper copy, and where. */
export interface PaperCode {
  code: string;
  url: string;
}

/** A report as it is read, in one language: what the page and the PDF both show. */
export interface ReportView {
  lang: Language;
  title: string;
  checked: string;
  documentId: string | null;
  paper: PaperCode | null;
  tone: Tone;
  verdict: string;
  meaning: string;
  law: LawView;
  files: FileView[];
  /** Signatures that are not shown, when there are very many. */
  more: string | null;
  /** Names the judged bytes, for the foot of every page. */
  digest: string;
}

export interface ReportedFile {
  /** As the reader knows the file; null when it has no name. */
  name: string | null;
  role: 'main' | 'annex' | 'envelope' | 'file';
  report: FileReport;
}

/** What a report is made from: the files of a submission with what the law makes of them, or files alone. */
export interface ReportInput {
  files: readonly ReportedFile[];
  validatedAt: string;
  policy: string;
  indication: FileReport['indication'];
  law: {
    documentId: string | null;
    replacesPaper: boolean;
    reasons: readonly LegalReason[];
    declared: { fullName: string; position: string } | null;
    /** Null in reports made before they were told. */
    bindings: readonly ReportedBinding[] | null;
    /** Null where the reader has none to give on. */
    paper: PaperCode | null;
  } | null;
}

/** The report of a submission, as stored. */
export function documentInput(
  report: DocumentReport,
  documentId: string | null,
  paper: PaperCode | null = null,
): ReportInput {
  const attachments = report.attachments.map((one) => ({ name: one.name, role: one.role, report: one }));
  return {
    files: [...attachments, { name: null, role: 'envelope', report: report.envelope }],
    validatedAt: report.validatedAt,
    policy: report.policy,
    indication: report.indication as FileReport['indication'],
    law: {
      documentId,
      replacesPaper: report.legalValue === 'replaces_paper',
      reasons: report.legalReasons as readonly LegalReason[],
      declared: report.declaredSigner ?? null,
      bindings: report.bindings ?? null,
      paper,
    },
  };
}

const FROM_BEST = ['TOTAL_PASSED', 'NO_SIGNATURE', 'INDETERMINATE', 'TOTAL_FAILED'] as const;

/** Files judged alone, each with the name that its reader knows it by; there is at least one. */
export function filesInput(files: readonly [NamedReport, ...NamedReport[]]): ReportInput {
  const [{ report }] = files;
  const worst = Math.max(...files.map((one) => FROM_BEST.indexOf(one.report.indication)));
  return {
    files: files.map((one) => ({ ...one, role: 'file' })),
    validatedAt: report.validatedAt,
    policy: report.policy,
    indication: FROM_BEST[worst] ?? report.indication,
    law: null,
  };
}

export interface NamedReport {
  name: string | null;
  report: FileReport;
}

type Word = keyof typeof REPORT_WORDS;

/** A sentence of the report with its facts. */
export function say(name: Word, lang: Language, facts: Readonly<Record<string, string | number>>): string {
  return fill(REPORT_WORDS[name][lang], facts);
}

export function word(name: Word, lang: Language): string {
  return REPORT_WORDS[name][lang];
}

export const TONES: Readonly<Record<FileReport['indication'], Tone>> = {
  TOTAL_PASSED: 'good',
  INDETERMINATE: 'open',
  TOTAL_FAILED: 'bad',
  NO_SIGNATURE: 'none',
};
