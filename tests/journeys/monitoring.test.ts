import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { DEFAULT_RULES, MEASURES } from '../../src/alerts/index.ts';
import { readingsOf } from '../../src/app/readings.ts';
import { watchTimestamps } from '../../src/app/timestamp-watch.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { type World, world } from '../world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

/** Only where nodes share stores; their names are looked for in the source. */
const OF_MANY_NODES = ['truc_ledger_pending', 'truc_clock_apart_seconds', 'truc_store_up'];

let axis: World;
let metrics: string[];

beforeAll(async () => {
  axis = await world();
  const text = await (await fetch(`${axis.demo.operationsUrl}/metrics`)).text();
  metrics = [...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1] as string);
}, 60_000);
afterAll(() => axis.stop());

/** Names of metrics in an expression of PromQL, without those of its functions, labels and words. */
function namesIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}/g, '').replace(/\bby\s*\([^)]*\)/g, '');
  const names = [...bare.matchAll(/[a-z_]{2,}\w*(?!\w*\s*\()/gi)].map((match) => match[0]);
  return names.filter((name) => !['by', 'le'].includes(name) && !/^(s|m|h|d)$/.test(name));
}

function known(name: string): boolean {
  const bare = name.replace(/_(bucket|sum|count)$/, '');
  return metrics.includes(name) || metrics.includes(bare) || OF_MANY_NODES.includes(name);
}

interface Alarm {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const document = parseDocument(read('ops', 'prometheus-rules.yml'), { uniqueKeys: true });
const alarms = (document.toJS() as { groups: { rules: Alarm[] }[] }).groups.flatMap(({ rules }) => rules);

test('metrics that only many nodes have are in the source', () => {
  const source = read('src', 'app', 'gauges.ts');
  expect(OF_MANY_NODES.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
});

test('alarms of Prometheus: no fault of YAML, and every metric is one that the axis has', () => {
  expect(document.errors).toEqual([]);
  const names = alarms.flatMap(({ expr }) => namesIn(expr));
  expect(names.length).toBeGreaterThan(alarms.length - 1);
  expect(names.filter((name) => !known(name))).toEqual([]);
  expect(new Set(alarms.map((one) => one.alert)).size).toBe(alarms.length);
  const measures = alarms.flatMap(({ expr }) => /measure="([^"]+)"/.exec(expr)?.[1] ?? []);
  expect(measures.filter((one) => !MEASURES.some((measure) => measure === one))).toEqual([]);
});

test('every alarm has its runbook: of a rule of the axis, or in the page on operating', () => {
  const page = read('docs', 'operating.md');
  for (const { annotations, labels } of alarms) {
    const rule = DEFAULT_RULES.find((one) => one.id === annotations.runbook);
    if (rule) expect([rule.id, rule.severity]).toEqual([annotations.runbook, labels.severity]);
    expect([annotations.runbook, page.includes(annotations.runbook)]).toEqual([annotations.runbook, true]);
  }
  for (const { id } of DEFAULT_RULES) expect([id, page.includes(`\`${id}\``)]).toEqual([id, true]);
});

test('every metric of the dashboard is one that the axis has', () => {
  const { panels } = JSON.parse(read('ops', 'grafana-dashboard.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const names = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr)));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !known(name))).toEqual([]);
});

test('everything that can be measured here is, and says that all is well', async () => {
  const { stations, stores } = axis.demo;
  const timestamps = watchTimestamps(async () => Buffer.alloc(0), systemClock);
  await timestamps.client?.(Buffer.alloc(32));
  const { measured, readings } = await readingsOf({ stations, stores, clock: {}, timestamps })();
  const missing = MEASURES.filter((one) => !measured.includes(one));
  expect(missing).toEqual(['clock-apart-seconds']);
  const value = (measure: string, label = '') =>
    readings.find((one) => one.measure === measure && one.label === label)?.value;
  expect(value('ledger-fault')).toBe(0);
  expect(value('ledger-inconsistent')).toBe(0);
  expect(value('crl-hours')).toBeGreaterThan(0);
  expect(value('disk-free-bytes')).toBeGreaterThan(0);
  expect(value('oldest-waiting-seconds', '4')).toBe(0);
});

test('a time-stamp authority that fails is late by a minute for each time', async () => {
  const timestamps = watchTimestamps(() => Promise.reject(new TypeError('away')), systemClock);
  expect(timestamps.seconds()).toBeNull();
  for (let i = 0; i < 2; i++) await expect(timestamps.client?.(Buffer.alloc(32))).rejects.toThrow('away');
  expect(timestamps.seconds()).toBe(120);
});
