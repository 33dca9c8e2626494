import { Rows3, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Callout, EmptyState, Spinner } from '../ui/states.tsx';

export interface GridStatesProps {
  readonly progress?: 'none' | 'streaming' | 'complete' | 'cut';
  readonly cutNote?: ReactNode;
  readonly failure?: string | null;
  readonly onRetry?: () => void;
  readonly rowCount: number;
  readonly filtered: boolean;
  readonly onClear: () => void;
  /** In place of the words over an empty grid. */
  readonly empty?: ReactNode;
  readonly children: ReactNode;
}

/** Around the cells: what stopped the rows, that they were cut, and over an empty grid why it is empty. */
export function GridStates({
  progress = 'complete',
  cutNote,
  failure,
  onRetry,
  rowCount,
  filtered,
  onClear,
  empty,
  children,
}: GridStatesProps) {
  return (
    <>
      {failure && (
        <Callout
          tone="danger"
          className="m-2 shrink-0"
          title={failure}
          actions={
            onRetry && (
              <Button small onClick={onRetry}>
                Try again
              </Button>
            )
          }
        />
      )}
      <div className="relative min-h-0 flex-1">
        {children}
        {rowCount === 0 && !failure && progress !== 'none' && (
          <div className="pointer-events-none absolute inset-x-0 top-10 bottom-0">
            {progress === 'streaming' ? (
              <div className="flex h-full items-center justify-center">
                <Spinner label="Waiting for the first row" />
              </div>
            ) : empty ? (
              <div className="pointer-events-auto h-full">{empty}</div>
            ) : filtered ? (
              <EmptyState
                icon={<SearchX size={20} strokeWidth={1.75} />}
                title="No fetched row passes the filter"
                actions={
                  <Button small className="pointer-events-auto" onClick={onClear}>
                    Clear the filter
                  </Button>
                }
              />
            ) : (
              <EmptyState icon={<Rows3 size={20} strokeWidth={1.75} />} title="No rows">
                The statement ran and its result is empty.
              </EmptyState>
            )}
          </div>
        )}
      </div>
      {progress === 'cut' && (
        <div role="status" className="shrink-0 border-t border-line bg-warning-soft px-2 py-1 text-xs text-warning">
          {cutNote ?? 'Rows are missing: the statement had more.'}
        </div>
      )}
    </>
  );
}
