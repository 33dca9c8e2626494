/** `howdah report FILE`: a stretch of a recording as one page, as JSON or as Markdown, on standard output. */
import { writeSync } from 'node:fs';
import { RecordingFile, type Span } from '../recorder/file/recording-file.ts';
import { reportData } from '../recorder/report/report-data.ts';
import { reportHtml } from '../recorder/report/report-html.ts';
import { reportMarkdown } from '../recorder/report/report-markdown.ts';
import { instant } from '../recorder/report/words.ts';
import { readArguments, UsageError } from './command.ts';

const formats = ['html', 'json', 'md'] as const;

export async function reportCommand(args: readonly string[]): Promise<number> {
  const options = { from: { type: 'string' }, to: { type: 'string' }, format: { type: 'string' } } as const;
  const { values, positionals } = readArguments(args, options, ['FILE']);
  const format = formats.find((one) => one === (values.format ?? 'html'));
  if (!format) throw new UsageError(`--format is one of ${formats.join(', ')}, not "${values.format}".`);
  const file = new RecordingFile(positionals[0] ?? '');
  try {
    const ends = file.span();
    if (!ends) {
      console.error('howdah: The recording is empty: there is nothing to report.');
      return 1;
    }
    const data = reportData(file, stretch(ends, values.from, values.to));
    writeAll(
      format === 'html'
        ? reportHtml(data)
        : format === 'md'
          ? reportMarkdown(data)
          : `${JSON.stringify(data, null, 2)}\n`,
    );
    return 0;
  } finally {
    file.close();
  }
}

function stretch(ends: Span, from: string | undefined, to: string | undefined): Span {
  const span = {
    fromMs: from === undefined ? ends.fromMs : readInstant('--from', from, ends.toMs),
    toMs: to === undefined ? ends.toMs : readInstant('--to', to, ends.toMs),
  };
  if (span.fromMs >= span.toMs) throw new UsageError('--from must lie before --to.');
  if (span.toMs <= ends.fromMs || span.fromMs >= ends.toMs)
    throw new UsageError(
      `The recording is of ${instant(ends.fromMs)} to ${instant(ends.toMs)}: nothing of the wanted time.`,
    );
  // What lies outside of the recording is no gap in it.
  return { fromMs: Math.max(span.fromMs, ends.fromMs), toMs: Math.min(span.toMs, ends.toMs) };
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An instant (2026-03-02T10:00Z), or a time before the recording's end (-2h). */
function readInstant(option: string, text: string, endMs: number): number {
  const before = /^-(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (before) return endMs - Number(before[1]) * (units[before[2] ?? 's'] ?? 1000);
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new UsageError(
      `${option} wants an instant such as 2026-03-02T10:00Z, or a time before the end such as -2h; not "${text}".`,
    );
  return ms;
}

/** In one go and to the end: a pipe takes some at a time. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EPIPE') return;
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    }
  }
}
