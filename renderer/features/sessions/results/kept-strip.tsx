import { shownCount } from '../../../ui/amounts.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { shownName, shownValue } from '../parameters/parameter-values.ts';
import type { Comparison, KeptResult } from './kept-results.ts';

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Above a kept result: what it is of. */
export function KeptStrip({
  kept,
  onToggleSame,
}: {
  kept: KeptResult;
  onToggleSame: (comparison: Comparison) => void;
}) {
  return (
    <div className="flex h-7 shrink-0 items-center gap-2 border-b border-line bg-canvas px-2.5 text-xs text-muted">
      {kept.kind === 'comparison' ? <Compared comparison={kept} onToggleSame={onToggleSame} /> : <Pinned kept={kept} />}
    </div>
  );
}

function Pinned({ kept }: { kept: Extract<KeptResult, { kind: 'pinned' }> }) {
  const values = Object.entries(kept.values).map(([name, value]) => `${shownName(name)} = ${shownValue(value)}`);
  return (
    <>
      <span className="shrink-0 tabular-nums">Pinned, run at {time.format(kept.atMs)}</span>
      <span className="min-w-0 truncate font-mono text-2xs text-ink" title={kept.sql}>
        {visibleText(kept.sql.replace(/\s+/g, ' ').slice(0, 300))}
      </span>
      {values.length > 0 && (
        <span className="min-w-0 shrink-0 truncate font-mono text-2xs" title={values.join('\n')}>
          {visibleText(values.join(', ').slice(0, 120))}
        </span>
      )}
    </>
  );
}

function Compared({
  comparison,
  onToggleSame,
}: {
  comparison: Comparison;
  onToggleSame: (comparison: Comparison) => void;
}) {
  const { counts, keys, notes, withSame } = comparison;
  const equal = counts.added + counts.removed + counts.changed === 0;
  return (
    <>
      <span className="shrink-0 tabular-nums">
        {equal ? (
          <span className="font-medium text-success">No differences</span>
        ) : (
          <>
            <span className="font-medium text-success">{shownCount(counts.added)} added</span>,{' '}
            <span className="font-medium text-danger">{shownCount(counts.removed)} removed</span>,{' '}
            <span className="font-medium text-ink">{shownCount(counts.changed)} changed</span>
          </>
        )}
        , {shownCount(counts.same)} the same
      </span>
      <span className="min-w-0 truncate" title={notes.join('\n')}>
        {keys ? `matched by ${visibleText(keys.join(', '))}` : 'compared by position'}
        {notes.length > 0 && ` · ${visibleText(notes.join(' '))}`}
      </span>
      <span className="flex-1" />
      {counts.same > 0 && (
        <button type="button" className="shrink-0 text-accent hover:underline" onClick={() => onToggleSame(comparison)}>
          {withSame ? 'Hide what is the same' : 'Show what is the same too'}
        </button>
      )}
    </>
  );
}
