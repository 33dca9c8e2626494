/** libpq's PG* environment variables as keywords. */
import type { Conninfo } from './conninfo.ts';

const variables: readonly (readonly [variable: string, keyword: string])[] = [
  ['PGHOST', 'host'],
  ['PGHOSTADDR', 'hostaddr'],
  ['PGPORT', 'port'],
  ['PGDATABASE', 'dbname'],
  ['PGUSER', 'user'],
  ['PGPASSWORD', 'password'],
  ['PGSSLMODE', 'sslmode'],
  ['PGREQUIRESSL', 'requiressl'],
  ['PGSSLROOTCERT', 'sslrootcert'],
  ['PGSSLCERT', 'sslcert'],
  ['PGSSLKEY', 'sslkey'],
  ['PGSSLNEGOTIATION', 'sslnegotiation'],
  ['PGSSLMINPROTOCOLVERSION', 'ssl_min_protocol_version'],
  ['PGSSLMAXPROTOCOLVERSION', 'ssl_max_protocol_version'],
  ['PGCHANNELBINDING', 'channel_binding'],
  ['PGREQUIREAUTH', 'require_auth'],
  ['PGCONNECT_TIMEOUT', 'connect_timeout'],
  ['PGAPPNAME', 'application_name'],
  ['PGOPTIONS', 'options'],
  ['PGTZ', 'TimeZone'],
  ['PGDATESTYLE', 'DateStyle'],
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** Empty where nothing says which server or database is meant: a lone PGAPPNAME is no connection. */
export function conninfoOfEnvironment(environment: Environment): Conninfo {
  const found = new Map<string, string>();
  for (const [variable, keyword] of variables) {
    const value = environment[variable];
    if (value) found.set(keyword, value);
  }
  return ['host', 'hostaddr', 'dbname', 'user'].some((keyword) => found.has(keyword)) ? found : new Map();
}
