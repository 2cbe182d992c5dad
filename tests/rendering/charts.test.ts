import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fontkit from '@pdf-lib/fontkit';
import fc from 'fast-check';
import { INK, QUIET, TONES, ticks, wrapped } from '../../src/rendering/chart-frame.ts';
import { chartPng, csv, figureChart } from '../../src/rendering/index.ts';
import { SHADES, WHITE_FROM } from '../../src/rendering/level-matrix.ts';
import type { ReportName, ReportTable } from '../../src/reporting/index.ts';
import { HOSTILE_TEXTS } from '../builders/hostile.ts';
import { testSeed } from '../random.ts';
import { requiredTool } from '../required-tool.ts';

const SOURCE = { log: 'truc.example.gov.vn/ledger/1', size: 1_234_567 };
const SHOTS = process.env.TRUC_TEST_SCREENSHOTS;
const xmllint = requiredTool('xmllint', 'charts as well-formed XML');
const fonts = ['400Regular', '600SemiBold'].map((style) =>
  createRequire(import.meta.url).resolve(
    `@expo-google-fonts/be-vietnam-pro/${style}/BeVietnamPro_${style}.ttf`,
  ),
);
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];

function table(
  name: ReportName,
  by: ReportTable['by'],
  unit: string,
  rows: Record<string, (number | null)[]>,
): ReportTable {
  const code = 'documents.exchanged' as const;
  const list = Object.entries(rows).map(([key, values]) => ({ code, key, values }));
  return { name, by, unit, periods: MONTHS, rows: list };
}

const TABLES: Record<string, ReportTable> = {
  exchanged: table('exchanged', 'nation', 'documents', {
    '': [412_000, 388_412, 451_207, null, 500_113, 548_990],
  }),
  levels: table('units-connected', 'level', 'share', {
    central: [9_800, 9_850, 9_900, 9_950, 10_000, 10_000],
    province: [9_100, 9_150, 9_300, 9_350, 9_512, 9_700],
    commune: [7_000, 7_140, null, 7_600, 8_020, 8_333],
  }),
  matrix: table('matrix', 'pair', 'documents', {
    'central>province': [120, 100, 90, 1, 2, 3],
    'province>commune': [9_120, 8_100, 7_990, 1, 2, 3],
    'commune>province': [4_120, 100, 90, 1, 2, 3],
    'commune>commune': [12, 1, 9, 1, 2, 3],
  }),
  refusals: table('refusals', 'reason', 'documents', {
    'intake.invalid-edxml': [4, 5, 6, 0, 0, 1],
    'intake.unknown-recipient': [40, 5, 6, 0, 0, 1],
    'intake.signature-failed': [1, 0, 0, 0, 0, 0],
  }),
  roots: table(
    'leaders-signing',
    'root',
    'share',
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`H${i + 10}`, [i, 2, 3, 4, 5, i * 500]])),
  ),
  empty: table('exchanged', 'nation', 'documents', {}),
};

/** What xmllint says of an SVG; null where it is missing. */
function illFormed(svg: string): string {
  if (xmllint === null) return '';
  return spawnSync(xmllint, ['--noout', '--nonet', '-'], { input: svg, encoding: 'utf8' }).stderr;
}

describe('charts', () => {
  test.each(Object.keys(TABLES))(
    '%s: a well-formed picture that runs nothing and asks for nothing',
    (name) => {
      for (const lang of ['vi', 'en'] as const) {
        const svg = figureChart(TABLES[name] as ReportTable, SOURCE, lang);
        expect(illFormed(svg)).toBe('');
        expect(svg).not.toMatch(/<script|<style|style=|href=|NaN|undefined|Infinity/);
        // The font of the pictures has no arrows.
        expect(svg).not.toMatch(/[\u2190-\u21ff]/);
        expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
      }
    },
  );

  test('the same numbers give the same picture, with the values written out', () => {
    const [one, two] = [1, 2].map(() => figureChart(TABLES.exchanged as ReportTable, SOURCE, 'vi'));
    expect(one).toBe(two);
    expect(one).toContain('548.990');
    expect(one).toContain('Tháng 06/2026: 548.990.');
    expect(one).toContain('Nguồn: sổ cái truc.example.gov.vn/ledger/1, 1.234.567 mục');
    expect(figureChart(TABLES.levels as ReportTable, SOURCE, 'vi')).toContain('Cao nhất: Trung ương, 100 %.');
  });

  test('of many lines the seven highest are drawn, and the picture says so', () => {
    const svg = figureChart(TABLES.roots as ReportTable, SOURCE, 'vi');
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(14);
    expect(svg).toContain('Hình vẽ 7 trong 20 dòng');
  });

  test('every line differs in more than its colour', () => {
    const svg = figureChart(TABLES.roots as ReportTable, SOURCE, 'vi');
    const dashes = [...svg.matchAll(/<path d="[^"]*" fill="none"[^>]*stroke-dasharray="([^"]*)"/g)].map(
      (one) => one[1],
    );
    const marks = [...svg.matchAll(/<path transform="[^"]*" d="([^"]*)"/g)].map((one) => one[1]);
    expect(new Set(dashes).size).toBe(7);
    expect(new Set(marks).size).toBe(7);
  });

  test('text in cells has a contrast of at least 4.5:1 on its shade', () => {
    const svg = figureChart(TABLES.matrix as ReportTable, SOURCE, 'vi');
    const cells = [
      ...svg.matchAll(/height="60" fill="(#[0-9a-f]{6})"[^>]*\/><text[^>]*fill="(#[0-9a-f]{6})"/g),
    ];
    expect(cells).toHaveLength(9);
    for (const [, ground = '', ink = ''] of cells)
      expect([ground, ink, contrast(ground, ink) >= 4.5]).toEqual([ground, ink, true]);
  });

  test('keys from outside are text', () => {
    for (const [, text] of HOSTILE_TEXTS) {
      const hostile = table(
        'refusals',
        'reason',
        'documents',
        Object.fromEntries([[text, [1, 2, 3, 4, 5, 6]]]),
      );
      const svg = figureChart(hostile, SOURCE, 'vi');
      expect(svg).not.toMatch(/<script|<img|onerror\s*=\s*[^&]*>|<iframe/i);
    }
  });

  test.each(Object.keys(TABLES))('%s as PNG, with Vietnamese letters and no other font', async (name) => {
    const svg = figureChart(TABLES[name] as ReportTable, SOURCE, 'vi');
    const png = await chartPng(svg, fonts);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1_520);
    expect((await chartPng(svg, fonts)).equals(png)).toBe(true);
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      writeFileSync(`${SHOTS}/chart-${name}.png`, png);
    }
  });

  test('any numbers make a picture', () => {
    const value = fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: null });
    const rows = fc.dictionary(fc.string(), fc.array(value, { minLength: 6, maxLength: 6 }), { maxKeys: 9 });
    fc.assert(
      fc.property(rows, fc.constantFrom('documents', 'share', 'seconds'), (given, unit) => {
        const svg = figureChart(table('exchanged', 'root', unit, given), SOURCE, 'en');
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 100, seed: testSeed() },
    );
  });
});

test('steps of an axis are round, begin at nothing and reach the largest value', () => {
  expect(ticks(548_990)).toEqual([0, 200_000, 400_000, 600_000]);
  expect(ticks(10_000)).toEqual([0, 5_000, 10_000]);
  expect(ticks(3)).toEqual([0, 1, 2, 3]);
  expect(ticks(0)).toEqual([0, 1]);
});

test('words stay whole on lines of their width', () => {
  expect(wrapped('một hai ba bốn', 7)).toEqual(['một hai', 'ba bốn']);
  expect(wrapped('nghiêngngả', 4)).toEqual(['nghiêngngả']);
});

test('CSV: quotes, a mark for spreadsheets, and no formula runs', () => {
  expect(
    csv([
      ['a', 1, null],
      ['b,"c"', '=1+1', '@x'],
      ['Đ', -5, '\tx'],
    ]),
  ).toBe('\uFEFFa,1,\r\n"b,""c""",\'=1+1,\'@x\r\nĐ,-5,\'\tx\r\n');
});

/** Contrast of two colours (WCAG 2.2, relative luminance). */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('check 36', () => {
  const channel = (hex: string, at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = (hex: string) =>
    0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
  /** WCAG 2.2, 1.4.3. */
  const contrast = (a: string, b: string) => {
    const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  test('36 text in every shade of the matrix, and every text of a chart, has a contrast of 4.5 or more', () => {
    for (const [i, shade] of SHADES.entries())
      expect([i, contrast(shade, i >= WHITE_FROM ? '#ffffff' : INK) >= 4.5]).toEqual([i, true]);
    for (const colour of [INK, QUIET, ...TONES])
      expect([colour, contrast(colour, '#ffffff') >= 4.5]).toEqual([colour, true]);
  });

  test('36 the fonts of pictures have every letter that Vietnamese charts write', () => {
    const letters = new Set(Object.values(TABLES).flatMap((one) => [...figureChart(one, SOURCE, 'vi')]));
    const faces = fonts.map((file) => fontkit.create(readFileSync(file)));
    const missing = [...letters].filter(
      (one) => one > ' ' && !faces.every((face) => face.hasGlyphForCodePoint(one.codePointAt(0) ?? 0)),
    );
    expect(missing).toEqual([]);
    expect([...letters].some((one) => 'ệởữẫ'.includes(one))).toBe(true);
  });
});
