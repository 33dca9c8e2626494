import { ChevronDown, ChevronRight, CircleCheck, CircleX, X } from 'lucide-react';
import { useState } from 'react';
import type { BackupJob } from '../../../shared/api/backups.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { shownBytes, shownCount, shownDuration } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { failureLine } from '../../ui/failure-view.tsx';
import { ProgressBar } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { fractionOf, stepWords } from './backup-words.ts';

const icon = { size: 16, strokeWidth: 1.75 } as const;

/** What runs now, and what has ended since this page was opened, until it is put away. */
export function JobsStrip({ jobs }: { jobs: readonly BackupJob[] }) {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const [openedMs] = useState(Date.now);
  const shown = jobs.filter(
    ({ id, state, endedMs }) => state === 'running' || (!away.has(id) && (endedMs ?? 0) >= openedMs),
  );
  if (shown.length === 0) return null;
  return (
    <ul aria-label="Under way" className="max-h-[45%] shrink-0 overflow-auto border-b border-line bg-canvas">
      {shown.map((job) => (
        <JobLine key={job.id} job={job} onAway={() => setAway((now) => new Set([...now, job.id]))} />
      ))}
    </ul>
  );
}

function JobLine({ job, onAway }: { job: BackupJob; onAway: () => void }) {
  const [log, setLog] = useState(false);
  const running = job.state === 'running';
  const cancel = () =>
    client.backups.cancel({ jobId: job.id }).catch((thrown) => toast(failureLine(failureFrom(thrown)), 'danger'));
  return (
    <li className="border-b border-line px-3 py-1.5 last:border-b-0">
      <div className="flex h-7 items-center gap-2 text-sm">
        {!running &&
          (job.state === 'done' ? (
            <CircleCheck {...icon} className="shrink-0 text-success" aria-hidden />
          ) : (
            <CircleX {...icon} className="shrink-0 text-danger" aria-hidden />
          ))}
        <span className="shrink-0 font-medium">{visibleText(job.title)}</span>
        <span role="status" className="min-w-0 flex-1 truncate text-muted tabular-nums">
          {running ? progressWords(job) : visibleText(job.summary)}
        </span>
        <Button
          small
          kind="quiet"
          aria-expanded={log}
          icon={log ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
          onClick={() => setLog((now) => !now)}
        >
          Log
        </Button>
        {running ? (
          <Button small onClick={cancel}>
            Cancel
          </Button>
        ) : (
          <IconButton label="Put away" icon={<X {...icon} />} onClick={onAway} />
        )}
      </div>
      {running && <ProgressBar label={`${job.title}: progress`} {...fractionProp(job)} />}
      {log && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by the keyboard for that
        <pre tabIndex={0} className="selectable mt-1 max-h-40 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs">
          {job.lines.length === 0 ? 'Nothing yet.' : job.lines.map(visibleText).join('\n')}
        </pre>
      )}
    </li>
  );
}

function fractionProp(job: BackupJob): { fraction?: number } {
  const fraction = fractionOf(job);
  return fraction === undefined ? {} : { fraction };
}

function progressWords(job: BackupJob): string {
  const { step, done, all, bytes, allBytes, now, startedMs } = job;
  const fraction = fractionOf(job);
  const spent = Date.now() - startedMs;
  const left = fraction && fraction > 0.05 && spent > 3000 ? (spent / fraction) * (1 - fraction) : null;
  return [
    stepWords[step],
    all > 0 ? `${shownCount(done)} of ${shownCount(all)}` : '',
    bytes > 0 ? `${shownBytes(bytes)}${allBytes ? ` of about ${shownBytes(allBytes)}` : ''}` : '',
    left === null ? '' : `about ${left < 60_000 ? `${Math.ceil(left / 1000)} s` : shownDuration(left)} left`,
    now.length > 0 ? visibleText(now.slice(0, 2).join(', ')) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
