/** However a script is cut into pieces, its statements and rows are those of the whole. */
import { expect, it } from 'vitest';
import { splitSql } from '../../../../shared/sql/split.ts';
import { corpus } from '../../../../tests/fixtures/split/corpus.ts';
import { ScriptReader } from './script-reader.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Read {
  readonly line: number;
  readonly text: string;
  readonly rows?: string;
}
async function read(script: string | Buffer, size = 7): Promise<{ found: Read[]; reader: ScriptReader }> {
  const reader = new ScriptReader(inPieces(Buffer.from(script), size));
  const found: Read[] = [];
  for (let next = await reader.next(); next; next = await reader.next()) {
    const { line, text } = next;
    if (!next.takesData) {
      found.push({ line, text });
      continue;
    }
    let rows = '';
    for await (const piece of reader.data()) rows += piece.toString();
    found.push({ line, text, rows });
  }
  return { found, reader };
}
const refusal = (script: string | Buffer, size?: number) =>
  read(script, size).then(
    () => 'nothing was refused',
    (thrown: Error) => thrown.message,
  );

it('reads what the splitter reads, byte by byte and at once', async () => {
  for (const { text, statements, standardConformingStrings } of corpus) {
    // A byte order mark is taken off with the encoding.
    if (statements === null || standardConformingStrings === false || text.startsWith('\ufeff')) continue;
    const whole = splitSql(text).map(({ from, to }) => text.slice(from, to));
    for (const size of [1, 5, 100_000]) {
      const { found } = await read(text, size);
      expect(
        found.map((each) => each.text),
        `${text} in pieces of ${size}`,
      ).toEqual(whole);
    }
  }
});

it('counts lines, with what is longer than a window too', async () => {
  const long = `select '${'é\n'.repeat(60_000)}';`;
  const { found } = await read(`-- first\n\nselect 1;\n${long} select 2;\nselect 3`, 10_000);
  expect(found.map(({ line, text }) => [line, text.length])).toEqual([
    [3, 9],
    [4, long.length],
    [60_004, 9],
    [60_005, 8],
  ]);
});

it.each([1, 2, 3, 5, 64, 10_000])('takes the rows of COPY, in pieces of %i', async (size) => {
  const script = [
    'copy a from stdin;',
    '1\tx;y',
    '\\.x',
    ' \\.',
    '\\\\.',
    '\\.',
    'copy public.b (c) from stdin;',
    '\\.',
    'COPY "d e" FROM stdin WITH (format csv);\r',
    '"quoted',
    '\\r;"\r',
    '\\.\r',
    'select 1;',
    'copy f from stdin;',
    'last',
    '\\.',
  ];
  const { found } = await read(script.join('\n'), size);
  expect(found).toEqual([
    { line: 1, text: 'copy a from stdin;', rows: '1\tx;y\n\\.x\n \\.\n\\\\.\n' },
    { line: 7, text: 'copy public.b (c) from stdin;', rows: '' },
    { line: 9, text: 'COPY "d e" FROM stdin WITH (format csv);', rows: '"quoted\n\\r;"\r\n' },
    { line: 13, text: 'select 1;' },
    { line: 14, text: 'copy f from stdin;', rows: 'last\n' },
  ]);
});

it('passes over what pg_dump writes around a dump, and knows whether it is whole', async () => {
  const dump = `--\n-- PostgreSQL database dump\n--\n\n\\restrict aB3\n\nselect 1;\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict aB3\n`;
  const { found, reader } = await read(dump, 11);
  expect(found).toEqual([{ line: 7, text: 'select 1;' }]);
  expect([...reader.passedOver]).toEqual(['\\restrict', '\\unrestrict']);
  expect(reader).toMatchObject({ isDump: true, dumpIsComplete: true });
  const cut = await read(dump.slice(0, 70), 11);
  expect(cut.reader).toMatchObject({ isDump: true, dumpIsComplete: false });
});

it.each([
  ['select 1;\n\\! touch /tmp/x', 'Line 2: \\! is a command of psql'],
  ['\\i other.sql\nselect 1;', 'Line 1: \\i is a command of psql'],
  ["\\copy t from program 'x'\n", 'Line 1: \\copy is a command of psql'],
  ['select 1;\n\n  \\o /etc/passwd\n', 'Line 3: \\o is a command of psql'],
  ['\\setenv A b', 'Line 1: \\setenv is a command of psql'],
  ['\\connect other\n', 'Line 1: \\connect is a command of psql, which is not run here. It goes to another database'],
  ['\\c other', 'Line 1: \\c is a command of psql'],
  ['\\.\n', 'Line 1: \\. is a command of psql, which is not run here. It ends the rows of a COPY'],
  ['\\unrestrict :x\n', 'Line 1: \\unrestrict is a command of psql'],
  ['\\restrict a`id`\n', 'Line 1: \\restrict is a command of psql'],
  ['\\restrict a \\! id\n', 'Line 1: \\restrict is a command of psql'],
  ['select 1\n\\gexec\n', '\\gexec is a psql command, which the server does not know (line 2'],
  ['select 1 \\\\ ;', 'psql command, which the server does not know'],
  ['copy t from stdin; 1\n\\.\n', 'Line 1: the rows of a COPY have to begin on the line behind'],
  ['select 1;\ncopy t from stdin;\n1\n2', 'The file ends within the rows of the COPY of line 2'],
])('refuses %j', async (script, message) => {
  for (const size of [1, 4, 1000]) expect(await refusal(script, size)).toContain(message);
});

it('refuses what it cannot read as text', async () => {
  expect(await refusal(Buffer.from("select 1;\nselect 'caf\xe9';", 'latin1'))).toContain('Line 2: this is not UTF-8');
  expect(await refusal('select 1;\nselect 1\0;')).toContain('Line 2: a NUL character');
});

it('finds a backslash behind eight megabytes, in and outside of rows', async () => {
  const rows = 'x\\ty\\!\n'.repeat(1_200_000);
  const script = Buffer.from(`copy t from stdin;\n${rows}\\.\nselect 1;\n\\! id\n`);
  expect(await refusal(script, 512 * 1024)).toContain('Line 1200004: \\! is a command of psql');
});
