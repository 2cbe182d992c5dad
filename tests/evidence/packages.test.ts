import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readArchive, writeArchive } from '../../src/evidence/archive.ts';
import { disclosuresForm } from '../../src/evidence/forms.ts';
import {
  type EvidenceVerdict,
  type PackedEntry,
  packEvidence,
  verifyEvidence,
} from '../../src/evidence/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { formatProof, formatVkey, parseProof } from '../../src/ledger/index.ts';
import {
  DOCUMENT_ID,
  ORIGINAL,
  packageOf,
  REPORT,
  type RecordedLog,
  receiptOf,
  recordedLog,
} from '../builders/evidence.ts';
import { LOG_KEY, ORIGIN } from '../builders/ledger.ts';
import { VKEY } from '../builders/logs.ts';
import { mutationsOf } from '../builders/mutations.ts';
import { type ZipLies, type ZipPart, zipOf } from '../builders/zip.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();

let log: RecordedLog;
let file: Buffer;
let files: Map<string, Buffer>;
beforeAll(async () => {
  log = await recordedLog();
  file = await packageOf(log.letter);
  files = new Map(await readArchive(file));
});

const verdictOn = (bytes: Buffer) => verifyEvidence(bytes, { vkey: VKEY });
const failed = ({ checks }: EvidenceVerdict) =>
  checks.filter(({ passed }) => !passed).map(({ code, at, cause }) => `${code} ${at}: ${cause}`);

type Change = (files: Map<string, Buffer>) => void;
const text = (content: Map<string, Buffer>, name: string) => (content.get(name) as Buffer).toString('utf8');

function edit(name: string, from: string | RegExp, to: string): Change {
  return (content) => {
    const before = text(content, name);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing to change in ${name}`);
    content.set(name, Buffer.from(after));
  };
}

/** Makes the manifest fit whatever the files are now: a forger would. */
const fitManifest: Change = (content) => {
  const manifest = JSON.parse(text(content, 'manifest.json'));
  content.delete('manifest.json');
  manifest.files = Object.fromEntries([...content].map(([name, bytes]) => [name, sha256Hex(bytes)]));
  content.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
};

async function tampered(...changes: Change[]): Promise<Buffer> {
  const copy = new Map(files);
  for (const change of changes) change(copy);
  return writeArchive(copy);
}

describe('a true package', () => {
  test('holds: every step, in order, with the document and the report', async () => {
    const verdict = await verdictOn(file);
    expect(failed(verdict)).toEqual([]);
    expect(verdict).toMatchObject({
      ok: true,
      kind: 'package',
      keySource: 'given',
      log: ORIGIN,
      size: 12,
      documentId: DOCUMENT_ID,
      limits: [
        'evidence.no-witness',
        'evidence.time-by-operator',
        'evidence.later-steps',
        'evidence.facts-not-opened',
      ],
    });
    expect(verdict.entries.map(({ type, seq, index, hidden }) => [type, seq, index, hidden])).toEqual([
      ['document.submitted', 1, 0, 0],
      ['signature.verified', 2, 2, 0],
      ['delivery.queued', 3, 4, 1],
      ['delivery.fetched', 4, 6, 0],
      ['delivery.acknowledged', 5, 8, 0],
      ['status.03', 6, 10, 0],
    ]);
    const passed = verdict.checks.map(({ code }) => code);
    expect(new Set(passed)).toEqual(
      new Set([
        'evidence.form',
        'evidence.manifest',
        'evidence.key',
        'evidence.checkpoint',
        'evidence.entry',
        'evidence.disclosures',
        'evidence.inclusion',
        'evidence.chain',
        'evidence.original',
        'evidence.report',
      ]),
    );
  });

  test('is the same bytes every time, and holds nothing of what is not opened', async () => {
    expect((await packageOf(log.letter)).equals(file)).toBe(true);
    expect(file.includes('recipient:H53')).toBe(false);
    expect(file.includes('delivery-2')).toBe(false);
    expect(file.includes(log.letter.key.toString('base64url'))).toBe(false);
  });

  test('holds without document and report, as for a party that may not have them, and packed with compression', async () => {
    expect(await verdictOn(await packageOf(log.letter, { original: null, report: null }))).toMatchObject({
      ok: true,
    });
    const packed = zipOf([...files].map(([name, bytes]) => ({ name, bytes })));
    expect(await verdictOn(packed)).toMatchObject({ ok: true });
  });

  test('holds when the history is not over yet', async () => {
    const entries = log.letter.entries.slice(0, 3);
    expect(await verdictOn(await packageOf(log.letter, { entries }))).toMatchObject({ ok: true });
  });

  test('has at most 9,000 steps', async () => {
    const [entry] = log.letter.entries;
    const entries = Array.from({ length: 9_001 }, () => entry as NonNullable<typeof entry>);
    await expect(
      packEvidence({
        ...log.letter,
        entries,
        documentId: '',
        log: '',
        vkey: '',
        report: null,
        laterReports: [],
        original: null,
      }),
    ).rejects.toMatchObject({ code: 'evidence.too-large' });
  });
});

const swap =
  (a: string, b: string): Change =>
  (content) => {
    const [first, second] = [content.get(a) as Buffer, content.get(b) as Buffer];
    content.set(a, second).set(b, first);
  };
const drop =
  (number: string): Change =>
  (content) => {
    const rest = [...content].filter(([name]) => !name.includes(`/${number}.`));
    const list = JSON.parse(text(content, 'disclosures.json')) as { entry: string }[];
    const kept = list.filter(({ entry }) => entry !== `entries/${number}.json`);
    content.clear();
    for (const [name, bytes] of rest) content.set(renumbered(name, number), bytes);
    const entries = kept.map((one) => ({ ...one, entry: renumbered(one.entry, number) }));
    content.set('disclosures.json', Buffer.from(JSON.stringify(entries)));
  };
/** Closes the gap that a dropped step leaves in the numbers. */
const renumbered = (name: string, gone: string) =>
  name.replace(/\/(\d{3})\./, (whole, n) =>
    n > gone ? `/${String(Number(n) - 1).padStart(3, '0')}.` : whole,
  );
const last: Change = (content) => {
  const other = [...content.keys()].filter((name) => name.startsWith('entries/')).at(-1) as string;
  content.set(other, log.other.entries.at(-1)?.entry as Buffer);
  const proof = { ...parseProof(text(content, 'proofs/006.tlog-proof')) };
  const { index, path } = log.other.entries.at(-1) as PackedEntry;
  content.set('proofs/006.tlog-proof', Buffer.from(formatProof({ ...proof, index, path: [...path] })));
  const list = JSON.parse(text(content, 'disclosures.json'));
  list[5].commitments = [];
  list[5].disclosures = [];
  content.set('disclosures.json', Buffer.from(JSON.stringify(list)));
};

describe('a package that was tampered with never holds', () => {
  const DIGEST = 'evidence.manifest';
  test.each<[string, Change, string[]]>([
    [
      'an entry changed',
      edit('entries/003.json', 'delivery.queued', 'delivery.failed'),
      ['evidence.inclusion 3: path', 'evidence.chain null: previous'],
    ],
    [
      'a time changed',
      edit('entries/006.json', 'T02:', 'T01:'),
      ['evidence.inclusion 6: path', 'evidence.chain null: time'],
    ],
    [
      'two steps swapped',
      (content) => {
        swap('entries/004.json', 'entries/005.json')(content);
        swap('proofs/004.tlog-proof', 'proofs/005.tlog-proof')(content);
      },
      ['evidence.disclosures 4: root', 'evidence.disclosures 5: root', 'evidence.chain null: entry'],
    ],
    ['a step in the middle left out', drop('003'), ['evidence.chain null: gap']],
    [
      'the first step left out',
      drop('001'),
      ['evidence.chain null: gap', 'evidence.original original.edxml: digest-not-opened'],
    ],
    ["a step of another document's", last, ['evidence.disclosures 6: root', 'evidence.chain null: entry']],
    [
      'a proof of another step',
      swap('proofs/001.tlog-proof', 'proofs/002.tlog-proof'),
      ['evidence.inclusion 1: path', 'evidence.inclusion 2: path', 'evidence.chain null: order'],
    ],
    [
      'a hash of a proof changed',
      (content) => {
        const proof = parseProof(text(content, 'proofs/002.tlog-proof'));
        proof.path[1]?.fill(7);
        content.set('proofs/002.tlog-proof', Buffer.from(formatProof(proof)));
      },
      ['evidence.inclusion 2: path'],
    ],
    [
      'a line put into a proof',
      edit('proofs/002.tlog-proof', 'index', 'extra AAEC\nindex'),
      ['evidence.form null: evidence.malformed two-checkpoints'],
    ],
    [
      'the checkpoint changed',
      edit('checkpoint', '\n12\n', '\n13\n'),
      ['evidence.form null: evidence.malformed two-checkpoints'],
    ],
    [
      'the checkpoint changed in every proof',
      (content) => {
        for (const name of content.keys())
          if (name === 'checkpoint' || name.startsWith('proofs/')) edit(name, '\n12\n', '\n13\n')(content);
      },
      ['evidence.checkpoint null: ledger.note-signature-invalid'],
    ],
    [
      'a fact changed',
      edit('disclosures.json', '"G09"', '"G10"'),
      ['evidence.disclosures 4: recipient', 'evidence.chain null: entry'],
    ],
    [
      'the key of a fact changed',
      edit('disclosures.json', /"key": "[A-Za-z0-9_-]/, '"key": "_'),
      [
        'evidence.disclosures 1: documentId',
        'evidence.chain null: entry',
        'evidence.original original.edxml: digest-not-opened',
      ],
    ],
    [
      'the document changed',
      edit('original.edxml', '12/', '13/'),
      ['evidence.original original.edxml: digest'],
    ],
    [
      'the report changed',
      edit('report.json', 'TOTAL_PASSED', 'TOTAL_FAILED'),
      ['evidence.report report.json: digest'],
    ],
    [
      'another document named in the manifest',
      edit('manifest.json', DOCUMENT_ID, DOCUMENT_ID.replace('0', '1')),
      ['evidence.manifest manifest.json: document-id'],
    ],
    [
      'another log named in the manifest',
      edit('manifest.json', `"log": "${ORIGIN}"`, '"log": "x"'),
      ['evidence.checkpoint null: other-log'],
    ],
    [
      'another key named in the manifest',
      edit('manifest.json', VKEY, formatVkey('x', LOG_KEY)),
      ['evidence.key null: differs-from-given'],
    ],
    [
      'another form',
      edit('manifest.json', 'truc-evidence/1', 'truc-evidence/2'),
      ['evidence.form null: evidence.malformed manifest format'],
    ],
    [
      'no steps',
      (content) =>
        void [...content.keys()]
          .filter((name) => /^(entries|proofs)/.test(name))
          .map((name) => content.delete(name)),
      ['evidence.form null: evidence.malformed entries'],
    ],
    [
      'a proof missing',
      (content) => void content.delete('proofs/004.tlog-proof'),
      ['evidence.form null: evidence.malformed entries'],
    ],
    [
      'no checkpoint',
      (content) => void content.delete('checkpoint'),
      ['evidence.form null: evidence.malformed missing checkpoint'],
    ],
  ])('%s, with a manifest that fits', async (_, change, causes) => {
    const isManifest = causes.length === 1 && /manifest|other-log|differs/.test(causes[0] as string);
    const verdict = await verdictOn(await tampered(...(isManifest ? [change] : [change, fitManifest])));
    expect(verdict.ok).toBe(false);
    expect(failed(verdict)).toEqual(causes);
  });

  test.each<[string, Change, string]>([
    ['a file changed', edit('README.txt', 'BẰNG CHỨNG', 'bằng chứng'), `${DIGEST} README.txt: digest`],
    ['a file missing', (content) => void content.delete('README.txt'), `${DIGEST} README.txt: missing`],
    [
      'a file that is not listed',
      edit('manifest.json', /\n {2}"README.txt": "[0-9a-f]*",/, ''),
      `${DIGEST} README.txt: digest`,
    ],
    [
      'a file listed that is not there',
      edit('manifest.json', '"files": {', `"files": {"x": "${'0'.repeat(64)}",`),
      `${DIGEST} x: missing`,
    ],
  ])('%s, under the old manifest', async (_, change, cause) => {
    expect(failed(await verdictOn(await tampered(change)))).toEqual([cause]);
  });

  test('the package of another document under this one’s name', async () => {
    const other = await packageOf(log.other, { original: null, report: null, documentId: 'another' });
    expect(failed(await verdictOn(other))).toEqual(['evidence.manifest manifest.json: document-id']);
  });
});

describe('a ZIP that is no package is not readable', () => {
  const parts = (...more: ZipPart[]): ZipPart[] => [
    ...[...files].map(([name, bytes]) => ({ name, bytes })),
    ...more,
  ];
  const one = Buffer.from('x');
  const megabytes = Buffer.alloc(8 * 1024 * 1024);

  test.each<[string, () => ZipPart[], ZipLies?]>([
    ['a file that no package has', () => parts({ name: 'virus.exe', bytes: one })],
    ['a hidden file', () => parts({ name: '.manifest.json', bytes: one })],
    ['a folder', () => parts({ name: 'entries/', bytes: Buffer.alloc(0) })],
    ['a path to elsewhere', () => parts({ name: '../../etc/passwd', bytes: one })],
    ['a path from the root', () => parts({ name: '/etc/passwd', bytes: one })],
    ['a path of Windows', () => parts({ name: 'entries\\001.json', bytes: one })],
    ['a path through elsewhere', () => parts({ name: 'entries/../checkpoint', bytes: one })],
    ['a file twice', () => parts({ name: 'checkpoint', bytes: one })],
    ['a step more', () => parts({ name: 'entries/007.json', bytes: one })],
    ['a step by another number', () => parts({ name: 'entries/0001.json', bytes: one })],
    ['an encrypted file', () => parts({ name: 'proofs/007.tlog-proof', bytes: one, lies: { flags: 1 } })],
    [
      'an unknown compression',
      () => parts({ name: 'proofs/007.tlog-proof', bytes: one, lies: { method: 99 } }),
    ],
    [
      'a size that is too small',
      () => parts({ name: 'proofs/007.tlog-proof', bytes: megabytes, lies: { size: 10 } }),
    ],
    [
      'a size that is too large',
      () => parts({ name: 'proofs/007.tlog-proof', bytes: one, lies: { size: 2 ** 31 } }),
    ],
    [
      'an offset beyond the file',
      () => parts({ name: 'proofs/007.tlog-proof', bytes: one, lies: { offset: 2 ** 30 } }),
    ],
    ['more entries than there are', () => parts(), { count: 500 }],
    ['nothing', () => []],
  ])('%s', async (_, make, lies = {}) => {
    const verdict = await verdictOn(zipOf(make(), lies));
    expect(verdict).toMatchObject({ ok: false, kind: 'unknown', entries: [], log: null });
    expect(failed(verdict)[0]).toMatch(/^evidence.form null: evidence.malformed/);
  });

  test('more files than a package has', async () => {
    const many = Array.from({ length: 20_001 }, (_, i) => ({
      name: `entries/${i + 100_000}.json`,
      bytes: Buffer.alloc(0),
    }));
    expect(failed(await verdictOn(zipOf(many)))).toEqual([
      'evidence.form null: evidence.malformed too-many-files',
    ]);
  });

  test('files that claim more bytes than a package has, before any is unpacked', async () => {
    const huge = Array.from({ length: 70 }, (_, i) => ({
      name: `entries/${i + 100}.json`,
      bytes: megabytes,
    }));
    expect(failed(await verdictOn(zipOf(huge)))).toEqual([
      'evidence.form null: evidence.malformed too-large',
    ]);
  }, 60_000);
});

/** Bytes of a ZIP that say nothing about its files: times, modes, versions, gaps. */
const sameContent = async (bytes: Buffer) => {
  const read = await readArchive(bytes);
  return read.size === files.size && [...files].every(([name, content]) => read.get(name)?.equals(content));
};

describe('any bytes changed', () => {
  test('in a package: a verdict, never an error, and right only where every file is unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(file), async (bytes) => {
        const verdict = await verdictOn(bytes);
        if (verdict.ok) expect(await sameContent(bytes)).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  }, 60_000);

  test('in a file of a package, with a manifest that fits: right only where nothing that proves has changed', async () => {
    const names = [...files.keys()].filter((name) => name !== 'manifest.json' && name !== 'README.txt');
    for (const name of names) {
      const original = files.get(name) as Buffer;
      await fc.assert(
        fc.asyncProperty(mutationsOf(original), async (bytes) => {
          fc.pre(!bytes.equals(original));
          const verdict = await verdictOn(await tampered((content) => content.set(name, bytes), fitManifest));
          // Only the writing of a JSON file may differ, or members that the format does not have and readers pass over.
          if (verdict.ok)
            expect([name, disclosuresForm.parse(JSON.parse(bytes.toString()))]).toEqual([
              'disclosures.json',
              JSON.parse(original.toString()),
            ]);
        }),
        { seed, numRuns: 40 },
      );
    }
  }, 60_000);

  test('in a receipt: a verdict, never an error, and right only where it says the same', async () => {
    const receipt = receiptOf(log.letter);
    const { log: origin, index, entry, proof, checkpoint, commitments, disclosures, vkey } = receipt;
    const original = Buffer.from(
      JSON.stringify({ log: origin, index, entry, proof, checkpoint, commitments, disclosures, vkey }),
    );
    await fc.assert(
      fc.asyncProperty(mutationsOf(original), async (bytes) => {
        const verdict = await verdictOn(bytes);
        if (!verdict.ok) return;
        const said = JSON.parse(bytes.toString());
        expect(Buffer.from(said.entry, 'base64').equals(Buffer.from(entry, 'base64'))).toBe(true);
        expect([said.log, said.index, parseProof(said.proof), said.commitments]).toEqual([
          origin,
          index,
          parseProof(proof),
          commitments,
        ]);
        for (const { name, value } of said.disclosures)
          expect(disclosures.find((one) => one.name === name)?.value).toEqual(value);
      }),
      { seed, numRuns: 1_500 },
    );
  }, 60_000);

  test('any bytes at all', async () => {
    const start = fc.constantFrom('', 'PK', 'PK\u0003\u0004', '{', '{"receipt":');
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 400 }), async (prefix, bytes) => {
        const verdict = await verdictOn(Buffer.concat([Buffer.from(prefix), bytes]));
        expect(verdict).toMatchObject({ ok: false, kind: 'unknown' });
      }),
      { seed, numRuns: 500 },
    );
  });
});

test('the report and the document are those of the builders', () => {
  expect(files.get('original.edxml')?.equals(ORIGINAL)).toBe(true);
  expect(files.get('report.json')?.toString()).toBe(REPORT);
});
