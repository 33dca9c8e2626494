import { Inbox } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';

const origins = { pgpass: 'Password file', service: 'Service file', environment: 'Environment' } as const;

/** Offers what libpq's own files and variables on this machine name; passwords go from there to the keychain. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const found = useCall(client.connections.importable, undefined);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const items = found.data ?? [];
  const chosen = items.filter(({ id }) => !left.has(id));
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  const run = async () => {
    setBusy(true);
    try {
      const made = await client.connections.import({ ids: chosen.map(({ id }) => id) });
      toast(`${made.length} ${made.length === 1 ? 'connection' : 'connections'} imported.`, 'success');
      onClose();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="large"
      title="Import connections"
      description="From ~/.pgpass, pg_service.conf and the PG* variables of this computer"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void run()}>
            {chosen.length === 0 ? 'Import' : `Import ${chosen.length}`}
          </Button>
        </>
      }
    >
      <div className="flex min-h-64 flex-col gap-3">
        {found.state === 'failed' && <FailureView failure={found.failure} />}
        {failure && <FailureView failure={failure} />}
        {found.state === 'pending' && items.length === 0 && <Pending label="Looking" />}
        {found.state === 'done' && items.length === 0 && (
          <EmptyState icon={<Inbox size={28} strokeWidth={1.5} />} title="Nothing to import">
            There is no ~/.pgpass, no pg_service.conf and no PG* variable here.
          </EmptyState>
        )}
        {items.length > 0 && <OfferTable items={items} left={left} onToggle={toggle} />}
      </div>
    </Dialog>
  );
}

type Offer = Awaited<ReturnType<typeof client.connections.importable>>[number];
interface OfferTableProps {
  readonly items: readonly Offer[];
  readonly left: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function OfferTable({ items, left, onToggle }: OfferTableProps) {
  return (
    <table className="w-full table-fixed text-left text-xs">
      <thead className="text-muted">
        <tr className="h-7 border-b border-line">
          <th className="w-8 font-medium">
            <span className="sr-only">Import</span>
          </th>
          <th className="w-28 font-medium">From</th>
          <th className="w-[24%] font-medium">Name</th>
          <th className="font-medium">Server</th>
          <th className="w-20 font-medium">Password</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} className="h-7 border-b border-line align-top hover:bg-hover">
            <td className="pt-1.5">
              <input
                type="checkbox"
                className="size-3.5 accent-(--accent)"
                aria-label={`Import ${visibleText(item.draft.name)}`}
                checked={!left.has(item.id)}
                onChange={() => onToggle(item.id)}
              />
            </td>
            <td className="py-1.5 text-muted">{origins[item.origin]}</td>
            <td className="truncate py-1.5 pr-2">{visibleText(item.draft.name)}</td>
            <td className="selectable py-1.5 pr-2 break-words">
              {visibleText(`${item.draft.user}@${item.draft.host}:${item.draft.port}/${item.draft.database}`)}
              {item.notes.map((note) => (
                <span key={note} className="block text-faint">
                  {visibleText(note)}
                </span>
              ))}
            </td>
            <td className="py-1.5 text-muted">{item.hasPassword ? 'yes' : 'none'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
