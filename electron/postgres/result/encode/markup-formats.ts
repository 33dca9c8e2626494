/** Tables to be read by people, by bytes: GitHub's Markdown, and a page of HTML that needs nothing else. */
import type { ByteWriter } from './byte-writer.ts';
import { type Replacing, replaced, replacing } from './escape-bytes.ts';
import { jsonKind } from './json-format.ts';
import type { RowFormat } from './row-format.ts';

/** What would mean something in Markdown is escaped; a line break becomes <br>, and the CR of CR LF nothing. */
const markdown: Replacing = replacing({
  ...Object.fromEntries([...'\\|*_`~[]'].map((character) => [character, `\\${character}`])),
  '&': '&amp;',
  '<': '&lt;',
  '\n': '<br>',
});
const html: Replacing = replacing({ '&': '&amp;', '<': '&lt;', '>': '&gt;' });
const carriageReturn = 0x0d;
const newline = 0x0a;

/** The bytes as Markdown has them within a cell. */
function markdownCell(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  let from = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== carriageReturn) continue;
    replaced(out, bytes, from, at, markdown);
    if (bytes[at + 1] !== newline || at + 1 === end) out.text('<br>');
    from = at + 1;
  }
  replaced(out, bytes, from, end, markdown);
}

/** @param typeOids numbers stand at the right */
export function markdownFormat(names: readonly string[], typeOids: readonly number[]): RowFormat {
  const rule = typeOids.map((oid) => (jsonKind(oid) === 'number' ? ' ---: |' : ' --- |')).join('');
  const cell = (out: ByteWriter, bytes: Uint8Array, start: number, end: number): void => {
    out.byte(0x20);
    markdownCell(out, bytes, start, end);
    out.text(' |');
  };
  return {
    begin(out) {
      out.text('|');
      for (const name of names) {
        const bytes = Buffer.from(name);
        cell(out, bytes, 0, bytes.length);
      }
      out.text(`\n|${rule}\n`);
    },
    rowStart: (out) => out.text('|'),
    value: (out, _position, bytes, start, end) => cell(out, bytes, start, end),
    nothing: (out) => out.text(' NULL |'),
    rowEnd: (out) => out.byte(newline),
    end() {},
    large(out) {
      out.byte(0x20);
      return {
        piece: (bytes, start, end) => markdownCell(out, bytes, start, end),
        end: () => out.text(' |'),
      };
    },
  };
}

const style = `body{font:13px/1.5 system-ui,sans-serif;margin:24px;color:#1a1f25;background:#fff}
table{border-collapse:collapse}caption{text-align:left;font-weight:600;padding:0 0 8px}
th,td{border:1px solid #dfe3e7;padding:3px 8px;text-align:left;vertical-align:top;white-space:pre-wrap}
th{background:#f4f5f7;position:sticky;top:0}.n{text-align:right;font-variant-numeric:tabular-nums}.null{color:#5f6873;font-style:italic}`;

const escapedText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param title of the page and its table */
export function htmlFormat(title: string, names: readonly string[], typeOids: readonly number[]): RowFormat {
  const numbers = typeOids.map((oid) => jsonKind(oid) === 'number');
  const opening = numbers.map((number) => (number ? '<td class="n">' : '<td>'));
  const head = names.map((name, at) => `<th${numbers[at] ? ' class="n"' : ''}>${escapedText(name)}</th>`).join('');
  return {
    begin(out) {
      const name = escapedText(title);
      out.text(
        `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${name}</title>\n<style>\n${style}\n</style>\n</head>\n`,
      );
      out.text(`<body>\n<table>\n<caption>${name}</caption>\n<thead>\n<tr>${head}</tr>\n</thead>\n<tbody>\n`);
    },
    rowStart: (out) => out.text('<tr>'),
    value(out, position, bytes, start, end) {
      out.text(opening[position] ?? '<td>');
      replaced(out, bytes, start, end, html);
      out.text('</td>');
    },
    nothing: (out) => out.text('<td class="null">NULL</td>'),
    rowEnd: (out) => out.text('</tr>\n'),
    end: (out) => out.text('</tbody>\n</table>\n</body>\n</html>\n'),
    large(out, position) {
      out.text(opening[position] ?? '<td>');
      return {
        piece: (bytes, start, end) => replaced(out, bytes, start, end, html),
        end: () => out.text('</td>'),
      };
    },
  };
}
