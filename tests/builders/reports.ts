import type { DocumentReport, ReportedBinding } from '../../src/exchange/index.ts';
import { documentInput, filesInput, type ReportInput } from '../../src/rendering/index.ts';
import {
  type FileReport,
  type LegalReason,
  type SignatureReport,
  trustStore,
  verifyFile,
} from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from './pdf.ts';
import { testPki } from './pki.ts';

const AGENCY = { code: 'H98', name: 'Ủy ban nhân dân tỉnh Thử Nghiệm' };
const DOCUMENT_ID = '019d5a3e-0000-7000-8000-000000000001';

/** Judged reports of every kind that a reader meets, by name; made from really signed files of the test PKI. */
export async function sampleReports(): Promise<Record<ReportKind, ReportInput>> {
  const passed = verifyFile(await issuedLetter(), await pdfContext());
  return {
    passed: documentInput(submission(passed), DOCUMENT_ID),
    undecided: documentInput(submission(await undecided(), ['legal.signature-not-passed']), DOCUMENT_ID),
    failed: filesInput([{ name: 'Công văn 125 (đã sửa).pdf', report: await failed() }]),
    mismatch: documentInput(
      { ...submission(passed, ['legal.signer-not-as-declared']), declaredSigner: ANOTHER },
      DOCUMENT_ID,
    ),
    unsigned: documentInput(submission(await unsigned(), ['legal.no-signature']), DOCUMENT_ID),
    many: filesInput([{ name: 'Biên bản nhiều chữ ký.pdf', report: many(passed, 12) }]),
    several: filesInput([
      { name: 'công văn.pdf', report: passed },
      { name: 'phụ lục.pdf', report: await unsigned() },
    ]),
  };
}

export type ReportKind = 'passed' | 'undecided' | 'failed' | 'mismatch' | 'unsigned' | 'many' | 'several';

const ANOTHER = { fullName: 'Trần Thị Khác', position: 'Chủ tịch' };

/** What the axis would store for a submission with this main file. */
export function submission(main: FileReport, reasons: readonly LegalReason[] = []): DocumentReport {
  const { validatedAt, policy, indication } = main;
  const envelope: FileReport = {
    ...main,
    format: 'xml',
    indication: 'NO_SIGNATURE',
    sha256: 'e'.repeat(64),
    signatures: [],
    errors: [],
    warnings: [],
  };
  return {
    validatedAt,
    policy,
    indication,
    legalValue: reasons.length === 0 ? 'replaces_paper' : 'for_information',
    legalReasons: reasons,
    declaredSigner: { fullName: 'Nguyễn Văn Thử', position: 'Chủ tịch' },
    bindings: main.signatures.flatMap(binding),
    envelope,
    attachments: [{ name: '125_UBND-KGVX.signed.pdf', role: 'main', ...main }],
  };
}

function binding({ signer }: SignatureReport): ReportedBinding[] {
  if (!signer) return [];
  const person = signer.commonName === 'Nguyễn Văn Thử';
  return [
    {
      certificateSha256: signer.certificateSha256,
      kind: person ? 'person' : 'agency',
      title: person ? 'Chủ tịch' : null,
      agency: AGENCY,
    },
  ];
}

/** Without revocation data nobody can tell. */
async function undecided(): Promise<FileReport> {
  const { anchors, intermediates } = await testPki();
  return verifyFile(await issuedLetter(), {
    ...(await pdfContext()),
    trust: trustStore({ anchors, intermediates }),
  });
}

/** One byte of the content changed after signing. */
async function failed(): Promise<FileReport> {
  const bytes = Buffer.from(await sign((await letterPdf()).bytes));
  const place = bytes.indexOf('stream') + 60;
  bytes[place] = (bytes[place] as number) ^ 1;
  return verifyFile(bytes, await pdfContext());
}

async function unsigned(): Promise<FileReport> {
  return verifyFile((await letterPdf()).bytes, await pdfContext());
}

/** The signatures of a report over and over, each under a name of its own. */
export function many(report: FileReport, n: number): FileReport {
  const signatures = Array.from({ length: n }, (_, i) => {
    const one = report.signatures[i % report.signatures.length] as SignatureReport;
    return { ...one, id: `${one.id}-${i + 1}`, revision: i + 1 };
  });
  return { ...report, signatures };
}
