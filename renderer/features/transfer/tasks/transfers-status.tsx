import { ArrowRightLeft, CircleStop, X } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { Popover } from '../../../ui/popover.tsx';
import { ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { SaveRejects } from '../import/save-rejects.tsx';
import { forgetTask, type TransferTask, useTasks } from './tasks.ts';

/** In the status bar, while rows are on their way or what came of it was not read yet. */
export function TransfersStatus() {
  const { tasks } = useTasks();
  if (tasks.length === 0) return null;
  const running = tasks.filter(({ state }) => state.kind === 'running');
  const hasFailed = tasks.some(({ state }) => state.kind === 'failed');
  return (
    <Popover
      label="Transfers"
      side="top"
      trigger={
        <button
          type="button"
          className={cx(
            'inline-flex shrink-0 items-center gap-1.5 hover:underline',
            hasFailed ? 'text-danger' : 'text-accent',
          )}
        >
          <ArrowRightLeft size={12} strokeWidth={1.75} aria-hidden />
          {statusWords(running, tasks.length, hasFailed)}
        </button>
      }
    >
      <ul className="flex w-[440px] max-w-full flex-col gap-2">
        {tasks.map((task) => (
          <TaskLine key={task.id} task={task} />
        ))}
      </ul>
    </Popover>
  );
}

function statusWords(running: readonly TransferTask[], all: number, hasFailed: boolean): string {
  const [only] = running;
  if (only && running.length === 1) {
    const { fraction } = only.state.kind === 'running' ? only.state : { fraction: undefined };
    return `${visibleText(only.title)}${fraction === undefined ? '' : ` ${Math.floor(fraction * 100)} %`}`;
  }
  if (running.length > 1) return `${running.length} transfers`;
  if (hasFailed) return 'A transfer failed';
  return all === 1 ? 'A transfer is through' : `${all} transfers are through`;
}

function TaskLine({ task: { id, title, state, cancel } }: { task: TransferTask }) {
  const running = state.kind === 'running';
  return (
    <li className="flex items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <span className="truncate text-xs font-medium">{visibleText(title)}</span>
        {running && (
          <ProgressBar label={title} {...(state.fraction === undefined ? {} : { fraction: state.fraction })} />
        )}
        <span className={cx('selectable text-xs break-words', state.kind === 'failed' ? 'text-danger' : 'text-muted')}>
          {visibleText(state.words)}
        </span>
        {state.kind === 'done' && state.rejectsId && <SaveRejects rejectsId={state.rejectsId} />}
      </div>
      {running ? (
        <IconButton label={`Cancel ${title}`} icon={<CircleStop size={14} strokeWidth={1.75} />} onClick={cancel} />
      ) : (
        <IconButton
          label={`Remove ${title} from the list`}
          icon={<X size={14} strokeWidth={1.75} />}
          onClick={() => forgetTask(id)}
        />
      )}
    </li>
  );
}
