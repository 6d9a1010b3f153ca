"""How the page looks: one column, tabular figures, colours that are told apart without seeing them, and print."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566071;--rule:#d9dee6;--ground:#eef1f5;--page:#fff;--link:#0b5fa5;
--known:#0072b2;--seen:#d55e00;--goal:#1c2430;--gain:#009e73;--loss:#d55e00;--whole:#5b6675;--mark:#fff3c4}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#a4adba;--rule:#3a4350;--ground:#262d37;--page:#171b21;
--link:#7cc0f5;--known:#56b4e9;--seen:#f0913a;--goal:#e6e9ee;--gain:#3fc79a;--loss:#f0913a;--whole:#8d98a8;--mark:#4d430f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:60rem;color:var(--ink);background:var(--page);
font:1rem/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.15rem;font-weight:600;color:var(--soft);margin:0}
h2{font-size:1.35rem;line-height:1.25;margin:3.2rem 0 .5rem;padding-top:.9rem;border-top:2px solid var(--ink)}
h3{font-size:1.02rem;margin:1.6rem 0 .4rem}
p{margin:.4rem 0 .8rem;max-width:46rem}
a{color:var(--link);text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
:target{background:var(--mark);outline:2px solid var(--mark)}
code{font:.86em/1.4 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.answer{font-size:1.7rem;line-height:1.28;font-weight:650;letter-spacing:-.01em;margin:.35rem 0 .6rem;max-width:none}
.times{color:var(--soft);font-size:.9rem;margin:0 0 1.4rem;max-width:none}
.soft{color:var(--soft);font-size:.9rem}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;margin:0 0 1.4rem;padding:0}
.figures>div{padding:.65rem .8rem;box-shadow:0 0 0 1px var(--rule)}
.figures dt{color:var(--soft);font-size:.86rem}
.figures dd{margin:0;font-variant-numeric:tabular-nums;font-size:.86rem;color:var(--soft)}
.figures dd.large{font-size:1.3rem;line-height:1.35;font-weight:600;color:var(--ink);white-space:nowrap}
nav ol{columns:3 13rem;column-gap:2.2rem;margin:0;padding-left:1.3rem;font-size:.95rem}
.wide{overflow-x:auto;margin:.7rem 0 1.1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{padding:.32rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
thead th{word-break:keep-all;vertical-align:bottom;color:var(--soft);font-weight:600;font-size:.84rem;border-bottom:1.5px solid var(--ink)}
.n{text-align:right;white-space:nowrap}
.nowrap{white-space:nowrap}
thead .n{white-space:normal}
tr.whole>*{font-weight:600}
tr.top>*{border-top:1.5px solid var(--soft)}
td.d1{padding-left:1.1rem}td.d2{padding-left:2.2rem}td.d3{padding-left:3.3rem}td.d4{padding-left:4.4rem}
figure{margin:1rem 0 1.2rem}
figcaption{font-weight:600;font-size:.9rem;margin:0 0 .4rem}
.chart{display:block;width:100%;height:auto;overflow:visible;font-family:inherit;font-size:13px}
.chart text{fill:var(--ink);font-variant-numeric:tabular-nums}
.chart a text{fill:var(--link)}
.chart .small{font-size:11.5px}
.chart .name{font-weight:600}
.chart .value{font-weight:600}
.grid{stroke:var(--rule)}.zero{stroke:var(--soft)}
.leader{stroke:var(--soft);stroke-width:.7}
.known,.hindsight,.pace{fill:none;stroke-linejoin:round}
.known{stroke:var(--known);stroke-width:2.6}
.hindsight{stroke:var(--seen);stroke-width:2;stroke-dasharray:6 3}
.pace{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:1.5 3}
.target,.goal{stroke:var(--goal);stroke-width:1.3}
.between{fill:var(--seen);opacity:.16}
.chart .known-name{fill:var(--known)}.chart .hindsight-name{fill:var(--seen)}.chart .pace-name{fill:var(--soft);font-weight:400}
.dot{fill:var(--page);stroke:var(--seen);stroke-width:1.3}.chart .dot-name{font-size:10px}
.ground{fill:var(--ground)}.known-bar{fill:var(--known)}.nothing{fill:none}.beyond{fill:var(--page)}
.bar.whole{fill:var(--whole)}.bar.gain{fill:var(--gain)}.bar.loss{fill:var(--loss)}.bar.won{fill:var(--known)}
.bar.moved{fill:var(--page);stroke:var(--soft)}
.lists{margin:0;font-size:.88rem;line-height:1.6}
.lists>div{padding:.3rem 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
.lists dt{font-weight:600}.lists dd{margin:0;font-variant-numeric:tabular-nums}
.lists span{white-space:nowrap}
.events td{overflow-wrap:anywhere}
footer{margin-top:3rem;color:var(--soft);font-size:.86rem}
@media (max-width:40rem){
.figures{grid-template-columns:repeat(2,1fr)}body{padding:1.2rem .9rem 3rem}
td{word-break:keep-all}.answer{font-size:1.35rem}
.chart{min-width:34rem}figure{overflow-x:auto}}
@media print{
@page{size:A4;margin:16mm 14mm 18mm}
:root{color-scheme:light;--ink:#000;--soft:#444;--rule:#bbb;--ground:#e8e8e8;--page:#fff;--link:#000;--known:#005f94;
--seen:#c05000;--goal:#000;--gain:#008060;--loss:#c05000;--whole:#555;--mark:#fff}
body{max-width:none;padding:0;font-size:9.5pt}
h2{break-after:avoid;margin-top:1.4rem}h3,caption{break-after:avoid}
#numbers,#events{break-before:page}
figure,.figures,tr,.lists>div{break-inside:avoid}
thead{display:table-header-group}
.wide{overflow:visible}table,thead th{font-size:8pt}th,td{padding:.2rem .4rem}
.answer{font-size:16pt}
nav{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
"""
