import { describe, expect, test } from '@jest/globals';
import { der, derAt, derChildren, oids } from '../../src/signing/index.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { type ArchiveRequest, archived, signatureStamp } from '../builders/forged-archive.ts';
import { attribute, type SignerRequest, signedData, signerInfo, token } from '../builders/forged-cms.ts';
import { certify, DAY, ext, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { type CrlEntry, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const STAMPING = '1.3.6.1.5.5.7.3.8';
const COUNTER = '1.2.840.113549.1.9.6';
const CERTIFICATE_VALUES = '1.2.840.113549.1.9.16.2.23';
const REVOCATION_VALUES = '1.2.840.113549.1.9.16.2.24';
const root = rootAuthority(NOW, 'Gốc CAdES');
const signer = certify(NOW, { subject: 'Người ký', issuer: root, notBefore: NOW - 3 * YEAR });
const witness = certify(NOW, { subject: 'Người xác nhận', issuer: root, notBefore: NOW - 3 * YEAR });
const authority = (subject: string, notAfter?: number) =>
  certify(NOW, {
    subject,
    issuer: root,
    extensions: [ext.keyUsage(0), ext.purposes(true, STAMPING)],
    notBefore: NOW - 3 * YEAR,
    ...(notAfter === undefined ? {} : { notAfter }),
  });
const tsa = authority('TSA');
const oldTsa = authority('TSA cũ', NOW - 10 * DAY);
const content = Buffer.from('Kính gửi Văn phòng Chính phủ');
const crl = (entries: readonly CrlEntry[] = [], thisUpdate = NOW - 3_600_000) =>
  revocationList({ issuer: root, thisUpdate, entries });

function context(revoked: readonly CrlEntry[] = []): VerificationContext {
  return {
    trust: trustStore({ anchors: [root.certificate], crls: [crl(revoked)] }),
    policy: policyNamed('cong-vu'),
    at: NOW,
    revocation: 'required',
  };
}

const judged = (cms: Buffer, ctx = context()) => verifyCms(cms, 'attached', ctx);
const said = (cms: Buffer, ctx = context()) =>
  judged(cms, ctx).map((one) => [one.id, one.indication, one.baseline, ...one.errors, ...one.warnings]);

describe('archive-time-stamp-v3', () => {
  const request = (one: Partial<SignerRequest> = {}) => ({
    content,
    signers: [{ party: signer, ...one }],
    revocation: [crl([], NOW - 20 * DAY)],
  });
  const archive = (more: Partial<ArchiveRequest> = {}): ArchiveRequest => ({
    authority: tsa,
    time: NOW - DAY,
    ...more,
  });
  const cms = (...archives: ArchiveRequest[]) =>
    archived(request(), signatureStamp(tsa, NOW - 20 * DAY), archives);

  test('over everything makes B-LTA, and proves its time', () => {
    const [report] = judged(cms(archive()));
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-LTA', errors: [], warnings: [] });
    expect(report?.timestamps.map(({ kind, indication }) => [kind, indication])).toEqual([
      ['signature', 'TOTAL_PASSED'],
      ['archive', 'TOTAL_PASSED'],
    ]);
  });

  test('with the older index of whole attributes', () => {
    expect(said(cms(archive({ older: true })))).toEqual([['1', 'TOTAL_PASSED', 'B-LTA']]);
  });

  test('a later one carries an earlier one whose authority has expired since', () => {
    const first = archive({ authority: oldTsa, time: NOW - 15 * DAY });
    expect(said(cms(first))[0]).toEqual(['1', 'TOTAL_PASSED', 'B-LT', 'timestamp.not-accepted']);
    expect(said(cms(first, archive({ time: NOW - 12 * DAY })))).toEqual([['1', 'TOTAL_PASSED', 'B-LTA']]);
  });

  test('carries a signature time-stamp whose authority has expired since', () => {
    const stamped = (archives: ArchiveRequest[]) =>
      archived(request(), signatureStamp(oldTsa, NOW - 20 * DAY), archives);
    expect(said(stamped([]))[0]).toEqual(['1', 'TOTAL_PASSED', 'B-B', 'timestamp.not-accepted']);
    const [report] = judged(stamped([archive({ time: NOW - 12 * DAY })]));
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-LTA', warnings: [] });
    expect(report?.bestSignatureTime).toBe(new Date(NOW - 20 * DAY).toISOString());
  });

  test('rescues a signature whose certificate was revoked later, and none that was revoked before', () => {
    const bytes = cms(archive());
    const revokedAt = (at: number) => context([{ party: signer, at, reason: 1 }]);
    expect(judged(bytes, revokedAt(NOW - 3_600_000 * 2))[0]?.indication).toBe('TOTAL_PASSED');
    expect(judged(bytes, revokedAt(NOW - 30 * DAY))[0]?.indication).not.toBe('TOTAL_PASSED');
  });

  test('a token that lists only a part proves only that part: not LTA', () => {
    const part = archive({ lists: ([certificates, , values]) => [certificates!, [], values!] });
    expect(said(cms(part))).toEqual([['1', 'TOTAL_PASSED', 'B-LT']]);
  });

  test('a token that does not list the signature time-stamp does not carry it', () => {
    const part = archive({
      time: NOW - 12 * DAY,
      lists: ([certificates, revocation]) => [certificates!, revocation!, []],
    });
    const bytes = archived(request(), signatureStamp(oldTsa, NOW - 20 * DAY), [part]);
    expect(said(bytes)[0]).toEqual(['1', 'TOTAL_PASSED', 'B-B', 'timestamp.not-accepted']);
  });

  describe('attacks', () => {
    const attacks: [name: string, code: string, archive: ArchiveRequest][] = [
      ['index that lists what is not there', 'timestamp.index-mismatch', archive({
        lists: ([a, b, c]) => [[...a!, Buffer.alloc(32, 1)], b!, c!],
      })],
      ['index replaced after stamping', 'timestamp.imprint-mismatch', archive({
        swapIndex: () => der.sequence(der.sequence(der.oid(oids.sha256)), der.sequence(), der.sequence(), der.sequence()),
      })],
      ['index left out', 'timestamp.index-missing', archive({ withoutIndex: true })],
      ['index that is no index', 'timestamp.index-missing', archive({ swapIndex: () => der.sequence(der.integer(1)) })],
    ]; // biome-ignore format: a table
    test.each(attacks)('%s', (_, code, request) => {
      const [report] = judged(cms(request));
      expect(report?.baseline).toBe('B-LT');
      expect(report?.timestamps.find(({ kind }) => kind === 'archive')?.errors).toContain(code);
    });

    test('archive time-stamp of another signature', () => {
      const value = archived(
        { ...request(), signers: [{ party: witness }] },
        signatureStamp(tsa, NOW - 20 * DAY),
        [archive()],
      );
      const inside = unsignedOf(value);
      const moved = signedData({
        ...request(),
        signers: [{ party: signer, unsigned: () => inside }],
      });
      expect(said(moved)[0]).toEqual(['1', 'TOTAL_PASSED', 'B-B', 'timestamp.not-accepted']);
    });

    test('revocation data added after the last archive time-stamp are not covered by it', () => {
      const more = archive({ lists: ([a, b, c]) => [a!, b!, c!] });
      const bytes = archived(
        { ...request(), revocation: [crl([], NOW - 20 * DAY)] },
        signatureStamp(tsa, NOW - 20 * DAY),
        [{ ...more, lists: ([a, , c]) => [a!, [], c!] }],
      );
      expect(judged(bytes)[0]?.baseline).toBe('B-LT');
    });
  });
});

/** The unsigned attributes of the only signer. */
function unsignedOf(cms: Buffer): Buffer[] {
  const inside = (at: number) => derChildren(cms, derAt(cms, at));
  const [info] = derChildren(cms, inside(inside(0)[1]!.contentStart).at(-1)!);
  const unsigned = derChildren(cms, info!).at(-1)!;
  return derChildren(cms, unsigned).map(({ start, end }) => cms.subarray(start, end));
}

describe('validation data of the older long-term forms', () => {
  const bytes = (attributes: Buffer[], certificates?: Buffer[]) =>
    signedData({
      content,
      ...(certificates ? { certificates } : {}),
      signers: [
        {
          party: signer,
          unsigned: (signature) => [...signatureStamp(tsa, NOW - DAY)(signature), ...attributes],
        },
      ],
    });
  const offline = { ...context(), trust: trustStore({ anchors: [root.certificate], crls: [] }) };

  test('revocation-values are used as material and make B-LT', () => {
    const values = attribute(REVOCATION_VALUES, der.sequence(der.explicit(0, der.sequence(crl()))));
    expect(said(bytes([]), offline)[0]).toContain('revocation.missing');
    expect(said(bytes([values]), offline)[0]).toEqual(['1', 'TOTAL_PASSED', 'B-LT']);
  });

  test('certificate-values build the path, and an anchor among them is not trusted', () => {
    const middle = certify(NOW, {
      subject: 'CA giữa',
      issuer: root,
      extensions: [ext.ca(), ext.keyUsage(5, 6)],
    });
    const leaf = certify(NOW, { subject: 'Lá', issuer: middle });
    const stranger = rootAuthority(NOW, 'Gốc tự đem');
    const leafOf = (values: Buffer[]) =>
      signedData({
        content,
        signers: [{ party: leaf, unsigned: () => [attribute(CERTIFICATE_VALUES, der.sequence(...values))] }],
      });
    const lists = [crl(), revocationList({ issuer: middle, thisUpdate: NOW - 3_600_000 })];
    const ctx = { ...context(), trust: trustStore({ anchors: [root.certificate], crls: lists }) };
    expect(said(leafOf([stranger.certificate]), ctx)[0]).toContain('path.no-chain');
    expect(said(leafOf([middle.certificate]), ctx)[0]).toEqual(['1', 'TOTAL_PASSED', 'B-B']);
  });

  test.each([
    ['revocation-values that are none', attribute(REVOCATION_VALUES, der.integer(1))],
    ['certificate-values that are none', attribute(CERTIFICATE_VALUES, der.octetString(Buffer.from('x')))],
  ])('%s are passed over', (_, value) => {
    expect(said(bytes([value]))[0]?.slice(0, 3)).toEqual(['1', 'TOTAL_PASSED', 'B-T']);
  });

  test('an archive time-stamp of the older kind is told and proves nothing', () => {
    const value = attribute(
      '1.2.840.113549.1.9.16.2.48',
      token({ authority: tsa, stamped: content, time: NOW - DAY }),
    );
    expect(said(bytes([value]))[0]).toEqual(['1', 'TOTAL_PASSED', 'B-T', 'cms.archive-timestamp-not-judged']);
  });
});

describe('counter-signatures', () => {
  /** A counter-signature over a signature; honest unless told otherwise. */
  const counter = (over: Buffer, one: Partial<SignerRequest> = {}) =>
    signerInfo({ party: witness, attributes: (honest) => honest.slice(1), ...one }, over);
  const countered = (make: (signature: Buffer) => Buffer[]) =>
    signedData({
      content,
      certificates: [signer.certificate, witness.certificate],
      signers: [{ party: signer, unsigned: (signature) => [attribute(COUNTER, ...make(signature))] }],
    });

  test('are signatures of their own, named as such', () => {
    const reports = judged(countered((signature) => [counter(signature)]));
    expect(reports.map(({ id, indication, counterSigns }) => [id, indication, counterSigns])).toEqual([
      ['1', 'TOTAL_PASSED', undefined],
      ['1/counter-1', 'TOTAL_PASSED', '1'],
    ]);
    expect(reports[1]).toMatchObject({ coverage: 'part', signer: { commonName: 'Người xác nhận' } });
  });

  test('on counter-signatures, to a depth', () => {
    const nested = (over: Buffer, levels: number): Buffer =>
      counter(over, {
        unsigned: (own) => (levels > 1 ? [attribute(COUNTER, nested(own, levels - 1))] : []),
      });
    expect(said(countered((signature) => [nested(signature, 2)])).map(([id]) => id)).toEqual([
      '1',
      '1/counter-1',
      '1/counter-1/counter-1',
    ]);
    expect(said(countered((signature) => [nested(signature, 6)])).at(-1)).toContain(
      'cms.too-many-signatures',
    );
  });

  test('with a time-stamp of their own', () => {
    const [, report] = judged(
      countered((signature) => [counter(signature, { unsigned: signatureStamp(tsa, NOW - DAY) })]),
    );
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-T' });
  });

  test('by others than the declared signer do not make the file another’s', () => {
    const bytes = countered((signature) => [counter(signature)]);
    const by = (declared: string) => verifyFile(bytes, { ...context(), declared }).indication;
    expect(by('CN=Người ký')).toBe('TOTAL_PASSED');
    expect(by('CN=Người xác nhận')).toBe('INDETERMINATE');
  });

  describe('attacks', () => {
    const other = Buffer.from('chữ ký khác');
    const attacks: [name: string, code: string, make: (signature: Buffer) => Buffer[]][] = [
      ['counter-signature of another signature', 'cms.message-digest-mismatch', () => [counter(other)]],
      ['counter-signature with another value', 'cms.signature-wrong', (s) => [
        counter(s, { signature: Buffer.from(signerInfo({ party: witness }, other)).subarray(-70) }),
      ]],
      ['signature of content passed off as counter-signature', 'cms.content-type-mismatch', () => [
        signerInfo({ party: witness }, content),
      ]],
      ['counter-signature without signed attributes', 'cms.signed-attributes-missing', (s) => [
        signerInfo({ party: witness, attributes: null }, s),
      ]],
      ['counter-signature by somebody unknown', 'cms.certificate-not-found', (s) => [
        counter(s, { party: certify(NOW, { subject: 'Người xác nhận', issuer: rootAuthority(NOW, 'Lạ') }) }),
      ]],
      ['counter-signature that is no SignerInfo', 'cms.malformed', () => [der.sequence()]],
    ]; // biome-ignore format: a table
    test.each(attacks)('%s', (_, code, make) => {
      const [own, report] = judged(countered(make));
      expect(own?.indication).toBe('TOTAL_PASSED');
      expect(report?.indication).not.toBe('TOTAL_PASSED');
      expect(report?.errors).toContain(code);
      expect(verifyFile(countered(make), context())).toMatchObject({
        indication: 'TOTAL_PASSED',
        warnings: ['file.counter-signature-not-passed'],
      });
    });

    test('a good counter-signature saves no bad signature', () => {
      const bytes = signedData({
        content,
        certificates: [signer.certificate, witness.certificate],
        signers: [
          {
            party: signer,
            signature: Buffer.alloc(70, 1),
            unsigned: (signature) => [attribute(COUNTER, counter(signature))],
          },
        ],
      });
      const report = verifyFile(bytes, context());
      expect(report.signatures[1]?.indication).toBe('TOTAL_PASSED');
      expect(report.indication).toBe('TOTAL_FAILED');
    });

    test('counter-signature passed off as a signature of content', () => {
      const bytes = signedData({
        content,
        signers: [{ party: witness, attributes: (honest) => honest.slice(1) }],
      });
      expect(said(bytes)[0]).toEqual(['1', 'TOTAL_FAILED', 'B-B', 'cms.content-type-missing']);
    });

    test('thousands of counter-signatures are not judged one by one', () => {
      const many = countered((signature) => Array.from({ length: 120 }, () => counter(signature)));
      const reports = judged(many);
      expect(reports.length).toBeLessThan(30);
      expect(reports[0]).toMatchObject({
        indication: 'TOTAL_PASSED',
        warnings: ['cms.too-many-signatures'],
      });
    });
  });
});
