import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sample, type World, world } from '../world.ts';

const SUBMISSIONS = 3;
const REQUESTS = 5;
const FROM = 'H53.32.29';
let axis: World;

beforeAll(async () => {
  axis = await world({ RATE_SUBMISSIONS: String(SUBMISSIONS), RATE_REQUESTS: String(REQUESTS) });
});
afterAll(() => axis.stop());

const submit = (body: Buffer) =>
  axis.fetch(FROM, '/v1/documents', {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/xml' },
  });

test('a system that sends too fast is told when to come again, and nobody else is', async () => {
  const body = sample(axis, '01-xa-gui-bo.edxml');
  const answers = [];
  for (let i = 0; i < SUBMISSIONS + 1; i++) answers.push(await submit(body));
  expect(answers.map((answer) => answer.status)).toEqual([202, 200, 200, 429]);
  const refused = answers.at(-1) as Response;
  expect(await refused.json()).toMatchObject({ code: 'api.rate-limited', status: 429 });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60 / SUBMISSIONS);
  const other = await axis.fetch('G09', '/v1/documents?direction=received');
  expect(other.status).toBe(200);
});

test('other calls are counted apart', async () => {
  const statuses = [];
  for (let i = 0; i < REQUESTS + 1; i++)
    statuses.push((await axis.fetch(FROM, '/v1/documents?direction=sent')).status);
  expect(statuses).toEqual([...Array(REQUESTS).fill(200), 429]);
});

test('calls without a valid token take nobody a turn', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      fetch(`${axis.url}/v1/inbox`, { headers: { authorization: 'Bearer nobody' } }),
    ),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401]));
  expect((await axis.fetch('H41', '/v1/inbox')).status).toBe(200);
});
