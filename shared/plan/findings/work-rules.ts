/** Rules about sorting, hashing, joining and memory. */

import { figureOf } from '../figures.ts';
import { numberOf, type PlanNode, propertyOf, titleOf } from '../plan.ts';
import { count, kilobytes, type NodeRule, partOfOwn, percent } from './finding.ts';

const inputs = (node: PlanNode): readonly PlanNode[] =>
  node.children.filter(({ relationship }) => relationship !== 'InitPlan' && relationship !== 'SubPlan');

const sortSpill: NodeRule = {
  name: 'sort-spill',
  see: (seen) => {
    const { node } = seen;
    const used = numberOf(node, 'Sort Space Used') ?? 0;
    const text = `${propertyOf(node, 'Full-sort Groups') ?? ''} ${propertyOf(node, 'Pre-sorted Groups') ?? ''}`;
    const onDisk = propertyOf(node, 'Sort Space Type') === 'Disk' || /external/.test(text);
    if (!/Sort$/.test(node.type) || !onDisk) return null;
    const needed = used * 2.5;
    return {
      title: 'A sort went to disk',
      evidence: `${propertyOf(node, 'Sort Method') ?? 'external sort'}: ${kilobytes(used)} on disk for ${count(seen.own.rowsTotal ?? 0)} rows of about ${node.planWidth ?? '?'} bytes.`,
      remedy: `About ${kilobytes(needed)} of work_mem keeps it in memory; sorting fewer or narrower rows, or an index in that order, does away with it.`,
      savableMs: partOfOwn(seen, 0.5),
    };
  },
};

const hashBatches: NodeRule = {
  name: 'hash-batches',
  see: (seen) => {
    const { node, figures } = seen;
    const batches = numberOf(node, 'Hash Batches') ?? 1;
    if (node.type !== 'Hash' || batches <= 1) return null;
    const memory = numberOf(node, 'Peak Memory Usage') ?? 0;
    const joinMs = figureOf(figures, seen.own.parentId ?? node.id).exclusiveMs ?? 0;
    return {
      title: 'A hash table did not fit memory',
      evidence: `${count(batches)} batches of about ${kilobytes(memory)}${batches > (numberOf(node, 'Original Hash Batches') ?? batches) ? `, more than the ${count(numberOf(node, 'Original Hash Batches') ?? 1)} that were planned` : ''}; both sides of the join were written to temporary files.`,
      remedy: `About ${kilobytes(memory * batches * 1.2)} of work_mem × hash_mem_multiplier holds it in one batch; selecting fewer columns makes it narrower.`,
      savableMs: (seen.own.exclusiveMs ?? 0) * 0.4 + joinMs * 0.4,
    };
  },
};

const aggregateSpill: NodeRule = {
  name: 'aggregate-spill',
  see: (seen) => {
    const disk = numberOf(seen.node, 'Disk Usage') ?? 0;
    if (seen.node.type !== 'Aggregate' || disk === 0) return null;
    return {
      title: 'An aggregate went to disk',
      evidence: `${count(numberOf(seen.node, 'HashAgg Batches') ?? 1)} batches, ${kilobytes(disk)} on disk for ${count(seen.own.rowsTotal ?? 0)} groups.`,
      remedy: `A larger work_mem (about ${kilobytes(disk * 2)} more) keeps the groups in memory; fewer groups or an index in the order of GROUP BY avoid the table of groups.`,
      savableMs: partOfOwn(seen, 0.5),
    };
  },
};

const otherSpill: NodeRule = {
  name: 'temporary-files',
  see: (seen) => {
    const { node, own } = seen;
    const written = own.exclusiveBuffers?.tempWritten ?? 0;
    if (
      !['Materialize', 'CTE Scan', 'Function Scan', 'WindowAgg', 'Recursive Union'].includes(node.type) ||
      written === 0
    )
      return null;
    return {
      title: `${titleOf(node)} kept its rows in a temporary file`,
      evidence: `${kilobytes(written * 8)} were written.`,
      remedy:
        'A larger work_mem keeps them in memory. For a CTE that is read once, NOT MATERIALIZED; for a function, call it in the select list.',
      savableMs: partOfOwn(seen, 0.4),
    };
  },
};

const nestedLoop: NodeRule = {
  name: 'nested-loop',
  see: (seen) => {
    const { node, figures } = seen;
    if (node.type !== 'Nested Loop') return null;
    const inner = inputs(node).find(({ relationship }) => relationship === 'Inner');
    const outer = inputs(node).find(({ relationship }) => relationship === 'Outer');
    if (!inner?.actual || !outer?.actual || inner.actual.loops < 1_000) return null;
    const innerMs = figureOf(figures, inner.id).inclusiveMs ?? 0;
    const share = innerMs / Math.max(0.001, figures.totalMs ?? innerMs);
    const factor = figureOf(figures, outer.id).estimateFactor ?? 1;
    const planned = outer.planRows ?? 0;
    const costly = innerMs / inner.actual.loops > 0.05;
    if (share < 0.3 || (factor < 10 && !costly)) return null;
    return {
      title: `The inner side of a nested loop ran ${count(inner.actual.loops)} times`,
      evidence: `${titleOf(inner)} took ${percent(share)} of the time${factor >= 10 ? `; ${count(planned)} rows were expected from the outer side and ${count(outer.actual.rows)} came` : ''}.`,
      remedy:
        factor >= 10
          ? 'With a better estimate of the outer side the server would choose a hash join: ANALYZE, or extended statistics on the columns it filters by.'
          : 'An index on the inner side’s join column makes each turn cheap; a condition with = lets the server hash or memoize instead.',
      savableMs: innerMs * (factor >= 10 ? 0.7 : 0.5),
    };
  },
};

const orJoin: NodeRule = {
  name: 'or-join-filter',
  see: (seen) => {
    const filter = propertyOf(seen.node, 'Join Filter');
    const removed = seen.own.rowsRemoved;
    if (filter === null || removed < 10_000) return null;
    const hasOr = / OR /.test(filter);
    return {
      title: hasOr ? 'A join by OR compares every pair' : 'A join throws away most of the pairs it makes',
      evidence: `${count(removed)} pairs were built and removed by ${filter}.`,
      remedy: hasOr
        ? 'Two joins with UNION (or UNION ALL with the second excluding the first) can each use a hash or an index.'
        : 'A join condition with = on an indexed column finds the partners without comparing all.',
      savableMs: partOfOwn(seen, 0.8),
    };
  },
};

const memoize: NodeRule = {
  name: 'memoize-evictions',
  see: (seen) => {
    const evictions = numberOf(seen.node, 'Cache Evictions') ?? 0;
    const overflows = numberOf(seen.node, 'Cache Overflows') ?? 0;
    if (seen.node.type !== 'Memoize' || evictions + overflows < 100) return null;
    return {
      title: 'The cache of a nested loop was too small',
      evidence: `${count(evictions)} evictions and ${count(overflows)} overflows with ${count(numberOf(seen.node, 'Cache Hits') ?? 0)} hits and ${count(numberOf(seen.node, 'Cache Misses') ?? 0)} misses.`,
      remedy: 'A larger work_mem × hash_mem_multiplier keeps more keys.',
      savableMs: (seen.own.inclusiveMs ?? 0) * 0.4,
    };
  },
};

const rescans: NodeRule = {
  name: 'rescans',
  see: (seen) => {
    const { node, own } = seen;
    const loops = node.actual?.loops ?? 0;
    const passed = (own.rowsTotal ?? 0) + own.rowsRemoved;
    if (!['Materialize', 'CTE Scan', 'Subquery Scan'].includes(node.type) || loops < 100 || passed < 100_000)
      return null;
    return {
      title: `${titleOf(node)} was read again and again`,
      evidence: `${count(loops)} times, ${count(passed)} rows in all.`,
      remedy:
        'A kept set of rows has no index: each turn reads all of it. A join condition with = would let the server hash it; a temporary table can be indexed and analysed.',
      savableMs: partOfOwn(seen, 0.8),
    };
  },
};

const hashSides: NodeRule = {
  name: 'hash-sides',
  see: (seen) => {
    const { node, figures } = seen;
    if (node.type !== 'Hash Join') return null;
    const probe = inputs(node)[0];
    const build = inputs(node)[1];
    if (!probe?.actual || !build?.actual) return null;
    const probed = figureOf(figures, probe.id).rowsTotal ?? 0;
    const built = figureOf(figures, build.id).rowsTotal ?? 0;
    if (built < 10_000 || built < probed * 5 || figureOf(figures, build.id).cutShort) return null;
    return {
      title: 'The hash table was built from the larger side',
      evidence: `${count(built)} rows were put into the table to be probed by ${count(probed)}.`,
      remedy:
        'The estimate of one side is off (see there), or the kind of join leaves no choice. ANALYZE both tables; an outer join may be turned round.',
      savableMs: (figureOf(figures, build.id).exclusiveMs ?? 0) * 0.6,
    };
  },
};

const offset: NodeRule = {
  name: 'large-offset',
  see: (seen) => {
    const { node, figures } = seen;
    const child = node.type === 'Limit' ? inputs(node)[0] : undefined;
    const skipped = child ? (figureOf(figures, child.id).rowsTotal ?? 0) - (seen.own.rowsTotal ?? 0) : 0;
    if (!child || skipped < 1_000 || skipped < (seen.own.rowsTotal ?? 0) * 5) return null;
    return {
      title: 'A large OFFSET',
      evidence: `${count(skipped)} rows were made to be skipped before the ${count(seen.own.rowsTotal ?? 0)} that were wanted.`,
      remedy: 'Keyset paging (WHERE (key) > (the last one seen) ORDER BY key LIMIT n) goes straight to the page.',
      savableMs: (figureOf(figures, child.id).inclusiveMs ?? 0) * 0.8,
    };
  },
};

const wideSort: NodeRule = {
  name: 'wide-rows',
  see: (seen) => {
    const { node, own } = seen;
    const width = node.planWidth ?? 0;
    if (!['Sort', 'Hash'].includes(node.type) || width < 500 || (own.rowsTotal ?? 0) < 10_000) return null;
    return {
      title: `Wide rows went through a ${node.type.toLowerCase()}`,
      evidence: `${count(own.rowsTotal ?? 0)} rows of about ${count(width)} bytes.`,
      remedy: 'Take only the key and the order through it, and join the wide columns afterwards; avoid SELECT *.',
      savableMs: partOfOwn(seen, 0.3),
    };
  },
};

const sortedGroups: NodeRule = {
  name: 'sort-for-groups',
  see: (seen) => {
    const { node, figures } = seen;
    const sort = inputs(node)[0];
    const groups =
      node.type === 'Unique' || (node.type === 'Aggregate' && node.strategy === 'Sorted') || node.type === 'Group';
    if (!groups || sort?.type !== 'Sort' || (figureOf(figures, sort.id).rowsTotal ?? 0) < 50_000) return null;
    const rows = figureOf(figures, sort.id).rowsTotal ?? 0;
    if (rows < (seen.own.rowsTotal ?? 0) * 3) return null;
    return {
      title: `${count(rows)} rows were sorted to find ${count(seen.own.rowsTotal ?? 0)} groups`,
      evidence: `${titleOf(node)} over a Sort by ${propertyOf(sort, 'Sort Key') ?? '?'}.`,
      remedy:
        'An index in that order makes the sort needless (or incremental); enough work_mem allows a HashAggregate; DISTINCT inside of an aggregate forces the sort.',
      savableMs: (figureOf(figures, sort.id).exclusiveMs ?? 0) * 0.7,
    };
  },
};

export const workRules: readonly NodeRule[] = [
  ...[sortSpill, hashBatches, aggregateSpill, otherSpill, nestedLoop, orJoin, memoize, rescans],
  ...[hashSides, offset, wideSort, sortedGroups],
];
