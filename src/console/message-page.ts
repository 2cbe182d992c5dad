import type { PageContent } from '../api/index.ts';
import type { RecordedEvent } from '../document/index.ts';
import type { DocumentReport } from '../exchange/index.ts';
import {
  BUSINESS_TYPES,
  BUSINESS_WORDS,
  DOCUMENT_STATES,
  type Language,
  LEDGER_STEPS,
  LINE_URGENCIES,
  REPORT_VERDICTS,
  CONSOLE_WORDS as W,
} from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  dataTable,
  durationText,
  emptyState,
  facts,
  type Html,
  html,
  type Mood,
  moment,
  notice,
  sizeText,
} from '../rendering/index.ts';
import { attemptStep } from './attempts.ts';
import { businessText, failureText, lineState, stateText } from './line-state.ts';
import type { MessageStory, RecipientStory } from './message-read.ts';
import { retryForm } from './retry-form.ts';
import type { Viewer } from './viewer.ts';

export interface MessagePageOptions {
  story: MessageStory;
  viewer: Viewer;
  lang: Language;
  /** Milliseconds since 1970 UTC. */
  now: number;
  notices?: readonly Html[];
}

/** What became of one document: both sides, step by step, with the proof of each. */
export function messagePage({ story, viewer, lang, now, notices = [] }: MessagePageOptions): PageContent {
  const { document } = story;
  const at = (iso: string) => moment(iso, now, lang);
  return {
    title: document.codeNumber || document.documentId,
    lead: bounded(document.subject || W.noSubject[lang], 500),
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.messages[lang], href: '/console/messages' },
    ],
    notices: [...stateNotice(story, lang), ...notices],
    body: html`<div class="split"><div class="stack">
${card(
  `${W.recipients[lang]} (${story.recipients.length})`,
  html`<div class="stack">${story.recipients.map((one) => recipient(one, { viewer, lang, at, now }))}</div>`,
)}
${card(W.timeline[lang], html`<ol class="timeline">${steps(story, lang, at)}</ol>`)}
${card(W.signatures[lang], signatures(story, lang))}
${card(W.files[lang], files(story, lang), { flush: true })}
</div><div class="stack">
${card(W.facts[lang], documentFacts(story, lang, at))}
${card(W.proofs[lang], proofs(story, lang))}
</div></div>`,
  };
}

function stateNotice({ document }: MessageStory, lang: Language): Html[] {
  if (document.state === 'accepted') return [];
  const mood = document.state === 'refused' ? 'bad' : document.state === 'held' ? 'open' : 'none';
  return [notice(mood, DOCUMENT_STATES[document.state]?.[lang] ?? document.state)];
}

interface Around {
  viewer: Viewer;
  lang: Language;
  at(iso: string): Html;
  now: number;
}

function recipient(one: RecipientStory, { viewer, lang, at, now }: Around): Html {
  const { delivery, agency, code } = one;
  const head = html`<div class="row"><strong>${bounded(agency?.name ?? code, 200)}</strong><code>${code}</code></div>`;
  if (!delivery) return html`<section>${head}<p class="quiet">–</p></section>`;
  const open = delivery.state === 'waiting' || delivery.state === 'leased';
  const end = delivery.state === 'done' ? Date.parse(delivery.updatedAt) : now;
  return html`<section id="d-${delivery.deliveryId}" class="recipient">${head}
<div class="row">${badge(lineState(delivery).mood, stateText(delivery, lang))}${one.business !== null && html`<span class="badge busy">${businessText(one.business, lang)}</span>`}</div>
${facts([
  [
    W.lastError[lang],
    delivery.failure !== null && delivery.state !== 'done' ? failureText(delivery.failure, lang) : null,
  ],
  [W.attempts[lang], delivery.attempts],
  [W.nextTry[lang], delivery.state === 'waiting' && delivery.failure !== null ? at(delivery.nextAt) : null],
  [W.fetchedAt[lang], delivery.fetchedAt === null ? null : at(delivery.fetchedAt)],
  [W.latency[lang], durationText(end - Date.parse(delivery.createdAt), lang)],
  [W.deadline[lang], open ? at(delivery.deadline) : null],
])}
${one.statuses.map((said) => html`<p class="small"><strong>${BUSINESS_WORDS[said.code]?.[lang] ?? said.code}</strong> · ${at(said.receivedAt)}${said.description !== '' && html` · ${bounded(said.description, 500)}`}</p>`)}
${delivery.state === 'failed' && viewer.mayAct && retryForm(delivery, viewer, lang)}</section>`;
}

const BAD_STEPS = ['delivery.failed', 'document.refused', 'status.02', 'status.16'];
const GOOD_STEPS = ['document.submitted', 'delivery.acknowledged', 'status.03', 'status.06'];

/** What the ledger has and the attempts between, in the order of time. */
function steps(story: MessageStory, lang: Language, at: (iso: string) => Html): Html[] {
  const all = [
    ...story.events.map((event) => ({
      time: event.place?.recordedAt ?? event.at,
      text: step(event, story, lang, at),
    })),
    ...[...story.attempts].reverse().map((attempt) => ({
      time: attempt.at,
      text: attemptStep(attempt, { to: story.names.get(attempt.recipientId) ?? null, lang, at }),
    })),
  ];
  return all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ text }) => text);
}

function step(event: RecordedEvent, story: MessageStory, lang: Language, at: (iso: string) => Html): Html {
  const { type, facts: said, place } = event;
  const mood: Mood = BAD_STEPS.includes(type) ? 'bad' : GOOD_STEPS.includes(type) ? 'good' : 'none';
  const code = /^status\.(\d\d)$/.exec(type)?.[1];
  const title = code ? businessText(code, lang) : (LEDGER_STEPS[type]?.[lang] ?? type);
  const who = event.recipientId ?? event.actorId;
  const name = who === null ? null : (story.names.get(who) ?? null);
  const details = detailsOf(said, lang);
  return html`<li class="${mood}" id="e-${place?.index ?? 0}"><div><div class="head"><strong>${title}</strong><span class="quiet small">${at(place?.recordedAt ?? event.at)}</span></div>
${name !== null && html`<div class="small">${bounded(name, 200)}</div>`}
${details.map((text) => html`<div class="small">${text}</div>`)}
<a class="small quiet" href="/console/ledger/${place?.index ?? 0}">${W.entry[lang]} #${place?.index ?? 0}</a></div></li>`;
}

/** Facts of an entry that tell a reader something beside its name. */
function detailsOf(said: Readonly<Record<string, unknown>>, lang: Language): string[] {
  const text = (name: string) =>
    typeof said[name] === 'string' && said[name] !== '' ? bounded(said[name], 500) : null;
  const indication = text('indication') as keyof typeof REPORT_VERDICTS | null;
  const reason = text('reason');
  const person = text('person');
  return [
    indication ? (REPORT_VERDICTS[indication]?.[lang] ?? indication) : null,
    reason ? failureText(reason, lang) : null,
    text('description'),
    person ? `${W.by[lang]} ${person}` : null,
  ].filter((one): one is string => one !== null);
}

const VERDICT_MOODS: Readonly<Record<string, Mood>> = {
  TOTAL_PASSED: 'good',
  INDETERMINATE: 'open',
  TOTAL_FAILED: 'bad',
  NO_SIGNATURE: 'none',
};

function verdict(indication: string, lang: Language): Html {
  const word = REPORT_VERDICTS[indication as keyof typeof REPORT_VERDICTS]?.[lang] ?? indication;
  return badge(VERDICT_MOODS[indication] ?? 'none', word);
}

function signatures({ report, document }: MessageStory, lang: Language): Html {
  if (!report) return html`<p class="quiet">${DOCUMENT_STATES.destroyed?.[lang] ?? ''}</p>`;
  const legal = report.legalValue === 'replaces_paper' ? W.replaces : W.informs;
  return html`<div class="row">${verdict(report.indication, lang)}<span>${W.legal[lang]}: ${legal[lang]}</span></div>
${report.attachments.map((file) => html`<div><h3>${bounded(file.name, 200)}</h3>${signersOf(file, lang)}</div>`)}
<p><a href="/console/messages/${document.documentId}/report">${W.fullReport[lang]}</a></p>`;
}

function signersOf(file: DocumentReport['attachments'][number], lang: Language): Html {
  if (file.signatures.length === 0)
    return html`<p class="small quiet">${REPORT_VERDICTS.NO_SIGNATURE[lang]}</p>`;
  return html`<ul class="plain">${file.signatures.map(
    (one) =>
      html`<li class="row">${verdict(one.indication, lang)}<span>${bounded(one.signer?.commonName ?? one.id, 200)}</span><span class="small quiet">${bounded(one.signer?.organization ?? '', 200)}</span></li>`,
  )}</ul>`;
}

function files({ document, opens }: MessageStory, lang: Language): Html {
  if (document.attachments.length === 0) return emptyState('–', '', 'messages');
  const columns = [
    { title: W.files[lang] },
    { title: W.type[lang] },
    { title: W.size[lang], right: true },
    { title: 'SHA-256' },
  ];
  const rows = document.attachments.map((file, i) => [
    html`${
      opens
        ? html`<a class="title" href="/console/messages/${document.documentId}/files/${i}">${bounded(file.name, 200)}</a>`
        : bounded(file.name, 200)
    }<span class="under">${file.contentType}</span>`,
    file.role === 'main' ? W.mainFile[lang] : W.annex[lang],
    sizeText(file.size, lang),
    html`<code>${file.sha256}</code>`,
  ]);
  return dataTable(W.files[lang], columns, rows);
}

function documentFacts({ document, sender }: MessageStory, lang: Language, at: (iso: string) => Html): Html {
  return facts([
    [W.documentState[lang], DOCUMENT_STATES[document.state]?.[lang] ?? document.state],
    [W.sender[lang], html`${bounded(sender?.name ?? '', 200)} <code>${document.senderCode}</code>`],
    [W.number[lang], bounded(document.codeNumber, 200)],
    [W.date[lang], document.promulgationDate.split('/').reverse().join('/')],
    [W.type[lang], bounded(document.typeName, 200)],
    [W.act[lang], BUSINESS_TYPES[document.key.businessType]?.[lang] ?? null],
    [W.urgency[lang], LINE_URGENCIES[document.priority]?.[lang] ?? null],
    [W.receivedAt[lang], at(document.receivedAt)],
    [W.size[lang], sizeText(document.size, lang)],
    ['SHA-256', html`<code>${document.sha256}</code>`],
    [W.documentId[lang], html`<code>${document.documentId}</code>`],
    [W.edxmlId[lang], html`<code>${bounded(document.key.edxmlId, 300)}</code>`],
  ]);
}

function proofs({ document, opens }: MessageStory, lang: Language): Html {
  const { documentId } = document;
  return html`${document.receipt !== null && html`<a class="button" href="/console/messages/${documentId}/receipt" download="${documentId}.receipt.json">${W.receipt[lang]}</a>`}
${
  opens
    ? html`<a class="button" href="/console/messages/${documentId}/evidence">${W.evidence[lang]}</a><p class="small quiet">${W.evidenceHint[lang]}</p>`
    : html`<p class="small quiet">${W.contentKept[lang]}</p>`
}
<p class="small"><a href="/console/messages/${documentId}">${W.permalink[lang]}</a></p>`;
}
