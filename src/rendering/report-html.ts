import type { Language } from '../messages/index.ts';
import { type Html, html } from './html.ts';
import { page } from './page.ts';
import { reportView } from './report-build.ts';
import {
  type Fact,
  type FileView,
  type LawView,
  type Point,
  type ReportInput,
  type ReportView,
  type SignatureView,
  type Tone,
  word,
} from './report-view.ts';

/** The verification report as a page for people, UTF-8 text, in one language. It stands alone and needs no script. */
export function reportPage(input: ReportInput, lang: Language): string {
  const view = reportView(input, lang);
  return page({ lang, title: `${view.title}: ${view.verdict}`, body: body(view) });
}

const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', open: '?', bad: '✗', none: '–' };

function body(view: ReportView): Html {
  const { lang } = view;
  return html`<main>
<h1>${view.title}</h1>
<p class="quiet">${view.checked}</p>
${view.documentId !== null && html`<p class="quiet">${word('document', lang)}: ${view.documentId}</p>`}
<section class="box ${view.tone}" aria-labelledby="result">
<h2 id="result">${word('result', lang)}</h2>
<p class="verdict"><span aria-hidden="true">${SIGNS[view.tone]} </span>${view.verdict}</p>
<p>${view.meaning}</p>
</section>
${law(view.law, lang)}
${view.files.map((file, i) => fileSection(file, i + 1, lang))}
${view.more !== null && html`<p>${view.more}</p>`}
</main>
<footer>
<p>${word('footer', lang)}</p>
<p>${view.digest}</p>
</footer>`;
}

function law(view: LawView, lang: Language): Html {
  return html`<section class="box ${view.tone}" aria-labelledby="law">
<h2 id="law">${word('law', lang)}</h2>
<p class="verdict">${view.verdict}</p>
<p>${view.why}</p>
${list(view.reasons)}
${view.declared !== null && html`<p>${word('declared', lang)}: <strong><bdi>${view.declared}</bdi></strong>.</p>`}
${view.notes.map((one) => html`<p class="note">${one}</p>`)}
<p class="quiet">${word('lawSource', lang)}</p>
</section>`;
}

function fileSection(file: FileView, n: number, lang: Language): Html {
  return html`<section class="file" aria-labelledby="file-${n}">
<div class="file-head">
<h2 id="file-${n}">${heading(file)}</h2>
${badge(file)}
</div>
<p>${file.meaning}</p>
${list(file.notes)}
${file.signatures.map((one) => signature(one, lang))}
${technical(file.technical, `${word('technical', lang)}: ${file.name || file.role}`)}
</section>`;
}

function heading({ role, name }: FileView): Html {
  return name === '' ? html`${role}` : html`<span class="role">${role}</span> <bdi>${name}</bdi>`;
}

function badge({ tone, verdict }: { tone: Tone; verdict: string }): Html {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${SIGNS[tone]} </span>${verdict}</span>`;
}

function signature(view: SignatureView, lang: Language): Html {
  return html`<article class="signature">
<div class="signature-head"><h3>${view.title}</h3>${badge(view)}</div>
${view.about !== null && html`<p>${view.about}</p>`}
<dl class="points">
${view.points.map(point)}
</dl>
${view.advice !== null && html`<p class="advice"><strong>${word('advice', lang)}</strong> ${view.advice}</p>`}
${technical(view.technical, `${word('technical', lang)}: ${view.title}`)}
</article>`;
}

function point({ question, tone, answer, more, notes }: Point): Html {
  return html`<div>
<dt>${question}</dt>
<dd><p class="answer ${tone}"><bdi>${answer}</bdi></p>
${more.map((one) => html`<p>${one}</p>`)}
${notes.map((one) => html`<p class="note">${one}</p>`)}</dd>
</div>`;
}

function technical(facts: readonly Fact[], title: string): Html {
  return html`<details>
<summary>${title}</summary>
<dl class="technical">
${facts.map(fact)}
</dl>
</details>`;
}

/** Digests and codes are easier to compare in a fixed width; fonts of that kind often lack Vietnamese letters. */
function fact({ label, value }: Fact): Html {
  const plain = /^[ -~]*$/.test(value);
  return html`<div><dt>${label}</dt><dd class="${plain ? 'plain' : 'words'}"><bdi>${value}</bdi></dd></div>`;
}

function list(lines: readonly string[]): Html | null {
  return lines.length === 0 ? null : html`<ul>${lines.map((one) => html`<li>${one}</li>`)}</ul>`;
}
