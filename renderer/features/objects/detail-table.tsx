import { useState } from 'react';
import type { DetailTable as Data, ObjectRef } from '../../../shared/api/objects.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { withSeparators } from './counts.ts';

/** So many rows are drawn at once; more on demand. */
const shownAtFirst = 300;

/** A small read-only table: columns, constraints, grants… Rows that are objects can be opened. */
export function DetailTable({ data, onOpen }: { data: Data; onOpen: (object: ObjectRef) => void }) {
  const [all, setAll] = useState(false);
  const rows = all ? data.rows : data.rows.slice(0, shownAtFirst);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section aria-label={data.title} tabIndex={0} className="h-full overflow-auto">
      <table className="selectable w-max border-separate border-spacing-0 text-xs">
        <thead>
          <tr>
            {data.columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="sticky top-0 border-r border-b border-line bg-canvas px-2 py-1 text-left font-medium whitespace-nowrap text-muted"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity and do not move
            <tr key={at} className="hover:bg-hover">
              {row.map((value, column) => (
                <Cell
                  key={data.columns[column]}
                  value={value}
                  heading={headingOf(data, row, column)}
                  object={data.columns[column] === linkColumn(data) ? (data.objects?.[at] ?? null) : null}
                  onOpen={onOpen}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < data.rows.length && (
        <div className="p-2">
          <Button small onClick={() => setAll(true)}>
            Show all {data.rows.length.toLocaleString('en')} rows
          </Button>
        </div>
      )}
    </section>
  );
}

/** Where the link of a row stands: at the name of the object it is. */
const linkColumn = (data: Data): string | undefined =>
  ['Name', 'Object', 'Constraint', 'Dictionary', 'Role', 'Table'].find((name) => data.columns.includes(name));

/** What a cell's number is of: in a table of counters the name at the left says it. */
const headingOf = (data: Data, row: readonly (string | null)[], column: number): string =>
  (data.columns[column] === 'Value' ? row[0] : data.columns[column]) ?? '';

const isNumber = /^-?[\d.,]+$/;

function Cell({
  value,
  heading,
  object,
  onOpen,
}: {
  value: string | null;
  heading: string;
  object: ObjectRef | null;
  onOpen: (object: ObjectRef) => void;
}) {
  const plain = value === null ? '' : visibleText(value.replaceAll('\t', '  ')).replaceAll('<U+000A>', '\n');
  const shown = withSeparators(heading, plain);
  return (
    <td
      className={cx(
        'max-w-[60ch] border-r border-b border-line px-2 py-1 align-top break-words whitespace-pre-wrap',
        isNumber.test(shown) && 'text-right tabular-nums',
      )}
    >
      {object && value !== null ? (
        <button type="button" className="text-left text-accent hover:underline" onClick={() => onOpen(object)}>
          {shown}
        </button>
      ) : (
        shown
      )}
    </td>
  );
}
