/** Statements added up by pattern: what many roles, databases and lengths of lists have made of one statement. Pure. */
import type { Statement, StatementPattern, statementOrders } from '../../../shared/api/monitor.ts';

type Order = (typeof statementOrders)[number];

/** Who wants all of it asks for the one statement. */
const longestText = 4_000;

/** @param fingerprints of the statements' texts, in their order; null where a text has none (unknown, or redacted) */
export function patternsOf(
  statements: readonly Statement[],
  fingerprints: readonly (string | null)[],
  order: Order,
): StatementPattern[] {
  const groups = Map.groupBy(statements, (one, place) => fingerprints[place] ?? one.text ?? `query id ${one.queryId}`);
  return [...groups].map(([pattern, members]) => added(pattern, members)).sort((a, b) => b[order] - a[order]);
}

function added(pattern: string, unsorted: readonly Statement[]): StatementPattern {
  const members = unsorted.toSorted((a, b) => b.totalMs - a.totalMs);
  // A group has a member.
  const first = members[0] as Statement;
  const sum = (of: (one: Statement) => number): number => members.reduce((all, one) => all + of(one), 0);
  const calls = sum((one) => one.calls);
  const totalMs = sum((one) => one.totalMs);
  return {
    ...first,
    pattern,
    keys: members.map(({ key }) => key),
    database: oneOf(
      members.map(({ database }) => database),
      'databases',
    ),
    user: oneOf(
      members.map(({ user }) => user),
      'roles',
    ),
    text: first.text === null || first.text.length <= longestText ? first.text : `${first.text.slice(0, longestText)}…`,
    calls,
    totalMs,
    meanMs: calls > 0 ? totalMs / calls : 0,
    rows: sum((one) => one.rows),
    sharedHit: sum((one) => one.sharedHit),
    sharedRead: sum((one) => one.sharedRead),
    sharedDirtied: sum((one) => one.sharedDirtied),
    tempBlocks: sum((one) => one.tempBlocks),
    ioMs: sum((one) => one.ioMs),
    walBytes: sum((one) => one.walBytes),
    planMs: sum((one) => one.planMs),
    jitMs: sum((one) => one.jitMs),
    share: sum((one) => one.share),
    isNew: members.every(({ isNew }) => isNew),
    meanChange: meanChange(members),
    flags: [...new Set(members.flatMap(({ flags }) => flags))],
    // The errors of different statements' estimates are taken to be independent.
    totalMsError: members.some(({ totalMsError }) => totalMsError === null)
      ? null
      : Math.sqrt(sum(({ totalMsError }) => (totalMsError ?? 0) ** 2)),
  };
}

/** The name where all have the same; else how many there are. */
function oneOf(names: readonly string[], many: string): string {
  const different = new Set(names);
  return different.size === 1 ? (names[0] ?? '') : `${different.size} ${many}`;
}

/** Of those that were called in the stretch before too, each as often as it was called now. */
function meanChange(members: readonly Statement[]): number | null {
  let now = 0;
  let before = 0;
  for (const { totalMs, meanChange: change } of members) {
    if (change === null || change <= -1) continue;
    now += totalMs;
    before += totalMs / (1 + change);
  }
  return before > 0 ? now / before - 1 : null;
}
