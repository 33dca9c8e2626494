/**
 * One question a folder of the tree. All take the same five values, so that one piece of code can page any of them:
 * $1 oid of the owner (schema, relation …; 0 in the database itself), $2 and $3 sort text and oid of the last row
 * shown (null for the first page), $4 rows at most, $5 whether what PostgreSQL ships with is wanted.
 * Only what nobody needs a right or a lock for is read here: a tree must come up for everybody, also beside an
 * ACCESS EXCLUSIVE lock (hence `pg_get_expr(…, 0)`, which opens no relation).
 */
import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { query, type Since } from '../../../postgres/query.ts';

export interface ListRow {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly subId: number | null;
  readonly schema: string | null;
  readonly name: string;
  readonly detail: string | null;
  readonly comment: string | null;
  readonly system: boolean;
  readonly hasChildren: boolean;
  readonly sort: string;
}

export interface ListParts {
  /** The catalog the object's row is in, and the alias it has in `from`. */
  readonly catalog: string;
  readonly alias: string;
  readonly from: string;
  readonly where: string;
  readonly name: string;
  /** A kind, or an SQL expression giving one (in parentheses). */
  readonly kind: string;
  readonly schema?: string;
  readonly detail?: string;
  readonly hasChildren?: string;
  readonly comment?: string;
  readonly sort?: string;
  readonly oid?: string;
  readonly subId?: string;
  /** Objects that belong to another (columns, triggers) are not marked as the system's. */
  readonly part?: boolean;
  /** What tells a shipped object, where its oid does not: `public` is made with the database but is the user's. */
  readonly shipped?: string;
  /** Whether shipped objects are shown only when asked for. */
  readonly hideShipped?: boolean;
}

const listText = (parts: ListParts): string => {
  const oid = parts.oid ?? `${parts.alias}.oid`;
  const catalog = `'pg_catalog.${parts.catalog}'::regclass`;
  const member = `exists (select from pg_depend x where x.classid = ${catalog} and x.objid = ${oid} and x.deptype = 'e')`;
  const kind = parts.kind.startsWith('(') ? parts.kind : `'${parts.kind}'`;
  const name = `${parts.name}::text`;
  return `
  select l.* from (
    select ${kind} as kind, ${oid} as oid, ${parts.subId ?? 'null'}::int as "subId", ${parts.schema ?? 'null'}::text as schema,
      ${name} as name, ${parts.detail ?? 'null'}::text as detail,
      ${parts.comment ?? `obj_description(${oid}, '${parts.catalog}')`} as comment,
      ${parts.part ? 'false' : `(${parts.shipped ?? `${oid} < 16384`} or ${member})`} as system, ${parts.hasChildren ?? 'false'} as "hasChildren",
      ${parts.sort ?? `lower(${name} collate "C") || chr(1) || ${name}`} collate "C" as sort
    from ${parts.from}
    where ${parts.where} and $1::oid is not null
      and ($5::boolean ${parts.hideShipped ? `or ${oid} >= 16384` : 'or true'})) l
  where $2::text is null or (l.sort, l.oid) > ($2::text, $3::oid)
  order by l.sort, l.oid limit $4::int`;
};
/** A folder’s question, from what is particular to it. */
export const list = (name: string, parts: ListParts | ((since: Since) => ListParts)) =>
  query<ListRow>(`objects.list.${name}`, (since) => listText(typeof parts === 'function' ? parts(since) : parts));
