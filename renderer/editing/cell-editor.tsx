import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { DataColumn, NewValue, Reference } from '../../shared/api/data.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { DropdownMenu, type MenuEntry } from '../ui/menu.tsx';
import { visibleText } from '../ui/visible-text.ts';
import type { EditedRows } from './edited-rows.ts';
import { editorKind, exampleOf, momentKindOf, takesZone } from './editor-kind.ts';
import { ArrayPanel } from './panels/array-panel.tsx';
import { ByteaPanel } from './panels/bytea-panel.tsx';
import { CompositePanel } from './panels/composite-panel.tsx';
import { MomentPanel } from './panels/moment-panel.tsx';
import { RangePanel } from './panels/range-panel.tsx';
import { ReferencePanel } from './panels/reference-panel.tsx';
import { TextPanel } from './panels/text-panel.tsx';

/** Where the cursor goes after the value was taken. */
export type After = 'stay' | 'down' | 'up' | 'right' | 'left';

export interface CellEditorProps {
  readonly rows: EditedRows;
  readonly column: DataColumn;
  readonly reference: Reference | undefined;
  /** What the cell holds, or what was typed to begin with. */
  readonly text: string | null;
  /** A key was typed: it takes the place of what was there. */
  readonly typed: boolean;
  readonly inNewRow: boolean;
  readonly onDone: (value: NewValue, after: After) => void;
  readonly onCancel: () => void;
}

const asValue = (text: string | null): NewValue => (text === null ? { kind: 'null' } : { kind: 'text', text });
const panelled: ReadonlySet<string> = new Set([
  'json',
  'text',
  'array',
  'range',
  'composite',
  'bytea',
  'moment',
  'reference',
]);

/** Over a cell: one line for most types, with a panel below for those that have parts. */
export function CellEditor(props: CellEditorProps) {
  const { rows, column, reference, typed, inNewRow, onDone, onCancel } = props;
  const [text, setText] = useState(props.text);
  const [kind] = useState(() => editorKind(column, props.text, reference !== undefined));
  const box = useRef<HTMLDivElement>(null);
  const left = useRef(false);
  const finish = (value: NewValue, after: After) => {
    left.current = true;
    onDone(value, after);
  };
  const cancel = () => {
    left.current = true;
    onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const multiline = event.target instanceof HTMLTextAreaElement;
    const takes = event.ctrlKey || event.metaKey;
    // A button in a panel is pressed by it.
    if (event.key === 'Enter' && !takes && event.target instanceof Element && event.target.closest('button')) return;
    if (event.key === 'Escape') cancel();
    else if (event.key === 'Enter' && (!multiline || takes)) finish(asValue(text), event.shiftKey ? 'up' : 'down');
    else if (event.key === 'Tab' && !panelled.has(kind)) finish(asValue(text), event.shiftKey ? 'left' : 'right');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words: MenuEntry[] = [
    ...(column.notNull ? [] : [{ label: 'NULL', run: () => finish({ kind: 'null' }, 'stay') }]),
    ...(column.defaultText !== null || inNewRow
      ? [
          {
            label: `DEFAULT${column.defaultText ? `: ${column.defaultText.slice(0, 40)}` : ''}`,
            run: () => finish({ kind: 'default' }, 'stay'),
          },
        ]
      : []),
    ...(column.category === 'S'
      ? [{ label: 'Empty text', run: () => finish({ kind: 'text', text: '' }, 'stay') }]
      : []),
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the fields inside
    <div
      ref={box}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        // A menu or a panel of ours is not elsewhere.
        if (left.current || event.currentTarget.contains(event.relatedTarget)) return;
        if (event.relatedTarget?.closest('[role=menu], [data-radix-popper-content-wrapper]')) return;
        if (!document.hasFocus()) return;
        finish(asValue(text), 'stay');
      }}
      className="rounded-sm bg-surface shadow-overlay outline-2 outline-focus"
    >
      <div className="flex h-[27px] items-center">
        <Line kind={kind} column={column} text={text} typed={typed} onText={setText} />
        {words.length > 0 && (
          <DropdownMenu
            align="end"
            items={words}
            trigger={
              <IconButton label="NULL, DEFAULT" tabIndex={-1} icon={<Ellipsis size={14} strokeWidth={1.75} />} />
            }
          />
        )}
      </div>
      <Panel
        rows={rows}
        kind={kind}
        column={column}
        reference={reference}
        text={text}
        typed={typed}
        onText={setText}
        onPick={(value) => finish(asValue(value), 'stay')}
      />
      <Hint column={column} kind={kind} />
    </div>
  );
}

function Hint({ column, kind }: { column: DataColumn; kind: string }) {
  const example = kind === 'line' || kind === 'moment' ? exampleOf(column) : null;
  if (!example) return null;
  return (
    <p className="border-t border-line px-2 py-0.5 text-2xs whitespace-nowrap text-faint">
      {example}
      {takesZone(column) && ' · without a zone: the server’s'}
    </p>
  );
}

function Line({
  kind,
  column,
  text,
  typed,
  onText,
}: {
  kind: string;
  column: DataColumn;
  text: string | null;
  typed: boolean;
  onText: (text: string | null) => void;
}): ReactNode {
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  // With the editor's first frame: a key that comes before that would be the grid's.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editor opens
  useLayoutEffect(() => {
    if (kind === 'text' || kind === 'json') return;
    field.current?.focus({ preventScroll: true });
    if (field.current instanceof HTMLInputElement) {
      if (typed) field.current.setSelectionRange(1000, 1000);
      else field.current.select();
    }
  }, []);
  const className =
    'h-full min-w-0 flex-1 bg-transparent px-2 text-xs text-ink outline-none placeholder:text-faint placeholder:italic';
  const label = `New value of ${visibleText(column.name)}`;
  if (kind === 'boolean' || kind === 'enum') {
    const values = kind === 'boolean' ? ['t', 'f'] : column.labels;
    return (
      <select
        ref={field}
        aria-label={label}
        value={text ?? '\u0000'}
        onChange={(event) => onText(event.currentTarget.value === '\u0000' ? null : event.currentTarget.value)}
        className={cx(className, 'bg-surface')}
      >
        {(!column.notNull || text === null) && <option value={'\u0000'}>NULL</option>}
        {values.map((value) => (
          <option key={value} value={value}>
            {kind === 'boolean' ? (value === 't' ? 'true' : 'false') : visibleText(value)}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'text' || kind === 'json')
    return <span className="flex-1 truncate px-2 text-xs text-muted">{visibleText(column.typeName)}</span>;
  return (
    <input
      ref={field}
      aria-label={label}
      spellCheck={false}
      autoComplete="off"
      value={text ?? ''}
      placeholder={text === null ? 'NULL' : ''}
      onChange={(event) => onText(event.currentTarget.value)}
      className={cx(className, column.category === 'N' && 'tabular-nums')}
    />
  );
}

function Panel({
  rows,
  kind,
  column,
  reference,
  text,
  typed,
  onText,
  onPick,
}: {
  rows: EditedRows;
  kind: string;
  column: DataColumn;
  reference: Reference | undefined;
  text: string | null;
  typed: boolean;
  onText: (text: string | null) => void;
  onPick: (text: string) => void;
}): ReactNode {
  const panel = (content: ReactNode) => (
    <div className="max-h-72 min-w-72 overflow-auto border-t border-line p-2">{content}</div>
  );
  switch (kind) {
    case 'text':
    case 'json':
      return panel(<TextPanel column={column} text={text} typed={typed} json={kind === 'json'} onText={onText} />);
    case 'array':
      return panel(<ArrayPanel column={column} text={text} onText={onText} />);
    case 'range':
      return panel(<RangePanel column={column} text={text} onText={onText} />);
    case 'composite':
      return panel(<CompositePanel column={column} text={text} onText={onText} />);
    case 'bytea':
      return panel(<ByteaPanel name={`${rows.model.name}-${column.name}`} text={text} onText={onText} />);
    case 'moment': {
      const moment = momentKindOf(column);
      return moment && panel(<MomentPanel kind={moment} text={text} onText={onText} />);
    }
    case 'reference':
      return reference
        ? panel(<ReferencePanel where={rows.where} reference={reference} column={column} text={text} onPick={onPick} />)
        : null;
    default:
      return null;
  }
}
