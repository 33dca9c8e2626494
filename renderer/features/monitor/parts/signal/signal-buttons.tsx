/** Cancel and terminate, where a session can be reached: the buttons beside what is known of it, and their question. */
import { Ban, OctagonX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../../../../ui/button.tsx';
import type { MonitorView } from '../../frame/monitor-view.ts';
import { SignalDialog, type SignalTarget } from './signal-dialog.tsx';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** Why nothing can be done to a session from here; null where something can. */
export function whyNoSignal(view: MonitorView): string | null {
  if (view.source.connectionId === null) return 'This is a recording: there is no server to reach.';
  if (!view.live) return 'The past is shown. Go with the newest to act on a session that is there now.';
  return null;
}

export interface SignalledSession {
  readonly pid: number;
  readonly backendStartMs: number | null;
}

export interface Signal {
  readonly buttons: (session: SignalledSession) => ReactNode;
  /** To stand where it outlives the session: what came of it is still to be read when the session is gone. */
  readonly dialog: ReactNode;
}

export function useSignal(view: MonitorView): Signal {
  const [target, setTarget] = useState<SignalTarget | null>(null);
  const { connectionId } = view.source;
  const why = whyNoSignal(view);
  const button = (session: SignalledSession, how: SignalTarget['how'], label: string, image: ReactNode) => (
    <Button
      small
      icon={image}
      disabled={why !== null}
      title={why ?? undefined}
      onClick={() => connectionId !== null && setTarget({ connectionId, ...session, how })}
    >
      {label}
    </Button>
  );
  return {
    buttons: ({ pid, backendStartMs }) => (
      <>
        {button({ pid, backendStartMs }, 'cancel', 'Cancel…', <Ban {...icon} />)}
        {button({ pid, backendStartMs }, 'terminate', 'Terminate…', <OctagonX {...icon} />)}
      </>
    ),
    dialog: target && <SignalDialog target={target} onClose={() => setTarget(null)} />,
  };
}
