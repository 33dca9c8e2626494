import { X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { failureLine } from '../../../ui/failure-view.tsx';
import { Select } from '../../../ui/field.tsx';
import type { DiagramModel } from '../diagram-model.ts';
import { type HeatKind, heatKinds, heatLabels } from './heat.ts';
import { useHeat } from './use-heat.ts';

/** Below the tools while tables are painted by heat: by what, and at which instant. */
export function HeatBar({
  model,
  kind,
  onKind,
}: {
  model: DiagramModel;
  kind: HeatKind;
  onKind: (kind: HeatKind | null) => void;
}) {
  const { source } = model.store.getState();
  const { recording, atMs, pinnedMs, failure, pin } = useHeat(model, source, kind);
  const [held, setHeld] = useState<number | null>(null);
  const { fromMs = null, toMs = null } = recording ?? {};
  const shownMs = held ?? atMs;
  const take = () => {
    if (held !== null) pin(held);
    setHeld(null);
  };
  return (
    <section aria-label="Heat" className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-2 text-xs">
      <div className="w-64 shrink-0">
        <Select
          aria-label="Painted by"
          value={kind}
          options={heatKinds.map((value) => ({ value, label: heatLabels[value] }))}
          onValue={onKind}
        />
      </div>
      {fromMs !== null && toMs !== null && shownMs !== null ? (
        <>
          <input
            type="range"
            aria-label="At this instant"
            aria-valuetext={new Date(shownMs).toLocaleString()}
            className="min-w-24 flex-1 accent-(--accent)"
            min={fromMs}
            max={toMs}
            step={1_000}
            value={Math.min(toMs, Math.max(fromMs, shownMs))}
            onChange={(event) => setHeld(Number(event.currentTarget.value))}
            onPointerUp={take}
            onKeyUp={take}
          />
          <span className="w-40 shrink-0 text-right tabular-nums">{new Date(shownMs).toLocaleString()}</span>
          <Button small kind="quiet" disabled={pinnedMs === null} onClick={() => pin(null)}>
            Newest
          </Button>
        </>
      ) : (
        <span className="min-w-0 flex-1 truncate text-muted">
          {kind === 'size'
            ? 'As the server knows it since the last VACUUM or ANALYZE.'
            : 'This is known from a recording only: start one under Monitoring, Recorder.'}
        </span>
      )}
      {failure && <span className="min-w-0 truncate text-danger">{failureLine(failure)}</span>}
      <IconButton label="Paint no heat" icon={<X size={14} strokeWidth={1.75} />} onClick={() => onKind(null)} />
    </section>
  );
}
