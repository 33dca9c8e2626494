/** An archive as SQL that psql runs: its own header, the items in their order, rows as COPY. */
import { oneLine } from '../../ddl/ddl-words.ts';
import { type ArchiveReader, nameOf } from './archive-reader.ts';
import type { ArchiveItem, ItemData } from './manifest.ts';

/**
 * With ON_ERROR_STOP, always: psql that goes on after a COPY that failed takes the rows for commands, and a row may
 * begin with a backslash.
 */
const head = (of: ArchiveReader): string => `-- ${oneLine(of.manifest.database.name)}, of ${of.manifest.startedAt}
-- From PostgreSQL ${oneLine(of.manifest.server.version)} by ${oneLine(of.manifest.program)}
-- Roles that it names: ${of.manifest.roles.map(({ name }) => oneLine(name)).join(', ')}

\\set ON_ERROR_STOP on
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = '${of.manifest.database.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8'}';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = off;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';

`;

/** Throws invalid where the archive is damaged. What came before that is no backup. */
export async function* plainSql(archive: ArchiveReader): AsyncGenerator<Buffer> {
  yield Buffer.from(head(archive));
  for (const item of archive.manifest.items) {
    const lines = [`-- ${oneLine(`${item.kind} ${nameOf(item)}`)}`, ...tablespaceOf(item), ...item.sql];
    if (item.data) {
      yield Buffer.from(`${lines.join('\n')}\n${item.data.copy};\n`);
      yield* archive.rows(item as ArchiveItem & { readonly data: ItemData });
      yield Buffer.from(`\\.\n${(item.afterRows ?? []).map((sql) => `${sql}\n`).join('')}\n`);
    } else yield Buffer.from(`${lines.join('\n')}\n\n`);
  }
}

const tablespaceOf = ({ tablespace }: ArchiveItem): string[] =>
  tablespace === undefined ? [] : [`-- It lay in the tablespace ${oneLine(tablespace)}.`];
