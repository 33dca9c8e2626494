/** What one looks at in a plan, outside of its page: a tab that was left is found again as it was. */
import { create } from 'zustand';
import type { Failure } from '../../../../shared/api/base.ts';
import type { WhatIf } from '../../../../shared/api/plans.ts';
import type { Metric } from '../metrics.ts';

export interface PlanLook {
  readonly view: string;
  readonly metric: Metric | null;
  /** A node; null where none was chosen yet. */
  readonly selected: number | null;
  /** The kept plan that it is compared with. */
  readonly beforeId: number | null;
  readonly whatIf: WhatIfLook;
}
export interface WhatIfLook {
  /** Whose tables, where another one than the plan's own was chosen. */
  readonly place: string | null;
  readonly text: string;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly found: WhatIf | null;
}

const fresh: PlanLook = {
  view: 'tree',
  metric: null,
  selected: null,
  beforeId: null,
  whatIf: { place: null, text: '', busy: false, failure: null, found: null },
};
/** Of plans that were looked at longer ago nothing is remembered: an answer of What if holds two plans. */
const most = 40;

const useLooks = create<{ readonly byPlan: ReadonlyMap<number, PlanLook> }>(() => ({ byPlan: new Map() }));

export const usePlanLook = (planId: number): PlanLook => useLooks(({ byPlan }) => byPlan.get(planId) ?? fresh);

export function changeLook(planId: number, change: Partial<PlanLook>): void {
  useLooks.setState(({ byPlan }) => {
    const rest = [...byPlan].filter(([id]) => id !== planId).slice(1 - most);
    return { byPlan: new Map([...rest, [planId, { ...(byPlan.get(planId) ?? fresh), ...change }]]) };
  });
}

export function changeWhatIf(planId: number, change: Partial<WhatIfLook>): void {
  const known = useLooks.getState().byPlan.get(planId) ?? fresh;
  changeLook(planId, { whatIf: { ...known.whatIf, ...change } });
}
