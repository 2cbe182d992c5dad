import { FIGURE_WORDS, fill, keyWords, type Language, valueWords } from '../messages/index.ts';
import type { ReportTable } from '../reporting/index.ts';
import { type Html, html, type Local } from './html.ts';
import { levelMatrix, shadeOf } from './level-matrix.ts';

/**
 * The matrix of levels as a table in the colours of its picture, each cell in reach of the keyboard.
 * @param hrefOf where a cell leads: the list of what it counts; cells are focusable without where it is null
 */
export function heatTable(
  table: ReportTable,
  caption: string,
  lang: Language,
  hrefOf: ((from: string, to: string) => Local) | null = null,
): Html {
  const { levels, cells, most } = levelMatrix(table);
  const head = levels.map((one) => html`<th scope="col">${keyWords(one, lang)}</th>`);
  const rows = levels.map((from, row) => {
    const line = levels.map((to, column) => {
      const value = cells[row]?.[column] ?? 0;
      const shade = `heat heat-${shadeOf(value, most?.value ?? 0)}`;
      const pair = fill(FIGURE_WORDS.pair[lang], { from: keyWords(from, lang), to: keyWords(to, lang) });
      const text = html`<span class="unseen">${pair}: </span>${valueWords(value, table.unit, lang)}`;
      return hrefOf === null
        ? html`<td class="${shade}" tabindex="0">${text}</td>`
        : html`<td class="${shade}"><a href="${hrefOf(from, to)}">${text}</a></td>`;
    });
    return html`<tr><th scope="row">${keyWords(from, lang)}</th>${line}</tr>`;
  });
  return html`<div class="table"><table class="heats"><caption><span class="unseen">${caption}</span></caption><thead><tr><td class="quiet small">${FIGURE_WORDS.axes[lang]}</td>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
