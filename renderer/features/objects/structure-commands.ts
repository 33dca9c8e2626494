import { useEffect } from 'react';
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { type CreateKind, createKinds } from '../../../shared/api/structure.ts';
import { bindCommand } from '../../workspace/commands.ts';
import { useLayout } from '../../workspace/layout.ts';
import { openTab, useTabs } from '../../workspace/tabs.ts';
import { createsOn, mayAlter, mayDrop, nameOn, openAlter, openDrop, type Where } from './structure-entries.ts';

/** The object whose page or rows are in front. */
function inFront(): (Where & { readonly object: ObjectRef }) | null {
  const { tabs, activeId } = useTabs.getState();
  const place = tabs.find(({ id }) => id === activeId)?.place;
  return place?.kind === 'object' || place?.kind === 'data' ? place : null;
}

/** In the database that the sidebar shows: in the schema, and on the table, that is in front where it is of there. */
function create(kind: CreateKind): void {
  const { currentConnectionId: connectionId, currentDatabase: database } = useLayout.getState();
  if (!connectionId || !database) return;
  const front = inFront();
  const object = front?.connectionId === connectionId && front.database === database ? front.object : null;
  const schema = object?.kind === 'schema' ? object.name : (object?.schema ?? null);
  const on = object && createsOn(object).includes(kind) ? { table: nameOn(kind, object) } : {};
  openTab({ kind: 'structure', mode: 'create', create: kind, schema, connectionId, database, ...on });
}

/** Binds a command for each kind that can be made, and those for the object in front. */
export function useStructureCommands(): void {
  useEffect(() => {
    const hasDatabase = () => useLayout.getState().currentDatabase !== null;
    const withObject = (fits: (object: ObjectRef) => boolean, open: (where: Where, object: ObjectRef) => void) => ({
      when: () => {
        const front = inFront();
        return front !== null && fits(front.object);
      },
      run: () => {
        const front = inFront();
        if (front) open(front, front.object);
      },
    });
    const unbind = [
      ...createKinds.map((kind) =>
        bindCommand(`structure.new.${kind}`, { when: hasDatabase, run: () => create(kind) }),
      ),
      bindCommand('structure.alter', withObject(mayAlter, openAlter)),
      bindCommand('structure.drop', withObject(mayDrop, openDrop)),
    ];
    return () => {
      for (const each of unbind) each();
    };
  }, []);
}
