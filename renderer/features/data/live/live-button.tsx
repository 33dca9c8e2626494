import { ChevronDown, Radio } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../../ui/button.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { DataTab } from '../data-tab.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { chooseChannel, useChannel } from './channels.ts';

/** Following changes: on and off, and how they are noticed. */
export function LiveButton({ tab }: { tab: DataTab }) {
  const { live, liveFailure } = useStore(tab.store);
  const channel = useChannel(tab.where);
  const [asking, setAsking] = useState(false);
  const told = channel !== '' && liveFailure === null;
  const how = told ? `on NOTIFY ${visibleText(channel)}` : 'every 2.5 s';
  return (
    <>
      <IconButton
        label={live ? 'Stop following changes' : `Follow changes and mark them: ${how}`}
        pressed={live}
        icon={<Radio size={16} strokeWidth={1.75} />}
        onClick={() => tab.store.setState({ live: !live })}
      />
      {live && (
        <DropdownMenu
          align="start"
          items={[
            { kind: 'heading', label: 'Changes are noticed' },
            {
              kind: 'choice',
              label: 'By looking again every 2.5 s',
              checked: channel === '',
              run: () => chooseChannel(tab.where, ''),
            },
            {
              kind: 'choice',
              label: channel === '' ? 'By NOTIFY…' : `By NOTIFY on ${visibleText(channel)}…`,
              checked: channel !== '',
              run: () => setAsking(true),
            },
          ]}
          trigger={
            <button
              type="button"
              aria-label={`Changes are noticed ${how}`}
              title={liveFailure ? `${liveFailure.message} Until it is back one looks again.` : undefined}
              className="flex h-6 max-w-56 items-center gap-1 rounded-md px-1.5 text-xs text-muted hover:bg-hover hover:text-ink"
            >
              <span className={liveFailure ? 'truncate text-warning' : 'truncate'}>{how}</span>
              <ChevronDown size={12} strokeWidth={2} aria-hidden />
            </button>
          }
        />
      )}
      {asking && <ChannelDialog tab={tab} channel={channel} onClose={() => setAsking(false)} />}
    </>
  );
}
