/** Keeps the list of recordings current, and binds the commands that begin at it. */
import { useEffect } from 'react';
import { chooseFile } from '../client/choose-file.ts';
import { client } from '../client/connect.ts';
import { failureFrom } from '../client/failure.ts';
import { useStream } from '../client/use-stream.ts';
import { toast } from '../ui/toast.tsx';
import { bindCommand, useCommand } from '../workspace/commands.ts';
import { useLayout } from '../workspace/layout.ts';
import { openMonitor } from '../workspace/monitor/open-monitor.ts';
import { type MonitorPage, monitorPages } from '../workspace/monitor/pages.ts';
import { readRecordings, sourceOf, tellRecording } from '../workspace/monitor/recordings.ts';
import { openTab, useTabs } from '../workspace/tabs.ts';

const unwatchedEveryMs = 20_000;
const recordingKind = { name: 'Howdah recording', extensions: ['howdah', 'sqlite', 'db'] };

/** Asks for a file and shows what it recorded. */
async function openRecording(): Promise<void> {
  try {
    const file = await chooseFile({ title: 'Open a recording', kind: recordingKind });
    if (!file) return;
    const recording = await client.recordings.open({ fileToken: file.token });
    await readRecordings();
    openMonitor('overview', sourceOf(recording));
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}

/** The page of the source that is in sight, else of the sidebar's connection, else all servers. */
function goTo(page: MonitorPage): void {
  const { tabs, activeId } = useTabs.getState();
  const place = tabs.find((tab) => tab.id === activeId)?.place;
  const { currentConnectionId } = useLayout.getState();
  if (place?.kind === 'monitor') {
    openMonitor(page, { connectionId: place.connectionId, recordingId: place.recordingId });
    return;
  }
  const own = place && 'connectionId' in place ? place.connectionId : null;
  const connectionId = own ?? currentConnectionId;
  if (connectionId === null) openTab({ kind: 'servers' });
  else openMonitor(page, { connectionId, recordingId: null });
}

export function useRecordingsOfApp(): void {
  const watching = useTabs(({ tabs, activeId }) => {
    const kind = tabs.find((tab) => tab.id === activeId)?.place.kind;
    return kind === 'monitor' || kind === 'servers';
  });
  useEffect(() => {
    void readRecordings();
    // A recorder that nobody watches may take its time: its ticks are not listened to then, only how it fares.
    const timer = watching ? undefined : setInterval(() => void readRecordings(), unwatchedEveryMs);
    return () => clearInterval(timer);
  }, [watching]);
  useStream(client.recordings.follow, watching ? undefined : null, tellRecording);
  useCommand('recording.open', () => void openRecording());
  useCommand('servers.open', () => openTab({ kind: 'servers' }));
  useEffect(() => {
    const unbind = monitorPages.map(({ page }) =>
      bindCommand(`monitor.${page}`, { when: () => true, run: () => goTo(page) }),
    );
    return () => {
      for (const each of unbind) each();
    };
  }, []);
}
