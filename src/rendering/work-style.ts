/** What only the pages of clerical work have: stamps, what people said, the signing window, the registers on screen and paper. */
export const WORK_STYLE = `
.stamp { display: inline-block; border: 2px solid var(--bad); color: var(--bad); font-weight: 600; font-size: .75rem; letter-spacing: .02em; line-height: 1.2; padding: .1rem .4rem; border-radius: .15rem; white-space: nowrap; }
.overdue { color: var(--bad); font-weight: 600; }
.said { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .75rem; margin: .25rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
.pair { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); align-items: end; }
.form.wide-form { max-width: 46rem; }
.acts > * + * { border-top: 1px solid var(--line); padding-top: 1.25rem; }
.acts .form { max-width: none; }
.page-head .form { display: block; }
.short { width: 8rem; }
edoc-signer.signer { height: max(38rem, calc(100vh - 13rem)); border: 1px solid var(--line); border-radius: .75rem; overflow: clip; }
.book-head { text-align: center; }
.book-head .agency-name { text-transform: uppercase; font-weight: 500; }
.book-head .book-title { text-transform: uppercase; font-weight: 600; font-size: 1.25rem; }
.book th { white-space: normal; vertical-align: middle; }
.book th, .book td { min-width: 6rem; overflow-wrap: break-word; }
.book th:nth-child(3), .book td:nth-child(3), .book th:nth-child(6), .book td:nth-child(6) { min-width: 9rem; }
.book .ordinals td { color: var(--quiet); font-size: .75rem; padding-block: .15rem; text-align: center; }
.plain-link { color: inherit; text-decoration-color: var(--line); }
@media (max-width: 74.99rem) { .split:has(> .next) > .next { order: -1; } }
@media print {
  @page register { size: A4 landscape; margin: 15mm 12mm; }
  .book-head, .card:has(.book) { page: register; border: 0; border-radius: 0; overflow: visible; break-inside: auto; }
  .frame:has(.book) ~ .foot { display: none; }
  main:has(.book-head) .page-head { display: none; }
  .book, .book th, .book td { border: 1px solid #000 !important; color: #000 !important; background: none !important; min-width: 0 !important; }
  .book { font: 10pt/1.3 "Times New Roman", "Tinos", serif; }
  .book thead { display: table-header-group; }
  .book tr { break-inside: avoid; }
  .book th, .book td { padding: 2pt 4pt; }
  .plain-link { text-decoration: none; }
  .book-head { color: #000; font-family: "Times New Roman", "Tinos", serif; margin-bottom: 8pt; }
}
`;
