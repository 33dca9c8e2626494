import { Download, Link2, ListTree, Lock, PanelRight, RefreshCw, SearchCode, TableProperties } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { chooseLabel, chosenLabel } from '../../editing/chosen-labels.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { shownKeysOf } from '../../workspace/commands.ts';
import type { Place } from '../../workspace/tab.ts';
import { openTab } from '../../workspace/tabs.ts';
import { type DataTab, relabel } from './data-tab.ts';
import { exportData } from './export-data.ts';
import { LiveButton } from './live/live-button.tsx';

const icon = { size: 16, strokeWidth: 1.75 } as const;

/** What can be done with the rows, over them. */
export function DataToolbar({
  tab,
  place,
  related,
  onRelated,
  record,
  onRecord,
  onFind,
  onReadAnew,
  children,
}: {
  tab: DataTab;
  place: Extract<Place, { kind: 'data' }>;
  related: boolean;
  onRelated: () => void;
  record: boolean;
  onRecord: () => void;
  onFind: () => void;
  onReadAnew: () => void;
  children?: ReactNode;
}) {
  const { query } = useStore(tab.store);
  const { model } = tab;
  const { connectionId, database, object } = place;
  return (
    <div
      role="toolbar"
      aria-label="Rows"
      className="flex h-9 shrink-0 items-center gap-1 border-b border-line bg-canvas px-2"
    >
      <IconButton
        label="Refresh the rows"
        keys={shownKeysOf('data.refresh')}
        icon={<RefreshCw {...icon} />}
        onClick={() => (tab.source.failure() ? onReadAnew() : tab.source.refresh(false))}
      />
      <LiveButton tab={tab} />
      {children}
      {model.readOnly && (
        <span
          className="flex min-w-0 items-center gap-1.5 pl-2 text-xs text-muted"
          title={`${model.readOnly.reason}\n${model.readOnly.wayOut}`}
        >
          <Lock size={14} strokeWidth={1.75} className="shrink-0" aria-hidden />
          <span className="truncate">Read-only: {model.readOnly.reason}</span>
        </span>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {model.references.length > 0 && (
          <DropdownMenu
            align="end"
            items={labelMenu(tab)}
            trigger={<IconButton label="Words for referenced rows" icon={<Link2 {...icon} />} />}
          />
        )}
        <IconButton
          label={query.search ? 'Export the rows (not while searching in them)' : 'Export the rows'}
          icon={<Download {...icon} />}
          disabled={query.search !== ''}
          onClick={() => exportData(place, query)}
        />
        <IconButton label="Find a value in all tables" icon={<SearchCode {...icon} />} onClick={onFind} />
        <IconButton
          label="Related rows"
          keys={shownKeysOf('data.related')}
          pressed={related}
          icon={<ListTree {...icon} />}
          onClick={onRelated}
        />
        <IconButton
          label="Row details"
          keys="Space"
          pressed={record}
          icon={<PanelRight {...icon} />}
          onClick={onRecord}
        />
        <Button
          small
          kind="quiet"
          icon={<TableProperties size={14} strokeWidth={1.75} />}
          onClick={() => openTab({ kind: 'object', connectionId, database, object })}
        >
          Structure
        </Button>
      </div>
    </div>
  );
}

/** For each table that is referred to: which of its columns is shown behind the value. */
function labelMenu(tab: DataTab): MenuEntry[] {
  return tab.model.references.map((reference) => {
    const now = chosenLabel(tab.where, reference);
    const choose = (label: string | null) => () => {
      chooseLabel(tab.where, reference, label);
      relabel(tab);
    };
    return {
      kind: 'submenu',
      label: visibleText(reference.other.name),
      entries: [
        { kind: 'choice', label: 'Value only', checked: now === null, run: choose(null) },
        ...reference.labelColumns.map((label) => ({
          kind: 'choice' as const,
          label: visibleText(label),
          checked: label === now,
          run: choose(label),
        })),
      ],
    };
  });
}
