/** The plan corpus: real answers of EXPLAIN from servers 13 to 18 (tests/fixtures/plans/make-plans.ts makes it anew). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparePlans } from '../shared/plan/compare.ts';
import { type Figures, figuresOf } from '../shared/plan/figures.ts';
import { findingsOf } from '../shared/plan/findings/find.ts';
import { type BufferName, type Plan, titleOf } from '../shared/plan/plan.ts';
import { readPlan } from '../shared/plan/read/read-plan.ts';
import { PlanTextError } from '../shared/plan/read/structured.ts';
import { shapeOf } from '../shared/plan/shape.ts';
import { statisticsOf } from '../shared/plan/statistics.ts';
import { largePlan } from './e2e/large-plan.ts';
import { hostileLines } from './fixtures/plans/hostile-lines.ts';

const folder = join(import.meta.dirname, 'fixtures', 'plans', 'corpus');
const names = readdirSync(folder).sort();
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const seen = (name: string): { plan: Plan; figures: Figures } => {
  const plan = readPlan(textOf(name));
  return { plan, figures: figuresOf(plan) };
};
/** The first plan of that statement, whatever the server and format. */
const first = (statement: string) => seen(names.find((name) => name.startsWith(`${statement}.`)) ?? '');
const counters: readonly BufferName[] = [
  'sharedHit',
  'sharedRead',
  'sharedDirtied',
  'sharedWritten',
  'tempRead',
  'tempWritten',
];

describe('the corpus', () => {
  it('has at least 60 plans of five majors, four formats and 38 kinds of nodes', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names.map((name) => name.split('.')[1]))).toEqual(new Set(['13', '15', '16', '17', '18']));
    expect(new Set(names.map((name) => name.split('.')[2]))).toEqual(new Set(['txt', 'json', 'yaml', 'xml']));
    const types = new Set(names.flatMap((name) => seen(name).plan.nodes.map(({ type }) => type)));
    expect(types.size).toBeGreaterThanOrEqual(38);
  });

  it.each(names)('%s: no part exceeds the whole', (name) => {
    const { plan, figures } = seen(name);
    if (figures.totalMs !== null) expect(figures.nodesMs).toBeLessThanOrEqual(figures.totalMs * 1.000001 + 0.001);
    for (const figure of figures.nodes) expect(figure.exclusiveMs ?? 0).toBeGreaterThanOrEqual(0);
    const outside = figures.charge.outside.map((id) => plan.nodes[id]);
    for (const counter of counters) {
      const whole = [plan.root, ...outside].reduce((sum, node) => sum + (node?.buffers?.[counter] ?? 0), 0);
      const parts = figures.nodes.reduce((sum, { exclusiveBuffers }) => sum + (exclusiveBuffers?.[counter] ?? 0), 0);
      expect(parts, counter).toBeCloseTo(whole, 1);
    }
  });
});

/** Worked out on paper from the texts: exclusive milliseconds and shared pages (hit, read) of named nodes. */
const byHand: Readonly<
  Record<string, readonly [node: number, title: string, ms: number, hit: number, read: number][]>
> = {
  // InitPlan 3 hangs on the Aggregate and is first needed by the scan of sale: 21.640 - 14.234; 1530 - 765 pages.
  // InitPlan 2 is first needed by the Bitmap Index Scan: 0.117 - 0.082; hit 3 - 1, read 2 - 2.
  'init-plan-deep.15.txt': [
    [0, 'Aggregate', 0.01, 0, 0],
    [1, 'Result', 0.003, 0, 0],
    [4, 'Aggregate', 7.752, 0, 0],
    [6, 'Hash Join', 0.047, 0, 0],
    [7, 'Seq Scan on sale s', 7.406, 765, 0],
    [9, 'Bitmap Heap Scan on item i', 0.357, 255, 0],
    [10, 'Bitmap Index Scan on item_kind', 0.035, 2, 0],
  ],
  // The first of two scans drives the CTE: 8.710 - 7.372; the second finds its rows there.
  'cte-twice-limit.16.txt': [
    [0, 'Result', 0.008, 0, 0],
    [1, 'Seq Scan on sale', 7.372, 765, 0],
    [2, 'Aggregate', 0.45, 0, 0],
    [3, 'CTE Scan on a', 1.338, 0, 0],
    [5, 'CTE Scan on a a_1', 0.653, 0, 0],
  ],
  // A data-modifying CTE that nothing reads runs after the root (0.002 ms) and within the execution time.
  'cte-writes-unread.17.txt': [
    [0, 'Result', 0.002, 0, 0],
    [1, 'Update on target', 1.782, 3612, 0],
    [2, 'Seq Scan on target', 0.092, 5, 0],
  ],
  // One that is read is in its CTE Scan: 0.756 - 0.686.
  'cte-writes-read.13.txt': [
    [0, 'Aggregate', 0.023, 0, 0],
    [1, 'Insert on target', 0.639, 1506, 0],
    [2, 'Function Scan on generate_series i', 0.047, 0, 0],
    [3, 'CTE Scan on w', 0.07, 0, 0],
  ],
  // A SubPlan is in the node it hangs on, hashed (once) or not (a thousand times 0.003).
  'sub-plan-hashed.18.txt': [
    [0, 'Aggregate', 1.421, 0, 0],
    [1, 'Seq Scan on item', 10.539, 255, 0],
    [2, 'Seq Scan on child', 10.797, 89, 0],
  ],
  'sub-plan.13.xml': [
    [0, 'Seq Scan on target t', 0.717, 7, 0],
    [1, 'Aggregate', 0, 0, 0],
    [2, 'Bitmap Heap Scan on sale s', 2, 3000, 0],
    [3, 'Bitmap Index Scan on sale_item', 1, 2000, 0],
  ],
  // Loops are totals: 0.004 × 1,000; buffers are so already.
  'lateral.16.txt': [
    [0, 'Nested Loop', 0.595, 0, 0],
    [1, 'Seq Scan on target t', 0.074, 5, 0],
    [2, 'Limit', 0, 0, 0],
    [3, 'Sort', 1, 0, 0],
    [4, 'Bitmap Heap Scan on sale s', 2, 3000, 0],
    [5, 'Bitmap Index Scan on sale_item', 1, 1997, 3],
  ],
  'nested-loop.16.txt': [
    [0, 'Nested Loop', 0.047, 0, 0],
    [1, 'Bitmap Heap Scan on item i', 0.417, 255, 0],
    [2, 'Bitmap Index Scan on item_kind', 0.058, 0, 2],
    [3, 'Index Scan on sale s', 0.56, 161, 39],
  ],
  // Three processes side by side: 19.637 × 3 / 3.
  'gather-merge.13.txt': [
    [0, 'Gather Merge', 27.695, 0, 0],
    [1, 'Sort', 14.027, 130, 0],
    [2, 'Parallel Seq Scan on sale', 5.61, 765, 0],
  ],
};

describe('arithmetic, by hand', () => {
  it.each(Object.entries(byHand))('%s', (name, expected) => {
    const { plan, figures } = seen(name);
    for (const [id, title, ms, hit, read] of expected) {
      const figure = figures.nodes[id];
      expect(plan.nodes[id] && titleOf(plan.nodes[id])).toBe(title);
      expect(figure?.exclusiveMs).toBeCloseTo(ms, 6);
      expect([figure?.exclusiveBuffers?.sharedHit, figure?.exclusiveBuffers?.sharedRead]).toEqual([hit, read]);
    }
  });

  it('takes the slowest process where each has its line, and the leader has what they leave', () => {
    // Sort of gather-verbose: average 12.707 × 3 = 38.121; workers 11.089 and 2.912 leave 24.120 to the leader.
    const { plan, figures } = seen('gather-verbose.13.xml');
    const sort = plan.nodes.find(({ type }) => type === 'Sort');
    expect(figures.nodes[sort?.id ?? 0]?.inclusiveMs).toBeCloseTo(24.12, 6);
    expect(figures.nodes[sort?.id ?? 0]?.cpuMs).toBeCloseTo(38.121, 6);
  });

  it('does not divide by workers that were not there', () => {
    for (const name of names.filter((each) => each.startsWith('parallel-no-workers'))) {
      const { plan, figures } = seen(name);
      for (const { id, actual } of plan.nodes) expect(figures.nodes[id]?.inclusiveMs).toBe(actual?.totalMs);
    }
  });

  it('keeps InitPlan 1 and InitPlan 12, $1 and $10 apart', () => {
    for (const name of names.filter((each) => each.startsWith('init-plans-many'))) {
      const { plan, figures } = seen(name);
      const initPlans = plan.root.children.filter(({ relationship }) => relationship === 'InitPlan');
      expect(initPlans).toHaveLength(12);
      // Each is charged once, to the only node that can use it.
      expect(initPlans.map(({ id }) => figures.charge.payer[id])).toEqual(initPlans.map(() => 0));
    }
  });

  it('gives rounded averages their uncertainty, and exact ones none', () => {
    const rounded = seen(names.find((name) => /^sub-plan\.1[35]\./.test(name)) ?? '').figures.nodes[1];
    expect(rounded?.rowsUncertainty).toBe(500);
    const exact = names.filter((name) => /\.18\./.test(name)).flatMap((name) => seen(name).figures.nodes);
    expect(exact.every(({ rowsUncertainty }) => rowsUncertainty === 0)).toBe(true);
  });

  it('marks what never ran, without dividing by its loops', () => {
    const { plan, figures } = first('never-executed');
    const idle = plan.nodes.filter(({ neverExecuted }) => neverExecuted);
    expect(idle.length).toBeGreaterThan(0);
    for (const { id } of idle) expect(figures.nodes[id]?.exclusiveMs).toBe(0);
  });
});

describe('findings', () => {
  it('say nothing of the time of planning where nothing was run to compare it with', () => {
    const text = 'Seq Scan on t  (cost=0.00..1.10 rows=10 width=4)\nPlanning Time: 7.430 ms';
    const rulesOf = (plan: Plan) => findingsOf(plan, figuresOf(plan)).map(({ rule }) => rule);
    expect(rulesOf(readPlan(text))).toEqual([]);
    const ran = text.replace(')', ') (actual time=0.010..0.020 rows=10 loops=1)');
    expect(rulesOf(readPlan(`${ran}\nExecution Time: 0.030 ms`))).toEqual(['planning-time']);
  });

  const rulesOf = (name: string) => {
    const { plan, figures } = seen(name);
    return findingsOf(plan, figures).map(
      ({ rule, nodeId }) => `${rule}${nodeId === null ? '' : `@${plan.nodes[nodeId]?.label}`}`,
    );
  };
  it.each([
    ['seq-scan-filter', 'filter-discards@Seq Scan'],
    ['sort-disk', 'sort-spill@Sort'],
    ['hash-batches', 'hash-batches@Hash'],
    ['offset', 'large-offset@Limit'],
    ['delete-foreign-key', 'trigger-time'],
    ['nested-loop-no-index', 'or-join-filter@Nested Loop'],
    ['parallel-no-workers', 'workers-missing@Gather'],
    ['unique', 'sort-for-groups@Unique'],
    ['misestimate', 'row-estimate@Seq Scan'],
    ['foreign-filter', 'foreign-scan@Foreign Scan'],
    ['settings', 'settings'],
    ['index-only-scan', 'heap-fetches@Index Only Scan'],
  ])('%s says %s', (start, wanted) => {
    const found = names.filter((name) => name.startsWith(`${start}.`)).map(rulesOf);
    expect(found.flat()).toContain(wanted);
  });

  it.each([
    [
      'lossy-bitmap',
      `Bitmap Heap Scan on big  (cost=10.00..900.00 rows=900 width=4) (actual time=5.000..80.000 rows=900 loops=1)
  Recheck Cond: (a < 9)
  Rows Removed by Index Recheck: 51000
  Heap Blocks: exact=600 lossy=1400
  ->  Bitmap Index Scan on big_a  (cost=0.00..9.00 rows=900 width=0) (actual time=4.000..4.000 rows=900 loops=1)
        Index Cond: (a < 9)
Execution Time: 80.500 ms`,
    ],
    [
      'aggregate-spill',
      `HashAggregate  (cost=10.00..900.00 rows=90000 width=4) (actual time=60.000..180.000 rows=90000 loops=1)
  Group Key: a
  Planned Partitions: 8  Batches: 9  Memory Usage: 1089kB  Disk Usage: 2616kB
  ->  Seq Scan on big  (cost=0.00..9.00 rows=90000 width=4) (actual time=0.010..9.000 rows=90000 loops=1)
Execution Time: 190.000 ms`,
    ],
    [
      'jit',
      `Seq Scan on big  (cost=0.00..9.00 rows=90000 width=4) (actual time=40.010..49.000 rows=90000 loops=1)
Planning Time: 0.100 ms
JIT:
  Functions: 4
  Options: Inlining false, Optimization false, Expressions true, Deforming true
  Timing: Generation 1.500 ms (Deform 0.500 ms), Inlining 0.000 ms, Optimization 20.000 ms, Emission 18.500 ms, Total 40.000 ms
Execution Time: 52.000 ms`,
    ],
  ])('knows %s', (rule, text) => {
    const plan = readPlan(text);
    expect(findingsOf(plan, figuresOf(plan)).map((finding) => finding.rule)).toContain(rule);
  });

  it('puts first what could save most, and never promises more than the whole', () => {
    for (const name of names) {
      const { plan, figures } = seen(name);
      const savings = findingsOf(plan, figures).map(({ savableMs }) => savableMs ?? -1);
      expect(savings).toEqual(savings.toSorted((a, b) => b - a));
      for (const saving of savings)
        expect(saving, name).toBeLessThanOrEqual((figures.totalMs ?? 0) + (plan.planningMs ?? 0) + 0.001);
    }
  });

  it('has nothing to say about a plan that is good', () => {
    for (const name of names.filter((each) => /^(index-scan|tid-scan|values-scan|no-analyze)\./.test(each)))
      expect(rulesOf(name)).toEqual([]);
  });
});

describe('texts as they are pasted', () => {
  const original = textOf('init-plan-deep.15.txt');
  const expected = shapeOf(readPlan(original));
  const lines = original.trimEnd().split('\n');
  const wide = Math.max(...lines.map((line) => line.length));
  const border = `+${'-'.repeat(wide + 2)}+`;
  const wraps: Readonly<Record<string, string>> = {
    'psql, aligned': [
      `${' '.repeat(20)}QUERY PLAN`,
      '-'.repeat(wide + 2),
      ...lines.map((line) => ` ${line}`),
      `(${lines.length} rows)`,
      '',
      'Time: 12.3 ms',
    ].join('\n'),
    'psql, border 2': [
      border,
      `|${'QUERY PLAN'.padStart(30).padEnd(wide + 2)}|`,
      border,
      ...lines.map((line) => `| ${line.padEnd(wide)} |`),
      border,
      `(${lines.length} rows)`,
    ].join('\n'),
    'psql, unicode': lines.map((line) => `│ ${line.padEnd(wide)} │`).join('\n'),
    'psql, expanded': lines.map((line, at) => `-[ RECORD ${at + 1} ]----\nQUERY PLAN | ${line}`).join('\n'),
    'with its statement and prompt': `shop=# explain analyze\nselect 1;\n${original}`,
    pgAdmin: ['"QUERY PLAN"', ...lines.map((line) => `"${line.replaceAll('"', '""')}"`)].join('\n'),
    auto_explain: `2026-01-02 03:04:05.678 UTC [4711] user@shop LOG:  duration: 22.256 ms  plan:\n\tQuery Text: select count(*)\n\tfrom item\n${lines
      .slice(0, -4)
      .map((line) => `\t${line}`)
      .join('\n')}\n2026-01-02 03:04:06 UTC [4711] LOG:  checkpoint starting`,
    'CRLF and tabs at the end': `\uFEFF${lines.join('\r\n')}\r\n\r\n`,
  };
  it.each(Object.entries(wraps))('%s', (_, text) => {
    expect(shapeOf(readPlan(text))).toBe(expected);
  });

  const json = textOf(names.find((name) => name.endsWith('.json')) ?? '');
  it.each([
    [
      'psql with its + signs',
      json
        .trimEnd()
        .split('\n')
        .map((line) => ` ${line.padEnd(90)}+`)
        .join('\n')
        .replace(/\+$/, ''),
    ],
    ['one cell in quotes', `"${json.trim().replaceAll('"', '""')}"`],
    ['a JSON string', JSON.stringify(json)],
    [
      'auto_explain',
      `LOG:  duration: 1.5 ms  plan:\n${json
        .trim()
        .replace(/^\[\s*/, '')
        .replace(/\s*\]$/, '')
        .split('\n')
        .map((line) => `\t${line}`)
        .join('\n')}`,
    ],
  ])('JSON: %s', (_, text) => {
    expect(shapeOf(readPlan(text))).toBe(shapeOf(readPlan(json)));
  });

  it('keeps the statement of auto_explain', () => {
    expect(readPlan(wraps.auto_explain ?? '').queryText).toBe('select count(*)\nfrom item');
  });

  it.each(names.filter((name) => /gather-verbose|init-plan-deep|sort-disk/.test(name)))(
    '%s, cut anywhere: read, or refused with a line',
    (name) => {
      const text = textOf(name);
      for (let length = 1; length < text.length; length += 37) {
        try {
          readPlan(text.slice(0, length));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(PlanTextError);
          expect((thrown as PlanTextError).line).toBeGreaterThan(0);
        }
      }
    },
  );

  it.each([
    ['nothing', '', 1],
    ['prose', 'Dear all,\nplease find the plan attached.', 1],
    ['a plan of MySQL', '-> Filter: (t.a = 1)  (cost=0.35 rows=1)', 1],
    ['a node cut in its figures', `${lines.slice(0, 4).join('\n')}\n    ->  Result  (cost=0.43..0.4`, 5],
    ['JSON cut', '[\n {"Plan": {\n "Node Type": "Seq', 3],
  ])('refuses %s and names the line', (_, text, line) => {
    let thrown: unknown;
    try {
      readPlan(text);
    } catch (each) {
      thrown = each;
    }
    expect(thrown).toBeInstanceOf(PlanTextError);
    expect((thrown as PlanTextError).line).toBe(line);
  });

  it('reads a plan of a newer server, with words it has never seen', () => {
    const { plan } = { plan: readPlan(original.replace('Hash Join', 'Quantum Join').replace('Workers', 'Qubits')) };
    expect(plan.nodes.map(({ type }) => type)).toContain('Quantum Join');
  });

  it.each(hostileLines)('a line of %s is read or refused', (_, make) => {
    try {
      readPlan(make(400_000));
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(PlanTextError);
    }
  });

  it('reads 1,000 nodes', () => {
    expect(readPlan(largePlan()).nodes).toHaveLength(1_000);
  });
});

describe('comparing', () => {
  it('finds no difference between a plan and itself', () => {
    const one = seen('init-plan-deep.15.txt');
    const { nodes, sameShape } = comparePlans(one, one);
    expect(sameShape).toBe(true);
    expect(nodes.map(({ after }) => after?.id)).toEqual(one.plan.nodes.map(({ id }) => id));
    expect(nodes.every(({ exclusiveMs, pages }) => exclusiveMs === 0 && pages === 0)).toBe(true);
  });
  it('matches the scans of one table however they are done, and says what became of the join', () => {
    const { nodes, sameShape } = comparePlans(first('hash-join'), first('merge-join'));
    expect(sameShape).toBe(false);
    expect(nodes.flatMap(({ changes }) => changes)).toContain('Hash Join became Merge Join');
    const tables = nodes.filter(({ before, after }) => before?.relation && after?.relation);
    expect(tables.map(({ before, after }) => [before?.relation, after?.relation]).every(([a, b]) => a === b)).toBe(
      true,
    );
  });
  it('holds nothing against a plan that was not run, and a node that came or went against nothing', () => {
    const text = textOf('init-plan-deep.15.txt');
    const run = seen('init-plan-deep.15.txt');
    const plan = readPlan(text.replace(/ \(actual [^)]*\)|^ *(Buffers|I\/O Timings|Planning|Execution|JIT).*$/gm, ''));
    const expected = { plan, figures: figuresOf(plan) };
    expect(plan.nodes).toHaveLength(run.plan.nodes.length);
    for (const { nodes } of [comparePlans(run, expected), comparePlans(expected, run)]) {
      expect(
        nodes.every(({ exclusiveMs, rows, pages }) => exclusiveMs === null && rows === null && pages === null),
      ).toBe(true);
      expect(nodes.every(({ exclusiveCost }) => exclusiveCost === 0)).toBe(true);
    }
    const { nodes } = comparePlans(first('hash-batches'), first('nested-loop'));
    const come = nodes.filter(({ before }) => before === null);
    expect(come.length).toBeGreaterThan(0);
    expect(come.every(({ exclusiveMs }) => (exclusiveMs ?? -1) >= 0)).toBe(true);
  });
  it('tells each node of both plans once', () => {
    const [one, two] = [first('hash-batches'), first('nested-loop')];
    const { nodes } = comparePlans(one, two);
    expect(nodes.filter(({ before }) => before)).toHaveLength(one.plan.nodes.length);
    expect(nodes.filter(({ after }) => after)).toHaveLength(two.plan.nodes.length);
  });
});

describe('statistics', () => {
  it('adds up to the nodes', () => {
    const { plan, figures } = seen('init-plan-deep.15.txt');
    const { byType, byTable, byIndex } = statisticsOf(plan, figures);
    expect(byType.reduce((sum, { exclusiveMs }) => sum + (exclusiveMs ?? 0), 0)).toBeCloseTo(figures.nodesMs, 6);
    expect(byTable.find(({ name }) => name === 'sale')?.pages).toBe(1530);
    expect(byIndex.map(({ name }) => name)).toEqual(['item_kind']);
  });
});
