import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import { identityOf, readCertificate } from '../../src/verification/certificate.ts';
import { readCertificateFile } from '../../src/verification/certificate-file.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { certify, ext, general, nameOf, rootAuthority } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

const REFUSED = expect.objectContaining({ code: 'verification.not-a-certificate' });
const root = rootAuthority(TEST_NOW, 'Gốc');

describe('reading certificates', () => {
  test('an official’s certificate says who he is', async () => {
    const { certificate, parts } = (await testPki()).entity('official-chairman');
    const identity = identityOf(readCertificate(certificate));
    expect(identity).toMatchObject({
      commonName: 'Nguyễn Văn Thử',
      serialNumber: '001080000001',
      uid: 'CCCD:001080000001',
      organization: 'Ủy ban nhân dân tỉnh Thử Nghiệm',
      certificateNumber: parts.serialNumber.subarray(2).toString('hex'),
      notBefore: '2025-03-16T02:00:00.000Z',
      notAfter: '2030-03-15T02:00:00.000Z',
    });
    expect(identity.subject).toMatch(
      /^UID=CCCD:001080000001,serialNumber=001080000001,CN=Nguyễn Văn Thử,title=Chủ tịch/,
    );
  });

  test('the same octets are read once', async () => {
    const { certificate } = (await testPki()).entity('tsa');
    expect(readCertificate(Buffer.from(certificate))).toBe(readCertificate(certificate));
  });

  test('PEM and DER are the same certificate', async () => {
    const { certificate } = (await testPki()).entity('tsa');
    const pem = `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(readCertificateFile(Buffer.from(pem))).toBe(readCertificate(certificate));
  });

  test('an extension that stands twice spoils the certificate', () => {
    const { certificate } = certify(TEST_NOW, {
      subject: 'Hai lần',
      issuer: root,
      extensions: [ext.keyUsage(0), ext.keyUsage(5)],
    });
    expect(() => readCertificate(certificate)).toThrow(REFUSED);
  });

  test('a policy that stands twice spoils the certificate', () => {
    const { certificate } = certify(TEST_NOW, {
      subject: 'Hai lần',
      issuer: root,
      extensions: [ext.policies('1.2.3', '1.2.3')],
    });
    expect(() => readCertificate(certificate)).toThrow(REFUSED);
  });

  test('the algorithm outside must be the one inside', () => {
    const { certificate } = certify(TEST_NOW, { subject: 'Lệch', issuer: root });
    const outside = Buffer.from(certificate);
    const at = outside.lastIndexOf(der.oid('1.2.840.10045.4.3.2'));
    der.oid('1.2.840.10045.4.3.4').copy(outside, at);
    expect(() => readCertificate(outside)).toThrow(REFUSED);
  });

  test.each([
    ['cut off', (one: Buffer) => one.subarray(0, -1)],
    ['followed by an octet', (one: Buffer) => Buffer.concat([one, Buffer.alloc(1)])],
    ['larger than any certificate', () => Buffer.alloc(70_000, 0x30)],
    ['empty', () => Buffer.alloc(0)],
  ])('%s it is none', (_, change) => {
    expect(() => readCertificate(change(root.certificate))).toThrow(REFUSED);
  });

  test('a key that everybody can sign for is no key', () => {
    // The exponent 1 (0201 01) in place of 65537, same length of the whole.
    const honest = certify(TEST_NOW, { subject: 'RSA', issuer: root });
    const spki = der.sequence(
      der.sequence(der.oid('1.2.840.113549.1.1.1'), der.derNull),
      der.bitString(der.sequence(der.integer(Buffer.alloc(256, 0xc5)), der.integer(1))),
    );
    const forged = replaceKey(honest.certificate, spki);
    expect(readCertificate(forged).publicKey()).toBeNull();
  });
});

/** The certificate with another SubjectPublicKeyInfo; its signature is wrong then. */
function replaceKey(certificate: Buffer, spki: Buffer): Buffer {
  const { tbs, spki: old, signature } = readCertificate(certificate);
  const whole = Buffer.from(tbs);
  const at = whole.indexOf(old);
  const inside = Buffer.concat([whole.subarray(0, at), spki, whole.subarray(at + old.length)]);
  const headerLength = whole[1] === 0x82 ? 4 : whole[1] === 0x81 ? 3 : 2;
  const algorithm = der.sequence(der.oid('1.2.840.10045.4.3.2'));
  return der.sequence(
    der.sequence(inside.subarray(headerLength)),
    algorithm,
    der.bitString(Buffer.from(signature)),
  );
}

describe('the trust store', () => {
  test('anchors are pinned: same name and key in another certificate is not an anchor', () => {
    const again = rootAuthority(TEST_NOW + 1_000, 'Gốc');
    const store = trustStore({ anchors: [root.certificate] });
    expect(store.isAnchor(readCertificate(root.certificate))).toBe(true);
    expect(store.isAnchor(readCertificate(again.certificate))).toBe(false);
  });

  test('what cannot be read is counted and trusts nothing', () => {
    const crl = revocationList({ issuer: root, thisUpdate: TEST_NOW });
    const store = trustStore({
      anchors: [Buffer.from('rubbish'), crl, root.certificate.subarray(0, 40)],
      crls: [root.certificate, crl],
    });
    expect(store.anchors).toEqual([]);
    expect(store.unreadable).toBe(4);
    expect(store.crlsFrom(readCertificate(root.certificate).subject.folded)).toHaveLength(1);
  });

  test('other contents make another store, order does not', async () => {
    const pki = await testPki();
    const store = (anchors: Buffer[], crls: Buffer[] = []) => trustStore({ anchors, crls }).id;
    expect(store(pki.anchors)).toBe(store(pki.anchors.toReversed()));
    expect(store(pki.anchors)).not.toBe(store(pki.anchors, pki.crls));
    expect(store(pki.anchors)).not.toBe(store(pki.anchors.slice(1)));
  });

  test('an anchor among the intermediates stays one certificate', () => {
    const store = trustStore({ anchors: [root.certificate], intermediates: [root.certificate] });
    expect(store.intermediates).toEqual([]);
  });
});

describe('names of holders', () => {
  test('an alternative name is not the subject', () => {
    const { certificate } = certify(TEST_NOW, {
      subject: nameOf('Thật'),
      issuer: root,
      extensions: [ext.names(general.directory(nameOf('Giả')))],
    });
    expect(identityOf(readCertificate(certificate)).commonName).toBe('Thật');
  });
});
