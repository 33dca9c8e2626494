/** One diagram tab: what it knows, what it shows, and what is being worked out. Outlives the page while the tab is open. */
import { createStore, type StoreApi } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type {
  DiagramChoice,
  DiagramContent,
  DiagramGraph,
  DiagramKey,
  DiagramLayout,
  DiagramSource,
} from '../../../shared/api/diagrams.ts';
import { chosen, type Shown } from '../../../shared/diagram/graph.ts';
import { arrange, withoutOverlaps } from '../../diagram/cards/arrange.ts';
import { type Card, sizeOf, type TextWidth } from '../../diagram/cards/card.ts';
import { type PlacedCard, Scene } from '../../diagram/cards/scene.ts';
import type { KeptView } from '../../diagram/cards/sight/view.ts';
import { pageTextWidth } from '../../diagram/cards/text-width.ts';
import type { LayoutProgress } from '../../diagram/layout/layout-graph.ts';
import { resting } from '../../diagram/rest.ts';
import { onStructureChanged } from '../../workspace/structure/structure-changes.ts';
import { onTabClosed } from '../../workspace/tabs.ts';
import { type CardLook, cardOf, foldedPartitions, lineOf, rowNumbers } from './cards-of.ts';
import { type Changes, changesSince, digestsOf, marksOf, noChanges } from './changes.ts';

export const freshContent = (choice: DiagramChoice): DiagramContent => ({
  choice,
  detail: 'all',
  views: false,
  partitions: false,
  hidden: [],
  arranged: false,
  positions: {},
  colors: {},
  notes: [],
  areas: [],
  known: {},
});

export interface DiagramState {
  readonly source: DiagramSource | null;
  /** The whole of the database, with the keys that were drawn by hand. */
  readonly graph: DiagramGraph | null;
  readonly virtualKeys: readonly DiagramKey[];
  readonly layouts: readonly DiagramLayout[];
  /** Null: a view that is not kept. */
  readonly current: DiagramLayout | null;
  readonly content: DiagramContent;
  readonly changes: Changes;
  /** An older state that is being looked at: what was before it, and what there is now. */
  readonly asOf: {
    readonly atMs: number;
    readonly known: DiagramContent['known'];
    readonly now: DiagramGraph | null;
  } | null;
  readonly digests: Readonly<Record<string, string>>;
  readonly shown: Shown;
  readonly scene: Scene | null;
  /** Another one brings the whole diagram into sight. */
  readonly fitKey: string;
  readonly laying: LayoutProgress | null;
  readonly reading: boolean;
  readonly failure: Failure | null;
  readonly selected: ReadonlySet<string>;
  readonly hovered: string | null;
  /** The area or note that keys act on. */
  readonly held: string | null;
  /** Keys from one table to another, lit; null where none is looked for. */
  readonly path: readonly DiagramKey[] | null;
  readonly heat: CardLook['heat'];
}

export interface DiagramModel {
  readonly store: StoreApi<DiagramState>;
  /** Ends the work on the scene that is going on. */
  working: AbortController | null;
  saving: ReturnType<typeof setTimeout> | undefined;
  /** Keeps at once what waits to be kept. */
  flush: (() => void) | null;
  /** What of the diagram is in sight. */
  readonly kept: KeptView;
  /** The structure was changed from within the program while another tab was in front. */
  outdated: boolean;
  /** Reads the structure again; set while the page is shown. */
  reread: (() => void) | null;
  /** Calls for the page: set while it is shown. */
  flyTo: ((id: string) => void) | null;
  /** Brings a card, an area or a note into sight, and takes the keys. */
  show: ((id: string) => void) | null;
}

const models = new Map<string, DiagramModel>();
onTabClosed((tab) => {
  const model = models.get(tab.id);
  model?.flush?.();
  model?.working?.abort(new DOMException('The tab was closed.', 'AbortError'));
  models.delete(tab.id);
});

// What the designer has done is seen at once, or when one comes back from it, and marked as a change.
onStructureChanged((connectionId, database) => {
  for (const model of models.values()) {
    const { source } = model.store.getState();
    if (!source || !('connectionId' in source)) continue;
    if (source.connectionId !== connectionId || source.database !== database) continue;
    if (model.reread) model.reread();
    else model.outdated = true;
  }
});

const emptyGraph: DiagramGraph = { tables: [], keys: [], types: [] };

export function modelOf(tabId: string, choice: DiagramChoice): { model: DiagramModel; isNew: boolean } {
  const there = models.get(tabId);
  if (there) return { model: there, isNew: false };
  const store = createStore<DiagramState>(() => ({
    source: null,
    graph: null,
    virtualKeys: [],
    layouts: [],
    current: null,
    content: freshContent(choice),
    changes: noChanges,
    asOf: null,
    digests: {},
    shown: { tables: [], keys: [] },
    scene: null,
    fitKey: '',
    laying: null,
    reading: false,
    failure: null,
    selected: new Set<string>(),
    hovered: null,
    held: null,
    path: null,
    heat: null,
  }));
  const model: DiagramModel = {
    store,
    working: null,
    saving: undefined,
    flush: null,
    kept: { current: null },
    outdated: false,
    reread: null,
    flyTo: null,
    show: null,
  };
  models.set(tabId, model);
  return { model, isNew: true };
}

/** The graph with what was drawn by hand. */
export const wholeGraph = ({ graph, virtualKeys }: Pick<DiagramState, 'graph' | 'virtualKeys'>): DiagramGraph => {
  const { tables, keys, types } = graph ?? emptyGraph;
  const ids = new Set(tables.map(({ id }) => id));
  return { tables, keys: [...keys, ...virtualKeys.filter(({ from, to }) => ids.has(from) && ids.has(to))], types };
};

let scenes = 0;

/**
 * Makes the scene from what is known and chosen. Work that is going on for an older choice is dropped.
 * @param anew nothing is to stay where it is
 */
export async function rebuild(model: DiagramModel, { anew = false, fit = false } = {}): Promise<void> {
  const { store } = model;
  model.working?.abort(new DOMException('Another layout was asked for.', 'AbortError'));
  const control = new AbortController();
  model.working = control;
  const { signal } = control;
  try {
    const rest = resting();
    const widthOf = await pageTextWidth();
    const { content, graph, heat, asOf } = store.getState();
    const digests = graph ? await digestsOf(graph, rest) : {};
    signal.throwIfAborted();
    const changes = changesSince(asOf ? asOf.known : content.known, digests);
    const whole = wholeGraph(store.getState());
    const shown = chosen(whole, content.choice, content);
    const made = await cardsAndLines(shown, whole, { content, changes, heat }, widthOf, rest);
    signal.throwIfAborted();
    const wholly = await arrange(
      made.cards,
      made.lines,
      anew ? {} : content.positions,
      (laying) => store.setState({ laying }),
      signal,
    );
    if (!wholly) withoutOverlaps(made.cards);
    signal.throwIfAborted();
    const { notes, areas } = store.getState().content;
    const scene = new Scene(
      made.cards,
      made.lines,
      areas.map(({ name, ...box }) => ({ ...box, text: name })),
      notes.map((note) => ({ ...note })),
    );
    const { selected, held, fitKey } = store.getState();
    const positions = { ...store.getState().content.positions };
    for (const { card, x, y } of made.cards) positions[card.id] = [x, y];
    store.setState({
      digests,
      changes,
      shown,
      scene,
      laying: null,
      fitKey: wholly || fit ? `${++scenes}` : fitKey,
      selected: new Set([...selected].filter((id) => scene.card(id))),
      held: held !== null && scene.box(held) ? held : null,
      content: { ...store.getState().content, positions },
    });
  } catch (thrown) {
    // Dropped for a newer one, that one tells how far it is.
    if (model.working === control) store.setState({ laying: null });
    if (!signal.aborted) throw thrown;
  } finally {
    if (model.working === control) model.working = null;
  }
}

async function cardsAndLines(
  shown: Shown,
  whole: DiagramGraph,
  { content, changes, heat }: { content: DiagramContent; changes: Changes; heat: CardLook['heat'] },
  widthOf: TextWidth,
  rest: () => Promise<void>,
) {
  const { detail, colors } = content;
  const look: CardLook = {
    detail,
    colors,
    heat,
    withSchema: new Set(shown.tables.map(({ schema }) => schema)).size > 1,
    marks: marksOf(changes),
    folded: content.partitions ? new Map() : foldedPartitions(whole.tables, shown),
  };
  const keysOf = new Map<string, DiagramKey[]>(shown.tables.map(({ id }) => [id, []]));
  for (const key of shown.keys) for (const end of new Set([key.from, key.to])) keysOf.get(end)?.push(key);
  const byId = new Map(shown.tables.map((table) => [table.id, table]));
  const cards: PlacedCard[] = [];
  const rows = new Map<string, Map<string, number>>();
  for (const table of shown.tables) {
    const keys = keysOf.get(table.id) ?? [];
    const card: Card = cardOf(table, keys, look);
    cards.push({ card, ...sizeOf(card, widthOf), x: 0, y: 0 });
    rows.set(table.id, rowNumbers(table, keys, detail));
    await rest();
  }
  const none = new Map<string, number>();
  const lines = shown.keys.flatMap((key) => {
    const from = byId.get(key.from);
    return from ? [lineOf(key, (table) => rows.get(table) ?? none, from)] : [];
  });
  return { cards, lines };
}
