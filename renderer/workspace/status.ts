/** What the shown page says in the status bar. */
import { useEffect } from 'react';
import { create } from 'zustand';

export interface StatusPart {
  readonly key: string;
  readonly text: string;
  readonly title?: string;
  /** The locks of this session stand behind it. */
  readonly locksOf?: string;
  readonly tone?: 'strong' | 'warning' | 'danger';
}
export const useStatus = create<{ readonly parts: readonly StatusPart[] }>(() => ({ parts: [] }));

/** Shows the parts while the page is shown. */
export function useStatusParts(parts: readonly StatusPart[]): void {
  const key = JSON.stringify(parts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the parts' value
  useEffect(() => {
    useStatus.setState({ parts });
  }, [key]);
  useEffect(() => () => useStatus.setState({ parts: [] }), []);
}
