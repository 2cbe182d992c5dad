import { generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { feedCourier } from '../../src/adapters/wire/feed-courier.ts';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { ToldSchema } from '../../src/api/openapi-figures.ts';
import { systemClock } from '../../src/kernel/index.ts';
import {
  type Figures,
  figuresDesk,
  monthToTell,
  publicationSubject,
  publicationsOf,
  publish,
  publishDue,
  pushDue,
} from '../../src/reporting/index.ts';
import { walker } from '../builders/browser-walk.ts';
import { listening } from '../builders/listening.ts';
import { type World, world } from '../world.ts';

let axis: World;
let figures: Figures;
let period: string;
let exchanged: number;

/** What was told first said five documents more than there were. */
beforeAll(async () => {
  axis = await world();
  await axis.as('H41').send(await axis.letter('H41', ['G09']));
  figures = await figuresDesk(axis.demo.stations).figures();
  period = figures.indicators[0]?.period as string;
  const nation = figures.indicators.find(
    (one) => one.code === 'documents.exchanged' && one.scope === 'nation',
  );
  exchanged = nation?.value ?? 0;
}, 120_000);
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

const wrong = (): Figures => ({
  ...figures,
  indicators: figures.indicators.map((one) =>
    one.code === 'documents.exchanged' && one.scope === 'nation' ? { ...one, value: exchanged + 5 } : one,
  ),
});

const restate = (body: object, agency = 'operator') =>
  axis.fetch(agency, '/v1/reports/publications', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('a month is told when it has been over for an hour', () => {
  const at = (time: string) => monthToTell(Date.parse(time));
  expect(at('2026-01-15T00:00:00+07:00')).toBe('2025-12');
  expect(at('2026-03-01T00:30:00+07:00')).toBe('2026-01');
  expect(at('2026-03-01T01:00:00+07:00')).toBe('2026-02');
});

describe('a version of the figures of a month', () => {
  test('is not told before the month is over', async () => {
    expect(await publishDue(figures, axis.demo.stations)).toBe(0);
  });

  test('is published once, whoever asks', async () => {
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => publish(wrong(), { period, reason: 'month-over' }, axis.demo.stations)),
    );
    expect(tries.map((one) => one?.publication.version)).toEqual([1, 1, 1, 1, 1]);
    const events = await axis.demo.stations.events.of(publicationSubject(period).id);
    expect(events.map((one) => [one.type, one.place !== null])).toEqual([['figures.published', true]]);
  });

  test('is restated by an operator with a reason, counted anew; nobody else does it', async () => {
    expect((await restate({ period, reason: 'x' }, 'G09')).status).toBe(403);
    expect((await restate({ period, reason: '  ' })).status).toBe(400);
    expect((await restate({ period: '2026-13', reason: 'x' })).status).toBe(400);
    expect((await restate({ period: '1999-01', reason: 'x' })).status).toBe(404);
    const made = await restate({ period, reason: 'Đếm trùng năm văn bản' });
    expect([made.status, await made.json()]).toMatchObject([201, { version: 2, reason: 'restated' }]);
    const again = await restate({ period, reason: 'lần nữa' });
    expect([again.status, await again.json()]).toMatchObject([200, { version: 2 }]);
    const [first, second] = await publicationsOf(period, axis.demo.stations);
    expect([first?.version, second?.note]).toEqual([1, 'Đếm trùng năm văn bản']);
    const read = await axis.fetch('operator', `/v1/reports/publications/${period}/1`);
    expect(await read.json()).toEqual(JSON.parse(JSON.stringify(first)));
    expect((await axis.fetch('operator', `/v1/reports/publications/${period}/3`)).status).toBe(404);
  });

  test('shows both values, versions and reasons to everybody', async () => {
    const answer = await (await fetch(`${axis.url}/figures/publications.json`)).json();
    const { publications, restatements } = ToldSchema.strict().parse(answer);
    expect(publications.map((one) => one.version)).toEqual([2, 1]);
    expect(restatements).toMatchObject([
      {
        ...{ code: 'documents.exchanged', scope: 'nation', key: '', period, now: exchanged },
        told: [
          { version: 1, value: exchanged + 5, reason: 'month-over' },
          { version: 2, value: exchanged, note: 'Đếm trùng năm văn bản' },
        ],
      },
    ]);
    const { text } = await walker().get(`${axis.url}/figures`);
    expect(text).toContain('Số đã thay đổi sau khi công bố');
    expect(text).toMatch(new RegExp(`Lần 1: <b>${exchanged + 5}</b>`));
    expect(text).toContain('Đếm trùng năm văn bản');
    expect(text).not.toContain('chưa công bố lại');
  });

  test('that no longer says what is counted is marked until it is restated', async () => {
    await axis.as('H41').send(await axis.letter('H41', ['G09']));
    for (let look = 0; look < 50; look++) {
      const { text } = await walker().get(`${axis.url}/figures`);
      if (text.includes('chưa công bố lại')) return;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    throw new RangeError('the page never said so');
  }, 60_000);
});

describe('the command centre', () => {
  test('gets every version once, in order, signed as webhooks are, and again after it was away', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const got: { id: string; signed: boolean; body: Record<string, unknown> }[] = [];
    let away = true;
    const app = express();
    app.post('/chi-so', express.raw({ type: '*/*', limit: '5mb' }), (request, response) => {
      if (away) return void response.status(503).set('Retry-After', '7').end();
      const id = request.get('webhook-id') ?? '';
      const [, signature = ''] = (request.get('webhook-signature') ?? '').split(',');
      const text = Buffer.concat([
        Buffer.from(`${id}.${request.get('webhook-timestamp')}.`),
        request.body as Buffer,
      ]);
      const signed = verify(null, text, publicKey, Buffer.from(signature, 'base64'));
      got.push({ id, signed, body: JSON.parse(String(request.body)) });
      response.status(204).end();
    });
    const centre = await listening(app);
    const options = {
      key: privateKey,
      clock: systemClock,
      guard: targetGuard({ allowed: ['127.0.0.0/8'], own: () => [] }),
    };
    const courier = feedCourier(`${centre.url}/chi-so`, options);
    const push = () => pushDue([period], courier, axis.demo.stations);
    expect(await push()).toEqual({ sent: 0, failed: { reason: 'http-503', retryAfterMs: 7_000 } });
    away = false;
    expect(await push()).toEqual({ sent: 2, failed: null });
    expect(await push()).toEqual({ sent: 0, failed: null });
    expect(got.map(({ id, signed }) => [id, signed])).toEqual([
      [`figures-${period}-v1`, true],
      [`figures-${period}-v2`, true],
    ]);
    expect(got[1]?.body).toMatchObject({ set: 'truc-van-ban/1', period, version: 2, reason: 'restated' });
    const indicators = got[1]?.body.indicators as { previous?: number; value: number; unit: string }[];
    expect(indicators.filter((one) => 'previous' in one)).toMatchObject([
      { value: exchanged, previous: exchanged + 5, unit: 'documents' },
    ]);
    await centre.close();
    expect((await feedCourier(`${centre.url}/chi-so`, options)('x', Buffer.from('{}')))?.reason).toBe(
      'ECONNREFUSED',
    );
    const closed = { ...options, guard: targetGuard({ allowed: [], own: () => [] }) };
    expect((await feedCourier(`${centre.url}/chi-so`, closed)('x', Buffer.from('{}')))?.reason).toMatch(
      /^target-/,
    );
  }, 60_000);
});
