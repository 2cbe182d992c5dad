import { beforeAll, describe, expect, test } from '@jest/globals';
import { signXml } from '../../src/lab/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed, verifyFile } from '../../src/verification/index.ts';
import { stampAt } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import { envelope, signEnvelope, xmlContext } from '../builders/xml.ts';

let ctx: VerificationContext;

beforeAll(async () => {
  ctx = await xmlContext();
});

const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const C14N_11 = 'http://www.w3.org/2006/12/xml-c14n11';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

describe('a signed envelope', () => {
  test('is passed with its signer, algorithm, coverage and path', async () => {
    const report = verifyFile(await signEnvelope(), ctx);
    expect(report).toMatchObject({ format: 'xml', indication: 'TOTAL_PASSED', errors: [] });
    expect(report.signatures).toEqual([
      expect.objectContaining({
        id: 'signature',
        baseline: null,
        coverage: 'whole-file',
        covers: ['edXML'],
        algorithm: 'RSA-2048 with SHA-256',
        signingTime: null,
        timestamps: [],
        errors: [],
        warnings: ['xml.signing-certificate-missing'],
        signer: expect.objectContaining({ commonName: 'Ủy ban nhân dân tỉnh Thử Nghiệm' }),
      }),
    ]);
    expect(report.signatures[0]?.chain).toHaveLength(3);
  });

  test('without a signature has none, whatever words stand in it', () => {
    const xml = envelope().toString().replace('kinh phí', 'Signature và DigitalSignature &lt;Signature&gt;');
    expect(verifyFile(Buffer.from(xml), ctx)).toMatchObject({ indication: 'NO_SIGNATURE', errors: [] });
  });

  test('with an empty DigitalSignature has none', () => {
    const xml = envelope()
      .toString()
      .replace('</edXML:edXMLHeader>', '<DigitalSignature/></edXML:edXMLHeader>');
    expect(verifyFile(Buffer.from(xml), ctx)).toMatchObject({ indication: 'NO_SIGNATURE', signatures: [] });
  });

  test.each([
    ['P-256', { signer: 'official-vice' }, 'ECDSA P-256 with SHA-256'],
    ['SHA-384', { digest: 'sha384' as const }, 'RSA-2048 with SHA-384'],
    ['SHA-512', { digest: 'sha512' as const }, 'RSA-2048 with SHA-512'],
    ['RSA-PSS', { pss: true }, 'RSA-PSS-2048 with SHA-256'],
    ['RSA-PSS with SHA-512', { pss: true, digest: 'sha512' as const }, 'RSA-PSS-2048 with SHA-512'],
  ])('is passed with %s', async (_, options, algorithm) => {
    const report = verifyFile(await signEnvelope(options), ctx);
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', algorithm, errors: [] });
  });

  test.each([
    [C14N],
    [`${C14N}#WithComments`],
    [C14N_11],
    [`${C14N_11}#WithComments`],
    [EXCLUSIVE],
    [`${EXCLUSIVE}WithComments`],
  ])('is passed in the canonical form %s', async (form) => {
    const signed = await signEnvelope({ form, references: [{ uri: '', enveloped: true, form }] });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  test('is passed with a prefix list of the exclusive form, and not when the list is changed', async () => {
    const references = [{ uri: '', enveloped: true, prefixes: ['edXML', '#default'] }];
    const signed = await signEnvelope({ references });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
    const other = Buffer.from(signed.toString().replace('PrefixList="edXML', 'PrefixList="xml'));
    expect(verifyFile(other, ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
  });

  test('is passed when a reference names the Id of the root, and several references may stand beside it', async () => {
    const references = [{ uri: '#all', enveloped: true }, { uri: '#files' }, { uri: '#message', form: C14N }];
    const report = verifyFile(await signEnvelope({ xml: envelope({ id: 'all' }), references }), ctx);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(report.signatures[0]).toMatchObject({
      coverage: 'whole-file',
      covers: ['edXML', 'edXML/AttachmentEncoded', 'edXML/edXMLEnvelope/edXMLHeader/MessageHeader'],
    });
  });

  test('comments are not what was signed: one more or fewer changes nothing', async () => {
    const signed = (await signEnvelope()).toString();
    const other = signed.replace('<!-- ghi chú -->', '').replace('<edXML:From>', '<!-- thêm --><edXML:From>');
    expect(verifyFile(Buffer.from(other), ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  test('two signatures: the later covers the earlier, which is broken by it', async () => {
    const first = await signEnvelope({ id: 'first' });
    const both = await signEnvelope({ xml: first, id: 'second', into: 'edXML', signer: 'official-vice' });
    const report = verifyFile(both, ctx);
    expect(report.indication).toBe('TOTAL_FAILED');
    expect(report.signatures.map((one) => [one.id, one.indication, one.errors])).toEqual([
      ['first', 'TOTAL_FAILED', ['xml.digest-mismatch']],
      ['second', 'TOTAL_PASSED', []],
    ]);
  });
});

describe('parallel signatures', () => {
  test.each(['filter2', 'xpath'] as const)(
    'that leave all signatures out (%s) do not break each other',
    async (allOut) => {
      const references = [{ uri: '', allOut }];
      const first = await signEnvelope({ id: 'first', references });
      const both = await signEnvelope({ xml: first, id: 'second', signer: 'official-vice', references });
      const report = verifyFile(both, ctx);
      expect(report.indication).toBe('TOTAL_PASSED');
      expect(report.signatures.map((one) => [one.id, one.coverage])).toEqual([
        ['first', 'whole-file'],
        ['second', 'whole-file'],
      ]);
      const changed = both.toString().replace('1.000.000', '2.000.000');
      expect(verifyFile(Buffer.from(changed), ctx).signatures.map((one) => one.errors)).toEqual([
        ['xml.digest-mismatch'],
        ['xml.digest-mismatch'],
      ]);
    },
  );
});

describe('a signature over a part only', () => {
  test('is never passed, and says what it covers', async () => {
    const report = verifyFile(await signEnvelope({ references: [{ uri: '#message' }] }), ctx);
    expect(report).toMatchObject({ indication: 'INDETERMINATE' });
    expect(report.signatures[0]).toMatchObject({
      subIndication: 'SIG_CONSTRAINTS_FAILURE',
      coverage: 'part',
      covers: ['edXML/edXMLEnvelope/edXMLHeader/MessageHeader'],
      errors: ['xml.covers-part-only'],
    });
  });
});

describe('XAdES', () => {
  test('level B names certificate and claimed time', async () => {
    const [signature] = verifyFile(await signEnvelope({ level: 'B' }), ctx).signatures;
    expect(signature).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-B',
      signingTime: '2026-03-16T02:00:00.000Z',
      coverage: 'whole-file',
      warnings: [],
    });
  });

  test('level T proves its time', async () => {
    const [signature] = verifyFile(await signEnvelope({ level: 'T' }), ctx).signatures;
    expect(signature).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-T',
      bestSignatureTime: '2026-03-16T02:00:02.000Z',
      warnings: [],
    });
    expect(signature?.timestamps).toEqual([
      expect.objectContaining({ indication: 'TOTAL_PASSED', errors: [] }),
    ]);
  });

  test('a proven time saves a signer who was revoked later, a claimed one does not', async () => {
    const at = TEST_NOW - 2 * 86_400_000;
    const { certificate, key } = (await testPki()).entity('official-revoked-late');
    const order = (timestamp: boolean) => ({
      signer: 'official-revoked-late',
      certificate,
      key,
      xades: { signingTime: at, ...(timestamp ? { timestamp: stampAt(at) } : {}) },
    });
    const [proven, claimed] = await Promise.all(
      [true, false].map((timestamp) => signXml({ xml: envelope(), ...order(timestamp) })),
    );
    expect(verifyFile(proven as Buffer, ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['revocation.revoked-later'],
    });
    expect(verifyFile(claimed as Buffer, ctx).signatures[0]).toMatchObject({ indication: 'INDETERMINATE' });
  });

  test('a token over something else proves nothing and drops the level', async () => {
    const signed = (await signEnvelope({ level: 'T' })).toString();
    const token = (await stampAt(TEST_NOW)(Buffer.alloc(32, 7))).toString('base64');
    const other = signed.replace(/(<EncapsulatedTimeStamp>)[^<]+/, `$1${token}`);
    const [signature] = verifyFile(Buffer.from(other), ctx).signatures;
    expect(signature).toMatchObject({ baseline: 'B-B', warnings: ['timestamp.not-accepted'] });
    expect(signature?.timestamps[0]).toMatchObject({ errors: ['timestamp.imprint-mismatch'] });
  });

  test('the strict policy demands certificate and time-stamp', async () => {
    const strict = { ...ctx, policy: policyNamed('strict') };
    expect(verifyFile(await signEnvelope(), strict).signatures[0]?.errors).toEqual([
      'policy.signing-certificate-demanded',
      'policy.timestamp-demanded',
    ]);
    expect(verifyFile(await signEnvelope({ level: 'T' }), strict)).toMatchObject({
      indication: 'TOTAL_PASSED',
    });
  });

  test('a property that is not judged is told', async () => {
    const signed = (await signEnvelope({ level: 'T' })).toString();
    const other = signed.replace(
      '</UnsignedSignatureProperties>',
      '<RenewedDigests/></UnsignedSignatureProperties>',
    );
    expect(verifyFile(Buffer.from(other), ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['xml.property-ignored'],
    });
  });
});

describe('the signer', () => {
  test.each([
    ['official-expired', ['path.expired']],
    ['official-revoked-early', ['revocation.revoked']],
    ['official-rogue', ['path.signature-wrong']],
    ['official-weak', ['path.weak-key']],
    ['official-wrong-usage', ['path.key-usage']],
  ])('%s is not passed', async (signer, errors) => {
    expect(verifyFile(await signEnvelope({ signer }), ctx).signatures[0]).toMatchObject({
      indication: 'INDETERMINATE',
      errors,
    });
  });

  test('is the one whose key made the signature, wherever its certificate stands in KeyInfo', async () => {
    const pki = await testPki();
    const [own, other] = ['seal-province', 'official-vice'].map((name) =>
      pki.entity(name).certificate.toString('base64'),
    );
    const signed = (await signEnvelope()).toString();
    const shuffled = signed.replace(
      `<X509Certificate>${own}`,
      `<X509Certificate>${other}</X509Certificate><X509Certificate>${own}`,
    );
    expect(shuffled).not.toBe(signed);
    expect(verifyFile(Buffer.from(shuffled), ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      signer: { commonName: 'Ủy ban nhân dân tỉnh Thử Nghiệm' },
    });
  });
});
