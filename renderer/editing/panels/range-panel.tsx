import type { DataColumn } from '../../../shared/api/data.ts';
import { type RangeParts, readRange, writeRange } from '../../../shared/edit/literals.ts';
import { cx } from '../../ui/class-names.ts';
import { Checkbox } from '../../ui/field.tsx';
import { PartInput } from './part-input.tsx';

const whole: RangeParts = { empty: false, lower: null, upper: null, lowerIncluded: true, upperIncluded: false };

/** The two ends of a range. */
export function RangePanel({
  column,
  text,
  onText,
}: {
  column: DataColumn;
  text: string | null;
  onText: (text: string) => void;
}) {
  const range = text === null ? whole : readRange(text);
  if (!range) return <p className="text-xs text-muted">This is edited as text: it cannot be read as a range.</p>;
  const put = (change: Partial<RangeParts>) => onText(writeRange({ ...range, ...change }));
  const typeName = column.elementTypeName ?? '';
  return (
    <div className={cx('flex flex-col gap-1.5', typeName.startsWith('timestamp') ? 'w-96' : 'w-72')}>
      {(['lower', 'upper'] as const).map((end) => (
        <div key={end} className="flex items-center gap-2">
          <span className="w-10 shrink-0 text-xs text-muted">{end === 'lower' ? 'From' : 'To'}</span>
          <PartInput
            label={end === 'lower' ? 'From' : 'To'}
            typeName={typeName}
            none="without bound"
            value={range[end]}
            onValue={(value) => put({ [end]: value, empty: false })}
          />
          <Checkbox
            label="included"
            checked={range[`${end}Included`]}
            disabled={range.empty || range[end] === null}
            onChange={(event) => put({ [`${end}Included`]: event.currentTarget.checked })}
          />
        </div>
      ))}
      <Checkbox
        label="Empty range"
        checked={range.empty}
        onChange={(event) => onText(event.currentTarget.checked ? 'empty' : writeRange(whole))}
      />
    </div>
  );
}
