import { useEffect, useRef } from 'react';
import type { CallState } from '../../client/use-call.ts';
import { type Draft, forgetDraft, putDraft, useDraft } from './drafts.ts';
import { forgetRun } from './runs.ts';

interface Start<Model, Found> {
  /** What something new begins with; null where something that is there is changed. */
  readonly fresh: (() => Model) | null;
  /** What was read, as what is changed. */
  readonly model: (found: Found) => Model;
  /** What the first draft changes of it already. */
  readonly first?: (model: Model) => Model;
}

/** The draft of a tab, begun when there is something to begin with; `reread` throws it away and asks the server again. */
export function useDraftStart<Model, Found>(
  tabId: string,
  read: CallState<Found> & { reload: () => void },
  { fresh, model, first }: Start<Model, Found>,
): { draft: Draft<Model> | undefined; reread: () => void } {
  const draft = useDraft<Model>(tabId);
  const found = read.state === 'done' ? read.data : undefined;
  /** Read before the last change was run: not to be begun with again. */
  const outdated = useRef<Found>(undefined);
  useEffect(() => {
    if (draft) return;
    if (fresh) {
      const start = fresh();
      putDraft<Model>(tabId, { before: null, start, after: start, safely: true });
    } else if (found !== undefined && found !== outdated.current) {
      const start = model(found);
      putDraft<Model>(tabId, { before: start, start, after: first?.(start) ?? start, safely: true });
    }
  }, [draft, found, tabId, fresh, model, first]);
  const reread = () => {
    outdated.current = found;
    forgetDraft(tabId);
    forgetRun(tabId);
    read.reload();
  };
  return { draft, reread };
}
