/** CREATE VIEW and CREATE MATERIALIZED VIEW. */
import { identifier } from '../../../shared/sql/quote.ts';
import type { Asker } from './asker.ts';
import { objectGrants } from './basics.sql.ts';
import {
  commentOn,
  create,
  type DdlPart,
  type DdlStyle,
  grantsOn,
  nameOf,
  placed,
  staged,
  storageOptions,
} from './ddl-words.ts';
import { type ColumnRow, ddlColumns, ddlIndexes, ddlTable, type TableRow } from './table-ddl.sql.ts';
import { columnStorage, hangingParts, indexPart } from './table-ddl.ts';

/** DDL of a view or materialized view with its indexes, triggers and rules; null where it is gone. */
export async function viewDdl(asker: Asker, oid: number, style: DdlStyle = 'whole'): Promise<DdlPart[] | null> {
  const [view] = await asker.ask(ddlTable, [oid]);
  if (!view) return null;
  const columns = await asker.ask(ddlColumns, [oid]);
  const name = nameOf(view.schema, view.name);
  const target = `${view.relkind === 'm' ? 'MATERIALIZED ' : ''}VIEW ${name}`;
  return [
    view.relkind === 'm'
      ? placed(create(createMaterialized(view, name, style)), style === 'backup' ? view.tablespace : null)
      : create(createView(view, name, columns)),
    create(`ALTER ${target} OWNER TO ${identifier(view.owner)};`),
    ...columns.flatMap((column) => columnParts(view, name, column)).map((sql) => create(sql)),
    ...(style === 'backup' && view.relkind === 'm' && view.populated
      ? [staged(create(`REFRESH MATERIALIZED VIEW ${name};`), 'refresh')]
      : []),
    ...(await asker.ask(ddlIndexes, [oid])).map((index) => indexPart(index, style)),
    ...commentOn(target, view.comment).map((sql) => create(sql)),
    ...(await hangingParts(asker, oid, name, view.relkind)),
    ...grantsOn(name, view.owner, await asker.ask(objectGrants, ['pg_class', oid])).map((sql) =>
      staged(create(sql), 'grants'),
    ),
  ];
}

const body = (view: TableRow): string => (view.viewDefinition ?? '').trim().replace(/;$/, '');
function createView(view: TableRow, name: string, columns: readonly ColumnRow[]): string {
  const options = storageOptions(view.options);
  const settings = options.length > 0 ? `\nWITH (${options.join(', ')})` : '';
  const list = columns.map((column) => identifier(column.name)).join(', ');
  return `CREATE ${view.persistence === 't' ? 'TEMPORARY ' : ''}VIEW ${name} (${list})${settings} AS\n${body(view)};`;
}
function createMaterialized(view: TableRow, name: string, style: DdlStyle): string {
  const options = storageOptions(view.options);
  const clauses = [
    view.accessMethod === null || view.accessMethod === 'heap' ? '' : `\nUSING ${identifier(view.accessMethod)}`,
    options.length > 0 ? `\nWITH (${options.join(', ')})` : '',
    view.tablespace === null || style === 'backup' ? '' : `\nTABLESPACE ${identifier(view.tablespace)}`,
  ].join('');
  return `CREATE MATERIALIZED VIEW ${name}${clauses} AS\n${body(view)}\nWITH${view.populated && style === 'whole' ? '' : ' NO'} DATA;`;
}
function columnParts(view: TableRow, name: string, column: ColumnRow): string[] {
  const alter = `ALTER ${view.relkind === 'm' ? 'MATERIALIZED ' : ''}VIEW ${name} ALTER COLUMN ${identifier(column.name)}`;
  return [
    ...(view.relkind === 'v' && column.expression !== null ? [`${alter} SET DEFAULT ${column.expression};`] : []),
    ...(view.relkind === 'm' ? columnStorage(alter, column) : []),
    ...commentOn(`COLUMN ${name}.${identifier(column.name)}`, column.comment),
  ];
}
