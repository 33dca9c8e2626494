import { describe, expect, it } from 'vitest';
import { fc } from '../../tests/fixtures/properties.ts';
import { type OpenToken, Scanner, type ScanOptions } from './scan.ts';

const tokens = (text: string, options?: ScanOptions): string[] => {
  const scanner = new Scanner(text, options);
  const found: string[] = [];
  while (scanner.next()) found.push(`${scanner.kind} ${text.slice(scanner.from, scanner.to)}`);
  return found;
};

// That the tokens are PostgreSQL's is shown in electron/postgres/parser/scan-parity.test.ts. Here: what that cannot ask.
describe('Scanner', () => {
  it('names what it finds', () => {
    expect(tokens(`select "a", E'x\\'', $1, 1.5e3, $q$;$q$ /* c */ <> :x -- d`)).toEqual([
      'word select',
      'quotedIdentifier "a"',
      'punctuation ,',
      "string E'x\\''",
      'punctuation ,',
      'param $1',
      'punctuation ,',
      'number 1.5e3',
      'punctuation ,',
      'string $q$;$q$',
      'comment /* c */',
      'operator <>',
      'punctuation :',
      'word x',
      'comment -- d',
    ]);
  });

  it('takes a backslash in a plain string for an escape where standard_conforming_strings is off', () => {
    expect(tokens("'a\\'z'")).toEqual(["string 'a\\'", 'word z', "string '"]);
    expect(tokens("'a\\'b'", { standardConformingStrings: false })).toEqual(["string 'a\\'b'"]);
    expect(tokens("n'\\'' x'\\'", { standardConformingStrings: false })).toEqual(["string n'\\''", "string x'\\'"]);
  });

  it.each(["'a", '"a', '$$a', '/* a', "E'\\'", "'a'\n'b"])('marks %j as unterminated', (text) => {
    const scanner = new Scanner(text);
    scanner.next();
    expect(scanner).toMatchObject({ problem: 'unterminated', to: text.length });
  });

  it('joins strings over line comments', () => {
    const scanner = new Scanner("'a' -- x\n -- y\n'b' 'c'");
    scanner.next();
    expect(scanner.joints).toEqual([{ from: 3, to: 15 }]);
    expect(scanner.to).toBe(18);
  });

  it('reads two million characters of anything in well under a second', () => {
    for (const text of [
      "'".repeat(2e6 + 1),
      '/*'.repeat(1e6),
      `'${'\\'.repeat(2e6)}`,
      "'a'\n".repeat(5e5),
      '$a'.repeat(1e6),
      '+'.repeat(2e6),
    ]) {
      expect(tokens(text).length).toBeGreaterThan(0);
    }
  });
});

/** For every character the kind of its token, '' for white space. */
function kinds(text: string, options: ScanOptions = {}): { kinds: string[]; open: OpenToken | null } {
  const scanner = new Scanner(text, options);
  const found = Array.from({ length: text.length }, () => '');
  while (scanner.next()) {
    found.fill(scanner.kind, scanner.from, scanner.to);
    for (const { from, to } of scanner.joints) found.fill('joint', from, to);
  }
  return { kinds: found, open: scanner.open };
}

it('colours line by line as it does at once', () => {
  const parts = [
    "'",
    "''",
    '"',
    '$$',
    '$a$',
    '--',
    '/*',
    '*/',
    "E'",
    "\\'",
    "b'",
    'a',
    ' ',
    '\n',
    '\n',
    '\n',
    ';',
    '1',
  ];
  const script = fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((all) => all.join(''));
  fc.assert(
    fc.property(script, (text) => {
      const whole = kinds(text).kinds;
      let open: OpenToken | null = null;
      let at = 0;
      for (const line of text.split('\n')) {
        const read = kinds(line, { open });
        open = read.open;
        for (const [column, kind] of read.kinds.entries()) {
          // Between the parts of one string there are blanks and comments; at once they belong to the string.
          const expected = whole[at + column];
          const between = kind === '' || kind === 'comment';
          if (expected === 'joint' || (between && expected === 'string')) expect(between).toBe(true);
          else expect(kind).toBe(expected);
        }
        at += line.length + 1;
      }
    }),
    { numRuns: 30_000, seed: 5 },
  );
});
