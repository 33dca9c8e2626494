import { CircleAlert, CircleCheck, CircleX, type LucideIcon } from 'lucide-react';
import type { Capability } from '../../../../shared/api/recordings.ts';
import { cx } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { SqlOffer } from '../parts/sql-offer.tsx';

const looks: Record<Capability['state'], { icon: LucideIcon; ink: string; word: string; rank: number }> = {
  missing: { icon: CircleX, ink: 'text-danger', word: 'Missing', rank: 0 },
  partly: { icon: CircleAlert, ink: 'text-warning', word: 'Partly there', rank: 1 },
  there: { icon: CircleCheck, ink: 'text-success', word: 'There', rank: 2 },
};

/** What this server and role let the recorder see, the lacking first, with the SQL that would bring it. */
export function CapabilityList({ view, capabilities }: { view: MonitorView; capabilities: readonly Capability[] }) {
  if (capabilities.length === 0) {
    return (
      <EmptyState title="Not looked at yet">
        The recorder looks at what it may see when it begins and once an hour. Recordings made by other means may lack
        it.
      </EmptyState>
    );
  }
  const rows = capabilities.toSorted((a, b) => looks[a.state].rank - looks[b.state].rank);
  return (
    <ul aria-label="What may be seen" className="flex flex-col">
      {rows.map((each) => (
        <Row key={each.name} capability={each} view={view} />
      ))}
    </ul>
  );
}

function Row({
  capability: { name, state, reason, sql, needsRestart },
  view,
}: {
  capability: Capability;
  view: MonitorView;
}) {
  const look = looks[state];
  const Icon = look.icon;
  return (
    <li className="flex gap-2.5 border-b border-line px-3 py-2">
      <Icon size={16} strokeWidth={1.75} role="img" aria-label={look.word} className={cx('mt-px shrink-0', look.ink)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div>
          <h3 className="text-sm font-medium">{visibleText(name)}</h3>
          <p className="selectable text-xs text-muted">{visibleText(reason)}</p>
        </div>
        {sql !== null && <SqlOffer view={view} sql={sql} database={null} />}
        {needsRestart && <p className="text-xs text-warning">Takes effect after a restart of the server.</p>}
      </div>
    </li>
  );
}
