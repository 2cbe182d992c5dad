import type { ErrorRequestHandler, Request, Response } from 'express';
import { isTrucError, type Log } from '../kernel/index.ts';
import { GATE_PAGE_WORDS, type ProblemCode } from '../messages/index.ts';
import { emptyState, html, local, SHELL_POLICY, type ShellOptions, shellPage } from '../rendering/index.ts';
import { styleSheet } from './page-assets.ts';
import { preferencesOf } from './preferences.ts';
import { clientError, itemProblem, setRetryAfter } from './problem.ts';

/** What every page of one area has in common. */
export type Frame = Pick<ShellOptions, 'area' | 'nav' | 'person'>;

export type PageContent = Omit<ShellOptions, keyof Frame | 'lang' | 'scheme' | 'path' | 'assets'> & {
  /** Addresses of scripts of this origin; none where not given. */
  scripts?: readonly string[];
  /** In place of `SHELL_POLICY`, for a page that frames another origin. */
  policy?: string;
};

/** Answers with a page of the axis, under its policy, in the reader's language; no cache keeps it. */
export function sendPage(
  request: Request,
  response: Response,
  frame: Frame,
  { scripts = [], policy = SHELL_POLICY, ...content }: PageContent,
  status = 200,
): void {
  const path = request.originalUrl.startsWith('//') ? '/' : request.originalUrl;
  const assets = { styles: [styleSheet()], scripts };
  const text = shellPage({ ...preferencesOf(request, response), path, assets, ...frame, ...content });
  response.status(status).type('html');
  response.set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' }).send(text);
}

/**
 * The last handler of an area of pages: what went wrong, said as a page, with what to do.
 * @param frameOf the frame of the area for this request; must not throw
 */
export function pageErrorHandler(
  log: Log,
  frameOf: (request: Request, response: Response) => Frame,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (request.destroyed && !request.complete) return void response.destroy();
    const { lang } = preferencesOf(request, response);
    const known = clientError(error) ?? error;
    const problem = itemProblem(known, lang, log);
    if (isTrucError(known)) setRetryAfter(response, problem.code as ProblemCode, known.facts);
    const frame = frameOf(request, response);
    const reference = typeof problem.reference === 'string' ? problem.reference : null;
    const body = html`<section class="card">${emptyState(
      problem.detail,
      html`<p class="small">${GATE_PAGE_WORDS.code[lang]}: <code>${problem.code}</code></p>
${reference !== null && html`<p class="small">${GATE_PAGE_WORDS.reference[lang]}: <code>${reference}</code></p>`}
<p><a class="button" href="${local(frame.area.href)}">${GATE_PAGE_WORDS.home[lang]}</a></p>`,
      'alert',
    )}</section>`;
    sendPage(request, response, frame, { title: problem.title, body }, problem.status);
  };
}
