/** The trees that have been looked at, one a database of a connection: they outlive their component, so that coming back finds them as they were. */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { onStructureChanged } from '../../workspace/structure/structure-changes.ts';
import { type Branch, type Branches, firstLineOf } from './tree-branches.ts';

export interface ObjectTreeState {
  readonly branches: Branches;
  readonly expanded: ReadonlySet<string>;
  readonly selectedKey: string | null;
  readonly includeSystem: boolean;
}
export type ObjectTreeStore = UseBoundStore<StoreApi<ObjectTreeState>>;

/** Enough to scroll through; what is beyond is found by searching. */
const mostNodes = 100_000;
const stores = new Map<string, ObjectTree>();

/** One tree's state and what can be done with it. */
export class ObjectTree {
  readonly use: ObjectTreeStore = create<ObjectTreeState>(() => ({
    branches: new Map(),
    expanded: new Set<string>(),
    selectedKey: null,
    includeSystem: false,
  }));
  readonly #connectionId: string;
  readonly #database: string;
  /** Loads under way, by key; a newer load of the same branch ends the older. */
  readonly #loads = new Map<string, AbortController>();

  constructor(connectionId: string, database: string) {
    this.#connectionId = connectionId;
    this.#database = database;
  }

  select(key: string): void {
    this.use.setState({ selectedKey: key });
  }

  toggle(key: string, expand: boolean): void {
    const { expanded, branches, selectedKey } = this.use.getState();
    const next = new Set(expanded);
    if (expand) next.add(key);
    else next.delete(key);
    this.use.setState({
      expanded: next,
      selectedKey: !expand && selectedKey?.startsWith(`${key}/`) ? key : selectedKey,
    });
    if (expand && branches.get(key)?.state !== 'done') void this.load(key);
  }

  /** Opens every branch on the way and selects the last. */
  async reveal(path: readonly { key: string }[], key: string): Promise<void> {
    for (const step of path) {
      if (this.use.getState().branches.get(step.key)?.state !== 'done') await this.load(step.key);
      this.use.setState(({ expanded }) => ({ expanded: new Set(expanded).add(step.key) }));
    }
    this.select(key);
  }

  /** The root and everything open, read again; what is shown stays until the new is there. */
  async refresh(): Promise<void> {
    const { connectionId, database } = { connectionId: this.#connectionId, database: this.#database };
    const { expanded } = this.use.getState();
    client.objects.refresh({ connectionId, database }).catch(() => undefined); // the search then looks by itself in a while
    this.use.setState(({ branches }) => ({
      branches: new Map([...branches].filter(([key]) => key === '' || expanded.has(key))),
    }));
    await Promise.all(['', ...expanded].map((key) => this.load(key)));
  }

  async showSystem(includeSystem: boolean): Promise<void> {
    this.use.setState({ includeSystem });
    await this.load('');
  }

  /** Reads a branch page by page; the first page is shown at once. */
  async load(key: string): Promise<void> {
    this.#loads.get(key)?.abort();
    const control = new AbortController();
    this.#loads.set(key, control);
    const before = this.use.getState().branches.get(key)?.nodes ?? [];
    this.#put(key, { nodes: before, state: 'loading' });
    try {
      await this.#pages(key, before.length, control.signal);
    } catch (thrown) {
      if (control.signal.aborted) return;
      const nodes = this.use.getState().branches.get(key)?.nodes ?? [];
      this.#put(key, { nodes, state: 'failed', failure: failureFrom(thrown) });
    } finally {
      if (this.#loads.get(key) === control) this.#loads.delete(key);
    }
  }

  async #pages(key: string, shownBefore: number, signal: AbortSignal): Promise<void> {
    const { includeSystem } = this.use.getState();
    const place = {
      connectionId: this.#connectionId,
      database: this.#database,
      includeSystem,
      ...(key === '' ? {} : { key }),
    };
    let nodes: Branch['nodes'] = [];
    let after: string | undefined;
    do {
      const page = await client.objects.children({ ...place, ...(after === undefined ? {} : { after }) }, { signal });
      if (signal.aborted) return;
      nodes = [...nodes, ...page.nodes];
      after = page.next ?? undefined;
      const more = after !== undefined && nodes.length < mostNodes;
      // While it is read again, a long branch does not shrink under the reader's eyes.
      if (!more || nodes.length >= shownBefore) this.#put(key, { nodes, state: more ? 'loading' : 'done' });
      if (!more) return;
    } while (after !== undefined);
  }

  #put(key: string, branch: Branch): void {
    this.use.setState(({ branches, selectedKey }) => ({
      branches: new Map(branches).set(key, branch),
      selectedKey: selectedKey?.startsWith(`${key}!`) ? firstLineOf(key, branch) : selectedKey,
    }));
  }
}

/** The connection leads elsewhere now: what was read through it is of another server or database. */
export function forgetTrees(connectionId: string): void {
  for (const name of stores.keys()) if (JSON.parse(name)[0] === connectionId) stores.delete(name);
}

export function objectTree(connectionId: string, database: string): ObjectTree {
  const name = JSON.stringify([connectionId, database]);
  const tree = stores.get(name) ?? new ObjectTree(connectionId, database);
  stores.set(name, tree);
  return tree;
}

// What was changed from within the program is shown as it is now.
onStructureChanged((connectionId, database) => void stores.get(JSON.stringify([connectionId, database]))?.refresh());
