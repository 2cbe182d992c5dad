import { type Language, PAGE_WORDS } from '../messages/index.ts';
import { type Html, type HtmlValue, html, type Local, local } from './html.ts';
import { ICONS, type IconName } from './icons.ts';

/** How good the news is: it decides colour and sign, never the only word. */
export type Mood = 'good' | 'open' | 'bad' | 'busy' | 'none';

export function badge(mood: Mood, text: string): Html {
  return html`<span class="badge ${mood}">${text}</span>`;
}

/** A message over the content. `bad` and `open` are read out at once. */
export function notice(mood: Exclude<Mood, 'busy'>, title: string, text?: HtmlValue): Html {
  const icon = mood === 'good' ? ICONS.done : mood === 'none' ? ICONS.info : ICONS.alert;
  const role = mood === 'bad' || mood === 'open' ? 'alert' : 'status';
  return html`<div class="notice ${mood}" role="${role}">${icon}<div><strong>${title}</strong>${text !== undefined && html`<div>${text}</div>`}</div></div>`;
}

/** What stands where there is nothing: what that means, and what to do. */
export function emptyState(title: string, text: HtmlValue, icon: IconName = 'search'): Html {
  return html`<div class="empty">${ICONS[icon]}<strong>${title}</strong><div>${text}</div></div>`;
}

/** Names and values, such as the facts of a document; lines whose value is null are left out. */
export function facts(lines: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  return html`<dl class="facts">${lines
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export interface Field {
  name: string;
  label: string;
  value?: string;
  type?: 'text' | 'search' | 'email' | 'password' | 'date' | 'datetime-local' | 'number';
  hint?: string;
  /** What is wrong with what was entered. */
  fault?: string | null;
  required?: boolean;
  autocomplete?: string;
}

/** One line of input with its label, hint and fault. */
export function field({ name, label, value = '', type = 'text', hint, fault = null, ...more }: Field): Html {
  const { required = false, autocomplete = 'off' } = more;
  const described = [hint ? `${name}-hint` : '', fault ? `${name}-fault` : ''].filter(Boolean).join(' ');
  const input = required
    ? html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" aria-describedby="${described}" aria-invalid="${String(fault !== null)}" required>`
    : html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" aria-describedby="${described}" aria-invalid="${String(fault !== null)}">`;
  return html`<div class="${fault === null ? 'field' : 'field wrong'}"><label for="${name}">${label}</label>
${hint !== undefined && html`<span class="hint" id="${name}-hint">${hint}</span>`}
${fault !== null && html`<span class="fault" id="${name}-fault">${fault}</span>`}
${input}</div>`;
}

/** A list to choose one value from; the first choice is usually "all". */
export function selectField(
  name: string,
  label: string,
  value: string,
  choices: readonly (readonly [value: string, text: string])[],
): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${choices.map(
    ([one, text]) =>
      one === value
        ? html`<option value="${one}" selected>${text}</option>`
        : html`<option value="${one}">${text}</option>`,
  )}</select></div>`;
}

/** Faults of a form above it, each a link to its field. */
export function faultSummary(
  faults: readonly { field: string; text: string }[],
  lang: Language,
): Html | null {
  if (faults.length === 0) return null;
  return html`<div class="wrong-summary" role="alert" tabindex="-1"><h2>${PAGE_WORDS.faults[lang]}</h2><ul>${faults.map(
    ({ field: name, text }) => html`<li><a href="#${name}">${text}</a></li>`,
  )}</ul></div>`;
}

export interface Column {
  title: string;
  right?: boolean;
  /** Where the title leads, and how the column is sorted now. */
  sort?: { href: string; now: 'ascending' | 'descending' | 'none' };
}

/**
 * A table with a caption for those who hear it. On narrow screens every row is a card, the titles stand before its values.
 * @param hidden whether the caption is only heard
 */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly HtmlValue[])[],
  hidden = true,
): Html {
  const head = columns.map(({ title, right, sort }) =>
    sort
      ? html`<th scope="col" class="${right ? 'right' : 'left'}" aria-sort="${sort.now}"><a href="${local(sort.href)}">${title}</a></th>`
      : html`<th scope="col" class="${right ? 'right' : 'left'}">${title}</th>`,
  );
  const cells = (row: readonly HtmlValue[]) =>
    row.map((value, i) => {
      const { title, right } = columns[i] as Column;
      return html`<td class="${right ? 'right' : 'left'}" data-label="${title}"><div>${value}</div></td>`;
    });
  return html`<div class="table"><table class="cards"><caption>${
    hidden ? html`<span class="unseen">${caption}</span>` : caption
  }</caption><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table></div>`;
}

/** Newer and older pages of a list in stable order; null where there is none. */
export function pager(
  lang: Language,
  { first, older, note }: { first: string | null; older: string | null; note: HtmlValue },
): Html {
  return html`<nav class="pager" aria-label="${PAGE_WORDS.pages[lang]}"><span class="quiet small">${note}</span><span class="row">
${first !== null && html`<a class="button slim" href="${local(first)}" rel="first">${PAGE_WORDS.first[lang]}</a>`}
${older !== null && html`<a class="button slim" href="${local(older)}" rel="next">${PAGE_WORDS.older[lang]} →</a>`}</span></nav>`;
}

/** A section with its title. `flush` lets a table reach the edges. */
export function card(
  title: string,
  body: HtmlValue,
  { side = null, flush = false }: { side?: HtmlValue; flush?: boolean } = {},
): Html {
  return html`<section class="${flush ? 'card flush' : 'card'}"><header><h2>${title}</h2>${side}</header>${body}</section>`;
}

/** A number that leads to what it counts. */
export function figure(value: string, text: string, href: Local | null, mood: Mood = 'none'): Html {
  return href === null
    ? html`<div class="figure ${mood}"><b>${value}</b><span>${text}</span></div>`
    : html`<a class="figure ${mood}" href="${href}"><b>${value}</b><span>${text}</span></a>`;
}
