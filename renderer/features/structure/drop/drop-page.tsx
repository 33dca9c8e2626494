import { useState } from 'react';
import { kindWords } from '../../../../shared/api/objects.ts';
import type { Dependent } from '../../../../shared/api/structure.ts';
import { type Step, step } from '../../../../shared/ddl/step.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { rowsWords, shownBytes, shownCount } from '../../../ui/amounts.ts';
import { Checkbox } from '../../../ui/field.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { StructurePlace } from '../../../workspace/structure/structure-place.ts';
import { closeTab, openTab } from '../../../workspace/tabs.ts';
import { PlanPane } from '../plan/plan-pane.tsx';
import { ReadingFailed } from '../reading-failed.tsx';
import { TwoPanes } from '../two-panes.tsx';
import { RecordedUses } from './recorded-uses.tsx';

type DropPlace = Extract<StructurePlace, { mode: 'drop' }>;
type Drop = Awaited<ReturnType<typeof client.structure.drop>>;

/** What would go with an object, before it goes. */
export function DropPage({ tabId, place }: { tabId: string; place: DropPlace }) {
  const { connectionId, database, object } = place;
  const read = useCall(client.structure.drop, { connectionId, database, object });
  const [cascade, setCascade] = useState(false);
  const [force, setForce] = useState(false);
  const [safely, setSafely] = useState(false);
  if (read.state === 'failed' && !read.data) return <ReadingFailed failure={read.failure} onAgain={read.reload} />;
  if (!read.data) return <Pending label="Looking for what depends on it" />;
  const drop = read.data;
  const kind = kindWords[object.kind][0].toLowerCase();
  const blockers = drop.dependents.filter(({ automatic }) => !automatic);
  const along = drop.dependents.filter(({ automatic }) => automatic);
  const name = object.schema === null ? object.name : `${object.schema}.${object.name}`;
  return (
    <TwoPanes
      label="Resize the pending changes"
      first={
        <div className="flex h-full min-h-0 flex-col overflow-auto">
          <header className="flex shrink-0 flex-col gap-1 px-4 pt-3 pb-2">
            <h1 className="selectable truncate text-base font-semibold">
              Drop {kind} {visibleText(name)}
            </h1>
            {drop.size && (
              <p className="text-xs text-muted">
                {shownBytes(drop.size.totalBytes)}
                {drop.size.rows !== null && `, about ${rowsWords(Math.round(drop.size.rows))}`}: gone for good.
              </p>
            )}
          </header>
          <div className="flex flex-col gap-4 px-4 pb-4">
            {drop.mayCascade && (
              <Dependents
                title="Uses it, and stands in the way"
                empty="Nothing else uses it."
                list={blockers}
                place={place}
              />
            )}
            {!drop.mayCascade && nothingDependsOn.has(object.kind) && (
              <p className="text-sm text-muted">Nothing can depend on it.</p>
            )}
            {blockers.length > 0 && (
              <Checkbox
                label={`Drop ${blockers.length === 1 && !drop.more ? 'this' : 'all of these'} too (CASCADE)`}
                hint="Without it, the server refuses."
                checked={cascade}
                onChange={(event) => setCascade(event.currentTarget.checked)}
              />
            )}
            {along.length > 0 && <Dependents title="Goes with it in any case" empty="" list={along} place={place} />}
            <RecordedUses place={place} />
            {drop.more && (
              <p className="text-xs text-muted">There is more than the {shownCount(drop.dependents.length)} listed.</p>
            )}
            {object.kind === 'database' && (
              <>
                {drop.sessions > 0 && (
                  <Callout tone="warning">
                    {drop.sessions === 1 ? 'One session is' : `${shownCount(drop.sessions)} sessions are`} connected to
                    it. As long as that is so, the server refuses.
                  </Callout>
                )}
                <Checkbox
                  label="End the sessions that are connected to it (FORCE)"
                  hint="Their transactions are rolled back."
                  checked={force}
                  onChange={(event) => setForce(event.currentTarget.checked)}
                />
              </>
            )}
          </div>
        </div>
      }
      second={
        <PlanPane
          tabId={tabId}
          connectionId={connectionId}
          database={database}
          change={{ steps: [dropStep(place, drop, cascade && blockers.length > 0, force)], problems: [] }}
          size={drop.size}
          safely={safely}
          onSafely={setSafely}
          onDone={() => void closeTab(tabId)}
          empty=""
          runLabel={`Drop ${kind}`}
          danger
        />
      }
    />
  );
}

const nothingDependsOn: ReadonlySet<string> = new Set(['publication', 'subscription', 'userMapping']);

function dropStep({ object }: DropPlace, drop: Drop, cascade: boolean, force: boolean): Step {
  const sql = `${drop.statement}${cascade ? ' CASCADE' : ''}${force ? ' WITH (FORCE)' : ''}`;
  const isRelation = [
    'table',
    'partitionedTable',
    'foreignTable',
    'view',
    'materializedView',
    'column',
    'constraint',
    'trigger',
    'policy',
    'rule',
    'index',
  ].includes(object.kind);
  const plain = step(sql, { alone: drop.alone, lock: isRelation ? 'AccessExclusiveLock' : null });
  if (object.kind !== 'index' || cascade) return plain;
  const concurrently = drop.statement.replace(/^DROP INDEX /, 'DROP INDEX CONCURRENTLY ');
  return {
    ...plain,
    safe: {
      why: 'Queries that use the table need not stop for it. Not for an index of a constraint or of a partitioned table.',
      steps: [step(concurrently, { alone: true, lock: 'ShareUpdateExclusiveLock' })],
    },
  };
}

function Dependents({
  title,
  empty,
  list,
  place,
}: {
  title: string;
  empty: string;
  list: readonly Dependent[];
  place: DropPlace;
}) {
  const { connectionId, database } = place;
  return (
    <section aria-label={title}>
      <h2 className="pb-1 text-xs font-semibold text-muted">
        {title}
        {list.length > 0 && <span className="ml-1.5 font-normal tabular-nums">{shownCount(list.length)}</span>}
      </h2>
      {list.length === 0 ? (
        <p className="text-sm text-muted">{empty}</p>
      ) : (
        <ul className="max-h-80 overflow-auto rounded-md border border-line">
          {list.map(({ kind, identity, object }) => (
            <li
              key={`${kind} ${identity}`}
              className="flex h-7 items-center gap-2 border-b border-line px-2 text-xs last:border-b-0"
            >
              <span className="w-28 shrink-0 truncate text-muted">{kind}</span>
              {object ? (
                <button
                  type="button"
                  className="min-w-0 truncate text-left text-accent hover:underline"
                  onClick={() => openTab({ kind: 'object', connectionId, database, object })}
                >
                  {visibleText(identity)}
                </button>
              ) : (
                <span className="selectable min-w-0 truncate">{visibleText(identity)}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
