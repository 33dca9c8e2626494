import { Copy, SquareTerminal } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleLines } from '../../../ui/visible-text.ts';
import { openTab } from '../../../workspace/tabs.ts';
import { changeText } from '../../../workspace/texts.ts';
import type { MonitorView } from '../frame/monitor-view.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** SQL that would do it: to be read, copied, or opened in a query tab; nothing here runs it. */
export function SqlOffer({ view, sql, database }: { view: MonitorView; sql: string; database: string | null }) {
  const open = () => {
    const tabId = openTab({ kind: 'query', connectionId: view.source.connectionId, database });
    changeText(tabId, { text: `${sql}\n`, caret: 0 });
  };
  const copy = () =>
    navigator.clipboard.writeText(sql).then(
      () => toast('Copied.', 'success'),
      () => toast('The clipboard may not be written here.', 'danger'),
    );
  return (
    <div className="flex items-start gap-2">
      <pre className="selectable max-h-32 min-w-0 flex-1 overflow-auto rounded-md bg-sunken px-2 py-1 font-mono text-xs break-words whitespace-pre-wrap">
        {visibleLines(sql)}
      </pre>
      <Button small kind="quiet" icon={<Copy {...icon} />} onClick={() => void copy()}>
        Copy
      </Button>
      <Button small kind="quiet" icon={<SquareTerminal {...icon} />} onClick={open}>
        Open in a query tab
      </Button>
    </div>
  );
}
