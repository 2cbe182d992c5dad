import { describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { gzippedVectors } from '../vectors/gzipped.ts';

/** Files that EU DSS signed with a test PKI (tests/tools/dss/SignWithDss.java): the level it made is the one we reach. */
interface DssVectors {
  madeWith: string;
  at: string;
  trust: string[];
  certs: string[];
  crls: string[];
  content: string;
  files: Record<string, string>;
}

const vectors = gzippedVectors<DssVectors>('dss/signatures.json.gz');
const decoded = (list: readonly string[]) => list.map((one) => Buffer.from(one, 'base64'));
const ctx: VerificationContext = {
  trust: trustStore({
    anchors: decoded(vectors.trust),
    intermediates: decoded(vectors.certs),
    crls: decoded(vectors.crls),
  }),
  policy: policyNamed('lab'),
  at: Date.parse(vectors.at),
  revocation: 'required',
};
const detached = Buffer.from(vectors.content, 'base64');
const judged = (name: string, bytes: Buffer) =>
  verifyFile(bytes, ctx, name.includes('DETACHED') ? { detached } : {});

const files = Object.entries(vectors.files).map(([name, text]) => {
  const level = /-(B|T|LT|LTA)[-.]/.exec(name)?.[1] ?? 'B';
  return { name, level: `B-${level}`, bytes: Buffer.from(text, 'base64') };
});

describe(`signed by ${vectors.madeWith}`, () => {
  test('every form at every level is there', () => expect(files).toHaveLength(25));

  test.each(files)('$name: $level', ({ name, level, bytes }) => {
    const report = judged(name, bytes);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', errors: [], warnings: [] });
    expect(report.signatures[0]).toMatchObject({
      baseline: level,
      coverage: 'whole-file',
      errors: [],
      warnings: [],
    });
    if (name.includes('counter'))
      expect(report.signatures[1]).toMatchObject({ counterSigns: '1', errors: [] });
  });

  test.each(files)(
    '$name changed by one bit of its content or its signature never passes',
    ({ name, bytes }) => {
      const text = bytes.indexOf('Kính gửi');
      const value = bytes.lastIndexOf(Buffer.from('0482', 'hex'));
      const places = name.endsWith('.p7m') ? [text, value + 20].filter((at) => at > 20) : [text];
      for (const at of places.filter((one) => one >= 0)) {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ 0x20;
        const { signatures } = judged(name, copy);
        // The last value of a file may be a counter-signature's, which the file's own verdict leaves out.
        const passed = signatures.every(({ indication }) => indication === 'TOTAL_PASSED');
        expect(`${passed ? 'TOTAL_PASSED' : ''} ${signatures[0]?.baseline}`).not.toBe(
          `TOTAL_PASSED ${files.find((one) => one.name === name)?.level}`,
        );
      }
    },
  );
});
