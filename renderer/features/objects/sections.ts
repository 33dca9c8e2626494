/** Which section each object page shows; kept while the program runs, so that "Show DDL" can choose before the page is there. */
import { create } from 'zustand';
import type { ObjectRef } from '../../../shared/api/objects.ts';

interface Sections {
  readonly chosen: Readonly<Record<string, string>>;
}
const useSections = create<Sections>(() => ({ chosen: {} }));
const nameOf = (connectionId: string, database: string, { kind, oid, subId }: ObjectRef): string =>
  JSON.stringify([connectionId, database, kind, oid, subId ?? 0]);

export function chooseSection(connectionId: string, database: string, object: ObjectRef, section: string): void {
  const name = nameOf(connectionId, database, object);
  useSections.setState(({ chosen }) => ({ chosen: { ...chosen, [name]: section } }));
}
export const useSection = (connectionId: string, database: string, object: ObjectRef): string => {
  const name = nameOf(connectionId, database, object);
  return useSections(({ chosen }) => chosen[name] ?? 'Properties');
};
