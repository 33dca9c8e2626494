import type { ReactNode } from 'react';
import { create } from 'zustand';
import { SplitPane } from '../../ui/split-pane.tsx';

/** As wide as it was left the last time, in any tab. */
const useWidth = create<{ readonly px: number }>(() => ({ px: 372 }));

export function TwoPanes({ label, first, second }: { label: string; first: ReactNode; second: ReactNode }) {
  const { px } = useWidth();
  return (
    <SplitPane
      direction="row"
      sized="second"
      sizePx={px}
      minPx={300}
      restMinPx={400}
      onSize={(now) => useWidth.setState({ px: now })}
      label={label}
      first={first}
      second={second}
    />
  );
}
