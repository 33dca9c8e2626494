/** From happenings that come when they will to an iteration that takes them when it can. */

export class EventQueue<Event> implements AsyncIterable<Event> {
  readonly #waiting: Event[] = [];
  readonly #replaces: (newer: Event, older: Event) => boolean;
  #wake: (() => void) | null = null;
  #ended = false;
  #left = false;

  /** @param replaces whether an event makes one before it, which nobody has taken yet, needless */
  constructor(replaces: (newer: Event, older: Event) => boolean = () => false) {
    this.#replaces = replaces;
  }

  push(event: Event): void {
    if (this.#left || this.#ended) return;
    const last = this.#waiting.at(-1);
    if (last !== undefined && this.#replaces(event, last)) this.#waiting[this.#waiting.length - 1] = event;
    else this.#waiting.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** For one taker. After it has left, what comes is thrown away. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, void> {
    try {
      for (;;) {
        const taken = this.#waiting.splice(0);
        for (const event of taken) yield event;
        if (this.#waiting.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#left = true;
      this.#waiting.length = 0;
    }
  }
}
