/** From the structured form to the tree. */
import type { Actual, Buffers, Jit, Plan, PlanFormat, PlanNode, Relationship, Trigger, Wal, Worker } from '../plan.ts';
import { type Fields, isFields, listOf, numeric, PlanTextError, textual, type Value } from './structured.ts';
import type { Unwrapped } from './unwrap.ts';

/** Keys that have a field of their own, or are seen otherwise. */
const taken = new Set([
  ...['Node Type', 'Parent Relationship', 'Subplan Name', 'Schema', 'Relation Name', 'Alias', 'Index Name', 'CTE Name'],
  ...['Join Type', 'Strategy', 'Partial Mode', 'Operation', 'Parallel Aware', 'Async Capable', 'Startup Cost'],
  ...['Total Cost', 'Plan Rows', 'Plan Width', 'Actual Startup Time', 'Actual Total Time', 'Actual Rows'],
  ...['Actual Loops', 'Plans', 'Workers', 'Workers Planned', 'Workers Launched', 'WAL Records', 'WAL FPI', 'WAL Bytes'],
]);
const bufferKey = /^(Shared|Local|Temp) (Hit|Read|Dirtied|Written) Blocks$|I\/O (Read|Write) Time$/;

const relationships: readonly string[] = [
  'Outer',
  'Inner',
  'Member',
  'Subquery',
  'InitPlan',
  'SubPlan',
] satisfies Relationship[];
const relationshipOf = (value: Value | undefined): Relationship | null => {
  const word = textual(value);
  if (word === null) return null;
  return relationships.includes(word) ? (word as Relationship) : 'Other';
};

/** Deeper than any planner goes, and well within JavaScript's stack. */
const deepest = 2_000;

export function buildPlan(value: Value, format: PlanFormat, unwrapped: Unwrapped, whole: string): Plan {
  const top = [value, ...listOf(value)].find((each) => isFields(each) && isFields(each.Plan ?? null)) as
    | Fields
    | undefined;
  if (!top) {
    const line = unwrapped.lines[0]?.number ?? 1;
    throw new PlanTextError(line, `There is no "Plan" in what begins on line ${line}.`);
  }
  const nodes: PlanNode[] = [];
  const root = build(top.Plan as Fields, nodes, 0);
  const planning = isFields(top.Planning) ? top.Planning : null;
  const analyzed = nodes.some((node) => node.actual !== null);
  const executionMs = numeric(top['Execution Time']);
  const notes = [...unwrapped.notes];
  const logged = textual(top['Query Text']) ?? unwrapped.queryText;
  if (analyzed && executionMs === null && logged === null) {
    notes.push('There is no Execution Time: the end of the plan may be missing, or SUMMARY was off.');
  }
  const serialization = isFields(top.Serialization) ? top.Serialization : null;
  return {
    format,
    root,
    nodes,
    analyzed,
    fractionalRows: /"?Actual[ -]Rows"?\s*[:>]\s*\d+\.\d|\brows=\d+\.\d+ loops=/.test(whole),
    planningMs: numeric(top['Planning Time']),
    executionMs,
    planningBuffers: planning ? buffersOf(planning) : null,
    planningMemory: planning ? memoryOf(planning) : null,
    serialization: serialization ? serializationOf(serialization) : null,
    serializationMs: serialization ? (numeric(serialization.Time) ?? secondsOf(serialization)) : null,
    triggers: listOf(top.Triggers).filter(isFields).map(triggerOf),
    jit: isFields(top.JIT) ? jitOf(top.JIT) : null,
    settings: isFields(top.Settings)
      ? Object.entries(top.Settings).map(([key, each]) => [key, textual(each) ?? ''])
      : [],
    queryIdentifier: textual(top['Query Identifier']),
    queryText: logged,
    queryParameters: textual(top['Query Parameters']) ?? unwrapped.queryParameters,
    notes,
  };
}

function build(fields: Fields, nodes: PlanNode[], depth: number): PlanNode {
  if (depth > deepest) throw new PlanTextError(1, `The plan is nested more than ${deepest} levels deep.`);
  const id = nodes.length;
  nodes.push(undefined as unknown as PlanNode); // its place, filled below: children come after their parent
  const children = listOf(fields.Plans)
    .filter(isFields)
    .map((child) => build(child, nodes, depth + 1));
  const actual = actualOf(fields);
  const type = textual(fields['Node Type']) ?? 'Unknown';
  const node: PlanNode = {
    id,
    type,
    label: labelOf(fields, type),
    relationship: relationshipOf(fields['Parent Relationship']),
    subplanName: textual(fields['Subplan Name']),
    schema: textual(fields.Schema),
    relation: textual(fields['Relation Name']),
    alias: textual(fields.Alias),
    index: textual(fields['Index Name']),
    cteName: textual(fields['CTE Name']),
    joinType: textual(fields['Join Type']),
    strategy: textual(fields.Strategy),
    parallelAware: String(fields['Parallel Aware']) === 'true',
    startupCost: numeric(fields['Startup Cost']),
    totalCost: numeric(fields['Total Cost']),
    planRows: numeric(fields['Plan Rows']),
    planWidth: numeric(fields['Plan Width']),
    actual: actual && actual.loops > 0 ? actual : null,
    neverExecuted: actual !== null && actual.loops === 0,
    buffers: buffersOf(fields),
    wal: walOf(fields),
    workersPlanned: numeric(fields['Workers Planned']),
    workersLaunched: numeric(fields['Workers Launched']),
    workers: listOf(fields.Workers).filter(isFields).map(workerOf),
    properties: Object.entries(fields)
      .filter(([key]) => !taken.has(key) && !bufferKey.test(key))
      .map(([key, each]) => [key, textual(each) ?? '']),
    children,
  };
  nodes[id] = node;
  return node;
}

/** As the text form writes it. */
function labelOf(fields: Fields, type: string): string {
  const joinType = textual(fields['Join Type']);
  const strategy = textual(fields.Strategy);
  const mode = textual(fields['Partial Mode']);
  let name = type;
  if (type === 'Aggregate') {
    name =
      { Hashed: 'HashAggregate', Sorted: 'GroupAggregate', Mixed: 'MixedAggregate' }[strategy ?? ''] ?? 'Aggregate';
  } else if (type === 'SetOp') {
    name = `${strategy === 'Hashed' ? 'HashSetOp' : 'SetOp'} ${textual(fields.Command) ?? ''}`.trim();
  } else if (type === 'ModifyTable') name = textual(fields.Operation) ?? type;
  else if (type === 'Foreign Scan' && fields.Operation && fields.Operation !== 'Select') {
    name = `Foreign ${textual(fields.Operation)}`;
  } else if (type === 'Custom Scan') name = `Custom Scan (${textual(fields['Custom Plan Provider']) ?? ''})`;
  else if (joinType && joinType !== 'Inner') name = `${type.replace(/ Join$/, '')} ${joinType} Join`;
  if (fields['Scan Direction'] === 'Backward') name += ' Backward';
  if (mode && mode !== 'Simple') name = `${mode} ${name}`;
  if (String(fields['Async Capable']) === 'true') name = `Async ${name}`;
  return String(fields['Parallel Aware']) === 'true' ? `Parallel ${name}` : name;
}

function actualOf(fields: Fields): Actual | null {
  const loops = numeric(fields['Actual Loops']);
  if (loops === null) return null;
  return {
    startupMs: numeric(fields['Actual Startup Time']),
    totalMs: numeric(fields['Actual Total Time']),
    rows: numeric(fields['Actual Rows']) ?? 0,
    loops,
  };
}

const workerOf = (fields: Fields): Worker => ({
  number: numeric(fields['Worker Number']) ?? 0,
  actual: actualOf(fields),
  buffers: buffersOf(fields),
});

function buffersOf(fields: Fields): Buffers | null {
  if (!Object.keys(fields).some((key) => bufferKey.test(key))) return null;
  const blocks = (kind: string, what: string) => numeric(fields[`${kind} ${what} Blocks`]) ?? 0;
  // Up to 16 "I/O Read Time" is shared and local together; the others came one by one.
  const time = (what: string) =>
    ['', 'Shared ', 'Local ', 'Temp '].reduce(
      (sum, kind) => sum + (numeric(fields[`${kind}I/O ${what} Time`]) ?? 0),
      0,
    );
  return {
    sharedHit: blocks('Shared', 'Hit'),
    sharedRead: blocks('Shared', 'Read'),
    sharedDirtied: blocks('Shared', 'Dirtied'),
    sharedWritten: blocks('Shared', 'Written'),
    localHit: blocks('Local', 'Hit'),
    localRead: blocks('Local', 'Read'),
    localDirtied: blocks('Local', 'Dirtied'),
    localWritten: blocks('Local', 'Written'),
    tempRead: blocks('Temp', 'Read'),
    tempWritten: blocks('Temp', 'Written'),
    ioReadMs: time('Read'),
    ioWriteMs: time('Write'),
  };
}

function walOf(fields: Fields): Wal | null {
  if (fields['WAL Records'] === undefined && fields['WAL Bytes'] === undefined) return null;
  const of = (key: string) => numeric(fields[`WAL ${key}`]) ?? 0;
  return { records: of('Records'), fpi: of('FPI'), bytes: of('Bytes') };
}

const triggerOf = (fields: Fields): Trigger => ({
  name: textual(fields['Trigger Name']) ?? '',
  constraint: textual(fields['Constraint Name']),
  relation: textual(fields.Relation),
  timeMs: numeric(fields.Time),
  calls: numeric(fields.Calls) ?? 0,
});

function jitOf(fields: Fields): Jit {
  const timing = isFields(fields.Timing) ? fields.Timing : {};
  const generation = isFields(timing.Generation) ? timing.Generation.Total : timing.Generation;
  return {
    functions: numeric(fields.Functions) ?? 0,
    options: isFields(fields.Options)
      ? Object.entries(fields.Options)
          .map(([key, each]) => `${key} ${textual(each)}`)
          .join(', ')
      : (textual(fields.Options) ?? ''),
    generationMs: numeric(generation) ?? 0,
    inliningMs: numeric(timing.Inlining) ?? 0,
    optimizationMs: numeric(timing.Optimization) ?? 0,
    emissionMs: numeric(timing.Emission) ?? 0,
    totalMs: numeric(timing.Total) ?? 0,
  };
}

function memoryOf(planning: Fields): string | null {
  const used = numeric(planning['Memory Used']);
  if (used === null) return textual(planning.Memory);
  return `used=${used}kB  allocated=${numeric(planning['Memory Allocated']) ?? 0}kB`;
}

const secondsOf = (fields: Fields): number | null => {
  const found = /time=([\d.]+) ms/.exec(textual(fields.Summary) ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

function serializationOf(fields: Fields): string {
  const summary = textual(fields.Summary);
  if (summary) return summary;
  const time = numeric(fields.Time);
  const size = `output=${numeric(fields['Output Volume']) ?? 0}kB  format=${textual(fields.Format) ?? 'text'}`;
  return time === null ? size : `time=${time} ms  ${size}`;
}
