/** Where structure is changed: something new, something that is there, or its end. */
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { type CreateKind, createWord } from '../../../shared/api/structure.ts';

export type TableSection = 'columns' | 'constraints' | 'indexes' | 'partitions';

/** A foreign key: its columns, the table referred to as SQL, and the columns there. */
export interface NewReference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly referred: readonly string[];
}

export type StructurePlace = {
  readonly kind: 'structure';
  readonly connectionId: string;
  readonly database: string;
} & (
  | {
      readonly mode: 'create';
      readonly create: CreateKind;
      readonly schema: string | null;
      /** What it is made on: a table as SQL; the name of a foreign server, or of its wrapper. */
      readonly table?: string;
    }
  /** `section`: what the designer shows first; `reference`: what it adds to its pending changes at once. */
  | {
      readonly mode: 'alter';
      readonly object: ObjectRef;
      readonly section?: TableSection;
      readonly reference?: NewReference;
    }
  | { readonly mode: 'drop'; readonly object: ObjectRef }
);

export function structureTitle(place: StructurePlace): string {
  if (place.mode === 'create') return `New ${createWord(place.create).toLowerCase()}`;
  const { schema, name } = place.object;
  return `${place.mode === 'alter' ? 'Alter' : 'Drop'} ${schema === null ? name : `${schema}.${name}`}`;
}

/** Of what is there: what is done to it, and its name by itself; of something new null. */
export function shortStructureTitle(place: StructurePlace): { readonly verb: string; readonly name: string } | null {
  if (place.mode === 'create') return null;
  return { verb: place.mode === 'alter' ? 'Alter' : 'Drop', name: place.object.name };
}

/** A new object has a tab of its own each time, and so has a key that is still to be added. */
export function sameStructure(a: StructurePlace, b: StructurePlace): boolean {
  if (a.mode === 'create' || b.mode === 'create' || a.mode !== b.mode) return false;
  if ((a.mode === 'alter' && a.reference) || (b.mode === 'alter' && b.reference)) return false;
  return (
    a.connectionId === b.connectionId &&
    a.database === b.database &&
    a.object.kind === b.object.kind &&
    a.object.oid === b.object.oid &&
    a.object.name === b.object.name &&
    a.object.subId === b.object.subId
  );
}
