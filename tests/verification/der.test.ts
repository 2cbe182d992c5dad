import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import { children, DerCursor, readDer, TAG } from '../../src/verification/asn1/der-reader.ts';
import {
  integerHex,
  readBitOctets,
  readBoolean,
  readNamedBits,
  readOid,
  readSmallInteger,
} from '../../src/verification/asn1/der-values.ts';
import { nameText, readName } from '../../src/verification/asn1/names.ts';
import { pemOrDer } from '../../src/verification/asn1/pem.ts';
import { readTime } from '../../src/verification/asn1/time.ts';
import { berToDer } from '../../src/verification/cms/ber.ts';
import { nameOf } from '../builders/forged-pki.ts';

const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');
const NOT_DER = expect.objectContaining({ code: 'verification.not-der' });

describe('lengths', () => {
  test.each([
    ['an indefinite length', '30 80 00 00'],
    ['a long form for a short length', '04 81 01 00'],
    ['a length with leading zeros', '04 82 00 80'],
    ['a length of five octets', '04 85 01 00 00 00 00'],
    ['a length beyond the end', '04 05 00'],
    ['a tag number above 30', '1f 1f 00'],
    ['octets after the value', '05 00 00'],
    ['nothing at all', ''],
    ['a tag alone', '30'],
  ])('%s is not DER', (_, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(NOT_DER);
  });

  test('a value must not reach beyond the one it stands in', () => {
    const outer = readDer(hex('30 03 04 02 00'));
    expect(() => children(outer)).toThrow(NOT_DER);
  });

  test('more values than allowed are refused', () => {
    expect(() => children(readDer(der.sequence(der.derNull, der.derNull)), 1)).toThrow(NOT_DER);
  });

  test('a cursor refuses what is left over and what is of another type', () => {
    const node = readDer(der.sequence(der.derNull, der.boolean(true)));
    const cursor = new DerCursor(node);
    expect(() => cursor.next(TAG.integer)).toThrow(NOT_DER);
    cursor.next(TAG.null);
    expect(() => cursor.finish()).toThrow(NOT_DER);
  });
});

describe('values', () => {
  test.each([
    ['01 01 01', readBoolean],
    ['01 02 ff ff', readBoolean],
    ['02 00', integerHex],
    ['02 02 00 7f', integerHex],
    ['02 02 ff 80', integerHex],
    ['02 01 ff', readSmallInteger],
    ['02 05 01 00 00 00 00', readSmallInteger],
    ['03 00', readBitOctets],
    ['03 02 01 80', readBitOctets],
    ['03 02 01 01', readNamedBits],
    ['03 02 08 00', readNamedBits],
    ['06 00', readOid],
    ['06 02 2a 80', readOid],
    ['06 03 2a 80 01', readOid],
  ])('%s is refused', (bytes, read) => {
    expect(() => (read as (node: ReturnType<typeof readDer>) => unknown)(readDer(hex(bytes)))).toThrow(
      NOT_DER,
    );
  });

  test('arcs of an identifier are read exactly, whatever their size', () => {
    expect(readOid(readDer(hex('06 0b 69 83 df d7 d7 e7 ef ce a0 b5 5a')))).toBe('2.25.34564950389175098074');
    expect(readOid(readDer(der.oid('2.999.3')))).toBe('2.999.3');
  });

  test('two identifiers never fold into one', () => {
    // 2^32 more than the arc of SHA-256: readers with 32-bit arcs take one for the other.
    const long = readOid(readDer(hex('06 0d 60 86 48 01 65 03 04 02 90 80 80 80 01')));
    expect(long).toBe('2.16.840.1.101.3.4.2.4294967297');
  });

  test('certificate numbers keep sign and value, without leading zeros', () => {
    expect(integerHex(readDer(hex('02 02 00 ff')))).toBe('ff');
    expect(integerHex(readDer(hex('02 01 ff')))).toBe('-ff');
    expect(integerHex(readDer(hex('02 01 00')))).toBe('0');
  });
});

describe('times', () => {
  const utc = (text: string) => readDer(der.tlv(0x17, Buffer.from(text)));
  const general = (text: string) => readDer(der.tlv(0x18, Buffer.from(text)));

  test('UTCTime turns at 1950', () => {
    expect(new Date(readTime(utc('491231235959Z'))).toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(new Date(readTime(utc('500101000000Z'))).toISOString()).toBe('1950-01-01T00:00:00.000Z');
  });

  test.each([
    '2603160200Z',
    '260316020000+0700',
    '260316020000',
    '260230000000Z',
    '261332000000Z',
    '260316240000Z',
    '260316026000Z',
    '26031602000aZ',
    '260316020000.5Z',
  ])('UTCTime %s is refused', (text) => expect(() => readTime(utc(text))).toThrow(NOT_DER));

  test.each(['20260316020000.Z', '20260316020000.50Z', '20260316020000,5Z', '00000101000000Z'])(
    'GeneralizedTime %s is refused',
    (text) => expect(() => readTime(general(text), true)).toThrow(NOT_DER),
  );

  test('fractions of a second are read only where they are allowed', () => {
    expect(readTime(general('20260316020000.5Z'), true) % 1_000).toBe(500);
    expect(() => readTime(general('20260316020000.5Z'))).toThrow(NOT_DER);
  });
});

describe('names', () => {
  test('letter case, runs of spaces and the string type do not tell names apart', () => {
    const plain = readName(readDer(nameOf('Sở  Thử Nghiệm ')));
    const other = readName(
      readDer(
        der.sequence(
          der.setOf(
            der.sequence(der.oid('2.5.4.3'), der.tlv(0x1e, Buffer.from('SỞ THỬ NGHIỆM', 'utf16le').swap16())),
          ),
        ),
      ),
    );
    expect(other.folded).toBe(plain.folded);
  });

  test('an attribute split in two is another name', () => {
    const one = readName(readDer(nameOf('a,2.5.4.3="b"')));
    const two = readName(readDer(nameOf('a', 'b')));
    expect(one.folded).not.toBe(two.folded);
  });

  test('a name is safe to print', () => {
    expect(nameText(readName(readDer(nameOf('a\n\u001b[31m,CN=b'))))).toBe('CN=a\\0a\\1b[31m\\,CN=b');
  });

  test('octets that are no UTF-8 are no text', () => {
    const broken = der.sequence(
      der.setOf(der.sequence(der.oid('2.5.4.3'), der.tlv(0x0c, Buffer.from([0xc0, 0xaf])))),
    );
    expect(nameText(readName(readDer(broken)))).toBe('CN=#0c02c0af');
  });
});

describe('PEM', () => {
  test('a file may hold several blocks', () => {
    const block = (label: string) => `-----BEGIN ${label}-----\nBQA=\n-----END ${label}-----\n`;
    const blocks = pemOrDer(Buffer.from(`Bag\n${block('CERTIFICATE')}${block('X509 CRL')}`));
    expect(blocks.map(({ label }) => label)).toEqual(['CERTIFICATE', 'X509 CRL']);
    expect(Buffer.from(blocks[0]!.der).toString('hex')).toBe('0500');
  });

  test.each(['', 'text', '-----BEGIN CERTIFICATE-----\nBQA=\n', '-----BEGIN A-----\nBQA=\n-----END B-----'])(
    '%j is neither PEM nor DER',
    (text) =>
      expect(() => pemOrDer(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'verification.not-pem' }),
      ),
  );
});

describe('BER to DER', () => {
  test('indefinite and long-winded lengths and strings in pieces become what DER writes', () => {
    const ber = hex('30 80 24 80 04 01 61 04 82 00 01 62 00 00 02 81 01 05 00 00');
    expect(Buffer.from(berToDer(ber, false)!).toString('hex')).toBe('300704026162020105');
  });

  test.each([
    ['without its end', '30 80 05 00'],
    ['a primitive value of indefinite length', '04 80 00 00'],
    ['pieces of another type', '24 04 02 02 00 01'],
    ['octets after the end', '30 80 00 00 01'],
    ['a length beyond the file', '30 88 7f ff ff ff ff ff ff ff'],
  ])('%s is not BER', (_, bytes) => expect(berToDer(hex(bytes), false)).toBeNull());

  test('zero octets after the end are cut off only where they may stand', () => {
    const padded = hex('30 80 00 00 00 00 00');
    expect(berToDer(padded, false)).toBeNull();
    expect(Buffer.from(berToDer(padded, true)!).toString('hex')).toBe('3000');
  });

  test('depth and number of values are bounded', () => {
    expect(berToDer(Buffer.concat([Buffer.alloc(200, hex('30 80')), Buffer.alloc(200)]), false)).toBeNull();
    expect(
      berToDer(Buffer.concat([hex('30 80'), Buffer.alloc(200_000, hex('05 00')), hex('00 00')]), false),
    ).toBeNull();
  });
});
