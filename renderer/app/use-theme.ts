import { useEffect, useSyncExternalStore } from 'react';
import { useSettings } from '../workspace/settings.ts';

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');
const subscribe = (listener: () => void) => {
  darkQuery.addEventListener('change', listener);
  return () => darkQuery.removeEventListener('change', listener);
};

/** The theme in force: the chosen one, or the system's. Sets it on the document. */
export function useTheme(): 'light' | 'dark' {
  const systemDark = useSyncExternalStore(subscribe, () => darkQuery.matches);
  const chosen = useSettings((settings) => settings.theme);
  const theme = chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return theme;
}
