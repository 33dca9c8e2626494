/** What a page cannot show because of a privilege, an extension or a setting: why, and the SQL that would bring it. */
import { useState } from 'react';
import type { Capability } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { Callout } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { SqlOffer } from './sql-offer.tsx';
import { slowInstant } from './stretch.ts';

/** Asked for anew as time goes on: the recorder looks at what it may see some moments after its first sample. */
const askCapabilities = ({ id }: { id: string; atMs: number }, options: { signal: AbortSignal }) =>
  client.recordings.capabilities({ id }, options);

export const useCapabilities = (view: MonitorView) =>
  useCall(askCapabilities, { id: view.id, atMs: slowInstant(view) });

/**
 * Nothing where all of it is there.
 * @param names of the capabilities that the page lives on
 * @param about said whatever the capabilities say, as of what is estimated instead
 */
export function Lacking({
  view,
  names,
  about,
  className = 'mx-3 my-2',
}: {
  view: MonitorView;
  names: readonly string[];
  about?: { readonly title: string; readonly text: string } | undefined;
  className?: string;
}) {
  const { data } = useCapabilities(view);
  const lacking = (data ?? []).filter(({ name, state }) => names.includes(name) && state !== 'there');
  if (lacking.length === 0 && !about) return null;
  return (
    <Callout
      tone="info"
      className={cx('shrink-0', className)}
      title={about?.title ?? lacking.map(({ name }) => name).join(', ')}
    >
      {about && <p>{about.text}</p>}
      {lacking.map((each) => (
        <Reason key={each.name} view={view} capability={each} />
      ))}
    </Callout>
  );
}

/** The SQL is shown when it is asked for: whoever may not run it need not look at it each time. */
function Reason({ view, capability: { reason, sql, needsRestart } }: { view: MonitorView; capability: Capability }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <p>
        {visibleText(reason)}{' '}
        {sql !== null && (
          <Button small kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide the SQL' : 'Show the SQL that brings it'}
          </Button>
        )}
      </p>
      {open && sql !== null && <SqlOffer view={view} sql={sql} database={null} />}
      {open && needsRestart && <p className="text-xs text-warning">Takes effect after a restart of the server.</p>}
    </div>
  );
}
