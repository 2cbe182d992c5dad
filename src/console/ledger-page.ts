import type { PageContent } from '../api/index.ts';
import { type Language, LEDGER_STEPS, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  bounded,
  card,
  countText,
  dataTable,
  emptyState,
  facts,
  type Html,
  html,
  LOG_STEPS,
  local,
  moment,
  proofPanel,
} from '../rendering/index.ts';

export interface EntryView {
  index: number;
  /** Exact bytes. */
  bytes: Buffer;
  type: string;
  at: string;
  seq: number;
}

export interface LedgerView {
  origin: string;
  vkey: string;
  checkpoint: string;
  size: number;
  /** The newest first. */
  entries: readonly EntryView[];
  now: number;
}

/** The log as a whole: its signed head and its newest entries. */
export function ledgerPage(
  { origin, vkey, checkpoint, size, entries, now }: LedgerView,
  lang: Language,
): PageContent {
  const columns = [{ title: W.entryIndex[lang] }, { title: W.kindOfEntry[lang] }, { title: W.time[lang] }];
  const rows = entries.map((entry) => [
    html`<a class="title" href="/console/ledger/${entry.index}">#${countText(entry.index, lang)}</a>`,
    html`${LEDGER_STEPS[entry.type]?.[lang] ?? entry.type}<span class="under mono">${entry.type}</span>`,
    moment(entry.at, now, lang),
  ]);
  const older = (entries.at(-1)?.index ?? 0) - 1;
  return {
    title: W.ledger[lang],
    lead: W.ledgerLead[lang],
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    body: html`<div class="split"><div class="stack">
<form class="card" method="get" action="/console/ledger"><div class="search"><div class="box"><input id="q" type="search" inputmode="numeric" name="index" aria-label="${W.openIndex[lang]}" placeholder="${W.openIndex[lang]} …" maxlength="16" autocomplete="off"></div><button class="button main" type="submit">${W.open[lang]}</button></div></form>
<section class="card flush"><h2 class="unseen">${W.ledger[lang]}</h2>${entries.length === 0 ? emptyState('–', '', 'ledger') : dataTable(W.ledger[lang], columns, rows)}
${older >= 0 && html`<nav class="pager" aria-label="${W.ledger[lang]}"><span></span><a class="button slim" href="${local(`/console/ledger?before=${older + 1}`)}" rel="next">→</a></nav>`}</section>
</div><div class="stack">
${card(
  W.checkpoint[lang],
  html`<pre>${checkpoint
    .trim()
    .split('\n')
    .map((line) => html`${line}<br>`)}</pre>${facts([
    [W.entries[lang], countText(size, lang)],
    ['Origin', html`<code>${origin}</code>`],
    [W.logKey[lang], html`<code>${vkey}</code>`],
  ])}`,
)}
${verifyPanel(lang, null)}
</div></div>`,
  };
}

export interface OneEntry extends EntryView {
  origin: string;
  vkey: string;
  checkpoint: string;
  size: number;
  path: readonly Buffer[];
  /** Null where it is of no document, or of one out of reach. */
  document: { documentId: string; codeNumber: string } | null;
  now: number;
}

/** What can be verified anywhere, with the entry's exact bytes. */
export function bundleOf({ origin, vkey, index, bytes, path, checkpoint }: OneEntry) {
  return {
    log: origin,
    vkey,
    index,
    entry: bytes.toString('base64'),
    path: path.map((one) => one.toString('base64')),
    checkpoint,
  };
}

/** One entry, its proof step by step, verified by the reader's own browser. */
export function entryPage(entry: OneEntry, lang: Language): PageContent {
  const { index, type, at, seq, bytes, path, document, size, now } = entry;
  return {
    title: `${W.entryTitle[lang]} #${countText(index, lang)}`,
    lead: LEDGER_STEPS[type]?.[lang] ?? type,
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.ledger[lang], href: '/console/ledger' },
    ],
    actions: html`<div class="row no-print">${index > 0 && html`<a class="button slim" href="/console/ledger/${index - 1}" rel="prev">← ${W.previous[lang]}</a>`}${index + 1 < size && html`<a class="button slim" href="/console/ledger/${index + 1}" rel="next">${W.next[lang]} →</a>`}</div>`,
    body: html`<div class="split"><div class="stack">
${verifyPanel(lang, bundleOf(entry))}
${card(W.entryBytes[lang], html`<pre>${bytes.toString('utf8')}</pre>`)}
${card(`${W.path[lang]} (${path.length})`, html`<ol class="plain">${path.map((one) => html`<li><code>${one.toString('hex')}</code></li>`)}</ol>`)}
</div><div class="stack">
${card(
  W.facts[lang],
  facts([
    [W.kindOfEntry[lang], html`<code>${type}</code>`],
    [W.time[lang], moment(at, now, lang)],
    ['seq', seq],
    [
      W.entryOf[lang],
      document &&
        html`<a href="/console/messages/${document.documentId}#e-${index}">${bounded(document.codeNumber, 120)}</a>`,
    ],
    [
      W.bundle[lang],
      html`<a href="/console/ledger/${index}/bundle" download="ledger-${index}.json">JSON</a>`,
    ],
  ]),
)}</div></div>`,
  };
}

/** @param bundle null where only a downloaded one can be verified */
function verifyPanel(lang: Language, bundle: object | null): Html {
  return proofPanel(lang, {
    bundle,
    steps: LOG_STEPS,
    right: bundle === null ? W.stepRight : W.verifyRight,
    consistency: '/console/ledger/consistency',
    withoutScript: W.verifyNoScript,
    brings: true,
  });
}
