import { describe, expect, test } from '@jest/globals';
import { checkCrl, policyNamed, readCertificate, trustStore } from '../../src/verification/index.ts';
import { certify, DAY, ext, extension, keyOf, rootAuthority } from '../builders/forged-pki.ts';
import { type CrlRequest, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const root = rootAuthority(NOW, 'Gốc');
const mute = certify(NOW, {
  subject: 'Không ký danh sách',
  issuer: root,
  extensions: [ext.ca(), ext.keyUsage(5)],
});
const signer = certify(NOW, { subject: 'Người ký', issuer: root });

function checked(bytes: Uint8Array, heldSince: number | null = null, signers = [mute]) {
  const answer = checkCrl(
    bytes,
    { signers: signers.map(({ certificate }) => readCertificate(certificate)), heldSince },
    {
      trust: trustStore({ anchors: [root.certificate] }),
      policy: policyNamed('cong-vu'),
      at: NOW,
      revocation: 'required',
    },
  );
  return answer.ok ? 'kept' : answer.reason;
}

const list = (over: Partial<CrlRequest> = {}) =>
  revocationList({ issuer: root, thisUpdate: NOW - DAY, ...over });

describe('a fetched CRL is kept', () => {
  test('when an authority of ours signed it and it is current', () => {
    expect(checked(list())).toBe('kept');
    expect(checked(list({ entries: [{ party: signer, at: NOW - DAY }] }))).toBe('kept');
    expect(checked(list({ nextUpdate: null }))).toBe('kept');
  });

  test('as PEM too, and then its DER', () => {
    const pem = `-----BEGIN X509 CRL-----\n${list().toString('base64')}\n-----END X509 CRL-----\n`;
    expect(checked(Buffer.from(pem))).toBe('kept');
    expect(checked(Buffer.from(pem + pem))).toBe('not-a-crl');
  });

  test('when it is the one that we hold or a newer one', () => {
    expect(checked(list(), NOW - DAY)).toBe('kept');
    expect(checked(list(), NOW - DAY + 1_000)).toBe('older-than-held');
  });
});

describe('a fetched CRL is not kept', () => {
  const broken = list({ entries: [{ party: { number: Buffer.from('020200ff', 'hex') }, at: NOW }] });
  const padded = list({ entries: [{ party: { number: Buffer.from('02020001', 'hex') }, at: NOW }] });
  test.each([
    ['nothing', Buffer.alloc(0), 'not-a-crl'],
    ['a page', Buffer.from('<html>'), 'not-a-crl'],
    ['a certificate', root.certificate, 'not-a-crl'],
    ['the beginning of a list', list().subarray(0, -1), 'not-a-crl'],
    ['a list with a broken entry', padded, 'not-a-crl'],
    [
      'a list signed by another key',
      list({ signer: { ...root, key: keyOf('p256', 'x') } }),
      'signature-wrong',
    ],
    ['a list of an authority without the right', list({ issuer: mute }), 'issuer-not-authorised'],
    ['one of last month', list({ thisUpdate: NOW - 30 * DAY }), 'stale'],
    ['one of tomorrow', list({ thisUpdate: NOW + DAY }), 'not-yet-valid'],
    ['a weak signature', list({ digest: 'sha1' }), 'weak-signature'],
    [
      'an unknown critical extension',
      list({ more: [extension('1.2.3.4', true, Buffer.from('0500', 'hex'))] }),
      'crl-extension-unsupported',
    ],
  ] as [string, Buffer, string][])('%s', (_, bytes, reason) => {
    expect(checked(bytes)).toBe(reason);
  });

  test('whose entries have a number in more octets than it needs, but for one that needs them', () => {
    expect(checked(broken)).toBe('kept');
  });
});
