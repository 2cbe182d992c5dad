import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Bilingual, LEGAL_REASONS, VERDICTS, verdictSentences } from '../../src/messages/index.ts';
import {
  codeMeanings,
  type FileReport,
  legalReasons,
  type VerificationCode,
} from '../../src/verification/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENT = join(ROOT, 'docs', 'verdicts.md');
const codes = Object.keys(codeMeanings) as VerificationCode[];

const LEGAL_VALUE = {
  TOTAL_PASSED: 'not affected',
  INDETERMINATE: '`for_information`',
  TOTAL_FAILED: '`for_information`',
};
const INTAKE = {
  TOTAL_PASSED: 'accepted',
  INDETERMINATE: 'accepted or held',
  TOTAL_FAILED: 'main file refused',
};

function codeTable(): string {
  const rows = codes.map((code) => {
    const { indication, subIndication, severity } = codeMeanings[code];
    const verdict = severity === 'warning' ? 'warning' : `${indication} / ${subIndication}`;
    const { vi, en } = VERDICTS[code];
    return `| \`${code}\` | ${verdict} | ${LEGAL_VALUE[indication]} | ${INTAKE[indication]} | ${vi} | ${en} |`;
  });
  return [
    '| code | verdict | legal value | intake | nghĩa | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function reasonTable(): string {
  const rows = legalReasons.map(
    (reason) => `| \`${reason}\` | ${LEGAL_REASONS[reason].vi} | ${LEGAL_REASONS[reason].en} |`,
  );
  return ['| reason | nghĩa | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The document with its tables made anew; TRUC_TEST_UPDATE=1 writes it. */
function withTables(text: string): string {
  const put = (whole: string, name: string, table: string) =>
    whole.replace(
      new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- end -->`),
      () => `<!-- ${name} -->\n\n${table}\n\n<!-- end -->`,
    );
  return put(put(text, 'codes', codeTable()), 'legal reasons', reasonTable());
}

describe('docs/verdicts.md', () => {
  test('has the table of codes and reasons as they are (TRUC_TEST_UPDATE=1 writes it)', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    if (process.env.TRUC_TEST_UPDATE === '1') writeFileSync(DOCUMENT, withTables(text));
    else expect(text).toBe(withTables(text));
  });
});

describe('codes', () => {
  test('each is said somewhere in the room', () => {
    const folder = join(ROOT, 'src', 'verification');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('codes.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });

  const texts: readonly (readonly [string, Bilingual])[] = [
    ...Object.entries(VERDICTS),
    ...Object.entries(LEGAL_REASONS),
  ];

  test.each(texts)('%s is said in both languages, without a full stop or a bar', (_, { vi, en }) => {
    for (const text of [vi, en]) expect(text).toMatch(/^\p{L}[^|]*[^.|]$/u);
    expect(vi).not.toBe(en);
  });
});

describe('a report in sentences', () => {
  const report: FileReport = {
    format: 'pdf',
    indication: 'INDETERMINATE',
    sha256: '0'.repeat(64),
    size: 1,
    validatedAt: '2026-03-16T02:00:00.000Z',
    policy: 'cong-vu',
    errors: [],
    warnings: ['timestamp.not-accepted'],
    signatures: [
      {
        id: 'Person1\n\u202eReasoN',
        indication: 'INDETERMINATE',
        subIndication: 'TRY_LATER',
        baseline: 'B-B',
        signer: null,
        signingTime: null,
        bestSignatureTime: '2026-03-16T02:00:00.000Z',
        timestamps: [],
        algorithm: null,
        coverage: 'whole-file',
        revision: 1,
        laterChanges: [],
        errors: ['revocation.missing'],
        warnings: [],
        chain: [],
      },
    ],
  };

  test('tells verdict, signer, time, codes and remedies', () => {
    expect(verdictSentences('a.pdf', report, 'en')).toEqual([
      'a.pdf: NOT DECIDED (INDETERMINATE, pdf)',
      '  ! A time-stamp was not accepted and proves no time [timestamp.not-accepted]',
      '  Person1\ufffd\ufffdReasoN: NOT DECIDED (INDETERMINATE/TRY_LATER, B-B), signer unknown, no time-stamp',
      '      ✗ There is no data on whether the certificate was revoked [revocation.missing]. Put the CRLs or OCSP responses into the folder of --crls and judge again.',
    ]);
  });

  test('in Vietnamese too', () => {
    expect(verdictSentences('a.pdf', report, 'vi')[0]).toBe('a.pdf: CHƯA XÁC ĐỊNH (INDETERMINATE, pdf)');
  });
});
