import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VERDICTS } from '../../src/messages/index.ts';
import { documentInput, filesInput, reportPage, reportPdf } from '../../src/rendering/index.ts';
import {
  codeMeanings,
  type FileReport,
  type LaterChange,
  legalReasons,
  type SignatureReport,
  type TimestampReport,
  type VerificationCode,
  verifyFile,
} from '../../src/verification/index.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { submission } from '../builders/reports.ts';
import { seededRandom } from '../random.ts';

const CODES = Object.keys(codeMeanings) as VerificationCode[];
const INDICATIONS = ['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED'] as const;
const KINDS: readonly LaterChange['kind'][] = ['signature', 'metadata', 'form-fill', 'not-allowed'];

const text = fc.string({ unit: 'binary', maxLength: 40 });
const codes = fc.uniqueArray(fc.constantFrom(...CODES), { maxLength: 4 });
const time = fc.oneof(fc.constant('2026-03-16T02:00:00.000Z'), text);
const subIndication = fc.constantFrom(null, ...CODES.map((code) => codeMeanings[code].subIndication));
const verdict = {
  indication: fc.constantFrom(...INDICATIONS),
  subIndication,
  errors: codes,
  warnings: codes,
};
const chain = fc.array(fc.record({ subject: text, sha256: text }), { maxLength: 4 });
const changes = fc.array(fc.record({ revision: fc.nat(9), kind: fc.constantFrom(...KINDS), detail: text }), {
  maxLength: 4,
});
const stamps: fc.Arbitrary<TimestampReport[]> = fc.array(
  fc.record({
    ...verdict,
    kind: fc.constantFrom('signature' as const, 'document' as const, 'archive' as const),
    time: fc.option(time),
    validUntil: fc.option(time),
    authority: fc.option(text),
  }),
  { maxLength: 3 },
);

let real: SignatureReport;
let passed: FileReport;
beforeAll(async () => {
  passed = verifyFile(await issuedLetter(), await pdfContext());
  real = passed.signatures[0]!;
});

/** Reports of every shape that the types allow, also such as no verifier of ours would make. */
function reports(): fc.Arbitrary<FileReport> {
  const signature: fc.Arbitrary<SignatureReport> = fc.record(
    {
      ...verdict,
      id: text,
      counterSigns: text,
      baseline: fc.constantFrom(null, 'B-B' as const, 'B-LTA' as const),
      signer: fc.constantFrom(null, real.signer),
      signingTime: fc.option(time),
      bestSignatureTime: time,
      timestamps: stamps,
      algorithm: fc.option(text),
      coverage: fc.constantFrom(
        'whole-file' as const,
        'whole-revision' as const,
        'part' as const,
        'none' as const,
      ),
      files: fc.array(text, { maxLength: 20 }),
      revision: fc.nat(9),
      laterChanges: changes,
      chain,
    },
    {
      requiredKeys: [
        'id', 'indication', 'subIndication', 'baseline', 'signer', 'signingTime', 'bestSignatureTime', 'timestamps',
        'algorithm', 'coverage', 'revision', 'laterChanges', 'errors', 'warnings', 'chain',
      ], // biome-ignore format: one list
    },
  );
  return fc.record({
    format: fc.constantFrom('pdf' as const, 'asic' as const, 'none' as const),
    indication: fc.constantFrom(...INDICATIONS, 'NO_SIGNATURE' as const),
    sha256: fc.constant('a'.repeat(64)),
    size: fc.nat(),
    validatedAt: time,
    policy: text,
    signatures: fc.array(signature, { maxLength: 3 }),
    timestamps: stamps,
    unsignedFiles: fc.array(text, { maxLength: 20 }),
    errors: codes,
    warnings: codes,
  });
}

/** Text as it stands between two tags. */
const between = (sentence: string) => `>${sentence.replaceAll("'", '&#39;')}.<`;

test('any report becomes a page that says each of its codes, and praises no name that was not proven', () => {
  const { seed } = seededRandom();
  fc.assert(
    fc.property(reports(), fc.constantFrom('vi' as const, 'en' as const), (report, lang) => {
      const page = reportPage(filesInput([{ name: null, report }]), lang);
      const own = [...report.errors, ...report.warnings];
      const all = report.signatures.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
      for (const code of [...own, ...all]) expect(page).toContain(between(VERDICTS[code][lang]));
      // Without a registry nobody's name is confirmed.
      for (const [, answers = ''] of page.matchAll(/<dl class="points">\s*<div>(.*?)<\/div>/gs))
        expect(answers).not.toContain('class="answer good"');
      expect(page.match(/<article/g) ?? []).toHaveLength(report.signatures.length);
    }),
    { seed, numRuns: 150 },
  );
});

test('any submission becomes a page and a PDF', async () => {
  const { seed } = seededRandom();
  const reasons = fc.uniqueArray(fc.constantFrom(...legalReasons));
  await fc.assert(
    fc.asyncProperty(reports(), reasons, text, async (report, why, name) => {
      const stored = submission(report, why);
      const declaredSigner = { fullName: name, position: name };
      const input = documentInput({ ...stored, declaredSigner }, name);
      expect(reportPage(input, 'vi').match(/<section class="file"/g)).toHaveLength(2);
      expect((await reportPdf(input, 'en')).subarray(-5).toString()).toBe('%%EOF');
    }),
    { seed, numRuns: 8 },
  );
});
