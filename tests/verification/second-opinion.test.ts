import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as pkijs from 'pkijs';
import { sha256 } from '../../src/kernel/index.ts';
import { timestampToken, toPem } from '../../src/lab/index.ts';
import { der, keySigner, oids, signCms } from '../../src/signing/index.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { judgePath } from '../../src/verification/path.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { verifyTimestamp } from '../../src/verification/timestamps.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { attribute, signedData, signingCertificate, token } from '../builders/forged-cms.ts';
import {
  certify,
  crlPoint,
  DAY,
  digestIdentifier,
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

/**
 * Other people's verifiers on the same bytes. They and we must agree on valid or not; where we differ the reason is
 * written beside the case, and the test holds that we really differ.
 */

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) {
  if (process.env.CI) throw new Error('openssl is needed in CI');
  console.warn('not run: openssl is not on this machine');
}
const withOpenssl = hasOpenssl ? test : test.skip;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-second-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const pems = (label: string, list: readonly Buffer[]) => list.map((one) => toPem(label, one)).join('');

interface World {
  anchors: readonly Buffer[];
  middle: readonly Buffer[];
  crls: readonly Buffer[];
}

function contextOf({ anchors, middle, crls }: World): VerificationContext {
  return {
    trust: trustStore({ anchors, intermediates: middle, crls }),
    policy: policyNamed('cong-vu'),
    at: NOW,
    revocation: 'required',
  };
}

/** Exit status of openssl, and what it said. */
function openssl(...args: string[]): { passed: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { passed: status === 0, said: stdout + stderr };
}

function opensslPath(leaf: Buffer, world: World, ...more: string[]) {
  return openssl(
    'verify', '-purpose', 'smimesign', '-auth_level', '2', '-crl_check_all', '-extended_crl', '-use_deltas',
    '-attime', String(NOW / 1_000), '-CAfile', file('anchors.pem', pems('CERTIFICATE', world.anchors)),
    '-untrusted', file('middle.pem', pems('CERTIFICATE', world.middle)),
    '-CRLfile', file('crls.pem', pems('X509 CRL', world.crls)), ...more,
    file('leaf.pem', pems('CERTIFICATE', [leaf])),
  ); // biome-ignore format: a command line
}

/** Why we differ, or null where we agree. */
type Difference = string | null;

function expectAgreement(ours: boolean, theirs: { passed: boolean; said: string }, difference: Difference) {
  expect({ agree: ours === theirs.passed, said: theirs.said }).toEqual({
    agree: difference === null,
    said: theirs.said,
  });
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

describe('CMS: openssl cms and pkijs', () => {
  const root = rootAuthority(NOW, 'Gốc CMS OpenSSL');
  const signer = certify(NOW, { subject: 'Ký', issuer: root });
  const rsa = certify(NOW, { subject: 'RSA', issuer: root, key: keyOf('rsa', 'second') });
  const content = Buffer.from('Kính gửi Văn phòng Chính phủ');
  const world: World = {
    anchors: [root.certificate],
    middle: [],
    crls: [revocationList({ issuer: root, thisUpdate: NOW - 3_600_000 })],
  };
  const cms = (one: Partial<Parameters<typeof signedData>[0]['signers'][0]> = {}) =>
    signedData({ content, signers: [{ party: signer, ...one }] });

  interface Case {
    bytes: Buffer;
    /** Detached content. */
    content?: Buffer;
    openssl?: Difference;
    pkijs?: Difference;
  }
  const AS_THEY_STAND =
    'RFC 5652 §5.3 wants DER, X.690 §11.6 its order; they take the attributes as they stand';
  const NO_TYPES = 'RFC 5652 §11.1 wants both content types equal; they do not compare them';
  const BINDING = 'openssl looks at signing-certificate only with -cades, pkijs never does';
  const cases: Readonly<Record<string, Case>> = {
    good: { bytes: cms() },
    RSA: { bytes: cms({ party: rsa }) },
    'RSASSA-PSS': { bytes: cms({ party: rsa, pssSalt: 32 }) },
    detached: { bytes: signedData({ content, detached: true, signers: [{ party: signer }] }), content },
    'other content': {
      bytes: signedData({ content, detached: true, signers: [{ party: signer }] }),
      content: Buffer.from('Khác'),
    },
    'another value': { bytes: cms({ party: { ...signer, key: keyOf('p256', 'thief') } }) },
    'value of another algorithm': { bytes: cms({ signature: Buffer.alloc(256, 5) }) },
    'nobody we trust': {
      bytes: cms({ party: certify(NOW, { subject: 'Lạ', issuer: rootAuthority(NOW, 'Gốc lạ') }) }),
    },
    'attributes out of order': {
      bytes: cms({
        attributes: (honest) => honest.toSorted((a, b) => Buffer.compare(a, b)).toReversed(),
        unsorted: true,
      }),
      openssl: AS_THEY_STAND,
      pkijs: AS_THEY_STAND,
    },
    'another content type': {
      bytes: cms({
        attributes: (honest) => [attribute(oids.contentType, der.oid(oids.tstInfo)), ...honest.slice(1)],
      }),
      openssl: NO_TYPES,
      pkijs: NO_TYPES,
    },
    'no message digest': { bytes: cms({ attributes: (honest) => [honest[0]!, honest[2]!] }) },
    'another signing certificate': {
      bytes: cms({ attributes: (honest) => [...honest.slice(0, 2), signingCertificate(root.certificate)] }),
      openssl: BINDING,
      pkijs: BINDING,
    },
    'no signed attributes': {
      bytes: cms({ attributes: null }),
      openssl: 'such a signature may have been made over attributes; we leave it undecided',
      pkijs: 'such a signature may have been made over attributes; we leave it undecided',
    },
    'SHA-1': {
      bytes: cms({ digest: 'sha1' }),
      openssl: 'our policy does not trust SHA-1 in signatures any more',
      pkijs: 'our policy does not trust SHA-1 in signatures any more',
    },
    'another digest named': { bytes: cms({ digestAlgorithm: digestIdentifier('sha512') }) },
  };

  withOpenssl.each(Object.entries(cases))('openssl: %s', (_, one) => {
    const parts = one.content ? { parts: [one.content] } : ('attached' as const);
    const ours = verifyCms(one.bytes, parts, contextOf(world)).every(
      (sig) => sig.indication === 'TOTAL_PASSED',
    );
    const trusted = pems('CERTIFICATE', world.anchors) + pems('X509 CRL', world.crls);
    const theirs = openssl(
      'cms', '-verify', '-binary', '-inform', 'DER', '-in', file('s.p7s', one.bytes), '-purpose', 'smimesign',
      '-crl_check_all', '-attime', String(NOW / 1_000), '-CAfile', file('trust.pem', trusted),
      '-out', join(folder, 'content'), ...(one.content ? ['-content', file('content.in', one.content)] : []),
    ); // biome-ignore format: a command line
    expectAgreement(ours, theirs, one.openssl ?? null);
  });

  test.each(Object.entries(cases))('pkijs: %s', async (_, one) => {
    const parts = one.content ? { parts: [one.content] } : ('attached' as const);
    const ours = verifyCms(one.bytes, parts, contextOf(world)).every(
      (sig) => sig.indication === 'TOTAL_PASSED',
    );
    expectAgreement(ours, await pkijsSays(one.bytes, one.content), one.pkijs ?? null);
  });

  async function pkijsSays(bytes: Buffer, detached?: Buffer): Promise<{ passed: boolean; said: string }> {
    try {
      const info = pkijs.ContentInfo.fromBER(Uint8Array.from(bytes).buffer);
      const data = new pkijs.SignedData({ schema: info.content });
      const trusted = pkijs.Certificate.fromBER(Uint8Array.from(root.certificate).buffer);
      const passed = await data.verify({
        signer: 0,
        checkChain: true,
        trustedCerts: [trusted],
        checkDate: new Date(NOW),
        ...(detached ? { data: Uint8Array.from(detached).buffer } : {}),
      });
      return { passed, said: String(passed) };
    } catch (error) {
      return { passed: false, said: String(error) };
    }
  }

  withOpenssl('what we sign passes with openssl as CAdES', async () => {
    const pki = await testPki();
    for (const name of ['official-chairman', 'official-vice']) {
      const { certificate, key } = pki.entity(name);
      const bytes = await signCms({ digest: sha256(content), signer: keySigner(certificate, key) });
      const trusted =
        pems('CERTIFICATE', [...pki.anchors, ...pki.intermediates]) + pems('X509 CRL', pki.crls);
      const theirs = openssl(
        'cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file('s.p7s', bytes), '-purpose', 'smimesign',
        '-crl_check_all', '-attime', String(NOW / 1_000), '-CAfile', file('trust.pem', trusted),
        '-out', join(folder, 'content'), '-content', file('content.in', content),
      ); // biome-ignore format: a command line
      expect(theirs.said).toContain('successful');
    }
  });

  withOpenssl('what openssl signs passes with us', () => {
    const key = file('key.pem', signer.key.export({ type: 'pkcs8', format: 'pem' }));
    const certificate = file('signer.pem', pems('CERTIFICATE', [signer.certificate]));
    for (const more of [['-nodetach'], ['-nodetach', '-cades'], ['-nodetach', '-stream']]) {
      const out = join(folder, 'out.der');
      const made = openssl(
        'cms', '-sign', '-binary', '-outform', 'DER', '-in', file('in', content), '-signer', certificate, '-inkey', key,
        '-out', out, ...more,
      ); // biome-ignore format: a command line
      expect(made.said).toBe('');
      const bytes = spawnSync('cat', [out]).stdout;
      const [report] = verifyCms(bytes, 'attached', contextOf(world));
      expect([more, report?.indication, report?.errors]).toEqual([more, 'TOTAL_PASSED', []]);
    }
  });
});

describe('time-stamps: openssl ts', () => {
  const STAMPING = '1.3.6.1.5.5.7.3.8';
  const root = rootAuthority(NOW, 'Gốc TSA OpenSSL');
  const authority = (extensions: Buffer[], issuer = root) =>
    certify(NOW, { subject: 'TSA', issuer, extensions });
  const tsa = authority([ext.keyUsage(0), ext.purposes(true, STAMPING)]);
  const stamped = Buffer.from('chữ ký');
  const world: World = {
    anchors: [root.certificate],
    middle: [],
    crls: [revocationList({ issuer: root, thisUpdate: NOW - 3_600_000 })],
  };
  const stamp = (more: Partial<Parameters<typeof token>[0]> = {}) =>
    token({ authority: tsa, stamped, time: NOW - DAY, ...more });
  const rogue = authority([ext.purposes(true, STAMPING)], rootAuthority(NOW, 'Gốc lạ'));

  const cases: Readonly<Record<string, { bytes: Buffer; difference?: Difference }>> = {
    good: { bytes: stamp() },
    'over SHA-512': { bytes: stamp({ imprintDigest: 'sha512' }) },
    'over other bytes': { bytes: stamp({ stamped: Buffer.from('khác') }) },
    'of an authority without the usage': { bytes: stamp({ authority: authority([ext.keyUsage(0)]) }) },
    'of an authority whose usage is not critical': {
      bytes: stamp({ authority: authority([ext.purposes(false, STAMPING)]) }),
    },
    'of an authority with a second usage': {
      bytes: stamp({ authority: authority([ext.purposes(true, STAMPING, '1.3.6.1.5.5.7.3.4')]) }),
    },
    'of a stranger': { bytes: stamp({ authority: rogue }) },
    'that does not bind its certificate': { bytes: stamp({ attributes: (honest) => honest.slice(0, 2) }) },
    'with another key': { bytes: stamp({ authority: { ...tsa, key: keyOf('p256', 'ts thief') } }) },
    'of another version': { bytes: stamp({ version: 2 }) },
    'over SHA-1': {
      bytes: stamp({ imprintDigest: 'sha1' }),
      difference: 'our policy does not trust SHA-1 in time-stamps any more',
    },
    'from the future': {
      bytes: stamp({ time: NOW + 30 * DAY }),
      difference: 'openssl does not compare the time with its clock',
    },
  };

  const opensslToken = (bytes: Buffer, data: Buffer, anchors: readonly Buffer[]) =>
    openssl(
      'ts', '-verify', '-token_in', '-in', file('token.der', bytes), '-data', file('data', data),
      '-attime', String(NOW / 1_000), '-CAfile', file('ts-anchors.pem', pems('CERTIFICATE', anchors)),
    ); // biome-ignore format: a command line

  withOpenssl.each(Object.entries(cases))('a token %s', (_, { bytes, difference = null }) => {
    const ours = verifyTimestamp(bytes, [stamped], contextOf(world), { kind: 'signature' }).passed;
    expectAgreement(ours, opensslToken(bytes, stamped, world.anchors), difference);
  });

  withOpenssl('the lab’s own authority', async () => {
    const pki = await testPki();
    const bytes = timestampToken(sha256(stamped), { pki, now: NOW });
    expect(opensslToken(bytes, stamped, [...pki.anchors, ...pki.intermediates]).said).toContain(
      'Verification: OK',
    );
  });
});
