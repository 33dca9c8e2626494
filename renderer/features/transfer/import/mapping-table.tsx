import { Settings2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { ImportRules } from '../../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { type DraftColumn, noRules } from './import-draft.ts';

export interface MappingProps {
  readonly preview: FilePreview;
  readonly columns: readonly DraftColumn[];
  /** The table's; null where it is made. */
  readonly targets: readonly { readonly name: string; readonly type: string }[] | null;
  /** The rows come from a table, not from a file. */
  readonly ofCopy: boolean;
  readonly onColumns: (columns: readonly DraftColumn[]) => void;
}

/** Which column of the file goes where, and what is done to its values on the way. */
export function MappingTable({ preview, columns, targets, ofCopy, onColumns }: MappingProps) {
  const [open, setOpen] = useState<number | null>(null);
  const change = (source: number, next: Partial<DraftColumn>) =>
    onColumns(columns.map((each) => (each.source === source ? { ...each, ...next } : each)));
  return (
    <div className="max-h-72 overflow-auto rounded-md border border-line">
      <table className="w-full text-xs">
        <caption className="sr-only">Columns</caption>
        <thead className="sticky top-0 z-10 bg-canvas text-left text-muted">
          <tr>
            <th className="px-2 py-1 font-medium">{ofCopy ? 'Of the source' : 'In the file'}</th>
            <th className="px-2 py-1 font-medium">{ofCopy ? 'Type' : 'First value'}</th>
            <th className="px-2 py-1 font-medium">{targets ? 'Column of the table' : 'New column and its type'}</th>
            <th className="w-9 px-1 py-1">
              <span className="sr-only">Rules</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <MappingRow
              key={column.source}
              column={column}
              name={preview.columns[column.source]?.name ?? ''}
              sample={preview.rows.find((row) => row[column.source] !== null)?.[column.source] ?? null}
              targets={targets}
              open={open === column.source}
              onOpen={() => setOpen(open === column.source ? null : column.source)}
              onChange={(next) => change(column.source, next)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly column: DraftColumn;
  readonly name: string;
  readonly sample: string | null;
  readonly targets: MappingProps['targets'];
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onChange: (change: Partial<DraftColumn>) => void;
}

function MappingRow({ column, name, sample, targets, open, onOpen, onChange }: RowProps) {
  const shown = visibleText(name);
  const hasRules = JSON.stringify(column.rules) !== JSON.stringify(noRules);
  return (
    <>
      <tr className="border-t border-line">
        <td className="max-w-48 truncate px-2 py-1">{shown}</td>
        <td className="max-w-48 truncate px-2 py-1 font-mono text-muted">{visibleText(sample ?? '')}</td>
        <td className="px-2 py-1">
          {targets ? (
            <Select
              aria-label={`Column for ${shown}`}
              value={column.target}
              options={[
                { value: '', label: 'Left out' },
                ...targets.map((each) => ({ value: each.name, label: `${each.name} (${each.type})` })),
              ]}
              onValue={(target) => onChange({ target })}
            />
          ) : (
            <div className="flex gap-1.5">
              <TextInput
                aria-label={`Column for ${shown}`}
                placeholder="left out"
                value={column.target}
                onChange={(event) => onChange({ target: event.currentTarget.value })}
              />
              <TextInput
                aria-label={`Type of ${shown}`}
                mono
                value={column.type}
                onChange={(event) => onChange({ type: event.currentTarget.value })}
              />
            </div>
          )}
        </td>
        <td className="px-1 py-1">
          <IconButton
            label={`Rules for ${shown}`}
            pressed={open || hasRules}
            icon={<Settings2 size={15} strokeWidth={1.75} />}
            onClick={onOpen}
          />
        </td>
      </tr>
      {open && (
        <tr className="bg-sunken">
          <td colSpan={4} className="px-2 py-2">
            <Rules rules={column.rules} onRules={(rules) => onChange({ rules })} />
          </td>
        </tr>
      )}
    </>
  );
}

function Rules({ rules, onRules }: { rules: ImportRules; onRules: (rules: ImportRules) => void }) {
  const id = useId();
  const [replaced] = rules.replace;
  const change = (next: Partial<ImportRules>) => onRules({ ...rules, ...next });
  const replace = (from: string, to: string) => change({ replace: from === '' ? [] : [{ from, to }] });
  return (
    <div className="grid grid-cols-3 gap-x-3 gap-y-2" data-rules={id}>
      <Field label="Values that mean NULL, with commas">
        {(ids) => (
          <TextInput
            {...ids}
            placeholder="n/a, unknown"
            value={rules.nullWords.join(',')}
            onChange={(event) =>
              change({ nullWords: event.currentTarget.value === '' ? [] : event.currentTarget.value.split(',') })
            }
          />
        )}
      </Field>
      <Field label="Replace">
        {(ids) => (
          <TextInput
            {...ids}
            value={replaced?.from ?? ''}
            onChange={(event) => replace(event.currentTarget.value, replaced?.to ?? '')}
          />
        )}
      </Field>
      <Field label="with">
        {(ids) => (
          <TextInput
            {...ids}
            disabled={!replaced}
            value={replaced?.to ?? ''}
            onChange={(event) => replace(replaced?.from ?? '', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Date format">
        {(ids) => (
          <TextInput
            {...ids}
            mono
            placeholder="DD.MM.YYYY HH24:MI"
            value={rules.dateFormat ?? ''}
            onChange={(event) => change({ dateFormat: event.currentTarget.value || null })}
          />
        )}
      </Field>
      <Field label="Instead: an expression of SQL" className="col-span-2">
        {(ids) => (
          <TextInput
            {...ids}
            mono
            placeholder={'upper("name") || "code"'}
            value={rules.expression ?? ''}
            onChange={(event) => change({ expression: event.currentTarget.value || null })}
          />
        )}
      </Field>
      <Checkbox
        label="Without spaces at both ends"
        checked={rules.trim}
        onChange={(event) => change({ trim: event.currentTarget.checked })}
      />
    </div>
  );
}
