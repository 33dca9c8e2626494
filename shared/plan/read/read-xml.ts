/** FORMAT XML: tags are the keys with hyphens for what a tag may not have. */
import { type MutableFields, PlanTextError, type Value } from './structured.ts';
import type { Line } from './unwrap.ts';

interface Element {
  readonly name: string;
  readonly line: number;
  readonly children: Element[];
  text: string;
}

/** Keys that have a hyphen or a slash of their own. */
const ownSigns: Readonly<Record<string, string>> = {
  'One Time Filter': 'One-Time Filter',
  'Full sort Groups': 'Full-sort Groups',
  'Pre sorted Groups': 'Pre-sorted Groups',
};
const keyOf = (tag: string): string => {
  const words = tag.replaceAll('I-O', 'I/O').replaceAll('-', ' ');
  return ownSigns[words] ?? words;
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? whole;
  });

export function readXml(lines: readonly Line[]): Value {
  const root: Element = { name: '', line: 1, children: [], text: '' };
  const open: Element[] = [root];
  const tag = /<(\/?)([\w-]+|\?xml|!--)[^<>]*?(\/?)>/g;
  for (const { text, number } of lines) {
    let at = 0;
    for (const found of text.matchAll(tag)) {
      (open.at(-1) as Element).text += text.slice(at, found.index);
      at = found.index + found[0].length;
      const [, closing, name = '', empty] = found;
      if (name === '?xml' || name === '!--') continue;
      if (closing) {
        const closed = open.pop();
        if (closed?.name !== name)
          throw new PlanTextError(number, `Line ${number} closes <${name}>, which is not open.`);
        if (open.length === 1) return readElement(root.children[0]?.children[0] ?? closed);
        continue;
      }
      const element: Element = { name, line: number, children: [], text: '' };
      (open.at(-1) as Element).children.push(element);
      if (!empty) open.push(element);
    }
    (open.at(-1) as Element).text += `${text.slice(at)}\n`;
  }
  const last = lines.at(-1)?.number ?? 1;
  throw new PlanTextError(
    last,
    `The XML ends too early, on line ${last}: <${open.at(-1)?.name}> is still open. Was it cut?`,
  );
}

const lists = new Set(['Plans', 'Workers', 'Triggers']);

function readElement(element: Element): Value {
  if (lists.has(element.name)) return element.children.map(readElement);
  if (element.children.length === 0) return unescaped(element.text.trim());
  if (element.children.every(({ name }) => name === 'Item' || name === 'Key')) return element.children.map(readElement);
  const fields: MutableFields = {};
  for (const child of element.children) fields[keyOf(child.name)] = readElement(child);
  return fields;
}
