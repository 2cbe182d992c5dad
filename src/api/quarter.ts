import { buffer } from 'node:stream/consumers';
import type { RequestHandler } from 'express';
import { TrucError } from '../kernel/index.ts';
import { type Language, QUARTER_WORDS } from '../messages/index.ts';
import { quarterPdf, quarterXlsx } from '../rendering/index.ts';
import { type Figures, type QuarterReport, quarterReport, type ReportName } from '../reporting/index.ts';
import { preferencesOf } from './preferences.ts';

const TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
type Form = keyof typeof TYPES;

/** How many are kept: what strangers may ask for is not set again for each of them. */
const KEPT = 16;

/** `2026-Q3.pdf`, `2026-Q3.xlsx`: the quarterly report of these figures. */
export function quarterFile(
  desk: { figures(): Promise<Figures> },
  names: readonly ReportName[],
): RequestHandler {
  const made = new Map<string, Promise<Buffer>>();
  const keep = (key: string, make: () => Promise<Buffer>) => {
    const known = made.get(key);
    if (known) return known;
    const making = make();
    made.set(key, making);
    making.catch(() => made.delete(key));
    for (const old of [...made.keys()].slice(0, -KEPT)) made.delete(old);
    return making;
  };

  return async (request, response) => {
    const file = String(request.params.file);
    const [, quarter = '', form] = /^(\d{4}-Q[1-4])\.(pdf|xlsx)$/.exec(file) ?? [];
    if (form === undefined) throw new TrucError('api.not-found');
    const { lang } = preferencesOf(request, response);
    const figures = await desk.figures();
    const report = quarterReport(figures, quarter, names) as QuarterReport;
    const bytes = await keep(`${file} ${lang} ${figures.size}`, () => setQuarter(report, form as Form, lang));
    const name = `${QUARTER_WORDS.file[lang]}-${quarter}.${form}`;
    response.set('Content-Disposition', `${form === 'pdf' ? 'inline' : 'attachment'}; filename="${name}"`);
    response.type(TYPES[form as Form]).send(bytes);
  };
}

async function setQuarter(report: QuarterReport, form: Form, lang: Language): Promise<Buffer> {
  return form === 'pdf' ? quarterPdf(report, lang) : buffer(quarterXlsx(report, lang));
}
