/**
 * FORMAT TEXT, brought to the structured form. A node's place in the tree is where its name begins; a line of facts
 * belongs to the deepest node that begins left of it.
 */
import { type MutableFields, PlanTextError, type Value } from './structured.ts';
import { labelFields } from './text-label.ts';
import { propertyFields } from './text-properties.ts';
import type { Line } from './unwrap.ts';

interface Open {
  readonly column: number;
  readonly fields: MutableFields;
  readonly plans: MutableFields[];
  /** A worker's block, whose lines are not the node's. */
  worker: { readonly column: number; readonly fields: MutableFields } | null;
  lastKey: string | null;
}

const costs = /\(cost=([\d.]+)\.\.([\d.]+) rows=(\d+) width=(\d+)\)/;
const actuals = /\(actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)\)/;
const subplan = /^(InitPlan|SubPlan) \d+( \(returns .*\))?$|^CTE \S.*$/;

export function readText(lines: readonly Line[]): Value {
  const reader = new TextReader();
  for (const line of lines) reader.line(line);
  return reader.end(lines.at(-1)?.number ?? 1);
}

class TextReader {
  readonly #top: MutableFields = {};
  readonly #open: Open[] = [];
  #subplan: { readonly column: number; readonly name: string } | null = null;
  /** After the tree: "Planning:", "JIT:" and the like, with lines of their own. */
  #section: { readonly name: string; readonly fields: MutableFields } | null = null;
  #rootColumn = 0;
  /** Costs or times stand behind the first node's name; then they do behind every one. */
  #hasFigures = false;

  line(line: Line): void {
    const column = line.text.length - line.text.trimStart().length;
    const text = line.text.trim();
    const arrow = /^->\s+/.exec(text);
    if (this.#open.length === 0 && !arrow) this.#rootColumn = column;
    if (this.#open.length === 0 || arrow) {
      this.#node(line, column, arrow ? text.slice(arrow[0].length) : text);
      return;
    }
    // A copy that began inside of the first line has lost its one leading blank there.
    if (column <= this.#rootColumn + 1 && this.#tail(text)) return;
    if (this.#section && column > this.#rootColumn + 1) {
      this.#sectionLine(text);
      return;
    }
    if (subplan.test(text)) {
      this.#subplan = { column, name: text };
      return;
    }
    this.#property(line, column, text);
  }

  end(last: number): Value {
    if (!this.#top.Plan) throw new PlanTextError(last, 'There is no plan in this text.');
    if (this.#subplan) {
      throw new PlanTextError(
        last,
        `The plan ends on line ${last}, where "${this.#subplan.name}" should begin. Was it cut?`,
      );
    }
    return this.#top;
  }

  #node(line: Line, column: number, text: string): void {
    const from = text.search(/\((?:cost=|actual |never executed)/);
    const label = (from < 0 ? text : text.slice(0, from)).trimEnd();
    const fields = labelFields(label);
    const figures = text.slice(label.length);
    if (this.#open.length === 0) this.#hasFigures = figures !== '';
    const isCut = this.#hasFigures ? !isWhole(figures) || figures === '' : figures !== '';
    if (!fields || isCut) throw notANode(line, this.#open.length === 0, isCut);
    readFigures(figures, fields);
    while (this.#open.length > 0 && (this.#open.at(-1) as Open).column >= column) this.#open.pop();
    const parent = this.#open.at(-1);
    if (parent) {
      this.#attach(parent, fields, column);
      parent.plans.push(fields);
      parent.fields.Plans = parent.plans;
    } else if (this.#top.Plan) {
      throw new PlanTextError(line.number, `Line ${line.number} begins a second plan, or its indentation was lost.`);
    } else this.#top.Plan = fields;
    this.#open.push({ column: parent ? column : this.#rootColumn, fields, plans: [], worker: null, lastKey: null });
  }

  #attach(parent: Open, fields: MutableFields, column: number): void {
    if (this.#subplan && this.#subplan.column < column) {
      const { name } = this.#subplan;
      fields['Parent Relationship'] = name.startsWith('SubPlan') ? 'SubPlan' : 'InitPlan';
      fields['Subplan Name'] = name;
      this.#subplan = null;
      return;
    }
    const inputs = parent.plans.filter((plan) => !plan['Subplan Name']).length;
    const type = String(parent.fields['Node Type']);
    const member = ['Append', 'MergeAppend', 'Merge Append', 'BitmapAnd', 'BitmapOr'].includes(type);
    const first = type === 'Subquery Scan' ? 'Subquery' : 'Outer';
    fields['Parent Relationship'] = member ? 'Member' : inputs === 0 ? first : 'Inner';
  }

  #property(line: Line, column: number, text: string): void {
    while (this.#open.length > 1 && (this.#open.at(-1) as Open).column >= column) this.#open.pop();
    const node = this.#open.at(-1) as Open;
    const worker = /^Worker (\d+):\s*(.*)$/.exec(text);
    if (worker) {
      this.#worker(node, column, Number(worker[1]), worker[2] ?? '');
      return;
    }
    if (node.worker && column <= node.worker.column) node.worker = null;
    const fields = node.worker?.fields ?? node.fields;
    // No line with several values is so long; an expression may be.
    if (text.length < 10_000 && propertyFields(text, fields)) {
      node.lastKey = null;
      return;
    }
    const pair = /^([A-Z][\w/ -]*?): (.*)$/.exec(text);
    if (pair) {
      const [, key = '', value = ''] = pair;
      fields[key] = value;
      node.lastKey = key;
      return;
    }
    // A literal with a line break goes on here.
    if (node.lastKey === null) {
      throw new PlanTextError(
        line.number,
        `Line ${line.number} is no part of a plan: ${JSON.stringify(text.slice(0, 60))}.`,
      );
    }
    fields[node.lastKey] = `${String(fields[node.lastKey] ?? '')}\n${text}`;
  }

  #worker(node: Open, column: number, number: number, text: string): void {
    const list = (node.fields.Workers ?? []) as MutableFields[];
    let fields = list.find((each) => each['Worker Number'] === number);
    if (!fields) {
      fields = { 'Worker Number': number };
      list.push(fields);
      node.fields.Workers = list;
    }
    node.worker = { column, fields };
    node.lastKey = null;
    if (text === '') return;
    if (text.startsWith('actual')) readFigures(`(${text})`, fields);
    else if (!propertyFields(text, fields)) {
      const pair = /^([A-Z][\w/ -]*?): (.*)$/.exec(text);
      if (pair) fields[pair[1] ?? ''] = pair[2] ?? '';
    }
  }

  /** What follows the tree, at the root's own column. */
  #tail(text: string): boolean {
    const top = this.#top;
    const time = /^(Planning Time|Execution Time|Total runtime): ([\d.]+) ms$/i.exec(text);
    const trigger = text.length < 2_000 && /^Trigger (.+?): (?:time=([\d.]+) )?calls=(\d+)$/.exec(text);
    const section = /^(Planning|JIT|Serialization):\s*(.*)$/.exec(text);
    if (time) top[/planning/i.test(time[1] ?? '') ? 'Planning Time' : 'Execution Time'] = Number(time[2]);
    else if (trigger) top.Triggers = [...((top.Triggers ?? []) as Value[]), triggerFields(trigger)];
    else if (section) {
      const fields: MutableFields = {};
      top[section[1] ?? ''] = fields;
      this.#section = { name: section[1] ?? '', fields };
      if (section[2]) fields.Summary = section[2];
      return true;
    } else if (text.startsWith('Settings: ')) top.Settings = settingsOf(text.slice('Settings: '.length));
    else if (text.startsWith('Query Identifier: ')) top['Query Identifier'] = text.slice('Query Identifier: '.length);
    else return false;
    this.#section = null;
    return true;
  }

  #sectionLine(text: string): void {
    const section = this.#section;
    if (!section || text.length > 10_000 || propertyFields(text, section.fields)) return;
    const pair = /^([A-Z]\w*): (.*)$/.exec(text);
    if (!pair) return;
    if (section.name !== 'JIT' || pair[1] !== 'Timing') section.fields[pair[1] ?? ''] = pair[2] ?? '';
    else
      section.fields.Timing = Object.fromEntries(
        [...(pair[2] ?? '').matchAll(/(\w+) ([\d.]+) ms/g)].map(([, key, value]) => [key ?? '', Number(value)]),
      );
  }
}

/** "(cost=…) (actual …)" up to its last bracket. */
const isWhole = (figures: string): boolean =>
  /^\s*(\(cost=[\d.]+\.\.[\d.]+ rows=\d+ width=\d+\))?\s*(\(actual (time=[\d.]+\.\.[\d.]+ )?rows=[\d.]+ loops=\d+\)|\(never executed\))?$/.test(
    figures,
  );

function notANode(line: Line, isFirst: boolean, isCut: boolean): PlanTextError {
  const shown = JSON.stringify(line.text.trim().slice(0, 60));
  if (isCut) {
    return new PlanTextError(
      line.number,
      `Line ${line.number} breaks off in the middle of a node: ${shown}. Was it cut?`,
    );
  }
  const what = isFirst ? 'No plan of PostgreSQL begins' : 'There is no node';
  return new PlanTextError(line.number, `${what} on line ${line.number}: ${shown}.`);
}

function readFigures(text: string, fields: MutableFields): void {
  const cost = costs.exec(text);
  if (cost) {
    fields['Startup Cost'] = Number(cost[1]);
    fields['Total Cost'] = Number(cost[2]);
    fields['Plan Rows'] = Number(cost[3]);
    fields['Plan Width'] = Number(cost[4]);
  }
  const actual = actuals.exec(text);
  if (actual) {
    if (actual[1] !== undefined) fields['Actual Startup Time'] = Number(actual[1]);
    if (actual[2] !== undefined) fields['Actual Total Time'] = Number(actual[2]);
    // Kept as text: whether it had a fraction says what rounding it went through.
    fields['Actual Rows'] = actual[3] ?? '0';
    fields['Actual Loops'] = Number(actual[4]);
  } else if (text.includes('(never executed)')) {
    fields['Actual Rows'] = 0;
    fields['Actual Loops'] = 0;
  }
}

function triggerFields([, title = '', time, calls]: RegExpExecArray): MutableFields {
  const constraint = /^for constraint (.+?)(?: on (.+))?$/.exec(title);
  const named = /^(.+?)(?: for constraint (.+?))?(?: on (.+))?$/.exec(title);
  return {
    'Trigger Name': constraint ? '' : (named?.[1] ?? title),
    ...(constraint || named?.[2] ? { 'Constraint Name': constraint?.[1] ?? named?.[2] ?? '' } : {}),
    ...(constraint?.[2] || named?.[3] ? { Relation: constraint?.[2] ?? named?.[3] ?? '' } : {}),
    ...(time === undefined ? {} : { Time: Number(time) }),
    Calls: Number(calls),
  };
}

const settingsOf = (text: string): MutableFields =>
  Object.fromEntries(
    [...text.matchAll(/(?<![\w.])([\w.]+) = '((?:[^']|'')*)'/g)].map(([, key = '', value = '']) => [key, value]),
  );
