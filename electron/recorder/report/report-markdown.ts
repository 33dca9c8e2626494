/** A report as Markdown: for a ticket, a wiki or a terminal. */
import type { ReportChart, ReportData } from './report-data.ts';
import { bytes, duration, instant, inUnit, percent, short } from './words.ts';

/** So that no text of a server can end its cell, or be more than text. */
const cell = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
    .replaceAll(/[\\`*_[\]<>|~#!&]/g, (mark) => `\\${mark}`)
    .slice(0, 400);

function table(heads: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = heads.map((head) => (head.startsWith('#') ? '---:' : '---'));
  return [
    line(heads.map((head) => head.replace(/^#/, ''))),
    line(rule),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

const bars = '▁▂▃▄▅▆▇█';

function sparkline({ values, most }: { values: readonly (number | null)[]; most: number }): string {
  const wanted = 60;
  return Array.from({ length: Math.min(wanted, values.length) }, (_, place) => {
    const from = Math.floor((place * values.length) / Math.min(wanted, values.length));
    const to = Math.floor(((place + 1) * values.length) / Math.min(wanted, values.length));
    const known = values.slice(from, to).filter((value) => value !== null);
    if (known.length === 0) return ' ';
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    return bars[Math.min(bars.length - 1, Math.floor((mean / most) * bars.length))] ?? ' ';
  }).join('');
}

function chart({ title, unit, lines }: ReportChart): string {
  const rows = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const most = Math.max(1e-9, ...known);
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
    return `${label.padEnd(22)} ${sparkline({ values, most })}  mean ${inUnit(mean, unit)}, highest ${inUnit(Math.max(0, ...known), unit)}`;
  });
  return `**${title}**\n\n\`\`\`\n${rows.join('\n').replaceAll('`', "'")}\n\`\`\``;
}

export function reportMarkdown(data: ReportData): string {
  const { info, span, coverage, averageActive } = data;
  const shares = (title: string, list: ReportData['users']): string =>
    table(
      [title, '#Sessions', '#Share'],
      list.map(({ label, average, share }) => [label, short(average), percent(share)]),
      'Nothing was active.',
    );
  const parts = [
    `# ${cell(info.name)}`,
    `${instant(span.fromMs)} to ${instant(span.toMs)} (${duration(span.toMs - span.fromMs)}), ${percent(coverage)} recorded, PostgreSQL ${cell(info.serverVersion || 'not known')}, ${short(averageActive)} average active sessions.`,
    ...(info.damage ? [info.damage] : []),
    ...data.charts.map(chart),
    '## Where the time went',
    shares('Class', data.classes),
    shares('Event', data.events),
    shares('User', data.users),
    shares('Application', data.applications),
    '## Statements',
    ...(data.statements.sampled ? ['Estimated from samples: pg_stat_statements was not there.'] : []),
    table(
      ['Statement', 'Database', '#Calls', '#Time', '#Mean', '#Share'],
      data.statements.statements.map((one) => [
        one.text ?? '(text not known)',
        one.database,
        one.calls.toLocaleString('en'),
        duration(one.totalMs) + (one.totalMsError === null ? '' : ` ± ${duration(one.totalMsError)}`),
        `${short(one.meanMs)} ms`,
        percent(one.share),
      ]),
      'No statement ran in this time.',
    ),
    '## Who held up whom',
    table(
      ['Its statement then', 'Session', 'Held', '#Waited', '#Time lost'],
      data.blame.map((one) => [
        one.rootQuery ?? '(text not known)',
        [one.rootPid, one.rootUser].filter((part) => part !== null).join(' '),
        `${one.object} (${one.mode})`,
        String(one.victims),
        duration(one.blockedSeconds * 1000),
      ]),
      'Nobody waited for a lock.',
    ),
    '## Largest tables',
    table(
      ['Table', '#Size'],
      data.tables.map(({ name, bytes: size }) => [name, bytes(size)]),
      'Sizes were not recorded in this time.',
    ),
    '## Changes and events',
    table(
      ['When', 'What', 'Where', 'Change'],
      data.changes.map(({ atMs, kind, subject, before, after }) => [
        instant(atMs),
        kind,
        subject,
        [before, after].filter((part) => part !== null).join(' → '),
      ]),
      'Nothing changed.',
    ),
    '## Gaps',
    table(
      ['From', 'To', 'Why'],
      data.gaps.map(({ fromMs, toMs, message }) => [instant(fromMs), instant(toMs), message]),
      'None: all of the time was recorded.',
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}
