import type { PublicProof } from '../exchange/index.ts';
import { fill, type Language, REPORT_VERDICTS, VERIFY_WORDS as W } from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  countText,
  facts,
  field,
  type Html,
  html,
  LOG_STEPS,
  local,
  momentText,
  notice,
  proofPanel,
} from '../rendering/index.ts';
import type { PageContent } from './pages.ts';

/** /verify. @param typed what was entered and is neither a code nor a digest */
export function askPage(lang: Language, typed: string | null): PageContent {
  return {
    title: W.title[lang],
    lead: W.lead[lang],
    narrow: true,
    body: html`<div class="stack">
<section class="card drop" data-check="yes" data-busy="${W.busy[lang]}" data-large="${W.large[lang]}" data-insecure="${W.insecure[lang]}" data-failed="${W.failed[lang]}" hidden><header><h2>${W.file[lang]}</h2></header>
<div class="field"><label for="file">${W.choose[lang]}</label><input id="file" type="file"><span class="hint">${W.drop[lang]}</span></div>
<p class="small" role="status" data-said="yes"></p></section>
${card(W.code[lang], askForm(lang, typed))}
${card(W.told[lang], html`<p>${W.toldText[lang]}</p><p class="small quiet">${W.guessText[lang]}</p>`)}
</div>`,
  };
}

function askForm(lang: Language, typed: string | null): Html {
  const entry = field({
    name: 'q',
    label: W.codeLabel[lang],
    hint: W.codeHint[lang],
    value: bounded(typed ?? '', 100),
    fault: typed === null ? null : W.badKey[lang],
    required: true,
  });
  return html`<form method="get" action="/verify" class="stack">${entry}
<div><button class="button main" type="submit">${W.check[lang]}</button></div></form>
<p class="small quiet">${W.commands[lang]}</p>`;
}

/** What there is about a code or a digest. */
export function proofPage(proof: PublicProof, key: string, lang: Language): PageContent {
  const { receipt, by } = proof;
  return {
    title: `${bounded(proof.typeName, 60)} ${bounded(proof.codeNumber, 120)}`.trim(),
    lead: bounded(proof.sender.name),
    crumbs: [{ text: W.area[lang], href: '/verify' }],
    notices: [standingNotice(proof, lang)],
    body: html`<div class="split"><div class="stack">
${card(W.known[lang], documentFacts(proof, lang))}
${by === 'code' && card(W.files[lang], fileList(proof, lang))}
${by === 'digest' && card(W.asked[lang], facts([['SHA-256', html`<code>${key}</code>`]]))}
${again(lang)}
</div><div class="stack">
${panel(proof, key, lang)}
${card(
  W.offline[lang],
  facts([
    [
      W.receipt[lang],
      html`<a href="${local(`/verify/${key}/receipt.json`)}" download="receipt.json">JSON</a>`,
    ],
    [W.logKey[lang], html`<code>${receipt.vkey}</code>`],
  ]),
)}
</div></div>`,
  };
}

function standingNotice({ standing, standingSince, by }: PublicProof, lang: Language): Html {
  const compare = by === 'code' && html`<p>${W.compare[lang]}</p>`;
  if (standing === 'in-force') {
    const title = (by === 'code' ? W.isPaper : W.isFile)[lang];
    return notice('good', title, html`${W.inForceText[lang]}${compare}`);
  }
  const time = standingSince === null ? '–' : momentText(standingSince);
  const text = fill(W[`${standing}Text`][lang], { time });
  return notice(standing === 'recalled' ? 'bad' : 'open', W[standing][lang], html`${text}${compare}`);
}

const MOODS = { TOTAL_PASSED: 'good', INDETERMINATE: 'open', TOTAL_FAILED: 'bad' } as const;

function documentFacts(proof: PublicProof, lang: Language): Html {
  const { sender, promulgationDate, typeName, at, legalValue, file, receipt, fileProven } = proof;
  const indication = proof.indication as keyof typeof REPORT_VERDICTS;
  const mood = indication === 'NO_SIGNATURE' ? 'none' : MOODS[indication];
  return html`${facts([
    [W.sender[lang], html`${bounded(sender.name)} <code>${sender.code}</code>`],
    [W.number[lang], bounded(proof.codeNumber, 120)],
    [W.date[lang], bounded(promulgationDate.split('/').reverse().join('/'), 20)],
    [W.kind[lang], bounded(typeName, 120)],
    [W.at[lang], momentText(at)],
    [W.signature[lang], badge(mood, REPORT_VERDICTS[indication][lang])],
    [W.legal[lang], (legalValue === 'replaces_paper' ? W.replacesPaper : W.forInformation)[lang]],
    [W.thisFile[lang], file === null ? null : W[file][lang]],
    [W.index[lang], `#${countText(receipt.index, lang)}`],
  ])}${!fileProven && html`<p class="small">${W.notAlone[lang]}</p>`}`;
}

function fileList({ receipt }: PublicProof, lang: Language): Html {
  const named = receipt.disclosures.flatMap(({ name, value }): (readonly [string, Html])[] => {
    const n = /^file:(\d+)$/.exec(name)?.[1];
    if (name !== 'sha256' && n === undefined) return [];
    const title = n === undefined ? W.envelope[lang] : fill(W.fileNumber[lang], { n: Number(n) + 1 });
    return [[title, html`<code>${String(value)}</code>`]];
  });
  return facts(named.reverse());
}

function panel({ receipt, by, fileProven }: PublicProof, key: string, lang: Language): Html {
  const compares = by === 'digest' && fileProven;
  const { log, vkey, index, entry, checkpoint, commitments, disclosures } = receipt;
  const path = receipt.proof.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  const file = compares ? { file: key } : {};
  const bundle = { ...{ log, vkey, index, entry, path, checkpoint, commitments, disclosures }, ...file };
  return proofPanel(lang, {
    bundle,
    steps: [
      ...LOG_STEPS.slice(0, 4),
      ['facts', W.stepFacts],
      ...(compares ? [['file', W.stepFile] as const] : []),
      ...LOG_STEPS.slice(4),
    ],
    right: W.proven,
    consistency: '/verify/consistency',
    withoutScript: W.noScript,
    brings: false,
  });
}

/** What is said where there is nothing, whatever the reason is. */
export function nothingPage(key: string, lang: Language): PageContent {
  const reasons = [W.noneChanged, W.noneTyped, W.noneUnsigned, W.noneElsewhere];
  return {
    title: W.none[lang],
    crumbs: [{ text: W.area[lang], href: '/verify' }],
    narrow: true,
    body: html`<div class="stack"><section class="card"><p>${W.noneText[lang]}</p>
<ul class="dots">${reasons.map((one) => html`<li>${one[lang]}</li>`)}</ul>
<p>${W.noneAsk[lang]}</p>${facts([[W.asked[lang], html`<code>${bounded(key, 100)}</code>`]])}</section>${again(lang)}</div>`,
  };
}

function again(lang: Language): Html {
  return html`<p class="no-print"><a class="button" href="/verify">${W.againTitle[lang]}</a></p>`;
}
