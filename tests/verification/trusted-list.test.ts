import { describe, expect, test } from '@jest/globals';
import { isTrucError } from '../../src/kernel/index.ts';
import { signXml } from '../../src/lab/index.ts';
import {
  judgePath,
  policyFromFile,
  policyOfList,
  readTrustedList,
  type TrustedList,
  trustStore,
} from '../../src/verification/index.ts';
import { certify, DAY, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { authority, leaf } from '../builders/judged-path.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';
import { listXml, operatorRoot, service, signedList, signer } from '../builders/trusted-list.ts';

const caA = rootAuthority(NOW, 'CA A');
const caB = rootAuthority(NOW, 'CA B');
const read = (bytes: Buffer): TrustedList => readTrustedList(bytes, [operatorRoot.certificate], NOW);

function causeOf(bytes: Buffer): unknown {
  try {
    read(bytes);
  } catch (error) {
    return isTrucError(error, 'verification.trusted-list-refused') ? error.facts.cause : error;
  }
  return null;
}

describe('a trusted list', () => {
  test('gives its services with the times for which they were approved', async () => {
    const list = read(
      await signedList({
        services: [
          service(caA, [{ status: 'granted', from: NOW - 3 * YEAR }]),
          service(caB, [
            { status: 'withdrawn', from: NOW - YEAR },
            { status: 'undersupervision', from: NOW - 3 * YEAR },
            { status: 'accreditationrevoked', from: NOW - 4 * YEAR },
          ]),
          service(caB, [{ status: 'granted', from: NOW - YEAR }], 'Certstatus/OCSP'),
        ],
      }),
    );
    expect(list).toMatchObject({ operator: 'Trung tâm thử nghiệm', sequence: 12, issuedAt: NOW - DAY });
    expect(list.services.map(({ provider, approvals }) => [provider, approvals])).toEqual([
      ['Nhà cung cấp', [{ from: NOW - 3 * YEAR, until: Infinity }]],
      ['Nhà cung cấp', [{ from: NOW - 3 * YEAR, until: NOW - YEAR - 1 }]],
    ]);
    expect(list.services.map(({ certificate }) => Buffer.from(certificate.der))).toEqual([
      caA.certificate,
      caB.certificate,
    ]);
  });

  test.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['without a signature', () => listXml(), 'not-signed'],
    [
      'signed by somebody else',
      () => signedList({}, leaf(authority('Khác', rootAuthority(NOW, 'Khác')))),
      'path.no-chain',
    ],
    [
      'changed after signing',
      async () => Buffer.from((await signedList()).toString().replace('>12<', '>99<')),
      'xml.digest-mismatch',
    ],
    ['that has expired', () => signedList({ nextUpdate: NOW - 1_000 }), 'out-of-date'],
    ['from the future', () => signedList({ issuedAt: NOW + DAY }), 'issued-in-the-future'],
    ['without a number', () => signedList({ sequence: 'mười hai' }), 'TSLSequenceNumber'],
    ['that is something else', () => signedList({ root: 'Khac' }), 'not-a-trusted-list'],
  ])('%s is refused', async (_, make, cause) => {
    expect(causeOf(await make())).toBe(cause);
  });

  test('of which only a part is signed is refused', async () => {
    const xml = Buffer.from(
      listXml().toString().replace('<SchemeInformation>', '<SchemeInformation Id="part">'),
    );
    const { certificate, key } = signer;
    const bytes = await signXml({ xml, certificate, key, references: [{ uri: '#part' }] });
    expect(causeOf(bytes)).toMatch(/./);
  });
});

describe('the policy of a list', () => {
  const day = Math.floor((NOW - YEAR) / DAY) * DAY;

  async function said(provenAt: number | undefined): Promise<string[]> {
    const services = [
      service(caB, [
        { status: 'withdrawn', from: day + 3_600_000 },
        { status: 'granted', from: NOW - 4 * YEAR },
      ]),
    ];
    const policy = policyFromFile(
      JSON.stringify(policyOfList(read(await signedList({ services })), 'danh-sach', 'lab')),
    );
    const person = certify(NOW, { subject: 'Ký', issuer: caB, notBefore: NOW - 3 * YEAR });
    const trust = trustStore({ anchors: [caB.certificate] });
    const options = provenAt === undefined ? {} : { provenAt };
    return judgePath(person.certificate, { trust, policy, at: NOW, revocation: 'none' }, options).errors;
  }

  test('accepts an authority for signatures that provably existed while it was approved', async () => {
    expect(await said(day - DAY)).toEqual([]);
    expect(await said(day - 1)).toEqual([]);
  });

  test('and not on the day on which it was struck off, nor later, nor without a proof', async () => {
    expect(await said(day)).toEqual(['policy.anchor-not-accepted']);
    expect(await said(undefined)).toEqual(['policy.anchor-not-accepted']);
  });

  test('is none where no service was ever approved', async () => {
    const services = [service(caA, [{ status: 'withdrawn', from: NOW - YEAR }])];
    const list = read(await signedList({ services }));
    expect(() => policyOfList(list, 'danh-sach', 'lab')).toThrow(/trusted-list-refused/);
  });
});
