import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Binding, type DeclaredSigner, legalValue } from '../../src/verification/legal-value.ts';
import type { FileReport, SignatureReport } from '../../src/verification/report.ts';
import { verifyFile } from '../../src/verification/verify.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { TEST_NOW } from '../builders/pki.ts';

const SENDER = 'province';
let issued: FileReport;

beforeAll(async () => {
  issued = verifyFile(await issuedLetter(), await pdfContext());
});

const PERSON: Binding = { kind: 'person', agencyId: SENDER, title: 'Chủ tịch' };
const AGENCY: Binding = { kind: 'agency', agencyId: SENDER, title: null };

/** The registry's answers by the common name of the signer. */
function judged(
  report: FileReport | null,
  bindings: Readonly<Record<string, Binding>> = {
    'Nguyễn Văn Thử': PERSON,
    'Ủy ban nhân dân tỉnh Thử Nghiệm': AGENCY,
  },
  typeName = 'Công văn',
  declared: Partial<DeclaredSigner> = {},
) {
  const names = new Map(
    report?.signatures.map(({ signer }) => [signer?.certificateSha256, signer?.commonName ?? '']) ?? [],
  );
  const verdict = legalValue({
    report,
    senderId: SENDER,
    typeName,
    declared: { fullName: 'Nguyễn Văn Thử', position: 'Chủ tịch', ...declared },
    bindingOf: (sha256) => bindings[names.get(sha256) ?? ''] ?? null,
  });
  return [verdict.value, ...verdict.reasons];
}

describe('a document', () => {
  test('that the person signed and then the agency replaces paper', () => {
    expect(judged(issued)).toEqual(['replaces_paper']);
  });

  test('without an attachment is for information', () => {
    expect(judged(null)).toEqual(['for_information', 'legal.no-attachment']);
  });

  test('without a signature is for information', async () => {
    const report = verifyFile((await letterPdf()).bytes, await pdfContext());
    expect(judged(report)).toEqual(['for_information', 'legal.no-signature']);
  });

  test('with one signature that did not pass is for information, whatever the others say', () => {
    for (const indication of ['INDETERMINATE', 'TOTAL_FAILED'] as const)
      expect(judged({ ...issued, indication })).toEqual(['for_information', 'legal.signature-not-passed']);
  });

  test('whose signer the registry does not know', () => {
    expect(judged(issued, { 'Nguyễn Văn Thử': PERSON })).toEqual([
      'for_information',
      'legal.signer-unknown',
      'legal.agency-signature-missing',
    ]);
  });

  test('that another agency sealed', () => {
    const bindings = {
      'Nguyễn Văn Thử': PERSON,
      'Ủy ban nhân dân tỉnh Thử Nghiệm': { ...AGENCY, agencyId: 'ministry' },
    };
    expect(judged(issued, bindings)).toEqual([
      'for_information',
      'legal.signer-of-another-agency',
      'legal.agency-signature-missing',
    ]);
  });

  test('that only the agency sealed, or only the person signed', () => {
    const alone = (n: number) => ({ ...issued, signatures: [issued.signatures[n] as SignatureReport] });
    expect(judged(alone(0))).toEqual(['for_information', 'legal.agency-signature-missing']);
    expect(judged(alone(1))).toEqual(['for_information', 'legal.personal-signature-missing']);
  });

  test('that the agency sealed before the person signed', async () => {
    const sealed = await sign((await letterPdf()).bytes, {
      signer: 'seal-province',
      field: 'Agency1',
      visible: 'agency',
    });
    const both = await sign(sealed, { at: TEST_NOW + 600_000 });
    expect(judged(verifyFile(both, await pdfContext()))).toEqual(['for_information', 'legal.order']);
  });

  test('whose proven times contradict the order of the file', () => {
    const [person, seal] = issued.signatures as [SignatureReport, SignatureReport];
    const at = (signature: SignatureReport, time: string): SignatureReport => ({
      ...signature,
      timestamps: signature.timestamps.map((one) => ({ ...one, time })),
    });
    const swapped = [at(person, '2026-03-16T03:00:00.000Z'), at(seal, '2026-03-16T02:30:00.000Z')];
    expect(judged({ ...issued, signatures: swapped })).toEqual(['for_information', 'legal.order']);
    const claimed = issued.signatures.map((one) => ({ ...one, signingTime: '2001-01-01T00:00:00.000Z' }));
    expect(judged({ ...issued, signatures: claimed })).toEqual(['replaces_paper']);
  });
});

describe('copies', () => {
  test.each(['Sao y', 'Bản sao y', 'Sao lục', 'TRÍCH SAO', 'sao y (bản chính)', 'Sao y'.normalize('NFD')])(
    '%s needs the agency’s signature only',
    (typeName) => {
      const seal = { ...issued, signatures: [issued.signatures[1] as SignatureReport] };
      expect(judged(seal, undefined, typeName)).toEqual(['replaces_paper']);
      const person = { ...issued, signatures: [issued.signatures[0] as SignatureReport] };
      expect(judged(person, undefined, typeName)).toEqual([
        'for_information',
        'legal.agency-signature-missing',
      ]);
    },
  );

  test.each(['Công văn sao y', 'Saoy', 'Sao yêu cầu', ''])('%j is no copy', (typeName) => {
    const seal = { ...issued, signatures: [issued.signatures[1] as SignatureReport] };
    expect(judged(seal, undefined, typeName)).toEqual([
      'for_information',
      'legal.personal-signature-missing',
    ]);
  });
});

describe('the signer that the envelope names', () => {
  const named = (declared: Partial<DeclaredSigner>, typeName = 'Công văn') =>
    judged(issued, undefined, typeName, declared);

  test.each(['NGUYỄN VĂN THỬ', ' nguyễn  văn\tthử ', 'Nguyễn Văn Thử'.normalize('NFD')])(
    '%j is the one who signed',
    (fullName) => expect(named({ fullName })).toEqual(['replaces_paper']),
  );

  test.each([
    ['another person', 'Trần Thị Khác'],
    ['nobody', ''],
    ['nobody, in spaces', ' \u00a0'],
    ['a part of the name', 'Nguyễn Văn'],
    ['more than the name', 'TS. Nguyễn Văn Thử'],
    ['the words in another order', 'Nguyễn Thử Văn'],
    ['a Cyrillic letter', 'Nguyễn Văn Тhử'],
    ['an invisible character', 'Nguyễn Văn\u200b Thử'],
    ['no tones', 'Nguyen Van Thu'],
    ['the agency', 'Ủy ban nhân dân tỉnh Thử Nghiệm'],
    ['a hundred thousand characters', 'Nguyễn Văn Thử'.repeat(7200)],
  ])('%s takes the legal value, and nothing else', (_, fullName) => {
    expect(named({ fullName })).toEqual(['for_information', 'legal.signer-not-as-declared']);
  });

  test.each(['CHỦ TỊCH', 'Chủ tịch Ủy ban nhân dân tỉnh', 'chủ tịch UBND', '', '  '])(
    'post %j agrees with the registry',
    (position) => expect(named({ position })).toEqual(['replaces_paper']),
  );

  test.each(['Phó Chủ tịch', 'Chủ tịchh', 'Quyền Chủ tịch', 'Giám đốc', 'Сhủ tịch'])(
    'post %j does not',
    (position) => {
      expect(named({ position })).toEqual(['for_information', 'legal.position-not-as-declared']);
    },
  );

  test('a registry that tells no title is not held against the post', () => {
    const bindings = {
      'Nguyễn Văn Thử': { ...PERSON, title: null },
      'Ủy ban nhân dân tỉnh Thử Nghiệm': AGENCY,
    };
    expect(judged(issued, bindings, 'Công văn', { position: 'Giám đốc' })).toEqual(['replaces_paper']);
  });

  test('others may sign beside him', () => {
    const [person, seal] = issued.signatures as [SignatureReport, SignatureReport];
    const drafter = {
      ...person,
      signer: { ...person.signer!, commonName: 'Lê Soạn', certificateSha256: 'x' },
    };
    const bindings = {
      'Nguyễn Văn Thử': PERSON,
      'Lê Soạn': { ...PERSON, title: 'Chuyên viên' },
      'Ủy ban nhân dân tỉnh Thử Nghiệm': AGENCY,
    };
    const report = { ...issued, signatures: [drafter, person, seal] };
    expect(judged(report, bindings)).toEqual(['replaces_paper']);
    expect(judged(report, bindings, 'Công văn', { fullName: 'Lê Soạn', position: 'Chủ tịch' })).toEqual([
      'for_information',
      'legal.position-not-as-declared',
    ]);
  });

  test('a copy names the signer of its original, who does not sign it', () => {
    expect(named({ fullName: 'Trần Thị Khác' }, 'Sao y')).toEqual(['replaces_paper']);
  });
});
