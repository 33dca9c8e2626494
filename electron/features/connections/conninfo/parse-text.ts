/** A pasted connection string as fields of the form. */
import type { ParsedConnection } from '../../../../shared/api/connections.ts';
import { invalid } from '../../../../shared/failure.ts';
import { parseConninfo } from './conninfo.ts';
import { draftOf, fileNotes } from './draft-of.ts';

/** Throws invalid('text') where the text is neither a URL nor a keyword string. Reads no file. */
export function parseConnectionText(text: string): ParsedConnection {
  const unwrapped = unwrap(text);
  if (unwrapped === '') throw invalid('text', 'Paste a postgres:// URL or a string like host=… dbname=… user=….');
  const { draft, password, notes, files } = draftOf(parseConninfo(unwrapped));
  const name =
    draft.name ?? (draft.host ? `${draft.database ?? draft.user ?? 'postgres'} on ${draft.host}` : undefined);
  return {
    draft: { ...draft, ...(name && { name: name.slice(0, 200) }) },
    password,
    notes: [...notes, ...fileNotes(files)],
  };
}

/** Takes off what is pasted along: `psql "…"`, `DATABASE_URL=…`, `export X='…'`, quotes. */
function unwrap(text: string): string {
  let rest = text.trim();
  rest = rest.replace(/^psql\s+/, '').replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*=(?=["']?(?:jdbc:)?postgres)/, '');
  const [, quote, inner] = /^(["'])(.*)\1;?$/s.exec(rest) ?? [];
  return quote && inner !== undefined ? inner.trim() : rest;
}
