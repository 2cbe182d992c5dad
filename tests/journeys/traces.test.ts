import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { spanCollector } from '../../src/adapters/wire/span-collector.ts';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { type Span, spanMaker } from '../../src/reporting/index.ts';
import { type Listening, listening } from '../builders/listening.ts';
import { type World, world } from '../world.ts';

let axis: World;
let collector: Listening;
const spans: Span[] = [];
const resources: string[] = [];

interface Export {
  resourceSpans: { resource: unknown; scopeSpans: { spans: Span[] }[] }[];
}

beforeAll(async () => {
  const app = express();
  app.post('/v1/traces', express.json({ limit: '5mb' }), (request, response) => {
    for (const { resource, scopeSpans } of (request.body as Export).resourceSpans) {
      resources.push(JSON.stringify(resource));
      spans.push(...scopeSpans.flatMap((one) => one.spans));
    }
    response.json({});
  });
  collector = await listening(app);
  axis = await world({ OTLP_URL: `${collector.url}/v1/traces`, PUSH_NETS: '127.0.0.0/8' });
}, 120_000);
afterAll(async () => {
  await axis.stop();
  await collector.close();
});

const until = async (count: number) => {
  for (let look = 0; look < 200 && spans.length < count; look++)
    await new Promise((resolve) => setTimeout(resolve, 100));
};

test('a document is one trace from the submission to the acknowledgement, without a word of whose it is', async () => {
  const first = await axis
    .as('H53.32.29')
    .send(await axis.letter('H53.32.29', ['G09'], { subject: 'V/v mật danh' }));
  await axis.as('H49').send(await axis.letter('H49', ['G22']));
  for (const item of await axis.as('G09').inbox()) {
    await axis.as('G09').content(item.deliveryId);
    await axis.as('G09').acknowledge(item.deliveryId, 'done');
  }
  await until(8);
  const traces = [...Map.groupBy(spans, (one) => one.traceId).values()].sort((a, b) => b.length - a.length);
  expect(traces.map((one) => one.length)).toEqual([5, 3]);
  const [own = []] = traces;
  expect(own.map((one) => one.name)).toEqual([
    ...['document.submitted', 'signature.verified', 'delivery.queued'],
    ...['delivery.fetched', 'delivery.acknowledged'],
  ]);
  const root = own[0] as Span;
  expect(root.parentSpanId).toBeUndefined();
  expect(own.slice(1).every((one) => one.parentSpanId === root.spanId)).toBe(true);
  for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano } of spans) {
    expect([traceId.length, spanId.length]).toEqual([32, 16]);
    expect(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano)).toBe(true);
  }
  expect(BigInt(own[4]?.startTimeUnixNano ?? 0)).toBe(BigInt(own[3]?.endTimeUnixNano ?? 1));
  const all = `${JSON.stringify(spans)}${resources.join('')}`;
  for (const told of ['H53', 'G09', 'H49', first.documentId, 'mật danh', 'Bộ Nội vụ', first.sha256])
    expect(all).not.toContain(told);
  expect(resources[0]).toContain('truc');
}, 60_000);

test('a collector that is away, refuses, or lies outside the networks is told by its reason', async () => {
  const guard = targetGuard({ allowed: ['127.0.0.0/8'], own: () => [] });
  expect(await spanCollector(`${collector.url}/nothing`, guard)(Buffer.from('{}'))).toBe('http-404');
  expect(await spanCollector('http://127.0.0.1:9/v1/traces', guard)(Buffer.from('{}'))).toBe('ECONNREFUSED');
  const closed = targetGuard({ allowed: [], own: () => [] });
  expect(await spanCollector(`${collector.url}/v1/traces`, closed)(Buffer.from('{}'))).toMatch(/^target-/);
});

test('entries that are of no document make no spans, and a trace goes on after others', async () => {
  const { events, reader } = axis.demo.stations;
  const placed = await events.placed(0, await reader.size());
  const made = spanMaker()(placed);
  expect(made.length).toBe(8);
  expect(made.every((one) => /^(document|signature|delivery|status)\./.test(one.name))).toBe(true);
  expect(placed.length).toBeGreaterThan(made.length);
});
