import {
  buildReceipt,
  type PackageParts,
  type PackedEntry,
  packEvidence,
  type Receipt,
} from '../../src/evidence/index.ts';
import { manualClock, sha256, sha256Hex } from '../../src/kernel/index.ts';
import { commitFacts, type Facts, type LogReader, openReader } from '../../src/ledger/index.ts';
import { ORIGIN, openLog, START, weakJournal } from './ledger.ts';
import { VKEY } from './logs.ts';

export const DOCUMENT_ID = '0196f3c2-5d10-7c3e-9b0a-3f1c2a7d4e55';
export const ORIGINAL = Buffer.from('<edXML>Quyết định số 12/QĐ-UBND</edXML>');
export const REPORT = '{"indication":"TOTAL_PASSED"}';

/** The steps of a letter that arrived and was accepted, with the facts that the axis records. */
const STEPS: readonly (readonly [string, string | null, Facts])[] = [
  [
    'document.submitted',
    'SubmissionAcceptance',
    {
      documentId: DOCUMENT_ID,
      sender: 'H53.32.29',
      edxmlId: '12/QĐ-UBND,2026/03/16,H53.32.29',
      businessType: 0,
      sha256: sha256Hex(ORIGINAL),
      size: ORIGINAL.length,
    },
  ],
  [
    'signature.verified',
    null,
    { indication: 'TOTAL_PASSED', legalValue: 'replaces_paper', reportSha256: sha256Hex(REPORT) },
  ],
  [
    'delivery.queued',
    'ContentConsignment',
    { count: 2, 'recipient:G09': 'delivery-1', 'recipient:H53': 'delivery-2' },
  ],
  ['delivery.fetched', 'ContentAccessTracking', { recipient: 'G09', delivery: 'delivery-1' }],
  ['delivery.acknowledged', 'ContentHandover', { recipient: 'G09', delivery: 'delivery-1' }],
  ['status.03', 'ConsignmentAcceptance', { reporter: 'G09', code: '03', description: 'Đã tiếp nhận' }],
];

export interface RecordedDocument {
  /** 32 bytes. */
  key: Buffer;
  entries: PackedEntry[];
  checkpoint: string;
}

export interface RecordedLog {
  reader: LogReader;
  /** The document that the evidence is about, and another one beside it. */
  letter: RecordedDocument;
  other: RecordedDocument;
}

/** A log in which the steps of two documents alternate. */
export async function recordedLog(): Promise<RecordedLog> {
  const journal = weakJournal();
  const clock = manualClock(START);
  const { sequencer, signer } = await openLog(journal, { clock });
  for (const [i, [type, erds, facts]] of STEPS.entries())
    for (const doc of ['letter', 'other']) {
      const { commit } = commitFacts(keyOf(doc), scopeOf(doc, i), facts);
      await sequencer.append([{ idem: sha256(scopeOf(doc, i)), doc, type, erds, commit }]);
      clock.advance(61_000);
    }
  const reader = openReader({ journal, signer });
  return { reader, letter: await recorded('letter', reader), other: await recorded('other', reader) };
}

async function recorded(doc: string, reader: LogReader): Promise<RecordedDocument> {
  const size = await reader.size();
  const entries = await Promise.all(
    (await reader.entriesOf(doc)).map(async (index, i) => {
      const facts = (STEPS[i] as (typeof STEPS)[number])[2];
      return {
        index,
        entry: await reader.entry(index),
        path: await reader.inclusionProof(index, size),
        scope: scopeOf(doc, i),
        facts,
        names: Object.keys(facts).filter((name) => name !== 'recipient:H53'),
      };
    }),
  );
  return { key: keyOf(doc), entries, checkpoint: await reader.checkpoint(size) };
}

const keyOf = (doc: string) => sha256(`key of ${doc}`);
const scopeOf = (doc: string, i: number) => `event ${i} of ${doc}`;

/** The receipt of the first step. */
export function receiptOf({ key, entries, checkpoint }: RecordedDocument): Receipt {
  const { names, ...first } = entries[0] as PackedEntry;
  return buildReceipt({ log: ORIGIN, vkey: VKEY, key, checkpoint, names, ...first });
}

export function packageOf(
  { key, entries, checkpoint }: RecordedDocument,
  change: Partial<PackageParts> = {},
) {
  return packEvidence({
    documentId: DOCUMENT_ID,
    log: ORIGIN,
    vkey: VKEY,
    checkpoint,
    key,
    entries,
    report: REPORT,
    laterReports: [],
    original: ORIGINAL,
    ...change,
  });
}
