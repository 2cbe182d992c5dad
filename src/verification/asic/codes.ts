import { type CodeMeaning, failed, undecided, warning } from '../indication.ts';

/** Codes of signed containers (ETSI EN 319 162-1): the ZIP, its form, its manifests, and what is signed of it. */
export const asicCodes = {
  // The ZIP as such: two readers must not find two different sets of files in it.
  'asic.zip-malformed': failed('FORMAT_FAILURE'),
  'asic.zip-trailing-data': failed('FORMAT_FAILURE'),
  'asic.zip-hidden-data': failed('FORMAT_FAILURE'),
  'asic.zip-duplicate-name': failed('FORMAT_FAILURE'),
  'asic.zip-path': failed('FORMAT_FAILURE'),
  'asic.zip-headers-differ': failed('FORMAT_FAILURE'),
  'asic.zip-content-wrong': failed('FORMAT_FAILURE'),
  'asic.zip-encrypted': undecided('POLICY_PROCESSING_ERROR'),
  'asic.zip-method-unsupported': undecided('POLICY_PROCESSING_ERROR'),
  'asic.zip-bomb': undecided('POLICY_PROCESSING_ERROR'),
  'asic.zip64-refused': undecided('POLICY_PROCESSING_ERROR'),
  // The form.
  'asic.mimetype-wrong': failed('FORMAT_FAILURE'),
  'asic.mimetype-missing': warning,
  'asic.data-object-count': failed('FORMAT_FAILURE'),
  'asic.manifest-missing': failed('FORMAT_FAILURE'),
  'asic.manifest-malformed': failed('FORMAT_FAILURE'),
  'asic.manifest-ambiguous': failed('FORMAT_FAILURE'),
  // What is signed.
  'asic.object-missing': undecided('SIGNED_DATA_NOT_FOUND'),
  'asic.object-changed': failed('HASH_FAILURE'),
  'asic.file-not-signed': undecided('SIG_CONSTRAINTS_FAILURE'),
  'asic.evidence-record-not-judged': warning,
} as const satisfies Record<string, CodeMeaning>;

export type AsicCode = keyof typeof asicCodes;
