/** A backup's or restore's progress on standard error, its failure in words, and its stop by an interrupt. */
import { failureOf } from '../../../shared/failure.ts';
import type { BackupProgress } from '../../postgres/backup/progress.ts';
import { bytes } from '../../recorder/report/words.ts';
import { interrupted, UsageError } from '../command.ts';
import { inWords } from '../query.ts';

/** A text of a file or server cannot move the cursor of the terminal. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd');

const stepWords: Readonly<Record<BackupProgress['step'], string>> = {
  connecting: 'Connecting',
  reading: 'Reading definitions',
  copying: 'Copying rows',
  making: 'Making objects',
  verifying: 'Reading the file back',
  finishing: 'Finishing',
};

/** One line that is written over on a terminal; lines of the log elsewhere, where wanted. */
export class Console {
  readonly #live = process.stderr.isTTY;
  readonly #verbose: boolean;
  #saidAt = 0;

  constructor(verbose: boolean) {
    this.#verbose = verbose;
  }
  readonly onProgress = ({ step, done, all, bytes: read, now }: BackupProgress): void => {
    if (!this.#live || performance.now() - this.#saidAt < 200) return;
    this.#saidAt = performance.now();
    const count = all > 0 ? ` ${done} of ${all}` : '';
    process.stderr.write(
      `\r\u001b[K${stepWords[step]}${count}${read > 0 ? `, ${bytes(read)}` : ''}${now[0] ? `: ${plain(now[0])}` : ''}`.slice(
        0,
        120,
      ),
    );
  };
  readonly onLine = (line: string): void => {
    if (this.#verbose) this.say(plain(line));
  };
  say(line: string): void {
    process.stderr.write(this.#live ? `\r\u001b[K${line}\n` : `${line}\n`);
  }
}

/** Does the work until an interrupt stops it; what fails is told, exit 1. */
export async function guarded(console: Console, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  void interrupted().then(() => stop.abort());
  try {
    return await work(stop.signal);
  } catch (thrown) {
    console.say(inWords(failureOf(thrown)));
    return 1;
  }
}

/** @throws UsageError where it is none of the words */
export function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === text);
  if (!word) throw new UsageError(`${name} is one of ${words.join(', ')}, not "${text}".`);
  return word;
}

/** @throws UsageError where it is no whole number in the range */
export function readWhole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new UsageError(`${name} wants a number from ${least} to ${most}, not "${text}".`);
  return number;
}
