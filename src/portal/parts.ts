import { isAnnounced } from '../document/index.ts';
import { vietnamDateTime } from '../kernel/index.ts';
import {
  INCOMING_WORDS,
  type Language,
  OUTGOING_WORDS,
  PROBLEMS,
  type ProblemCode,
  STEP_WORDS,
  URGENCY_WORDS,
} from '../messages/index.ts';
import { badge, card, type Html, type HtmlValue, html, type Mood } from '../rendering/index.ts';
import {
  COLLECTOR,
  deadlineOf,
  isOverdue,
  type PersonRef,
  rulesNow,
  type Step,
  type WorkFile,
} from '../workflow/index.ts';
import { formFields, type Official, say, type Visit } from './office.ts';

/** `08:04 05/02/2026`, Vietnam time. @param iso RFC 3339 */
export function when(iso: string): Html {
  const [date = '', time = ''] = vietnamDateTime(Date.parse(iso)).split(' ');
  return html`<time datetime="${iso}">${time.slice(0, 5)} ${date.split('/').reverse().join('/')}</time>`;
}

/** `05/02/2026` of `2026-02-05` or `2026/02/05`. */
export function day(date: string): string {
  return date.split(/[-/]/).reverse().join('/');
}

/** `Lê Thị Ngọc Lan, Chủ tịch` */
export function personText({ name, title }: PersonRef): string {
  return title === '' ? name : `${name}, ${title}`;
}

const MOODS: Readonly<Record<string, Mood>> = {
  sent: 'good',
  discarded: 'none',
  done: 'good',
  returned: 'bad',
  withdrawn: 'none',
  arrived: 'open',
  signing: 'open',
};

export function stateBadge(file: WorkFile, lang: Language): Html {
  const words = file.kind === 'outgoing' ? OUTGOING_WORDS[file.state] : INCOMING_WORDS[file.state];
  return badge(MOODS[file.state] ?? 'busy', words[lang]);
}

/** The stamp of urgency; null for what is not urgent. */
export function urgency(priority: number, lang: Language): Html | null {
  const words = URGENCY_WORDS[priority];
  return priority === 0 || !words ? null : html`<span class="stamp">${words[lang]}</span>`;
}

/** `05/UBND-VX`, or a dash before there is a number. */
export function numberText(file: WorkFile): string {
  if (file.kind === 'incoming') return file.codeNumber;
  return file.line === null ? '–' : `${String(file.line.number).padStart(2, '0')}/${file.letter.notation}`;
}

/** A form that changes something: it carries the session's token and the revision that the reader sees. */
export function actForm(
  visit: Visit,
  action: string,
  {
    revision,
    body = null,
    button,
    kind = 'main',
  }: { revision?: number; body?: HtmlValue; button: string; kind?: string },
): Html {
  return html`<form class="form act" method="post" action="/work/${action.replace(/^\/work\//, '')}">
${formFields(visit)}${revision !== undefined && html`<input type="hidden" name="revision" value="${revision}">`}
${body}<div><button class="button ${kind}" type="submit">${button}</button></div></form>`;
}

export function textInput(
  id: string,
  name: string,
  label: string,
  value: string,
  { hint = '', type = 'text', required = false } = {},
): Html {
  const described = hint === '' ? '' : `${id}-hint`;
  const input = required
    ? html`<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" aria-describedby="${described}" required>`
    : html`<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" aria-describedby="${described}">`;
  return html`<div class="field"><label for="${id}">${label}</label>${hint !== '' && html`<span class="hint" id="${id}-hint">${hint}</span>`}${input}</div>`;
}

/** Text with its line ends, which are no characters to be made visible where people wrote them. */
export function withLines(value: string): HtmlValue {
  return value.split('\n').map((line, i) =>
    i === 0
      ? line
      : html`
${line}`,
  );
}

export function textArea(id: string, name: string, label: string, value: string, rows = 4): Html {
  return html`<div class="field"><label for="${id}">${label}</label><textarea id="${id}" name="${name}" rows="${rows}">${withLines(value)}</textarea></div>`;
}

/** Several people to tick. */
export function people(
  id: string,
  name: string,
  legend: string,
  officials: readonly Official[],
  ticked: readonly string[] = [],
): Html {
  return html`<fieldset class="field"><legend>${legend}</legend>${officials.map((one, i) => {
    const text = html`<span>${personText(one)}</span>`;
    return ticked.includes(one.id)
      ? html`<label class="choice" for="${id}-${i}"><input id="${id}-${i}" type="checkbox" name="${name}" value="${one.id}" checked>${text}</label>`
      : html`<label class="choice" for="${id}-${i}"><input id="${id}-${i}" type="checkbox" name="${name}" value="${one.id}">${text}</label>`;
  })}</fieldset>`;
}

/** By when the step that is due must be taken, why, and whether that is over; null where nothing says so. */
export function deadlineText(file: WorkFile, visit: Visit): Html | null {
  const { desk } = visit;
  const due = deadlineOf(file, rulesNow(desk), desk.calendar);
  if (due === null) return null;
  const late = isOverdue(due, desk.clock.now(), desk.calendar);
  const unknown =
    !isAnnounced(due.day, desk.calendar) && say('yearUnknown', visit).replace('{year}', due.day.slice(0, 4));
  return html`${day(due.day)} ${late && html`<span class="overdue">${say('overdue', visit)}</span>`}
${[due.source, unknown].filter((one) => one !== '' && one !== false).map((one) => html`<span class="under">${one}</span>`)}`;
}

/** What has been done, newest first. */
export function history(file: WorkFile, visit: Visit): Html {
  return card(
    say('history', visit),
    html`<ol class="timeline">${file.steps.toReversed().map((one) => stepLine(one, visit))}</ol>`,
  );
}

function stepLine({ step, by, at, note, version }: Step, visit: Visit): Html {
  const { lang } = visit;
  // The axis's answer has a problem's code where it refused.
  const refused = step === 'sent' && note !== '';
  const title = refused ? say('refusedByAxis', visit) : STEP_WORDS[step][lang];
  const told = refused && isProblem(note) ? PROBLEMS[note].title[lang] : note;
  const tone = refused || step === 'give-back' || step === 'refuse' ? 'bad' : 'good';
  return html`<li class="${tone}"><div><div class="head"><strong>${title}</strong><span class="quiet small">${when(at)}</span></div>
<div class="small">${byWhom(by, visit)}${version !== undefined && html` <span class="quiet">(${say('version', visit)} ${version})</span>`}</div>
${told !== '' && html`<p class="said">${withLines(told)}</p>`}</div></li>`;
}

function byWhom(by: PersonRef, visit: Visit): string {
  if (by.id === COLLECTOR) return say('collector', visit);
  return by.name === '' ? '–' : personText(by);
}

function isProblem(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** Whose turn it is, in words. */
export function waitingFor(file: WorkFile, known: readonly PersonRef[], visit: Visit): string {
  const names = file.turns.map((turn) => {
    const [kind = '', id = ''] = turn.split(/:(.*)/s);
    if (kind === 'role') return say(id as 'clerk', visit);
    return known.find((one) => one.id === id)?.name ?? '';
  });
  return names.filter((name) => name !== '').join(', ');
}
