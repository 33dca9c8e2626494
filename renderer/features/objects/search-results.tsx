import { SearchX } from 'lucide-react';
import { useState } from 'react';
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { Tree } from '../../ui/tree.tsx';
import { nodeLook } from './object-look.tsx';

export interface SearchResultsProps {
  readonly connectionId: string;
  readonly database: string;
  readonly text: string;
  readonly includeSystem: boolean;
  readonly onOpen: (object: ObjectRef) => void;
  readonly onReveal: (path: readonly { key: string }[], key: string) => void;
  readonly menuOf: (object: ObjectRef) => readonly MenuEntry[];
}

/** The best matches as a flat list, each with where it is. */
export function SearchResults({ text, includeSystem, onOpen, onReveal, menuOf, ...place }: SearchResultsProps) {
  const [chosenKey, select] = useState<string | null>(null);
  const found = useCall(client.objects.search, { ...place, text, includeSystem, limit: 200 });
  if (found.state === 'failed') {
    return (
      <div className="h-full overflow-auto p-2">
        <FailureView failure={found.failure} />
      </div>
    );
  }
  if (!found.data) return <Pending label="Reading names" />;
  const hits = found.data;
  if (hits.length === 0 && found.state === 'done') {
    return (
      <EmptyState icon={<SearchX size={22} strokeWidth={1.5} />} title="No match">
        Names and comments of tables, columns, indexes, functions and all other objects were looked through.
      </EmptyState>
    );
  }
  // The best match is chosen until another one is: Enter opens it.
  const selectedKey = hits.some((hit) => hit.node.key === chosenKey) ? chosenKey : (hits[0]?.node.key ?? null);
  const hitOf = (key: string) => hits.find((hit) => hit.node.key === key);
  return (
    <Tree
      label="Objects found"
      flat
      rows={hits.map(({ node }) => ({
        key: node.key,
        depth: 0,
        ...nodeLook(node),
        expandable: false,
        expanded: false,
      }))}
      selectedKey={selectedKey}
      onSelect={select}
      onToggle={() => undefined}
      onOpen={(key) => {
        const object = hitOf(key)?.node.object;
        if (object) onOpen(object);
      }}
      menu={(key) => {
        const hit = hitOf(key);
        if (!hit?.node.object) return [];
        const reveal: MenuEntry = { label: 'Show in tree', run: () => onReveal(hit.path, key) };
        return [reveal, ...menuOf(hit.node.object)];
      }}
    />
  );
}
