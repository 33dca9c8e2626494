import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import {
  applied,
  type JsonLeaf,
  jsonLeaves,
  jsonOf,
  withEntry,
  withoutEntry,
} from '../../../shared/edit/json-leaves.ts';
import { IconButton } from '../../ui/button.tsx';
import { visibleText } from '../../ui/visible-text.ts';

const mostShown = 300;
const icon = { size: 13, strokeWidth: 1.75 } as const;
const field =
  'h-6 min-w-0 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink aria-invalid:border-danger';
const fresh: Readonly<Record<JsonLeaf['kind'], string>> = {
  string: '""',
  number: '0',
  boolean: 'false',
  null: 'null',
  object: '{}',
  array: '[]',
};
const kinds = Object.keys(fresh) as JsonLeaf['kind'][];

/** The values of a JSON text as a tree. Each change writes its own place only: the rest stays as it is written. */
export function JsonPanel({ text, onText }: { text: string; onText: (text: string) => void }) {
  const leaves = jsonLeaves(text);
  if (!leaves) return <p className="text-xs text-muted">The tree comes back when the text is JSON again.</p>;
  return (
    <ul tabIndex={-1} aria-label="Values" className="flex max-h-52 flex-col gap-0.5 overflow-auto">
      {leaves.slice(0, mostShown).map((leaf) => (
        <Line key={`${leaf.path.join('\u0000')} ${leaf.entryFrom}`} leaf={leaf} text={text} onText={onText} />
      ))}
      {leaves.length > mostShown && (
        <li className="text-2xs text-faint">The first {mostShown} values; the others are edited in the text.</li>
      )}
    </ul>
  );
}

/** What has the focus is about to go: the cell's editor would take that for being left. */
const toList = (element: Element): void => element.closest('ul')?.focus();

function Line({ leaf, text, onText }: { leaf: JsonLeaf; text: string; onText: (text: string) => void }) {
  const { path, kind, from, to } = leaf;
  const key = path.at(-1);
  const name = key === undefined ? 'whole value' : String(key);
  const put = (value: string) => onText(applied(text, { from, to, text: value }));
  const holds = kind === 'object' || kind === 'array';
  return (
    <li className="flex items-center gap-1" style={{ paddingLeft: path.length * 12 }}>
      <span className="min-w-0 shrink-0 truncate text-xs text-muted" title={visibleText(name)}>
        {key === undefined ? '' : `${visibleText(name.slice(0, 60))}:`}
      </span>
      <Value name={name} leaf={leaf} text={text} onValue={put} />
      <select
        aria-label={`Kind of ${visibleText(name)}`}
        className="h-6 rounded-md bg-transparent text-2xs text-faint hover:bg-hover"
        value={kind}
        onChange={({ currentTarget: { value } }) => put(fresh[value as JsonLeaf['kind']])}
      >
        {kinds.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      {holds && <Add leaf={leaf} onAdd={(entry) => onText(withEntry(text, leaf, entry, '""'))} />}
      {path.length > 0 && (
        <IconButton
          label={`Remove ${visibleText(name)}`}
          icon={<X {...icon} />}
          onClick={(event) => {
            toList(event.currentTarget);
            onText(withoutEntry(text, leaf));
          }}
        />
      )}
    </li>
  );
}

function Value({
  name,
  leaf: { kind, from, to, size },
  text,
  onValue,
}: {
  name: string;
  leaf: JsonLeaf;
  text: string;
  onValue: (json: string) => void;
}) {
  const json = text.slice(from, to);
  const [draft, setDraft] = useState<string | null>(null);
  const label = `Value of ${visibleText(name)}`;
  if (kind === 'object' || kind === 'array')
    return (
      <span className="flex-1 text-2xs text-faint">
        {size} {size === 1 ? 'entry' : 'entries'}
      </span>
    );
  if (kind === 'null') return <span className="flex-1 text-xs text-faint italic">null</span>;
  if (kind === 'boolean')
    return (
      <select
        aria-label={label}
        className={`${field} flex-1`}
        value={json}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option>true</option>
        <option>false</option>
      </select>
    );
  const shown = draft ?? (kind === 'string' ? (JSON.parse(json) as string) : json);
  return (
    <input
      aria-label={label}
      aria-invalid={jsonOf(kind, shown) === null}
      spellCheck={false}
      autoComplete="off"
      className={`${field} flex-1`}
      value={shown}
      onChange={({ currentTarget: { value } }) => {
        const made = jsonOf(kind, value);
        // Half a number stays here until it is a whole one.
        setDraft(made === null ? value : null);
        if (made !== null) onValue(made);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}

/** Into an object under a key, which is asked for; into an array at its end. */
function Add({ leaf, onAdd }: { leaf: JsonLeaf; onAdd: (key: string) => void }) {
  const [key, setKey] = useState<string | null>(null);
  if (key === null)
    return (
      <IconButton
        label={leaf.kind === 'object' ? 'Add a key' : 'Add an element'}
        icon={<Plus {...icon} />}
        onClick={() => (leaf.kind === 'object' ? setKey('') : onAdd(''))}
      />
    );
  return (
    <input
      ref={(input) => input?.focus()}
      aria-label="Key"
      placeholder="key, then Enter"
      className={`${field} w-28`}
      value={key}
      onChange={(event) => setKey(event.currentTarget.value)}
      onBlur={() => setKey(null)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        toList(event.currentTarget);
        if (event.key === 'Enter' && key !== '') onAdd(key);
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
