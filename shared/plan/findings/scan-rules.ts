/** Rules about how rows are read. */
import { numberOf, type PlanNode, propertyOf } from '../plan.ts';
import { count, type NodeRule, partOfOwn, percent, type Seen } from './finding.ts';

const isIndexScan = (node: PlanNode): boolean => node.type === 'Index Scan' || node.type === 'Index Only Scan';
const pagesOf = ({ own }: Seen): number =>
  (own.exclusiveBuffers?.sharedHit ?? 0) + (own.exclusiveBuffers?.sharedRead ?? 0);
const readBy = ({ own }: Seen): number => (own.rowsTotal ?? 0) + own.rowsRemoved;
const rowCount = (rows: number): string => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
const tableOf = (node: PlanNode): string => node.relation ?? node.alias ?? 'the table';

/** What stops an index from being used although there might be one. */
function hindrance(filter: string): string | null {
  if (/~~\*? '%/.test(filter))
    return 'a pattern that begins with a wildcard: a trigram index (pg_trgm, GIN) can serve it';
  if (/\w\)::(text|date|integer|bigint|numeric|timestamp)/.test(filter))
    return 'a cast of the column: compare with a value of its own type, or index the expression';
  if (/\b(lower|upper|date_trunc|coalesce|to_char|substr|substring|trim|btrim|extract|date_part)\(/i.test(filter))
    return 'a function of the column: index that expression, or rewrite the condition as a range';
  if (/ OR /.test(filter))
    return 'an OR: one index for each side lets the server combine them (BitmapOr), or write it as UNION';
  return null;
}

const filterDiscards: NodeRule = {
  name: 'filter-discards',
  see: (seen) => {
    const { node, own } = seen;
    const filter = propertyOf(node, 'Filter');
    const share = own.rowsRemoved / Math.max(1, readBy(seen));
    if (!filter || isIndexScan(node) || share <= 0.9 || own.rowsRemoved <= 10_000 || !/Scan$/.test(node.type))
      return null;
    const why = hindrance(filter);
    return {
      title: `Most of what was read from ${tableOf(node)} was thrown away`,
      evidence: `${count(own.rowsRemoved)} of ${count(readBy(seen))} rows (${percent(share)}) were read and removed by ${filter}.`,
      remedy: why
        ? `The condition has ${why}.`
        : `An index on the column of this condition lets the server read only what it needs: ${rowCount(own.rowsTotal ?? 0)}.`,
      savableMs: partOfOwn(seen, share),
    };
  },
};

const indexFilter: NodeRule = {
  name: 'index-filter',
  see: (seen) => {
    const { node, own } = seen;
    if (!isIndexScan(node)) return null;
    const condition = propertyOf(node, 'Index Cond');
    const share = own.rowsRemoved / Math.max(1, readBy(seen));
    if (own.rowsRemoved < 1_000 || share < 0.5) return null;
    return {
      title: `The index ${node.index ?? ''} finds too many rows`,
      evidence: `${count(own.rowsRemoved)} of ${count(readBy(seen))} rows it found (${percent(share)}) were removed by ${propertyOf(node, 'Filter') ?? 'a filter'}${condition ? '' : '; it has no condition of its own and is walked from an end'}.`,
      remedy: condition
        ? "An index that has the filter's columns too (behind those of the condition) removes them in the index."
        : 'The index was chosen for its order (ORDER BY … LIMIT, or a merge). An index that begins with the filter’s columns and ends with the order’s serves both; writing ORDER BY column + 0 shows what the other plan costs.',
      savableMs: partOfOwn(seen, share),
    };
  },
};

const heapFetches: NodeRule = {
  name: 'heap-fetches',
  see: (seen) => {
    const { node, own } = seen;
    const fetches = (numberOf(node, 'Heap Fetches') ?? 0) * (node.type === 'Index Only Scan' ? 1 : 0);
    const share = fetches / Math.max(1, readBy(seen));
    if (fetches < 100 || share < 0.1) return null;
    return {
      title: `The index-only scan of ${tableOf(node)} went to the table all the same`,
      evidence: `${count(fetches)} heap fetches for ${count(own.rowsTotal ?? 0)} rows: these pages are not marked all-visible.`,
      remedy: `VACUUM ${tableOf(node)} marks them; if it soon comes back, let autovacuum run more often on it (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor).`,
      savableMs: partOfOwn(seen, Math.min(0.8, share)),
    };
  },
};

const lossyBitmap: NodeRule = {
  name: 'lossy-bitmap',
  see: (seen) => {
    const { node } = seen;
    const lossy = numberOf(node, 'Lossy Heap Blocks') ?? 0;
    if (node.type !== 'Bitmap Heap Scan' || lossy === 0) return null;
    const exact = numberOf(node, 'Exact Heap Blocks') ?? 0;
    const removed = numberOf(node, 'Rows Removed by Index Recheck') ?? 0;
    return {
      title: `The bitmap of ${tableOf(node)} did not fit work_mem`,
      evidence: `${count(lossy)} of ${count(lossy + exact)} pages were kept as whole pages only; ${count(removed)} rows a loop had to be checked again and were removed.`,
      remedy: 'A larger work_mem for this statement keeps the bitmap exact.',
      savableMs: partOfOwn(seen, (lossy / Math.max(1, lossy + exact)) * 0.6),
    };
  },
};

const sparseSeqScan: NodeRule = {
  name: 'bloated-scan',
  see: (seen) => {
    const { node } = seen;
    const pages = pagesOf(seen);
    const perPage = readBy(seen) / Math.max(1, pages);
    if (node.type !== 'Seq Scan' || pages < 1_000 || perPage >= 1 || seen.own.cutShort) return null;
    return {
      title: `${tableOf(node)} has many pages and few rows`,
      evidence: `${count(pages)} pages were read for ${count(readBy(seen))} rows.`,
      remedy:
        'The table is bloated, or its rows are very wide. Look at dead rows; VACUUM (FULL), pg_repack or CLUSTER rewrite it (they lock it or need room).',
      savableMs: partOfOwn(seen, 0.7),
    };
  },
};

const readEfficiency: NodeRule = {
  name: 'read-efficiency',
  see: (seen) => {
    const { node, own } = seen;
    const pages = pagesOf(seen);
    const perRow = pages / Math.max(1, own.rowsTotal ?? 0);
    if (!isIndexScan(node) || pages < 1_000 || perRow < 5 || own.rowsRemoved > (own.rowsTotal ?? 0)) return null;
    // A loop costs the way down the tree, found or not.
    if (pages / Math.max(1, node.actual?.loops ?? 1) < 6) return null;
    return {
      title: `The index scan of ${tableOf(node)} reads many pages a row`,
      evidence: `${count(pages)} pages for ${count(own.rowsTotal ?? 0)} rows: ${perRow.toFixed(1)} a row.`,
      remedy:
        'Dead rows or a bloated index: VACUUM and REINDEX CONCURRENTLY; or a condition that the index can only follow in part.',
      savableMs: partOfOwn(seen, 0.6),
    };
  },
};

const coldReads: NodeRule = {
  name: 'cold-reads',
  see: (seen) => {
    const read = seen.own.exclusiveBuffers?.sharedRead ?? 0;
    const share = read / Math.max(1, pagesOf(seen));
    if (read < 1_000 || share < 0.5) return null;
    const io = seen.own.exclusiveBuffers?.ioReadMs ?? 0;
    return {
      title: `${tableOf(seen.node)} came from outside of the buffer cache`,
      evidence: `${count(read)} of ${count(pagesOf(seen))} pages were not in shared buffers${io > 0 ? `; ${io.toFixed(1)} ms went by waiting for them` : ''}.`,
      remedy:
        'Run it once more: if it is fast then, it was the first visit. If not, read fewer pages, or look at shared_buffers.',
      savableMs: io > 0 ? Math.min(io, seen.own.exclusiveMs ?? io) : partOfOwn(seen, 0.3),
    };
  },
};

const hintBits: NodeRule = {
  name: 'dirtied-by-read',
  see: (seen) => {
    const dirtied = seen.own.exclusiveBuffers?.sharedDirtied ?? 0;
    if (dirtied < 500 || seen.plan.root.type === 'ModifyTable' || seen.node.type === 'ModifyTable') return null;
    return {
      title: `Reading ${tableOf(seen.node)} wrote to it`,
      evidence: `${count(dirtied)} pages were made dirty by a statement that only reads: hint bits or pruning after many changes.`,
      remedy: 'VACUUM after a bulk load does this once, not in the first reader’s time.',
      savableMs: partOfOwn(seen, 0.3),
    };
  },
};

const foreignScan: NodeRule = {
  name: 'foreign-scan',
  see: (seen) => {
    const { node, own } = seen;
    if (node.type !== 'Foreign Scan' || own.share < 0.3) return null;
    const removed = own.rowsRemoved;
    return {
      title: `The foreign table ${tableOf(node)} takes much of the time`,
      evidence: `${percent(own.share)} of the time; ${count(own.rowsTotal ?? 0)} rows came over${removed > 0 ? ` and ${count(removed)} more were fetched only to be removed here` : ''}.`,
      remedy:
        removed > 0
          ? 'Make the condition one that is shipped (built-in, immutable functions; the extension listed in the server’s extensions option).'
          : 'Look at the remote SQL (VERBOSE) and its plan over there; use_remote_estimate and fetch_size help.',
      savableMs: partOfOwn(seen, removed > 0 ? 0.7 : 0.3),
    };
  },
};

export const scanRules: readonly NodeRule[] = [
  ...[filterDiscards, indexFilter, heapFetches, lossyBitmap, sparseSeqScan],
  ...[readEfficiency, coldReads, hintBits, foreignScan],
];
