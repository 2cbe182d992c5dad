import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  checkStores,
  forgetCeremonies,
  openSession,
  recover,
  registerDraft,
  type Stations,
  sessionOf,
} from '../../src/exchange/index.ts';
import type { ManualClock } from '../../src/kernel/index.ts';
import type { Draft, DraftStore, DraftVersion, PreparedRecord } from '../../src/signing/index.ts';
import { Ceremonies, doneOf, PAGE } from '../builders/ceremonies.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

const COMMUNE = 'H53.32.29';
const MINUTE = 60_000;
let world: WeakWorld;
let axis: WeakAxis;
let x: Stations;
let clock: ManualClock;
let commune: Ceremonies;

beforeAll(async () => {
  world = await weakWorld(COMMUNE, ['G09']);
  axis = await world.axis();
  x = await axis.start(axis.stores);
  ({ clock } = axis);
  commune = await new Ceremonies(world.pki, axis.as(COMMUNE), x, COMMUNE).begin();
});
afterAll(() => world.remove());

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

test('a ticket lasts ten minutes, a session ten, what is prepared five', async () => {
  const { documentId } = await commune.letter();
  const official = commune.entityFor('approve');
  const ticket = await commune.ticket({ documentIds: [documentId] });
  clock.advance(10 * MINUTE);
  expect(await code(openSession({ ticket, parentOrigin: PAGE, user: null }, x))).toBe(
    'signing.ticket-expired',
  );
  const second = await commune.ticket({ documentIds: [documentId] });
  clock.advance(10 * MINUTE - 1);
  const { session, accessToken } = await openSession({ ticket: second, parentOrigin: PAGE, user: null }, x);
  expect(await code(sessionOf(session.sessionId, accessToken, x))).toBe('done');
  const [prepared] = await commune.prepare(session, official);
  clock.advance(5 * MINUTE);
  expect(await code(commune.finalize(session, doneOf(prepared), official))).toBe('signing.prepare-expired');
  clock.advance(5 * MINUTE);
  expect(await code(sessionOf(session.sessionId, accessToken, x))).toBe('signing.session-expired');
});

test('what expired is forgotten an hour later, and what is signed is not', async () => {
  const { documentId } = await commune.letter();
  const ticket = await commune.ticket({ documentIds: [documentId] });
  const { session, accessToken } = await openSession({ ticket, parentOrigin: PAGE, user: null }, x);
  const official = commune.entityFor('approve');
  const [prepared] = await commune.prepare(session, official);
  await commune.finalize(session, doneOf(prepared), official);
  clock.advance(70 * MINUTE + 1);
  expect(await forgetCeremonies(x)).toBeGreaterThanOrEqual(3);
  expect(await code(sessionOf(session.sessionId, accessToken, x))).toBe('signing.session-unknown');
  expect(await x.ceremonies.prepared(doneOf(prepared).prepareId)).toBeNull();
  expect((await x.drafts.get(documentId))?.versions).toHaveLength(2);
});

test('without its time-stamp nothing is kept, and the same value is finished when the authority answers again', async () => {
  const token = () => Promise.reject(new TypeError('no answer'));
  const away: Stations = { ...x, signing: { ...x.signing, timestamp: token } };
  const waiting = await new Ceremonies(world.pki, axis.as(COMMUNE), away, COMMUNE).begin();
  const { documentId } = await waiting.letter();
  const official = waiting.entityFor('approve');
  const session = await waiting.open({ documentIds: [documentId] });
  const prepared = doneOf((await waiting.prepare(session, official))[0]);
  expect(await code(waiting.finalize(session, prepared, official))).toBe('signing.timestamp-unavailable');
  expect((await x.drafts.get(documentId))?.versions).toHaveLength(1);
  // The same stores, with a desk that has no authority: level B-B.
  expect(await commune.finalize(session, prepared, official)).toMatchObject({ version: 2, level: 'B-B' });
});

test('prepared bytes that somebody altered in the store are never signed into a document', async () => {
  const official = commune.entityFor('approve');
  const alterations: ((record: PreparedRecord) => Partial<PreparedRecord>)[] = [
    ({ tail }) => ({ tail: altered(tail, (text) => text.replace('/Rect [', '/Rect [ ')) }),
    ({ tail }) => ({ tail: altered(tail, (text) => text.replace('0 0.2 0.7 RG', '1 0.2 0.7 RG')) }),
    ({ byteRange }) => ({ byteRange: byteRange && [0, byteRange[1] - 2, byteRange[2], byteRange[3]] }),
    ({ tail }) => ({ tail: tail.slice(0, -8) }),
    () => ({ certificate: commune.entityFor('seal').certificate.toString('base64') }),
  ];
  for (const alter of alterations) {
    const { documentId } = await commune.letter();
    const session = await commune.open({ documentIds: [documentId] });
    const record = doneOf((await commune.prepare(session, official))[0]);
    const changed = { ...record, ...alter(record) };
    expect(changed).not.toEqual(record);
    const ceremonies = { ...x.ceremonies, prepared: async () => changed };
    const altering = await new Ceremonies(world.pki, axis.as(COMMUNE), { ...x, ceremonies }, COMMUNE).begin();
    const refused = ['signing.result-not-passed', 'signing.signature-wrong', 'signing.placeholder-not-found'];
    expect(refused).toContain(await code(altering.finalize(session, record, official)));
    expect((await x.drafts.get(documentId))?.versions).toHaveLength(1);
  }
});

const altered = (base64: string, change: (text: string) => string) =>
  Buffer.from(change(Buffer.from(base64, 'base64').toString('latin1')), 'latin1').toString('base64');

test('a document that is marked as a state secret is not taken in', async () => {
  const { letter } = await commune.letter();
  const upload = { bytes: letter.bytes, agency: null, reference: null, title: 'TỐI MẬT: Kế hoạch' };
  expect(await code(registerDraft(upload, axis.as(COMMUNE), x))).toBe('intake.state-secret');
});

test('a node that dies between the version and its entry: recovery records it, and the repeat gets its receipt', async () => {
  const { documentId } = await commune.letter();
  const official = commune.entityFor('approve');
  const drafts: DraftStore = {
    ...x.drafts,
    extend: async (...given) => {
      await x.drafts.extend(...given);
      throw new TypeError('killed');
    },
  };
  const dying = await new Ceremonies(world.pki, axis.as(COMMUNE), { ...x, drafts }, COMMUNE).begin();
  const session = await dying.open({ documentIds: [documentId] });
  const prepared = doneOf((await dying.prepare(session, official))[0]);
  expect(await code(dying.finalize(session, prepared, official))).toContain('killed');
  expect((await x.events.pending(10)).map(({ type }) => type)).toEqual(['draft.signed']);
  expect(await recover(x, 0)).toMatchObject({ events: 1 });
  const answer = await commune.finalize(session, prepared, official);
  expect(answer).toMatchObject({ version: 2 });
  expect(answer.ledgerIndex).toBeGreaterThan(0);
  expect((await x.drafts.get(documentId))?.versions).toHaveLength(2);
});

test('the repeat alone records it too, before anybody recovers', async () => {
  const { documentId } = await commune.letter();
  const official = commune.entityFor('approve');
  const ledger = { ...x.ledger, append: () => Promise.reject(new TypeError('no ledger')) };
  const broken = await new Ceremonies(world.pki, axis.as(COMMUNE), { ...x, ledger }, COMMUNE).begin();
  const session = await broken.open({ documentIds: [documentId] });
  const prepared = doneOf((await broken.prepare(session, official))[0]);
  expect(await code(broken.finalize(session, prepared, official))).toContain('no ledger');
  expect(await commune.finalize(session, prepared, official)).toMatchObject({ version: 2 });
  expect(await x.events.pending(10)).toEqual([]);
});

test('fsck goes through every draft: lost bytes, altered ones and versions that the ledger does not know', async () => {
  const { documentId } = await commune.letter();
  await commune.sign(documentId);
  const whole = await checkStores(axis.stores);
  expect(whole.faults).toEqual([]);
  expect(whole.drafts).toBeGreaterThan(1);
  const draft = (await x.drafts.get(documentId)) as Draft;
  const faultsWith = async (versions: DraftVersion[]) => {
    const drafts = { ...axis.stores.drafts, list: async () => [{ ...draft, versions }] };
    return (await checkStores({ ...axis.stores, drafts })).faults.map(({ code: found, facts }) => [
      found,
      facts.version,
    ]);
  };
  const [first, second] = draft.versions as [DraftVersion, DraftVersion];
  expect(await faultsWith([first, { ...second, sha256: first.sha256 }])).toEqual([
    ['fsck.content-altered', 2],
    ['fsck.version-without-evidence', 2],
  ]);
  expect(await faultsWith([first, { ...second, content: 'nowhere' }])).toEqual([['fsck.content-missing', 2]]);
  expect(await faultsWith([first])).toEqual([['fsck.version-without-evidence', undefined]]);
  expect(await faultsWith([first, second, { ...second, version: 3, eventId: first.eventId }])).toEqual([
    ['fsck.version-without-evidence', 3],
  ]);
});

test('the ledger shows nothing of who signed what', async () => {
  const { documentId } = await commune.letter();
  const signed = await commune.sign(documentId);
  const entry = (await x.reader.entry(signed.ledgerIndex)).toString();
  const official = commune.entityFor('approve').declaration.subject;
  for (const secret of [documentId, signed.sha256, official.CN, official.serialNumber ?? '', COMMUNE])
    expect(entry).not.toContain(secret);
  expect(JSON.parse(entry)).toMatchObject({ type: 'draft.signed', seq: 2 });
});
