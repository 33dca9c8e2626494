/** What can be named at a position: the sources of the query and of those around it, and their columns. */
import type { Catalog, Column, Relation } from './catalog.ts';
import { clauseAt, type Part, partAt, type Query, queryAt, type Source } from './query.ts';
import type { Reader } from './read-query.ts';

export interface ScopeColumn {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly comment: string;
  readonly key: boolean;
  /** Of the catalog, where it is a table's own. */
  readonly column: Column | null;
}
export interface ScopeSource {
  /** What qualifies its columns. */
  readonly alias: string;
  readonly aliased: boolean;
  readonly relation: Relation | null;
  readonly columns: readonly ScopeColumn[];
  readonly source: Source | null;
}
/** A query's own sources; those of the queries around it follow, outward. */
export interface Level {
  readonly query: Query;
  readonly part: Part;
  readonly sources: readonly ScopeSource[];
}
/** A table that the script itself has made before the statement. */
export interface ScriptTable {
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly ScopeColumn[];
}

const deepest = 12;

export class Scope {
  readonly catalog: Catalog;
  readonly reader: Reader;
  readonly root: Query;
  readonly path: readonly string[];
  readonly scriptTables: readonly ScriptTable[];

  constructor(parts: {
    catalog: Catalog;
    reader: Reader;
    root: Query;
    path: readonly string[];
    scriptTables: readonly ScriptTable[];
  }) {
    this.catalog = parts.catalog;
    this.reader = parts.reader;
    this.root = parts.root;
    this.path = parts.path;
    this.scriptTables = parts.scriptTables;
  }

  /** Innermost first. */
  levelsAt(at: number): Level[] {
    const levels: Level[] = [];
    let query: Query | null = queryAt(this.root, at);
    let position = at;
    while (query) {
      const part = partAt(query, position);
      levels.push({ query, part, sources: this.sourcesOf(query, part, position) });
      position = query.from;
      query = query.seesParent ? query.parent : null;
    }
    return levels;
  }

  private sourcesOf(query: Query, part: Part, at: number): ScopeSource[] {
    const sources = part.sources.map((source) => this.sourceOf(source, query, 0));
    // ON CONFLICT DO UPDATE sees the row that could not be inserted.
    const clauses = part.clauses.filter(({ from }) => from <= at);
    const target = part.target && this.sourceOf(part.target, query, 0);
    if (target && clauses.some(({ name }) => name === 'conflict') && clauseAt(part, at)?.name !== 'returning')
      sources.push({ ...target, alias: 'excluded', aliased: true, relation: null, source: null });
    return sources;
  }

  sourceOf(source: Source, query: Query, depth: number): ScopeSource {
    const { relation, columns } = this.columnsOf(source, query, depth);
    const renamed = columns.map((column, index) => ({ ...column, name: source.columnNames[index] ?? column.name }));
    const extra = source.columnNames.slice(columns.length).map(unknownColumn);
    return {
      alias: source.alias ?? source.name,
      aliased: source.alias !== null,
      relation,
      columns: source.columnNames.length > 0 ? [...renamed, ...extra] : columns,
      source,
    };
  }

  private columnsOf(
    source: Source,
    query: Query,
    depth: number,
  ): { relation: Relation | null; columns: readonly ScopeColumn[] } {
    if (depth > deepest) return { relation: null, columns: [] };
    if (source.query) return { relation: null, columns: this.outputOf(source.query, depth + 1) };
    if (source.kind === 'function') return { relation: null, columns: this.functionColumns(source) };
    const cte = source.schema === null ? this.cteColumns(source.name, query, source.from, depth) : null;
    if (cte) return { relation: null, columns: cte };
    const made = this.scriptTables.findLast(
      ({ name, schema }) => name === source.name && (source.schema ?? schema) === schema,
    );
    if (made) return { relation: null, columns: made.columns };
    const relation = this.catalog.relation(source.schema, source.name, this.path);
    return { relation, columns: relation ? relation.columns.map(ofColumn) : [] };
  }

  /** The CTEs that can be named at a position, nearest first. */
  ctesAt(at: number): { readonly name: string; readonly columns: readonly ScopeColumn[] }[] {
    const found: { name: string; columns: readonly ScopeColumn[] }[] = [];
    for (let query: Query | null = queryAt(this.root, at); query; query = query.parent) {
      for (const cte of query.ctes) {
        const inside = cte.query !== null && cte.query.from <= at && at <= cte.query.to;
        if (cte.at >= at || (inside && !query.recursive) || found.some(({ name }) => name === cte.name)) continue;
        found.push({ name: cte.name, columns: this.cteColumns(cte.name, query, at, 0) ?? [] });
      }
    }
    return found;
  }

  private cteColumns(name: string, from: Query, at: number, depth: number): readonly ScopeColumn[] | null {
    for (let query: Query | null = from; query; query = query.parent) {
      const cte = query.ctes.findLast((each) => each.name === name && each.at < at);
      if (!cte) continue;
      const columns = cte.query ? this.outputOf(cte.query, depth + 1) : [];
      const renamed = columns.map((column, index) => ({ ...column, name: cte.columnNames[index] ?? column.name }));
      return columns.length > 0 ? renamed : cte.columnNames.map(unknownColumn);
    }
    return null;
  }

  private functionColumns(source: Source): readonly ScopeColumn[] {
    const routine = this.catalog.routinesCalled(source.schema, source.name, this.path)[0];
    const table = routine && /^TABLE\((.*)\)$/s.exec(routine.result);
    if (table) return splitArguments(table[1] ?? '').map(({ name, type }) => ({ ...unknownColumn(name), type }));
    const type = routine && this.catalog.type(routine.resultOid);
    const composite =
      routine && (this.catalog.relationOf(type?.relationOid ?? 0) ?? this.relationOfResult(routine.result));
    if (composite) return composite.columns.map(ofColumn);
    const out = routine ? splitArguments(routine.args).filter(({ mode }) => mode === 'OUT' || mode === 'INOUT') : [];
    if (out.length > 0) return out.map(({ name, type: written }) => ({ ...unknownColumn(name), type: written }));
    const single = unknownColumn(source.alias ?? source.name);
    return [{ ...single, type: routine?.result.replace(/^SETOF /, '') ?? '' }];
  }

  private relationOfResult(result: string): Relation | null {
    const [last = '', schema = null] = result
      .replace(/^SETOF /, '')
      .split('.')
      .reverse();
    return this.catalog.relation(schema, last, this.path);
  }

  /** What a query gives: the names and types of its first part's list. */
  outputOf(query: Query, depth = 0): readonly ScopeColumn[] {
    if (depth > deepest) return [];
    const part = query.parts.find(({ clauses }) => clauses.length > 0);
    if (!part) return [];
    const list =
      part.clauses.find(({ name }) => name === 'returning') ?? part.clauses.find(({ name }) => name === 'select');
    if (list) return this.items(list.from, list.to).flatMap((item) => this.itemColumns(item, query, part, depth));
    const values = part.clauses.find(({ name }) => name === 'values');
    if (!values || this.reader.text(values.from) !== '(') return [];
    const end = this.reader.brackets.get(values.from) ?? values.to;
    return this.items(values.from + 1, end).map((_, index) => unknownColumn(`column${index + 1}`));
  }

  /** The elements of a list, without a leading ALL or DISTINCT [ON (…)]. */
  items(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const { reader } = this;
    let start = from;
    if (reader.word(start) === 'all') start++;
    if (reader.word(start) === 'distinct') {
      start++;
      if (reader.word(start) === 'on') start = reader.skip(start + 1);
    }
    const found: { from: number; to: number }[] = [];
    for (let at = start; at < to; at = reader.skip(at)) {
      if (reader.text(at) !== ',') continue;
      found.push({ from: start, to: at });
      start = at + 1;
    }
    if (start < to) found.push({ from: start, to });
    return found;
  }

  private itemColumns(
    item: { from: number; to: number },
    query: Query,
    part: Part,
    depth: number,
  ): readonly ScopeColumn[] {
    const { reader } = this;
    const last = item.to - 1;
    if (reader.text(last) === '*' && (last === item.from || reader.text(last - 1) === '.')) {
      const qualifier = last === item.from ? null : (reader.tokens[last - 2]?.text ?? null);
      return part.sources
        .map((source) => this.sourceOf(source, query, depth + 1))
        .filter(({ alias }) => qualifier === null || alias === qualifier)
        .flatMap(({ columns }) => columns);
    }
    const named = this.nameOf(item);
    if (named) {
      return [
        {
          ...this.expressionColumn({ from: item.from, to: named.end }, query, part, depth),
          name: named.name,
        },
      ];
    }
    const column = this.expressionColumn(item, query, part, depth);
    return column.name === '' ? [] : [column];
  }

  /** The name that an item of a list gives itself, with AS or without, and where what it names ends; null where it gives none. */
  nameOf(item: { readonly from: number; readonly to: number }): { readonly name: string; readonly end: number } | null {
    const { reader } = this;
    const last = item.to - 1;
    const as = reader.word(last - 1) === 'as';
    const named = as || (last > item.from && this.endsOperand(last - 1));
    if (!named || !reader.isName(last) || reader.text(last - 1) === '.' || reader.word(last) === 'end') return null;
    return { name: reader.tokens[last]?.text ?? '', end: as ? last - 1 : last };
  }

  private endsOperand(at: number): boolean {
    const { reader } = this;
    const kind = reader.tokens[at]?.kind;
    return (
      reader.isName(at) ||
      kind === 'number' ||
      kind === 'string' ||
      kind === 'param' ||
      reader.text(at) === ')' ||
      reader.text(at) === ']'
    );
  }

  /** A plain column keeps its type; a call is named after its function; a cast has the type it says. */
  private expressionColumn(item: { from: number; to: number }, query: Query, part: Part, depth: number): ScopeColumn {
    const { reader } = this;
    let end = item.to;
    let cast = '';
    for (let at = item.from; at < item.to; at = reader.skip(at))
      if (reader.text(at) === '::') {
        if (cast === '') end = at;
        cast = reader.tokens
          .slice(at + 1, item.to)
          .map(({ text }) => text)
          .join(' ')
          .replace(/ ([(),])/g, '$1')
          .replace(/([(]) /g, '$1');
      }
    const length = end - item.from;
    if (length === 1 || (length === 3 && reader.text(item.from + 1) === '.')) {
      const name = reader.tokens[end - 1]?.text ?? '';
      const qualifier = length === 3 ? reader.tokens[item.from]?.text : null;
      if (!reader.isName(end - 1)) return { ...unknownColumn(''), type: cast };
      for (const source of part.sources) {
        const { alias, columns } = this.sourceOf(source, query, depth + 1);
        const found =
          qualifier === null || alias === qualifier ? columns.find((column) => column.name === name) : undefined;
        if (found) return cast ? { ...unknownColumn(name), type: cast } : found;
      }
      return { ...unknownColumn(name), type: cast };
    }
    if (reader.word(item.from) === 'case') return unknownColumn('case');
    const open =
      reader.text(item.from + 1) === '(' ? item.from + 1 : reader.text(item.from + 3) === '(' ? item.from + 3 : -1;
    if (open > 0 && reader.isName(open - 1)) {
      const name = reader.tokens[open - 1]?.text ?? '';
      return { ...unknownColumn(name), type: cast || (this.catalog.routines.get(name)?.[0]?.result ?? '') };
    }
    return { ...unknownColumn(''), type: cast };
  }
}

export const unknownColumn = (name: string): ScopeColumn => ({
  name,
  type: '',
  typeOid: 0,
  comment: '',
  key: false,
  column: null,
});
const ofColumn = (column: Column): ScopeColumn => ({
  name: column.name,
  type: column.type,
  typeOid: column.typeOid,
  comment: column.comment,
  key: column.key,
  column,
});

export interface Argument {
  readonly mode: 'IN' | 'OUT' | 'INOUT' | 'VARIADIC';
  readonly name: string;
  readonly type: string;
  readonly written: string;
}
/** The arguments as pg_get_function_arguments writes them: `OUT a integer, VARIADIC b text[] DEFAULT '{}'`. */
export function splitArguments(text: string): Argument[] {
  const pieces: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === ',' && depth === 0) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces
    .map((piece) => piece.trim())
    .filter(Boolean)
    .map(argumentOf);
}

/** Types of several words, which are no name and a type. */
const typePhrases =
  /^(double precision|character varying|bit varying|(timestamp|time)(\(\d\))? with(out)? time zone|"char"|ORDER BY)/;

function argumentOf(written: string): Argument {
  const modes = /^(INOUT|OUT|IN|VARIADIC) /.exec(written);
  const rest = (modes ? written.slice(modes[0].length) : written).replace(/ (DEFAULT|=) .*$/s, '');
  const mode = (modes?.[1] ?? 'IN') as Argument['mode'];
  const named = typePhrases.test(rest) ? null : /^("(?:[^"]|"")+"|[^\s"]+) (.+)$/s.exec(rest);
  const name = named?.[1]?.replace(/^"|"$/g, '') ?? '';
  return { mode, name, type: named?.[2] ?? rest, written };
}
