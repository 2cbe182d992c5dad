import { type CodeMeaning, failed, undecided, warning } from '../indication.ts';

/** Codes of PDF signatures: what is wrong with ranges, fields, revisions and later changes. */
export const pdfCodes = {
  // The file as such.
  'pdf.not-a-pdf': failed('FORMAT_FAILURE'),
  'pdf.syntax': failed('FORMAT_FAILURE'),
  'pdf.xref-malformed': failed('FORMAT_FAILURE'),
  'pdf.object-malformed': failed('FORMAT_FAILURE'),
  'pdf.trailing-bytes': failed('FORMAT_FAILURE'),
  'pdf.encrypted': undecided('POLICY_PROCESSING_ERROR'),
  'pdf.limit-exceeded': undecided('POLICY_PROCESSING_ERROR'),
  'pdf.filter-unsupported': undecided('POLICY_PROCESSING_ERROR'),
  'pdf.signature-outside-form': undecided('SIG_CONSTRAINTS_FAILURE'),
  'pdf.usage-rights-ignored': warning,
  'pdf.active-content': warning,
  'pdf.external-content': warning,
  'pdf.content-unreadable': warning,
  // The signature dictionary.
  'pdf.signature-missing': failed('FORMAT_FAILURE'),
  'pdf.duplicate-key': failed('FORMAT_FAILURE'),
  'pdf.byte-range-missing': failed('FORMAT_FAILURE'),
  'pdf.byte-range-malformed': failed('FORMAT_FAILURE'),
  'pdf.byte-range-not-from-start': failed('FORMAT_FAILURE'),
  'pdf.byte-range-gap': failed('FORMAT_FAILURE'),
  'pdf.byte-range-end': failed('FORMAT_FAILURE'),
  'pdf.contents-missing': failed('FORMAT_FAILURE'),
  'pdf.contents-malformed': failed('FORMAT_FAILURE'),
  'pdf.contents-padding': failed('FORMAT_FAILURE'),
  'pdf.several-signers': failed('FORMAT_FAILURE'),
  'pdf.sub-filter-missing': undecided('SIG_CONSTRAINTS_FAILURE'),
  'pdf.sub-filter-unsupported': undecided('SIG_CONSTRAINTS_FAILURE'),
  'pdf.sub-filter-refused': undecided('SIG_CONSTRAINTS_FAILURE'),
  'pdf.signature-shared': failed('FORMAT_FAILURE'),
  'pdf.transform-unsupported': undecided('SIG_CONSTRAINTS_FAILURE'),
  // What later revisions did.
  'pdf.changed-after-signing': failed('FORMAT_FAILURE'),
  'pdf.signature-removed': failed('FORMAT_FAILURE'),
  'pdf.docmdp-violated': failed('FORMAT_FAILURE'),
  'pdf.fieldmdp-violated': failed('FORMAT_FAILURE'),
  'pdf.metadata-changed': warning,
  'pdf.unreferenced-content': failed('FORMAT_FAILURE'),
} as const satisfies Record<string, CodeMeaning>;

export type PdfCode = keyof typeof pdfCodes;
