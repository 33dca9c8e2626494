/** How the activity of a source is looked at: split, narrowed, compared. Kept while the window is open. */
import { create } from 'zustand';
import type { ActivityFilter, Dimension } from '../../../../shared/api/monitor.ts';
import type { Earlier } from '../../../workspace/monitor/time-range.ts';

export type Compare = 'none' | Earlier;

export interface ActivityView {
  readonly by: Dimension;
  readonly filters: readonly (ActivityFilter & { readonly label: string })[];
  readonly background: boolean;
  readonly compare: Compare;
  /** The lower half: the shares of the range, or the sessions of the instant. */
  readonly lower: 'shares' | 'sample';
}

const fresh: ActivityView = { by: 'class', filters: [], background: false, compare: 'none', lower: 'shares' };
const useViews = create<{ readonly views: ReadonlyMap<string, ActivityView> }>(() => ({ views: new Map() }));

export const useActivityView = (sourceId: string): ActivityView =>
  useViews(({ views }) => views.get(sourceId) ?? fresh);

export function changeActivity(sourceId: string, change: Partial<ActivityView>): void {
  useViews.setState(({ views }) => ({
    views: new Map(views).set(sourceId, { ...(views.get(sourceId) ?? fresh), ...change }),
  }));
}

export const dimensionLabels: Record<Dimension, string> = {
  class: 'Wait class',
  event: 'Wait event',
  query: 'Statement',
  database: 'Database',
  user: 'Role',
  application: 'Application',
  client: 'Client',
  backendType: 'Process',
  blocker: 'Blocker',
  pid: 'Session',
};

/** What one asks next, after having narrowed to one of these. */
const next: Partial<Record<Dimension, Dimension>> = {
  class: 'event',
  event: 'query',
  query: 'pid',
  database: 'query',
  user: 'query',
  application: 'query',
  client: 'query',
  backendType: 'event',
  blocker: 'query',
};

/** Narrows to one share, and splits by what one asks next. */
export function drill(sourceId: string, view: ActivityView, value: string, label: string): void {
  const filters = [...view.filters.filter((each) => each.dimension !== view.by), { dimension: view.by, value, label }];
  const taken = new Set(filters.map((each) => each.dimension));
  const order: readonly Dimension[] = [next[view.by] ?? 'query', 'query', 'class', 'pid', 'user'];
  const by = order.find((each) => !taken.has(each)) ?? view.by;
  changeActivity(sourceId, { filters, by, ...(view.by === 'pid' ? { lower: 'sample' } : {}) });
}

/** Goes back to before the filter at that place was set. */
export function dropFilters(sourceId: string, view: ActivityView, from: number): void {
  const dropped = view.filters[from];
  changeActivity(sourceId, {
    filters: view.filters.slice(0, from),
    ...(dropped ? { by: dropped.dimension } : {}),
  });
}
