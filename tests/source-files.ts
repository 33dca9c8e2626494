/** The program's source files as a parser sees them: what each imports (types, too) and its syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseSync } from 'vite';

export const root = join(import.meta.dirname, '..');

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}
export interface SourceFile {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Each name that is imported, and where from. */
  readonly names: readonly { from: string; name: string }[];
  /** `export … from`, by what it names: `*` for all. */
  readonly reExports: readonly { from: string; name: string }[];
  readonly program: Node;
  line(offset: number): number;
}

/** Every .ts and .tsx below the folders, tests among them. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => parse(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))),
  );
}

export const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path);

/** The file a relative import means, as a path of the project; a package's name stays as it is. */
export function target(from: SourceFile, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(from.path), specifier.split('?', 1)[0] ?? specifier);
}

/** Calls `visit` for every node of a tree, parents first. */
export function walk(
  node: unknown,
  visit: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit, parent);
  } else if (isNode(node)) {
    visit(node, parent);
    for (const value of Object.values(node)) if (typeof value === 'object') walk(value, visit, node);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function parse(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, errors } = parseSync(path, text, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const tree = program as unknown as Node;
  const imports: string[] = [];
  const names: { from: string; name: string }[] = [];
  const reExports: { from: string; name: string }[] = [];
  walk(tree, (node) => {
    const source = node.source;
    const from = isNode(source) && typeof source.value === 'string' ? source.value : null;
    if (from === null) return;
    imports.push(from);
    for (const specifier of (node.specifiers ?? []) as { imported?: { name?: string } }[]) {
      if (specifier.imported?.name) names.push({ from, name: specifier.imported.name });
    }
    if (node.type === 'ExportAllDeclaration') reExports.push({ from, name: '*' });
    if (node.type === 'ExportNamedDeclaration') reExports.push({ from, name: 'some' });
  });
  const starts = lineStarts(text);
  return {
    path,
    text,
    imports,
    names,
    reExports,
    program: tree,
    line: (offset) => starts.findLastIndex((start) => start <= offset) + 1,
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** How many files lie directly in each folder below `folder`, tests not counted. */
export function filesByFolder(folder: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || isTest(entry.name)) continue;
    const at = relative(root, dirname(join(entry.parentPath, entry.name)));
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}
