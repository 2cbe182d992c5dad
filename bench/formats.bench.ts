import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify as verifyBytes,
} from 'node:crypto';
import { addValidationData, keySigner, signPdf, type TimestampClient } from '../src/signing/index.ts';
import { policyNamed, trustStore, type VerificationContext, verifyFile } from '../src/verification/index.ts';
import { ASIC_E, asic, asicManifest } from '../tests/builders/asic.ts';
import { signedData, token } from '../tests/builders/forged-cms.ts';
import { certify, ext, keyOf, type Party, rootAuthority } from '../tests/builders/forged-pki.ts';
import { revocationList } from '../tests/builders/forged-revocation.ts';
import { letterPdf } from '../tests/builders/pdf.ts';
import { TEST_NOW as NOW } from '../tests/builders/pki.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';
import { perRound } from './verify.bench.ts';

const HOUR = 3_600_000;
const root = rootAuthority(NOW, 'Gốc đo tốc độ');
const tsa = certify(NOW, {
  subject: 'TSA đo tốc độ',
  issuer: root,
  key: keyOf('rsa', 'bench tsa'),
  extensions: [ext.keyUsage(0), ext.purposes(true, '1.3.6.1.5.5.7.3.8')],
});
const crl = revocationList({ issuer: root, thisUpdate: NOW - HOUR });
const context: VerificationContext = {
  trust: trustStore({ anchors: [root.certificate], crls: [crl] }),
  policy: policyNamed('cong-vu'),
  at: NOW + HOUR,
  revocation: 'required',
};

const KEYS: readonly [name: string, key: () => KeyObject][] = [
  ['RSA-2048', () => keyOf('rsa', 'bench')],
  ['RSA-3072', () => generateKeyPairSync('rsa', { modulusLength: 3_072 }).privateKey],
  ['P-256', () => keyOf('p256', 'bench')],
];

/** One file with what nobody can do without: octets to hash, and a verification by each of these keys. */
interface Row {
  name: string;
  file: Buffer;
  detached?: Buffer;
  hashed: number;
  keys: KeyObject[];
}

/** Each format of signature: path, revocation, coverage, changes and the report included, as for any file. */
export async function formats(): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const [name, key] of KEYS) {
    const party = certify(NOW, { subject: `Người ký ${name}`, issuer: root, key: key() });
    for (const row of await rowsOf(name, party)) lines.push(await measure(row));
  }
  return lines;
}

async function rowsOf(name: string, party: Party): Promise<Row[]> {
  const { bytes: letter } = await letterPdf();
  const basic = await signedLetter(letter, party);
  const stamped = await signedLetter(letter, party, async (digest) =>
    token({ authority: tsa, imprint: digest, time: NOW }),
  );
  const longTerm = addValidationData(stamped, { certificates: [root.certificate], crls: [crl] });
  const manifest = asicManifest({
    signature: 'META-INF/signature.p7s',
    objects: [{ name: 'a.pdf', bytes: letter }],
  });
  const container = asic(ASIC_E, [
    { name: 'a.pdf', bytes: letter, stored: true },
    { name: 'META-INF/ASiCManifest.xml', bytes: manifest, stored: true },
    { name: 'META-INF/signature.p7s', bytes: cades(manifest, party), stored: true },
  ]);
  return [
    { name: `PAdES B-B, ${name}`, file: basic, hashed: basic.length, keys: [party.key] },
    { name: `PAdES B-LT, ${name}`, file: longTerm, hashed: stamped.length, keys: [party.key, tsa.key] },
    { name: `CAdES detached, ${name}`, file: cades(letter, party), detached: letter, hashed: letter.length, keys: [party.key] },
    { name: `ASiC-E with CAdES, ${name}`, file: container, hashed: letter.length + manifest.length, keys: [party.key] },
  ]; // biome-ignore format: a table
}

const cades = (content: Buffer, party: Party) =>
  signedData({ content, detached: true, signers: [{ party }] });

async function signedLetter(pdf: Buffer, party: Party, timestamp?: TimestampClient): Promise<Buffer> {
  const signed = await signPdf({
    pdf,
    fieldName: 'Person1',
    signedAt: NOW,
    signerName: 'Người ký',
    signer: keySigner(party.certificate, party.key),
    ...(timestamp ? { timestamp } : {}),
  });
  return signed.bytes;
}

async function measure({ name, file, detached, hashed, keys }: Row): Promise<BenchLine> {
  const once = () => verifyFile(file, context, detached ? { detached } : {});
  const cold = await cpuOf(once);
  if (cold.value.indication !== 'TOTAL_PASSED') throw new TypeError(`${name}: ${JSON.stringify(cold.value)}`);
  const oursMs = await perRound(once);
  const floorMs = await perRound(floorOf(hashed, keys));
  const figures = {
    octets: file.length,
    'floor ms': rounded(floorMs),
    'ours ms': rounded(oursMs),
    'files a second': rounded(1_000 / oursMs),
    'first one ms': rounded(cold.cpuMs),
  };
  const ratio = oursMs / floorMs;
  // The one row that has a bar; the others are told.
  if (name.startsWith('PAdES B-B')) return { name, figures, bar: { ratio, atMost: 6 } };
  return { name, figures: { ...figures, 'times the floor': rounded(ratio) } };
}

/** Hashing so many octets, and one verification by each key, with node:crypto alone. */
function floorOf(hashed: number, keys: readonly KeyObject[]): () => void {
  const bytes = Buffer.alloc(hashed, 1);
  const attributes = Buffer.alloc(300, 1);
  const checks = keys.map((key) => ({ key: createPublicKey(key), value: sign('sha256', attributes, key) }));
  return () => {
    createHash('sha256').update(bytes).digest();
    for (const { key, value } of checks) verifyBytes('sha256', attributes, key, value);
  };
}
