import type { ReactNode } from 'react';
import { SplitPane } from '../../../../ui/split-pane.tsx';
import { changeLayout, useLayout } from '../../../../workspace/layout.ts';

/** A table, and below it the details of the chosen row, where one is chosen. */
export function WithDetails({
  table,
  details,
  label = 'Resize the details',
  mostPx = Number.POSITIVE_INFINITY,
}: {
  table: ReactNode;
  details: ReactNode;
  label?: string;
  /** Details that need no more than this leave the rest to the table. */
  mostPx?: number;
}) {
  const { resultsPx } = useLayout();
  if (!details) return table;
  return (
    <SplitPane
      direction="column"
      sized="second"
      sizePx={Math.min(resultsPx, mostPx)}
      minPx={140}
      onSize={(px) => changeLayout({ resultsPx: px })}
      label={label}
      first={table}
      second={details}
    />
  );
}
