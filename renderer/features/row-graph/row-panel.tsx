import { ArrowUpRight, X } from 'lucide-react';
import type { Reference } from '../../../shared/api/data.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { shownCount } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { type RowGraph, whereOf } from './row-graph-model.ts';
import { cellOf, labelOf, nameOf, type RowNode, readable, valuesOf } from './row-node.ts';

export interface RowPanelProps {
  readonly graph: RowGraph;
  readonly node: RowNode;
  readonly step: number;
  readonly onFollow: (reference: Reference, outward: boolean) => void;
  /** The rows at the other end, as a table. */
  readonly onOpen: (reference: Reference) => void;
  readonly onClose: () => void;
}

/** Counts go no further than this. */
const counted = 1_000;
const longestValue = 400;

/** The row that is selected: where one can go from it, with how many rows are there, and its values. */
export function RowPanel({ graph, node, step, onFollow, onOpen, onClose }: RowPanelProps) {
  const { model } = node;
  const wanted = [...new Set(model.referencedBy.flatMap((reference) => reference.columns))];
  const counts = useCall(client.data.related, {
    ...whereOf(graph),
    oid: model.oid,
    values: wanted.map((column) => ({ column, value: cellOf(node, column) })),
  });
  const label = labelOf(node);
  return (
    <section aria-label="Row" className="h-full overflow-auto bg-canvas text-xs">
      <header className="flex items-start gap-1 px-3 pt-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold break-words">{visibleText(nameOf(node))}</h2>
          {label !== null && <p className="break-words text-muted">{visibleText(label.slice(0, longestValue))}</p>}
        </div>
        <IconButton label="Close" icon={<X size={14} strokeWidth={1.75} />} onClick={onClose} />
      </header>
      <h3 className="px-3 pt-3 pb-1 font-medium text-muted">Refers to</h3>
      {model.references.length === 0 && <p className="px-3 text-faint">Nothing.</p>}
      <ul>
        {model.references.map((reference) => {
          const values = valuesOf(node, reference);
          return (
            <Step
              key={reference.constraint}
              name={reference.other.name}
              detail={values === null ? 'NULL' : values.join(', ')}
              action={values === null ? null : 'Show'}
              onStep={() => onFollow(reference, true)}
              onOpen={values === null ? null : () => onOpen(reference)}
            />
          );
        })}
      </ul>
      <h3 className="px-3 pt-3 pb-1 font-medium text-muted">Referred to by</h3>
      {model.referencedBy.length === 0 && <p className="px-3 text-faint">Nothing.</p>}
      {counts.state === 'failed' && <FailureView failure={counts.failure} className="m-2" />}
      <ul>
        {model.referencedBy.map((reference) => {
          const rows = counts.data?.find(
            ({ constraint, oid }) => constraint === reference.constraint && oid === reference.other.oid,
          )?.rows;
          const none = rows === 0 || valuesOf(node, reference) === null;
          return (
            <Step
              key={`${reference.other.oid} ${reference.constraint}`}
              name={reference.other.name}
              detail={`by ${reference.otherColumns.join(', ')} · ${countWords(rows)}`}
              action={none ? null : typeof rows === 'number' && rows <= step ? 'Show' : `Show ${step}`}
              onStep={() => onFollow(reference, false)}
              onOpen={none ? null : () => onOpen(reference)}
            />
          );
        })}
      </ul>
      <h3 className="px-3 pt-3 pb-1 font-medium text-muted">Values</h3>
      <dl className="pb-3">
        {readable(model).map((column, at) => (
          <div key={column.number} className="selectable px-3 py-0.5 break-words">
            <dt className="inline text-muted">{visibleText(column.name)} </dt>
            <dd className="inline">{shownValue(node.cells[at] ?? null)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const shownValue = (value: string | null): string => {
  if (value === null) return 'NULL';
  return value.length > longestValue ? `${visibleText(value.slice(0, longestValue))}…` : visibleText(value);
};

function countWords(rows: number | null | undefined): string {
  if (rows === undefined) return '…';
  if (rows === null) return 'not counted in time';
  return `${rows > counted ? `more than ${shownCount(counted)}` : shownCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
}

function Step({
  name,
  detail,
  action,
  onStep,
  onOpen,
}: {
  name: string;
  detail: string;
  action: string | null;
  onStep: () => void;
  onOpen: (() => void) | null;
}) {
  return (
    <li className="flex items-center gap-1.5 px-3 py-1">
      <div className="min-w-0 flex-1">
        <div className="truncate">{visibleText(name)}</div>
        <div className="truncate text-2xs text-muted">{visibleText(detail)}</div>
      </div>
      {onOpen && (
        <IconButton
          label={`Open the rows of ${name}`}
          icon={<ArrowUpRight size={14} strokeWidth={1.75} />}
          onClick={onOpen}
        />
      )}
      {action !== null && (
        <Button small aria-label={`${action} of ${name}`} onClick={onStep}>
          {action}
        </Button>
      )}
    </li>
  );
}
