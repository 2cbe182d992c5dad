import { beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import {
  assembleCms,
  der,
  embedCms,
  oids,
  prepareSignature,
  signedAttributes,
} from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { type FileReport, verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { ASIC_S, asic } from '../builders/asic.ts';
import { signatureStamp } from '../builders/forged-archive.ts';
import { attribute, type SignerRequest, signedData, token } from '../builders/forged-cms.ts';
import { certify, ext, nameOf, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from '../builders/pdf.ts';
import { anatomy, edited, rawUpdate } from '../builders/pdf-update.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';
import { xadesBasic } from '../builders/xades.ts';
import { EXCLUSIVE_FORM } from '../builders/xml-template.ts';

const root = rootAuthority(NOW, 'Gốc thử');
const signer = certify(NOW, { subject: 'Người ký', issuer: root, notBefore: NOW - YEAR });
const tsa = certify(NOW, {
  subject: 'TSA',
  issuer: root,
  extensions: [ext.keyUsage(0), ext.purposes(true, '1.3.6.1.5.5.7.3.8')],
});
const ctx: VerificationContext = {
  trust: trustStore({
    anchors: [root.certificate],
    crls: [revocationList({ issuer: root, thisUpdate: NOW - 3_600_000 })],
  }),
  policy: policyNamed('cong-vu'),
  at: NOW,
  revocation: 'required',
};
const real = Buffer.from('Kính chuyển 1.000.000 đồng');
const evil = Buffer.from('Kính chuyển 9.000.000 đồng');

let pdfCtx: VerificationContext;
let letter: Buffer;
beforeAll(async () => {
  pdfCtx = await pdfContext();
  letter = (await letterPdf()).bytes;
});

const codesOf = ({ errors, warnings, signatures }: FileReport) => [
  ...errors,
  ...warnings,
  ...signatures.flatMap((one) => [
    ...one.errors,
    ...one.warnings,
    ...one.timestamps.flatMap((stamp) => stamp.errors),
  ]),
];

/** A signature over `real` that carries `inside`. */
function carrying(inside: Buffer, one: Partial<SignerRequest> = {}): Buffer {
  const digest = attribute(oids.messageDigest, der.octetString(sha256(real)));
  return signedData({
    content: inside,
    signers: [{ party: signer, attributes: ([type, , bound]) => [type!, digest, bound!], ...one }],
  });
}

describe('other content inside a CMS than what it was made for: programs that open it show that', () => {
  test('a CMS that is judged over the file beside it', () => {
    const judged = verifyFile(carrying(evil), ctx, { detached: real });
    expect(judged.indication).toBe('TOTAL_FAILED');
    expect(codesOf(judged)).toContain('cms.content-differs');
    // The same content twice is no contradiction, and one that is nowhere is what detached means.
    expect(verifyFile(carrying(real), ctx, { detached: real }).indication).toBe('TOTAL_PASSED');
  });

  test('the signature of an ASiC-S container', () => {
    const container = (p7s: Buffer) =>
      asic(ASIC_S, [
        { name: 'cong-van.txt', bytes: real },
        { name: 'META-INF/signature.p7s', bytes: p7s },
      ]);
    const judged = verifyFile(container(carrying(evil)), ctx);
    expect(judged.indication).toBe('TOTAL_FAILED');
    expect(codesOf(judged)).toContain('cms.content-differs');
  });

  test('the signature of a PDF', async () => {
    const { certificate, key } = (await testPki()).entity('official-vice');
    const prepared = prepareSignature({ pdf: letter, fieldName: 'P', signedAt: NOW });
    const attributes = signedAttributes({ digest: prepared.digest, certificate });
    const { sign: signBytes } = await import('node:crypto');
    const cms = (content?: { type: string; bytes: Buffer }) =>
      embedCms(
        prepared,
        assembleCms({
          ...{
            certificate,
            attributes,
            signature: signBytes('sha256', attributes, key),
            algorithm: 'ecdsa-sha256',
          },
          ...(content ? { content } : {}),
        }),
      );
    expect(verifyFile(cms(), pdfCtx).indication).toBe('TOTAL_PASSED');
    const judged = verifyFile(cms({ type: oids.data, bytes: evil }), pdfCtx);
    expect(judged.indication).toBe('TOTAL_FAILED');
    expect(codesOf(judged)).toContain('cms.content-differs');
  });
});

describe('who signed', () => {
  const by = (subject: Buffer | string, declared: string) => {
    const party = certify(NOW, { subject, issuer: root });
    return verifyFile(signedData({ content: real, signers: [{ party }] }), { ...ctx, declared }).indication;
  };

  test('a certificate of two common names is not the declared signer’s by its second one', () => {
    const two = nameOf(['2.5.4.3', 'Kẻ mạo danh'], ['2.5.4.3', 'Nguyễn Văn Thử']);
    const other = nameOf(['2.5.4.3', 'Nguyễn Văn Thử'], ['2.5.4.3', 'Kẻ mạo danh']);
    expect([by(two, 'CN=Nguyễn Văn Thử'), by(other, 'CN=Nguyễn Văn Thử')]).not.toContain('TOTAL_PASSED');
  });

  test('a name in letters that only look alike is another name', () => {
    expect(by('Nguyễn Văn Thử', 'CN=Nguyễn Văn Thử')).toBe('TOTAL_PASSED');
    expect(by('Nguyễn Vаn Thử', 'CN=Nguyễn Van Thử')).not.toBe('TOTAL_PASSED');
    expect(by('Nguyễn Văn Thử\u200b', 'CN=Nguyễn Văn Thử')).not.toBe('TOTAL_PASSED');
  });

  test('a certificate that shares the key identifier which the signature names does not take its place', () => {
    const id = Buffer.alloc(20, 7);
    const keyId = ext.raw('2.5.29.14', false, der.octetString(id));
    const extensions = [ext.notCa(), ext.keyUsage(0, 1), keyId];
    const honest = certify(NOW, { subject: 'Người thật', issuer: root, extensions });
    const impostor = certify(NOW, { subject: 'Chủ tịch', issuer: root, extensions });
    for (const certificates of [[impostor, honest], [honest, impostor], [impostor]]) {
      const report = verifyFile(
        signedData({
          content: real,
          certificates: certificates.map((one) => one.certificate),
          signers: [{ party: honest, byKeyId: id }],
        }),
        ctx,
      );
      const passed = report.indication === 'TOTAL_PASSED';
      expect(passed ? report.signatures[0]?.signer?.commonName : 'Người thật').toBe('Người thật');
      expect(passed).toBe(certificates.includes(honest));
    }
  });
});

test('a time-stamp that may be wrong by years, as it says itself, proves no time', () => {
  const stamped = (accuracy: number) =>
    verifyFile(
      signedData({
        content: real,
        signers: [
          {
            party: signer,
            unsigned: (signature) => [
              attribute(
                oids.timeStampToken,
                token({ authority: tsa, stamped: signature, time: NOW - 60_000, accuracy }),
              ),
            ],
          },
        ],
      }),
      ctx,
    );
  expect(stamped(1).signatures[0]?.baseline).toBe('B-T');
  const judged = stamped(3 * 365 * 86_400);
  expect(judged.signatures[0]).toMatchObject({ baseline: 'B-B', warnings: ['timestamp.not-accepted'] });
  expect(codesOf(judged)).toContain('timestamp.inaccurate');
});

describe('PDF', () => {
  test('an end that leads back to an earlier revision, so that viewers do not show what was signed later', async () => {
    const issued = await issuedLetter();
    const first = /startxref\s+(\d+)/.exec(issued.toString('latin1'))?.[1];
    const back = Buffer.concat([issued, Buffer.from(`startxref\n${first}\n%%EOF\n`)]);
    expect(verifyFile(back, pdfCtx).indication).not.toBe('TOTAL_PASSED');
  });

  test('a file that a later update declares encrypted, so that viewers read other characters', async () => {
    const signed = await sign(letter);
    const encrypted = rawUpdate(signed, {
      trailer: { Encrypt: '<< /Filter /Standard /V 1 /R 2 /O () /U () /P -1 >>' },
    });
    expect(verifyFile(encrypted, pdfCtx).indication).not.toBe('TOTAL_PASSED');
  });

  test('a certification that an update claims for a signature', async () => {
    const signed = await sign(letter);
    const { catalog, widget } = anatomy(signed);
    const value = widget?.dictionary.entries.get('V') as { num: number };
    const Perms = `<< /DocMDP ${value.num} 0 R >>`;
    const claimed = rawUpdate(signed, {
      objects: [{ num: catalog.num, body: edited(catalog.dictionary, { Perms }) }],
    });
    expect(verifyFile(claimed, pdfCtx).indication).toBe('TOTAL_FAILED');
  });

  test('layers in the signed file that show another page in print than on the screen are told', async () => {
    const { catalog, free } = anatomy(letter);
    const usage = `/AS [<< /Event /Print /Category [/Print] /OCGs [${free} 0 R] >>]`;
    const layered = (more: string) =>
      rawUpdate(letter, {
        objects: [
          {
            num: catalog.num,
            body: edited(catalog.dictionary, { OCProperties: `<< /OCGs [${free} 0 R] /D << ${more} >> >>` }),
          },
          { num: free, body: '<< /Type /OCG /Name (a) /Usage << /Print << /PrintState /OFF >> >> >>' },
        ],
      });
    const told = async (pdf: Buffer) => codesOf(verifyFile(await sign(pdf), pdfCtx));
    expect(await told(layered(usage))).toContain('pdf.active-content');
    expect(await told(layered(''))).not.toContain('pdf.active-content');
  });
});

describe('XML', () => {
  test('a Manifest without references signs nothing', async () => {
    const shape = (objects: string, uri: string) => ({
      alone: true,
      references: [{ uri, transforms: EXCLUSIVE_FORM, id: 'r' }],
      objects,
    });
    const manifest = shape('<Object><Manifest Id="m"></Manifest></Object>', '#m');
    const bytes = Buffer.from(await xadesBasic(manifest));
    expect(verifyFile(bytes, pdfCtx).indication).not.toBe('TOTAL_PASSED');
  });

  test('a name space declaration that gives a prefix of the signature another meaning in what is signed', async () => {
    const text = await xadesBasic();
    for (const forged of [
      text.replace('<edXML ', '<edXML xmlns:xml="urn:x" '),
      text.replace('<edXML:edXMLBody>', '<edXML:edXMLBody xmlns:edXML="urn:x">'),
      text.replace('<xades:SignedProperties ', '<xades:SignedProperties xmlns:xades="urn:x" '),
    ])
      expect([forged === text, verifyFile(Buffer.from(forged), pdfCtx).indication]).not.toContain(
        'TOTAL_PASSED',
      );
  });
});

describe('ASiC', () => {
  test('a file that unpackers write as a link to another one', () => {
    const container = (attributes: number) =>
      asic(ASIC_S, [
        { name: 'cong-van.txt', bytes: real, lies: { attributes } },
        {
          name: 'META-INF/signature.p7s',
          bytes: signedData({
            content: real,
            detached: true,
            signers: [{ party: signer, unsigned: signatureStamp(tsa, NOW - 60_000) }],
          }),
        },
      ]);
    expect(verifyFile(container(0o100644 * 65_536), ctx).indication).toBe('TOTAL_PASSED');
    const judged = verifyFile(container(0o120777 * 65_536), ctx);
    expect(judged.indication).not.toBe('TOTAL_PASSED');
    expect(codesOf(judged)).toContain('asic.zip-path');
  });
});
