/**
 * Frame of the axis's own pages: colours of both schemes, type, header, navigation, page head, print. Every colour of text
 * has a contrast of at least 4.5:1 on its ground (WCAG 2.2, 1.4.3), every target is 24 px high or more (2.5.8).
 */
export const SHELL_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #0f1419); --card: light-dark(#ffffff, #171d24); --sunk: light-dark(#f0f2f5, #1f262e);
  --ink: light-dark(#18222d, #e8edf2); --quiet: light-dark(#525e6b, #a6b2be);
  --line: light-dark(#e0e4e9, #29323c); --edge: light-dark(#838d99, #6f7c8a);
  --accent: light-dark(#0b5a8a, #7fc3f2); --on-accent: light-dark(#ffffff, #07243a); --accent-ground: light-dark(#e6f1f8, #14304a);
  --brand: light-dark(#b5121b, #e5484d);
  --good: light-dark(#14602e, #86d9a5); --good-ground: light-dark(#e4f4ea, #12301f);
  --open: light-dark(#7a4a00, #f2c46b); --open-ground: light-dark(#fdf1d8, #34280f);
  --bad: light-dark(#a11212, #ff9f98); --bad-ground: light-dark(#fdeaea, #3d1816);
  --none: light-dark(#414b57, #bcc6d0); --none-ground: light-dark(#eceef1, #262e37);
  --focus: light-dark(#0b57d0, #8ab4f8);
  --shade: light-dark(0 1px 2px rgb(20 30 40 / .06), 0 1px 2px rgb(0 0 0 / .4));
  --mono: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-scheme="light"] { color-scheme: light; }
:root[data-scheme="dark"] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 4.5rem; }
body {
  margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto auto 1fr auto; grid-template-columns: minmax(0, 1fr);
  background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: .9375rem/1.6 "Be Vietnam Pro", "Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset, legend { margin: 0; padding: 0; }
h1 { font-size: 1.625rem; line-height: 1.3; font-weight: 600; letter-spacing: -.012em; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.45; font-weight: 600; }
h3 { font-size: .9375rem; line-height: 1.5; font-weight: 600; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .25rem; }
main:focus { outline: 0; }
code, .mono { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
time, .number { font-variant-numeric: tabular-nums; }
svg.icon { width: 1.125rem; height: 1.125rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.quiet { color: var(--quiet); }
.small { font-size: .8125rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: .75rem; top: -4rem; z-index: 9; padding: .5rem .9rem; background: var(--accent); color: var(--on-accent); border-radius: .375rem; }
.skip:focus { top: .5rem; }

.top { grid-row: 1; position: sticky; top: 0; z-index: 5; display: flex; align-items: center; gap: .75rem; min-height: 3.5rem; padding: 0 1.25rem; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: .65rem; min-width: 0; color: var(--ink); text-decoration: none; font-weight: 600; letter-spacing: -.005em; min-height: 2.5rem; }
.brand svg { width: 1.75rem; height: 1.75rem; flex: none; }
.mark-ground { fill: var(--brand); } .mark-line { fill: none; stroke: #fff; stroke-width: 2.2; stroke-linecap: round; } .mark-dot { fill: #ffd54a; }
.brand .area { color: var(--quiet); font-weight: 400; padding-left: .7rem; border-left: 1px solid var(--line); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.top .space { flex: 1; }
.langs { display: flex; border: 1px solid var(--line); border-radius: .5rem; padding: 2px; font-size: .8125rem; }
.langs a { min-width: 2rem; min-height: 1.625rem; display: grid; place-items: center; border-radius: .375rem; color: var(--quiet); text-decoration: none; font-weight: 500; }
.langs a[aria-current="true"] { background: var(--sunk); color: var(--ink); }
.person { position: relative; }
.person > summary { list-style: none; cursor: pointer; display: flex; align-items: center; gap: .5rem; min-height: 2.5rem; border-radius: .5rem; padding: 0 .35rem; font-weight: 500; }
.person > summary::-webkit-details-marker { display: none; }
.initials { width: 2rem; height: 2rem; display: grid; place-items: center; border-radius: 50%; background: var(--accent-ground); color: var(--accent); font-size: .75rem; font-weight: 600; }
.person .sheet { position: absolute; right: 0; top: calc(100% + .35rem); width: 16rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .625rem; box-shadow: 0 12px 32px rgb(0 0 0 / .18); display: grid; gap: .75rem; }

.frame { grid-row: 3; width: 100%; display: grid; grid-template-columns: minmax(0, 1fr); }
.frame.with-side { grid-template-columns: 14.5rem minmax(0, 1fr); }
.side { border-right: 1px solid var(--line); background: var(--card); padding: 1rem .75rem; }
.side ul { list-style: none; display: grid; gap: 2px; position: sticky; top: 4.5rem; }
.side a { display: flex; align-items: center; gap: .7rem; padding: .45rem .7rem; border-radius: .5rem; color: var(--quiet); text-decoration: none; font-weight: 500; }
.side a:hover { background: var(--sunk); color: var(--ink); }
.side a[aria-current="page"], .side a[aria-current="true"] { background: var(--accent-ground); color: var(--accent); }
.side .tally { margin-left: auto; font-size: .75rem; font-weight: 600; padding: 0 .45rem; border-radius: 1rem; background: var(--bad-ground); color: var(--bad); }
main { width: 100%; max-width: 90rem; margin: 0 auto; padding: 1.25rem 1.75rem 3rem; display: grid; gap: 1.25rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
main.narrow { max-width: 34rem; padding-top: 3rem; }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; gap: .15rem .45rem; font-size: .8125rem; color: var(--quiet); }
.crumbs li { display: flex; align-items: center; gap: .45rem; min-height: 1.5rem; }
.crumbs li + li::before { content: "›"; }
.crumbs a { color: var(--quiet); }
.page-head { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: .75rem 1.5rem; }
.page-head > div:first-child { min-width: 0; display: grid; gap: .25rem; }
.page-head .lead { color: var(--quiet); max-width: 46rem; }
.crumbs + .page-head { margin-top: -.75rem; }
.foot { grid-row: 4; border-top: 1px solid var(--line); padding: .9rem 1.75rem; display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: center; justify-content: space-between; font-size: .8125rem; color: var(--quiet); }
.foot nav { display: flex; flex-wrap: wrap; gap: 0 .25rem; align-items: center; }
.foot nav a { padding: .2rem .45rem; color: var(--quiet); border-radius: .375rem; }
.foot nav a[aria-current="true"] { color: var(--ink); font-weight: 600; text-decoration: none; background: var(--sunk); }

@media (max-width: 60rem) {
  .frame.with-side { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .side { border-right: 0; border-bottom: 1px solid var(--line); padding: .4rem .75rem; overflow-x: auto; scrollbar-width: none; }
  .side ul { position: static; display: flex; width: max-content; }
  .side a { padding: .4rem .7rem; white-space: nowrap; }
  .side svg { display: none; }
  .side .tally { margin-left: 0; }
  main { padding: 1rem 1rem 2.5rem; }
  main.narrow { padding-top: 1.5rem; }
  .foot { padding: .9rem 1rem; }
}
@media (max-width: 36rem) {
  h1 { font-size: 1.3125rem; }
  .top { padding: 0 1rem; gap: .5rem; }
  .brand .area { display: none; }
  .person .name { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}
@media (forced-colors: active) { .badge, .card, .notice, .button { border: 1px solid CanvasText; } }
@media print {
  :root { color-scheme: light !important; --ground: #fff; --card: #fff; --sunk: #fff; --quiet: #333; --line: #999; }
  @page { size: A4; margin: 16mm 14mm; }
  body { display: block; font-size: 9.5pt; line-height: 1.45; }
  .top, .side, .skip, .foot nav, .filters, .pager, .no-print, .crumbs { display: none !important; }
  .frame, .frame.with-side, main { display: block; max-width: none; padding: 0; }
  main > * + * { margin-top: 5mm; }
  .card { break-inside: avoid; box-shadow: none; }
  .card.whole { break-inside: auto; }
  h2, h3 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
