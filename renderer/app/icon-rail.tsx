import { Activity, BookMarked, Command, History, Moon, PanelLeft, Settings, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CommandId } from '../../shared/commands.ts';
import { IconButton } from '../ui/button.tsx';
import { runCommand, shownKeysOf } from '../workspace/commands.ts';
import { changeLayout, useLayout } from '../workspace/layout.ts';
import { useTabs } from '../workspace/tabs.ts';

const look = { size: 18, strokeWidth: 1.6 } as const;

/** The narrow bar at the left edge: where one can go from anywhere. */
export function IconRail({ theme }: { theme: 'light' | 'dark' }) {
  const { sidebarShown, sidebarView } = useLayout();
  const kind = useTabs(({ tabs, activeId }) => tabs.find((tab) => tab.id === activeId)?.place.kind);
  const button = (id: CommandId, label: string, icon: ReactNode, pressed?: boolean) => (
    <IconButton
      label={label}
      keys={shownKeysOf(id)}
      icon={icon}
      pressed={pressed}
      onClick={() => runCommand(id)}
      className="size-8"
    />
  );
  return (
    <nav
      aria-label="Places"
      className="flex w-11 shrink-0 flex-col items-center gap-1 border-r border-line bg-canvas py-1.5"
    >
      <IconButton
        label="Connections and objects"
        keys={shownKeysOf('sidebar.toggle')}
        icon={<PanelLeft {...look} />}
        pressed={sidebarShown && sidebarView === 'objects'}
        onClick={() => {
          if (sidebarShown && sidebarView !== 'objects') changeLayout({ sidebarView: 'objects' });
          else {
            changeLayout({ sidebarView: 'objects' });
            runCommand('sidebar.toggle');
          }
        }}
        className="size-8"
      />
      {button('queries.open', 'Saved queries', <BookMarked {...look} />, sidebarShown && sidebarView === 'queries')}
      {button('history.open', 'Query history', <History {...look} />, kind === 'history')}
      {button(
        'servers.open',
        'Servers and monitoring',
        <Activity {...look} />,
        kind === 'servers' || kind === 'monitor',
      )}
      {button('palette.open', 'Command palette', <Command {...look} />)}
      <div className="flex-1" />
      {button(
        'theme.toggle',
        theme === 'dark' ? 'Switch to light' : 'Switch to dark',
        theme === 'dark' ? <Sun {...look} /> : <Moon {...look} />,
      )}
      {button('settings.open', 'Settings', <Settings {...look} />, kind === 'settings')}
    </nav>
  );
}
