import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { periodOf } from '../../src/document/index.ts';
import { checkStores, dropContent, listPeriods, type Stations } from '../../src/exchange/index.ts';
import { manualClock, sha256, systemClock } from '../../src/kernel/index.ts';
import { commitFacts, parseEntry } from '../../src/ledger/index.ts';
import { type World, world } from '../world.ts';

const DAY_MS = 86_400_000;
let axis: World;
let documentId: string;
let deliveryId: string;

/** The quarter that all content of this test is of. */
const period = periodOf(systemClock.now());

/** The axis as it will be in some years. */
const inYears = (years: number): Stations => ({
  ...axis.demo.stations,
  clock: manualClock(systemClock.now() + years * 366 * DAY_MS),
});

beforeAll(async () => {
  axis = await world();
  ({ documentId } = await axis.as('G22').send(await axis.letter('G22', ['H53'])));
  deliveryId = (await axis.as('H53').inbox())[0]?.deliveryId as string;
  await axis.as('H53').content(deliveryId);
  await axis.as('H53').acknowledge(deliveryId, 'done');
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

async function get(code: string, path: string) {
  const answer = await axis.fetch(code, path);
  const text = await answer.text();
  return { status: answer.status, code: /"code":"([^"]*)"/.exec(text)?.[1] };
}

async function drop(name: string, code = 'admin') {
  const answer = await axis.fetch(code, `/v1/retention/${name}/drop`, { method: 'POST' });
  return { status: answer.status, body: await answer.json() };
}

describe('while content is to be kept', () => {
  test('the operator sees the quarter and until when', async () => {
    const answer = await axis.fetch('admin', '/v1/retention');
    const { contentYears, items } = (await answer.json()) as {
      contentYears: number;
      items: { period: string; keptUntil: string }[];
    };
    expect(contentYears).toBe(10);
    expect(items).toEqual([
      { period, state: 'kept', ledgerIndex: null, keptUntil: expect.stringMatching(/^\d{4}-\d\d-01T00:00/) },
    ]);
    const kept = Date.parse(items[0]?.keptUntil as string) - systemClock.now();
    expect(kept / DAY_MS).toBeGreaterThan(3650);
    expect(kept / DAY_MS).toBeLessThan(3750);
  });

  test('it is not dropped, and nobody else is asked', async () => {
    expect(await drop(period)).toMatchObject({ status: 409, body: { code: 'exchange.content-kept' } });
    expect(await drop('2011-Q2')).toMatchObject({ status: 404, body: { code: 'exchange.period-unknown' } });
    expect(await drop('2011-Q5')).toMatchObject({ status: 400 });
    expect(await drop('..%2F..')).toMatchObject({ status: 400 });
    expect(await drop(period, 'G22')).toMatchObject({ status: 403 });
    await expect(dropContent(period, inYears(9))).rejects.toMatchObject({ code: 'exchange.content-kept' });
    expect(await get('G22', `/v1/documents/${documentId}/original`)).toMatchObject({ status: 200 });
  });
});

describe('when its time is over', () => {
  test('content that is gone without an entry is a fault', async () => {
    const { blobs } = axis.demo.stations;
    const faults = await checkStores({
      ...axis.demo.stores,
      blobs: { ...blobs, periods: async () => [{ period: '2011-Q2', dropped: true }] },
    });
    expect(faults.faults).toEqual([{ code: 'fsck.content-dropped', facts: { period: '2011-Q2' } }]);
  });

  test('the entry comes first: what breaks off after it is finished by asking again, under one entry', async () => {
    const later = inYears(11);
    const broken = {
      ...later,
      blobs: { ...later.blobs, dropPeriod: () => Promise.reject(new RangeError('killed')) },
    };
    await expect(dropContent(period, broken)).rejects.toThrow('killed');
    const [between] = await listPeriods(later);
    expect(between).toMatchObject({ state: 'expired', ledgerIndex: expect.any(Number) });
    expect(await get('G22', `/v1/documents/${documentId}/original`)).toMatchObject({ status: 200 });
    const dropped = await dropContent(period, later);
    expect(dropped).toEqual({ ...between, state: 'dropped' });
    expect(await dropContent(period, later)).toEqual(dropped);
  });

  test('anybody finds the entry by the name of the quarter and opens it', async () => {
    const [dropped] = await listPeriods(axis.demo.stations);
    const entry = parseEntry(await axis.demo.stations.reader.entry(dropped?.ledgerIndex as number));
    const name = sha256(`content-period|${period}`);
    expect(entry.type).toBe('content.expired');
    expect(entry.doc.replaceAll('-', '').slice(0, 12)).toBe(name.toString('hex').slice(0, 12));
    const idem = sha256(`content-${period}|content.expired|`).toString('hex');
    expect(entry.commit).toBe(commitFacts(name, idem, { period, keptYears: 10, by: 'operator' }).commit);
  });

  test('content answers 410 to everybody, and what proves the exchange is there as before', async () => {
    const expired = { status: 410, code: 'document.content-expired' };
    expect(await get('G22', `/v1/documents/${documentId}/original`)).toEqual(expired);
    expect(await get('G22', `/v1/documents/${documentId}/attachments/1`)).toEqual(expired);
    expect(await get('G22', `/v1/documents/${documentId}/evidence`)).toEqual(expired);
    expect(await get('H53', `/v1/inbox/${deliveryId}/content`)).toEqual(expired);
    for (const part of ['', '/timeline', '/report', '/receipt'])
      expect(await get('G22', `/v1/documents/${documentId}${part}`)).toMatchObject({ status: 200 });
  });
});
