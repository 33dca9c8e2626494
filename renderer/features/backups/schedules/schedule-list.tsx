import { CalendarClock, Pencil, Play, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ScheduleNow } from '../../../../shared/api/backups.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { untilWords } from '../../../ui/amounts.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { failureLine } from '../../../ui/failure-view.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { shownMoment, stateWords } from '../backup-words.ts';

const icon = { size: 16, strokeWidth: 1.75 } as const;

export interface ScheduleListProps {
  readonly schedules: readonly ScheduleNow[];
  readonly onNew: () => void;
  readonly onEdit: (schedule: ScheduleNow) => void;
}

/** What is backed up by itself: when next, and how it went last. */
export function ScheduleList({ schedules, onNew, onEdit }: ScheduleListProps) {
  const [removing, setRemoving] = useState<ScheduleNow | null>(null);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const act = (work: Promise<unknown>) =>
    void work.catch((thrown) => toast(failureLine(failureFrom(thrown)), 'danger'));
  if (schedules.length === 0)
    return (
      <EmptyState
        icon={<CalendarClock size={28} strokeWidth={1.5} />}
        title="Nothing is backed up by itself yet"
        actions={
          <Button kind="primary" onClick={onNew}>
            New schedule…
          </Button>
        }
      >
        A schedule makes backups at its times while Howdah runs, keeps as many as you say, can restore each for a try,
        and tells you when one fails.
      </EmptyState>
    );
  return (
    <>
      <ul aria-label="Schedules">
        {schedules.map((each) => (
          <li key={each.id} className="flex h-11 items-center gap-3 border-b border-line px-3 text-sm">
            <div className="flex min-w-0 flex-1 flex-col">
              <span className={cx('truncate font-medium', !each.enabled && 'text-muted')}>
                {visibleText(each.name)}
              </span>
              <span className="truncate text-xs text-muted">
                {visibleText(each.database)} of {visibleText(each.connectionName)}
              </span>
            </div>
            <span className="shrink-0 text-xs whitespace-nowrap tabular-nums">
              {each.nextMs === null ? (
                <span className="text-muted">Switched off</span>
              ) : (
                <>
                  Next {untilWords(each.nextMs, now)} <span className="text-muted">{shownMoment(each.nextMs)}</span>
                </>
              )}
            </span>
            <span className="w-52 shrink-0 text-xs whitespace-nowrap text-muted tabular-nums">
              {each.lastMs === null || each.lastState === null ? (
                'Not run yet'
              ) : (
                <>
                  <span className={stateWords[each.lastState].ink}>{stateWords[each.lastState].word}</span>{' '}
                  {shownMoment(each.lastMs)}
                </>
              )}
            </span>
            <IconButton
              label={`Run ${each.name} now`}
              icon={<Play {...icon} />}
              onClick={() => act(client.backups.runSchedule({ id: each.id }))}
            />
            <IconButton label={`Change ${each.name}`} icon={<Pencil {...icon} />} onClick={() => onEdit(each)} />
            <IconButton label={`Remove ${each.name}`} icon={<Trash2 {...icon} />} onClick={() => setRemoving(each)} />
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={removing !== null}
        title={`Remove the schedule ${removing?.name ?? ''}?`}
        confirmLabel="Remove"
        danger
        onCancel={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) act(client.backups.removeSchedule({ id: removing.id }));
          setRemoving(null);
        }}
      >
        Its backups stay, and are not removed by its rules any more.
      </ConfirmDialog>
    </>
  );
}
