import { formatStatement } from '../../../shared/format/format.ts';
import type { FormatStyle } from '../../../shared/format/style.ts';
import { SqlText } from '../../editor/sql-text.tsx';
import { Segmented } from '../../ui/field.tsx';

const sample = `with recent as (select customer_id, sum(total) as spent from customer_order where placed_at > now() - interval '7 days' and status <> 'cart' group by customer_id)
select c.full_name, r.spent, case when r.spent > 1000 then 'gold' else 'blue' end as card -- for the letter
from recent r join customer c on c.id = r.customer_id left join country n on n.code = c.country_code where c.active and (r.spent > 100 or c.loyalty_points > 50) order by r.spent desc limit 20;`;

const indents = ['2', '4', '8'] as const;
const widths = ['80', '100', '120'] as const;

/** How Format writes SQL, with what comes of it beside the choices. */
export function FormatSettings({ style, onStyle }: { style: FormatStyle; onStyle: (style: FormatStyle) => void }) {
  const change = (part: Partial<FormatStyle>) => onStyle({ ...style, ...part });
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-[max-content_1fr] items-center gap-x-4 gap-y-2">
        <Choice
          label="Shape"
          value={style.shape}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'expanded', label: 'Expanded' },
            { value: 'river', label: 'River' },
          ]}
          onValue={(shape) => change({ shape })}
        />
        <Choice
          label="Keywords"
          value={style.keywords}
          options={[
            { value: 'lower', label: 'lower case' },
            { value: 'upper', label: 'UPPER CASE' },
            { value: 'keep', label: 'As written' },
          ]}
          onValue={(keywords) => change({ keywords })}
        />
        <Choice
          label="Commas"
          value={style.commas}
          options={[
            { value: 'after', label: 'At the end' },
            { value: 'before', label: 'In front' },
          ]}
          onValue={(commas) => change({ commas })}
        />
        <Choice
          label="Indent"
          value={indents.find((each) => Number(each) === style.indentWidth) ?? '2'}
          options={indents.map((value) => ({ value, label: value }))}
          onValue={(value) => change({ indentWidth: Number(value) })}
        />
        <Choice
          label="Line width"
          value={widths.find((each) => Number(each) === style.lineWidth) ?? '100'}
          options={widths.map((value) => ({ value, label: value }))}
          onValue={(value) => change({ lineWidth: Number(value) })}
        />
      </div>
      <div className="overflow-hidden rounded-md border border-line">
        <SqlText label="Preview of the format" text={formatStatement(sample, style)} />
      </div>
    </div>
  );
}

function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onValue: (value: Value) => void;
}) {
  return (
    <>
      <span className="text-xs font-medium text-muted">{props.label}</span>
      <div>
        <Segmented {...props} />
      </div>
    </>
  );
}
