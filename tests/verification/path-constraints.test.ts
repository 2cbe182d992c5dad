import { describe, expect, test } from '@jest/globals';
import type { PathOptions } from '../../src/verification/path.ts';
import { ext, general, nameOf, type Party, rootAuthority } from '../builders/forged-pki.ts';
import { authority, leaf, root, said } from '../builders/judged-path.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

describe('name constraints', () => {
  const O = '2.5.4.10';
  const EMAIL = '1.2.840.113549.1.9.1';
  const province = nameOf([O, 'Tỉnh A']);
  const judge = (constraint: Buffer, subject: Buffer | string, ...names: Buffer[]) => {
    const ca = authority('CA ràng buộc', root, [ext.ca(), constraint]);
    const extensions = names.length > 0 ? [ext.names(...names)] : [];
    return said([root, ca, leaf(ca, { subject, extensions })]).errors;
  };
  const REFUSED = ['path.name-constraints'];

  test('only names below the permitted one', () => {
    const only = ext.nameConstraints([general.directory(province)]);
    expect(judge(only, nameOf([O, 'Tỉnh A'], 'Ông A'))).toEqual([]);
    expect(judge(only, nameOf([O, 'tỉnh  a'], 'Ông A'))).toEqual([]);
    expect(judge(only, nameOf([O, 'Tỉnh B'], 'Ông A'))).toEqual(REFUSED);
    expect(judge(only, nameOf('Ông A', [O, 'Tỉnh A']))).toEqual(REFUSED);
  });

  test('no names below the excluded one', () => {
    const but = ext.nameConstraints([], [general.directory(province)]);
    expect(judge(but, nameOf([O, 'TỈNH A'], 'Ông A'))).toEqual(REFUSED);
    expect(judge(but, nameOf([O, 'Tỉnh B'], 'Ông B'))).toEqual([]);
  });

  test('every e-mail address in the subject is looked at, beside one in the alternative names too', () => {
    const mail = ext.nameConstraints([general.email('tinha.gov.vn')]);
    const subject = (...mails: string[]) => nameOf('Ông A', ...mails.map((one) => [EMAIL, one] as const));
    expect(judge(mail, subject('a@tinha.gov.vn'))).toEqual([]);
    expect(judge(mail, subject('a@evil.vn', 'a@tinha.gov.vn'))).toEqual(REFUSED);
    expect(judge(mail, subject('a@tinha.gov.vn', 'a@evil.vn'))).toEqual(REFUSED);
    expect(judge(mail, subject('a@evil.vn'), general.email('a@tinha.gov.vn'))).toEqual(REFUSED);
    expect(judge(mail, 'Ông A', general.email('a@xtinha.gov.vn'))).toEqual(REFUSED);
  });

  test('host names: the name itself and what lies below it', () => {
    const dns = ext.nameConstraints([], [general.dns('evil.vn')]);
    expect(judge(dns, 'Máy', general.dns('evil.vn'))).toEqual(REFUSED);
    expect(judge(dns, 'Máy', general.dns('WWW.Evil.vn'))).toEqual(REFUSED);
    expect(judge(dns, 'Máy', general.dns('evil.vn.'))).toEqual(REFUSED);
    expect(judge(dns, 'Máy', general.dns('notevil.vn'))).toEqual([]);
  });

  test('addresses and URIs', () => {
    const ip = ext.nameConstraints([general.ip(10, 1, 0, 0, 255, 255, 0, 0)]);
    expect(judge(ip, 'Máy', general.ip(10, 1, 2, 3))).toEqual([]);
    expect(judge(ip, 'Máy', general.ip(10, 2, 2, 3))).toEqual(REFUSED);
    const uri = ext.nameConstraints([general.uri('.gov.vn')]);
    expect(judge(uri, 'Máy', general.uri('https://a.gov.vn/x'))).toEqual([]);
    expect(judge(uri, 'Máy', general.uri('https://evil.vn/.gov.vn'))).toEqual(REFUSED);
    expect(judge(uri, 'Máy', general.uri('https://a.gov.vn@evil.vn/'))).toEqual(REFUSED);
    expect(judge(uri, 'Máy', general.uri('urn:x'))).toEqual(REFUSED);
  });

  test('constraints of the anchor hold too', () => {
    const strict = rootAuthority(NOW, 'Gốc ràng buộc', [ext.nameConstraints([general.directory(province)])]);
    expect(said([strict, leaf(strict, { subject: nameOf([O, 'Tỉnh B']) })]).errors).toEqual(REFUSED);
    expect(said([strict, leaf(strict, { subject: nameOf([O, 'Tỉnh A'], 'X') })]).errors).toEqual([]);
  });
});

describe('certificate policies', () => {
  const [A, B] = ['1.2.3.1', '1.2.3.2'];
  const ANY = '2.5.29.32.0';
  const ca = (...more: Buffer[]) => authority('CA chính sách', root, [ext.ca(), ext.keyUsage(5), ...more]);
  const judge = (chain: Party[], inputs: Partial<NonNullable<PathOptions['policyInputs']>> = {}) =>
    said([root, ...chain], {
      policyInputs: {
        policies: [],
        explicitPolicy: false,
        inhibitAny: false,
        inhibitMapping: false,
        ...inputs,
      },
    }).errors;
  const below = (issuer: Party, ...policies: string[]) =>
    leaf(issuer, { extensions: policies.length > 0 ? [ext.policies(...policies)] : [] });
  const REFUSED = ['path.certificate-policies'];

  test('no policy is asked for, so none is needed', () => {
    const one = ca();
    expect(judge([one, below(one)])).toEqual([]);
  });

  test('a required policy must go through the whole path', () => {
    const one = ca(ext.policies(A));
    expect(judge([one, below(one, A)], { policies: [A], explicitPolicy: true })).toEqual([]);
    expect(judge([one, below(one, B)], { explicitPolicy: true })).toEqual(REFUSED);
    expect(judge([one, below(one, A)], { policies: [B], explicitPolicy: true })).toEqual(REFUSED);
    expect(judge([one, below(one)], { explicitPolicy: true })).toEqual(REFUSED);
  });

  test('an authority may require an explicit policy of what lies below', () => {
    const one = ca(ext.policies(A), ext.policyConstraints(0));
    expect(judge([one, below(one, A)])).toEqual([]);
    expect(judge([one, below(one, B)])).toEqual(REFUSED);
  });

  test('anyPolicy stands for every policy unless it is inhibited', () => {
    const any = ca(ext.policies(ANY));
    expect(judge([any, below(any, A)], { policies: [A], explicitPolicy: true })).toEqual([]);
    expect(judge([any, below(any, A)], { explicitPolicy: true, inhibitAny: true })).toEqual(REFUSED);
    const closed = ca(ext.policies(A), ext.inhibitAny(0));
    expect(judge([closed, below(closed, ANY)], { explicitPolicy: true })).toEqual(REFUSED);
  });

  test('a mapped policy counts in the anchor’s words, unless mapping is inhibited', () => {
    const mapping = ca(ext.policies(A), ext.mappings([A, B]));
    expect(judge([mapping, below(mapping, B)], { policies: [A], explicitPolicy: true })).toEqual([]);
    expect(judge([mapping, below(mapping, B)], { policies: [B], explicitPolicy: true })).toEqual(REFUSED);
    expect(
      judge([mapping, below(mapping, B)], { policies: [A], explicitPolicy: true, inhibitMapping: true }),
    ).toEqual(REFUSED);
  });

  test('nothing maps to or from anyPolicy', () => {
    for (const pair of [
      [ANY, B],
      [A, ANY],
    ] as [string, string][]) {
      const one = ca(ext.policies(A), ext.mappings(pair));
      expect(judge([one, below(one, A)])).toEqual(REFUSED);
    }
  });

  test('policies and mappings that double at every level do not double the work', () => {
    const list = Array.from({ length: 60 }, (_, i) => `1.2.3.${i}`);
    const pairs = list.flatMap((a) => list.map((b): [string, string] => [a, b])).slice(0, 480);
    const chain: Party[] = [];
    for (let i = 0; i < 9; i++)
      chain.push(
        authority(`Bom ${i}`, chain.at(-1) ?? root, [
          ext.ca(),
          ext.policies(...list),
          ext.mappings(...pairs),
        ]),
      );
    chain.push(below(chain.at(-1)!, ...list));
    expect(judge(chain, { explicitPolicy: true })).toEqual([]);
  });
});
