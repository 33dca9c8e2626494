/** The fourth layer of a read-only connection: a role that could not write if it wanted to. */
import { qualified } from '../../../shared/sql/quote.ts';

/** What reaches beyond a read-only transaction, or writes without having been granted a table. */
const reaching: readonly string[] = [
  ...['superuser', 'createrole', 'createdb', 'replication', 'pg_write_all_data', 'pg_signal_backend'],
  ...['pg_write_server_files', 'pg_execute_server_program', 'pg_read_server_files'],
];

/** Null where the role has no such power. With the SQL of a role that may only read. */
export function readOnlyRoleNote(role: string, powers: readonly string[], versionNum: number): string | null {
  const held = powers.filter((power) => reaching.includes(power));
  if (held.length === 0) return null;
  const reader = qualified(`${role}_reader`.slice(0, 63));
  const grant =
    versionNum >= 140_000
      ? `grant pg_read_all_data to ${reader};`
      : `grant usage on schema public to ${reader}; grant select on all tables in schema public to ${reader};`;
  return `This connection is read-only, but its role ${role} may do more than read (${held.join(', ')}). Howdah keeps it from writing; a role of its own would be safer still: create role ${reader} login; ${grant}`;
}
