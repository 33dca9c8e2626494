import '../grid.css';
import { Rows3, WrapText, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Callout, Pending } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn } from '../grid-source.ts';
import { sizeText } from '../model/cell-text.ts';
import { fromHex, imageKind } from './bytes.ts';
import { CopyValue } from './copy-value.tsx';
import { HexView } from './hex-view.tsx';
import { ImageView } from './image-view.tsx';
import { JsonView } from './json-view.tsx';
import { TextView } from './text-view.tsx';
import { useLoaded, wordsOf } from './use-loaded.ts';
import type { LoadPiece } from './value-piece.ts';

export interface ValueViewerProps {
  readonly column: GridColumn;
  /** From 0. */
  readonly row: number;
  /** Stands for the value: another key, another value. */
  readonly valueKey: string;
  readonly load: LoadPiece;
  readonly onClose?: () => void;
  /** Shows the whole row in the place of the value. */
  readonly onRecord?: () => void;
}

type View = 'text' | 'json' | 'hex' | 'image';
const names: Record<View, string> = { text: 'Text', json: 'JSON', hex: 'Hex', image: 'Image' };

/** Enough to tell a picture, JSON and hex digits. */
const HEAD_BYTES = 256;

interface Nature {
  readonly isNull: boolean;
  readonly sizeBytes: number;
  readonly digits: boolean;
  /** What can be made of it, the likeliest first. */
  readonly views: readonly View[];
}

async function natureOf(load: LoadPiece, column: GridColumn, signal: AbortSignal): Promise<Nature> {
  const { isNull, sizeBytes, text } = await load(0, HEAD_BYTES, { base64: false, signal });
  const digits = column.typeName === 'bytea' && text.startsWith('\\x');
  const picture = digits && imageKind(fromHex(text.slice(2))) !== null;
  const json = column.typeName === 'json' || column.typeName === 'jsonb';
  const jsonLike = !digits && column.category !== 'A' && /^\s*[[{]/.test(text);
  const first: readonly View[] = picture ? ['image', 'hex'] : digits ? ['hex'] : json ? ['json'] : [];
  const views = new Set<View>([...first, 'text', ...(jsonLike ? (['json'] as const) : []), 'hex']);
  return { isNull, sizeBytes, digits, views: [...views] };
}

/** One value, whole: as text, JSON, bytes or a picture. */
export function ValueViewer(props: ValueViewerProps) {
  const { column, row, valueKey, load, onClose, onRecord } = props;
  /** A choice holds for values of the same type. */
  const [choice, setChoice] = useState<{ view: View; typeName: string } | null>(null);
  const [wrap, setWrap] = useState(true);
  const nature = useLoaded(valueKey, (signal) => natureOf(load, column, signal));
  const known = nature.state === 'done' ? nature.data : null;
  const chosen = choice?.typeName === column.typeName ? choice.view : null;
  const view = chosen && known?.views.includes(chosen) ? chosen : (known?.views[0] ?? 'text');
  return (
    <section
      aria-label={`Value of ${visibleText(column.name)}, row ${row + 1}`}
      className="flex h-full min-h-0 min-w-0 flex-col bg-surface"
    >
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-2">
        <div className="min-w-0 flex-1 truncate text-xs">
          <span className="font-semibold">{visibleText(column.name)}</span>{' '}
          <span className="text-muted">
            {visibleText(column.typeName)}, row {(row + 1).toLocaleString('en-US')}
            {known && !known.isNull && `, ${sizeText(known.digits ? (known.sizeBytes - 2) / 2 : known.sizeBytes)}`}
          </span>
        </div>
        {known && !known.isNull && (
          <Segmented
            label="Show as"
            value={view}
            options={known.views.map((value) => ({ value, label: names[value] }))}
            onValue={(next) => setChoice({ view: next, typeName: column.typeName })}
          />
        )}
        {view === 'text' && (
          <IconButton
            label="Wrap lines"
            pressed={wrap}
            icon={<WrapText size={16} strokeWidth={1.75} />}
            onClick={() => setWrap(!wrap)}
          />
        )}
        {known && !known.isNull && <CopyValue key={valueKey} load={load} />}
        {onRecord && (
          <IconButton
            label="Show the row as a record"
            keys="Space"
            icon={<Rows3 size={16} strokeWidth={1.75} />}
            onClick={onRecord}
          />
        )}
        {onClose && <IconButton label="Close the value" icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />}
      </header>
      <div className="min-h-0 flex-1">
        {nature.state === 'pending' && <Pending label="Loading the value" />}
        {nature.state === 'failed' && <Callout tone="danger" className="m-2" title={wordsOf(nature.thrown)} />}
        {known?.isNull && <p className="p-3 text-xs text-faint italic">NULL</p>}
        {known && !known.isNull && (
          <ViewOf key={`${valueKey} ${view}`} view={view} load={load} digits={known.digits} wrap={wrap} />
        )}
      </div>
    </section>
  );
}

function ViewOf({ view, load, digits, wrap }: { view: View; load: LoadPiece; digits: boolean; wrap: boolean }) {
  if (view === 'json') return <JsonView load={load} />;
  if (view === 'hex') return <HexView load={load} digits={digits} />;
  if (view === 'image') return <ImageView load={load} />;
  return <TextView load={load} wrap={wrap} />;
}
