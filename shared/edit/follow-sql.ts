/** The trigger that tells of changes of a table by NOTIFY. */
import { identifier, qualified, quoteLiteral } from '../sql/quote.ts';

/** The name of a channel that is offered for a table: at most 63 bytes, as PostgreSQL has it. */
export const offeredChannel = (name: string): string => {
  let channel = `${name}_changed`;
  while (new TextEncoder().encode(channel).length > 63) channel = channel.slice(0, -1);
  return channel;
};

/** Once a statement, not once a row: who listens looks for itself. */
export function notifyTriggerSql(schema: string, table: string, channel: string): string {
  const fn = qualified(schema, 'notify_of_changes');
  return `create or replace function ${fn}() returns trigger language plpgsql as $$
begin
  perform pg_notify(tg_argv[0], format('%I.%I', tg_table_schema, tg_table_name));
  return null;
end $$;

create trigger ${identifier('notify_of_changes')} after insert or update or delete or truncate on ${qualified(schema, table)}
  for each statement execute function ${fn}(${quoteLiteral(channel)});
`;
}
