import { vietnamDate } from '../kernel/index.ts';
import { emptyState, type Html, type HtmlValue, html } from '../rendering/index.ts';
import type { RegisterName, WorkFile } from '../workflow/index.ts';
import { say, show, type Visit } from './office.ts';
import { day, numberText, personText, textInput } from './parts.ts';

/** A year's lines on one page of paper after the other; more are asked for by number. */
const MOST = 2_000;

/**
 * /work/registers/{register}?year=&from=: the register of a year with all columns of Decree 30/2020, Appendix IV; printed it is the
 * decree's book (art. 16.2b, 22.3b).
 */
export async function registerPage(register: RegisterName, visit: Visit): Promise<void> {
  const { officer, desk, request, agency } = visit;
  const now = Number(vietnamDate(desk.clock.now()).slice(0, 4));
  const year = Number(/^2\d{3}$/.exec(String(request.query.year ?? ''))?.[0] ?? now);
  const from = Number(/^[1-9]\d{0,6}$/.exec(String(request.query.from ?? ''))?.[0] ?? 1);
  const query = { agencyId: officer.agencyId, register, year, after: from - 1, limit: MOST };
  const files = await desk.work.register(query);
  const title = say(register === 'outgoing' ? 'registerOutgoing' : 'registerIncoming', visit);
  const [first, last] = [files[0]?.line?.number, files.at(-1)?.line?.number];
  const body = html`<form class="row no-print" method="get">
<div class="short">${textInput('year', 'year', say('year', visit), String(year))}</div>
<div class="short">${textInput('from', 'from', say('fromNumber', visit), String(from))}</div>
<button class="button" type="submit">${say('show', visit)}</button><span class="quiet small">${say('print', visit)}</span></form>
<div class="book-head"><p class="agency-name">${agency.name}</p><p class="book-title">${title}</p>
<p>${say('year', visit)}: ${year}${first !== undefined && html` · ${say('fromNumber', visit)} ${first} ${say('toNumber', visit)} ${last ?? first}`}</p></div>
<section class="card flush">${files.length === 0 ? emptyState(say('nothing', visit), say('nothingHint', visit)) : book(register, files, title, visit)}</section>`;
  show(visit, { title, body });
}

function book(register: RegisterName, files: readonly WorkFile[], caption: string, visit: Visit): Html {
  const columns = (register === 'outgoing' ? OUTGOING : INCOMING).map((word) => say(word, visit));
  const row = register === 'outgoing' ? outgoingRow : incomingRow;
  return html`<div class="table"><table class="book"><caption><span class="unseen">${caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
<tr class="ordinals">${columns.map((_, i) => html`<td>(${i + 1})</td>`)}</tr></thead>
<tbody>${files.map((file) => html`<tr>${row(file, visit).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

const OUTGOING = ['number', 'docDate', 'typeAndSubject', 'signer', 'to', 'archiveCopy', 'amount', 'sentOn', 'received', 'remarks'] as const; // biome-ignore format: one row of the decree's form

function outgoingRow(file: WorkFile, visit: Visit): HtmlValue[] {
  if (file.kind !== 'outgoing') return [];
  const { letter } = file;
  const kept = letter.toPlaces
    .filter((place) => /^lưu/i.test(place))
    .map((place) => place.replace(/^lưu:?\s*/i, ''));
  const sent = file.steps.findLast(({ step }) => step === 'sent' && file.sentAs !== null);
  return [
    numberText(file),
    day(file.date ?? ''),
    html`${letter.typeName}: <a class="plain-link" href="/work/outgoing/${file.fileId}">${letter.subject}</a>`,
    letter.signer.name,
    letter.to.join(', '),
    kept.join('; ') || 'VT',
    '1',
    sent ? dayOf(sent.at) : '',
    sent ? say('electronic', visit) : '',
    '',
  ];
}

const INCOMING = ['arrivalDate', 'arrivalNumber', 'author', 'number', 'docDate', 'typeAndSubject', 'receiver', 'sentOn', 'received', 'remarks'] as const; // biome-ignore format: one row of the decree's form

function incomingRow(file: WorkFile, visit: Visit): HtmlValue[] {
  if (file.kind !== 'incoming') return [];
  const assigned = file.steps.find(({ step }) => step === 'direct');
  return [
    dayOf(file.createdAt),
    String(file.line?.number ?? '').padStart(2, '0'),
    file.fromName,
    file.codeNumber,
    day(file.promulgationDate),
    html`${file.typeName}: <a class="plain-link" href="/work/incoming/${file.fileId}">${file.subject}</a>`,
    file.directive === null ? '' : personText(file.directive.lead),
    assigned ? dayOf(assigned.at) : '',
    file.directive === null ? '' : say('electronic', visit),
    '',
  ];
}

function dayOf(iso: string): string {
  return day(vietnamDate(Date.parse(iso)));
}
