/** FORMAT YAML, in the small part of YAML that EXPLAIN writes: maps, lists and scalars by indentation. */
import { type MutableFields, PlanTextError, type Value } from './structured.ts';
import type { Line } from './unwrap.ts';

interface Item {
  readonly indent: number;
  /** Begins an element of a list. */
  readonly dash: boolean;
  readonly text: string;
  readonly number: number;
}

export function readYaml(lines: readonly Line[]): Value {
  const items = lines.flatMap(({ text, number }) => itemsOf(text, number));
  const reader = new Reader(items);
  return reader.block(items[0]?.indent ?? 0);
}

/** "- Node Type: x" is a dash and, two columns further, a pair. */
function itemsOf(text: string, number: number): Item[] {
  const indent = text.length - text.trimStart().length;
  const bare = text.trim();
  if (!bare.startsWith('- ')) return [{ indent, dash: false, text: bare, number }];
  const rest = bare.slice(2).trimStart();
  return [
    { indent, dash: true, text: '', number },
    { indent: indent + (bare.length - rest.length), dash: false, text: rest, number },
  ];
}

class Reader {
  readonly #items: readonly Item[];
  #at = 0;
  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  block(indent: number): Value {
    const first = this.#items[this.#at];
    if (!first || first.indent < indent) return null;
    if (first.dash) return this.#list(first.indent);
    return pair(first.text) ? this.#map(first.indent) : this.#scalar(first);
  }

  #list(indent: number): Value {
    const list: Value[] = [];
    for (let item = this.#items[this.#at]; item?.dash && item.indent === indent; item = this.#items[this.#at]) {
      this.#at++;
      list.push(this.block(indent + 1));
    }
    return list;
  }

  #map(indent: number): Value {
    const fields: MutableFields = {};
    for (let item = this.#items[this.#at]; item && !item.dash && item.indent === indent; item = this.#items[this.#at]) {
      const found = pair(item.text);
      if (!found) throw new PlanTextError(item.number, `Line ${item.number} of the YAML has no "name: value".`);
      this.#at++;
      const next = this.#items[this.#at];
      const hasBlock = next && (next.indent > indent || (next.dash && next.indent >= indent));
      fields[found[0]] = found[1] === '' && hasBlock ? this.block(next.indent) : scalar(found[1], item.number);
    }
    return fields;
  }

  #scalar(item: Item): Value {
    this.#at++;
    return scalar(item.text, item.number);
  }
}

const pair = (text: string): [string, string] | null => {
  const found = /^([A-Z][\w /-]*):(?: (.*))?$/.exec(text);
  return found ? [found[1] ?? '', (found[2] ?? '').trim()] : null;
};

function scalar(text: string, line: number): Value {
  if (text === '') return null;
  if (text.startsWith('"')) {
    try {
      return JSON.parse(text) as string;
    } catch {
      throw new PlanTextError(line, `The text on line ${line} of the YAML is not closed. Was it cut?`);
    }
  }
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
