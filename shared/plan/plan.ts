/** An execution plan as one tree, whatever text it was read from. Figures that follow from it are made in figures.ts. */

/** Pages (of 8 kB, as the server counts them), over all loops and workers, children included. */
export interface Buffers {
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly sharedDirtied: number;
  readonly sharedWritten: number;
  readonly localHit: number;
  readonly localRead: number;
  readonly localDirtied: number;
  readonly localWritten: number;
  readonly tempRead: number;
  readonly tempWritten: number;
  /** Milliseconds of waiting for reads and writes (track_io_timing); 0 where not measured. */
  readonly ioReadMs: number;
  readonly ioWriteMs: number;
}
export type BufferName = keyof Buffers;

export interface Wal {
  readonly records: number;
  readonly fpi: number;
  readonly bytes: number;
}

/** As printed: times and rows are averages over loops. Times are null with TIMING off. */
export interface Actual {
  readonly startupMs: number | null;
  readonly totalMs: number | null;
  readonly rows: number;
  readonly loops: number;
}

export interface Worker {
  readonly number: number;
  readonly actual: Actual | null;
  readonly buffers: Buffers | null;
}

/** How a node hangs on its parent; InitPlan and SubPlan are no input of it. */
export type Relationship = 'Outer' | 'Inner' | 'Member' | 'Subquery' | 'InitPlan' | 'SubPlan' | 'Other';

export interface PlanNode {
  /** Its place in the text, from 0: parents before children. */
  readonly id: number;
  /** PostgreSQL's word in JSON: "Hash Join", "Aggregate", "ModifyTable". */
  readonly type: string;
  /** As the text form names it: "Parallel Hash Left Join", "Partial HashAggregate", "Update". */
  readonly label: string;
  readonly relationship: Relationship | null;
  /** "InitPlan 1 (returns $0)", "SubPlan 2", "CTE recent". */
  readonly subplanName: string | null;
  readonly schema: string | null;
  readonly relation: string | null;
  readonly alias: string | null;
  readonly index: string | null;
  readonly cteName: string | null;
  readonly joinType: string | null;
  readonly strategy: string | null;
  readonly parallelAware: boolean;
  readonly startupCost: number | null;
  readonly totalCost: number | null;
  /** Rows expected a loop. */
  readonly planRows: number | null;
  readonly planWidth: number | null;
  readonly actual: Actual | null;
  /** Planned and not run once. */
  readonly neverExecuted: boolean;
  readonly buffers: Buffers | null;
  readonly wal: Wal | null;
  readonly workersPlanned: number | null;
  readonly workersLaunched: number | null;
  readonly workers: readonly Worker[];
  /** Everything else that was said about the node, in its order, as text. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly children: readonly PlanNode[];
}

export interface Trigger {
  readonly name: string;
  readonly constraint: string | null;
  readonly relation: string | null;
  readonly timeMs: number | null;
  readonly calls: number;
}

export interface Jit {
  readonly functions: number;
  readonly options: string;
  readonly generationMs: number;
  readonly inliningMs: number;
  readonly optimizationMs: number;
  readonly emissionMs: number;
  readonly totalMs: number;
}

export type PlanFormat = 'text' | 'json' | 'yaml' | 'xml';

export interface Plan {
  readonly format: PlanFormat;
  readonly root: PlanNode;
  /** All nodes; a node's id is its index. */
  readonly nodes: readonly PlanNode[];
  readonly analyzed: boolean;
  /** Rows came with fractions (PostgreSQL 18): averages are not rounded to whole rows. */
  readonly fractionalRows: boolean;
  readonly planningMs: number | null;
  readonly executionMs: number | null;
  readonly planningBuffers: Buffers | null;
  readonly planningMemory: string | null;
  readonly serialization: string | null;
  readonly serializationMs: number | null;
  readonly triggers: readonly Trigger[];
  readonly jit: Jit | null;
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly queryIdentifier: string | null;
  /** From auto_explain. */
  readonly queryText: string | null;
  readonly queryParameters: string | null;
  /** What the reader should know about the text: a second plan left out, an end that seems missing. */
  readonly notes: readonly string[];
}

/** Pages of tables and indexes, temporary tables too; not those of temporary files. */
export const pagesOf = (buffers: Buffers | null): number | null =>
  buffers && buffers.sharedHit + buffers.sharedRead + buffers.localHit + buffers.localRead;

/** The value of a property, or null. */
export const propertyOf = (node: PlanNode, name: string): string | null =>
  node.properties.find(([key]) => key === name)?.[1] ?? null;

/** A property that begins with a number ("12", "24kB"); null where it is not there. */
export function numberOf(node: PlanNode, name: string): number | null {
  const found = /-?\d+(\.\d+)?/.exec(propertyOf(node, name) ?? '')?.[0];
  return found === undefined ? null : Number(found);
}

/** A node and all below it, parents first. */
export function* within(node: PlanNode): Generator<PlanNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    for (let at = next.children.length - 1; at >= 0; at--) waiting.push(next.children[at] as PlanNode);
  }
}

/** "Index Scan on orders o using orders_pkey": what a person calls the node. */
export function titleOf(node: PlanNode): string {
  const target = targetOf(node);
  return target ? `${node.label} on ${target}` : node.label;
}

/** What the node reads or writes: table (with its alias where that differs), index, CTE, function. */
export function targetOf(node: PlanNode): string {
  const name = node.relation ?? node.cteName ?? propertyOf(node, 'Function Name') ?? node.index ?? '';
  const alias = node.alias && node.alias !== name ? node.alias : '';
  return [name, alias].filter(Boolean).join(' ');
}
