import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as pkijs from 'pkijs';
import { sha256 } from '../../src/kernel/index.ts';
import { timestampToken } from '../../src/lab/index.ts';
import { der, keySigner, oids, signCms } from '../../src/signing/index.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import { verifyTimestamp } from '../../src/verification/timestamps.ts';
import { attribute, signedData, signingCertificate, token } from '../builders/forged-cms.ts';
import { certify, DAY, digestIdentifier, ext, keyOf, rootAuthority } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';
import {
  contextOf,
  type Difference,
  expectAgreement,
  file,
  folder,
  openssl,
  pems,
  type World,
  withOpenssl,
} from '../builders/second-opinion.ts';

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
