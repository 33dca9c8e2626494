import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { DataColumn } from '../../../shared/api/data.ts';
import { readArray, writeArray } from '../../../shared/edit/literals.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { PartInput } from './part-input.tsx';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** The elements of an array, one a line. */
export function ArrayPanel({
  column,
  text,
  onText,
}: {
  column: DataColumn;
  text: string | null;
  onText: (text: string) => void;
}) {
  const elements = text === null ? [] : readArray(text);
  if (!elements) return <p className="text-xs text-muted">This is edited as text: it is not a plain list.</p>;
  const put = (next: readonly (string | null)[]) => onText(writeArray(next));
  const swapped = (a: number, b: number) =>
    elements.map((element, at) => (at === a ? (elements[b] ?? null) : at === b ? (elements[a] ?? null) : element));
  return (
    <div className="flex w-80 flex-col gap-1">
      {elements.map((element, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no other identity
        <div key={at} className="flex items-center gap-0.5">
          <span className="w-6 shrink-0 text-right text-2xs text-faint tabular-nums">{at + 1}</span>
          <PartInput
            label={`Element ${at + 1}`}
            typeName={column.elementTypeName ?? ''}
            labels={column.labels}
            value={element}
            onValue={(value) => put(elements.with(at, value))}
          />
          <IconButton
            label={`Move element ${at + 1} up`}
            disabled={at === 0}
            icon={<ArrowUp {...icon} />}
            onClick={() => put(swapped(at, at - 1))}
          />
          <IconButton
            label={`Move element ${at + 1} down`}
            disabled={at === elements.length - 1}
            icon={<ArrowDown {...icon} />}
            onClick={() => put(swapped(at, at + 1))}
          />
          <IconButton
            label={`Remove element ${at + 1}`}
            icon={<X {...icon} />}
            onClick={() => put(elements.toSpliced(at, 1))}
          />
        </div>
      ))}
      <Button
        small
        kind="quiet"
        className="self-start"
        icon={<Plus {...icon} />}
        onClick={() => put([...elements, ''])}
      >
        Add an element
      </Button>
    </div>
  );
}
