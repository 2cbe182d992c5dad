import { beforeAll, describe, expect, test } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import { codeMeanings, judge, type VerificationCode } from '../../src/verification/codes.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { withDeclared } from '../../src/verification/declared.ts';
import { fileKind } from '../../src/verification/file-kind.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { worst } from '../../src/verification/report.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { verifyFile } from '../../src/verification/verify.ts';
import { budgetFor, spendOnDigest, spendOnKey, withinBudget } from '../../src/verification/work.ts';
import { attribute, signedData } from '../builders/forged-cms.ts';
import { certify, ext, keyOf, nameOf, rootAuthority } from '../builders/forged-pki.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const root = rootAuthority(NOW, 'Gốc tệp');
const signer = certify(NOW, { subject: nameOf('Người ký', ['2.5.4.5', '001']), issuer: root });
const ctx: VerificationContext = {
  trust: trustStore({ anchors: [root.certificate] }),
  policy: policyNamed('cong-vu'),
  at: NOW,
  revocation: 'none',
};
const content = Buffer.from('văn bản');
const cms = signedData({ content, signers: [{ party: signer }] });
const pem = (label: string, body = cms) =>
  `-----BEGIN ${label}-----\n${body.toString('base64')}\n-----END ${label}-----\n`;

/** A ZIP entry's local header, which is all that kinds are told from. */
function zipEntry(name: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name)]);
}

describe('the kind of a file is told from its bytes', () => {
  test.each([
    ['a PDF', 'pdf', Buffer.from('%PDF-1.7')],
    ['a PDF behind other octets', 'pdf', Buffer.concat([Buffer.alloc(1_000, 32), Buffer.from('%PDF-1.7')])],
    ['a header too far behind', 'other', Buffer.concat([Buffer.alloc(1_100, 65), Buffer.from('%PDF-1.7')])],
    ['CMS', 'cms', cms],
    ['CMS in PEM', 'cms', Buffer.from(pem('CMS'))],
    [
      'CMS around a PDF',
      'cms',
      signedData({ content: Buffer.from('%PDF-1.7'), signers: [{ party: signer }] }),
    ],
    ['a certificate', 'other', root.certificate],
    ['XML', 'xml', Buffer.from('<a/>')],
    [
      'XML behind a byte order mark and much white space',
      'xml',
      Buffer.from(`\ufeff${' \r\n'.repeat(900)}<a/>`),
    ],
    ['XML in UTF-16 with a mark', 'xml', Buffer.from('\ufeff<a/>', 'utf16le')],
    ['XML in UTF-16 without one', 'xml', Buffer.from('<a/>', 'utf16le')],
    ['XML in UTF-16, the other way round', 'xml', Buffer.from('<a/>', 'utf16le').swap16()],
    ['a ZIP', 'other', zipEntry('word/document.xml')],
    [
      'ASiC-E',
      'signed-container',
      Buffer.concat([zipEntry('mimetype'), zipEntry('META-INF/signatures.xml')]),
    ],
    ['a signed OOXML file', 'signed-container', zipEntry('_xmlsignatures/sig1.xml')],
    [
      'a package whose signature hides behind thousands of entries',
      'signed-container',
      Buffer.concat([
        ...Array.from({ length: 10_001 }, () => zipEntry('a')),
        zipEntry('META-INF/signatures.xml'),
      ]),
    ],
    ['nothing', 'other', Buffer.alloc(0)],
    ['text', 'other', Buffer.from('Kính gửi')],
  ] as const)('%s is %s', (_, kind, bytes) => {
    expect(fileKind(bytes)).toBe(kind);
  });
});

describe('CMS files', () => {
  const said = (bytes: Buffer, options = {}) => {
    const { format, indication, errors } = verifyFile(bytes, ctx, options);
    return [format, indication, ...errors];
  };

  test('DER and PEM under all its labels', () => {
    expect(said(cms)).toEqual(['cms', 'TOTAL_PASSED']);
    for (const label of ['CMS', 'PKCS7', 'PKCS #7 SIGNED DATA'])
      expect(said(Buffer.from(pem(label)))).toEqual(['cms', 'TOTAL_PASSED']);
  });

  test('detached content comes beside it', () => {
    const detached = signedData({ content, signers: [{ party: signer }], detached: true });
    expect(said(detached, { detached: content })).toEqual(['cms', 'TOTAL_PASSED']);
    expect(said(detached, { detached: Buffer.from('khác') })).toEqual(['cms', 'TOTAL_FAILED']);
    expect(said(detached)).toEqual(['cms', 'INDETERMINATE']);
  });

  test.each([
    ['with text behind it', `${pem('CMS')}Đã duyệt chi 1 tỷ`],
    ['with a second block', pem('CMS') + pem('CMS')],
    ['without its end', pem('CMS').slice(0, -20)],
    ['that is empty', '-----BEGIN CMS-----\n-----END CMS-----'],
  ])('PEM %s is malformed', (_, text) => {
    expect(verifyFile(Buffer.from(text), ctx).indication).toBe('TOTAL_FAILED');
  });

  test('what a viewer would show must be what was signed', () => {
    const pdf = Buffer.from('%PDF-1.7\n…\nstartxref\n0\n%%EOF\n');
    const wrapped = (unsigned?: Buffer) =>
      signedData({
        content: pdf,
        signers: [
          {
            party: signer,
            ...(unsigned ? { unsigned: () => [attribute('1.2.3.4', der.octetString(unsigned))] } : {}),
          },
        ],
      });
    expect(said(wrapped())).toEqual(['cms', 'TOTAL_PASSED']);
    expect(said(wrapped(Buffer.from('1 0 obj … startxref\n9\n%%EOF')))).toEqual([
      'cms',
      'INDETERMINATE',
      'file.two-formats',
    ]);
    const zip = signedData({
      content,
      signers: [
        {
          party: signer,
          unsigned: () => [attribute('1.2.3.4', der.octetString(Buffer.from('PK\u0005\u0006')))],
        },
      ],
    });
    expect(said(zip)).toEqual(['cms', 'INDETERMINATE', 'file.two-formats']);
    const shown = signedData({
      content,
      certificates: [der.sequence(der.octetString(pdf)), signer.certificate],
      signers: [{ party: signer }],
    });
    expect(said(shown)[1]).toBe('INDETERMINATE');
  });
});

describe('the work of a verification is bounded', () => {
  test('a file of many signers and certificates ends with file.limit-exceeded, and harms no later verdict', () => {
    const issuers = Array.from({ length: 145 }, (_, i) =>
      certify(NOW, {
        subject: 'Đông',
        issuer: root,
        key: keyOf('p256', `crowd ${i}`),
        extensions: [ext.ca()],
      }),
    );
    const crowd = { ...root, subject: nameOf('Đông') };
    const signers = Array.from({ length: 50 }, (_, i) => certify(NOW, { subject: `Ký ${i}`, issuer: crowd }));
    const heavy = signedData({
      content,
      signers: signers.map((party) => ({ party })),
      certificates: [...issuers, ...signers].map((one) => one.certificate),
    });
    expect(verifyFile(heavy, ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['file.limit-exceeded'],
      signatures: [],
    });
    expect(verifyFile(cms, ctx).indication).toBe('TOTAL_PASSED');
  });

  test('what is concluded after the last unit of work counts for nothing, whoever caught the error', () => {
    const careless = () => {
      try {
        spendOnDigest(65_536 * 3);
        return 'enough';
      } catch {
        return 'caught';
      }
    };
    expect(withinBudget(3, careless)).toBe('enough');
    expect(withinBudget(2, careless)).toBeNull();
    expect(careless()).toBe('enough');
  });

  test('larger files may cost more, and larger keys cost more', () => {
    expect(budgetFor(1_000_000_000)).toBeGreaterThan(budgetFor(1_000));
    const key = (bits: number, budget: number) =>
      withinBudget(budget, () => {
        spendOnKey(bits);
        return 'paid';
      });
    expect(key(4_096, 4)).toBe('paid');
    expect(key(8_192, 4)).toBeNull();
  });
});

describe('the declared signer', () => {
  const report = verifyFile(cms, ctx);
  const said = (declared: string | undefined) => {
    const { indication, signatures } = withDeclared(report, declared);
    return [indication, ...(signatures[0]?.errors ?? [])];
  };

  test.each([
    [undefined],
    ['CN=Người ký'],
    ['CN=Người ký;serialNumber=001'],
    ['serialNumber=001'],
    ['CN=NGƯỜI  KÝ'],
    [` cn = ${'Người ký'.normalize('NFD')} ; SERIALNUMBER=001 `],
  ])('%s is the signer', (declared) => expect(said(declared)).toEqual(['TOTAL_PASSED']));

  test.each([
    'CN=Người khác',
    'CN=Người ký;serialNumber=002',
    'serialNumber=1',
    'CN=Nguời ký',
    'CN=Ngườі ký',
    'CN=Người ký ký',
  ])('%s is another', (declared) =>
    expect(said(declared)).toEqual(['INDETERMINATE', 'file.signer-not-declared']),
  );

  test.each([
    '',
    'CN=',
    'Người ký',
    'O=Sở',
    'CN=Người ký;',
    'CN=Người khác;CN=Người ký',
    'constructor=x',
    '__proto__=x',
  ])('%j is no declaration', (declared) =>
    expect(said(declared)).toEqual(['INDETERMINATE', 'file.declared-unreadable']),
  );

  test('a failed signature stays failed', () => {
    const forged = signedData({ content, signers: [{ party: signer, signature: Buffer.alloc(70, 1) }] });
    expect(withDeclared(verifyFile(forged, ctx), 'CN=Người khác').indication).toBe('TOTAL_FAILED');
  });

  test('a signer that is nobody is not the declared one', () => {
    const unknown = signedData({ content, signers: [{ party: signer }], certificates: [] });
    expect(verifyFile(unknown, { ...ctx, declared: 'CN=Người ký' }).signatures[0]?.errors).toContain(
      'file.signer-not-declared',
    );
  });
});

describe('files of other kinds', () => {
  test.each([
    [
      'a package with a signature that is no whole ZIP',
      zipEntry('META-INF/signatures.xml'),
      ['asic', 'TOTAL_FAILED', 'asic.zip-malformed'],
    ],
    ['text', Buffer.from('Kính gửi'), ['none', 'NO_SIGNATURE']],
    ['nothing', Buffer.alloc(0), ['none', 'NO_SIGNATURE']],
  ])('%s', (_, bytes, expected) => {
    const report = verifyFile(bytes, ctx);
    expect([report.format, report.indication, ...report.errors]).toEqual(expected);
  });
});

describe('PDF files through the same door', () => {
  let pdfCtx: VerificationContext;
  beforeAll(async () => {
    pdfCtx = await pdfContext();
  });

  test('an issued letter passes, and names policy, size and digest', async () => {
    const letter = await issuedLetter();
    expect(verifyFile(letter, pdfCtx)).toMatchObject({
      format: 'pdf',
      indication: 'TOTAL_PASSED',
      policy: 'cong-vu',
      size: letter.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      validatedAt: '2026-03-16T04:00:00.000Z',
    });
  });

  test('the declared person is not the agency that sealed', async () => {
    const { indication } = verifyFile(await issuedLetter(), { ...pdfCtx, declared: 'CN=Nguyễn Văn Thử' });
    expect(indication).toBe('INDETERMINATE');
    const person = await sign((await letterPdf()).bytes);
    expect(verifyFile(person, { ...pdfCtx, declared: 'CN=Nguyễn Văn Thử' }).indication).toBe('TOTAL_PASSED');
  });
});

describe('the table of codes', () => {
  const codes = Object.keys(codeMeanings) as VerificationCode[];

  test.each(codes)('%s has one meaning, and judge() keeps to it', (code) => {
    const meaning = codeMeanings[code];
    const judged = judge([code]);
    expect(judged.indication).toBe(meaning.indication);
    expect(judged.subIndication).toBe(meaning.subIndication);
    expect(meaning.severity === 'warning' ? judged.warnings : judged.errors).toEqual([code]);
    expect(meaning.severity === 'warning').toBe(meaning.indication === 'TOTAL_PASSED');
  });

  test('the worst code decides, in whatever order; repeated codes are told once', () => {
    expect(judge(['path.expired', 'cms.signature-wrong', 'cms.ber-encoded', 'path.expired'])).toEqual({
      indication: 'TOTAL_FAILED',
      subIndication: 'SIG_CRYPTO_FAILURE',
      errors: ['path.expired', 'cms.signature-wrong'],
      warnings: ['cms.ber-encoded'],
    });
    expect(judge([]).indication).toBe('TOTAL_PASSED');
    expect(worst(['TOTAL_PASSED', 'TOTAL_FAILED', 'INDETERMINATE'])).toBe('TOTAL_FAILED');
    expect(worst([])).toBe('NO_SIGNATURE');
  });
});
