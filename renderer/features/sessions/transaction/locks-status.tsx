import type { SessionLocks } from '../../../../shared/api/sessions.ts';
import { shownDuration } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { Popover } from '../../../ui/popover.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useLocks } from './use-locks.ts';

const modeWords = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

/** In the status bar: how much the open transaction has locked, how strongly, and whom that keeps waiting. */
export function LocksStatus({ sessionId }: { sessionId: string }) {
  const locks = useLocks(sessionId, true);
  if (!locks) return null;
  const { strongest, blocked } = locks;
  const relations = new Set(locks.locks.filter((lock) => lock.locktype === 'relation').map((lock) => lock.object)).size;
  const words = `${locks.locks.length} ${locks.locks.length === 1 ? 'lock' : 'locks'}${strongest ? `, ${modeWords(strongest)}` : ''}`;
  return (
    <Popover
      label="Locks of the transaction"
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          className={cx('shrink-0 hover:text-ink hover:underline', blocked.length > 0 && 'font-medium text-danger')}
          title={`${relations} ${relations === 1 ? 'relation' : 'relations'} locked by this tab's transaction`}
        >
          {words}
          {blocked.length > 0 && `, ${blocked.length} waiting for it`}
        </button>
      }
    >
      <LockLists locks={locks} />
    </Popover>
  );
}

function LockLists({ locks: { locks, blocked } }: { locks: SessionLocks }) {
  const now = Date.now();
  return (
    <div className="flex w-[440px] max-w-full flex-col gap-3">
      {blocked.length > 0 && (
        <section aria-label="Waiting for this transaction">
          <h3 className="mb-1 text-xs font-semibold text-danger">Waiting for this transaction</h3>
          <ul className="flex flex-col gap-1">
            {blocked.map((each) => (
              <li key={each.pid} className="grid grid-cols-[56px_1fr_max-content] gap-2 text-xs">
                <span className="text-muted tabular-nums">pid {each.pid}</span>
                <span className="truncate font-mono" title={each.query}>
                  {visibleText(each.query.replace(/\s+/g, ' '))}
                </span>
                <span className="text-muted tabular-nums">
                  {each.sinceMs === null ? '' : shownDuration(Math.max(0, now - each.sinceMs))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Held">
        <h3 className="mb-1 text-xs font-semibold text-muted">Held</h3>
        {locks.length === 0 && <p className="text-xs text-faint">Nothing is locked yet.</p>}
        <ul className="flex flex-col gap-0.5">
          {locks.map((lock) => (
            <li
              key={`${lock.locktype} ${lock.object} ${lock.mode} ${lock.granted}`}
              className="grid grid-cols-[1fr_max-content] gap-3 text-xs"
            >
              <span className="truncate" title={lock.object}>
                {lock.locktype === 'relation' || lock.locktype === 'object' ? (
                  ''
                ) : (
                  <span className="text-muted">{lock.locktype} </span>
                )}
                {visibleText(lock.object)}
              </span>
              <span className={cx(lock.granted ? 'text-muted' : 'font-medium text-danger')}>
                {lock.granted ? modeWords(lock.mode) : `waits for ${modeWords(lock.mode)}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
