import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { cpuOf } from './line.ts';
import type { ReferenceDocument } from './reference-document.ts';

const ROUNDS = 2_000;

/**
 * What nobody can do without: hashing the edXML and the PDF once with SHA-256 and two RSA-2048 verifications (the
 * signature and its time-stamp), with node:crypto alone. CPU milliseconds for one document.
 */
export async function floorOf({ edxml, pdf }: ReferenceDocument): Promise<number> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const attributes = Buffer.alloc(200, 1);
  const signature = sign('sha256', attributes, privateKey);
  const once = () => {
    createHash('sha256').update(edxml).digest();
    createHash('sha256').update(pdf).digest();
    verify('sha256', attributes, publicKey, signature);
    verify('sha256', attributes, publicKey, signature);
  };
  for (let i = 0; i < 200; i++) once();
  const { cpuMs } = await cpuOf(() => {
    for (let i = 0; i < ROUNDS; i++) once();
  });
  return cpuMs / ROUNDS;
}
