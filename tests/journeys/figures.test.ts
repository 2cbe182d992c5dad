import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { figureRoutes } from '../../src/api/figures.ts';
import type { TokenService } from '../../src/api/index.ts';
import { IndicatorFeedSchema, ReportListSchema, ReportTableSchema } from '../../src/api/openapi-figures.ts';
import type { PeopleService } from '../../src/api/people.ts';
import {
  disclosedExport,
  type Figures,
  figuresDesk,
  type Indicator,
  type IndicatorCode,
  quarterOf,
  quarterReport,
  REPORTS,
  takeSnapshot,
} from '../../src/reporting/index.ts';
import { walker } from '../builders/browser-walk.ts';
import { listening } from '../builders/listening.ts';
import { type World, world } from '../world.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'recompute-figures.mjs');

let axis: World;
let file: string;
let figures: Figures;

/** A month of the nation in small: three sent, one of them to two; one answered, one refused by the axis, one recalled. */
beforeAll(async () => {
  axis = await world();
  const { stations } = axis.demo;
  await takeSnapshot(stations);
  const desk = figuresDesk(stations);
  await desk.figures();
  const first = await axis.as('H53.32.29').send(await axis.letter('H53.32.29', ['G09', 'H53']));
  await axis.as('H41').send(await axis.letter('H41', ['G09']));
  for (const item of await axis.as('G09').inbox()) {
    await axis.as('G09').content(item.deliveryId);
    await axis.as('G09').acknowledge(item.deliveryId, 'done');
  }
  await axis.as('G09').status({ documentId: first.documentId, code: '03' });
  await axis
    .as('H53')
    .send(Buffer.from('<edXML/>'))
    .catch(() => undefined);
  const third = await axis.as('H49').send(await axis.letter('H49', ['G22']));
  await axis.fetch('H49', `/v1/documents/${third.documentId}/recall`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'ban hành nhầm' }),
  });
  figures = await desk.figures();
  file = join(axis.dataDir, 'export.ndjson');
  let text = '';
  for await (const line of disclosedExport(stations)) text += line;
  writeFileSync(file, text);
  writeFileSync(join(axis.dataDir, 'figures.json'), JSON.stringify(figures));
}, 120_000);
afterAll(() => axis.stop());

const of = (code: IndicatorCode, scope: string, key: string): Indicator | undefined =>
  figures.indicators.find((one) => one.code === code && one.scope === scope && one.key === key);

function recompute(path: string, ...more: string[]) {
  return spawnSync(process.execPath, [SCRIPT, path, ...more], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

describe('figures of a month', () => {
  test('documents exchanged, of the nation, the level and the province that sent them', () => {
    expect(of('documents.exchanged', 'nation', '')?.value).toBe(3);
    expect(of('documents.exchanged', 'level', 'commune')?.value).toBe(1);
    expect(of('documents.exchanged', 'root', 'H53')?.value).toBe(1);
    expect(of('documents.exchanged', 'root', 'H41')?.value).toBe(1);
  });

  test('leaders who signed, of all leaders and deputies that the registry had', () => {
    expect(of('leaders.signing', 'nation', '')).toMatchObject({
      numerator: 3,
      denominator: 18,
      value: 1_667,
    });
    expect(of('leaders.signing', 'level', 'commune')).toMatchObject({ numerator: 1, denominator: 8 });
    expect(of('leaders.signing', 'root', 'H41')).toMatchObject({ numerator: 1, denominator: 4 });
    expect(of('leaders.signing', 'root', 'G22')).toMatchObject({ numerator: 0, value: 0 });
  });

  test('agencies that process, and units that send, receive or do both', () => {
    expect(of('agencies.processing', 'nation', '')).toMatchObject({ numerator: 1, denominator: 9 });
    expect(of('units.sending', 'nation', '')).toMatchObject({ numerator: 3, denominator: 9 });
    expect(of('units.receiving', 'level', 'central')).toMatchObject({
      numerator: 1,
      denominator: 2,
      value: 5_000,
    });
    expect(of('units.connected', 'nation', '')).toMatchObject({ numerator: 0, denominator: 9, value: 0 });
  });

  test('who writes to whom, what came in time, what was refused, recalled and judged', () => {
    expect(of('matrix.documents', 'pair', 'commune>central')?.value).toBe(1);
    expect(of('matrix.documents', 'pair', 'commune>province')?.value).toBe(1);
    expect(of('matrix.documents', 'pair', 'province>central')?.value).toBe(2);
    expect(of('deliveries.acknowledged', 'nation', '')?.value).toBe(2);
    expect(of('deliveries.on-time', 'nation', '')).toMatchObject({ denominator: 2 });
    expect(of('deliveries.latency.p95', 'level', 'central')?.value).toBeLessThan(120);
    expect(of('deliveries.registered.on-time', 'level', 'central')).toMatchObject({
      ...{ numerator: 1, denominator: 1, value: 10_000 },
    });
    expect(of('deliveries.submitted.on-time', 'nation', '')).toBeUndefined();
    expect(of('documents.refused', 'reason', 'intake.invalid-edxml')?.value).toBe(1);
    expect(of('documents.recalled', 'nation', '')?.value).toBe(1);
    expect(of('signatures.verdict', 'verdict', 'TOTAL_PASSED')?.value).toBe(3);
  });

  test('a snapshot is taken once, whoever asks', async () => {
    const before = await axis.demo.stations.reader.size();
    const taken = await Promise.all(Array.from({ length: 5 }, () => takeSnapshot(axis.demo.stations)));
    expect(taken).toEqual([true, true, true, true, true]);
    expect(await axis.demo.stations.reader.size()).toBe(before);
  });

  test('counted at once from the beginning they are the same as counted bit by bit', async () => {
    expect(await figuresDesk(axis.demo.stations).figures()).toEqual(figures);
  });
});

describe('/v1/reports', () => {
  const get = (path: string) => axis.fetch('operator', `/v1/reports${path}`);

  test('every report as data in the form of the contract, under the checkpoint that it follows from', async () => {
    const list = ReportListSchema.strict().parse(await (await get('')).json());
    expect(list.reports.map((one) => one.name)).toEqual(Object.keys(REPORTS));
    for (const { name } of list.reports) {
      const table = ReportTableSchema.strict().parse(await (await get(`/${name}.json`)).json());
      expect({ name, periods: table.periods.length, source: table.source.size }).toEqual({
        name,
        periods: 1,
        source: figures.size,
      });
    }
    const { rows } = (await (await get('/leaders-signing?by=level')).json()) as { rows: object[] };
    expect(rows).toMatchObject([
      { key: 'central' },
      { key: 'commune', values: [1_250] },
      { key: 'province' },
    ]);
  });

  test('the feed of indicators is the figures, with their units', async () => {
    const feed = IndicatorFeedSchema.strict().parse(await (await get('/indicators.json')).json());
    expect(feed.indicators.map(({ unit, ...one }) => one)).toEqual(figures.indicators);
    const later = (await (await get('/indicators.json?from=2999-01')).json()) as { indicators: object[] };
    expect(later.indicators).toEqual([]);
  });

  test('CSV says the same as JSON', async () => {
    const text = Buffer.from(await (await get('/matrix.csv')).arrayBuffer()).toString('utf8');
    const lines = text.split('\r\n').slice(0, -1);
    const pairs = figures.indicators.filter((one) => one.code === 'matrix.documents');
    expect(lines[0]).toBe('\uFEFFindicator,period,scope,key,unit,value,numerator,denominator');
    expect(lines.slice(1)).toEqual(
      pairs.map((one) => `matrix.documents,${one.period},pair,${one.key},documents,${one.value},,`),
    );
  });

  test('pictures: SVG that runs nothing, and PNG', async () => {
    const svg = await get('/exchanged.svg');
    expect([svg.headers.get('content-type'), svg.headers.get('content-security-policy')]).toEqual([
      'image/svg+xml; charset=utf-8',
      "default-src 'none'; sandbox",
    ]);
    expect(await svg.text()).toContain('Văn bản điện tử gửi qua trục');
    const png = Buffer.from(await (await get('/matrix.png')).arrayBuffer());
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  test('what is no report, no form or no month is refused; agencies and strangers read nothing', async () => {
    for (const path of ['/nothing', '/exchanged.pdf', '/__proto__', '/constructor.json', '/indicators.svg'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    for (const query of ['from=2026-13', 'from=gestern', 'by=person'])
      expect([query, (await get(`/exchanged?${query}`)).status]).toEqual([query, 400]);
    expect((await axis.fetch('G09', '/v1/reports/exchanged')).status).toBe(403);
    const stranger = await fetch(`${axis.url}/v1/reports/exchanged`, {
      headers: { accept: 'application/json' },
    });
    expect(stranger.status).toBe(401);
  });

  test('a person reads them who is operator or auditor, and no other', async () => {
    for (const [role, status] of [
      ['auditor', 200],
      ['operator', 200],
      ['agency-admin', 403],
    ] as const) {
      const person = axis.credentials.people.find((one) => one.role === role);
      const { username = '', password = '' } = person ?? {};
      const browser = walker();
      await browser.post(`${axis.url}/login/demo`, { username, password, next: '/docs' });
      expect([role, (await browser.get(`${axis.url}/v1/reports/exchanged.svg`)).status]).toEqual([
        role,
        status,
      ]);
    }
  });
});

describe('the quarterly report', () => {
  const months = () => [...new Set(figures.indicators.map((one) => one.period))];
  const quarter = () => quarterOf(months()[0] as string);

  test('is a PDF and a workbook, for readers of figures; the public ones are open and leave out what is not', async () => {
    const get = (path: string) => axis.fetch('operator', path);
    const pdf = Buffer.from(await (await get(`/v1/reports/quarter/${quarter()}.pdf`)).arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const open = await fetch(`${axis.url}/figures/quarter/${quarter()}.xlsx?lang=en`);
    const zip = Buffer.from(await open.arrayBuffer());
    expect([open.status, open.headers.get('content-type'), zip.subarray(0, 2).toString()]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'PK',
    ]);
    for (const path of ['2026-Q5.pdf', '2026-Q1.svg', '..%2f2026-Q1.pdf', '__proto__'])
      expect([path, (await fetch(`${axis.url}/figures/quarter/${path}`)).status]).toEqual([path, 404]);
    expect((await fetch(`${axis.url}/v1/reports/quarter/${quarter()}.pdf`)).status).toBe(401);
  });

  test('adds what can be added', () => {
    const report = quarterReport(figures, quarter());
    const exchanged = report?.tables.find((one) => one.name === 'exchanged' && one.by === 'nation');
    expect(exchanged?.rows).toMatchObject([{ quarter: 3 }]);
    const leaders = report?.tables.find((one) => one.name === 'leaders-signing');
    expect(leaders?.rows.every((row) => row.quarter === null)).toBe(true);
    expect(report?.source.checkpoint).toBe(figures.checkpoint);
  });
});

describe('/figures', () => {
  test('is a page and files for everybody where figures are public, without what is not for the public', async () => {
    const browser = walker();
    const page = await browser.get(`${axis.url}/figures`);
    expect([page.status, page.url]).toEqual([200, `${axis.url}/figures`]);
    expect(page.text).toContain('16,67');
    const links = [...page.text.matchAll(/(?:href|src)="(\/figures\/[^"]+)"/g)].map(
      (one) => one[1] as string,
    );
    expect(links.length).toBeGreaterThan(6 * 5);
    for (const link of links)
      expect([link, (await browser.get(`${axis.url}${link}`)).status]).toEqual([link, 200]);
    const feed = await (await fetch(`${axis.url}/figures/indicators.csv`)).text();
    expect(feed).toContain('units.connected');
    expect(feed).not.toMatch(/documents\.refused|signatures\.verdict/);
    for (const name of ['refusals', 'verdicts', 'latency.svg'])
      expect((await fetch(`${axis.url}/figures/${name}`)).status).toBe(404);
  });

  test('asks who reads where they are not', async () => {
    const nobody = { publicUrl: 'http://127.0.0.1', callerOf: async () => null } as unknown as PeopleService;
    const app = express();
    app.use(
      figureRoutes({ desk: axis.demo.stations, tokens: {} as TokenService, people: nobody, open: false }),
    );
    const closed = await listening(app);
    for (const path of ['/figures', '/figures/exchanged.svg'])
      expect(
        (
          await fetch(`${closed.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } })
        ).headers.get('location'),
      ).toBe(`/login?next=${encodeURIComponent(path)}`);
    await closed.close();
  });
});

describe('the disclosed export', () => {
  test('gives the same figures to a program that shares no code with the axis', () => {
    const { status, stdout, stderr } = recompute(
      file,
      '--vkey',
      axis.demo.vkey,
      '--compare',
      join(axis.dataDir, 'figures.json'),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`${figures.indicators.length} figures agree with ${figures.size} entries`);
  });

  test('opens what is counted and nothing of what documents are', async () => {
    const text = readFileSync(file, 'utf8');
    const names = new Set([...text.matchAll(/"name":"([a-z]+)[^"]*"/gi)].map((match) => match[1]));
    expect([...names].sort()).toEqual(
      ['agencies', 'businessType', 'code', 'count', 'indication', 'kind', 'leaders', 'legalValue', 'month', 'officials', 'recipient', 'reporter', 'sender'], // biome-ignore format: a list
    );
    for (const { name, personId } of axis.credentials.people) {
      expect(text).not.toContain(name);
      expect(text).not.toContain(personId);
    }
  });

  test.each([
    [
      'a fact that says another number',
      (line: string) => line.replace('"value":"H41"', '"value":"H49"'),
      /does not commit to this sender/,
    ],
    [
      'an entry that was changed',
      swapEntry('document.recalled', 'document.updated'),
      /not the checkpoint's|chain/,
    ],
    [
      'an entry that is left out',
      (line: string) => (isType(line, 'document.recalled') ? '' : line),
      /chain|checkpoint/,
    ],
    [
      'a verdict that became better',
      (line: string) => line.replace('"value":"TOTAL_PASSED"', '"value":"TOTAL_FAILED"'),
      /does not commit to this indication/,
    ],
    [
      'another head',
      (line: string) =>
        line.replace(/("size":\d+,"checkpoint":"[^\\]+\\n)(\d+)/, (_, a, n) => `${a}${Number(n) + 1}`),
      /not signed/,
    ],
  ])('%s is noticed', (_, change, complaint) => {
    const changed = join(axis.dataDir, 'changed.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    const after = lines.map(change).filter(Boolean).join('\n');
    expect(after === lines.filter(Boolean).join('\n')).toBe(false);
    writeFileSync(changed, after);
    const { status, stderr } = recompute(changed);
    expect(stderr).toMatch(complaint);
    expect(status).toBe(1);
  });

  test('figures that are not those of the export are noticed', () => {
    const told = join(axis.dataDir, 'told.json');
    const indicators = figures.indicators.map((one) =>
      one.code === 'documents.exchanged' ? { ...one, value: (one.value ?? 0) + 1 } : one,
    );
    writeFileSync(told, JSON.stringify({ ...figures, indicators }));
    expect(recompute(file, '--compare', told)).toMatchObject({ status: 1, stderr: 'the figures differ\n' });
  });
});

function isType(line: string, type: string): boolean {
  const { entry } = JSON.parse(line || '{}') as { entry?: string };
  return entry !== undefined && Buffer.from(entry, 'base64').toString().includes(`"type":"${type}"`);
}

function swapEntry(from: string, to: string) {
  return (line: string): string => {
    if (!isType(line, from)) return line;
    const row = JSON.parse(line) as { entry: string };
    const text = Buffer.from(row.entry, 'base64').toString().replace(from, to);
    return JSON.stringify({ ...row, entry: Buffer.from(text).toString('base64') });
  };
}
