import { Download, Plus, RefreshCcwDot, Waypoints, Workflow } from 'lucide-react';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { mostNodes, type RowGraphState } from './row-graph-model.ts';
import { type RowFile, rowFiles } from './save-rows.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;
const steps = ['5', '10', '25', '100'].map((value) => ({ value, label: `${value} rows a step` }));

export interface RowToolbarProps {
  readonly state: RowGraphState;
  readonly onLayOut: () => void;
  /** Looks for the path between the two selected, or leaves the one that is shown. */
  readonly onPath: () => void;
  readonly onAdd: () => void;
  readonly onRestart: () => void;
  readonly onStep: (rows: number) => void;
  readonly onSave: (kind: RowFile) => void;
}

export function RowToolbar({ state, onLayOut, onPath, onAdd, onRestart, onStep, onSave }: RowToolbarProps) {
  const { nodes, selected, path, step, busy } = state;
  return (
    <div
      role="toolbar"
      aria-label="Row graph"
      className="flex h-9 shrink-0 items-center gap-1.5 border-b border-line bg-canvas px-2"
    >
      <Button small icon={<Workflow {...icon} />} onClick={onLayOut}>
        Lay out
      </Button>
      <Button small icon={<Plus {...icon} />} disabled={nodes.size >= mostNodes} onClick={onAdd}>
        Add a row
      </Button>
      <Button small icon={<Waypoints {...icon} />} disabled={selected.size !== 2 && !path} onClick={onPath}>
        {path ? 'Leave the path' : 'Path between two'}
      </Button>
      <Button small icon={<RefreshCcwDot {...icon} />} onClick={onRestart}>
        Begin anew
      </Button>
      <div className="w-36 shrink-0">
        <Select
          aria-label="Rows fetched by one step"
          value={String(step)}
          options={steps}
          onValue={(value) => onStep(Number(value))}
        />
      </div>
      <span role="status" className="min-w-0 truncate pl-1 text-xs text-muted">
        {busy ? 'Reading…' : `${shownCount(nodes.size)} of at most ${shownCount(mostNodes)} rows`}
      </span>
      <div className="ml-auto shrink-0">
        <DropdownMenu
          align="end"
          trigger={
            <Button small icon={<Download {...icon} />}>
              Save as
            </Button>
          }
          items={(Object.keys(rowFiles) as RowFile[]).map(
            (kind): MenuEntry => ({ label: rowFiles[kind], run: () => onSave(kind) }),
          )}
        />
      </div>
    </div>
  );
}
