import type { PushAttempt } from '../delivery/index.ts';
import { type Language, ATTEMPT_WORDS as W } from '../messages/index.ts';
import { bounded, durationText, type Html, html, sizeText } from '../rendering/index.ts';
import { failureText } from './line-state.ts';

/** One attempt as a step of the timeline, with what was asked and answered where the viewer may see it. */
export function attemptStep(
  attempt: PushAttempt,
  { to, lang, at }: { to: string | null; lang: Language; at(iso: string): Html },
): Html {
  const { outcome, reason, durationMs } = attempt;
  const mood = outcome === 'failed' ? 'bad' : 'good';
  const took = durationMs < 1_000 ? `${durationMs} ms` : durationText(durationMs, lang);
  return html`<li class="${mood}" id="a-${attempt.attemptId}"><div><div class="head"><strong>${W[outcome][lang]}</strong><span class="quiet small">${at(attempt.at)}</span></div>
<div class="small">${to !== null && html`${bounded(to, 200)} · `}${reason !== null && html`${failureText(reason, lang)} · `}${W.took[lang]} ${took}</div>
${exchange(attempt, lang)}</div></li>`;
}

function exchange({ request, answer }: PushAttempt, lang: Language): Html {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const asked = [`${request.method} ${request.url}`, ...headers, `(${sizeText(request.bytes, lang)})`];
  const status = answer && [`HTTP ${answer.status}`, answer.contentType, `(${sizeText(answer.bytes, lang)})`];
  const said = status?.filter((one) => one !== '').join(' ') ?? W.noAnswer[lang];
  const head = answer?.head ?? '';
  return html`<details class="more small"><summary>${W.details[lang]}</summary>
<p><strong>${W.request[lang]}</strong></p><pre>${lines(asked)}</pre>
<p><strong>${W.answer[lang]}</strong></p><pre>${lines(head === '' ? [said] : [said, head])}</pre>
<p class="quiet">${head === '' && (answer?.bytes ?? 0) > 0 ? W.contentNotKept[lang] : W.masked[lang]}</p></details>`;
}

const lines = (all: readonly string[]): Html[] => all.map((one) => html`${bounded(one, 500)}\n`);
