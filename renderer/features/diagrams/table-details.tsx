import { Crosshair, Rows3, TableProperties, X } from 'lucide-react';
import type { DiagramKey, DiagramTable } from '../../../shared/api/diagrams.ts';
import { shownBytes, shownCount } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { visibleText } from '../../ui/visible-text.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;

export interface TableDetailsProps {
  readonly table: DiagramTable;
  readonly keys: readonly DiagramKey[];
  readonly onGo: (id: string) => void;
  readonly onAround: () => void;
  readonly onClose: () => void;
  /** Null where there is no server to ask. */
  readonly onRows: (() => void) | null;
  readonly onStructure: (() => void) | null;
}

/** The table that is selected: what it is, what it refers to, and what refers to it. */
export function TableDetails({ table, keys, onGo, onAround, onClose, onRows, onStructure }: TableDetailsProps) {
  const out = keys.filter(({ from }) => from === table.id);
  const into = keys.filter(({ to }) => to === table.id);
  return (
    <section aria-label="Table" className="flex h-full min-h-0 flex-col overflow-auto bg-canvas text-xs">
      <header className="flex items-start gap-1 px-3 pt-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold break-words">{visibleText(table.name)}</h2>
          <p className="text-muted">
            {visibleText(table.schema)}
            {table.rowEstimate !== null && <> · about {shownCount(table.rowEstimate)} rows</>}
            {table.sizeBytes !== null && <> · {shownBytes(table.sizeBytes)}</>}
          </p>
        </div>
        <IconButton label="Close" icon={<X {...icon} />} onClick={onClose} />
      </header>
      {table.comment !== '' && (
        <p className="selectable px-3 pt-1.5 whitespace-pre-wrap">{visibleText(table.comment)}</p>
      )}
      <div className="flex flex-wrap gap-1.5 px-3 py-2">
        {onRows && (
          <Button small icon={<Rows3 {...icon} />} onClick={onRows}>
            Rows
          </Button>
        )}
        {onStructure && (
          <Button small icon={<TableProperties {...icon} />} onClick={onStructure}>
            Structure
          </Button>
        )}
        <Button small icon={<Crosshair {...icon} />} onClick={onAround}>
          Around it
        </Button>
      </div>
      <KeyList title="Refers to" keys={out} other={({ to }) => to} onGo={onGo} none="Nothing." />
      <KeyList title="Referred to by" keys={into} other={({ from }) => from} onGo={onGo} none="Nothing." />
      <h3 className="px-3 pt-2 pb-1 font-medium text-muted">Columns</h3>
      <ul className="pb-3">
        {table.columns.map((column) => (
          <li key={column.name} className="selectable px-3 py-0.5" title={column.comment || undefined}>
            <span className={column.primary ? 'font-semibold' : undefined}>{visibleText(column.name)}</span>{' '}
            <span className="text-muted">
              {visibleText(column.type)}
              {column.notNull ? ' not null' : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function KeyList({
  title,
  keys,
  other,
  onGo,
  none,
}: {
  title: string;
  keys: readonly DiagramKey[];
  other: (key: DiagramKey) => string;
  onGo: (id: string) => void;
  none: string;
}) {
  return (
    <>
      <h3 className="px-3 pt-2 pb-1 font-medium text-muted">{title}</h3>
      {keys.length === 0 ? (
        <p className="px-3 text-faint">{none}</p>
      ) : (
        <ul>
          {keys.map((key) => (
            <li key={key.id}>
              <button
                type="button"
                className="w-full px-3 py-1 text-left hover:bg-hover"
                title={key.name}
                onClick={() => onGo(other(key))}
              >
                <span className="block truncate text-accent">{visibleText(other(key))}</span>
                <span className="block truncate text-2xs text-muted">
                  {visibleText(key.fromColumns.join(', '))}
                  {key.virtual && ' · not declared'}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
