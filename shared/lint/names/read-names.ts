/**
 * Walks a statement's tree with PostgreSQL's rules of scope and tells what every name in it means. Where too little is
 * known (a function whose columns nobody knows, XMLTABLE, a table that was not found) nothing is said of what depends
 * on it: a false alarm costs more than a missed one. Long because the kinds of statements call each other.
 */
import type { Catalog } from '../../complete/catalog.ts';
import { splitArguments } from '../../complete/scope.ts';
import { as, type Fields, functionName, isObject, list, location, opened, stringOf, strings, text } from '../tree.ts';
import { Names } from './names.ts';
import { nameOfExpression, starColumns } from './output.ts';
import type { ScriptFacts } from './script-facts.ts';
import {
  type Columns,
  type CteScope,
  columnsOfRelation,
  type Found,
  type From,
  find,
  type Level,
  type NamedColumn,
  renamed,
  systemColumns,
  unknownColumn,
} from './sources.ts';

const deepest = 60;

export class NameReader {
  readonly names = new Names();
  private readonly catalog: Catalog;
  private readonly script: ScriptFacts;
  private depth = 0;

  constructor(catalog: Catalog, script: ScriptFacts) {
    this.catalog = catalog;
    this.script = script;
  }

  /** A whole statement; kinds without names of ours are passed over. Answers the output of a query. */
  read(tree: Fields): Columns {
    return this.statement(tree, null, null);
  }

  private statement(node: unknown, parent: Level | null, ctes: CteScope | null): Columns {
    if (++this.depth > deepest) {
      this.depth--;
      return null;
    }
    const { kind, fields } = opened(node);
    try {
      switch (kind) {
        case 'SelectStmt':
          return this.select(fields, parent, ctes);
        case 'InsertStmt':
          return this.insert(fields, parent, ctes);
        case 'UpdateStmt':
        case 'DeleteStmt':
          return this.change(kind, fields, parent, ctes);
        case 'MergeStmt':
          return this.merge(fields, parent, ctes);
        case 'ExplainStmt':
        case 'ViewStmt':
        case 'CreateTableAsStmt':
        case 'DeclareCursorStmt':
        case 'PrepareStmt':
        case 'CopyStmt':
          if (fields.query !== undefined) return this.statement(fields.query, null, null);
          if (isObject(fields.relation)) this.table(fields.relation, null);
          return null;
        case 'AlterTableStmt':
          if (fields.objtype === 'OBJECT_TABLE' && fields.missing_ok !== true && isObject(fields.relation))
            this.table(fields.relation, null);
          return null;
        case 'IndexStmt':
          this.index(fields);
          return null;
        case 'TruncateStmt':
          for (const relation of list(fields.relations)) this.table(as(relation, 'RangeVar') ?? {}, null);
          return null;
        default:
          return null;
      }
    } finally {
      this.depth--;
    }
  }

  private ctes(fields: Fields, parent: Level | null, outer: CteScope | null): CteScope | null {
    const clause = isObject(fields.withClause) ? fields.withClause : {};
    let scope = outer;
    for (const each of list(clause.ctes)) {
      const cte = as(each, 'CommonTableExpr') ?? {};
      const name = text(cte.ctename);
      const names = strings(cte.aliascolnames);
      // A recursive one sees itself, and in WITH RECURSIVE those after it too.
      const inside: CteScope | null =
        clause.recursive === true
          ? list(clause.ctes).reduce<CteScope | null>(
              (around, other) => ({
                name: text(as(other, 'CommonTableExpr')?.ctename),
                columns: other === each && names.length > 0 ? names.map((column) => unknownColumn(column)) : null,
                parent: around,
              }),
              scope,
            )
          : scope;
      const seen = clause.recursive === true ? earlier(inside, scope) : inside;
      const columns = renamed(this.statement(cte.ctequery, parent, seen), names);
      // SEARCH and CYCLE add columns of their own.
      const more = cte.search_clause !== undefined || cte.cycle_clause !== undefined;
      scope = { name, columns: more ? null : columns, parent: scope };
    }
    return scope;
  }

  private level(kind: string, fields: Fields, parent: Level | null): Level {
    const level: Level = { sources: [], parent, kind, fields, output: new Set(), merged: new Set() };
    this.names.levels.push(level);
    return level;
  }

  private select(fields: Fields, parent: Level | null, outer: CteScope | null): Columns {
    const ctes = this.ctes(fields, parent, outer);
    if (isObject(fields.larg) && isObject(fields.rarg)) return this.setOperation(fields, parent, ctes);
    const level = this.level('SelectStmt', fields, parent);
    for (const item of list(fields.fromClause)) this.from(item, level, ctes, false);
    for (const row of list(fields.valuesLists)) this.expressions(row, level, ctes);
    this.expressions(fields.targetList, level, ctes);
    const output = this.output(fields.targetList, level);
    for (const column of output ?? []) level.output.add(column.name);
    for (const part of [
      fields.whereClause,
      fields.havingClause,
      fields.windowClause,
      fields.limitCount,
      fields.limitOffset,
    ])
      this.expressions(part, level, ctes);
    this.expressions(fields.distinctClause, level, ctes, true);
    this.expressions(fields.groupClause, level, ctes, true);
    this.expressions(fields.sortClause, level, ctes, true);
    const [values] = list(fields.valuesLists);
    if (values) return list(as(values, 'List')?.items).map((_, index) => unknownColumn(`column${index + 1}`));
    return output;
  }

  private setOperation(fields: Fields, parent: Level | null, ctes: CteScope | null): Columns {
    const left = this.statement({ SelectStmt: fields.larg }, parent, ctes);
    this.statement({ SelectStmt: fields.rarg }, parent, ctes);
    // ORDER BY sees the output's names only; expressions over them are refused by the server.
    const level = this.level('SetOperation', fields, parent);
    level.sources.push(source('', null, 'other'));
    this.expressions(fields.sortClause, level, ctes, true);
    return left?.map((column) => ({ ...column, notNull: null })) ?? null;
  }

  private insert(fields: Fields, parent: Level | null, outer: CteScope | null): Columns {
    const ctes = this.ctes(fields, parent, outer);
    const level = this.level('InsertStmt', fields, parent);
    const target = this.table(isObject(fields.relation) ? fields.relation : {}, null);
    this.targets(fields.cols, target);
    if (fields.selectStmt !== undefined) this.statement(fields.selectStmt, parent, ctes);
    level.sources.push(target);
    const conflict = isObject(fields.onConflictClause) ? fields.onConflictClause : {};
    const infer = isObject(conflict.infer) ? conflict.infer : {};
    for (const each of list(infer.indexElems)) {
      const element = as(each, 'IndexElem') ?? {};
      if (typeof element.name === 'string') this.target(target, element.name, location(infer));
      this.expressions(element.expr, level, ctes);
    }
    this.expressions(infer.whereClause, level, ctes);
    this.targets(conflict.targetList, target);
    const both: Level = { ...level, sources: [target, { ...target, alias: 'excluded' }], merged: allOf(target) };
    this.expressions(conflict.targetList, both, ctes);
    this.expressions(conflict.whereClause, both, ctes);
    return this.returning(fields, level, ctes);
  }

  private change(kind: string, fields: Fields, parent: Level | null, outer: CteScope | null): Columns {
    const ctes = this.ctes(fields, parent, outer);
    const level = this.level(kind, fields, parent);
    const target = this.table(isObject(fields.relation) ? fields.relation : {}, null);
    level.sources.push(target);
    for (const item of [...list(fields.fromClause), ...list(fields.usingClause)]) this.from(item, level, ctes, false);
    if (kind === 'UpdateStmt') this.targets(fields.targetList, target);
    this.expressions(fields.targetList, level, ctes);
    this.expressions(fields.whereClause, level, ctes);
    return this.returning(fields, level, ctes);
  }

  private merge(fields: Fields, parent: Level | null, outer: CteScope | null): Columns {
    const ctes = this.ctes(fields, parent, outer);
    const level = this.level('MergeStmt', fields, parent);
    const target = this.table(isObject(fields.relation) ? fields.relation : {}, null);
    level.sources.push(target);
    this.from(fields.sourceRelation, level, ctes, false);
    this.expressions(fields.joinCondition, level, ctes);
    for (const each of list(fields.mergeWhenClauses)) {
      const clause = as(each, 'MergeWhenClause') ?? {};
      this.targets(clause.targetList, target);
      for (const part of [clause.condition, clause.targetList, clause.values]) this.expressions(part, level, ctes);
    }
    return this.returning(fields, level, ctes);
  }

  private returning(fields: Fields, level: Level, ctes: CteScope | null): Columns {
    // Up to 17 a list of its own; from 18 on with OLD and NEW, which may have other names.
    const clause = isObject(fields.returningClause) ? fields.returningClause : { exprs: fields.returningList };
    const [target] = level.sources;
    const rows = target ? ['old', 'new'].map((alias) => ({ ...target, alias })) : [];
    const options = list((clause as Fields).options).map((option) => text(as(option, 'ReturningOption')?.value));
    const named = target ? options.map((alias) => ({ ...target, alias })) : [];
    const seen: Level = {
      ...level,
      sources: [...level.sources, ...rows, ...named],
      merged: target ? allOf(target) : level.merged,
    };
    this.expressions((clause as Fields).exprs, seen, ctes);
    return this.output((clause as Fields).exprs, level);
  }

  private index(fields: Fields): void {
    const level = this.level('IndexStmt', fields, null);
    const target = this.table(isObject(fields.relation) ? fields.relation : {}, null);
    level.sources.push(target);
    for (const each of [...list(fields.indexParams), ...list(fields.indexIncludingParams)]) {
      const element = as(each, 'IndexElem') ?? {};
      if (typeof element.name === 'string') this.target(target, element.name, -1);
      this.expressions(element.expr, level, null);
    }
    this.expressions(fields.whereClause, level, null);
  }

  private targets(targetList: unknown, target: From): void {
    for (const each of list(targetList)) {
      const item = as(each, 'ResTarget') ?? {};
      if (typeof item.name === 'string') this.target(target, item.name, location(item));
    }
  }

  private target(relation: From, name: string, at: number): void {
    if (relation.columns === null || relation.columns.some((column) => column.name === name)) return;
    this.names.missingTargets.push({ relation, name, at });
  }

  /** A FROM item: adds what it brings into the level. */
  private from(node: unknown, level: Level, ctes: CteScope | null, optional: boolean): void {
    const { kind, fields } = opened(node);
    const alias = isObject(fields.alias) ? fields.alias : {};
    const name = text(alias.aliasname);
    const columnNames = strings(alias.colnames);
    switch (kind) {
      case 'RangeVar':
        level.sources.push({ ...this.table(fields, ctes), optional });
        break;
      case 'RangeSubselect': {
        const columns = renamed(
          this.statement(fields.subquery, fields.lateral === true ? level : level.parent, ctes),
          columnNames,
        );
        level.sources.push({ ...source(name, columns, 'query'), optional });
        break;
      }
      case 'RangeFunction':
        this.expressions(fields.functions, level, ctes);
        level.sources.push({ ...this.functionSource(fields, name, columnNames), optional });
        break;
      case 'RangeTableSample':
        this.from(fields.relation, level, ctes, optional);
        this.expressions(fields.args, level, ctes);
        break;
      case 'JoinExpr':
        this.join(fields, level, ctes, optional);
        break;
      default:
        // XMLTABLE, JSON_TABLE: their columns are of their own making.
        level.sources.push(source(name, null, 'other'));
    }
  }

  private join(fields: Fields, level: Level, ctes: CteScope | null, optional: boolean): void {
    const outer = text(fields.jointype);
    const first = level.sources.length;
    this.from(fields.larg, level, ctes, optional || outer === 'JOIN_RIGHT' || outer === 'JOIN_FULL');
    const middle = level.sources.length;
    this.from(fields.rarg, level, ctes, optional || outer === 'JOIN_LEFT' || outer === 'JOIN_FULL');
    const using = strings(fields.usingClause);
    for (const name of using) level.merged.add(name);
    if (fields.isNatural === true) {
      const left = new Set(
        level.sources.slice(first, middle).flatMap(({ columns }) => columns?.map((column) => column.name) ?? []),
      );
      for (const { columns } of level.sources.slice(middle))
        for (const column of columns ?? []) if (left.has(column.name)) level.merged.add(column.name);
    }
    this.expressions(fields.quals, level, ctes);
    const merged = isObject(fields.join_using_alias) ? text(fields.join_using_alias.aliasname) : '';
    if (merged !== '')
      level.sources.push(
        source(
          merged,
          using.map((name) => unknownColumn(name)),
          'join',
        ),
      );
    const alias = isObject(fields.alias) ? fields.alias : null;
    if (!alias) return;
    // The alias of a whole join hides the names inside it.
    const inner = level.sources.splice(first);
    const columns = inner.some((each) => each.columns === null) ? null : inner.flatMap((each) => each.columns ?? []);
    const seen = new Set<string>();
    const distinct = columns?.filter(
      (column) => !(level.merged.has(column.name) && seen.has(column.name)) && seen.add(column.name),
    );
    level.sources.push(source(text(alias.aliasname), renamed(distinct ?? null, strings(alias.colnames)), 'join'));
  }

  private functionSource(fields: Fields, alias: string, columnNames: readonly string[]): From {
    const [first, ...more] = list(fields.functions);
    const call = as(list(as(first, 'List')?.items)[0], 'FuncCall') ?? {};
    const name = functionName(call);
    const shown = alias === '' ? name : alias;
    const defined = list(fields.coldeflist);
    if (defined.length > 0) {
      const columns = defined.map((each) => unknownColumn(text(as(each, 'ColumnDef')?.colname)));
      return source(shown, columns, 'function');
    }
    if (more.length > 0 || name === '') return source(shown, null, 'function');
    const columns = this.functionColumns(call, name, shown);
    const numbered =
      fields.ordinality === true && columns ? [...columns, unknownColumn('ordinality', 'bigint')] : columns;
    return source(shown, renamed(numbered, columnNames), 'function');
  }

  /** Certain only where all functions of that name agree. */
  private functionColumns(call: Fields, name: string, alias: string): Columns {
    const path = strings(call.funcname);
    const routines = this.catalog.routinesCalled(
      path.length > 1 ? (path.at(-2) ?? null) : null,
      name,
      this.script.path,
    );
    const [routine] = routines;
    if (!routine || routines.some((each) => each.result !== routine.result)) return null;
    if (/record$|anyelement|any/i.test(routine.result)) return null;
    const table = /^TABLE\((.*)\)$/s.exec(routine.result);
    if (table) return splitArguments(table[1] ?? '').map((column) => unknownColumn(column.name, column.type));
    const type = this.catalog.type(routine.resultOid);
    // A composite type's columns, a table's row: known to the server, only half to us.
    if (!type || type.kind === 'composite' || type.kind === 'domain' || type.relationOid !== 0) return null;
    if (splitArguments(routine.args).some(({ mode }) => mode === 'OUT' || mode === 'INOUT')) return null;
    return [unknownColumn(alias, routine.result.replace(/^SETOF /, ''))];
  }

  /** A relation by name, wherever one may stand. */
  private table(fields: Fields, ctes: CteScope | null): From {
    const schema = text(fields.schemaname) || null;
    const name = text(fields.relname);
    const alias = isObject(fields.alias) ? fields.alias : {};
    const shown = text(alias.aliasname) || name;
    const columnNames = strings(alias.colnames);
    const at = location(fields);
    for (let cte = schema === null ? ctes : null; cte; cte = cte.parent)
      if (cte.name === name) return { ...source(shown, renamed(cte.columns, columnNames), 'cte'), at };
    const made = this.script.table(schema, name);
    if (made) {
      this.names.relations.push({ schema, name, at, relation: null, known: true });
      return { ...source(shown, renamed(made.columns, columnNames), 'relation'), at, schema };
    }
    const relation = text(fields.catalogname) === '' ? this.catalog.relation(schema, name, this.script.path) : null;
    const known = relation !== null || text(fields.catalogname) !== '' || this.script.mayHaveMade(schema, name);
    this.names.relations.push({ schema, name, at, relation, known });
    const told = relation !== null && relation.columns.length > 0 && !this.script.mayHaveChanged(name);
    const columns = told ? columnsOfRelation(relation) : null;
    return { ...source(shown, renamed(columns, columnNames), 'relation'), relation, at, schema };
  }

  /** Every reference in an expression; subqueries see the level around them. */
  private expressions(value: unknown, level: Level, ctes: CteScope | null, output = false): void {
    const waiting: unknown[] = [value];
    while (waiting.length > 0) {
      const next = waiting.pop();
      if (Array.isArray(next)) {
        for (let at = next.length - 1; at >= 0; at--) waiting.push(next[at]);
        continue;
      }
      if (!isObject(next)) continue;
      if (next.ColumnRef !== undefined) {
        this.reference(next, level, output);
        continue;
      }
      if (next.SelectStmt !== undefined) {
        this.statement(next, level, ctes);
        continue;
      }
      for (const inner of Object.values(next).reverse()) waiting.push(inner);
    }
  }

  private reference(node: Fields, level: Level, output: boolean): void {
    const fields = as(node, 'ColumnRef') ?? {};
    const parts = list(fields.fields);
    const star = as(parts.at(-1), 'A_Star') !== null;
    const path = parts.filter((part) => as(part, 'String') !== null).map(stringOf);
    const at = location(fields);
    const [first = ''] = path;
    if (star) {
      const found = path.length === 1 ? find(level, [first, '*']) : null;
      if (found?.kind === 'noSource') this.names.note(node, { path: [first, '*'], at, found, level });
      return;
    }
    let found = find(level, path);
    if (found.kind === 'noColumn' && this.meansMore(found, path, level, output))
      found = { kind: 'other', source: null };
    if (found.kind === 'ambiguous' && output && level.output.has(first)) found = { kind: 'other', source: null };
    this.names.note(node, { path, at, found, level });
  }

  /** `source.function` for `function(source)`, and output names in ORDER BY. */
  private meansMore(found: Found, path: readonly string[], level: Level, output: boolean): boolean {
    if (found.kind !== 'noColumn') return false;
    if (path.length > 1) return this.catalog.missing.includes('functions') || this.catalog.routines.has(found.name);
    return output && level.output.has(found.name);
  }

  /** The columns that a list gives; null where a star of unknown columns is in it. */
  private output(targetList: unknown, level: Level): Columns {
    const columns: NamedColumn[] = [];
    for (const each of list(targetList)) {
      const item = as(each, 'ResTarget') ?? {};
      const parts = list(as(item.val, 'ColumnRef')?.fields);
      if (as(parts.at(-1), 'A_Star') !== null) {
        const stars = starColumns(strings(parts.slice(0, -1)), level);
        if (stars === null) return null;
        columns.push(...stars);
        continue;
      }
      // A field of a row with a star: (row).*
      if (as(item.val, 'A_Indirection') !== null && item.name === undefined) return null;
      columns.push(this.outputColumn(item, parts));
    }
    return columns;
  }

  private outputColumn(item: Fields, parts: readonly unknown[]): NamedColumn {
    const column = parts.length > 0 ? this.names.columnOf(item.val) : null;
    const origin = parts.length > 0 ? this.names.sourceOf(item.val) : null;
    const name = text(item.name) || (parts.length > 0 ? stringOf(parts.at(-1)) : nameOfExpression(item.val));
    if (!column) return unknownColumn(name);
    return { ...column, name, notNull: origin?.source.optional ? false : column.notNull };
  }
}

const source = (alias: string, columns: Columns, kind: From['kind']): From => ({
  alias,
  schema: null,
  relation: null,
  columns,
  kind,
  at: -1,
  optional: false,
});

const allOf = ({ columns }: From): Set<string> =>
  new Set([...(columns ?? []).map(({ name }) => name), ...systemColumns]);

/** Those of a WITH RECURSIVE that were read already stand before the ones of which only the name is known. */
function earlier(inside: CteScope | null, read: CteScope | null): CteScope | null {
  const known = new Map<string, Columns>();
  for (let each = read; each; each = each.parent) if (!known.has(each.name)) known.set(each.name, each.columns);
  const rebuilt: CteScope[] = [];
  for (let each = inside; each; each = each.parent) rebuilt.push(each);
  return rebuilt.reduceRight<CteScope | null>(
    (parent, { name, columns }) => ({ name, columns: columns ?? known.get(name) ?? null, parent }),
    null,
  );
}
