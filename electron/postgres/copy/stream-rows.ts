/** From one server's COPY to the other's, as it comes. */
import type { Link } from '../session/link.ts';
import { CopyIn } from './copy-in.ts';

const progressEveryMs = 100;

/** @returns how many rows the server took @throws what either side said */
export async function streamRows(
  link: Link,
  sql: string,
  pieces: AsyncGenerator<Buffer, void, void>,
  tell: () => void,
  aborted: () => boolean,
): Promise<number> {
  const copy = await CopyIn.open(link, sql);
  let next = 0;
  try {
    for await (const piece of pieces) {
      if (copy.over || aborted()) break;
      await copy.write(piece);
      if (performance.now() < next) continue;
      next = performance.now() + progressEveryMs;
      tell();
    }
  } catch (thrown) {
    await copy.abandon('the source cannot be read any further');
    throw thrown;
  }
  if (aborted()) await copy.abandon('cancelled');
  return copy.finish();
}
