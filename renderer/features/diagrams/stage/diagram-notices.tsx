import { counted } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { type Changes, isChanged } from '../changes.ts';
import type { DiagramModel, DiagramState } from '../diagram-model.ts';
import { leaveReplay } from '../history/replay.ts';
import { agree } from '../open-diagram.ts';

/** Above the diagram: what went wrong, which time is looked at, and what has changed since it was seen. */
export function DiagramNotices({ model, state }: { model: DiagramModel; state: DiagramState }) {
  const { failure, asOf, changes } = state;
  return (
    <>
      {failure && <FailureView failure={failure} className="m-2 shrink-0" />}
      {asOf ? (
        <Callout
          tone="warning"
          className="m-2 shrink-0"
          actions={
            <Button small onClick={() => void leaveReplay(model)}>
              Back to now
            </Button>
          }
        >
          As it was on {new Date(asOf.atMs).toLocaleString()}
          {isChanged(changes) && <>, just after these changes: {changeWords(changes)}</>}.
        </Callout>
      ) : (
        isChanged(changes) && (
          <Callout
            tone="info"
            className="m-2 shrink-0"
            actions={
              <Button small onClick={() => agree(model)}>
                Mark as seen
              </Button>
            }
          >
            Since this layout was last seen: {changeWords(changes)}.
          </Callout>
        )
      )}
    </>
  );
}

const mostNamed = 5;

function changeWords({ added, changed, removed }: Changes): string {
  const gone = removed.slice(0, mostNamed).map(visibleText).join(', ') + (removed.length > mostNamed ? ', …' : '');
  const parts = [
    added.length > 0 ? `${counted(added.length, 'table')} new` : '',
    changed.length > 0 ? `${counted(changed.length, 'table')} changed` : '',
    removed.length > 0 ? `${counted(removed.length, 'table')} gone (${gone})` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
