import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import { JsonError, type JsonNode, jsonEntries, jsonRoot } from './json-tree.ts';

/** The value again, by opening everything two members at a time. */
function rebuild(text: string, node: JsonNode): unknown {
  if (node.kind !== 'object' && node.kind !== 'array') return JSON.parse(text.slice(node.from, node.to));
  const members: [string | null, unknown][] = [];
  let page = jsonEntries(text, node, 2);
  for (;;) {
    for (const { key, index, node: child } of page.entries) {
      expect(index).toBe(members.length);
      members.push([key === null ? null : JSON.parse(key), rebuild(text, child)]);
    }
    if (!page.next) break;
    page = jsonEntries(text, node, 2, page.next);
  }
  return node.kind === 'array' ? members.map(([, value]) => value) : Object.fromEntries(members);
}

describe('json-tree', () => {
  it('finds every member that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = ` ${JSON.stringify(JSON.parse(json), null, indent)}\n`;
        expect(rebuild(text, jsonRoot(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps numbers as they are written, and keys that occur twice', () => {
    const text = '{"n": 12345678901234567890.10, "n": 1e400}';
    const { entries } = jsonEntries(text, jsonRoot(text), 10);
    expect(entries.map(({ key, node }) => [key, text.slice(node.from, node.to)])).toEqual([
      ['"n"', '12345678901234567890.10'],
      ['"n"', '1e400'],
    ]);
  });

  it('opens deep nesting without recursion', () => {
    const text = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const { entries } = jsonEntries(text, jsonRoot(text), 10);
    expect(entries[0]?.node).toEqual({ kind: 'array', from: 1, to: 999_999 });
  });

  it.each(['', '{', '[1', '"a', 'tru', '{"a":1} x', '01', '-', '"a\nb"'])('%j is no JSON', (text) =>
    expect(() => jsonRoot(text)).toThrow(JsonError),
  );
  it.each(['{"a" 1}', '[1 2]', '[1 12]', '[1,]', '{a:1}', '{"a":}', '[1}', '{,}'])(
    '%j is refused when opened',
    (text) => expect(() => jsonEntries(text, jsonRoot(text), 10)).toThrow(JsonError),
  );
});
