/** A pasted connection string as fields of the form. */
import { newConnection, type ParsedConnection } from '../../../shared/api/connections.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
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

/** For the command line: the same text as a spec. What it leaves open is filled as in a new connection. */
export function specOfText(text: string): { spec: ConnectSpec; notes: readonly string[] } {
  const { draft, password, notes } = parseConnectionText(text);
  const { host, port, user, sslMode, parameters, readOnly, onConnectSql } = { ...newConnection, ...draft };
  return {
    notes,
    spec: {
      host,
      port,
      user,
      // libpq: the database is named like the user where nothing is said.
      database: draft.database ?? user,
      password: password ?? null,
      sslMode,
      sslRootCert: '',
      sslCert: '',
      sslKey: null,
      sslKeyPassphrase: null,
      ssh: null,
      readOnly,
      onConnectSql,
      parameters,
    },
  };
}

/** Takes off what is pasted along: `psql "…"`, `DATABASE_URL=…`, `export X='…'`, quotes. */
function unwrap(text: string): string {
  let rest = text.trim();
  rest = rest.replace(/^psql\s+/, '').replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*=(?=["']?(?:jdbc:)?postgres)/, '');
  const [, quote, inner] = /^(["'])(.*)\1;?$/s.exec(rest) ?? [];
  return quote && inner !== undefined ? inner.trim() : rest;
}
