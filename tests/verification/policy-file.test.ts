import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { isTrucError } from '../../src/kernel/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { judgePath } from '../../src/verification/path.ts';
import { policyFromFile, policyNamed, policyNames } from '../../src/verification/policy.ts';
import { policyFileSchema } from '../../src/verification/policy-file.ts';
import { nameOf, type Party } from '../builders/forged-pki.ts';
import { authority, context, leaf, root } from '../builders/judged-path.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const own = (more: object, rules: object = {}) =>
  JSON.stringify({
    name: 'so-noi-vu',
    base: 'cong-vu',
    title: 'Chính sách của Sở Nội vụ',
    validFrom: null,
    validUntil: null,
    source: 'Quyết định 12/QĐ-SNV',
    rules,
    ...more,
  });

const anchors = (accepted: object[] | null, refused: object[] = []) =>
  own({}, { anchors: { value: { accepted, refused }, source: 'Quyết định 12/QĐ-SNV' } });

function faultOf(text: string): unknown {
  try {
    policyFromFile(text);
  } catch (error) {
    return isTrucError(error) ? { code: error.code, ...error.facts } : error;
  }
  return null;
}

describe('a policy file', () => {
  test('its schema is published (TRUC_TEST_UPDATE=1 writes it), and the built-in policies keep to it', () => {
    const path = join(import.meta.dirname, '..', '..', 'schemas', 'policy', 'policy.schema.json');
    const schema = `${JSON.stringify(z.toJSONSchema(policyFileSchema), null, 2)}\n`;
    if (process.env.TRUC_TEST_UPDATE) writeFileSync(path, schema);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(schema));
    expect(policyNames.map((name) => policyNamed(name).name)).toEqual([...policyNames]);
  });

  test('every rule of every built-in policy names its source', () => {
    for (const name of policyNames) {
      const { name: _, inForce: __, revocation, ...rules } = policyNamed(name);
      const sources = [...Object.values(rules), ...Object.values(revocation)].map(({ source }) => source);
      expect(sources).toHaveLength(14);
      expect(sources.filter((source) => source.length < 10)).toEqual([]);
    }
  });

  test('takes from its base what it does not say itself', () => {
    const policy = policyFromFile(own({}, { clockSkew: { value: '90s', source: 'máy chủ của Sở' } }));
    expect(policy.revocation.clockSkew).toEqual({ value: 90_000, source: 'máy chủ của Sở' });
    expect(policy.revocation.longestAge).toEqual(policyNamed('cong-vu').revocation.longestAge);
    expect(policy.digests).toEqual(policyNamed('cong-vu').digests);
    expect(policy.name).toBe('so-noi-vu');
  });

  test('an algorithm is trusted until the end of its last day', () => {
    const rule = { value: [{ name: 'sha256', until: '2026-12-31' }], source: 'house rule' };
    expect(policyFromFile(own({}, { digests: rule })).digests.value).toEqual([
      { name: 'sha256', until: Date.UTC(2027, 0, 1) - 1 },
    ]);
  });

  test.each([
    ['not JSON', '{', { path: '', cause: 'not JSON' }],
    ['a rule without its source', own({}, { ber: { value: 'refused' } }), { path: 'rules.ber.source' }],
    ['an unknown rule', own({}, { colour: { value: 1, source: 'house rule' } }), { path: 'rules' }],
    [
      'MD5',
      own({}, { digests: { value: [{ name: 'md5' }], source: 'house rule' } }),
      { path: 'rules.digests.value.0.name' },
    ],
    ['no base and not all rules', own({ base: undefined }), { path: 'rules.digests', cause: 'missing' }],
    ['an anchor pattern that names nothing', anchors([{}]), { path: 'rules.anchors.value.accepted.0' }],
    ['no anchor at all', anchors([]), { path: 'rules.anchors.value.accepted' }],
  ])('%s is refused with its place', (_, text, fault) => {
    expect(faultOf(text)).toMatchObject({ code: 'verification.policy-invalid', ...fault });
  });

  test('a base that is none is refused', () => {
    expect(faultOf(own({ base: 'cua-toi' }))).toMatchObject({ code: 'verification.unknown-policy' });
  });
});

describe('what a policy says about anchors and its own life', () => {
  const signer = leaf(authority('CA', root));
  const middle = authority('CA', root);
  const signerBelow = leaf(middle);
  const said = (text: string, at = NOW, provenAt?: number) => {
    const ctx: VerificationContext = { ...context([root], [middle]), policy: policyFromFile(text), at };
    return judgePath(signerBelow.certificate, ctx, provenAt === undefined ? {} : { provenAt }).errors;
  };
  const fingerprint = (party: Party) =>
    judgePath(party.certificate, context([party]), { purpose: 'any' }).chain[0]?.sha256 ?? '';

  test('only an anchor with the fingerprint that is pinned is accepted', () => {
    expect(said(anchors([{ sha256: fingerprint(root) }]))).toEqual([]);
    expect(said(anchors([{ sha256: fingerprint(signer) }]))).toEqual(['policy.anchor-not-accepted']);
  });

  test('a fingerprint and a name must both fit', () => {
    expect(said(anchors([{ sha256: fingerprint(root), commonName: 'Gốc' }]))).toEqual([]);
    expect(said(anchors([{ sha256: fingerprint(root), commonName: 'Khác' }]))).toEqual([
      'policy.anchor-not-accepted',
    ]);
  });

  test('a refused anchor is refused although it is accepted too', () => {
    expect(said(anchors([{ commonName: 'Gốc' }], [{ sha256: fingerprint(root) }]))).toEqual([
      'policy.anchor-not-accepted',
    ]);
  });

  test('official duty does not rest on the root of the public CAs, nor public services on the other', () => {
    const national = authority(nameOf('Vietnam National Root CA'), root);
    const person = leaf(national);
    const ctx = context([national]);
    const under = (name: string) =>
      judgePath(person.certificate, { ...ctx, policy: policyNamed(name) }).errors;
    expect(under('cong-vu')).toEqual(['policy.anchor-not-accepted']);
    expect(under('dich-vu-cong')).toEqual([]);
  });

  test('an anchor counts for the times that are stated, whatever was judged and remembered before', () => {
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    const text = anchors([{ sha256: fingerprint(root), until: day(NOW - 86_400_000) }]);
    expect(said(text, NOW, NOW - 3 * 86_400_000)).toEqual([]);
    expect(said(text, NOW, NOW)).toEqual(['policy.anchor-not-accepted']);
    expect(said(text, NOW, NOW - 3 * 86_400_000)).toEqual([]);
  });

  test('a policy that is not in force decides nothing', () => {
    expect(said(own({ validUntil: '2020-12-31' }))).toEqual(['policy.not-in-force']);
    expect(said(own({ validFrom: '2020-12-31' }))).toEqual([]);
  });
});
