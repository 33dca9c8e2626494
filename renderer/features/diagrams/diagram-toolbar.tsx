import { ChevronDown, Download, Filter, Flame, History, PanelLeft, RefreshCw, Waypoints, Workflow } from 'lucide-react';
import type { DiagramContent } from '../../../shared/api/diagrams.ts';
import { pictureKinds } from '../../diagram/cards/picture.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { Popover } from '../../ui/popover.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { ChoosePanel } from './choose-panel.tsx';
import type { DiagramState } from './diagram-model.ts';
import { type DiagramFile, fileLabels, textKinds } from './save-diagram.ts';

const icon = { size: 15, strokeWidth: 1.75 } as const;
const small = { size: 14, strokeWidth: 1.75 } as const;

export interface DiagramToolbarProps {
  readonly state: DiagramState;
  readonly listShown: boolean;
  readonly onList: () => void;
  /** Null where it was read from a file: that is opened again. */
  readonly onRefresh: (() => void) | null;
  readonly onChange: (edit: Partial<DiagramContent>) => void;
  readonly onLayAnew: () => void;
  readonly heat: boolean;
  readonly onHeat: () => void;
  readonly history: boolean;
  /** Null where there is no database: for a file. */
  readonly onHistory: (() => void) | null;
  readonly onSave: (kind: DiagramFile) => void;
  readonly layoutMenu: readonly MenuEntry[];
  readonly keysMenu: readonly MenuEntry[];
}

const details = [
  { value: 'name', label: 'Names' },
  { value: 'keys', label: 'Keys' },
  { value: 'all', label: 'Columns' },
] as const;

export function DiagramToolbar(props: DiagramToolbarProps) {
  const { state, onChange } = props;
  const { graph, content, current } = state;
  return (
    <div
      role="toolbar"
      aria-label="Diagram"
      className="flex h-9 shrink-0 items-center gap-1.5 border-b border-line bg-canvas px-2"
    >
      <IconButton
        label="List of tables"
        pressed={props.listShown}
        icon={<PanelLeft {...icon} />}
        onClick={props.onList}
      />
      {props.onRefresh && (
        <IconButton
          label="Read the structure again"
          icon={<RefreshCw {...icon} />}
          disabled={state.reading}
          onClick={props.onRefresh}
        />
      )}
      <DropdownMenu
        trigger={
          <Button small className="max-w-48 min-w-0">
            <span className="truncate">{current ? visibleText(current.name) : 'View that is not kept'}</span>
            <ChevronDown {...small} aria-hidden className="shrink-0" />
          </Button>
        }
        items={props.layoutMenu}
      />
      {graph && (
        <Popover
          label="What is shown"
          align="start"
          trigger={
            <Button small icon={<Filter {...small} />}>
              Show
            </Button>
          }
        >
          <ChoosePanel graph={graph} content={content} onChange={onChange} />
        </Popover>
      )}
      <Segmented label="Detail" value={content.detail} options={details} onValue={(detail) => onChange({ detail })} />
      <IconButton label="Lay out anew" icon={<Workflow {...icon} />} onClick={props.onLayAnew} />
      <div className="ml-auto flex items-center gap-1.5">
        <IconButton label="Heat" pressed={props.heat} icon={<Flame {...icon} />} onClick={props.onHeat} />
        {props.onHistory && (
          <IconButton
            label="Changes of the structure"
            pressed={props.history}
            icon={<History {...icon} />}
            onClick={props.onHistory}
          />
        )}
        <DropdownMenu
          align="end"
          trigger={
            <Button small icon={<Waypoints {...small} />}>
              Keys
            </Button>
          }
          items={props.keysMenu}
        />
        <DropdownMenu
          align="end"
          trigger={
            <Button small icon={<Download {...small} />}>
              Save as
            </Button>
          }
          items={[
            { kind: 'heading', label: 'Picture' },
            ...pictureKinds.map((kind): MenuEntry => ({ label: fileLabels[kind], run: () => props.onSave(kind) })),
            { kind: 'heading', label: 'Text' },
            ...textKinds.map((kind): MenuEntry => ({ label: fileLabels[kind], run: () => props.onSave(kind) })),
          ]}
        />
      </div>
    </div>
  );
}
