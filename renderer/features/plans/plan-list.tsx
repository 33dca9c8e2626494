import { Trash2 } from 'lucide-react';
import type { PlanEntry } from '../../../shared/api/plans.ts';
import { client } from '../../client/connect.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { shownMs } from './metrics.ts';

export interface PlanListProps {
  readonly entries: readonly PlanEntry[];
  readonly shownId?: number;
  readonly onOpen: (entry: PlanEntry) => void;
  readonly onCompare?: (entry: PlanEntry) => void;
  readonly onRemoved: () => void;
  /** Plans of several statements: each says its own. */
  readonly withSql?: boolean;
}

/** Kept plans, newest first; where a statement's plan became another, the list says so. */
export function PlanList({ entries, shownId, onOpen, onCompare, onRemoved, withSql }: PlanListProps) {
  if (entries.length === 0) return <p className="p-3 text-sm text-muted">No plan has been kept yet.</p>;
  return (
    <ul>
      {entries.map((entry, at) => {
        const older = entries
          .slice(at + 1)
          .find((each) => each.fingerprint !== null && each.fingerprint === entry.fingerprint);
        const changed = older !== undefined && older.shape !== entry.shape;
        return (
          <li
            key={entry.id}
            className={cx(
              'flex items-start gap-2 border-b border-line px-3 py-1.5 hover:bg-hover',
              entry.id === shownId && 'bg-selected',
            )}
          >
            <button type="button" className="min-w-0 flex-1 text-left" onClick={() => onOpen(entry)}>
              <span className="flex flex-wrap items-baseline gap-x-3 text-xs text-muted tabular-nums">
                <span>{new Date(entry.atMs).toLocaleString()}</span>
                <span className="text-ink">
                  {entry.analyzed && entry.executionMs !== null
                    ? shownMs(entry.executionMs)
                    : entry.totalCost !== null
                      ? `cost ${entry.totalCost}`
                      : ''}
                </span>
                {entry.origin === 'paste' ? (
                  <span>pasted</span>
                ) : entry.origin === 'whatIf' ? (
                  <span>what if, {visibleText(`${entry.connectionName} / ${entry.database}`)}</span>
                ) : (
                  <span>{visibleText(`${entry.connectionName} / ${entry.database}`)}</span>
                )}
              </span>
              {withSql && (
                <span className="line-clamp-2 font-mono text-xs wrap-anywhere">
                  {visibleText((entry.sql ?? 'A plan without its statement').slice(0, 300).replace(/\s+/g, ' '))}
                </span>
              )}
              {entry.parameters && (
                <span className="block truncate font-mono text-xs text-muted">{visibleText(entry.parameters)}</span>
              )}
              {entry.settings && (
                <span className="block truncate font-mono text-2xs text-faint">{visibleText(entry.settings)}</span>
              )}
              {changed && (
                <span className="mt-0.5 inline-block rounded-sm bg-warning-soft px-1.5 text-2xs font-medium text-warning">
                  The plan changed here
                </span>
              )}
            </button>
            {onCompare && entry.id !== shownId && (
              <Button small kind="quiet" onClick={() => onCompare(entry)}>
                Compare
              </Button>
            )}
            {entry.id !== shownId && (
              <IconButton
                label="Remove this plan"
                icon={<Trash2 size={14} strokeWidth={1.75} />}
                onClick={() => void client.plans.remove({ ids: [entry.id] }).then(onRemoved)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
