import type { ReportRow, ReportTable } from '../reporting/index.ts';

const LEVELS = ['central', 'province', 'district', 'commune', 'unknown'];

/** From light to dark, evenly in lightness: on grey paper the order stays. */
export const SHADES = ['#f4f6f9', '#dbe6f1', '#b9d0e6', '#8db2d6', '#5c8fc0', '#2f6aa3', '#0b4f8a'] as const;
/** From this shade on text is white; on every lighter one dark text has the better contrast, 4.5 : 1 at least. */
export const WHITE_FROM = 5;

/** Who sends how much to whom: what the picture, the table on the page and the files are all made of. */
export interface LevelMatrix {
  levels: string[];
  /** Row by row: from, to. */
  cells: number[][];
  /** The pair with most, null where there is none. */
  most: { pair: string; value: number } | null;
}

/** The matrix of a report by pairs of levels, over all its periods. */
export function levelMatrix({ rows }: Pick<ReportTable, 'rows'>): LevelMatrix {
  const pairs = new Map(rows.map((row) => [row.key, sumOf(row)]));
  const seen = new Set(rows.flatMap(({ key }) => key.split('>')));
  const levels = LEVELS.filter((level) => seen.has(level));
  const [most] = [...pairs].toSorted(([, a], [, b]) => b - a);
  return {
    levels,
    cells: levels.map((from) => levels.map((to) => pairs.get(`${from}>${to}`) ?? 0)),
    most: most ? { pair: most[0], value: most[1] } : null,
  };
}

/** A row over all periods. */
export function sumOf({ values }: ReportRow): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Which of {@link SHADES} a value has; nothing is always the lightest, something never. */
export function shadeOf(value: number, most: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round((value / Math.max(1, most)) * (SHADES.length - 1)));
}
