import type { DataColumn } from '../../../shared/api/data.ts';
import { readRecord, writeRecord } from '../../../shared/edit/literals.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { PartInput } from './part-input.tsx';

/** The fields of a composite value. */
export function CompositePanel({
  column,
  text,
  onText,
}: {
  column: DataColumn;
  text: string | null;
  onText: (text: string) => void;
}) {
  const none = column.fields.map(() => null);
  const fields = text === null ? none : readRecord(text);
  if (fields?.length !== column.fields.length)
    return <p className="text-xs text-muted">This is edited as text: it does not have the type’s fields.</p>;
  return (
    <div className="grid w-80 grid-cols-[max-content_1fr] items-center gap-x-2 gap-y-1">
      {column.fields.map(({ name, typeName }, at) => (
        <div key={name} className="contents">
          <span className="text-xs text-muted" title={visibleText(typeName)}>
            {visibleText(name)}
          </span>
          <PartInput
            label={visibleText(name)}
            typeName={visibleText(typeName)}
            value={fields[at] ?? null}
            onValue={(value) => onText(writeRecord(fields.with(at, value)))}
          />
        </div>
      ))}
    </div>
  );
}
