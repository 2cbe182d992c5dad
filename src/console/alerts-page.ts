import { type Alert, type AlertRule, type PastAlarm, SAMPLE_DAYS } from '../alerts/index.ts';
import type { PageContent } from '../api/index.ts';
import {
  ALERT_WORDS as A,
  ALERT_STATES,
  type Language,
  MEASURE_WORDS,
  measureText,
  CONSOLE_WORDS as W,
} from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  dataTable,
  durationText,
  emptyState,
  field,
  type Html,
  type HtmlValue,
  html,
  type Mood,
  moment,
} from '../rendering/index.ts';
import type { Viewer } from './viewer.ts';

export interface AlertsView {
  open: readonly Alert[];
  past: readonly Alert[];
  rules: readonly AlertRule[];
  told: readonly ('mail' | 'webhook')[];
  viewer: Viewer;
  /** Milliseconds since 1970 UTC. */
  now: number;
  notices: readonly Html[];
}

/** What is wrong now, whose case it is, what was wrong before, and by which rules. */
export function alertsPage(view: AlertsView, lang: Language): PageContent {
  const { open, past, rules, told, now, notices } = view;
  const ways = told.length === 0 ? A.nobody[lang] : told.map((way) => A[way][lang]).join(', ');
  return {
    title: W.alerts[lang],
    lead: A.lead[lang],
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    notices,
    body: html`${card(
      A.now[lang],
      open.length === 0
        ? emptyState(A.none[lang], '', 'done')
        : html`<div class="stack inset">${open.map((one) => openAlert(one, view, lang))}</div>`,
      { flush: true, side: html`<span class="quiet small">${A.told[lang]}: ${ways}</span>` },
    )}
${past.length > 0 && card(A.past[lang], pastTable(past, now, lang), { flush: true })}
${card(A.rules[lang], ruleTable(rules, lang), { flush: true })}`,
  };
}

const MOODS: Readonly<Record<Alert['state'], Mood>> = { pending: 'open', firing: 'bad', resolved: 'good' };

function what({ measure, label }: Pick<Alert, 'measure' | 'label'>, lang: Language): Html {
  return html`${MEASURE_WORDS[measure][lang]}${label !== '' && html` <code>${bounded(label, 200)}</code>`}`;
}

function openAlert(alert: Alert, { viewer, now }: AlertsView, lang: Language): Html {
  const { alertId, state, severity, measure, value, limit, since, acknowledged } = alert;
  return html`<section id="a-${alertId}" class="recipient"><div class="row">${badge(MOODS[state], `${ALERT_STATES[state][lang]} · ${A[severity][lang]}`)}<strong>${what(alert, lang)}</strong></div>
<p class="small">${measureText(measure, value, lang)} · ${A.limit[lang]} ${measureText(measure, limit, lang)} · ${A.since[lang]} ${moment(since, now, lang)}</p>
${
  acknowledged
    ? html`<p class="small">${A.takenBy[lang]}: <code>${bounded(acknowledged.by, 60)}</code> · ${bounded(acknowledged.reason, 500)} · ${moment(acknowledged.at, now, lang)}</p>`
    : viewer.mayAct && state === 'firing' && takeForm(alertId, viewer, lang)
}</section>`;
}

function takeForm(alertId: string, viewer: Viewer, lang: Language): Html {
  return html`<details class="more no-print"><summary>${A.take[lang]}</summary><form class="form" method="post" action="/console/alerts/${alertId}/acknowledge">
<input type="hidden" name="csrf" value="${viewer.csrf}">
<div class="field"><label for="r-${alertId}">${W.why[lang]}</label><span class="hint" id="h-${alertId}">${W.retryHint[lang]}</span><input id="r-${alertId}" name="reason" type="text" minlength="5" maxlength="500" required aria-describedby="h-${alertId}" autocomplete="off"></div>
<div><button class="button main" type="submit">${A.take[lang]}</button></div></form></details>`;
}

function pastTable(past: readonly Alert[], now: number, lang: Language): Html {
  const columns = [
    { title: A.what[lang] },
    { title: A.value[lang], right: true },
    { title: A.since[lang] },
    { title: A.until[lang] },
    { title: A.takenBy[lang] },
  ];
  const rows = past.map((one): HtmlValue[] => [
    what(one, lang),
    measureText(one.measure, one.value, lang),
    moment(one.since, now, lang),
    one.resolvedAt === null ? '–' : moment(one.resolvedAt, now, lang),
    one.acknowledged
      ? html`<code>${bounded(one.acknowledged.by, 60)}</code><span class="under">${bounded(one.acknowledged.reason, 200)}</span>`
      : '–',
  ]);
  return dataTable(A.past[lang], columns, rows);
}

function ruleTable(rules: readonly AlertRule[], lang: Language): Html {
  const columns = [
    { title: A.rule[lang] },
    { title: A.what[lang] },
    { title: A.limit[lang] },
    { title: A.severity[lang] },
    { title: A.preview[lang] },
  ];
  const rows = rules.map((rule): HtmlValue[] => [
    html`<code>${rule.id}</code>`,
    html`${MEASURE_WORDS[rule.measure][lang]}${rule.labels !== undefined && html`<span class="under">${A.label[lang]}: ${bounded(rule.labels.join(', '), 200)}</span>`}`,
    limitText(rule, lang),
    A[rule.severity][lang],
    html`<a href="/console/alerts/preview?rule=${rule.id}">${A.show[lang]}</a>`,
  ]);
  return dataTable(A.rules[lang], columns, rows);
}

function limitText({ when, limit, measure, forSeconds }: AlertRule, lang: Language): string {
  const lasting = forSeconds > 0 ? `, ${A.lasting[lang]} ${durationText(forSeconds * 1_000, lang)}` : '';
  return `${A[when][lang]} ${measureText(measure, limit, lang)}${lasting}`;
}

export interface PreviewView {
  /** With the limit and time that were asked for. */
  rule: AlertRule;
  alarms: readonly PastAlarm[];
  /** How many samples it looked at. */
  samples: number;
  now: number;
}

/** When a rule, with another limit if one likes, would have been an alarm. */
export function previewPage({ rule, alarms, samples, now }: PreviewView, lang: Language): PageContent {
  return {
    title: `${A.preview[lang]}: ${rule.id}`,
    lead: A.previewLead[lang],
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.alerts[lang], href: '/console/alerts' },
    ],
    body: html`<form class="card filters" method="get" action="/console/alerts/preview"><input type="hidden" name="rule" value="${rule.id}">
<p>${MEASURE_WORDS[rule.measure][lang]} · ${limitText(rule, lang)}</p>
<div class="fields">${field({ name: 'limit', label: `${A.limit[lang]} (${MEASURE_WORDS[rule.measure].unit[lang]})`, value: String(rule.limit) })}
${field({ name: 'for', label: A.forSeconds[lang], value: String(rule.forSeconds) })}
<button class="button main" type="submit">${A.show[lang]}</button></div></form>
${card(
  `${alarms.length} · ${SAMPLE_DAYS} ${MEASURE_WORDS['certificate-days'].unit[lang]} · ${samples} ${A.samples[lang]}`,
  alarms.length === 0
    ? emptyState(samples === 0 ? A.previewNoData[lang] : A.previewNone[lang], '', 'done')
    : alarmTable(rule, alarms, now, lang),
  { flush: true },
)}`,
  };
}

function alarmTable(rule: AlertRule, alarms: readonly PastAlarm[], now: number, lang: Language): Html {
  const columns = [
    { title: A.label[lang] },
    { title: A.since[lang] },
    { title: A.until[lang] },
    { title: A.worst[lang], right: true },
  ];
  const rows = alarms.map((one): HtmlValue[] => [
    one.label === '' ? '–' : html`<code>${bounded(one.label, 200)}</code>`,
    moment(one.from, now, lang),
    one.to === null ? '–' : moment(one.to, now, lang),
    measureText(rule.measure, one.worst, lang),
  ]);
  return dataTable(A.preview[lang], columns, rows);
}
