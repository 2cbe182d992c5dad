import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  type FileReport,
  type SecondOpinion,
  secondOpinion,
  type VerificationCode,
  verifyFile,
} from '../../src/verification/index.ts';
import { ownFiles, type SignedFile, vectorFiles } from '../builders/signed-files.ts';
import { seededRandom } from '../random.ts';

/**
 * What `truc verify --second-opinion` says about everything that we have: no file may be passed that a library finds
 * wrong, none found wrong that it finds right, and where we refuse what it finds right the reason is in a closed list.
 */

const random = seededRandom();
/** Changed files of this run; the nightly one has many more (CONTRIBUTING.md). */
const RUNS = Number(process.env.TRUC_TEST_SWEEP ?? 200);

/**
 * Contradictions that we know of, each with who is right and why; a new one fails. There is none: the last ones were the
 * tool's own (a library asked about content or counter-signatures that it does not look at) and are mended there.
 */
const CONTRADICTIONS: readonly {
  applies(said: Said): boolean;
  right: 'ours' | 'theirs';
  why: string;
  source: string;
}[] = [];

const LATER =
  'ISO 32000-2 §12.8.1: a library sees the octets of one range, not what later revisions do to the file';
const RANGE =
  'ISO 32000-2 §12.8.1, EN 319 142-1 §5.2: the range must leave out /Contents alone, which is digits and zeros';
const READABLE =
  'ISO 32000-2 §7.5: a library looks for /ByteRange in the text, whether or not the file can be opened';
const BOUND =
  'RFC 5035 §4, EN 319 132-1 §5.2.2: the certificate that was signed for is another; the key alone fits';
const STRICT_DER = 'RFC 5652 §5, X.690 §10: attributes and fields must say the same, once, in DER';
const STRICT_XML =
  'XML 1.0 §2.1, XML Schema 2 §3.2.16: the parser of xml-crypto mends what is not well-formed, and base64';
const STRICT_ZIP = 'APPNOTE 6.3 §4.4: names, lengths and checksums of a container must agree';

/**
 * Codes with which a file is refused whose signatures a library finds right, each with the reason that makes ours right. The
 * libraries check digests and values of the signature that they are shown, and none of this.
 */
const STRICTER: Readonly<Partial<Record<VerificationCode, string>>> = {
  'asic.zip-content-wrong': STRICT_ZIP,
  'asic.zip-headers-differ': STRICT_ZIP,
  'asic.zip-hidden-data': STRICT_ZIP,
  'asic.zip-trailing-data': STRICT_ZIP,
  'asic.mimetype-wrong': STRICT_ZIP,
  'asic.mimetype-missing': STRICT_ZIP,
  'asic.file-not-signed': 'EN 319 162-1 §4.4: a file of the container that no signature names',
  'cms.algorithm-mismatch': STRICT_DER,
  'cms.algorithm-unsupported': STRICT_DER,
  'cms.attribute-repeated': STRICT_DER,
  'cms.attributes-not-sorted': STRICT_DER,
  'cms.certificate-not-found': STRICT_DER,
  'cms.content-type-mismatch': STRICT_DER,
  'cms.malformed': STRICT_DER,
  'cms.not-der': STRICT_DER,
  'cms.signing-certificate-mismatch': BOUND,
  'path.no-chain': BOUND,
  'path.signature-wrong': BOUND,
  'path.certificate-unreadable': BOUND,
  'pdf.byte-range-end': RANGE,
  'pdf.byte-range-gap': RANGE,
  'pdf.changed-after-signing': LATER,
  'pdf.contents-malformed': RANGE,
  'pdf.contents-padding': RANGE,
  'pdf.object-malformed': READABLE,
  'pdf.signature-missing': READABLE,
  'pdf.syntax': READABLE,
  'pdf.trailing-bytes': LATER,
  'pdf.unreferenced-content': LATER,
  'pdf.xref-malformed': READABLE,
  'pdf.not-a-pdf': READABLE,
  'xml.canonicalization-unsupported': STRICT_XML,
  'xml.certificate-not-found': BOUND,
  'xml.encoding': STRICT_XML,
  'xml.malformed': STRICT_XML,
  'xml.not-well-formed': STRICT_XML,
  'xml.processing-instruction-forbidden':
    'xml-crypto 6.3.2 reads processing instructions as text (second-opinion.test.ts shows it)',
  'xml.properties-malformed': STRICT_XML,
  'xml.signing-certificate-mismatch': BOUND,
  'xml.value-not-base64': STRICT_XML,
};

interface Said {
  name: string;
  report: FileReport;
  opinion: SecondOpinion;
}

let files: SignedFile[];

beforeAll(async () => {
  // The parser of xml-crypto complains on the console of what it then takes as it is.
  for (const method of ['warn', 'error'] as const) jest.spyOn(console, method).mockReturnValue();
  files = [...vectorFiles(), ...(await ownFiles())];
});

async function ask(file: SignedFile, bytes = file.bytes): Promise<Said> {
  const { name, ctx, detached } = file;
  const report = verifyFile(bytes, ctx, detached ? { detached } : {});
  return { name, report, opinion: await secondOpinion(bytes, report, detached) };
}

function codesOf({ report }: Said): VerificationCode[] {
  return [...report.errors, ...report.signatures.flatMap(({ errors }) => errors)];
}

/** What is not explained of what was said, for people. */
function unexplained(said: Said): string[] {
  const { name, report, opinion } = said;
  const what = `${name}: ${report.indication} [${codesOf(said)}] ${JSON.stringify(opinion)}`;
  if (opinion.disagrees) return CONTRADICTIONS.some((one) => one.applies(said)) ? [] : [what];
  const allRight = opinion.right > 0 && opinion.wrong + opinion.unknown === 0;
  if (!allRight || report.indication === 'TOTAL_PASSED') return [];
  return codesOf(said).every((code) => STRICTER[code] !== undefined) ? [] : [`stricter, ${what}`];
}

describe('the second opinion on every file', () => {
  test('as it is; each library finds right what it can read', async () => {
    const found: string[] = [];
    const right = { pkijs: 0, 'xml-crypto': 0 };
    for (const file of files) {
      const said = await ask(file);
      found.push(...unexplained(said));
      if (said.opinion.library) right[said.opinion.library] += said.opinion.right;
    }
    expect(found).toEqual([]);
    expect(right.pkijs).toBeGreaterThan(50);
    expect(right['xml-crypto']).toBeGreaterThan(5);
  }, 60_000);

  test(
    `changed at ${RUNS} places`,
    async () => {
      const found: string[] = [];
      for (let i = 0; i < RUNS; i++) {
        const file = files[random.between(0, files.length - 1)] as SignedFile;
        const bytes = changed(file.bytes);
        for (const one of unexplained(await ask(file, bytes))) found.push(`run ${i}, ${one}`);
      }
      expect(found).toEqual([]);
    },
    Math.max(60_000, RUNS * 100),
  );
});

/** One bit, one octet, a piece cut out or doubled, or a word of the text replaced by another of the same file. */
function changed(original: Buffer): Buffer {
  const at = random.between(0, original.length - 1);
  const length = random.between(1, 60);
  const [before, piece, after] = [
    original.subarray(0, at),
    original.subarray(at, at + length),
    original.subarray(at + length),
  ];
  const kind = random.between(0, 5);
  if (kind === 0) return Buffer.concat([before, after]);
  if (kind === 1) return Buffer.concat([before, piece, piece, after]);
  if (kind === 2) return swapped(original, random.between(0, original.length - 1), at);
  const copy = Buffer.from(original);
  copy[at] = kind === 3 ? random.between(0, 255) : (copy[at] as number) ^ (1 << random.between(0, 7));
  return copy;
}

/** Some octets of one place at another. */
function swapped(original: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(original);
  original.copy(copy, to, from, Math.min(from + 16, original.length));
  return copy;
}
