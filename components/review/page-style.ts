/** The page's style. Every pair of colours has a contrast of at least 4.5, in the light scheme and in the dark one. */
export const style = `
:root {
  --paper: #ffffff; --ink: #1a1f26; --soft: #525c69; --line: #cdd4dc; --card: #f5f7f9; --link: #0b57b0; --focus: #0b57b0;
  --goes: #a3221a; --goes-paper: #fdecea; --holds: #79500a; --holds-paper: #fdf3dc; --stays: #1f6a35; --stays-paper: #e7f5eb; --hit: #fff1a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161b; --ink: #e6eaef; --soft: #a9b4c0; --line: #3a444f; --card: #1b2129; --link: #86b9ff; --focus: #86b9ff;
    --goes: #ffa198; --goes-paper: #3d1714; --holds: #f2c661; --holds-paper: #382a0b; --stays: #86d89c; --stays-paper: #12301c; --hit: #57490a;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1rem 0 .25rem; color: var(--soft); }
p { margin: .25rem 0; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: .5rem; overflow-x: auto; }
header { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
input { width: min(28rem, 100%); padding: .35rem .5rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 4px; }
section { margin: 1rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
.soft { color: var(--soft); }
.alert { margin: .5rem 0; padding: .4rem .75rem; border-left: 4px solid var(--holds); background: var(--holds-paper); color: var(--holds); overflow-wrap: anywhere; }
.alert.bad { border-color: var(--goes); background: var(--goes-paper); color: var(--goes); font-weight: 600; }
ul { list-style: none; margin: 0; padding: 0; }
ul ul { margin-left: .75rem; padding-left: .75rem; border-left: 1px solid var(--line); }
summary { cursor: pointer; color: var(--link); }
button { font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; padding: .1rem .35rem; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
button:hover { background: var(--card); }
button.fold { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
.badge { display: inline-block; min-width: 5.5rem; padding: 0 .4rem; border-radius: 3px; font-size: 12px; text-align: center; }
.goes { color: var(--goes); background: var(--goes-paper); }
.holds { color: var(--holds); background: var(--holds-paper); }
.stays { color: var(--stays); background: var(--stays-paper); }
.broken { color: var(--goes); font-weight: 700; }
.hit { background: var(--hit); }
.why { margin: .15rem 0 .5rem 6.25rem; padding: .4rem .75rem; background: var(--card); border-left: 3px solid var(--link); overflow-wrap: anywhere; }
`;
