import { type Bilingual, type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import { type Html, html } from './html.ts';

/** Steps that the browser takes, by the name that its script has for each. */
export type ProofStep = readonly [name: string, text: Bilingual];

export const LOG_STEPS: readonly ProofStep[] = [
  ['leaf', W.stepLeaf],
  ['path', W.stepPath],
  ['root', W.stepRoot],
  ['signature', W.stepSignature],
  ['consistency', W.stepConsistency],
];

export interface ProofPanel {
  /** What is verified at once; null where only a downloaded one can be. */
  bundle: object | null;
  steps: readonly ProofStep[];
  /** Said when all steps are right. */
  right: Bilingual;
  /** Address that answers with consistency proofs. */
  consistency: string;
  /** In place of the steps where no script runs. */
  withoutScript: Bilingual;
  /** Whether a downloaded bundle can be brought. */
  brings: boolean;
}

/** The steps of a proof, each with what the reader's own browser makes of it (web/console/ledger.ts). */
export function proofPanel(lang: Language, panel: ProofPanel): Html {
  const { bundle, steps, right, consistency, withoutScript, brings } = panel;
  const body = html`<p><span class="badge none" data-said="yes" role="status">${W.verifyWaiting[lang]}</span></p>
<ol class="timeline">${steps.map(
    ([name, text]) =>
      html`<li class="none" data-step="${name}"><div><strong>${text[lang]}</strong><div class="small"><code data-detail="yes"></code></div></div></li>`,
  )}</ol>
${brings && html`<div class="field no-print"><label for="file">${W.bundleFile[lang]}</label><input id="file" type="file" accept="application/json,.json"></div>`}
<noscript><p class="small">${withoutScript[lang]}</p></noscript>
${bundle !== null && html`<div id="bundle" hidden>${JSON.stringify(bundle)}</div>`}`;
  return html`<section class="card" data-verify="yes" data-consistency="${consistency}" data-right="${right[lang]}" data-wrong="${W.verifyWrong[lang]}" data-yes="${W.stepRight[lang]}" data-no="${W.stepWrong[lang]}" data-first="${W.stepFirst[lang]}"><header><h2>${W.verifyHere[lang]}</h2></header>${body}</section>`;
}
