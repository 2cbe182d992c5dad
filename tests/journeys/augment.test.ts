import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { augmentDue } from '../../src/exchange/index.ts';
import { sha256Hex, systemClock } from '../../src/kernel/index.ts';
import { type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';

interface Augmented {
  number: number;
  level: string;
  sha256: string;
  size: number;
}

function journeys(settingsOf: () => Promise<Record<string, string>>): void {
  let axis: World;
  let documentId: string;
  let place: string;
  let original: Buffer;
  beforeAll(async () => {
    axis = await world(await settingsOf());
    ({ documentId } = await axis.as(COMMUNE).send(await axis.letter(COMMUNE, [MINISTRY])));
    place = `/v1/documents/${documentId}/attachments/0`;
    original = await axis.as(COMMUNE).get(place);
  }, 400_000);
  afterAll(async () => {
    await axis.audit();
    await axis.stop();
  });

  const ask = async (code: string, body: object, at = place) => {
    const answer = await axis.fetch(code, `${at}/augmentations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Augmented & { code?: string } };
  };
  const listed = async () => {
    const text = await axis.as(COMMUNE).get(`${place}/augmentations`);
    return (JSON.parse(text.toString()) as { items: Augmented[] }).items;
  };
  const entries = async () => {
    const text = await axis.as(COMMUNE).get(`/v1/documents/${documentId}/timeline`);
    const { events } = JSON.parse(text.toString()) as { events: { type: string }[] };
    return events.filter(({ type }) => type === 'signature.augmented').length;
  };

  test('two systems that ask at once get one file, which passes at its level and begins with the one as sent', async () => {
    expect(await listed()).toEqual([]);
    const answers = await Promise.all([ask(COMMUNE, {}), ask(COMMUNE, { level: 'B-LTA' })]);
    for (const { status, body } of answers) {
      expect(status).toBe(201);
      expect(body).toMatchObject({ number: 1, level: 'B-LTA' });
    }
    const file = await axis.as(MINISTRY).get(`${place}/augmentations/1`);
    expect(sha256Hex(file)).toBe(answers[0]?.body.sha256);
    expect(file.subarray(0, original.length).equals(original)).toBe(true);
    const report = await axis.fetch(COMMUNE, '/v1/verifications', {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body: new Uint8Array(file),
    });
    const { indication, signatures } = (await report.json()) as {
      indication: string;
      signatures: { baseline: string }[];
    };
    expect(indication).toBe('TOTAL_PASSED');
    expect(new Set(signatures.map(({ baseline }) => baseline))).toEqual(new Set(['B-LTA']));
    expect(await entries()).toBe(1);
  }, 300_000);

  test('what is there is given again; a renewal adds an archive time-stamp to it', async () => {
    expect((await ask(COMMUNE, { level: 'B-T' })).body).toMatchObject({ number: 1, level: 'B-LTA' });
    expect((await ask(COMMUNE, { renew: true })).body).toMatchObject({ number: 2, level: 'B-LTA' });
    expect((await listed()).map(({ number }) => number)).toEqual([1, 2]);
    expect(await entries()).toBe(2);
    const [first, second] = await Promise.all(
      [1, 2].map((k) => axis.as(COMMUNE).get(`${place}/augmentations/${k}`)),
    );
    expect(second?.subarray(0, first?.length).equals(first as Buffer)).toBe(true);
  }, 300_000);

  test('the bytes as sent and their report stay as they were', async () => {
    expect(await axis.as(COMMUNE).get(place)).toEqual(original);
  });

  test('another letter gets it by itself when it is old enough, from whichever node; the metrics tell what waits', async () => {
    const sent = await axis.as(COMMUNE).send(await axis.letter(COMMUNE, [MINISTRY]));
    const { stations } = axis.demo;
    const clock = { now: () => systemClock.now() + 2 * 3_600_000 };
    const { signal } = new AbortController();
    const round = () => augmentDue({ ...stations, clock }, { signal });
    const rounds = await Promise.all([round(), round()]);
    // This letter, and what the first one's look came to: it has its level.
    expect(rounds.map(({ made, failed }) => made + failed).reduce((sum, one) => sum + one)).toBe(1);
    expect(await round()).toEqual({ made: 0, failed: 0, away: false });
    const list = `/v1/documents/${sent.documentId}/attachments/0/augmentations`;
    const { items } = JSON.parse((await axis.as(MINISTRY).get(list)).toString()) as { items: Augmented[] };
    expect(items).toMatchObject([{ number: 1, level: 'B-LTA' }]);
    const metrics = await (await fetch(`${axis.demo.operationsUrl}/metrics`)).text();
    expect(metrics).toContain('truc_augmentations{state="due"} 0');
    expect(metrics).toContain('truc_augmentations{state="failing"} 0');
  }, 300_000);

  test('who is no party finds nothing, and neither is there another attachment or level', async () => {
    expect((await ask('H53', {})).status).toBe(404);
    expect((await ask(COMMUNE, {}, `/v1/documents/${documentId}/attachments/9`)).status).toBe(404);
    expect((await ask(COMMUNE, { level: 'B-X' })).status).toBe(400);
    const gone = axis.as(COMMUNE).get(`${place}/augmentations/9`);
    await expect(gone).rejects.toMatchObject({ facts: { status: 404 } });
  });
}

describe('augmented on request, embedded', () => {
  journeys(async () => ({}));
});

describeWithServices('augmented on request, on shared stores', () => {
  let stores: SharedStores;
  journeys(async () => {
    stores = await sharedStores();
    return stores.settings;
  });
  afterAll(() => stores?.remove());
});
