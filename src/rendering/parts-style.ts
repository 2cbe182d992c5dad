import { SHADES, WHITE_FROM } from './level-matrix.ts';

const HEATS = SHADES.map(
  (shade, i) =>
    `.heat-${i}, .heat-${i} a { background: ${shade}; color: ${i >= WHITE_FROM ? '#ffffff' : '#1b1f24'}; }`,
).join('\n');

/** What stands on the axis's own pages: cards, figures, tables, filters, forms, notices, badges, timelines, pagers. */
export const PARTS_STYLE = `
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; box-shadow: var(--shade); padding: 1rem 1.15rem; display: grid; gap: .75rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
.card > header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
.card.flush { padding: 0; gap: 0; overflow: clip; }
.card.flush > .inset { padding: .6rem 1.15rem; }
.card.flush > header { padding: .8rem 1.15rem; border-bottom: 1px solid var(--line); }
.grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
.grid.halves { grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); }
.split { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 75rem) { .split { grid-template-columns: minmax(0, 1fr) 23rem; } }
.stack { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); align-content: start; }
.row { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; }

.figures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); }
.charts { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr)); align-items: start; }
.chart-box { overflow-x: auto; border-radius: .5rem; }
.chart { display: block; width: 100%; min-width: 34rem; height: auto; border-radius: .5rem; }
.numbers { border-collapse: collapse; } .numbers th, .numbers td { padding: .3rem .6rem; font-variant-numeric: tabular-nums; }
.numbers td a { display: inline-block; min-width: 1.75rem; min-height: 1.75rem; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .85rem 1.1rem; color: inherit; text-decoration: none; display: grid; gap: .1rem; box-shadow: var(--shade); }
a.figure:hover { border-color: var(--accent); }
.figure b, .figure span, .chip { min-width: 0; }
.figure b { font-size: 1.75rem; line-height: 1.25; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figure span { color: var(--quiet); font-size: .8125rem; }
.figure.bad b { color: var(--bad); } .figure.open b { color: var(--open); } .figure.good b { color: var(--good); }

.badge { display: inline-flex; align-items: center; gap: .4rem; border-radius: 1rem; padding: .05rem .6rem .05rem .5rem; font-weight: 500; font-size: .8125rem; line-height: 1.5rem; max-width: 100%; min-width: 0; color: var(--none); background: var(--none-ground); }
.badge::before { content: ""; width: .45rem; height: .45rem; border-radius: 50%; background: currentColor; flex: none; }
.badge.good { color: var(--good); background: var(--good-ground); } .badge.open { color: var(--open); background: var(--open-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); } .badge.busy { color: var(--accent); background: var(--accent-ground); }
.badge.good::before { border-radius: 0; width: .3rem; height: .55rem; background: none; border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(42deg) translate(-1px, -1px); }
.badge.bad::before { content: "!"; background: none; width: auto; height: auto; font-weight: 700; }

.notice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .7rem; border: 1px solid var(--line); border-left: .25rem solid var(--none); border-radius: .5rem; background: var(--card); padding: .75rem 1rem; }
.notice > svg { margin-top: .2rem; }
.notice strong { font-weight: 600; }
.notice.good { border-left-color: var(--good); } .notice.good > svg { color: var(--good); }
.notice.open { border-left-color: var(--open); } .notice.open > svg { color: var(--open); }
.notice.bad { border-left-color: var(--bad); } .notice.bad > svg { color: var(--bad); }
.drop.over { border-color: var(--accent); background: var(--accent-ground); }
.empty { text-align: center; padding: 3rem 1rem; color: var(--quiet); display: grid; gap: .35rem; justify-items: center; }
.empty strong { color: var(--ink); font-weight: 600; }
.empty svg { width: 2rem; height: 2rem; opacity: .7; }

.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .8rem 1.15rem; font-weight: 600; font-size: 1.0625rem; }
caption:has(.unseen) { padding: 0; }
th, td { padding: .6rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 1.15rem; } th:last-child, td:last-child { padding-right: 1.15rem; }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; font-size: .8125rem; white-space: nowrap; background: var(--card); }
caption + thead th { border-top: 1px solid var(--line); }
thead a { color: inherit; text-decoration: none; display: inline-flex; gap: .3rem; align-items: center; min-height: 1.5rem; }
thead th[aria-sort="ascending"] a::after { content: "↑"; } thead th[aria-sort="descending"] a::after { content: "↓"; }
tbody tr:hover { background: color-mix(in srgb, var(--accent-ground) 45%, transparent); }
tbody tr:focus-within { background: var(--accent-ground); }
td.right, th.right { text-align: right; }
td .under { display: block; color: var(--quiet); font-size: .8125rem; }
td .clip { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
td .title { color: var(--ink); font-weight: 500; text-decoration: none; }
td .title:hover { text-decoration: underline; color: var(--accent); }
@media (max-width: 48rem) {
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards td, .cards th { display: block; }
  .cards tr { padding: .75rem 1rem; border-top: 1px solid var(--line); }
  .cards tbody tr:first-child { border-top: 0; }
  .cards td, .cards tbody th { border: 0; padding: .1rem 0 !important; text-align: left !important; }
  .cards td[data-label]:not(:empty) { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .5rem; }
  .cards td[data-label]::before { content: attr(data-label); color: var(--quiet); font-size: .8125rem; padding-top: .05rem; }
}

.facts { display: grid; gap: 0; }
.facts > div { display: grid; grid-template-columns: minmax(7rem, .38fr) minmax(0, 1fr); gap: .1rem 1rem; padding: .45rem 0; border-top: 1px solid var(--line); }
.facts > div:first-child { border-top: 0; }
.facts dt { color: var(--quiet); font-size: .8125rem; padding-top: .1rem; }
.facts dd { min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) { .facts > div { grid-template-columns: minmax(0, 1fr); } }

.search { display: flex; gap: .5rem; }
.search .box { position: relative; flex: 1; min-width: 0; }
.search .box svg { position: absolute; left: .8rem; top: .8rem; color: var(--quiet); pointer-events: none; }
.search input { width: 100%; padding-left: 2.5rem; min-height: 2.75rem; font-size: 1rem; }
.search .button { min-height: 2.75rem; }
.filters { display: grid; gap: .75rem; }
.filters .fields { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)); align-items: end; }
.filters summary { cursor: pointer; font-weight: 500; color: var(--accent); min-height: 1.75rem; width: fit-content; padding: .1rem .25rem; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.chip { display: inline-flex; gap: .45rem; align-items: center; min-height: 1.75rem; padding: 0 .65rem; border-radius: 1rem; border: 1px solid var(--line); background: var(--card); font-size: .8125rem; color: var(--ink); text-decoration: none; }
a.chip:hover { border-color: var(--accent); color: var(--accent); }
.chip[aria-current="true"], .chip.set { background: var(--accent-ground); border-color: transparent; color: var(--accent); font-weight: 500; }
.chip b { font-weight: 600; font-variant-numeric: tabular-nums; }

.form { display: grid; gap: 1rem; max-width: 34rem; }
.field { display: grid; gap: .3rem; min-width: 0; }
label, .field legend { font-weight: 500; font-size: .8125rem; }
.field .hint { color: var(--quiet); font-size: .8125rem; }
.field .fault { color: var(--bad); font-size: .8125rem; font-weight: 500; }
input, select, textarea { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; padding: .4rem .65rem; min-height: 2.5rem; min-width: 0; width: 100%; }
input[type="checkbox"], input[type="radio"] { width: 1.15rem; min-height: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent); flex: none; }
textarea { min-height: 6rem; resize: vertical; }
.field.wrong input, .field.wrong textarea, .field.wrong select { border-color: var(--bad); border-width: 2px; }
.choice { display: flex; gap: .6rem; align-items: center; min-height: 1.75rem; font-weight: 400; font-size: .9375rem; }
fieldset { border: 0; min-width: 0; display: grid; gap: .35rem; }
.button { font: inherit; font-weight: 500; cursor: pointer; display: inline-flex; gap: .5rem; align-items: center; justify-content: center; min-height: 2.5rem; padding: .25rem 1rem; border-radius: .5rem; border: 1px solid var(--edge); background: var(--card); color: var(--ink); text-decoration: none; width: auto; }
.button:hover { background: var(--sunk); }
.button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.main:hover { background: color-mix(in srgb, var(--accent) 88%, black); }
.button.danger { border-color: var(--bad); color: var(--bad); }
.button.plain { border-color: transparent; background: none; color: var(--accent); padding: .25rem .5rem; }
.button.slim { min-height: 2rem; padding: .1rem .7rem; font-size: .8125rem; }
.wrong-summary { border: 2px solid var(--bad); border-radius: .5rem; padding: .9rem 1.1rem; background: var(--card); }
.wrong-summary ul { padding-left: 1.1rem; }

ol.plain { padding-left: 2rem; }
ul.plain { list-style: none; display: grid; gap: .35rem; }
.heats th[scope="row"] { text-align: right; font-weight: 500; vertical-align: middle; }
.heats th, .heats td { text-align: center; }
.heats .heat { border: 2px solid var(--card); font-weight: 600; min-width: 4.5rem; padding: .9rem .5rem; }
.heats .heat a { display: block; margin: -.9rem -.5rem; padding: .9rem .5rem; text-decoration: none; }
${HEATS}
ul.dots { padding-left: 1.25rem; display: grid; gap: .25rem; }
.recipient + .recipient { border-top: 1px solid var(--line); padding-top: 1rem; }
.recipient { display: grid; gap: .35rem; }
.recipient:target { outline: 3px solid var(--focus); outline-offset: .5rem; border-radius: .5rem; }
.facets { padding: .7rem 1.15rem; }
.timeline { list-style: none; display: grid; }
.timeline > li { display: grid; grid-template-columns: 1.25rem minmax(0, 1fr); gap: 0 .75rem; padding-bottom: 1.1rem; position: relative; }
.timeline > li::before { content: ""; width: .7rem; height: .7rem; margin: .45rem 0 0 .2rem; border-radius: 50%; background: var(--card); border: 2.5px solid var(--none); z-index: 1; }
.timeline > li:not(:last-child)::after { content: ""; position: absolute; left: .5rem; top: .9rem; bottom: -.4rem; width: 2px; background: var(--line); }
.timeline > li.good::before { border-color: var(--good); background: var(--good); } .timeline > li.bad::before { border-color: var(--bad); background: var(--bad); }
.timeline > li.open::before { border-color: var(--open); } .timeline > li.busy::before { border-color: var(--accent); }
.timeline .head { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; }
.timeline .head strong { font-weight: 600; }
.pager { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; justify-content: space-between; padding: .75rem 1.15rem; border-top: 1px solid var(--line); }
.pager .row { gap: .5rem; }
details.more > summary { cursor: pointer; color: var(--accent); font-weight: 500; min-height: 1.75rem; width: fit-content; padding: .1rem 0; }
pre { margin: 0; padding: .75rem .9rem; background: var(--sunk); border-radius: .5rem; overflow: auto; font: .8125rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
progress { width: 100%; height: .6rem; accent-color: var(--accent); }
[hidden] { display: none !important; }
`;
