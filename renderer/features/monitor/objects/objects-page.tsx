import { useState } from 'react';
import { Sections } from '../../../ui/tabs.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { BloatView } from './bloat/bloat-view.tsx';
import { GrowthView } from './growth-view.tsx';
import { IndexesView } from './indexes-view.tsx';
import { LargestView } from './largest-view.tsx';
import { LimitsView } from './limits-view.tsx';
import { VacuumView } from './vacuum-view.tsx';

/** What lies on the disk, how it grows, which indexes to look at, what vacuum will do, and what runs out. */
export function MonitoredObjectsPage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('sizes');
  return (
    <Sections
      label="Objects and sizes"
      value={section}
      onValue={setSection}
      sections={[
        { value: 'sizes', label: 'Sizes', content: <LargestView view={view} /> },
        { value: 'growth', label: 'Growth', content: <GrowthView view={view} /> },
        { value: 'indexes', label: 'Indexes', content: <IndexesView view={view} /> },
        { value: 'vacuum', label: 'Vacuum', content: <VacuumView view={view} /> },
        { value: 'bloat', label: 'Bloat', content: <BloatView view={view} /> },
        { value: 'limits', label: 'Wraparound and sequences', content: <LimitsView view={view} /> },
      ]}
    />
  );
}
