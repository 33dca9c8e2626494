/**
 * Batches of one transaction by as few COPY statements as may be: every beginning and end costs the server a pause and its
 * ring of pages. The batches are kept until the server has taken them; refused ones go back to one at a time.
 */
import type { CopyIn } from '../copy/copy-in.ts';
import type { BatchLoader, Loaded } from './load-batch.ts';
import type { SourceBatch } from './read/source-batch.ts';

/** More gains nothing, and all of it is kept. */
const mostBytes = 32 * 1024 * 1024;

export class LongCopy {
  /** Records that are on their way, of which the server has said nothing yet. */
  underWay = 0;
  readonly #loader: BatchLoader;
  readonly #settled: (loaded: Loaded) => void;
  #firstRecord: number;
  #copy: CopyIn | null = null;
  #batches: SourceBatch[] = [];
  #bytes = 0;
  /** Grows again where nothing is refused. */
  #limit = mostBytes;

  /** @param settled told of batches when it is known what came of them @param firstRecord from 1 */
  constructor(loader: BatchLoader, settled: (loaded: Loaded) => void, firstRecord: number) {
    this.#loader = loader;
    this.#settled = settled;
    this.#firstRecord = firstRecord;
  }

  /** @throws where errors are to stop it */
  async take(batch: SourceBatch): Promise<void> {
    if (!batch.raw) await this.end();
    this.#copy ??= await this.#loader.openCopy(batch);
    const copy = this.#copy;
    if (!copy) return this.#settle(batch, await this.#loader.loadByStage(batch, this.#firstRecord));
    this.#batches.push(batch);
    this.underWay += batch.count;
    for (const piece of batch.raw ?? []) {
      await copy.write(piece);
      this.#bytes += piece.length;
    }
    if (this.#bytes >= this.#limit || copy.over) await this.end();
  }

  /** Hears what the server says of all that was taken. @throws where errors are to stop it */
  async end(): Promise<void> {
    const copy = this.#copy;
    if (!copy) return;
    const [batches, bytes] = [this.#batches, this.#bytes];
    const last = batches.at(-1);
    const loaded = await this.#loader.closeCopy(copy, batches, this.#firstRecord);
    this.#begin();
    if (loaded && last) {
      this.#limit = Math.min(mostBytes, 2 * Math.max(this.#limit, bytes));
      return this.#settle(last, loaded);
    }
    this.#limit = 0;
    for (const batch of batches) {
      const refused = batches.length === 1;
      const done = await this.#loader[refused ? 'loadByStage' : 'load'](batch, this.#firstRecord);
      this.#settle(batch, done);
    }
  }

  /** What is under way is not to be taken. */
  async abandon(): Promise<void> {
    await this.#copy?.abandon('the import ends here');
    this.#begin();
  }

  #begin(): void {
    this.#copy = null;
    this.#batches = [];
    this.#bytes = 0;
    this.underWay = 0;
  }

  /** @param last with those before it */
  #settle(last: SourceBatch, loaded: Loaded): void {
    this.#firstRecord += loaded.read;
    this.#settled(loaded);
    last.release?.();
  }
}
