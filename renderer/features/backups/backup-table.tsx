import { ShieldCheck } from 'lucide-react';
import type { Backup } from '../../../shared/api/backups.ts';
import { shownBytes, shownCount, shownDuration } from '../../ui/amounts.ts';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { shownMoment, stateWords } from './backup-words.ts';

const head = 'sticky top-0 bg-canvas px-2 text-left text-xs font-medium whitespace-nowrap text-muted';
const amount = 'px-2 text-right whitespace-nowrap tabular-nums';

export interface BackupTableProps {
  readonly backups: readonly Backup[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** What is left out first where there is little room; the details have it all. What scrolls the table is an @container. */
const wide = 'hidden @min-[44rem]:table-cell';
const notNarrow = 'hidden @min-[32rem]:table-cell';

/** All backups, the newest first: how each ended, how large it is, whether it was restored for a try. */
export function BackupTable({ backups, chosen, onChoose }: BackupTableProps) {
  return (
    <table className="w-full border-separate border-spacing-0 text-xs">
      <thead>
        <tr className="h-7">
          <th className={cx(head, 'pl-3')}>Made</th>
          <th className={head}>Database</th>
          <th className={head}>Outcome</th>
          <th className={cx(head, notNarrow, 'text-right')}>Size</th>
          <th className={cx(head, wide, 'text-right')}>Rows</th>
          <th className={cx(head, wide, 'text-right')}>Took</th>
          <th className={cx(head, 'pr-3')} title="Restored for a try">
            Drill
          </th>
        </tr>
      </thead>
      <tbody>
        {backups.map((each) => (
          <tr
            key={each.id}
            aria-selected={each.id === chosen}
            onClick={() => onChoose(each.id)}
            className={cx('h-7 cursor-default', each.id === chosen ? 'bg-selected' : 'hover:bg-hover')}
          >
            <td className="px-2 pl-3 whitespace-nowrap">
              <button
                type="button"
                aria-current={each.id === chosen}
                onClick={() => onChoose(each.id)}
                className="tabular-nums"
              >
                {shownMoment(each.atMs)}
              </button>
            </td>
            <td className="w-full max-w-0 truncate px-2" title={`${each.database} of ${each.connectionName}`}>
              {visibleText(each.database)} <span className="text-muted">{visibleText(each.connectionName)}</span>
            </td>
            <td className={cx('px-2 whitespace-nowrap', stateWords[each.state].ink)}>
              {stateWords[each.state].word}
              <span className="hidden text-muted @min-[32rem]:inline">
                {each.form !== 'howdah' && ` ${each.form}`}
                {each.state === 'good' && !each.whole && ' (a part)'}
              </span>
            </td>
            <td className={cx(amount, notNarrow)}>{each.sizeBytes > 0 ? shownBytes(each.sizeBytes) : ''}</td>
            <td className={cx(amount, wide)}>
              {each.state === 'good' && each.form === 'howdah' ? shownCount(each.rows) : ''}
            </td>
            <td className={cx(amount, wide)}>{each.tookMs > 0 ? shownDuration(each.tookMs) : ''}</td>
            <td className="px-2 pr-3 whitespace-nowrap">
              <Drilled backup={each} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Drilled({ backup: { drill } }: { backup: Backup }) {
  if (!drill) return <span className="text-faint">–</span>;
  if (drill.failure) return <span className="text-danger">failed</span>;
  if (drill.differences.length > 0) return <span className="text-danger">differs</span>;
  return (
    <span className="inline-flex items-center gap-1 text-success">
      <ShieldCheck size={14} strokeWidth={1.75} className="hidden @min-[32rem]:block" aria-hidden />
      {shownDuration(drill.restoreMs)}
    </span>
  );
}
