/** What an editor of SQL is told of a database, from the catalog as the page has it by now. */
import type { ObjectKind } from '../../../shared/api/objects.ts';
import { complete } from '../../../shared/complete/complete.ts';
import { hoverAt } from '../../../shared/complete/look/hover.ts';
import { type Named, namedAt } from '../../../shared/complete/look/named-at.ts';
import { renameAt } from '../../../shared/complete/look/rename.ts';
import { signatureAt } from '../../../shared/complete/look/signature.ts';
import type { SqlIntelligence } from '../../../shared/complete/look/sql-intelligence.ts';
import { joinsOf, knownOf, type RecordedWhere, type Where } from '../../client/catalogs.ts';
import { openTab } from '../tabs.ts';
import { jsonKeysAwaited, jsonKeysOf } from './json-keys.ts';

export function intelligenceOf(where: Where | RecordedWhere): SqlIntelligence {
  const known = knownOf(where);
  // A recording has no rows to look at.
  const live = 'recordingId' in where ? null : where;
  const jsonKeys = live ? { jsonKeys: jsonKeysOf(live) } : {};
  return {
    complete: (text, caret) =>
      known.catalog &&
      complete({ text, caret, catalog: known.catalog, uses: known.uses, joins: joinsOf(known), ...jsonKeys }),
    awaited: (text, caret) => (live && known.catalog ? jsonKeysAwaited(live, known.catalog, text, caret) : null),
    hover: (text, offset) => known.catalog && hoverAt(known.catalog, text, offset),
    rename: (text, offset) => known.catalog && renameAt(known.catalog, text, offset),
    signature: (text, caret) => known.catalog && signatureAt(known.catalog, text, caret),
    openDefinition(text, offset) {
      // The caret right behind a name means that name.
      const found =
        known.catalog &&
        (namedAt(known.catalog, text, offset) ?? (offset > 0 ? namedAt(known.catalog, text, offset - 1) : null));
      const object = found && objectOf(found.named);
      // An object's page asks a server.
      if (!object || !known.catalog || 'recordingId' in where) return false;
      openTab({
        kind: 'object',
        connectionId: where.connectionId,
        database: where.database ?? known.catalog.head.database,
        object,
      });
      return true;
    },
  };
}

type Found = { readonly kind: ObjectKind; readonly oid: number; readonly schema: string | null; readonly name: string };

/** The object whose page is opened; a column's is its table's. */
function objectOf(named: Named): Found | null {
  const relation =
    named.kind === 'relation'
      ? named.relation
      : named.kind === 'column' || named.kind === 'source'
        ? named.source.relation
        : null;
  if (relation) {
    if (relation.kind === 'composite') return null;
    return { kind: relation.kind, oid: relation.oid, schema: relation.schema, name: relation.name };
  }
  if (named.kind === 'routine') {
    const { kind, oid, schema, name } = named.routine;
    return { kind: kind === 'procedure' || kind === 'aggregate' ? kind : 'function', oid, schema, name };
  }
  if (named.kind === 'type') {
    const { kind, oid, schema, name } = named.type;
    return { kind: kind === 'domain' ? 'domain' : 'type', oid, schema, name };
  }
  return null;
}
