import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  numberDraft,
  registerDelegation,
  type Stations,
  withdrawDelegation,
} from '../../src/exchange/index.ts';
import { isoTime, type ManualClock, sha256Hex } from '../../src/kernel/index.ts';
import type { PkiEntity } from '../../src/lab/index.ts';
import { type TrustStore, trustStore } from '../../src/verification/index.ts';
import { Ceremonies, doneOf } from '../builders/ceremonies.ts';
import { START } from '../builders/ledger.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
const DAY = 86_400_000;
let world: WeakWorld;
let axis: WeakAxis;
let x: Stations;
let clock: ManualClock;
let trust: TrustStore;
let commune: Ceremonies;
let ministry: Ceremonies;

beforeAll(async () => {
  world = await weakWorld(COMMUNE, [MINISTRY]);
  axis = await world.axis();
  const stations = await axis.start(axis.stores);
  x = { ...stations, verification: () => ({ ...stations.verification(), trust }) };
  ({ clock } = axis);
  renewTrust();
  commune = await new Ceremonies(world.pki, axis.as(COMMUNE), x, COMMUNE).begin();
  ministry = await new Ceremonies(world.pki, axis.as(MINISTRY), x, MINISTRY).begin();
});
afterAll(() => world.remove());

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** Lists of revoked certificates as of now. */
function renewTrust(): void {
  const { anchors, intermediates } = world.pki;
  trust = trustStore({ anchors, intermediates, crls: world.pki.issueCrls(clock.now()) });
}

/** Another official of an agency, bound with a title. */
async function official(of: Ceremonies, title: string, more: object = {}): Promise<PkiEntity> {
  const name = `official-${sha256Hex(title + JSON.stringify(more)).slice(0, 8)}`;
  const entity = await world.pki.add(
    name,
    {
      kind: 'official',
      issuer: 'ca-g2',
      key: 'ec-p256',
      subject: { C: 'VN', CN: 'Người Thử', title, serialNumber: sha256Hex(name).slice(0, 12) },
      validity: { from: '-1y', to: '+1y' },
      ...more,
    },
    START,
  );
  renewTrust();
  await bind(of, entity, title);
  return entity;
}

async function bind(of: Ceremonies, { certificate }: PkiEntity, title: string | null): Promise<void> {
  const agency = await x.agencies.resolve(of.code, START);
  await x.bindings.put([
    {
      certificateSha256: sha256Hex(certificate),
      kind: 'person',
      agencyId: agency?.id ?? '',
      title,
      validFrom: isoTime(START - 300 * DAY),
      validTo: null,
    },
  ]);
}

describe('order of the acts (NĐ 30/2020 art. 13.7, 14, 15.3, 32.2d)', () => {
  test('no seal before the competent person’s signature, none before the number, nothing after the seal', async () => {
    const { documentId, letter } = await commune.letter();
    const seal = () => code(commune.sign(documentId, { action: 'seal' }));
    const number = () => code(commune.number(documentId, letter));
    expect(await seal()).toBe('signing.seal-before-signature');
    expect(await number()).toBe('signing.number-before-signature');
    await commune.sign(documentId, { action: 'initial' });
    expect(await seal()).toBe('signing.seal-before-signature');
    expect(await number()).toBe('signing.number-before-signature');
    await commune.sign(documentId);
    expect(await seal()).toBe('signing.seal-before-number');
    expect(await number()).toBe('done');
    expect(await code(commune.number(documentId, letter, 6))).toBe('signing.number-there');
    expect(await seal()).toBe('done');
    for (const action of ['approve', 'initial', 'seal'] as const)
      expect(await code(commune.sign(documentId, { action }))).toBe('signing.sealed-already');
    expect(await number()).toBe('signing.sealed-already');
  });

  test('nobody signs a document twice as its competent person; initials before, and another person, may be', async () => {
    const { documentId } = await commune.letter();
    const sign = (more: object = {}) => code(commune.sign(documentId, more));
    expect(await sign({ action: 'initial' })).toBe('done');
    expect(await sign()).toBe('done');
    expect(await sign()).toBe('signing.approved-already');
    const other = await official(commune, 'Phó Chủ tịch thường trực');
    expect(await sign({ entity: other, capacity: 'KT' })).toBe('done');
    expect(await sign({ entity: other, capacity: 'KT' })).toBe('signing.approved-already');
    expect((await x.drafts.get(documentId))?.versions).toHaveLength(4);
  });

  test('a number is written as the decree wants it, once to a document and once in a year and series', async () => {
    const [first, second] = [await commune.letter(), await commune.letter()];
    for (const { documentId } of [first, second]) await commune.sign(documentId);
    const number = (of: typeof first, value: number, series: string) =>
      code(commune.number(of.documentId, of.letter, value, series));
    expect(await number(first, 5, 'CV')).toBe('done');
    const { versions = [] } = (await x.drafts.get(first.documentId)) ?? {};
    const step = { kind: 'numbered', number: '05', date: '2026-03-16', series: 'CV' };
    expect(versions.map((one) => one.step.kind)).toEqual(['uploaded', 'signed', 'numbered']);
    expect(versions.at(-1)?.step).toEqual(step);
    expect(await number(second, 5, 'CV')).toBe('signing.number-taken');
    expect(await number(second, 5, 'QĐ')).toBe('done');
  });

  test('the same order again, as after an answer that was lost, changes nothing', async () => {
    const { documentId, letter } = await commune.letter();
    await commune.sign(documentId);
    const sha256 = (await x.drafts.get(documentId))?.versions.at(-1)?.sha256 ?? '';
    const places = { number: letter.number, date: letter.date };
    const order = { sha256, number: 77, date: '2026-03-16', series: 'lặp', places };
    const caller = axis.as(COMMUNE);
    const [one, other] = await Promise.all([1, 2].map(() => numberDraft(documentId, order, caller, x)));
    expect(other).toEqual(one);
    expect(await numberDraft(documentId, order, caller, x)).toEqual(one);
    expect(one?.versions).toHaveLength(3);
  });

  test('another agency’s official is no competent person for this one’s seal', async () => {
    const { documentId } = await commune.letter();
    const stranger = await official(ministry, 'Vụ trưởng');
    expect(await code(commune.sign(documentId, { entity: stranger }))).toBe('signing.certificate-not-bound');
  });
});

describe('certificates (NĐ 68/2024 art. 17)', () => {
  test('revoked, on hold, expired, not yet valid, for another purpose: each is refused before anything is signed', async () => {
    const { documentId } = await commune.letter();
    const refused: [title: string, more: object, code: string][] = [
      ['Thu hồi', { revoked: { at: '-10d', reason: 'keyCompromise' } }, 'signing.certificate-revoked'],
      ['Tạm dừng', { revoked: { at: '-10d', reason: 'certificateHold' } }, 'signing.certificate-revoked'],
      ['Hết hạn', { validity: { from: '-2y', to: '-1d' } }, 'signing.certificate-expired'],
      ['Chưa đến', { validity: { from: '+1d', to: '+2y' } }, 'signing.certificate-expired'],
      ['Sai mục đích', { extensions: { keyUsage: ['keyEncipherment'] } }, 'signing.certificate-refused'],
    ];
    for (const [title, more, expected] of refused) {
      const entity = await official(commune, title, more);
      expect([title, await code(commune.sign(documentId, { entity }))]).toEqual([title, expected]);
    }
    expect((await x.drafts.get(documentId))?.versions).toHaveLength(1);
  });

  test('where software keys are not allowed, none signs', async () => {
    const strict = { ...x, signing: { ...x.signing, softwareKeys: false } };
    const careful = await new Ceremonies(world.pki, axis.as(COMMUNE), strict, COMMUNE).begin();
    const { documentId } = await careful.letter();
    expect(await code(careful.sign(documentId))).toBe('signing.software-key-refused');
  });
});

describe('who signs in which form (NĐ 30/2020 art. 13)', () => {
  test('the head signs directly and TM., the deputy KT., and neither as the other', async () => {
    const as = async (of: Ceremonies, capacity: 'direct' | 'TM' | 'KT' | 'Q', entity?: PkiEntity) => {
      const { documentId } = await of.letter();
      return code(of.sign(documentId, { capacity, ...(entity ? { entity } : {}) }));
    };
    const refused = 'signing.capacity-not-allowed';
    // The commune's demo official is Chủ tịch, the ministry's is Thứ trưởng.
    expect(await as(commune, 'direct')).toBe('done');
    expect(await as(commune, 'TM')).toBe('done');
    expect(await as(commune, 'KT')).toBe(refused);
    expect(await as(commune, 'Q')).toBe(refused);
    expect(await as(ministry, 'KT')).toBe('done');
    expect(await as(ministry, 'direct')).toBe(refused);
    expect(await as(ministry, 'TM')).toBe(refused);
    const acting = await official(commune, 'Quyền Chủ tịch');
    expect(await as(commune, 'Q', acting)).toBe('done');
    const untitled = await official(commune, ' ');
    expect(await as(commune, 'direct', untitled)).toBe(refused);
  });

  const order = (to: PkiEntity, more: object = {}) => ({
    agency: null,
    kind: 'TUQ' as const,
    fromTitle: 'Chủ tịch',
    to: { serialNumber: to.declaration.subject.serialNumber ?? '' },
    scope: 'Văn bản về tiếp công dân',
    legalBasis: 'Giấy ủy quyền 12/GUQ-UBND',
    validFrom: isoTime(START - DAY),
    validTo: isoTime(START + 30 * DAY),
    passesOn: null,
    ...more,
  });

  test('TUQ. needs an authorisation that is theirs, in force and limited in time', async () => {
    const head = await official(commune, 'Trưởng phòng Văn hóa');
    const { documentId } = await commune.letter();
    const sign = (delegationId: string | null, capacity: 'TUQ' | 'TL' = 'TUQ') =>
      code(commune.sign(documentId, { entity: head, capacity, delegationId }));
    const register = async (more: object = {}) =>
      (await registerDelegation(order(head, more), axis.as(COMMUNE), x)).delegationId;
    expect(await sign(null)).toBe('signing.delegation-missing');
    expect(await sign('0199b7a0-0000-7000-8000-000000000000')).toBe('signing.delegation-missing');
    expect(await code(register({ validTo: null }))).toBe('signing.delegation-not-in-force');
    expect(await code(register({ validTo: isoTime(START - 2 * DAY) }))).toBe(
      'signing.delegation-not-in-force',
    );
    const early = await register({ validFrom: isoTime(START + 10 * DAY) });
    expect(await sign(early)).toBe('signing.delegation-not-in-force');
    const others = await register({ to: { serialNumber: 'somebody' } });
    expect(await sign(others)).toBe('signing.delegation-not-theirs');
    const theirs = await register();
    expect(await sign(theirs, 'TL')).toBe('signing.delegation-not-theirs');
    expect(await sign(theirs)).toBe('done');
  });

  test('an authorisation that has ended signs nothing more', async () => {
    const head = await official(commune, 'Trưởng phòng Tư pháp');
    const soon = order(head, { validTo: isoTime(clock.now() + 60_000) });
    const { delegationId } = await registerDelegation(soon, axis.as(COMMUNE), x);
    const { documentId } = await commune.letter();
    const wish = { entity: head, capacity: 'TUQ' as const, delegationId, documentIds: [documentId] };
    const session = await commune.open(wish);
    clock.advance(60_000);
    expect(await code(commune.prepare(session, head))).toBe('signing.delegation-not-in-force');
  });

  test('a withdrawn authorisation signs nothing more, also not what was prepared before; withdrawn twice is once', async () => {
    const head = await official(commune, 'Trưởng phòng Nội vụ');
    const caller = axis.as(COMMUNE);
    const { delegationId } = await registerDelegation(order(head), caller, x);
    const { documentId } = await commune.letter();
    const wish = { entity: head, capacity: 'TUQ' as const, delegationId, documentIds: [documentId] };
    const session = await commune.open(wish);
    const [one] = await commune.prepare(session, head);
    const withdrawal = { delegationId, reason: 'Điều động công tác', by: null };
    expect(await code(withdrawDelegation(withdrawal, axis.as(MINISTRY), x))).toBe('signing.delegation-missing');
    const { withdrawnAt } = await withdrawDelegation(withdrawal, caller, x);
    clock.advance(1_000);
    expect((await withdrawDelegation({ ...withdrawal, reason: 'Lần hai' }, caller, x)).withdrawnAt).toBe(withdrawnAt);
    const events = (await x.events.of(delegationId)).map(({ type, place }) => [type, place !== null]);
    expect(events).toEqual([['delegation.registered', true], ['delegation.withdrawn', true]]);
    expect(await code(commune.finalize(session, doneOf(one), head))).toBe('signing.delegation-withdrawn');
    expect(await code(commune.sign((await commune.letter()).documentId, { entity: head, capacity: 'TUQ', delegationId }))).toBe('signing.delegation-withdrawn');
  }); // biome-ignore format: one line each

  test('what passes on a withdrawn order falls with it', async () => {
    const [first, second] = [await official(commune, 'Chánh Văn phòng'), await official(commune, 'Trưởng phòng Kế toán')];
    const caller = axis.as(COMMUNE);
    const TL = { kind: 'TL' as const, validTo: null };
    const given = await registerDelegation(order(first, TL), caller, x);
    const { delegationId } = await registerDelegation(order(second, { ...TL, passesOn: given.delegationId }), caller, x);
    await withdrawDelegation({ delegationId: given.delegationId, reason: 'Sửa quy chế', by: null }, caller, x);
    const { documentId } = await commune.letter();
    expect(await code(commune.sign(documentId, { entity: second, capacity: 'TL', delegationId }))).toBe('signing.delegation-withdrawn');
  }); // biome-ignore format: one line each

  test('TUQ. is never passed on; TL. may be, to somebody who signs TL.', async () => {
    const [head, deputy] = [await official(commune, 'Trưởng ban'), await official(commune, 'Phó Trưởng ban')];
    const caller = axis.as(COMMUNE);
    const given = await registerDelegation(order(head), caller, x);
    const passing = (more: object) =>
      code(registerDelegation(order(deputy, { passesOn: given.delegationId, ...more }), caller, x));
    expect(await passing({})).toBe('signing.delegation-passed-on');
    expect(await passing({ kind: 'TL' })).toBe('signing.delegation-passed-on');
    const byOrder = await registerDelegation(order(head, { kind: 'TL', validTo: null }), caller, x);
    const again = await registerDelegation(
      order(deputy, { kind: 'TL', validTo: null, passesOn: byOrder.delegationId }),
      caller,
      x,
    );
    const { documentId } = await commune.letter();
    const wish = { entity: deputy, capacity: 'TL' as const, delegationId: again.delegationId };
    expect(await code(commune.sign(documentId, wish))).toBe('done');
  });

  test('a delegation of another agency counts for nothing', async () => {
    const head = await official(commune, 'Trưởng phòng Kinh tế');
    const foreign = await registerDelegation(order(head), axis.as(MINISTRY), x);
    const { documentId } = await commune.letter();
    const wish = { entity: head, capacity: 'TUQ' as const, delegationId: foreign.delegationId };
    expect(await code(commune.sign(documentId, wish))).toBe('signing.delegation-missing');
  });
});
