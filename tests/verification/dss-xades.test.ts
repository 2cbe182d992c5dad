import { describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed, trustStore, verifyFile } from '../../src/verification/index.ts';
import { gzippedVectors } from '../vectors/gzipped.ts';

interface Vectors {
  at: string;
  anchors: string[];
  intermediates: string[];
  crls: string[];
  /** What was signed: the file of the detached signatures. */
  content: string;
  files: Record<string, string>;
}

const vectors = gzippedVectors<Vectors>('dss-xades/dss-xades.json.gz');
const bytes = (list: readonly string[]) => list.map((one) => Buffer.from(one, 'base64'));
const content = Buffer.from(vectors.content, 'base64');
const names = Object.keys(vectors.files);

/** B-LT and above bring their certificates and CRLs, so nothing but the anchors is given. */
function contextFor(name: string): VerificationContext {
  const anchors = bytes(vectors.anchors);
  const all = { anchors, intermediates: bytes(vectors.intermediates), crls: bytes(vectors.crls) };
  return {
    trust: trustStore(name.includes('-lt') ? { anchors } : all),
    policy: policyNamed('cong-vu'),
    at: Date.parse(vectors.at),
    revocation: 'required',
  };
}

function judged(name: string, text = vectors.files[name] as string) {
  return verifyFile(
    Buffer.from(text),
    contextFor(name),
    name.startsWith('detached') ? { detached: content } : {},
  );
}

const LEVELS: Readonly<Record<string, string>> = { b: 'B-B', t: 'B-T', lt: 'B-LT', lta: 'B-LTA' };

describe('what EU DSS signs', () => {
  test.each(names)('%s is passed, with nothing to remark', (name) => {
    const report = judged(name);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', errors: [], warnings: [] });
    for (const one of report.signatures) {
      expect([...one.errors, ...one.warnings]).toEqual([]);
      expect(one.coverage).toBe(one.counterSigns === undefined ? 'whole-file' : 'part');
      for (const stamp of one.timestamps) expect(stamp.errors).toEqual([]);
    }
    const level = LEVELS[/-(b|t|lt|lta)(-twice)?$/.exec(name)?.[1] ?? ''];
    if (level) expect(report.signatures[0]?.baseline).toBe(level);
  });

  test('there are fifteen files, with a counter-signature and two parallel ones among them', () => {
    expect(names).toHaveLength(15);
    const [first, counter] = judged('counter-signature').signatures;
    expect(counter?.counterSigns).toBe(first?.id);
    expect(judged('two-parallel').signatures).toHaveLength(2);
    expect(judged('enveloped-lta-twice').signatures[0]?.timestamps.map(({ kind }) => kind)).toEqual([
      'signature',
      'archive',
      'archive',
    ]);
  });
});

describe('changed', () => {
  test.each(names)('%s is not passed', (name) => {
    const text = vectors.files[name] as string;
    // The message where it is inside; else the claimed time, which is signed with every form.
    const inside = text.includes('1.000.000');
    const changed = inside
      ? text.replace('1.000.000', '9.000.000')
      : text.replace(/(SigningTime>20)2/, '$13');
    expect(changed === text).toBe(false);
    expect(judged(name, changed)).toMatchObject({ indication: 'TOTAL_FAILED' });
  });

  test.each(names.filter((name) => name.endsWith('-lta')))(
    '%s with a CRL changed is archived no more',
    (name) => {
      const text = vectors.files[name] as string;
      const changed = text.replace(
        /(EncapsulatedCRLValue[^>]*>.{80})(.)/,
        (_, head, one) => head + (one === 'A' ? 'B' : 'A'),
      );
      expect(changed === text).toBe(false);
      const [report] = judged(name, changed).signatures;
      expect(report?.baseline).not.toBe('B-LTA');
      expect(report?.timestamps.at(-1)?.errors).toContain('timestamp.imprint-mismatch');
    },
  );
});
