import { useEffect, useMemo, useState } from 'react';
import { type SuggestedKey, suggestedByJoins, suggestedByName } from '../../../../shared/diagram/suggest-keys.ts';
import { qualified } from '../../../../shared/sql/quote.ts';
import { joinsOf, type Known, knownOf, noteWorkload } from '../../../client/catalogs.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Checkbox } from '../../../ui/field.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useRecordingOf } from '../../../workspace/monitor/recordings.ts';
import type { Place } from '../../../workspace/tab.ts';
import { setVirtualKeys } from '../diagram-actions.ts';
import { type DiagramModel, wholeGraph } from '../diagram-model.ts';
import { KeyCheck } from './key-check.tsx';

type DiagramPlace = Extract<Place, { kind: 'diagram' }>;
/** Texts are looked through a few at a time; so many turns see all that are kept. */
const mostTurns = 40;

/** Keys that names and joins speak of, to be agreed to one by one. */
export function SuggestDialog({
  model,
  place,
  onClose,
}: {
  model: DiagramModel;
  place: DiagramPlace;
  onClose: () => void;
}) {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the round stands for joins that came to be known
  const suggested = useMemo(() => suggestionsFor(model, place), [model, place, round]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<string>();
  const { graph, source, virtualKeys } = model.store.getState();
  const recording = useRecordingOf({
    connectionId: place.connectionId,
    recordingId: place.recordingId ?? null,
  });
  const recordingId = place.scriptId === undefined ? recording?.id : undefined;
  useEffect(() => {
    const known = knownAt(place);
    if (recordingId === undefined || !known) return;
    // What the recorder has seen being run is asked for once; without it there is the history of this machine.
    noteWorkload(known, { recordingId, database: known.catalog?.head.database ?? place.database }).then(
      () => setRound((now) => now + 1),
      () => undefined,
    );
  }, [place, recordingId]);
  const tables = new Map((graph?.tables ?? []).map((table) => [table.id, table]));
  const toggle = (id: string) =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((each) => each !== id) : [...now, id]));
  const add = async () => {
    try {
      await setVirtualKeys(model, [
        ...virtualKeys,
        ...suggested.map(({ key }) => key).filter(({ id }) => chosen.has(id)),
      ]);
      onClose();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title="Keys that are not declared"
      description="Found by the names of columns, and by the joins of statements that were run here."
      footerStart={error && <span className="text-xs text-danger">{error}</span>}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={chosen.size === 0} onClick={() => void add()}>
            Add {chosen.size > 0 ? shownCount(chosen.size) : ''} to the diagram
          </Button>
        </>
      }
    >
      {suggested.length === 0 ? (
        <EmptyState title="Nothing to suggest">Every column that looks like a reference is one already.</EmptyState>
      ) : (
        <ul className="flex flex-col gap-2">
          {suggested.map(({ key, reason }) => {
            const [from, to] = [tables.get(key.from), tables.get(key.to)];
            return (
              <li key={key.id} className="flex flex-wrap items-center justify-between gap-2 border-b border-line pb-2">
                <Checkbox
                  label={visibleText(
                    `${key.from} (${key.fromColumns.join(', ')}) → ${key.to} (${key.toColumns.join(', ')})`,
                  )}
                  hint={visibleText(reason)}
                  checked={chosen.has(key.id)}
                  onChange={() => toggle(key.id)}
                />
                {from && to && <KeyCheck source={source} keyChecked={key} from={from} to={to} />}
              </li>
            );
          })}
        </ul>
      )}
    </Dialog>
  );
}

/** What is known of the source's catalog and statements; null for a file, which has none. */
function knownAt({ connectionId, recordingId, scriptId, database }: DiagramPlace): Known | null {
  if (scriptId !== undefined) return null;
  return recordingId === undefined
    ? knownOf({ connectionId: connectionId ?? '', database })
    : knownOf({ recordingId, database });
}

function suggestionsFor(model: DiagramModel, place: DiagramPlace): SuggestedKey[] {
  const graph = wholeGraph(model.store.getState());
  const known = knownAt(place);
  if (!known) return suggestedByName(graph);
  let joins = joinsOf(known);
  for (let turn = 0; turn < mostTurns && known.joins !== null && known.joins.looked < known.texts.length; turn++)
    joins = joinsOf(known);
  const named = joins.flatMap(({ one, oneColumn, other, otherColumn }) => {
    const [a, b] = [known.catalog?.relationOf(one), known.catalog?.relationOf(other)];
    if (!a || !b) return [];
    const end = (schema: string, name: string, column: string) => ({ table: qualified(schema, name), column });
    return [{ one: end(a.schema, a.name, oneColumn), other: end(b.schema, b.name, otherColumn) }];
  });
  const all = [...suggestedByName(graph), ...suggestedByJoins(graph, named)];
  return [...new Map(all.map((each) => [each.key.id, each])).values()];
}
