import type { RowsWindow } from '../../../shared/api/results.ts';
import type { RunEvent } from '../../../shared/api/sessions.ts';
import { readFirstRows } from '../../postgres/result/read/read-window.ts';
import type { Sources } from '../../postgres/sources.ts';

/** Each result's first rows travel with its first progress: asking for them would cost a way there and back. */
export async function* withFirstRows(
  events: AsyncIterable<RunEvent>,
  results: Sources['results'],
): AsyncGenerator<RunEvent, void, void> {
  const fresh = new Set<string>();
  for await (const event of events) {
    if (event.kind === 'result') fresh.add(event.resultId);
    if (event.kind !== 'progress' || !fresh.delete(event.resultId)) yield event;
    else yield { ...event, first: await firstRows(results, event.resultId) };
  }
}

/** None where the result was closed meanwhile, or cannot be read: whoever asks for its rows is told why. */
async function firstRows(results: Sources['results'], resultId: string): Promise<RowsWindow | undefined> {
  try {
    return await readFirstRows(results.resultFile(resultId));
  } catch {
    return undefined;
  }
}
