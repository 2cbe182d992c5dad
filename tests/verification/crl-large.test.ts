import { expect, test } from '@jest/globals';
import { readCertificate } from '../../src/verification/certificate.ts';
import { readCrl } from '../../src/verification/crl.ts';
import { rootAuthority } from '../builders/forged-pki.ts';
import { largeCrl, revokedNumber } from '../builders/large-crl.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

test('a list of 100,000 entries: every revoked number is found with its reason, and no other', () => {
  const count = 100_000;
  const party = rootAuthority(NOW, 'Gốc');
  const issuer = readCertificate(party.certificate);
  const list = readCrl(largeCrl(party, count, NOW));
  expect(list.isSignedBy(issuer)).toBe(true);
  const found = (n: number) => list.find(revokedNumber(n), issuer.subject);
  const numbers = Array.from({ length: count }, (_, n) => n);
  expect(numbers.filter((n) => found(n)?.reason !== 4 || found(n)?.revokedAt !== NOW)).toEqual([]);
  expect(numbers.filter((n) => found(n + count) !== null)).toEqual([]);
});
