import { createHash, sign, verify as verifyBytes, X509Certificate } from 'node:crypto';
import { policyNamed, trustStore, type VerificationContext, verifyFile } from '../src/verification/index.ts';
import { issuedLetter } from '../tests/builders/pdf.ts';
import { TEST_NOW, testPki } from '../tests/builders/pki.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';
import { verifyXml } from './verify-xml.ts';

const WARM_UP = 500;
const ROUNDS = 2_000;
const HOUR = 3_600_000;

/** CPU milliseconds of verifying an issued letter (person and agency, both B-T) against what nobody can do without. */
export interface VerifyFigures {
  name: string;
  /** Hashing the bytes that the signatures cover and four RSA-2048 verifications, with node:crypto alone. */
  floorMs: number;
  oursMs: number;
  ratio: number;
  /** The first verification of the process. */
  coldMs: number;
}

export async function measureVerify(): Promise<VerifyFigures> {
  const pdf = await issuedLetter();
  const context = await makeContext();
  const cold = await cpuOf(() => verifyFile(pdf, context));
  if (cold.value.indication !== 'TOTAL_PASSED') throw new TypeError(cold.value.indication);
  const oursMs = await perRound(() => verifyFile(pdf, context));
  const floorMs = await perRound(await floorOf(pdf));
  return {
    name: 'verify one PDF with two B-T signatures, warm',
    floorMs,
    oursMs,
    ratio: oursMs / floorMs,
    coldMs: cold.cpuMs,
  };
}

export async function verify(): Promise<BenchLine[]> {
  const { name, floorMs, oursMs, ratio, coldMs } = await measureVerify();
  const figures = { 'floor ms': rounded(floorMs), 'ours ms': rounded(oursMs), 'cold ms': rounded(coldMs) };
  const xml = await verifyXml(await makeContext());
  return [{ name, figures, bar: { ratio, atMost: 12 } }, ...xml];
}

/** CPU milliseconds of one call, after a warm-up. */
export async function perRound(once: () => unknown): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) once();
  const { cpuMs } = await cpuOf(() => {
    for (let i = 0; i < ROUNDS; i++) once();
  });
  return cpuMs / ROUNDS;
}

async function makeContext(): Promise<VerificationContext> {
  const pki = await testPki();
  const authorities = ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'];
  return {
    trust: trustStore({
      anchors: pki.anchors,
      intermediates: pki.intermediates,
      crls: authorities.map((name) => pki.crlOf(name, TEST_NOW + HOUR)),
    }),
    policy: policyNamed('cong-vu'),
    at: TEST_NOW + 2 * HOUR,
    revocation: 'required',
  };
}

/** Each signature covers the file up to the end of its revision; its time-stamp is a second RSA signature. */
async function floorOf(pdf: Buffer): Promise<() => void> {
  const ranges = [...pdf.toString('latin1').matchAll(/\/ByteRange \[ ?(\d+) (\d+) (\d+) (\d+)/g)];
  const parts = ranges.map((range) => {
    const [from = 0, length = 0, second = 0, rest = 0] = range.slice(1).map(Number);
    return [pdf.subarray(from, from + length), pdf.subarray(second, second + rest)];
  });
  const { certificate, key } = (await testPki()).entity('official-chairman');
  const { publicKey } = new X509Certificate(certificate);
  const attributes = Buffer.alloc(300, 1);
  const signature = sign('sha256', attributes, key);
  return () => {
    for (const [first, second] of parts) {
      createHash('sha256')
        .update(first as Buffer)
        .update(second as Buffer)
        .digest();
      verifyBytes('sha256', attributes, publicKey, signature);
      verifyBytes('sha256', attributes, publicKey, signature);
    }
  };
}
