import { useMemo } from 'react';
import type { ActivityShare } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { Swatch } from '../../../chart/swatch.tsx';
import { waitClass } from '../../../chart/wait-classes.ts';
import { cx } from '../../../ui/class-names.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { oneLine, percent } from '../parts/words.ts';
import { type ActivityView, dimensionLabels } from './activity-view.ts';

export interface SharesTableProps {
  readonly shares: readonly ActivityShare[];
  /** Of the stretch it is compared with; null: none. */
  readonly before: readonly ActivityShare[] | null;
  readonly activity: ActivityView;
  readonly onDrill: (share: ActivityShare) => void;
}

const sessions = (value: number) => shownAmount(value, { unit: 'sessions' });

/** Who had what share of the range; a row narrows to it. */
export function SharesTable({ shares, before, activity, onDrill }: SharesTableProps) {
  const lines = useTable('share', true);
  const rows = useMemo(() => {
    const there = new Set(shares.map(({ key }) => key));
    const nothing = { sessionMs: 0, share: 0, shareError: 0, average: 0, samples: 0, byClass: {} };
    // What is no longer active tells as much as what is new.
    return [...shares, ...(before ?? []).filter(({ key }) => !there.has(key)).map((each) => ({ ...each, ...nothing }))];
  }, [shares, before]);
  const columns = useMemo(() => {
    const most = Math.max(...shares.map((each) => each.share), Number.MIN_VALUE);
    const earlier = new Map(before?.map((each) => [each.key, each]));
    const change = (share: ActivityShare) => share.average - (earlier.get(share.key)?.average ?? 0);
    const all: Column<ActivityShare>[] = [
      {
        key: 'bar',
        label: 'Load',
        widthPx: 112,
        value: (row) => row.share,
        cell: (row) => <ShareBar share={row.share / most} byClass={row.byClass} />,
      },
      {
        key: 'label',
        label: dimensionLabels[activity.by],
        widthPx: 170,
        grows: true,
        value: (row) => row.label,
        cell: (row) => (
          <button
            type="button"
            title={`Narrow to ${oneLine(row.label) || 'none'}`}
            onClick={() => onDrill(row)}
            className="flex max-w-full items-center gap-1.5 text-left hover:text-accent hover:underline"
          >
            {activity.by === 'class' && (
              <Swatch color={waitClass(row.key).color} pattern={waitClass(row.key).pattern} />
            )}
            <span className={cx('truncate', activity.by === 'query' && 'font-mono text-2xs')}>
              {activity.by === 'class' ? waitClass(row.key).label : oneLine(row.label) || 'none'}
            </span>
          </button>
        ),
      },
      {
        key: 'average',
        label: 'Sessions',
        title: 'Average active sessions',
        widthPx: 84,
        right: true,
        value: (row) => row.average,
        cell: (row) => sessions(row.average),
      },
      {
        key: 'share',
        label: 'Share',
        title: 'Of all activity in the range, with half the width of the 95 % interval',
        widthPx: 120,
        right: true,
        value: (row) => row.share,
        cell: (row) => (
          <>
            {percent(row.share)} <span className="text-faint">± {percent(row.shareError)}</span>
          </>
        ),
      },
      {
        key: 'time',
        label: 'Time',
        title: 'Session time',
        widthPx: 104,
        right: true,
        value: (row) => row.sessionMs,
        cell: (row) => shownAmount(row.sessionMs, { unit: 'ms' }),
      },
      {
        key: 'samples',
        label: 'Samples',
        title: 'What the numbers rest on',
        widthPx: 84,
        spare: 1,
        right: true,
        value: (row) => row.samples,
        cell: (row) => row.samples.toLocaleString('en'),
      },
    ];
    if (before === null) return all;
    const compared: Column<ActivityShare> = {
      key: 'change',
      label: 'Change',
      title: 'Average active sessions, against the stretch it is compared with',
      widthPx: 92,
      right: true,
      value: change,
      cell: (row) => {
        const by = change(row);
        if (!earlier.has(row.key)) return <span className="text-warning">new</span>;
        return (
          <span
            className={cx(by > 0 && 'text-danger', by < 0 && 'text-success')}
          >{`${by > 0 ? '+' : ''}${sessions(by)}`}</span>
        );
      },
    };
    return [...all.slice(0, 3), compared, ...all.slice(3)];
  }, [shares, before, activity.by, onDrill]);
  return (
    <DataTable
      label={`Activity by ${dimensionLabels[activity.by].toLowerCase()}`}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.key}
      {...lines}
      onOpen={onDrill}
      empty="Nothing was active in this stretch of time."
    />
  );
}
