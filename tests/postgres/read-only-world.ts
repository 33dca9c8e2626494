/** A server with everything a read-only connection could be made to act on, and a fingerprint of all of it. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Major, startServer, type TestServer } from './servers.ts';
import { until } from './session-world.ts';

const schema = `
create table kept (id int primary key, t text);
insert into kept select n, n::text from generate_series(1, 5) n;
create materialized view kept_mat as select clock_timestamp() as at;
create sequence s;
create role writer superuser;
create function writes_by_function() returns int language sql as 'insert into kept values (100) returning id';
create procedure writes() language plpgsql as $$ begin insert into kept values (101); end $$;
create schema shadow;
create function shadow.lower(text) returns bigint language sql as $$ select nextval('public.s') $$;
create function mine(text) returns bigint language sql immutable as 'select 1::bigint';
create function shadow.mine(text) returns bigint language sql as $$ select nextval('public.s') $$;
create function lies() returns void language plpgsql stable as $$ begin perform pg_notify('heard', 'x'); end $$;
create function of_row(kept) returns bigint language sql as $$ select nextval('public.s') $$;
create function hashes(int, int) returns bigint language sql as $$ select nextval('public.s') $$;
create operator ### (leftarg = int, rightarg = int, function = hashes);
create function counts_step(bigint, int) returns bigint language sql as $$ select nextval('public.s') $$;
create aggregate counts(int) (sfunc = counts_step, stype = bigint, initcond = '0');
create type number_box as (n bigint);
create function boxed(int) returns number_box language sql as $$ select row(nextval('public.s'))::number_box $$;
create cast (int as number_box) with function boxed(int);
create view evil_view as select nextval('s') as n;
create view evil_view_2 as select n + 1 as n from evil_view;
create table evil_rule (a int);
create rule evil as on insert to evil_rule do also insert into kept values (102);
create view good_view as select id, upper(t) as t from kept;
create function reads(int) returns bigint language sql stable as 'select count(*) from kept where id < $1';
select lo_from_bytea(4712, 'x');
begin; insert into kept values (6); prepare transaction 'theirs';
`;

/** Whatever a statement could change. What changes by itself (statistics, WAL, the clock) is left out. */
const fingerprintSql = `select json_build_object(
  'rows', (select json_agg(kept order by id) from kept), 'rule', (select count(*) from evil_rule),
  'sequence', (select json_build_array(last_value, is_called) from s),
  'mat', (select json_agg(at) from kept_mat),
  'classes', (select json_agg(json_build_array(oid, relname, relfilenode, relacl::text) order by oid) from pg_class where oid >= 16384 and relpersistence <> 't'),
  'vacuumed', (select json_build_array(last_vacuum, last_analyze) from pg_stat_user_tables where relname = 'kept'),
  'temporary', (select count(*) from pg_class where relpersistence = 't'),
  'functions', (select count(*) from pg_proc), 'comments', (select count(*) from pg_description where objoid >= 16384),
  'roles', (select json_agg(json_build_array(rolname, rolsuper, rolconfig) order by oid) from pg_roles),
  'databases', (select json_agg(json_build_array(datname, oid) order by oid) from pg_database),
  'settings of', (select json_agg(json_build_array(setdatabase, setrole, setconfig)) from pg_db_role_setting),
  'files', (select json_agg(json_build_array(name, setting) order by seqno) from pg_file_settings),
  'loaded', pg_conf_load_time(), 'reset', (select stats_reset from pg_stat_database where datname = current_database()),
  'large objects', (select json_agg(oid order by oid) from pg_largeobject_metadata),
  'prepared', (select json_agg(gid) from pg_prepared_xacts), 'slots', (select json_agg(slot_name) from pg_replication_slots),
  'locks', (select json_agg(json_build_array(locktype, mode, objid)) from pg_locks where locktype = 'advisory'),
  'victim', (select count(*) from pg_stat_activity where pid = $1)
)::text as all`;

const resetSql = 'select stats_reset as reset from pg_stat_database where datname = current_database()';

export interface ReadOnlyWorld {
  readonly server: TestServer;
  readonly victim: number;
  /** What a path that the server may write to begins with. */
  readonly file: string;
  /** By what it is of. */
  fingerprint(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function openReadOnlyWorld(major: Major): Promise<ReadOnlyWorld> {
  const server = await startServer(major, { settings: { max_prepared_transactions: '4' } });
  const folder = mkdtempSync(join(tmpdir(), `howdah-guard-${process.pid}-`));
  chmodSync(folder, 0o755);
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  const connect = async (name: string) => {
    const { host, port, user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database, application_name: name });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  for (const statement of [
    schema.slice(0, schema.indexOf('begin; insert')),
    schema.slice(schema.indexOf('begin; insert')),
  ]) {
    const maker = await connect('maker');
    await maker.query(statement);
    await maker.end();
  }
  const victim = await connect('victim');
  const pid: number = (await victim.query('select pg_backend_pid() as pid')).rows[0].pid;
  const heard: string[] = [];
  victim.on('notification', ({ payload }) => void heard.push(payload ?? ''));
  await victim.query('listen heard');
  const oracle = await connect('oracle');
  // Up to 14 it is set by itself, a while after the first statistics.
  if (major < 15) {
    await until(async () => (await oracle.query(resetSql)).rows[0].reset !== null, 'the statistics have begun');
  }
  return {
    server,
    victim: pid,
    file: join(open, 'made'),
    async fingerprint() {
      // A query of the listener brings what it was told.
      await victim.query('select 1').catch(() => {});
      const { rows } = await oracle.query<{ all: string }>(fingerprintSql, [pid]);
      return { ...JSON.parse(rows[0]?.all ?? '{}'), heard: [...heard], written: readdirSync(open) };
    },
    async close() {
      await Promise.allSettled([victim.end(), oracle.end()]);
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
