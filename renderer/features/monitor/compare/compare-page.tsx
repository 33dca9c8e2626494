import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { Sections } from '../../../ui/tabs.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { chooseRecording, useChoice } from './choice.ts';
import { CompareToolbar } from './compare-toolbar.tsx';
import { FindingsCompared } from './findings-compared.tsx';
import { LoadCompared } from './load-compared.tsx';
import { SettingsCompared } from './settings-compared.tsx';
import { SizesCompared } from './sizes-compared.tsx';
import { StatementsCompared } from './statements-compared.tsx';
import { type Sides, steady, useCompared } from './use-compared.ts';

/** Two stretches beside each other, of one recording or of two: load, statements, sizes, settings, findings. */
export function ComparePage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('load');
  const shown = steady(view);
  const choice = useChoice(view.id);
  const { view: compared, span, gone } = useCompared(shown, choice);
  return (
    <div className="flex h-full flex-col">
      <CompareToolbar view={shown} compared={compared?.range ?? null} />
      <div className="min-h-0 flex-1">
        {compared ? (
          <Compared section={section} onSection={setSection} sides={{ shown, compared }} />
        ) : gone ? (
          <EmptyState
            title="The recording it was compared with is not open any more"
            actions={<Button onClick={() => chooseRecording(view.id, null)}>Compare with this recording</Button>}
          >
            Open its file again, or choose another one above.
          </EmptyState>
        ) : span.state === 'failed' ? (
          <FailureView failure={span.failure} className="m-4" />
        ) : (
          <Pending label="Reading the other recording" />
        )}
      </div>
    </div>
  );
}

function Compared(props: { section: string; onSection: (section: string) => void; sides: Sides }) {
  const { section, onSection, sides } = props;
  return (
    <Sections
      label="Compared"
      value={section}
      onValue={onSection}
      sections={[
        { value: 'load', label: 'Load', content: <LoadCompared {...sides} /> },
        { value: 'statements', label: 'Statements', content: <StatementsCompared {...sides} /> },
        { value: 'sizes', label: 'Sizes', content: <SizesCompared {...sides} /> },
        { value: 'settings', label: 'Settings', content: <SettingsCompared {...sides} /> },
        { value: 'findings', label: 'Findings', content: <FindingsCompared {...sides} /> },
      ]}
    />
  );
}
