import { SquareTerminal, X } from 'lucide-react';
import type { SessionAt } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import { openTab } from '../../../workspace/tabs.ts';
import { changeText } from '../../../workspace/texts.ts';
import { type MonitorView, recordedIn } from '../frame/monitor-view.ts';
import { ExplainButton } from '../parts/explain-button.tsx';
import { type Signal, whyNoSignal } from '../parts/signal/signal-buttons.tsx';
import { ageAt } from '../parts/words.ts';
import { classOf } from './session-words.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** One session, all that is known of it at the instant, and what can be done. */
export function SessionDetails({
  session,
  view,
  atMs,
  signal,
  onClose,
}: {
  session: SessionAt;
  view: MonitorView;
  atMs: number;
  signal: Signal;
  onClose: () => void;
}) {
  const { connectionId } = view.source;
  const why = whyNoSignal(view);
  const openQuery = () => {
    const tabId = openTab({ kind: 'query', connectionId, database: session.database, ...recordedIn(view) });
    changeText(tabId, { text: session.query ?? '', caret: 0 });
  };
  const since = (ms: number | null) => (ms === null ? '–' : `${shownInstant(ms)} (${ageAt(ms, atMs)})`);
  const facts: readonly (readonly [string, string])[] = [
    ['Role', `${session.user ?? '–'} in ${session.database ?? '–'}`],
    ['Application', session.application || '–'],
    ['Client', session.client ?? 'local'],
    ['Process', session.leaderPid === null ? session.backendType : `${session.backendType} of ${session.leaderPid}`],
    ['State', session.state ?? 'not visible'],
    ['Waits for', session.waitEventType ? `${session.waitEventType}: ${session.waitEvent}` : (classOf(session) ?? '–')],
    ['Connected', since(session.backendStartMs)],
    ['Transaction', since(session.xactStartMs)],
    ['Statement', since(session.queryStartMs)],
    ['Blocked by', session.blockedBy.join(', ') || '–'],
    [
      'Holds back vacuum',
      session.xminAge === null ? '–' : `${shownAmount(session.xminAge, { unit: 'xids' })} transactions`,
    ],
  ];
  return (
    <aside aria-label={`Session ${session.pid}`} className="flex h-full flex-col">
      <header className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-3">
        <h2 className="flex-1 text-sm font-semibold">Session {session.pid}</h2>
        {signal.buttons(session)}
        <IconButton label="Close the details" icon={<X {...icon} />} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 gap-4 overflow-auto p-3">
        <dl className="grid max-w-3/5 shrink-0 grid-cols-[max-content_fit-content(18rem)] content-start gap-x-3 gap-y-0.5 text-xs">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="selectable break-words">{visibleText(value)}</dd>
            </div>
          ))}
        </dl>
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
            {session.state === 'active' ? 'Running' : 'Last statement'}
            {session.query && (
              <Button small kind="quiet" icon={<SquareTerminal {...icon} />} onClick={openQuery}>
                Open in a query tab
              </Button>
            )}
            {session.query && (
              <ExplainButton
                source={view.source}
                database={session.database}
                sql={session.query}
                of={`session ${session.pid}`}
                running={view.live && session.state === 'active' ? session : undefined}
              />
            )}
          </div>
          <pre className="selectable min-h-0 flex-1 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap">
            {session.query === null ? 'Not visible to the role that records.' : visibleLines(session.query)}
          </pre>
          {why && <p className="text-2xs text-faint">{why}</p>}
        </div>
      </div>
    </aside>
  );
}
