import type { PageContent } from '../api/index.ts';
import { ACT_TYPES, type ActType, type RecordedEvent } from '../document/index.ts';
import { AUDIT_WORDS as A, ACT_WORDS, type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  bounded,
  dataTable,
  emptyState,
  type Html,
  type HtmlValue,
  html,
  momentText,
  pager,
  selectField,
} from '../rendering/index.ts';

export interface AuditView {
  acts: readonly RecordedEvent[];
  /** Kind that is looked at; all where null. */
  type: ActType | null;
  /** Position of a page's beginning; null on the first. */
  before: number | null;
  more: boolean;
  /** Names of people by what the ledger calls them. */
  people: ReadonlyMap<string, string>;
}

/** Who did what, newest first. */
export function auditPage(view: AuditView, lang: Language): PageContent {
  const { acts, type, before, more } = view;
  const path = (from: number | null) => {
    const query = new URLSearchParams({
      ...(type ? { type } : {}),
      ...(from === null ? {} : { before: String(from) }),
    }).toString();
    return query === '' ? '/console/audit' : `/console/audit?${query}`;
  };
  const choices = ACT_TYPES.map((one) => [one, ACT_WORDS[one][lang]] as const);
  const last = acts.at(-1)?.position ?? null;
  return {
    title: W.audit[lang],
    lead: A.lead[lang],
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    body: html`<form class="card filters" method="get" action="/console/audit"><div class="fields">${selectField('type', A.act[lang], type ?? '', [['', W.all[lang]], ...choices])}
<button class="button main" type="submit">${W.apply[lang]}</button></div></form>
<section class="card flush"><h2 class="unseen">${W.audit[lang]}</h2>
${acts.length === 0 ? emptyState(A.none[lang], '') : table(view, lang)}
${pager(lang, { first: before === null ? null : path(null), older: more ? path(last) : null, note: '' })}</section>`,
  };
}

function table({ acts, people }: AuditView, lang: Language): Html {
  const columns = [
    { title: W.time[lang] },
    { title: A.act[lang] },
    { title: A.by[lang] },
    { title: A.details[lang] },
    { title: W.ledger[lang] },
  ];
  return dataTable(
    W.audit[lang],
    columns,
    acts.map((act) => row(act, people, lang)),
  );
}

/** Facts that stand elsewhere in a line. */
const ELSEWHERE = ['by', 'person', 'reason'];

function row(event: RecordedEvent, people: ReadonlyMap<string, string>, lang: Language): HtmlValue[] {
  const { type, facts, at, place, subjectId } = event;
  const [time = '', day = ''] = momentText(place?.recordedAt ?? at).split(' ');
  const reason = typeof facts.reason === 'string' ? facts.reason : '';
  const details = Object.entries(facts)
    .filter(([name, value]) => !ELSEWHERE.includes(name) && value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const word = ACT_WORDS[type as ActType]?.[lang] ?? type;
  return [
    html`<time datetime="${at}">${time}<span class="under">${day}</span></time>`,
    html`${subjectLink(type, subjectId, facts, word)}${reason !== '' && html`<span class="under">${bounded(reason, 300)}</span>`}`,
    who(facts, people, lang),
    html`<span class="small">${bounded(details.join(' · '), 500)}</span>`,
    place === null ? A.waiting[lang] : html`<a href="/console/ledger/${place.index}">#${place.index}</a>`,
  ];
}

function subjectLink(type: string, id: string, facts: RecordedEvent['facts'], word: string): Html {
  const agency = typeof facts.agency === 'string' ? facts.agency : '';
  if (type.startsWith('endpoint.') && agency !== '')
    return html`<a class="title" href="/console/agencies/${agency}">${word}</a>`;
  if (type.startsWith('delivery.') || type.startsWith('document.'))
    return html`<a class="title" href="/console/messages/${id}">${word}</a>`;
  return html`<strong>${word}</strong>`;
}

/** The person who acted, by name where the registry knows it, else the way by which it was done. */
function who(facts: RecordedEvent['facts'], people: ReadonlyMap<string, string>, lang: Language): Html {
  const by = typeof facts.person === 'string' ? facts.person : typeof facts.by === 'string' ? facts.by : '';
  const name = people.get(by);
  if (name !== undefined)
    return html`${bounded(name, 160)}<span class="under mono">${bounded(by, 60)}</span>`;
  if (by === 'command-line') return html`${A.commandLine[lang]}`;
  if (by.startsWith('system:'))
    return html`${A.system[lang]}<span class="under mono">${bounded(by.slice(7), 100)}</span>`;
  return by === '' ? html`${A.axis[lang]}` : html`<code>${bounded(by, 100)}</code>`;
}
