/** The frame of an HTML page of ours: it stands alone, loads nothing, runs nothing, and is read by day, by night and on a phone. */
import { standalonePolicy } from '../syntax/content-security-policy.ts'
import { html, Markup, type Content } from './markup.ts'

const style = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f4f6f8;--line:#d4d9df;--ink:#1a1d21;--faint:#545c66;--link:#0b5394;--bad:#a8121d;--warn:#7a4b00;--note:#0b5394;--good:#116329}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--panel:#1e2327;--line:#3a4249;--ink:#e6e8ea;--faint:#a6aeb6;--link:#8ec3ff;--bad:#ff8f87;--warn:#f2c14e;--note:#8ec3ff;--good:#74d391}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem 1rem 3rem;max-width:62rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{margin:.5rem 0 0;font-size:1.7rem;line-height:1.2}
h2{margin:2.2rem 0 .6rem;font-size:1.25rem}
h3{margin:0 0 .4rem;font-size:1.02rem}
p{margin:.3rem 0}
a{color:var(--link)}
ul{margin:.3rem 0;padding-left:1.2rem}
dl{margin:.6rem 0 0}
dt{font-weight:600;margin-top:.5rem}
dd{margin:0;min-width:0}
dd pre{margin-top:.1rem}
pre{margin:.4rem 0;padding:.5rem .7rem;background:var(--panel);border-left:3px solid var(--line);white-space:pre-wrap;font:.87rem/1.45 ui-monospace,monospace}
pre.copy{border-left-color:var(--link);user-select:all;-webkit-user-select:all}
code{font:.9em ui-monospace,monospace}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
details{margin-top:1.4rem;border:1px solid var(--line);border-radius:.4rem;padding:.5rem .8rem}
summary{cursor:pointer;font-weight:600}
.faint{color:var(--faint)}
.notice,.info{color:var(--note)}.warning,.partly{color:var(--warn)}.critical,.error,.no{color:var(--bad)}.yes,.ok{color:var(--good)}.unknown{color:var(--faint)}
.badge{font-weight:700;white-space:nowrap}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:.7rem;list-style:none;padding:0;margin:1.2rem 0 0}
.cards>li{border:1px solid var(--line);border-left-width:.35rem;border-radius:.4rem;padding:.6rem .8rem}
.cards>li.no{border-left-color:var(--bad)}.cards>li.partly{border-left-color:var(--warn)}.cards>li.yes{border-left-color:var(--good)}
.cards h3,.cards p,.cards ul{color:var(--ink)}
article{border-top:1px solid var(--line);padding:.9rem 0 .6rem}
.seen{list-style:none;padding:0}
.caution{border-left:.35rem solid var(--warn);padding-left:.7rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left}
th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th[scope=col],.short{white-space:nowrap}
th[scope=row]{min-width:9rem;overflow-wrap:anywhere}
@media (min-width:44.01rem){dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.35rem .5rem}dt{grid-column:1;margin:0}dd{grid-column:2}}
@media (max-width:44rem){
table,tbody,tr,td,tbody th,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
td,tbody th{border:0;padding:.1rem 0;max-width:none;white-space:normal}
td:empty{display:none}
td::before{content:attr(data-column) ": ";color:var(--faint)}
}
@media print{details{border:0}body{max-width:none}}
`

/** What the header of these pages says, and their own `<meta>` for when they are opened as files. */
export const pagePolicy = `${standalonePolicy(style)}; frame-ancestors 'none'`

/** A whole document; `title` is plain text. */
export function htmlPage(title: string, body: Content): string {
  // frame-ancestors has a meaning in a header only (CSP3 §6.4.2)
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${standalonePolicy(style)}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<meta name="robots" content="noindex" />
<link rel="icon" href="data:," />
<title>${title}</title>
${new Markup(`<style>${style}</style>`)}
</head>
<body>
${body}
</body>
</html>
`.text
}
