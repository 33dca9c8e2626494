/** Layout away from the page's own thread: ELK in workers of its own, ended at once when nobody waits any more. */
import ELK, { type ELK as Elk, type ElkNode } from 'elkjs/lib/elk-api';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Size } from './fold.ts';
import { type LayoutProgress, layered, layoutGraph } from './layout-graph.ts';
import type { Pair } from './modules.ts';

/** Modules are independent, so two threads do it in half the time where there are as many cores. */
const threads = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));

class Workers {
  readonly #all: Elk[];
  #next = 0;
  constructor() {
    this.#all = Array.from({ length: threads }, () => new ELK({ workerFactory: () => new Worker(workerUrl) }));
  }
  run = (graph: ElkNode): Promise<ElkNode> => {
    const elk = this.#all[this.#next++ % this.#all.length] as Elk;
    return elk.layout(graph);
  };
  each(work: (elk: Elk) => void): void {
    for (const elk of this.#all) work(elk);
  }
  end(): void {
    for (const elk of this.#all) elk.terminateWorker();
  }
}

let idle: Workers | null = null;

/** Nodes of a graph that is laid out for nothing: the code is compiled meanwhile. */
const warmNodes = 20;

/** Starts the threads, so that a layout asked for soon finds them ready. */
export function warmUp(): void {
  if (idle) return;
  const workers = new Workers();
  idle = workers;
  const nodes = Array.from({ length: warmNodes }, (_, at) => ({
    id: String(at),
    size: { width: 180, height: 40 + at * 8 },
  }));
  const edges = nodes.flatMap((_, at): Pair[] =>
    at === 0
      ? []
      : [
          [at, at >> 1],
          [at, Math.max(0, at - 3)],
        ],
  );
  workers.each((elk) => void elk.layout(layered(nodes, edges)).catch(() => undefined));
}

/** Rejects with the signal's reason when aborted: the threads are then ended, whatever they were doing. */
export async function layoutInWorkers(
  sizes: readonly Size[],
  edges: readonly Pair[],
  onProgress: (progress: LayoutProgress) => void,
  signal: AbortSignal,
): Promise<{ x: number; y: number }[]> {
  signal.throwIfAborted();
  const workers = idle ?? new Workers();
  idle = null;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => {
    workers.end();
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const places = await Promise.race([layoutGraph(sizes, edges, workers.run, onProgress), promise]);
    if (idle === null) idle = workers;
    else workers.end();
    return places;
  } catch (thrown) {
    if (!signal.aborted) workers.end();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
