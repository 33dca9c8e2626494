/** Every place one can be, as plain data: what a tab shows, what is kept over a restart, what a link would name. */
import type { DiagramChoice } from '../../shared/api/diagrams.ts';
import type { ObjectRef } from '../../shared/api/objects.ts';
import { type MonitorPage, type MonitorSource, monitorLabel, sameSource } from './monitor/pages.ts';
import type { RunOptions } from './run-options.ts';
import { type StructurePlace, sameStructure, structureTitle } from './structure/structure-place.ts';

/** The connection that a place is of. */
export const connectionIdOf = (place: Place): string | null =>
  'connectionId' in place ? (place.connectionId ?? null) : null;

export type Place =
  | { readonly kind: 'welcome' }
  | {
      readonly kind: 'query';
      readonly connectionId: string | null;
      readonly database: string | null;
      /** What it completes and remembers from where it has no connection: a recording from elsewhere. */
      readonly recordingId?: string;
      /** How its statements run; as usual where absent. */
      readonly options?: RunOptions;
      /** The saved query it shows, and the text there that was opened or saved last. */
      readonly saved?: { readonly id: string; readonly digest: string };
    }
  | { readonly kind: 'object'; readonly connectionId: string; readonly database: string; readonly object: ObjectRef }
  /** The rows of a table or view; `where` says which, where not all. */
  | {
      readonly kind: 'data';
      readonly connectionId: string;
      readonly database: string;
      readonly object: ObjectRef;
      readonly where?: string;
    }
  /** The tables of a database, live or recorded, as a picture; `choice`: a part of them, in a view of its own. */
  | {
      readonly kind: 'diagram';
      readonly connectionId: string | null;
      readonly database: string | null;
      readonly recordingId?: string;
      /** A file of SQL that was read. */
      readonly scriptId?: string;
      readonly choice?: DiagramChoice;
    }
  | StructurePlace
  /** Rows as cards, from one along foreign keys; null: which table, or which row, is still to be chosen. */
  | {
      readonly kind: 'rowGraph';
      readonly connectionId: string;
      readonly database: string;
      readonly object: ObjectRef | null;
      readonly key: readonly string[] | null;
    }
  /** A kept plan; null while it is being made, and for pasting one. */
  | { readonly kind: 'plan'; readonly planId: number | null; readonly connectionId?: string | null }
  | { readonly kind: 'history' }
  /** All servers that are or were recorded. */
  | { readonly kind: 'servers' }
  /** `focus`: what the page shows first, a statement's key, say. */
  | ({ readonly kind: 'monitor'; readonly page: MonitorPage; readonly focus?: string } & MonitorSource)
  | { readonly kind: 'journal' }
  | { readonly kind: 'backups' }
  | { readonly kind: 'settings' };
export type PlaceKind = Place['kind'];

export interface Tab {
  readonly id: string;
  readonly place: Place;
  readonly title: string;
}

/** Places of which one tab is enough: opening it again goes there. */
export function samePlace(a: Place, b: Place): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'query') return false;
  if (a.kind === 'plan' && b.kind === 'plan') return a.planId !== null && a.planId === b.planId;
  if (a.kind === 'data' && b.kind === 'data') {
    return (
      a.connectionId === b.connectionId &&
      a.database === b.database &&
      a.object.oid === b.object.oid &&
      a.where === b.where
    );
  }
  if (a.kind === 'diagram' && b.kind === 'diagram') {
    return (
      a.connectionId === b.connectionId &&
      a.database === b.database &&
      a.recordingId === b.recordingId &&
      a.scriptId === b.scriptId &&
      JSON.stringify(a.choice) === JSON.stringify(b.choice)
    );
  }
  if (a.kind === 'structure' && b.kind === 'structure') return sameStructure(a, b);
  if (a.kind === 'rowGraph' && b.kind === 'rowGraph') {
    const same = a.connectionId === b.connectionId && a.database === b.database && a.object?.oid === b.object?.oid;
    return same && JSON.stringify(a.key) === JSON.stringify(b.key);
  }
  if (a.kind === 'monitor' && b.kind === 'monitor') return a.page === b.page && sameSource(a, b) && a.focus === b.focus;
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.connectionId === b.connectionId &&
      a.database === b.database &&
      a.object.kind === b.object.kind &&
      a.object.oid === b.object.oid &&
      a.object.subId === b.object.subId
    );
  }
  return true;
}

/** What a fresh tab of that place is called. */
export function placeTitle(place: Place): string {
  switch (place.kind) {
    case 'welcome':
      return 'Welcome';
    case 'query':
      return 'Query';
    case 'data':
    case 'object':
      return place.object.schema ? `${place.object.schema}.${place.object.name}` : place.object.name;
    case 'rowGraph':
      return [place.object?.name ?? 'Row graph', ...(place.key ?? [])].join(' ');
    case 'diagram':
      return place.choice?.kind === 'around' ? `Around ${place.choice.table}` : 'Diagram';
    case 'structure':
      return structureTitle(place);
    case 'plan':
      return 'Plan';
    case 'servers':
      return 'Servers';
    case 'monitor':
      return monitorLabel(place.page);
    case 'history':
      return 'History';
    case 'journal':
      return 'Undo journal';
    case 'backups':
      return 'Backups';
    case 'settings':
      return 'Settings';
  }
}

const placeKinds: readonly string[] = [
  'welcome',
  'query',
  'object',
  'data',
  'diagram',
  'structure',
  'rowGraph',
  'plan',
  'history',
  'servers',
  'monitor',
  'journal',
  'backups',
  'settings',
] satisfies PlaceKind[];

/** A place read back from the store; null for one this version does not know. */
export function placeFrom(saved: Record<string, unknown>): Place | null {
  return typeof saved.kind === 'string' && placeKinds.includes(saved.kind) ? (saved as unknown as Place) : null;
}
