import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Callout, Pending } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { sizeText } from '../model/cell-text.ts';
import { type JsonEntries, type JsonEntry, JsonError, type JsonNode, jsonEntries, jsonRoot } from './json-tree.ts';
import { useLoaded, wordsOf } from './use-loaded.ts';
import { type LoadPiece, loadText, TooLarge } from './value-piece.ts';

/** The text must be in memory whole, at two bytes a character. */
const MOST_BYTES = 64 * 1024 * 1024;
const PAGE = 200;
const MOST_CHARS = 500;
/** So many levels are open at first. */
const OPEN_LEVELS = 2;

/** A JSON value as a tree: every number and string as it is written, members read as they are opened. */
export function JsonView({ load }: { load: LoadPiece }) {
  const loaded = useLoaded('json', (signal) => loadText(load, MOST_BYTES, signal));
  if (loaded.state === 'pending') return <Pending label="Loading the value" />;
  if (loaded.state === 'failed') {
    const { thrown } = loaded;
    const why =
      thrown instanceof TooLarge
        ? `${sizeText(thrown.sizeBytes)} is too large for a tree, which ends at ${sizeText(thrown.mostBytes)}. Read it as text.`
        : wordsOf(thrown);
    return <Callout tone={thrown instanceof TooLarge ? 'info' : 'danger'} className="m-2" title={why} />;
  }
  return <JsonTree text={loaded.data} />;
}

type Read<Data> = { readonly data: Data } | { readonly failure: string };
function attempt<Data>(read: () => Data): Read<Data> {
  try {
    return { data: read() };
  } catch (thrown) {
    if (thrown instanceof JsonError) return { failure: thrown.message };
    throw thrown;
  }
}

function JsonTree({ text }: { text: string }) {
  const root = useMemo(() => attempt(() => jsonRoot(text)), [text]);
  if ('failure' in root) return <Callout tone="warning" className="m-2" title={root.failure} />;
  return (
    <section
      aria-label="JSON of the value"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      className="selectable h-full overflow-auto p-2 font-mono text-xs leading-[20px]"
    >
      <ul>
        <JsonItem text={text} entry={{ key: null, index: -1, node: root.data }} level={0} />
      </ul>
    </section>
  );
}

function JsonItem({ text, entry, level }: { text: string; entry: JsonEntry; level: number }) {
  const { node } = entry;
  const holds = node.kind === 'object' || node.kind === 'array';
  const [open, setOpen] = useState(holds && level < OPEN_LEVELS);
  const label = entry.key ?? (entry.index >= 0 ? String(entry.index) : null);
  const name = label !== null && (
    <>
      <span className={entry.key === null ? 'text-faint' : 'text-accent'}>
        {visibleText(label.slice(0, MOST_CHARS))}
      </span>
      <span className="text-faint">: </span>
    </>
  );
  if (!holds) {
    return (
      <li className="pl-4 break-words">
        {name}
        <Scalar text={text} node={node} />
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex max-w-full items-center rounded-sm text-left hover:bg-hover"
      >
        <span className="flex w-4 shrink-0 justify-center text-faint" aria-hidden>
          {open ? <ChevronDown size={12} /> : <ChevronRight size={12} />}
        </span>
        <span className="truncate">
          {name}
          <Summary text={text} node={node} open={open} />
        </span>
      </button>
      {open && <Members text={text} parent={node} level={level + 1} />}
    </li>
  );
}

/** What a closed container looks like: its brackets and the beginning of what is in it. */
function Summary({ text, node, open }: { text: string; node: JsonNode; open: boolean }) {
  const [start, end] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  if (open) return <span className="text-faint">{start}</span>;
  const inside = text.slice(node.from + 1, Math.min(node.to - 1, node.from + 80)).replace(/\s+/g, ' ');
  return (
    <span className="text-muted">
      {start}
      {visibleText(inside)}
      {node.to - node.from > 82 ? '… ' : ''}
      {end}
    </span>
  );
}

function Members({ text, parent, level }: { text: string; parent: JsonNode; level: number }) {
  const [pages, setPages] = useState<readonly Read<JsonEntries>[]>(() => [
    attempt(() => jsonEntries(text, parent, PAGE)),
  ]);
  const last = pages.at(-1);
  const next = last && 'data' in last ? last.data.next : null;
  const entries = pages.flatMap((page) => ('data' in page ? page.data.entries : []));
  return (
    <ul className="ml-[7px] border-l border-line pl-2">
      {entries.map((entry) => (
        <JsonItem key={entry.index} text={text} entry={entry} level={level} />
      ))}
      {entries.length === 0 && last && 'data' in last && <li className="pl-4 text-faint">empty</li>}
      {last && 'failure' in last && <li className="pl-4 text-danger">{last.failure}</li>}
      {next && (
        <li className="py-1 pl-4">
          <Button
            small
            onClick={() => setPages([...pages, attempt(() => jsonEntries(text, parent, PAGE, next))])}
          >{`${PAGE} more, after ${next.index.toLocaleString('en-US')}`}</Button>
        </li>
      )}
    </ul>
  );
}

const tones: Record<JsonNode['kind'], string> = {
  object: '',
  array: '',
  string: 'text-ink',
  number: 'text-success',
  true: 'text-warning',
  false: 'text-warning',
  null: 'text-faint italic',
};

function Scalar({ text, node }: { text: string; node: JsonNode }) {
  const [whole, setWhole] = useState(false);
  const written = text.slice(node.from, whole ? node.to : Math.min(node.to, node.from + MOST_CHARS));
  const rest = node.to - node.from - written.length;
  return (
    <span className={tones[node.kind]}>
      {visibleText(written)}
      {rest > 0 && (
        <button type="button" className="ml-1 text-accent hover:underline" onClick={() => setWhole(true)}>
          … {rest.toLocaleString('en-US')} more characters
        </button>
      )}
    </span>
  );
}
