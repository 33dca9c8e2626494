/**
 * Takes a plan out of what it was pasted with: psql's borders, header and row count, the quotes of pgAdmin and DBeaver,
 * the prefixes of a server log (auto_explain), prompts and the statement itself. Each line keeps its number in the text
 * as pasted, so that an error can name it.
 */
export interface Line {
  readonly text: string;
  /** 1-based, in the text as given. */
  readonly number: number;
}

export interface Unwrapped {
  readonly lines: readonly Line[];
  readonly queryText: string | null;
  readonly queryParameters: string | null;
  readonly notes: readonly string[];
}

const planStart = /^\s*(\[\s*$|\[\s*\{|\{\s*$|\{\s*"|<explain\b|<\?xml|- Plan:|Plan:\s*$|- Query Text:|Query Text:)/;
const nodeLine = /\((cost=\d|actual (time|rows)=|never executed)/;
/** A root without figures, as EXPLAIN (COSTS off) prints it. */
const bareNode =
  /^\s*(->\s+)?((Async |Parallel |Partial |Finalize )*(Seq Scan|Index (Only )?Scan|Bitmap (Heap|Index) Scan|Nested Loop|Hash( (Left|Right|Full|Semi|Anti|Right Semi|Right Anti))? ?(Join)?|Merge |Sort|Incremental Sort|Limit|Aggregate|HashAggregate|GroupAggregate|MixedAggregate|Append|Gather|Result|Unique|Materialize|Memoize|WindowAgg|SetOp|HashSetOp|CTE Scan|Subquery Scan|Function Scan|Values Scan|Foreign |Custom Scan|Insert on|Update on|Delete on|Merge on|LockRows|ProjectSet|Recursive Union|Tid |Sample Scan|Table Function|Group\b|BitmapAnd|BitmapOr|WorkTable))/;

const isBegin = (text: string): boolean => planStart.test(text) || nodeLine.test(text) || bareNode.test(text);

export function unwrap(given: string): Unwrapped {
  const notes: string[] = [];
  const plain = unquoted(given.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  let lines: Line[] = plain.split('\n').map((text, at) => ({ text, number: at + 1 }));
  const logged = fromLog(lines, notes);
  lines = logged ?? fromTable(lines);
  const { rest, queryText, queryParameters } = withoutQuery(lines);
  const from = rest.findIndex(({ text }) => isBegin(text));
  const begun = from < 0 ? rest : rest.slice(from);
  const kept = begun.filter(({ text }) => text.trim() !== '');
  return { lines: kept, queryText, queryParameters, notes };
}

/** A whole plan in one quoted cell, or a quoted cell a line; a JSON string of a program's log. */
function unquoted(text: string): string {
  const trimmed = text.trim();
  if (/^"\s*[[{<]/.test(trimmed) && trimmed.endsWith('"')) {
    try {
      const value: unknown = JSON.parse(trimmed);
      if (typeof value === 'string') return value;
    } catch {
      // Not JSON's quoting but CSV's: doubled quotes.
    }
    return trimmed.slice(1, -1).replaceAll('""', '"');
  }
  const lines = text.split('\n');
  const filled = lines.filter((line) => line.trim() !== '');
  const quoted = filled.filter((line) => /^\s*"(.*)",?\s*$/.test(line));
  const isJson = /^\s*[[{]/.test(trimmed);
  if (isJson || quoted.length < Math.max(1, filled.length - 2)) return text;
  return lines.map((line) => /^\s*"(.*)",?\s*$/.exec(line)?.[1]?.replaceAll('""', '"') ?? line).join('\n');
}

const logHead = /duration: [\d.]+ ms\s+plan:\s*(.*)$/;

/** The pieces of a log that hold a plan each; of any other text the text itself. */
export function plansInLog(text: string): string[] {
  const lines = text.split('\n');
  const heads = lines.flatMap((line, at) => (logHead.test(line.trimEnd()) ? [at] : []));
  if (heads.length < 2) return [text];
  return heads.map((at, place) => lines.slice(at, heads[place + 1]).join('\n'));
}

/** auto_explain: "… LOG:  duration: 1.2 ms  plan:" and lines that begin with a tab. Null where it is no log. */
function fromLog(lines: readonly Line[], notes: string[]): Line[] | null {
  const at = lines.findIndex(({ text }) => logHead.test(text));
  if (at < 0) return null;
  const first = lines[at] as Line;
  const same = logHead.exec(first.text)?.[1] ?? '';
  const taken: Line[] = same ? [{ text: same.replace(/\\n/g, '\n'), number: first.number }] : [];
  let next = at + 1;
  for (; next < lines.length; next++) {
    const line = lines[next] as Line;
    // syslog writes a tab as #011 behind its own prefix.
    const syslog = /^.*?#011(.*)$/.exec(line.text)?.[1];
    const isOwn = /^\t/.test(line.text) || line.text.trim() === '' || syslog !== undefined;
    if (!isOwn && /(LOG|ERROR|STATEMENT|DETAIL|CONTEXT|HINT|NOTICE|WARNING|FATAL):\s/.test(line.text)) break;
    taken.push({ text: (syslog ?? line.text).replace(/^\t/, '').replaceAll('#011', '\t'), number: line.number });
  }
  const more = lines.slice(next).filter(({ text }) => logHead.test(text)).length;
  if (more > 0) notes.push(`The log holds ${more} more ${more === 1 ? 'plan' : 'plans'}; the first one is shown.`);
  return taken;
}

/*
 * What is pasted may be anything: no pattern here looks at a place of a line more than a few times.
 */
const bars = '|│║';
const continued = '+↵';
const isRule = (text: string): boolean => /[-─═]{3}/.test(text) && /^[-+|─═┌┐└┘├┤┼╔╗╚╝╠╣╪│║┬┴\s]*$/.test(text);
/** The text without its last character, if that is one of those, and without the blanks around it. */
function withoutLast(text: string, signs: string): string {
  const end = text.trimEnd();
  return end !== '' && signs.includes(end.slice(-1)) ? end.slice(0, -1).trimEnd() : text;
}
const endsWith = (text: string, signs: string): boolean => withoutLast(text, signs) !== text;

/** psql's tables in all its line styles, and without one. */
function fromTable(lines: readonly Line[]): Line[] {
  const expanded = lines.some(({ text }) => /^[\s│|]*[-─]\[ RECORD \d+ \]/.test(text));
  let kept = lines.filter(
    ({ text }) =>
      !isRule(text) &&
      !/^\s*\(\d+ rows?\)\s*$/.test(text) &&
      !/^[\s|│║]*"?QUERY PLAN"?[\s|│║]*$/.test(text) &&
      !/^[\s│|]*[-─]\[ RECORD \d+ \]/.test(text) &&
      !/^(EXPLAIN|Time: [\d.,]+ ms.*)\s*$/.test(text),
  );
  if (expanded) kept = kept.map((line) => ({ ...line, text: line.text.replace(/^(QUERY PLAN\s*|\s*)[|│] ?/, '') }));
  const filled = kept.filter(({ text }) => text.trim() !== '');
  const bordered = filled.filter(
    ({ text }) => bars.includes(text.trimStart().charAt(0)) && endsWith(text, bars),
  ).length;
  if (bordered > 0 && bordered === filled.length) {
    kept = kept.map((line) => ({ ...line, text: withoutLast(line.text, bars).replace(/^\s*[|│║] ?/, '') }));
  }
  // Where a cell has several lines, psql marks each but the last at the same column.
  const marked = filled.filter(({ text }) => endsWith(withoutLast(text, bars), continued)).length;
  if (filled.length > 1 && marked >= filled.length - 2 && marked > 0) {
    kept = kept.map((line) => ({ ...line, text: withoutLast(line.text, continued) }));
  }
  return kept;
}

/** "Query Text: …" of auto_explain, over as many lines as the statement had. */
function withoutQuery(lines: readonly Line[]): {
  rest: readonly Line[];
  queryText: string | null;
  queryParameters: string | null;
} {
  const at = lines.findIndex(({ text }) => text.trim() !== '');
  const first = lines[at];
  const begun = first && /^\s*Query Text: ?(.*)$/.exec(first.text);
  if (!first || !begun) return { rest: lines, queryText: null, queryParameters: null };
  const statement = [begun[1] ?? ''];
  let queryParameters: string | null = null;
  let next = at + 1;
  for (; next < lines.length; next++) {
    const { text } = lines[next] as Line;
    const parameters = /^\s*Query Parameters: (.*)$/.exec(text);
    if (parameters) queryParameters = parameters[1] ?? '';
    else if (nodeLine.test(text) || /^\s*Plan:\s*$/.test(text) || (bareNode.test(text) && queryParameters)) break;
    else if (queryParameters === null) statement.push(text);
  }
  return { rest: lines.slice(next), queryText: statement.join('\n').trim(), queryParameters };
}
