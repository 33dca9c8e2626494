/** A script's statements, one after another, as the server would meet them: what is wrong with each. Pure. */
import type { ParsedStatement } from '../api/lint.ts';
import type { Catalog } from '../complete/catalog.ts';
import { ignoredIn, isIgnored } from './ignore.ts';
import { NameReader } from './names/read-names.ts';
import { ScriptFacts } from './names/script-facts.ts';
import type { Problem } from './problem.ts';
import { checkConditions } from './rules/condition-rules.ts';
import { checkDefinitions } from './rules/definition-rules.ts';
import { checkLocks } from './rules/lock-rules.ts';
import { checkNames } from './rules/name-rules.ts';
import { checkQueries } from './rules/query-rules.ts';
import { checkWrites } from './rules/write-rules.ts';
import { CheckedStatement } from './statement.ts';
import { syntaxProblem } from './syntax.ts';
import type { Fields } from './tree.ts';

export interface CheckOptions {
  /** Null: nothing is known of the database, so nothing is said of names. */
  readonly catalog: Catalog | null;
  /** Ids of rules that are switched off. */
  readonly off: ReadonlySet<string>;
  /** Names that the session has made (temporary tables …); `*` where anything may be there. */
  readonly around?: ReadonlySet<string>;
}

export interface StatementProblems {
  readonly problems: readonly Problem[];
  /** The server may be asked about it: nothing in it depends on what only the tab's session knows. */
  readonly asksServer: boolean;
  readonly schemas: readonly string[];
}

/** Checks statement after statement; each sees what those before it have made. */
export class ScriptCheck {
  private readonly options: CheckOptions;
  private readonly script: ScriptFacts | null;

  constructor(options: CheckOptions) {
    this.options = options;
    this.script = options.catalog ? new ScriptFacts(options.catalog, options.around) : null;
  }

  /** Offsets of the problems are in `text`; `parsed` is of the same text. */
  next(text: string, parsed: ParsedStatement): StatementProblems {
    const { catalog, off } = this.options;
    const silent = { problems: [], asksServer: false, schemas: [] };
    if (parsed.kind !== 'parsed') this.script?.follow(null, () => null);
    if (parsed.kind === 'unknown') return silent;
    const ignored = ignoredIn(text);
    const allowed = (problem: Problem): boolean =>
      !off.has(problem.rule) && !isIgnored(ignored, problem.rule, problem.from);
    if (parsed.kind === 'rejected')
      return { ...silent, problems: [syntaxProblem(text, parsed.message, parsed.at)].filter(allowed) };
    if (!catalog || !this.script) return silent;
    const tree = parsed.tree as Fields;
    const { script } = this;
    const reader = new NameReader(catalog, script);
    reader.read(tree);
    const statement = new CheckedStatement({ text, tree, catalog, names: reader.names, script });
    // Without the right to read what there is, nothing can be said to be missing.
    if (!catalog.missing.includes('relations')) checkNames(statement);
    for (const check of [checkWrites, checkConditions, checkQueries, checkLocks, checkDefinitions]) check(statement);
    const problems = statement.problems.filter(allowed).sort((a, b) => a.from - b.from);
    const asksServer =
      !script.differsFromServer && !script.inTransaction && !problems.some(({ rule }) => rule === 'name');
    const answer = { problems, asksServer, schemas: script.path };
    script.follow(tree, (query) => new NameReader(catalog, script).read(query as Fields));
    return answer;
  }
}
