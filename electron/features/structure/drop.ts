/** How an object is dropped, what goes with it and what stands in the way. */
import type { ObjectKind, ObjectRef } from '../../../shared/api/objects.ts';
import type { Dependent } from '../../../shared/api/structure.ts';
import { invalid } from '../../../shared/failure.ts';
import { identifier } from '../../../shared/sql/quote.ts';
import type { Asker } from '../../postgres/ddl/asker.ts';
import { catalogOf } from '../../postgres/ddl/catalogs.ts';
import { type DependentRow, dependentsOf, identityOf, relationSize, sessionsOf } from './structure.sql.ts';

const mostDependents = 500;
const sized: ReadonlySet<ObjectKind> = new Set(['table', 'partitionedTable', 'materializedView', 'index']);
/** Their rows are the server's, and pg_depend knows nothing of them. */
const ofServer: ReadonlySet<ObjectKind> = new Set(['database', 'role', 'tablespace']);

const withoutCascade: ReadonlySet<ObjectKind> = new Set(['publication', 'subscription', 'userMapping']);
/** A subscription's slot is dropped on the other server: that cannot be undone. */
const outside: ReadonlySet<ObjectKind> = new Set(['database', 'tablespace', 'subscription']);

/** Throws invalid where it is gone, or cannot be dropped by itself. */
export async function dropOf(asker: Asker, object: ObjectRef, signal?: AbortSignal) {
  const { catalog } = catalogOf[object.kind];
  const subId = object.subId ?? 0;
  const [found] = await asker.ask(identityOf, [catalog, object.oid, subId], { signal });
  if (!found) throw invalid('object', `The ${object.kind} “${object.name}” is not there any more.`);
  const rows = ofServer.has(object.kind)
    ? []
    : await asker.ask(dependentsOf, [catalog, object.oid, subId, mostDependents + 1], { signal });
  const [size] = sized.has(object.kind) ? await asker.ask(relationSize, [object.oid], { signal }) : [];
  const [connected] = object.kind === 'database' ? await asker.ask(sessionsOf, [object.oid], { signal }) : [];
  return {
    statement: statementFor(object, found.identity, found.type),
    mayCascade: !ofServer.has(object.kind) && !withoutCascade.has(object.kind),
    alone: outside.has(object.kind),
    sessions: connected?.sessions ?? 0,
    size: size ?? null,
    dependents: rows.slice(0, mostDependents).map(dependent),
    more: rows.length > mostDependents,
  };
}

function statementFor({ kind, name }: ObjectRef, identity: string, type: string): string {
  if (kind === 'defaultPrivileges')
    throw invalid('object', 'Default privileges are taken back by ALTER DEFAULT PRIVILEGES.');
  // `schema.table.column`; names may hold dots, so the column is cut off by its own length.
  if (kind === 'column') {
    const own = identifier(name);
    const whole = identity.slice(0, -own.length - 1);
    if (/view/.test(type)) throw invalid('object', 'The columns of a view are those of its query: change that.');
    if (/composite/.test(type)) return `ALTER TYPE ${whole} DROP ATTRIBUTE ${own}`;
    return `ALTER TABLE ${whole} DROP COLUMN ${own}`;
  }
  if (kind === 'constraint') {
    const own = identifier(name);
    const on = identity.slice(own.length + ' on '.length);
    return type === 'domain constraint'
      ? `ALTER DOMAIN ${on} DROP CONSTRAINT ${own}`
      : `ALTER TABLE ${on} DROP CONSTRAINT ${own}`;
  }
  if (kind === 'userMapping') {
    const found = /^(.*) on server (.*)$/s.exec(identity);
    return `DROP USER MAPPING FOR ${found?.[1] === 'public' ? 'PUBLIC' : (found?.[1] ?? '')} SERVER ${found?.[2] ?? ''}`;
  }
  if (kind === 'transform')
    return `DROP TRANSFORM FOR ${identity.replace(/^for /, '').replace(/ on language /, ' LANGUAGE ')}`;
  if (kind === 'database') return `DROP DATABASE ${identity}`;
  // Of no arguments: as count(*) is written.
  if (kind === 'aggregate') return `DROP AGGREGATE ${identity.replace(/\(\)$/, '(*)')}`;
  return `DROP ${catalogOf[kind].noun} ${identity}`;
}

const dependent = (row: DependentRow): Dependent => {
  const kind = kindOf(row);
  const object: ObjectRef | null =
    kind && row.name !== null
      ? {
          kind,
          oid: row.oid,
          schema: row.schema,
          name: row.name,
          ...(row.subId > 0 ? { subId: row.subId } : {}),
        }
      : null;
  return { kind: row.type, identity: row.identity, object, automatic: row.automatic };
};

const ofClass: Readonly<Record<string, ObjectKind>> = {
  r: 'table',
  p: 'partitionedTable',
  f: 'foreignTable',
  v: 'view',
  m: 'materializedView',
  S: 'sequence',
  i: 'index',
  I: 'index',
};
function kindOf({ catalog, letter, subId }: DependentRow): ObjectKind | null {
  if (catalog === 'pg_class') return subId > 0 ? null : (ofClass[letter ?? ''] ?? null);
  if (catalog === 'pg_proc') return letter === 'p' ? 'procedure' : letter === 'a' ? 'aggregate' : 'function';
  if (catalog === 'pg_type') return letter === 'd' ? 'domain' : letter === 'e' || letter === 'r' ? 'type' : null;
  if (catalog === 'pg_trigger') return 'trigger';
  if (catalog === 'pg_policy') return 'policy';
  if (catalog === 'pg_constraint') return 'constraint';
  if (catalog === 'pg_foreign_server') return 'foreignServer';
  if (catalog === 'pg_statistic_ext') return 'statistics';
  return null;
}
