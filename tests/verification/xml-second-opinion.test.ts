import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XmlDocument } from 'libxml2-wasm';
import { signXml } from '../../src/lab/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { canonicalOctets } from '../../src/verification/xml/canonical.ts';
import { testPki } from '../builders/pki.ts';
import {
  envelope,
  HEADER,
  type OtherSigning,
  signEnvelope,
  signWithXmlCrypto,
  type XmlOptions,
  xmlContext,
  xmlCryptoAccepts,
} from '../builders/xml.ts';

let ctx: VerificationContext;
let folder: string;

beforeAll(async () => {
  ctx = await xmlContext();
  folder = mkdtempSync(join(tmpdir(), 'truc-xml-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the test with the real tool; without it CI fails and a developer is told. */
function withTool(tool: string, title: string, run: () => void | Promise<void>): void {
  const found = spawnSync(tool, [tool === 'openssl' ? 'version' : '--version']).error === undefined;
  if (found || process.env.CI) test(title, run);
  else test.skip(`${title} (not run: ${tool} is missing)`, run);
}

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** Three ways to break a signed envelope: content, an attribute, the signed algorithms. */
const MUTATIONS: readonly [string, string][] = [
  ['1.000.000', '9.000.000'],
  ['edXMLManifest version="1.0"', 'edXMLManifest version="1.1"'],
  ['<DigestValue>', '<DigestValue>A'],
];

function mutated(signed: Buffer): Buffer[] {
  return MUTATIONS.map(([from, to]) => {
    const other = signed.toString().replace(from, to);
    expect(other === signed.toString()).toBe(false);
    return Buffer.from(other);
  });
}

describe('what we sign, xml-crypto finds right; broken, both find it wrong', () => {
  test.each<[string, XmlOptions]>([
    ['RSA-SHA256, exclusive', {}],
    ['RSA-SHA512', { digest: 'sha512' }],
    ['inclusive', { form: C14N, references: [{ uri: '', enveloped: true, form: C14N }] }],
    ['a prefix list', { references: [{ uri: '', enveloped: true, prefixes: ['edXML'] }] }],
    [
      'several references',
      {
        xml: envelope({ id: 'all' }),
        references: [{ uri: '#all', enveloped: true }, { uri: '#files' }, { uri: '#message', form: C14N }],
      },
    ],
    ['XAdES B-T', { level: 'T' }],
    ['an attachment of 100 KB', { xml: envelope({ size: 100_000 }) }],
  ])('%s', async (_, options) => {
    const signed = await signEnvelope(options);
    expect(await xmlCryptoAccepts(signed)).toBe(true);
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
    for (const other of mutated(signed)) {
      expect(await xmlCryptoAccepts(other)).toBe(false);
      expect(verifyFile(other, ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
    }
  });
});

describe('what xml-crypto signs, we find right; broken, both find it wrong', () => {
  test.each<[string, OtherSigning]>([
    ['the root by its Id', {}],
    ['the whole document', { uri: '' }],
    ['inclusive', { form: C14N }],
    ['SHA-512', { method: `${MORE}rsa-sha512`, digest: 'http://www.w3.org/2001/04/xmlenc#sha512' }],
    ['an attachment of 100 KB', { xml: envelope({ size: 100_000 }) }],
  ])('%s', async (_, options) => {
    const signed = await signWithXmlCrypto(options);
    expect(await xmlCryptoAccepts(signed)).toBe(true);
    const report = verifyFile(signed, ctx);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(report.signatures[0]).toMatchObject({ coverage: 'whole-file' });
    for (const other of mutated(signed)) {
      expect(await xmlCryptoAccepts(other)).toBe(false);
      expect(verifyFile(other, ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
    }
  });

  test('a part only is right, but is not passed', async () => {
    const signed = await signWithXmlCrypto({ xpath: "//*[local-name(.)='MessageHeader']", enveloped: false });
    expect(await xmlCryptoAccepts(signed)).toBe(true);
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({ errors: ['xml.covers-part-only'] });
  });
});

describe('where xml-crypto is deceived', () => {
  test('text split by a processing instruction: it says valid, we do not', async () => {
    const signed = (await signEnvelope()).toString();
    const other = Buffer.from(signed.replace('1.000.000', '1<?x .000.000?>'));
    expect(await xmlCryptoAccepts(other)).toBe(true);
    expect(verifyFile(other, ctx)).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['xml.processing-instruction-forbidden'],
    });
  });
});

const ODD = `<?xml version="1.0"?>
<a:root xmlns:a="urn:a" xmlns="urn:d" xmlns:z="urn:z" z:b="2" b='1' a:c="&#x9;&#10;&quot;&lt;'>">
  <!-- ghi chú --><b xmlns=""><c xmlns:a="urn:other" a:x="1" xml:lang="vi"/></b>
  <![CDATA[ <không phải thẻ> & ]]>&gt;&amp;&#xD; đồng<d></d>
</a:root>`;

describe('canonical octets', () => {
  const write = (name: string, bytes: Buffer | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const ours = (xml: Buffer | string, mode: 0 | 1 | 2) => {
    const document = XmlDocument.fromBuffer(Buffer.from(xml));
    try {
      return canonicalOctets(document, null, { mode, withComments: true, prefixes: [] });
    } finally {
      document.dispose();
    }
  };

  withTool('xmllint', 'of whole documents are those of xmllint, in all three forms', () => {
    for (const xml of [ODD, envelope({ size: 5_000 })]) {
      const file = write('odd.xml', xml);
      const options = ['--c14n', '--exc-c14n', '--c14n11'];
      for (const [mode, option] of options.entries()) {
        const theirs = execFileSync('xmllint', [option, file], { maxBuffer: 1 << 26 });
        expect(ours(xml, mode as 0 | 1 | 2).toString()).toBe(theirs.toString());
      }
    }
  });

  withTool(
    'xmllint',
    'of a signed file give xmllint and openssl the digest and the value that stand in it',
    async () => {
      const signed = (
        await signEnvelope({ form: C14N, references: [{ uri: '', enveloped: true, form: C14N }] })
      ).toString();
      const bare = write('bare.xml', signed.replace(/<Signature [\s\S]*<\/Signature>/, ''));
      const noComments = execFileSync('xmllint', ['--c14n', bare])
        .toString()
        .replace(/<!--[\s\S]*?-->/g, '');
      const digest = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: noComments });
      expect(signed).toContain(`<DigestValue>${digest.toString('base64')}</DigestValue>`);
      // SignedInfo as a document of its own, with the namespaces that it inherits written out.
      const info = String(/<SignedInfo>[\s\S]*<\/SignedInfo>/.exec(signed)).replace(
        '<SignedInfo>',
        '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#" xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">',
      );
      const octets = execFileSync('xmllint', ['--c14n', write('info.xml', info)]);
      const value = /<SignatureValue>([^<]+)/.exec(signed)?.[1] as string;
      const certificate = /<X509Certificate>([^<]+)/.exec(signed)?.[1] as string;
      write(
        'cert.pem',
        `-----BEGIN CERTIFICATE-----\n${(certificate.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
      );
      const key = write(
        'key.pem',
        execFileSync('openssl', ['x509', '-in', join(folder, 'cert.pem'), '-pubkey', '-noout']),
      );
      const check = execFileSync('openssl', [
      'dgst', '-sha256', '-verify', key, '-signature', write('value', Buffer.from(value, 'base64')), write('octets', octets),
    ]); // biome-ignore format: a command line
      expect(check.toString()).toContain('Verified OK');
    },
  );

  withTool(
    'openssl',
    'signed with an Ed25519 key that openssl made: the signature is right, the path is not there',
    async () => {
      const [key, certificate] = [join(folder, 'ed.key'), join(folder, 'ed.der')];
      execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=Ed', '-keyout', key, '-outform', 'DER', '-out', certificate,
    ], { stdio: 'ignore' }); // biome-ignore format: a command line
      const signed = await signXml({
        xml: envelope(),
        into: HEADER,
        certificate: readFileSync(certificate),
        key: createPrivateKey(readFileSync(key)),
      });
      expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
        algorithm: 'Ed25519',
        errors: ['path.no-chain'],
        signer: { commonName: 'Ed' },
      });
      const broken = signed.toString().replace('1.000.000', '2.000.000');
      expect(verifyFile(Buffer.from(broken), ctx).signatures[0]?.errors).toContain('xml.digest-mismatch');
    },
  );

  withTool(
    'openssl',
    'another certificate for the same key takes the signature over, unless XAdES names the first',
    async () => {
      const { key, certificate } = (await testPki()).entity('seal-province');
      writeFileSync(join(folder, 'same.key'), key.export({ format: 'pem', type: 'pkcs8' }));
      execFileSync('openssl', [
      'req', '-x509', '-new', '-key', join(folder, 'same.key'), '-subj', '/CN=Impostor', '-outform', 'DER', '-out', join(folder, 'same.der'),
    ], { stdio: 'ignore' }); // biome-ignore format: a command line
      const impostor = readFileSync(join(folder, 'same.der')).toString('base64');
      const swapped = async (options: XmlOptions) =>
        verifyFile(
          Buffer.from(
            (await signEnvelope(options)).toString().replace(certificate.toString('base64'), impostor),
          ),
          ctx,
        ).signatures[0];
      expect(await swapped({})).toMatchObject({ indication: 'INDETERMINATE', errors: ['path.no-chain'] });
      expect(await swapped({ level: 'B' })).toMatchObject({
        indication: 'TOTAL_FAILED',
        errors: ['xml.signing-certificate-mismatch', 'path.no-chain'],
      });
    },
  );
});
