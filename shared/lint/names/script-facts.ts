/** What the statements before one have made, changed or set, read off their trees. */
import type { Catalog } from '../../complete/catalog.ts';
import { as, type Fields, has, isObject, list, opened, stringOf, strings, text } from '../tree.ts';
import { type Columns, unknownColumn } from './sources.ts';

export interface MadeTable {
  readonly schema: string | null;
  readonly name: string;
  readonly columns: Columns;
}

/** After these anything may be there: nothing unknown is complained of. */
const opaqueKinds = new Set([
  'DoStmt',
  'CallStmt',
  'ExecuteStmt',
  'ImportForeignSchemaStmt',
  'CreateExtensionStmt',
  'LoadStmt',
  'VariableSetRole',
]);

export class ScriptFacts {
  path: readonly string[];
  /** BEGIN without its COMMIT. */
  inTransaction = false;
  setsLockTimeout = false;
  private readonly catalog: Catalog;
  private readonly made: MadeTable[] = [];
  private readonly named = new Set<string>();
  private readonly changed = new Set<string>();
  private opaque = false;

  /** @param around what the session has made before, in lower case or as quoted: temporary tables and the like */
  constructor(catalog: Catalog, around: ReadonlySet<string> = new Set()) {
    this.catalog = catalog;
    this.path = catalog.searchPath;
    for (const name of around) {
      this.named.add(name);
      this.changed.add(name);
    }
    if (around.has('*')) this.opaque = true;
  }

  table(schema: string | null, name: string): MadeTable | null {
    return this.made.findLast((each) => each.name === name && (schema === null || each.schema === schema)) ?? null;
  }
  mayHaveMade(_schema: string | null, name: string): boolean {
    return this.opaque || this.named.has(name);
  }
  mayHaveChanged(name: string): boolean {
    return this.opaque || this.changed.has(name);
  }
  /** The session knows things that another connection does not. */
  get differsFromServer(): boolean {
    return (
      this.opaque ||
      this.made.length > 0 ||
      this.named.size > 0 ||
      this.changed.size > 0 ||
      this.path !== this.catalog.searchPath
    );
  }

  /** Takes the next statement in; `outputOf` says what a query gives. A tree that could not be read makes it unsure. */
  follow(tree: Fields | null, outputOf: (query: unknown) => Columns): void {
    if (tree === null) {
      this.opaque = true;
      return;
    }
    const { kind, fields } = opened(tree);
    if (opaqueKinds.has(kind)) this.opaque = true;
    else if (kind === 'VariableSetStmt') this.set(fields);
    else if (kind === 'TransactionStmt') this.transaction(text(fields.kind));
    else if (kind === 'CreateStmt') this.create(fields);
    else if (kind === 'ViewStmt') this.make(fields.view, renamedBy(strings(fields.aliases), outputOf(fields.query)));
    else if (kind === 'CreateTableAsStmt') {
      const into = isObject(fields.into) ? fields.into : {};
      this.make(into.rel, renamedBy(strings(into.colNames), outputOf(fields.query)));
    } else if (kind === 'CreateForeignTableStmt') this.create(isObject(fields.base) ? fields.base : fields);
    else if (kind === 'SelectStmt') this.selectInto(fields, tree, outputOf);
    else if (kind === 'DropStmt') this.drop(fields);
    else if (kind === 'AlterTableStmt') this.change(fields.relation);
    else if (kind === 'RenameStmt') {
      this.change(fields.relation);
      if (typeof fields.newname === 'string') this.named.add(fields.newname);
    } else if (kind === 'AlterObjectSchemaStmt' || kind === 'CreateSchemaStmt' || kind === 'CreateSeqStmt')
      this.noteNames(tree);
  }

  private set(fields: Fields): void {
    const name = text(fields.name);
    if (name === 'lock_timeout') this.setsLockTimeout = true;
    if (name === 'role' || name === 'session_authorization') this.opaque = true;
    if (name !== 'search_path') return;
    if (fields.kind === 'VAR_SET_DEFAULT' || fields.kind === 'VAR_RESET') this.path = this.catalog.searchPath;
    else
      this.path = list(fields.args).map((each) => {
        const value = as(each, 'A_Const')?.sval;
        const schema = isObject(value) ? text(value.sval) : '';
        return schema === '$user' ? this.catalog.head.user : schema;
      });
  }

  private transaction(kind: string): void {
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') this.inTransaction = true;
    if (/COMMIT|ROLLBACK$|PREPARE/.test(kind)) this.inTransaction = false;
  }

  private create(fields: Fields): void {
    const inherits =
      list(fields.inhRelations).length > 0 || fields.ofTypename !== undefined || fields.partbound !== undefined;
    const columns: ReturnType<typeof unknownColumn>[] = [];
    let whole = !inherits;
    for (const element of list(fields.tableElts)) {
      const definition = as(element, 'ColumnDef');
      if (definition) columns.push(definedColumn(definition));
      else if (as(element, 'Constraint') === null) whole = false;
    }
    this.make(fields.relation, whole ? columns : null);
  }

  private make(relation: unknown, columns: Columns): void {
    if (!isObject(relation)) return;
    const name = text(relation.relname);
    const temporary = relation.relpersistence === 't';
    this.made.push({ schema: text(relation.schemaname) || (temporary ? 'pg_temp' : null), name, columns });
    this.named.add(name);
  }

  private selectInto(fields: Fields, tree: Fields, outputOf: (query: unknown) => Columns): void {
    const into = isObject(fields.intoClause) ? fields.intoClause : null;
    if (into) this.make(into.rel, outputOf(tree));
    else if (
      has(fields.targetList, (kind, call) => kind === 'FuncCall' && strings(call.funcname).at(-1) === 'set_config')
    )
      this.opaque = true;
  }

  private drop(fields: Fields): void {
    for (const object of list(fields.objects)) {
      const name = stringOf(list(as(object, 'List')?.items).at(-1));
      const at = this.made.findLastIndex((each) => each.name === name);
      if (at >= 0) this.made.splice(at, 1);
    }
  }

  private change(relation: unknown): void {
    if (!isObject(relation)) return;
    const name = text(relation.relname);
    this.changed.add(name);
    const at = this.made.findLastIndex((each) => each.name === name);
    const made = this.made[at];
    if (made) this.made[at] = { ...made, columns: null };
  }

  private noteNames(tree: Fields): void {
    has(tree, (kind, fields) => {
      if (kind === 'String') this.named.add(text(fields.sval));
      if (typeof fields.relname === 'string') this.named.add(fields.relname);
      return false;
    });
  }
}

const renamedBy = (names: readonly string[], columns: Columns): Columns =>
  columns?.map((column, index) => ({ ...column, name: names[index] ?? column.name })) ?? null;

function definedColumn(definition: Fields): ReturnType<typeof unknownColumn> {
  const constraints = list(definition.constraints).map((each) => text(as(each, 'Constraint')?.contype));
  const notNull = constraints.some(
    (kind) => kind === 'CONSTR_NOTNULL' || kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_IDENTITY',
  );
  const type = isObject(definition.typeName) ? (strings(definition.typeName.names).at(-1) ?? '') : '';
  return { ...unknownColumn(text(definition.colname), type), notNull };
}
