import { useState } from 'react';
import { shownInstant } from '../../../chart/time-axis.ts';
import { Sections } from '../../../ui/tabs.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { ChangesView } from './changes-view.tsx';
import { CompareView } from './compare-view.tsx';
import { SettingsView } from './settings-view.tsx';

/** What the server was told at the instant, what changed when, and how two instants differ. */
export function MonitoredSettingsPage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('changes');
  return (
    <Sections
      label="Settings and changes"
      value={section}
      onValue={setSection}
      sections={[
        { value: 'changes', label: 'What changed', content: <ChangesView view={view} /> },
        {
          value: 'settings',
          label: view.pinned ? `Settings at ${shownInstant(view.atMs)}` : 'Settings',
          content: <SettingsView view={view} />,
        },
        { value: 'compare', label: 'Two times compared', content: <CompareView view={view} /> },
      ]}
    />
  );
}
