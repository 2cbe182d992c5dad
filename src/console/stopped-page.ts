import type { PageContent } from '../api/index.ts';
import type { RefusalRecord } from '../document/index.ts';
import {
  DOCUMENT_STATES,
  type Language,
  PROBLEMS,
  type ProblemText,
  REPORT_VERDICTS,
  STOPPED_WORDS as S,
  CONSOLE_WORDS as W,
} from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  dataTable,
  emptyState,
  facts,
  type Html,
  type HtmlValue,
  html,
  local,
  moment,
  momentText,
  pager,
} from '../rendering/index.ts';
import { type LogView, viewPath } from './log-query.ts';
import type { Stopped, StoppedLine } from './stopped.ts';

const PATH = '/console/messages';
/** So many stand above the log; the rest is one click away. */
const SHOWN = 5;

/** What of the view has no deliveries, above the log; null where there is nothing. */
export function stoppedCard(stopped: Stopped | null, view: LogView, lang: Language): Html | null {
  if (!stopped || stopped.lines.length === 0 || view.after !== undefined) return null;
  const { lines } = stopped;
  const states = [...new Set(lines.map((one) => (one.state === 'held' ? 'held' : 'refused')))];
  const links = states.map(
    (state) =>
      html`<a class="chip" href="${local(viewPath(PATH, view, { state, sort: undefined }))}">${S.all[lang]}: ${S[state][lang]}</a>`,
  );
  return card(
    S.title[lang],
    html`<p class="quiet small inset">${S.lead[lang]}</p>${table(lines.slice(0, SHOWN), lang)}<div class="chips inset">${links}</div>`,
    { flush: true },
  );
}

/** The list of a view that asks for what was held or refused. */
export function stoppedList(stopped: Stopped | null, view: LogView, lang: Language): Html {
  const lines = stopped?.lines ?? [];
  const next = stopped?.next ?? null;
  return html`<section class="card flush"><h2 class="unseen">${S.title[lang]}</h2>
${lines.length === 0 ? emptyState(W.nothing[lang], W.nothingHint[lang]) : table(lines, lang)}
${pager(lang, {
  first: view.after === undefined ? null : viewPath(PATH, view, { after: undefined }),
  older: next === null ? null : viewPath(PATH, view, { after: next }),
  note: '',
})}</section>`;
}

function table(lines: readonly StoppedLine[], lang: Language): Html {
  const columns = [
    { title: W.time[lang] },
    { title: W.document[lang] },
    { title: W.sender[lang] },
    { title: S.why[lang] },
  ];
  return dataTable(
    S.title[lang],
    columns,
    lines.map((one) => row(one, lang)),
  );
}

function row({ at, state, sender, document, refusal }: StoppedLine, lang: Language): HtmlValue[] {
  const [time = '', day = ''] = momentText(at).split(' ');
  const href = document ? `${PATH}/${document.documentId}` : `/console/refusals/${refusal?.refusalId}`;
  const title = document?.codeNumber || S.unknownDocument[lang];
  const often = refusal && refusal.count > 1 ? ` (${refusal.count} ${S.times[lang]})` : '';
  return [
    html`<time datetime="${at}">${time}<span class="under">${day}</span></time>`,
    html`<a class="title" href="${local(href)}">${bounded(title, 120)}</a>${document && html`<span class="under"><span class="clip">${bounded(document.subject, 240)}</span></span>`}`,
    html`${bounded(sender?.name ?? '', 160)}<span class="under mono">${sender?.code ?? ''}</span>`,
    html`${badge(state === 'held' ? 'open' : 'bad', `${S[state][lang]}${often}`)}${refusal && html`<span class="under">${refusalText(refusal.code, lang)}</span>`}`,
  ];
}

const TEXTS: Readonly<Record<string, ProblemText>> = PROBLEMS;

/** The sentence of a refusal with its code. */
export function refusalText(code: string, lang: Language): string {
  const known = TEXTS[code]?.title[lang];
  return known ? `${known} (${code})` : code;
}

/** State of a stopped line in words. */
export function stoppedText({ state }: StoppedLine, lang: Language): string {
  return S[state][lang];
}

export interface RefusalView {
  refusal: RefusalRecord;
  sender: StoppedLine['sender'];
  /** Name of the system that sent it. */
  system: string;
  /** Where the ledger has it; null while it is not recorded. */
  index: number | null;
  now: number;
}

/** Everything that is kept of a refused submission. */
export function refusalPage(
  { refusal, sender, system, index, now }: RefusalView,
  lang: Language,
): PageContent {
  const verdict = verdictOf(refusal);
  const name = verdict as keyof typeof REPORT_VERDICTS | null;
  const remedy = TEXTS[refusal.code]?.remedy[lang];
  return {
    title: `${DOCUMENT_STATES.refused?.[lang] ?? ''}: ${TEXTS[refusal.code]?.title[lang] ?? refusal.code}`,
    lead: S.nothingKept[lang],
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.messages[lang], href: PATH },
      { text: S.refused[lang], href: `${PATH}?state=refused` },
    ],
    body: card(
      W.facts[lang],
      facts([
        [S.why[lang], html`<code>${refusal.code}</code>`],
        // Facts of the problem are not kept: a remedy that needs them would name none.
        [S.remedy[lang], remedy === undefined || remedy.includes('{') ? null : remedy],
        [S.first[lang], moment(refusal.at, now, lang)],
        [S.count[lang], refusal.count],
        [
          W.sender[lang],
          sender &&
            html`<a href="/console/agencies/${sender.code}">${bounded(sender.name, 200)}</a> <code>${sender.code}</code>`,
        ],
        [S.system[lang], html`<code>${bounded(system, 200)}</code>`],
        ['SHA-256', refusal.sha256 === null ? S.secret[lang] : html`<code>${refusal.sha256}</code>`],
        [S.verdict[lang], name && (REPORT_VERDICTS[name]?.[lang] ?? name)],
        [S.refusalId[lang], html`<code>${refusal.refusalId}</code>`],
        [W.ledger[lang], index === null ? null : html`<a href="/console/ledger/${index}">#${index}</a>`],
      ]),
    ),
  };
}

function verdictOf({ report }: RefusalRecord): string | null {
  if (report === null) return null;
  const { indication } = JSON.parse(report) as { indication?: unknown };
  return typeof indication === 'string' ? indication : null;
}
