/** Told when the structure of a database was changed from within the program, so that what shows it is read anew. */
type Listener = (connectionId: string, database: string) => void;
const listeners = new Set<Listener>();

export function onStructureChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function structureChanged(connectionId: string, database: string): void {
  for (const listener of listeners) listener(connectionId, database);
}
