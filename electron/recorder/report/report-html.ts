/** A report as one page: no script, nothing loaded, light or dark as the reader's system is. All text is escaped. */
import type { ReportData } from './report-data.ts';
import { svgChart, escapeText as text } from './svg-chart.ts';
import { bytes, duration, instant, percent, short } from './words.ts';

const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2430;--soft:#5b6675;--line:#dfe4ea;--zebra:#f6f8fa;
--cpu:#3fa34d;--io:#2f6fdf;--lock:#d93a3a;--lwlock:#d44fa0;--ipc:#1698b8;--client:#c9a227;--timeout:#d9822b;--bufferpin:#12907c;--extension:#8257d9;--idletx:#b8bd3a;--other:#8a94a3}
@media (prefers-color-scheme:dark){:root{--bg:#14181e;--fg:#e4e9f0;--soft:#98a4b3;--line:#2b333d;--zebra:#1a2027;
--cpu:#5cc46b;--io:#5b93f5;--lock:#f26161;--lwlock:#ee78bd;--ipc:#41bfdc;--client:#e6c653;--timeout:#f0a352;--bufferpin:#35b8a2;--extension:#a585f0;--idletx:#d6da66;--other:#8a94a3}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1040px;padding:24px 32px 64px;background:var(--bg);color:var(--fg);font:13px/1.5 system-ui,sans-serif}
h1{font-size:20px;margin:0 0 4px}h2{font-size:15px;margin:32px 0 8px}p{margin:4px 0;color:var(--soft)}
dl{display:grid;grid-template-columns:repeat(4,auto 1fr);gap:4px 12px;margin:16px 0}dt{color:var(--soft)}dd{margin:0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td code{font:12px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;display:block;max-height:7.5em;overflow:auto}
figure{margin:16px 0}figcaption{font-weight:600;margin-bottom:4px}svg{width:100%;height:auto;display:block}
.grid{stroke:var(--line)}.tick{fill:var(--soft);font-size:11px}.line{fill:none;stroke-width:1.6}.gap{fill:var(--zebra)}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:4px 0 0;padding:0 0 0 64px}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.bar{display:inline-block;height:8px;border-radius:2px;background:var(--io);vertical-align:middle}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:16px 32px;align-items:start}
${['cpu', 'io', 'lock', 'lwlock', 'ipc', 'client', 'timeout', 'bufferpin', 'extension', 'idletx', 'other']
  .map(
    (name) => `.f-${name}{fill:var(--${name})}.s-${name}{stroke:var(--${name})}.b-${name}{background:var(--${name})}`,
  )
  .join('')}
@media (max-width:720px){.columns{grid-template-columns:1fr}dl{grid-template-columns:auto 1fr}}
@media print{body{max-width:none}}`;

type Cell = string | { readonly html: string };
const html = (cell: Cell): string => (typeof cell === 'string' ? text(cell) : cell.html);
const code = (query: string | null): Cell => ({
  html: query === null ? text('(text not known)') : `<code>${text(query)}</code>`,
});
const bar = (share: number): Cell => ({
  html: `<span class="bar" style="width:${Math.max(1, Math.round(Math.min(1, share) * 80))}px"></span>`,
});

/** Heads that begin with `#` are of numbers. */
function table(heads: readonly string[], rows: readonly (readonly Cell[])[], empty: string): string {
  if (rows.length === 0) return `<p>${text(empty)}</p>`;
  const kind = heads.map((head) => (head.startsWith('#') ? ' class="n"' : ''));
  const head = heads
    .map((name, place) => `<th${kind[place]} scope="col">${text(name.replace(/^#/, ''))}</th>`)
    .join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, place) => `<td${kind[place]}>${html(cell)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const section = (title: string, ...parts: string[]): string =>
  `<section><h2>${text(title)}</h2>${parts.join('')}</section>`;

export function reportHtml(data: ReportData): string {
  const { info, span } = data;
  const title = `${info.name}: ${instant(span.fromMs)} to ${instant(span.toMs)}`;
  const body = [
    `<h1>${text(info.name)}</h1><p>${text(`${instant(span.fromMs)} to ${instant(span.toMs)} (${duration(span.toMs - span.fromMs)})`)}</p>`,
    facts(data),
    ...data.charts.map(svgChart),
    section('Where the time went', `<div class="columns">${shareTables(data)}</div>`),
    section('Statements', statements(data)),
    section('Who held up whom', blame(data)),
    section(
      'Largest tables',
      table(
        ['Table', '#Size'],
        data.tables.map(({ name, bytes: size }) => [name, bytes(size)]),
        'Sizes were not recorded in this time.',
      ),
    ),
    section('Changes and events', changes(data)),
    section(
      'Gaps',
      table(
        ['From', 'To', 'Why'],
        data.gaps.map(({ fromMs, toMs, message }) => [instant(fromMs), instant(toMs), message]),
        'None: all of the time was recorded.',
      ),
    ),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${text(title)}</title><style>${style}</style></head><body>${body.join('\n')}</body></html>\n`;
}

function facts({ info, coverage, averageActive, statements: found, gaps }: ReportData): string {
  const entries: [string, string][] = [
    ['Server', info.serverVersion === '' ? 'not known' : `PostgreSQL ${info.serverVersion}`],
    ['Recorded', `${percent(coverage)} of the time`],
    ['Average active sessions', short(averageActive)],
    ['Statements', `${found.total.toLocaleString('en')}${found.sampled ? ' (from samples)' : ''}`],
    ['Gaps', String(gaps.length)],
    ['Texts', info.redacted ? 'redacted' : 'as recorded'],
  ];
  const damage = info.damage ? `<p>${text(info.damage)}</p>` : '';
  return `<dl>${entries.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>${damage}`;
}

function shareTables(data: ReportData): string {
  const of = (title: string, shares: ReportData['users']): string =>
    `<div>${table(
      [title, '#Sessions', '#Share', ''],
      shares.map(({ label, average, share, shareError }) => [
        label,
        short(average),
        `${percent(share)}${shareError >= 0.005 ? ` ± ${short(shareError * 100)}` : ''}`,
        bar(share),
      ]),
      'Nothing was active.',
    )}</div>`;
  return [
    of('Class', data.classes),
    of('Event', data.events),
    of('User', data.users),
    of('Application', data.applications),
    of('Database', data.databases),
  ].join('');
}

function statements({ statements: found }: ReportData): string {
  const note = found.sampled
    ? '<p>pg_stat_statements was not there: times are estimated from samples, with half the 95 % interval beside them; executions are at least as many as shown.</p>'
    : '';
  const rows = found.statements.map((one) => [
    code(one.text),
    one.database,
    one.user,
    one.calls.toLocaleString('en'),
    one.totalMsError === null ? duration(one.totalMs) : `${duration(one.totalMs)} ± ${duration(one.totalMsError)}`,
    `${short(one.meanMs)} ms`,
    percent(one.share),
  ]);
  const heads = ['Statement', 'Database', 'User', '#Calls', '#Time', '#Mean', '#Share'];
  return note + table(heads, rows, 'No statement ran in this time.');
}

function blame({ blame: found }: ReportData): string {
  const rows = found.map((one) => [
    code(one.rootQuery),
    [one.rootPid, one.rootUser, one.rootApplication].filter((part) => part !== null && part !== '').join(' · '),
    `${one.object} (${one.mode})`,
    String(one.victims),
    duration(one.blockedSeconds * 1000),
  ]);
  return table(['Its statement then', 'Session', 'Held', '#Waited', '#Time lost'], rows, 'Nobody waited for a lock.');
}

function changes({ changes: found }: ReportData): string {
  const rows = found.map(({ atMs, kind, database, subject, before, after }): Cell[] => [
    instant(atMs),
    kind,
    [database, subject].filter((part) => part !== null && part !== '').join(': '),
    {
      html: [before, after]
        .filter((part) => part !== null)
        .map((part) => `<code>${text(part)}</code>`)
        .join(' → '),
    },
  ]);
  return table(['When', 'What', 'Where', 'Change'], rows, 'Nothing changed.');
}
