import { expect, it } from 'vitest';
import { readOnlyRoleNote } from './read-only-role.ts';

it('warns of a role that may more than read, with the SQL of one that may not', () => {
  expect(readOnlyRoleNote('ann', ['pg_monitor', 'pg_read_all_data'], 180_000)).toBeNull();
  expect(readOnlyRoleNote('ann', ['superuser', 'pg_monitor'], 180_000)).toMatch(
    /\(superuser\).*create role ann_reader login; grant pg_read_all_data to ann_reader;$/,
  );
  expect(readOnlyRoleNote('Odd "x"', ['pg_execute_server_program'], 130_000)).toMatch(
    /create role "Odd ""x""_reader" login; grant usage on schema public to/,
  );
});
