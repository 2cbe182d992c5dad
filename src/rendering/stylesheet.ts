/**
 * The one style sheet of the pages: light and dark, from 320 px, and for print. No pictures, no fonts to fetch. Every
 * colour of text has a contrast of at least 4.5:1 on its ground (WCAG 2.2, 1.4.3), in both schemes.
 */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --quiet: #4b5563; --line: #c9ced6;
  --good: #14602e; --good-ground: #e5f4ea; --open: #7a4a00; --open-ground: #fdf1d8;
  --bad: #a11212; --bad-ground: #fdeaea; --none: #374151; --none-ground: #eceef1; --focus: #0b57d0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1d2127; --ink: #eceff3; --quiet: #b4bcc8; --line: #3d454f;
    --good: #8fdca8; --good-ground: #12301e; --open: #f5c66d; --open-ground: #35290f;
    --bad: #ff9d9d; --bad-ground: #3b1717; --none: #c9d0da; --none-ground: #272c33; --focus: #8ab4f8;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.6 "Be Vietnam Pro", "Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, footer { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: .5rem 0; }
h2 { font-size: 1.25rem; line-height: 1.35; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0; }
p { margin: .35rem 0; }
ul { margin: .35rem 0; padding-left: 1.25rem; }
.quiet, footer { color: var(--quiet); font-size: .925rem; }
.box { border: 1px solid var(--line); border-left-width: .4rem; border-radius: .4rem; padding: .85rem 1rem; margin: 1rem 0; }
.box.good { border-left-color: var(--good); background: var(--good-ground); }
.box.open { border-left-color: var(--open); background: var(--open-ground); }
.box.bad { border-left-color: var(--bad); background: var(--bad-ground); }
.box.none { border-left-color: var(--none); background: var(--none-ground); }
.box .quiet { color: var(--ink); }
.verdict { font-size: 1.35rem; line-height: 1.35; font-weight: 700; margin: .1rem 0; }
.good > .verdict { color: var(--good); } .open > .verdict { color: var(--open); }
.bad > .verdict { color: var(--bad); } .none > .verdict { color: var(--none); }
.file { margin: 2rem 0; border-top: 2px solid var(--line); padding-top: 1rem; }
.file-head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
.file-head h2 { margin: 0; }
.role { display: block; font-size: .925rem; font-weight: 600; color: var(--quiet); }
.signature { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .85rem 1rem; margin: 1rem 0; }
.signature-head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
.badge { display: inline-block; border-radius: 1rem; padding: .1rem .7rem; font-weight: 600; font-size: .925rem; border: 1px solid currentColor; }
.badge.good { color: var(--good); background: var(--good-ground); } .badge.open { color: var(--open); background: var(--open-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); } .badge.none { color: var(--none); background: var(--none-ground); }
dl { margin: .5rem 0 0; }
.points > div { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1rem; padding: .55rem 0; border-top: 1px solid var(--line); }
.points > div:first-child { border-top: 0; }
.points dt { font-weight: 600; }
dd { margin: 0; min-width: 0; }
.answer { font-weight: 600; margin: 0; }
.answer.good { color: var(--good); } .answer.open { color: var(--open); } .answer.bad { color: var(--bad); }
.note::before { content: "! "; font-weight: 700; color: var(--open); }
.advice { border: 1px solid var(--open); border-radius: .4rem; background: var(--open-ground); padding: .5rem .75rem; margin: .75rem 0 .25rem; }
.advice strong { color: var(--open); }
details { margin-top: .75rem; }
summary { cursor: pointer; min-height: 1.75rem; padding: .15rem 0; color: var(--quiet); font-weight: 600; }
summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .2rem; }
.technical > div { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1rem; padding: .2rem 0; font-size: .9rem; }
.technical dt { color: var(--quiet); }
.technical dd.plain { font-family: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .85rem; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; }
@media (max-width: 40rem) {
  main, footer { padding: .75rem; }
  h1 { font-size: 1.35rem; }
  .points > div, .technical > div { grid-template-columns: 1fr; }
}
@media (forced-colors: active) { .box, .badge, .signature { border: 1px solid CanvasText; } }
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --card: #ffffff; --ink: #000000; --quiet: #333333; --line: #999999;
    --good: #14602e; --good-ground: #ffffff; --open: #7a4a00; --open-ground: #ffffff;
    --bad: #a11212; --bad-ground: #ffffff; --none: #374151; --none-ground: #ffffff;
  }
  @page { size: A4; margin: 18mm 16mm; }
  body { font-size: 10.5pt; line-height: 1.45; }
  main, footer { max-width: none; padding: 0; }
  .signature-head, .file-head, .box, .points > div, .advice { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; }
}
`;
