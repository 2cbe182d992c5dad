import type { Request, Response } from 'express';
import type { ViewBook } from '../agency/index.ts';
import type { AlertBook, AlertRule } from '../alerts/index.ts';
import { type PageContent, pageScript, preferencesOf, sendPage } from '../api/index.ts';
import type { DeliveryLog } from '../delivery/index.ts';
import type { EndpointTest, Stations } from '../exchange/index.ts';
import type { Language } from '../messages/index.ts';
import { frameFor, type Place } from './frame.ts';
import type { Viewer } from './viewer.ts';

/** What the console works with. */
export interface ConsoleDesk {
  stations: Stations;
  log: DeliveryLog;
  /** The identity provider by which people log in, where there is one. */
  issuer?: string;
  alerts: {
    book: AlertBook;
    rules: readonly AlertRule[];
    /** Ways on which alarms are told beside the page. */
    told: readonly ('mail' | 'webhook')[];
  };
  views: ViewBook;
  testEndpoint: EndpointTest;
  /** Settings in force, without secrets: name, value, or what stands for it. */
  settings: readonly (readonly [name: string, value: string])[];
}

/** Who looks, and in which language; after the guard. */
export function around(request: Request, response: Response): { viewer: Viewer; lang: Language } {
  return { viewer: response.locals.viewer as Viewer, lang: preferencesOf(request, response).lang };
}

/** Answers with a page of the console; its script is there where it is built, and every page works without. */
export function answer(
  request: Request,
  response: Response,
  place: Place,
  page: Omit<PageContent, 'scripts'>,
  status = 200,
): void {
  const { viewer, lang } = around(request, response);
  const script = pageScript();
  const content = { ...page, scripts: script === null ? [] : [script] };
  sendPage(request, response, frameFor(viewer, place, lang), content, status);
}
