import { expect, test } from '@jest/globals';
import type { DigestName } from '../../src/kernel/index.ts';
import {
  readPublicKey,
  type SignatureAlgorithm,
  verifySignature,
} from '../../src/verification/algorithms.ts';
import { gzippedVectors } from '../vectors/gzipped.ts';

/** Number, message and signature (base64), answer of the authors, their flags. */
type Case = [number, string, string, 'valid' | 'invalid' | 'acceptable', string[]];

interface Group {
  sha?: string;
  mgfSha?: string;
  sLen?: number;
  /** SubjectPublicKeyInfo, base64. */
  key: string;
  tests: Case[];
}

const sets = gzippedVectors<{ name: string; groups: Group[] }[]>('wycheproof/signatures.json.gz');

function algorithmOf(name: string, group: Group): SignatureAlgorithm {
  const digest = (group.sha ?? '').toLowerCase().replace(/^sha-/, 'sha') as DigestName;
  if (name.startsWith('ed25519')) return { scheme: 'ed25519', digest: null, saltLength: 0 };
  if (name.startsWith('ecdsa')) return { scheme: 'ecdsa', digest, saltLength: 0 };
  if (name.startsWith('rsa_pss')) return { scheme: 'rsa-pss', digest, saltLength: group.sLen ?? -1 };
  return { scheme: 'rsa', digest, saltLength: 0 };
}

function isValid(name: string, group: Group, [, message, signature]: Case): boolean {
  const key = readPublicKey(Buffer.from(group.key, 'base64'));
  if (!key) return false;
  const algorithm = algorithmOf(name, group);
  const [octets, value] = [Buffer.from(message, 'base64'), Buffer.from(signature, 'base64')];
  return verifySignature(algorithm, algorithm.digest, key, [octets], value);
}

/** PSS with another digest for the mask than for the message is not read by `signatureAlgorithm`, so it never gets here. */
const isJudged = (group: Group) => group.mgfSha === undefined || group.mgfSha === group.sha;

/** "Acceptable" stands for signatures that old software makes, here a DigestInfo without NULL: we refuse them all. */
test('C2SP Wycheproof: every signature as its authors ask', () => {
  const differing: string[] = [];
  let count = 0;
  for (const { name, groups } of sets) {
    for (const group of groups.filter(isJudged)) {
      for (const one of group.tests) {
        count++;
        const [number, , , expected, flags] = one;
        if (isValid(name, group, one) !== (expected === 'valid'))
          differing.push(`${name} ${number} ${expected} ${flags.join()}`);
      }
    }
  }
  console.info(`C2SP Wycheproof: ${count - differing.length} of ${count}`);
  expect(count).toBe(12_164);
  expect(differing).toEqual([]);
});
