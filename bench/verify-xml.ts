import { createHash, sign, verify as verifyBytes, X509Certificate } from 'node:crypto';
import { type VerificationContext, verifyFile } from '../src/verification/index.ts';
import { testPki } from '../tests/builders/pki.ts';
import { envelope, signEnvelope } from '../tests/builders/xml.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';

/** Sizes of the signed envelope: a header alone, the reference document, a scanned annex. */
const FILES = [
  { name: '10 KB', content: 4_000, rounds: 2_000, atMost: 12 },
  { name: '135 KB', content: 97_000, rounds: 500, atMost: 12 },
  { name: '5 MB', content: 3_800_000, rounds: 20, atMost: 12 },
] as const;

/**
 * XAdES B-T enveloped signatures. The floor is hashing the file once and two RSA-2048 verifications (the signature and
 * its time-stamp); ours does that and parses, canonicalises, judges both paths with revocation, and reports.
 */
export async function verifyXml(context: VerificationContext): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const { name, content, rounds, atMost } of FILES) {
    const signed = await signEnvelope({ xml: envelope({ size: content }), level: 'T' });
    const first = await cpuOf(() => verifyFile(signed, context));
    if (first.value.indication !== 'TOTAL_PASSED') throw new TypeError(first.value.indication);
    const oursMs = await perRound(rounds, () => verifyFile(signed, context));
    const floorMs = await perRound(rounds, await floorOf(signed));
    lines.push({
      name: `verify one enveloped XAdES B-T of ${name} (${signed.length} octets), warm`,
      figures: {
        'floor ms': rounded(floorMs),
        'ours ms': rounded(oursMs),
        'first ms': rounded(first.cpuMs),
        'per second': Math.round(1_000 / oursMs),
      },
      bar: { ratio: oursMs / floorMs, atMost },
    });
  }
  return lines;
}

async function perRound(rounds: number, once: () => unknown): Promise<number> {
  for (let i = 0; i < rounds / 4; i++) once();
  const { cpuMs } = await cpuOf(() => {
    for (let i = 0; i < rounds; i++) once();
  });
  return cpuMs / rounds;
}

async function floorOf(signed: Buffer): Promise<() => void> {
  const { certificate, key } = (await testPki()).entity('seal-province');
  const { publicKey } = new X509Certificate(certificate);
  const attributes = Buffer.alloc(300, 1);
  const signature = sign('sha256', attributes, key);
  return () => {
    createHash('sha256').update(signed).digest();
    verifyBytes('sha256', attributes, publicKey, signature);
    verifyBytes('sha256', attributes, publicKey, signature);
  };
}
