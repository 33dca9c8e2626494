/** Names and SQL of an object, for showing, copying and running. */
import { kindWords, type ObjectRef } from '../../../shared/api/objects.ts';
import { identifier, qualified } from '../../../shared/sql/quote.ts';

const withRows: ReadonlySet<ObjectRef['kind']> = new Set([
  'table',
  'partitionedTable',
  'foreignTable',
  'view',
  'materializedView',
  'sequence',
]);

/** `schema.name`, quoted where SQL needs it. */
export const qualifiedName = ({ schema, name }: ObjectRef): string =>
  schema === null ? identifier(name) : qualified(schema, name);

const partsOfTables: ReadonlySet<ObjectRef['kind']> = new Set(['column', 'constraint', 'trigger', 'rule', 'policy']);
/** Named within its table, so that its schema alone says nothing. */
export const isPartOfTable = ({ kind }: ObjectRef): boolean => partsOfTables.has(kind);

export const hasRows = ({ kind }: ObjectRef): boolean => withRows.has(kind);
/** A schema, or what is drawn as a table. */
export const inDiagram = (object: ObjectRef): boolean =>
  object.kind === 'schema' || (hasRows(object) && object.kind !== 'sequence');
export const selectRows = (object: ObjectRef): string => `select *\nfrom ${qualifiedName(object)}\nlimit 500;\n`;
export const kindWord = ({ kind }: ObjectRef): string => kindWords[kind][0];
