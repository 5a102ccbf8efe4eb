import { pictureStyle } from "./picture/draw";
import { paletteStyle } from "./picture/palette";

/** The page's style. */
export const style = `${paletteStyle}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; min-width: 0; }
h3 { font-size: .9rem; margin: 1.25rem 0 .25rem; color: var(--soft); }
p { margin: .25rem 0; overflow-wrap: anywhere; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: .5rem .75rem; overflow-x: auto; }
a { color: var(--link); }
input { width: min(28rem, 100%); padding: .4rem .6rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 4px; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.facts > div { flex: 1 1 9rem; padding: .5rem .75rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; }
dd strong { display: block; font-size: 1.1rem; white-space: nowrap; }
nav, form { margin: 1.25rem 0; }
table { width: 100%; margin: .5rem 0; border-collapse: collapse; font-size: 14px; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
thead th { color: var(--soft); font-size: 13px; }
tbody th { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.links { columns: 3 14rem; padding: .25rem .35rem; }
section { margin: 1rem 0; padding: 0 1rem .75rem; border: 1px solid var(--line); border-radius: 6px; }
.bar { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; gap: .5rem; margin: 0 -1rem; padding: .5rem 1rem; background: var(--paper); border-bottom: 1px solid var(--line); border-radius: 6px; }
.bar h2 { flex: 1; }
.up { font-size: 13px; }
.soft { color: var(--soft); }
.alert { margin: .5rem 0; padding: .4rem .75rem; border-left: 4px solid var(--holds); background: var(--holds-paper); color: var(--holds); overflow-wrap: anywhere; white-space: pre-line; }
.alert.bad { border-color: var(--goes); background: var(--goes-paper); color: var(--goes); font-weight: 600; }
figure { margin: .75rem 0; }
.picture { display: block; max-width: 100%; height: auto; }
.picture.narrow { display: none; }
ul { list-style: none; margin: 0; padding: 0; }
summary { cursor: pointer; color: var(--link); }
button { font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; padding: .1rem .35rem; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
button:hover { background: var(--card); }
button.fold { color: var(--link); }
button.package, button.node { position: relative; padding-left: 1.25rem; }
button.package::before, button.node::before { content: ""; position: absolute; left: .4rem; top: .62em; width: .4em; height: .4em; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
button[aria-expanded="true"]::before { transform: rotate(45deg); top: .5em; }
button.package { font-weight: 600; }
button.node { display: grid; grid-template-columns: 5.5rem minmax(0, 2.5fr) 5.5rem minmax(0, 2fr) minmax(0, 3fr); gap: .5rem; align-items: baseline; width: 100%; padding-top: .2rem; padding-bottom: .2rem; }
.why button.node { grid-template-columns: 5.5rem minmax(0, 2fr) minmax(0, 3fr); }
.trees > li { border-bottom: 1px solid var(--line); }
.age, .has { color: var(--soft); font-size: 13px; }
.says { font-size: 13px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
.badge { display: inline-block; padding: 0 .45rem; border-radius: 3px; font-size: 12px; line-height: 1.6; text-align: center; white-space: nowrap; }
.goes { color: var(--goes); background: var(--goes-paper); }
.waits { color: var(--waits); background: var(--waits-paper); }
.holds { color: var(--holds); background: var(--holds-paper); }
.stays { color: var(--stays); background: var(--stays-paper); }
.broken { color: var(--goes); font-weight: 700; }
.moves { color: var(--holds); background: var(--holds-paper); border-radius: 3px; padding: 0 .3rem; font-size: 12px; }
.hit { background: var(--hit); }
.hit .age, .hit .has { color: var(--ink); }
.searched .context { display: none; }
.why { margin: .1rem 0 .6rem 1.25rem; padding: .4rem .75rem; background: var(--card); border-left: 3px solid var(--link); font-size: 14px; }
.why ul { margin-top: .35rem; }
[hidden] { display: none !important; }
@media (max-width: 640px) {
  body { padding: .75rem; }
  section { padding: 0 .75rem .75rem; }
  .bar { margin: 0 -.75rem; padding: .5rem .75rem; flex-wrap: wrap; gap: 0 .75rem; }
  .bar h2 { flex: 1 0 100%; }
  .facts > div { flex-basis: 8rem; }
  .picture.wide { display: none; }
  .picture.narrow { display: block; }
  thead { display: none; }
  tbody tr { display: flex; flex-wrap: wrap; gap: .1rem .75rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  tbody th, tbody td { padding: 0; border: 0; }
  tbody th { flex: 1 0 100%; }
  td.number::before { content: attr(data-label) " "; color: var(--soft); }
  td.none { display: none; }
  td.plan { flex: 1 0 100%; }
  button.node, .why button.node { grid-template-columns: 5.5rem minmax(0, 1fr); gap: .1rem .5rem; }
  button.node > :nth-child(n+3) { grid-column: 2; }
  .why { margin-left: .25rem; }
}
${pictureStyle}`;
