/** Layout away from the page's own thread: ELK in workers of its own, ended at once when nobody waits any more. */
import ELK, { type ELK as Elk, type ElkNode } from 'elkjs/lib/elk-api';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Size } from './fold.ts';
import { type LayoutProgress, layered, layoutGraph } from './layout-graph.ts';
import type { Pair } from './modules.ts';

/** Modules are independent, so two threads do it in half the time where there are as many cores. */
const mostThreads = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
/** Fewer boxes than these are laid out before a second thread has started. */
const worthASecond = 300;
/** Given to a thread at a time: it never waits for the page, and the last ones are shared evenly. */
const atOnce = 2;

class Threads {
  /** Layouts that were made for nothing. */
  warmed = 0;
  readonly #all: Elk[] = [];
  /** Each as often as it would take one more. */
  readonly #free: Elk[] = [];
  readonly #waiting: ((elk: Elk) => void)[] = [];

  grow(count: number): void {
    while (this.#all.length < count) {
      const elk = new ELK({ workerFactory: () => new Worker(workerUrl) });
      this.#all.push(elk);
      for (let at = 0; at < atOnce; at++) this.#release(elk);
    }
  }

  run = async (graph: ElkNode): Promise<ElkNode> => {
    const elk = this.#free.shift() ?? (await new Promise<Elk>((resolve) => this.#waiting.push(resolve)));
    try {
      return await elk.layout(graph);
    } finally {
      this.#release(elk);
    }
  };

  end(): void {
    for (const elk of this.#all) elk.terminateWorker();
  }

  #release(elk: Elk): void {
    const next = this.#waiting.shift();
    if (next) next(elk);
    else this.#free.push(elk);
  }
}

let idle: Threads | null = null;

/** What is laid out for nothing, so that the code is compiled: graphs of so many nodes. */
const warmNodes = 24;

/**
 * Starts a thread and has it compile its code by so many layouts, fewer those that were made before: after three a
 * layout takes half of its time cold, after six a third. A layout that is asked for meanwhile waits for one of them only.
 */
export async function warmUp(graphs: number): Promise<void> {
  idle ??= new Threads();
  const threads = idle;
  threads.grow(1);
  const nodes = Array.from({ length: warmNodes }, (_, at) => ({
    id: String(at),
    size: { width: 180, height: 40 + ((at * 7) % 11) * 24 },
  }));
  // Taken by a real layout, the thread needs no more.
  while (threads.warmed < graphs && idle === threads) {
    const graph = threads.warmed++;
    const edges = nodes.slice(1).flatMap((_, at): Pair[] => [
      [at + 1, at >> 1],
      [at + 1, Math.max(0, at - 2 - graph)],
    ]);
    await threads.run(layered(nodes, edges)).catch(() => undefined);
  }
}

/** Rejects with the signal's reason when aborted: the threads are then ended, whatever they were doing. */
export async function layoutInWorkers(
  sizes: readonly Size[],
  edges: readonly Pair[],
  onProgress: (progress: LayoutProgress) => void,
  signal: AbortSignal,
): Promise<{ x: number; y: number }[]> {
  signal.throwIfAborted();
  const threads = idle ?? new Threads();
  idle = null;
  threads.grow(sizes.length < worthASecond ? 1 : mostThreads);
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => {
    threads.end();
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const places = await Promise.race([layoutGraph(sizes, edges, threads.run, onProgress), promise]);
    if (idle === null) idle = threads;
    else threads.end();
    return places;
  } catch (thrown) {
    if (!signal.aborted) threads.end();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
