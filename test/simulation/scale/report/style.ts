/** How the report looks, by day and by night. */
export const STYLE = `
:root { color-scheme: light dark; --paper:#fbfbf9; --card:#fff; --ink:#1d2327; --quiet:#66717a; --rule:#e3e5e3; --s0:#1f6f8b; --s1:#c9792b; --s2:#8a8f98; --good:#2d7d46; --bad:#b3261e; --silent:#d9867d; }
@media (prefers-color-scheme: dark) { :root { --paper:#14181b; --card:#1b2125; --ink:#e4e8ea; --quiet:#94a0a8; --rule:#2c343a; --s0:#5cc0de; --s1:#e8a15c; --s2:#868e98; --good:#6cc48a; --bad:#f08b82; --silent:#8a4b46; } }
* { box-sizing:border-box }
body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif; font-variant-numeric:tabular-nums; }
main { max-width:1040px; margin:0 auto; padding:40px 20px 64px }
h1 { font-size:30px; line-height:1.2; margin:0 0 4px; letter-spacing:-.01em } h2 { font-size:18px; margin:40px 0 12px }
.about { color:var(--quiet); max-width:70ch; margin:0 0 20px }
.plan { display:flex; flex-wrap:wrap; gap:8px; margin:0 0 28px; padding:0; list-style:none } .plan li { border:1px solid var(--rule); border-radius:99px; padding:2px 12px; background:var(--card) } .plan b { font-weight:600 }
.good { color:var(--good) } .bad { color:var(--bad) }
.tiles { display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:12px; margin-bottom:28px }
.tile { background:var(--card); border:1px solid var(--rule); border-radius:10px; padding:12px 16px } .tile b { display:block; font-size:21px; white-space:nowrap; font-weight:600; letter-spacing:-.01em } .tile span { color:var(--quiet); font-size:13px }
figure { margin:0 0 16px; background:var(--card); border:1px solid var(--rule); border-radius:10px; padding:14px 16px 8px }
figcaption { display:flex; flex-wrap:wrap; gap:4px 12px; align-items:baseline; font-size:14px } figcaption span { color:var(--quiet); font-size:13px } output { margin-left:auto; font-size:13px }
svg { display:block; width:100%; height:auto } canvas { display:block; width:100%; image-rendering:pixelated; margin:8px 0 6px; border-radius:4px }
svg text { fill:var(--quiet); font-size:11.5px } .left { text-anchor:end } .below { text-anchor:middle }
.grid { stroke:var(--rule) } .cursor { stroke:var(--quiet); stroke-dasharray:3 3 }
.line { fill:none; stroke-width:1.8; stroke-linejoin:round } .line.s0 { stroke:var(--s0) } .line.s1 { stroke:var(--s1) } .line.s2 { stroke:var(--s2) }
.area.s0 { fill:var(--s0); opacity:.12 } .bars.s0 { fill:var(--s0) } .bars.s1 { fill:var(--s1) } .bars.s2 { fill:var(--s2) }
.key::before { content:""; display:inline-block; width:14px; height:3px; border-radius:2px; margin-right:6px; vertical-align:middle; background:var(--s0) } .key.s1::before { background:var(--s1) } .key.s2::before { background:var(--s2) }
.tables { display:grid; grid-template-columns:repeat(auto-fit,minmax(420px,1fr)); gap:16px; align-items:start } @media (max-width:520px) { .tables { grid-template-columns:1fr } }
table { width:100%; border-collapse:collapse; background:var(--card); border:1px solid var(--rule); border-radius:10px; overflow:hidden; font-size:14px } caption { text-align:left; font-weight:600; padding:0 0 6px }
td,th { padding:5px 14px; border-top:1px solid var(--rule); text-align:right; font-weight:400 } th:first-child,td:first-child { text-align:left } thead th { color:var(--quiet); border-top:0; font-size:13px } td.best { font-weight:650; color:var(--s0) }
footer { color:var(--quiet); font-size:13px; margin-top:36px; overflow-wrap:anywhere } code { font:12.5px ui-monospace,monospace }
ul.breaches { color:var(--bad) }
`;
