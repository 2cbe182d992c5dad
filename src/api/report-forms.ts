import type { Request, Response } from 'express';
import { z } from 'zod';
import { languageOf } from '../messages/index.ts';
import { PAGE_POLICY, type ReportInput, reportPage, reportPdf } from '../rendering/index.ts';
import { parse } from './validate.ts';

/** The forms in which a report is answered, as `?format=` names them. */
export const reportForms = ['json', 'html', 'pdf'] as const;

type ReportForm = (typeof reportForms)[number];

const FormQuery = z.object({ format: z.enum(reportForms).optional() });

/** Media type of each form. */
export const reportTypes: Readonly<Record<ReportForm, string>> = {
  json: 'application/json',
  html: 'text/html',
  pdf: 'application/pdf',
};

/**
 * Answers with a report in the form that `?format=` or else `Accept` asks for: JSON unless another is preferred, page and
 * PDF in the language of `Accept-Language`.
 * @param json exact JSON text of the report
 * @param input makes what the readable forms need, only when one is asked for
 * @throws TrucError `api.invalid-request` for an unknown format
 */
export async function sendReport(
  request: Request,
  response: Response,
  json: string,
  input: () => ReportInput | Promise<ReportInput>,
): Promise<void> {
  const form = formOf(request);
  response.vary('Accept').vary('Accept-Language');
  if (form === 'json') {
    response.type('application/json').send(json);
    return;
  }
  const lang = languageOf(request.get('accept-language'));
  // It names people: no shared cache, and no copy left behind by a browser.
  response.set('Content-Language', lang).set('Cache-Control', 'private, no-store');
  if (form === 'html') {
    response
      .set('Content-Security-Policy', PAGE_POLICY)
      .type('html')
      .send(reportPage(await input(), lang));
    return;
  }
  response.set('Content-Disposition', 'inline; filename="bao-cao-kiem-tra-chu-ky.pdf"');
  response.type('application/pdf').send(await reportPdf(await input(), lang));
}

function formOf(request: Request): ReportForm {
  const { format } = parse(FormQuery, request.query);
  if (format !== undefined) return format;
  const wanted = request.accepts(reportForms.map((form) => reportTypes[form]));
  return reportForms.find((form) => reportTypes[form] === wanted) ?? 'json';
}
