import { beforeAll, describe, expect, test } from '@jest/globals';
import { type EvidenceVerdict, type Receipt, verifyEvidence } from '../../src/evidence/index.ts';
import { checkpointText, formatProof, formatVkey, parseProof, signNote } from '../../src/ledger/index.ts';
import { DOCUMENT_ID, ORIGINAL, type RecordedLog, receiptOf, recordedLog } from '../builders/evidence.ts';
import { LOG_KEY, ORIGIN } from '../builders/ledger.ts';
import { STRANGER_KEY, VKEY } from '../builders/logs.ts';

let log: RecordedLog;
let receipt: Receipt;
beforeAll(async () => {
  log = await recordedLog();
  receipt = receiptOf(log.letter);
});

const verdictOn = (value: unknown, vkey: string | undefined = VKEY) =>
  verifyEvidence(Buffer.from(JSON.stringify(value)), { vkey });
const failed = ({ checks }: EvidenceVerdict) =>
  checks.filter(({ passed }) => !passed).map(({ code, cause }) => `${code}: ${cause}`);

describe('a true receipt', () => {
  test('holds, says what it proves and what it does not', async () => {
    expect(await verdictOn(receipt)).toMatchObject({
      ok: true,
      kind: 'receipt',
      keySource: 'given',
      log: ORIGIN,
      size: 12,
      vkey: VKEY,
      documentId: DOCUMENT_ID,
      entries: [{ index: 0, type: 'document.submitted', erds: 'SubmissionAcceptance', seq: 1, hidden: 0 }],
      limits: [
        'evidence.no-witness',
        'evidence.time-by-operator',
        'evidence.later-steps',
        'evidence.single-step',
      ],
    });
  });

  test('holds within the answer to the submission, and with fields that came later', async () => {
    const answer = { documentId: DOCUMENT_ID, state: 'accepted', receipt: { ...receipt, witnesses: [] } };
    expect(await verdictOn(answer)).toMatchObject({ ok: true, documentId: DOCUMENT_ID });
  });

  test('is made of the same bytes every time', () => {
    expect(JSON.stringify(receiptOf(log.letter))).toBe(JSON.stringify(receipt));
  });

  test('without a key from elsewhere only fits itself, and says so first', async () => {
    const verdict = await verifyEvidence(Buffer.from(JSON.stringify(receipt)));
    expect(verdict).toMatchObject({ ok: true, keySource: 'file' });
    expect(verdict.limits[0]).toBe('evidence.key-from-file');
  });

  test('holds with any of its facts opened, and says how many are not', async () => {
    const disclosures = receipt.disclosures.filter(({ name }) => name === 'sha256');
    const verdict = await verdictOn({ ...receipt, disclosures });
    expect(verdict).toMatchObject({ ok: true, documentId: null });
    expect(verdict.entries).toMatchObject([{ hidden: 5, facts: [{ name: 'sha256' }] }]);
    expect(verdict.limits).toContain('evidence.facts-not-opened');
  });
});

const replaced = (text: string, from: string, to: string) => {
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return text.replace(from, to);
};
const base64 = (change: (text: string) => string) =>
  Buffer.from(change(Buffer.from(receipt.entry, 'base64').toString())).toString('base64');
const withFact = (change: object) => ({
  ...receipt,
  disclosures: receipt.disclosures.map((one) => (one.name === 'sender' ? { ...one, ...change } : one)),
});

describe('a receipt that was tampered with never holds', () => {
  test.each<[string, () => unknown, string[]]>([
    [
      'a time in the entry changed',
      () => ({ ...receipt, entry: base64((text) => replaced(text, 'T02:00', 'T03:00')) }),
      ['evidence.inclusion: path'],
    ],
    [
      'a type in the entry changed',
      () => ({
        ...receipt,
        entry: base64((text) => replaced(text, 'document.submitted', 'document.destroyed')),
      }),
      ['evidence.inclusion: path'],
    ],
    [
      'the entry written another way',
      () => ({ ...receipt, entry: base64((text) => replaced(text, ':', ': ')) }),
      ['evidence.entry: ledger.entry-malformed', 'evidence.inclusion: path'],
    ],
    [
      "another document's entry",
      () => ({ ...receipt, entry: receiptOf(log.other).entry }),
      ['evidence.disclosures: root', 'evidence.inclusion: path'],
    ],
    [
      "another document's receipt with this one's facts",
      () => ({ ...receiptOf(log.other), disclosures: receipt.disclosures }),
      ['evidence.disclosures: documentId'],
    ],
    ['a value changed', () => withFact({ value: 'H53' }), ['evidence.disclosures: sender']],
    ['a name changed', () => withFact({ name: 'recipient' }), ['evidence.disclosures: recipient']],
    [
      'the key of another fact',
      () => withFact({ key: receipt.disclosures[0]?.key }),
      ['evidence.disclosures: sender'],
    ],
    [
      'a fact that was never recorded',
      () => ({
        ...receipt,
        disclosures: [...receipt.disclosures, { ...receipt.disclosures[0], name: 'paid' }],
      }),
      ['evidence.disclosures: paid'],
    ],
    [
      'a fact told twice',
      () => ({ ...receipt, disclosures: [...receipt.disclosures, receipt.disclosures[0]] }),
      ['evidence.disclosures: documentId'],
    ],
    [
      'a commitment left out',
      () => ({ ...receipt, commitments: receipt.commitments.slice(1) }),
      ['evidence.disclosures: root'],
    ],
    [
      'another index',
      () => ({ ...receipt, index: 1, proof: replaced(receipt.proof, 'index 0', 'index 1') }),
      ['evidence.inclusion: path'],
    ],
    [
      'a hash of the proof changed',
      () => {
        const proof = parseProof(receipt.proof);
        proof.path[0]?.writeUInt8((proof.path[0]?.readUInt8(0) as number) ^ 1, 0);
        return { ...receipt, proof: formatProof(proof) };
      },
      ['evidence.inclusion: path'],
    ],
    [
      'a hash of the proof left out',
      () => {
        const proof = parseProof(receipt.proof);
        return { ...receipt, proof: formatProof({ ...proof, path: proof.path.slice(1) }) };
      },
      ['evidence.inclusion: path'],
    ],
    [
      'a checkpoint of another size',
      () => {
        const checkpoint = replaced(receipt.checkpoint, '\n12\n', '\n13\n');
        return { ...receipt, checkpoint, proof: replaced(receipt.proof, '\n12\n', '\n13\n') };
      },
      ['evidence.checkpoint: ledger.note-signature-invalid'],
    ],
    [
      'a checkpoint with a line more, signed',
      () => {
        const note = signNote(`${receipt.checkpoint.split('\n\n')[0]}\nextra\n`, ORIGIN, LOG_KEY);
        return { ...receipt, checkpoint: note, proof: replaced(receipt.proof, receipt.checkpoint, note) };
      },
      ['evidence.checkpoint: ledger.checkpoint-malformed extension'],
    ],
    [
      'two checkpoints',
      () => ({ ...receipt, checkpoint: replaced(receipt.checkpoint, '\n12\n', '\n13\n') }),
      ['evidence.form: evidence.malformed two-checkpoints'],
    ],
    ['two indices', () => ({ ...receipt, index: 1 }), ['evidence.form: evidence.malformed two-indices']],
    ['another log named', () => ({ ...receipt, log: 'other.example' }), ['evidence.checkpoint: other-log']],
    ['a key that is none', () => ({ ...receipt, vkey: 'none' }), ['evidence.key: differs-from-given']],
    [
      'no entry',
      () => ({ ...receipt, entry: undefined }),
      ['evidence.form: evidence.malformed receipt entry'],
    ],
    ['no proof', () => ({ ...receipt, proof: '' }), ['evidence.form: ledger.proof-malformed no-checkpoint']],
    ['an empty object', () => ({}), ['evidence.form: evidence.malformed receipt log']],
    ['a list', () => [receipt], ['evidence.form: evidence.malformed receipt']],
    ['nothing', () => null, ['evidence.form: evidence.malformed receipt']],
  ])('%s', async (_, tampered, causes) => {
    const verdict = await verdictOn(tampered());
    expect(verdict.ok).toBe(false);
    expect(failed(verdict)).toEqual(causes);
  });

  test('signed by a key of the forger’s own: the given key does not know it, the file alone fits itself', async () => {
    const root = Buffer.from(receipt.checkpoint.split('\n')[2] as string, 'base64');
    const checkpoint = signNote(checkpointText(ORIGIN, { size: 12, root }), ORIGIN, STRANGER_KEY);
    const proof = replaced(receipt.proof, receipt.checkpoint, checkpoint);
    const forged = { ...receipt, checkpoint, proof, vkey: formatVkey(ORIGIN, STRANGER_KEY) };
    expect(failed(await verdictOn(forged))).toEqual([
      'evidence.key: differs-from-given',
      'evidence.checkpoint: ledger.note-unsigned',
    ]);
    expect(failed(await verdictOn({ ...forged, vkey: VKEY }))).toEqual([
      'evidence.checkpoint: ledger.note-unsigned',
    ]);
    const alone = await verifyEvidence(Buffer.from(JSON.stringify(forged)));
    expect(alone).toMatchObject({ ok: true, keySource: 'file' });
    expect(alone.limits).toContain('evidence.key-from-file');
  });

  test('checked with the key of another log', async () => {
    const verdict = await verdictOn(receipt, formatVkey('other.example', LOG_KEY));
    expect(failed(verdict)).toEqual([
      'evidence.key: differs-from-given',
      'evidence.checkpoint: ledger.note-unsigned',
    ]);
    expect(verdict).toMatchObject({ ok: false, log: null, size: null });
  });

  test('checked with a key that is none', async () => {
    expect(failed(await verdictOn(receipt, 'none'))).toEqual([
      'evidence.key: ledger.vkey-malformed form',
      'evidence.key: differs-from-given',
    ]);
  });

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['no JSON', Buffer.from('receipt')],
    ['a PDF', Buffer.from('%PDF-1.7')],
    ['the document itself', ORIGINAL],
    ['17 MB', Buffer.alloc(17 * 1024 * 1024, ' ')],
    ['deep JSON', Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))],
  ])('a file that is %s is not readable', async (_, bytes) => {
    expect(await verifyEvidence(bytes, { vkey: VKEY })).toMatchObject({
      ok: false,
      kind: 'unknown',
      entries: [],
    });
  });

  test('a value nested without end is not readable', async () => {
    const deep = JSON.stringify(withFact({ value: 'DEEP' })).replace(
      '"DEEP"',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    );
    expect(await verifyEvidence(Buffer.from(deep), { vkey: VKEY })).toMatchObject({ ok: false });
  });
});
