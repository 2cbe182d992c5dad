import { describe, expect } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import { judgePath } from '../../src/verification/path.ts';
import {
  certify,
  crlPoint,
  DAY,
  ext,
  general,
  keyOf,
  nameOf,
  type Party,
  rootAuthority,
  YEAR,
} from '../builders/forged-pki.ts';
import { crlScope, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';
import {
  contextOf,
  type Difference,
  expectAgreement,
  file,
  openssl,
  pems,
  type World,
  withOpenssl,
} from '../builders/second-opinion.ts';

function opensslPath(leaf: Buffer, world: World, ...more: string[]) {
  return openssl(
    'verify', '-purpose', 'smimesign', '-auth_level', '2', '-crl_check_all', '-extended_crl', '-use_deltas',
    '-attime', String(NOW / 1_000), '-CAfile', file('anchors.pem', pems('CERTIFICATE', world.anchors)),
    '-untrusted', file('middle.pem', pems('CERTIFICATE', world.middle)),
    '-CRLfile', file('crls.pem', pems('X509 CRL', world.crls)), ...more,
    file('leaf.pem', pems('CERTIFICATE', [leaf])),
  ); // biome-ignore format: a command line
}

describe('paths: openssl verify', () => {
  withOpenssl('every entity of the test PKI', async () => {
    const pki = await testPki();
    const world: World = { anchors: pki.anchors, middle: pki.intermediates, crls: pki.crls };
    const ctx = contextOf(world);
    const differing = pki.names().filter((name) => {
      const { certificate } = pki.entity(name);
      const ours = judgePath(certificate, ctx).indication === 'TOTAL_PASSED';
      return ours !== opensslPath(certificate, world).passed;
    });
    expect(differing).toEqual([]);
  });

  const root = rootAuthority(NOW, 'Gốc OpenSSL');
  const O = '2.5.4.10';
  const authority = (subject: string, issuer: Party, extensions: Buffer[]) =>
    certify(NOW, { subject, issuer, extensions, notBefore: NOW - 3 * YEAR });
  const CA = [ext.ca(), ext.keyUsage(5, 6)];
  const plain = authority('CA', root, CA);
  const list = (issuer: Party, more: Partial<Parameters<typeof revocationList>[0]> = {}) =>
    revocationList({ issuer, thisUpdate: NOW - 3_600_000, ...more });
  const leafOf = (issuer: Party, more: Partial<Parameters<typeof certify>[1]> = {}) =>
    certify(NOW, { subject: 'Ký', issuer, ...more });
  const uri = 'http://crl.invalid/1.crl';

  interface Case {
    chain: readonly Party[];
    leaf: Party;
    /** CRLs; a good one per authority where not given. */
    crls?: readonly Buffer[];
    args?: readonly string[];
    difference?: Difference;
  }

  const constrained = (constraint: Buffer) => authority('CA ràng buộc', root, [...CA, constraint]);
  const province = constrained(ext.nameConstraints([general.directory(nameOf([O, 'Tỉnh A']))]));
  const excluding = constrained(ext.nameConstraints([], [general.dns('evil.vn')]));
  const short = authority('CA ngắn', root, [ext.ca(0), ext.keyUsage(5, 6)]);
  const below = authority('CA dưới', short, CA);
  const policies = authority('CA chính sách', root, [
    ...CA,
    ext.policies('1.2.3.1'),
    ext.policyConstraints(0),
  ]);
  const strange = ext.raw('1.2.3.4.5', true, Buffer.from([5, 0]));
  const revoked = leafOf(plain, { subject: 'Thu hồi' });
  const impostor = { ...plain, key: keyOf('p256', 'openssl impostor') };
  const pointed = leafOf(plain, { subject: 'Phân mảnh', extensions: [ext.crlPoints(crlPoint({ uri }))] });
  // openssl looks for delta lists only where something points to them.
  const freshest = ext.raw('2.5.29.46', false, der.sequence(crlPoint({ uri })));
  const held = [{ party: revoked, at: NOW - DAY, reason: 6 }];

  const cases: Readonly<Record<string, Case>> = {
    good: { chain: [plain], leaf: leafOf(plain) },
    'expired yesterday': { chain: [plain], leaf: leafOf(plain, { notAfter: NOW - DAY }) },
    'begins tomorrow': { chain: [plain], leaf: leafOf(plain, { notBefore: NOW + DAY }) },
    'pathLength kept': { chain: [short], leaf: leafOf(short) },
    'pathLength broken': { chain: [short, below], leaf: leafOf(below) },
    'issued by a signer': { chain: [plain, revoked], leaf: leafOf(revoked), crls: [list(root), list(plain), list(revoked)] },
    'authority without keyCertSign': authorityCase([ext.ca(), ext.keyUsage(6)]),
    'authority without basicConstraints': authorityCase([ext.keyUsage(5, 6)]),
    'unknown critical extension': { chain: [plain], leaf: leafOf(plain, { extensions: [strange] }) },
    'unknown critical extension above': authorityCase([...CA, strange]),
    'name permitted': { chain: [province], leaf: leafOf(province, { subject: nameOf([O, 'Tỉnh A'], 'X') }) },
    'name not permitted': { chain: [province], leaf: leafOf(province, { subject: nameOf([O, 'Tỉnh B'], 'X') }) },
    'host excluded': { chain: [excluding], leaf: leafOf(excluding, { extensions: [ext.names(general.dns('a.evil.vn'))] }) },
    'host not excluded': { chain: [excluding], leaf: leafOf(excluding, { extensions: [ext.names(general.dns('good.vn'))] }) },
    'policy kept': { chain: [policies], leaf: leafOf(policies, { extensions: [ext.policies('1.2.3.1')] }), args: ['-policy_check', '-policy', '1.2.3.1'] },
    'policy broken': { chain: [policies], leaf: leafOf(policies, { extensions: [ext.policies('1.2.3.9')] }), args: ['-policy_check', '-policy', '1.2.3.1'] },
    'key usage for encryption': { chain: [plain], leaf: leafOf(plain, { extensions: [ext.keyUsage(2)] }) },
    'purpose of a server': { chain: [plain], leaf: leafOf(plain, { extensions: [ext.purposes(false, '1.3.6.1.5.5.7.3.1')] }) },
    'RSA-1024': { chain: [plain], leaf: leafOf(plain, { key: keyOf('rsa-1024', 'openssl') }) },
    'signed with SHA-1': { chain: [plain], leaf: leafOf(plain, { digest: 'sha1' }) },
    'curve secp256k1': {
      chain: [plain],
      leaf: leafOf(plain, { key: keyOf('secp256k1', 'openssl') }),
      difference: 'FIPS 186-5 does not have the curve; openssl asks only for its size',
    },
    'no list': { chain: [plain], leaf: leafOf(plain), crls: [list(root)] },
    'stale list': { chain: [plain], leaf: leafOf(plain), crls: [list(root), list(plain, { thisUpdate: NOW - 9 * DAY })] },
    'list from the future': { chain: [plain], leaf: leafOf(plain), crls: [list(root), list(plain, { thisUpdate: NOW + DAY })] },
    'list of an impostor': { chain: [plain], leaf: leafOf(plain), crls: [list(root), list(plain, { signer: impostor })] },
    'list with an unknown critical extension': { chain: [plain], leaf: leafOf(plain), crls: [list(root), list(plain, { more: [strange] })] },
    revoked: { chain: [plain], leaf: revoked, crls: [list(root), list(plain, { entries: [{ party: revoked, at: NOW - DAY }] })] },
    'on hold': { chain: [plain], leaf: revoked, crls: [list(root), list(plain, { entries: held })] },
    'authority revoked': { chain: [plain], leaf: leafOf(plain), crls: [list(root, { entries: [{ party: plain, at: NOW - DAY }] }), list(plain)] },
    'list of another partition': { chain: [plain], leaf: pointed, crls: [list(root), list(plain, { scope: crlScope({ uri: `${uri}x` }) })] },
    'list of its partition': { chain: [plain], leaf: pointed, crls: [list(root), list(plain, { scope: crlScope({ uri }) })] },
    'list for authorities only': { chain: [plain], leaf: leafOf(plain), crls: [list(root), list(plain, { scope: crlScope({ onlyCas: true }) })] },
    'revoked by a delta': {
      chain: [plain],
      leaf: revoked,
      crls: [list(root), list(plain, { number: 5, more: [freshest] }), list(plain, { number: 6, deltaBase: 5, entries: [{ party: revoked, at: NOW - DAY }] })],
    },
    'hold taken away by a delta': {
      chain: [plain],
      leaf: revoked,
      crls: [
        list(root),
        list(plain, { number: 5, entries: held, more: [freshest] }),
        list(plain, { number: 6, deltaBase: 5, entries: [{ party: revoked, at: NOW - 3_600_000, reason: 8 }] }),
      ],
    },
  }; // biome-ignore format: a table

  function authorityCase(extensions: Buffer[]): Case {
    const ca = authority('CA lạ', root, extensions);
    return { chain: [ca], leaf: leafOf(ca) };
  }

  withOpenssl.each(Object.entries(cases))('%s', (_, one) => {
    const world: World = {
      anchors: [root.certificate],
      middle: one.chain.map(({ certificate }) => certificate),
      crls: one.crls ?? [root, ...one.chain].map((issuer) => list(issuer)),
    };
    const ours = judgePath(one.leaf.certificate, contextOf(world)).indication === 'TOTAL_PASSED';
    expectAgreement(
      ours,
      opensslPath(one.leaf.certificate, world, ...(one.args ?? [])),
      one.difference ?? null,
    );
  });
});
