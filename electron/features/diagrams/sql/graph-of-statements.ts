/** Tables, keys and types out of parsed statements, one after the other, as a server would have come to have them. */
import type { DiagramGraph, DiagramKey, DiagramTable, diagramKinds } from '../../../../shared/api/diagrams.ts';
import { qualified } from '../../../../shared/sql/quote.ts';
import type { ParseNode } from '../../../postgres/parser/postgres-parser.ts';
import { nodesOf, stringsOf, typeText } from './type-text.ts';

type Column = { name: string; type: string; notNull: boolean; primary: boolean; hasDefault: boolean; comment: string };
type Table = Omit<DiagramTable, 'columns' | 'uniques'> & { columns: Column[]; uniques: string[][] };
type Key = { -readonly [Field in keyof DiagramKey]: DiagramKey[Field] };
type Type = DiagramGraph['types'][number];

const node = (value: unknown): ParseNode => (typeof value === 'object' && value !== null ? (value as ParseNode) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export class StatementGraph {
  readonly #tables = new Map<string, Table>();
  readonly #types = new Map<string, Type>();
  #keys: Key[] = [];
  /** Where names without a schema go. */
  #schema = 'public';

  /** @returns false for a statement that says nothing of tables */
  take(statement: ParseNode): boolean {
    const [kind = ''] = Object.keys(statement);
    const body = node(statement[kind]);
    switch (kind) {
      case 'CreateStmt':
        return this.#create(
          body,
          nodesOf(body.inhRelations).length > 0 && 'partbound' in body ? 'table' : kindOf(body),
        );
      case 'CreateForeignTableStmt':
        return this.#create(node(body.base), 'foreignTable');
      case 'ViewStmt':
        return this.#view(node(body.view), body.query, stringsOf(body.aliases), 'view');
      case 'CreateTableAsStmt': {
        const into = node(body.into);
        const isView = body.objtype === 'OBJECT_MATVIEW';
        return this.#view(node(into.rel), body.query, stringsOf(into.colNames), isView ? 'materializedView' : 'table');
      }
      case 'AlterTableStmt':
        return this.#alter(body);
      case 'IndexStmt':
        return this.#index(body);
      case 'CommentStmt':
        return this.#comment(body);
      case 'CreateEnumStmt':
        return this.#type(stringsOf(body.typeName), stringsOf(body.vals), null);
      case 'CreateDomainStmt':
        return this.#type(stringsOf(body.domainname), [], typeText(node(body.typeName), this.#qualify).text);
      case 'DropStmt':
        return this.#drop(body);
      case 'RenameStmt':
        return this.#rename(body);
      case 'VariableSetStmt':
        return this.#path(body);
      default:
        return false;
    }
  }

  graph(): DiagramGraph {
    const keys = this.#keys.filter(({ from, to }) => this.#tables.has(from) && this.#tables.has(to));
    for (const key of keys) {
      // REFERENCES without columns means the primary key.
      if (key.toColumns.length === 0) key.toColumns = primaryOf(this.#tables.get(key.to));
      key.name ||= `${this.#tables.get(key.from)?.name}_${key.fromColumns.join('_')}_fkey`;
      key.id = `${key.from} ${key.name}`;
    }
    return {
      tables: [...this.#tables.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      keys: keys.filter(({ toColumns, fromColumns }) => toColumns.length > 0 && fromColumns.length > 0),
      types: [...this.#types.values()],
    };
  }

  readonly #qualify = (names: readonly string[]): string => {
    const [name = '', schema] = [...names].reverse();
    if (schema !== undefined) return qualified(schema, name);
    return this.#types.has(qualified(this.#schema, name)) ? qualified(this.#schema, name) : name;
  };

  #nameOf(relation: ParseNode): { id: string; schema: string; name: string } {
    const schema = text(relation.schemaname) || this.#schema;
    const name = text(relation.relname);
    return { id: qualified(schema, name), schema, name };
  }

  #made(relation: ParseNode, kind: (typeof diagramKinds)[number]): Table {
    const name = this.#nameOf(relation);
    const table: Table = {
      ...name,
      oid: null,
      kind,
      comment: '',
      columns: [],
      uniques: [],
      rowEstimate: null,
      sizeBytes: null,
      parent: null,
    };
    this.#tables.set(name.id, table);
    return table;
  }

  #create(body: ParseNode, kind: (typeof diagramKinds)[number]): boolean {
    const relation = node(body.relation);
    if (relation.relpersistence === 't') return false;
    if (body.if_not_exists === true && this.#tables.has(this.#nameOf(relation).id)) return true;
    const table = this.#made(relation, kind);
    for (const parent of nodesOf(body.inhRelations)) {
      const from = this.#tables.get(this.#nameOf(node(parent.RangeVar)).id);
      for (const column of from?.columns ?? []) table.columns.push({ ...column });
      if ('partbound' in body) table.parent = from?.id ?? null;
    }
    for (const element of nodesOf(body.tableElts)) {
      if ('ColumnDef' in element) this.#column(table, node(element.ColumnDef));
      else if ('Constraint' in element) this.#constraint(table, node(element.Constraint), []);
      else if ('TableLikeClause' in element) {
        const like = this.#tables.get(this.#nameOf(node(node(element.TableLikeClause).relation)).id);
        for (const column of like?.columns ?? []) table.columns.push({ ...column, primary: false });
      }
    }
    return true;
  }

  #column(table: Table, definition: ParseNode): void {
    const { text: type, serial } = typeText(node(definition.typeName), this.#qualify);
    const name = text(definition.colname);
    table.columns = table.columns.filter((column) => column.name !== name);
    table.columns.push({
      name,
      type,
      notNull: serial || definition.is_not_null === true,
      primary: false,
      hasDefault: serial,
      comment: '',
    });
    for (const constraint of nodesOf(definition.constraints))
      this.#constraint(table, node(constraint.Constraint), [name]);
  }

  #constraint(table: Table, constraint: ParseNode, own: readonly string[]): void {
    const keys = stringsOf(constraint.keys);
    const columns = keys.length > 0 ? keys : own;
    const edit = (names: readonly string[], change: Partial<Column>) => {
      for (const column of table.columns) if (names.includes(column.name)) Object.assign(column, change);
    };
    switch (constraint.contype) {
      case 'CONSTR_NOTNULL':
        edit(columns, { notNull: true });
        break;
      case 'CONSTR_DEFAULT':
      case 'CONSTR_GENERATED':
        edit(columns, { hasDefault: true });
        break;
      case 'CONSTR_IDENTITY':
        edit(columns, { hasDefault: true, notNull: true });
        break;
      case 'CONSTR_PRIMARY':
        edit(columns, { primary: true, notNull: true });
        if (columns.length > 0) table.uniques.unshift([...columns]);
        break;
      case 'CONSTR_UNIQUE':
        if (columns.length > 0) table.uniques.push([...columns]);
        break;
      case 'CONSTR_FOREIGN': {
        const fromColumns = stringsOf(constraint.fk_attrs);
        this.#keys.push({
          id: '',
          name: text(constraint.conname),
          from: table.id,
          to: this.#nameOf(node(constraint.pktable)).id,
          fromColumns: fromColumns.length > 0 ? fromColumns : [...own],
          toColumns: stringsOf(constraint.pk_attrs),
          virtual: false,
        });
      }
    }
  }

  #alter(body: ParseNode): boolean {
    const table = this.#tables.get(this.#nameOf(node(body.relation)).id);
    if (!table) return false;
    let isOurs = false;
    for (const each of nodesOf(body.cmds)) {
      const command = node(each.AlterTableCmd);
      const column = table.columns.find(({ name }) => name === command.name);
      isOurs = true;
      switch (command.subtype) {
        case 'AT_AddConstraint':
          this.#constraint(table, node(node(command.def).Constraint), []);
          break;
        case 'AT_AddColumn':
          this.#column(table, node(node(command.def).ColumnDef));
          break;
        case 'AT_DropColumn':
          table.columns = table.columns.filter((other) => other !== column);
          break;
        case 'AT_SetNotNull':
        case 'AT_DropNotNull':
          if (column) column.notNull = command.subtype === 'AT_SetNotNull';
          break;
        case 'AT_ColumnDefault':
        case 'AT_AddIdentity':
          if (column) column.hasDefault = command.subtype === 'AT_AddIdentity' || 'def' in command;
          break;
        case 'AT_AlterColumnType':
          if (column) column.type = typeText(node(node(node(command.def).ColumnDef).typeName), this.#qualify).text;
          break;
        case 'AT_AttachPartition': {
          const part = this.#tables.get(this.#nameOf(node(node(node(command.def).PartitionCmd).name)).id);
          if (part) part.parent = table.id;
          break;
        }
        case 'AT_DropConstraint':
          this.#keys = this.#keys.filter(({ from, name }) => from !== table.id || name !== command.name);
          break;
        default:
          isOurs = false;
      }
    }
    return isOurs;
  }

  /** An index on columns alone, of all rows, tells that a foreign key may refer to them. */
  #index(body: ParseNode): boolean {
    const table = this.#tables.get(this.#nameOf(node(body.relation)).id);
    if (!table || body.unique !== true || 'whereClause' in body) return false;
    const names = nodesOf(body.indexParams).map((each) => text(node(each.IndexElem).name));
    if (names.includes('')) return false;
    table.uniques.push(names);
    return true;
  }

  #comment(body: ParseNode): boolean {
    const names = stringsOf(node(node(body.object).List).items);
    const isColumn = body.objtype === 'OBJECT_COLUMN';
    const [name = '', schema = this.#schema] = (isColumn ? names.slice(0, -1) : names).reverse();
    const table = this.#tables.get(qualified(schema, name));
    const comment = text(body.comment);
    const column = isColumn ? table?.columns.find((each) => each.name === names.at(-1)) : undefined;
    if (column) column.comment = comment;
    else if (table && !isColumn && names.length > 0) table.comment = comment;
    else return false;
    return true;
  }

  #type(names: readonly string[], labels: string[], base: string | null): boolean {
    const [name = '', schema = this.#schema] = [...names].reverse();
    this.#types.set(qualified(schema, name), { schema, name, labels, base });
    return true;
  }

  #view(
    relation: ParseNode,
    query: unknown,
    aliases: readonly string[],
    kind: 'view' | 'materializedView' | 'table',
  ): boolean {
    const table = this.#made(relation, kind);
    const targets = nodesOf(node(node(query).SelectStmt).targetList).map((each) => node(each.ResTarget));
    table.columns = targets.flatMap((target, at) => {
      const field = nodesOf(node(node(target.val).ColumnRef).fields).at(-1);
      const name = aliases[at] ?? (text(target.name) || (stringsOf(field ? [field] : [])[0] ?? ''));
      return name === '' ? [] : [{ name, type: '', notNull: false, primary: false, hasDefault: false, comment: '' }];
    });
    return true;
  }

  #drop(body: ParseNode): boolean {
    if (!/^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(text(body.removeType))) return false;
    for (const object of nodesOf(body.objects)) {
      const [name = '', schema = this.#schema] = stringsOf(node(object.List).items).reverse();
      this.#tables.delete(qualified(schema, name));
    }
    return true;
  }

  #rename(body: ParseNode): boolean {
    const table = this.#tables.get(this.#nameOf(node(body.relation)).id);
    if (!table) return false;
    const [before, after] = [text(body.subname), text(body.newname)];
    if (body.renameType === 'OBJECT_COLUMN') {
      const renamed = (names: readonly string[]) => names.map((name) => (name === before ? after : name));
      for (const column of table.columns) if (column.name === before) column.name = after;
      table.uniques = table.uniques.map(renamed);
      for (const key of this.#keys) {
        if (key.from === table.id) key.fromColumns = renamed(key.fromColumns);
        if (key.to === table.id) key.toColumns = renamed(key.toColumns);
      }
      return true;
    }
    if (body.renameType !== 'OBJECT_TABLE') return false;
    const id = qualified(table.schema, after);
    for (const key of this.#keys) {
      if (key.from === table.id) key.from = id;
      if (key.to === table.id) key.to = id;
    }
    this.#tables.delete(table.id);
    this.#tables.set(id, { ...table, id, name: after });
    return true;
  }

  #path(body: ParseNode): boolean {
    if (body.name !== 'search_path') return false;
    const first = node(node(node(nodesOf(body.args)[0]).A_Const).sval).sval;
    this.#schema = text(first) || 'public';
    return true;
  }
}

const kindOf = (body: ParseNode): 'table' | 'partitionedTable' => ('partspec' in body ? 'partitionedTable' : 'table');
const primaryOf = (table: Table | undefined): string[] =>
  (table?.uniques[0] ?? []).filter((name) => table?.columns.some((column) => column.name === name && column.primary));
