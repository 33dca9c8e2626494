/**
 * Statements by what the samples show, where pg_stat_statements is missing. The time of one is its number of samples
 * times the interval; with n samples in all and a share p, half the 95 % interval is 1.96 * sqrt(p (1 - p) / n) of the
 * whole. Executions are at least the distinct (pid, query_start) that were seen; shorter ones than the interval are
 * mostly not seen.
 */
import type { Statement } from '../../../../shared/api/monitor.ts';
import type { RecordingFile, Span } from '../../file/recording-file.ts';
import { judge } from '../activity/sample-filter.ts';

interface Entry {
  readonly queryId: string;
  readonly database: string;
  readonly user: string;
  samples: number;
  totalMs: number;
  readonly executions: Set<string>;
}

export function sampledStatements(file: RecordingFile, span: Span): { coveredMs: number; statements: Statement[] } {
  const entries = new Map<string, Entry>();
  let coveredMs = 0;
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const detail = file.sound(piece, () => piece.detail());
    const weights = core.ticks.map(({ atMs, weightMs }) =>
      Math.max(0, Math.min(atMs, span.toMs) - Math.max(atMs - weightMs, span.fromMs)),
    );
    coveredMs += weights.reduce((sum, weight) => sum + weight, 0);
    const { names, keys } = judge(file, core, { by: 'query', filters: [], background: false });
    for (let sample = 0; sample < core.tick.length; sample++) {
      const weight = weights[core.tick[sample] ?? 0] ?? 0;
      const key = keys[sample] ?? -1;
      if (weight <= 0 || key < 0) continue;
      const queryId = names[key] ?? '';
      const session = core.sessions[core.session[sample] ?? 0];
      if (queryId === '' || !session) continue;
      const name = `${session.database}/${session.user}/${queryId}`;
      let entry = entries.get(name);
      if (!entry) {
        const word = (id: number) => file.word(id) ?? '';
        entry = {
          queryId,
          database: word(session.database),
          user: word(session.user),
          samples: 0,
          totalMs: 0,
          executions: new Set(),
        };
        entries.set(name, entry);
      }
      entry.samples++;
      entry.totalMs += weight;
      entry.executions.add(`${session.pid} ${detail?.queryStartMs[sample]}`);
    }
  }
  return { coveredMs, statements: estimates(file, [...entries.values()]) };
}

function estimates(file: RecordingFile, entries: readonly Entry[]): Statement[] {
  const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  const allMs = entries.reduce((sum, entry) => sum + entry.totalMs, 0);
  return entries.map(({ queryId, database, user, totalMs, executions }) => {
    const share = allMs > 0 ? totalMs / allMs : 0;
    return {
      key: `${database}/${user}/${queryId}`,
      queryId: queryId.startsWith('h:') ? null : queryId,
      database,
      user,
      text: file.text(queryId)?.text ?? null,
      calls: executions.size,
      totalMs,
      meanMs: executions.size > 0 ? totalMs / executions.size : 0,
      rows: 0,
      sharedHit: 0,
      sharedRead: 0,
      sharedDirtied: 0,
      tempBlocks: 0,
      ioMs: 0,
      walBytes: 0,
      planMs: 0,
      jitMs: 0,
      share,
      isNew: false,
      meanChange: null,
      flags: ['sampled'],
      totalMsError: samples > 0 ? 1.96 * Math.sqrt((share * (1 - share)) / samples) * allMs : 0,
    };
  });
}
