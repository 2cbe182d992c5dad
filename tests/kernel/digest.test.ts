import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveKey, hmacSha256 } from '../../src/kernel/index.ts';
import { seededRandom } from '../random.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 4231 §4.2–4.8, without the truncated one. */
const VECTORS: readonly { key: Buffer; data: Buffer; mac: string }[] = [
  {
    key: Buffer.alloc(20, 0x0b),
    data: Buffer.from('Hi There'),
    mac: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    key: Buffer.from('Jefe'),
    data: Buffer.from('what do ya want for nothing?'),
    mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    key: Buffer.alloc(20, 0xaa),
    data: Buffer.alloc(50, 0xdd),
    mac: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    key: hex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    data: Buffer.alloc(50, 0xcd),
    mac: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    key: Buffer.alloc(131, 0xaa),
    data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    mac: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    key: Buffer.alloc(131, 0xaa),
    data: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    mac: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
];

describe('HMAC-SHA-256', () => {
  test('gives the published values of RFC 4231', () => {
    for (const { key, data, mac } of VECTORS) expect(hmacSha256(key, data).toString('hex')).toBe(mac);
  });

  test('agrees with node:crypto for every key and text', () => {
    const { seed } = seededRandom();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }), (key, data) => {
        const other = createHmac('sha256', key).update(data).digest();
        expect(hmacSha256(key, data).equals(other)).toBe(true);
      }),
      { seed },
    );
  });
});

test('deriveKey is HKDF-Expand: node:crypto agrees once the extraction is taken into account', () => {
  const secret = Buffer.from('input keying material');
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(secret).digest();
  const whole = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), 'a purpose', 32));
  expect(deriveKey(extracted, 'a purpose').equals(whole)).toBe(true);
});
