import { ChevronDown, Maximize2, Radio, Undo2, ZoomOut } from 'lucide-react';
import { useState } from 'react';
import { shownInstant, shownLength, shownRange } from '../../../chart/time-axis.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { lengthsMs, type Shown, wider } from '../../../workspace/monitor/time-range.ts';
import { follow, show, showBack, useTimeView } from '../../../workspace/monitor/time-view.ts';
import type { MonitorView } from './monitor-view.ts';
import { RangeDialog } from './range-dialog.tsx';

const icon = { size: 15, strokeWidth: 1.75 } as const;

/** Which stretch of time is shown: lengths, a stretch of one's own, back, wider, all; and going with the newest. */
export function RangePicker({ view }: { view: MonitorView }) {
  const [asking, setAsking] = useState(false);
  const { shown, back } = useTimeView(view.id);
  const { span, range } = view;
  const take = (next: Shown) => show(view.id, next, span);
  const last = shown?.kind !== 'fixed';
  const label = last ? `Last ${shownLength(range.toMs - range.fromMs)}` : shownRange(range);
  return (
    <div className="flex shrink-0 items-center gap-1">
      {view.pinned && (
        <Button
          small
          className="border-accent text-accent"
          title="All screens look at this instant. Press to look at the newest again."
          onClick={() => view.pin(null)}
        >
          At {shownInstant(view.atMs)} ✕
        </Button>
      )}
      <DropdownMenu
        align="end"
        trigger={
          <Button small title={shownRange(range)} icon={null}>
            {label}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
          </Button>
        }
        items={[
          ...lengthsMs.map((lengthMs) => ({
            kind: 'choice' as const,
            label: `Last ${shownLength(lengthMs)}`,
            checked: last && range.toMs - range.fromMs === lengthMs,
            run: () => take({ kind: 'last', lengthMs }),
          })),
          { kind: 'separator' },
          { label: 'From and to…', run: () => setAsking(true) },
        ]}
      />
      <IconButton
        label="Show what was shown before"
        icon={<Undo2 {...icon} />}
        disabled={back.length === 0}
        onClick={() => showBack(view.id)}
      />
      <IconButton
        label="Show twice as much"
        icon={<ZoomOut {...icon} />}
        onClick={() => take({ kind: 'fixed', ...wider(range, span) })}
      />
      <IconButton
        label="Show all that is recorded"
        icon={<Maximize2 {...icon} />}
        disabled={span.fromMs === null || span.toMs === null}
        onClick={() => take({ kind: 'fixed', fromMs: span.fromMs ?? range.fromMs, toMs: span.toMs ?? range.toMs })}
      />
      {span.live && (
        <IconButton
          label={view.live ? 'Hold still' : 'Go with the newest'}
          pressed={view.live}
          icon={<Radio {...icon} />}
          onClick={() => {
            if (view.pinned) view.pin(null);
            follow(view.id, !view.live, range);
          }}
        />
      )}
      {asking && (
        <RangeDialog
          from={range.fromMs}
          to={range.toMs}
          onClose={() => setAsking(false)}
          onTake={(fromMs, toMs) => take({ kind: 'fixed', fromMs, toMs })}
        />
      )}
    </div>
  );
}
