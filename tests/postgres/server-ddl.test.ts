/**
 * DDL of what belongs to the whole server (roles, tablespaces, databases) makes it again as it was, on every major; and
 * labels of security modules are written for every kind that can have them.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ddlParts } from '../../electron/postgres/ddl/ddl.ts';
import type { ObjectKind, ObjectRef } from '../../shared/api/objects.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const made = (folder: string, major: number): string[] => [
  `create role "Bo'ss ""1""" superuser login connection limit 7 valid until '2031-02-03 04:05:06+00'`,
  'create role team nologin createdb createrole replication bypassrls',
  'create role member login noinherit',
  `comment on role team is 'it''s a "team"'`,
  `grant team to member ${major >= 16 ? 'with admin option, inherit false, set false' : 'with admin option'}`,
  `grant "Bo'ss ""1""" to team`,
  `alter role member set search_path = "$user", 'Sch ''a', public`,
  "alter role member set work_mem = '8MB'",
  `create tablespace "Fa'st ""1""" owner team location '${folder}' with (random_page_cost = 1.5, seq_page_cost = 2)`,
  `grant create on tablespace "Fa'st ""1""" to member with grant option`,
  `comment on tablespace "Fa'st ""1""" is 'ssd'`,
  `create database "Da'ta ""1""" owner team template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C' tablespace "Fa'st ""1""" connection limit 9 is_template true`,
  `comment on database "Da'ta ""1""" is 'all of it'`,
  `revoke connect, temporary on database "Da'ta ""1""" from public`,
  `grant connect on database "Da'ta ""1""" to member`,
  `grant create on database "Da'ta ""1""" to member with grant option`,
  `alter database "Da'ta ""1""" set statement_timeout = '5s'`,
  `alter role member in database "Da'ta ""1""" set lock_timeout = '1s'`,
  ...(major >= 16
    ? [
        `create database ruled template template0 encoding 'UTF8' locale_provider icu icu_locale 'en' icu_rules '&a < g' locale 'C'`,
      ]
    : []),
  ...(major >= 17
    ? [
        `create database built template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
      ]
    : []),
];

const objects = `
  select 'role' as kind, oid::int, null as schema, rolname as name from pg_roles where rolname in ('Bo''ss "1"', 'team', 'member')
  union all select 'tablespace', oid::int, null, spcname from pg_tablespace where spcname like 'Fa%'
  union all select 'database', oid::int, null, datname from pg_database where datname in ('Da''ta "1"', 'built', 'ruled')`;
const facts = `
  select 'role' as what, to_jsonb(r) - 'oid' - 'rolpassword' as it from pg_authid r where oid >= 16384
  union all select 'member', to_jsonb(m) - 'oid' || jsonb_build_object('roleid', roleid::regrole, 'member', member::regrole, 'grantor', grantor::regrole) from pg_auth_members m where member >= 16384
  union all select 'tablespace', jsonb_build_object('name', spcname, 'acl', spcacl::text, 'owner', spcowner::regrole, 'options', spcoptions, 'at', pg_tablespace_location(oid)) from pg_tablespace where oid >= 16384
  union all select 'database', to_jsonb(d) - '{oid,dattablespace,datfrozenxid,datminmxid,datlastsysoid,datcollversion}'::text[]
    || jsonb_build_object('datdba', datdba::regrole, 'datacl', datacl::text, 'space', (select spcname from pg_tablespace s where s.oid = dattablespace)) from pg_database d where oid >= 16384
  union all select 'comment', to_jsonb(description) from pg_shdescription where objoid >= 16384
  union all select 'setting', jsonb_build_array(coalesce((select datname from pg_database d where d.oid = setdatabase), ''), setrole::regrole, setconfig) from pg_db_role_setting where setrole >= 16384 or setdatabase >= 16384
  order by 1, 2`;

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let source: PgSource;
  beforeAll(async () => {
    server = await startServer(major);
    source = await pgSource(server);
  });
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });
  const rowsOf = async (sql: string) => (await source.client.query(sql)).rows;

  test('roles, tablespaces and databases are made again as they were', async () => {
    // Made by the server, which may run as somebody else.
    const folder = join(server.dataFolder, 'fast');
    await source.client.query(`copy (select where false) to program 'mkdir "${folder}"'`);
    for (const sql of made(folder, major)) await source.client.query(sql);
    const described = async () => {
      const ddl: { kind: ObjectKind; name: string; sql: string[] }[] = [];
      for (const object of (await rowsOf(objects)) as ObjectRef[])
        ddl.push({
          kind: object.kind,
          name: object.name,
          sql: (await ddlParts(source, object)).map((part) => part.sql),
        });
      return ddl.sort((a, b) => a.name.localeCompare(b.name));
    };
    const before = { ddl: await described(), facts: await rowsOf(facts) };
    expect(before.ddl).toHaveLength(major >= 17 ? 7 : major >= 16 ? 6 : 5);

    await source.client.query(`alter database "Da'ta ""1""" is_template false`);
    for (const name of [`"Da'ta ""1"""`, ...(major >= 16 ? ['ruled'] : []), ...(major >= 17 ? ['built'] : [])])
      await source.client.query(`drop database ${name}`);
    await source.client.query(`drop tablespace "Fa'st ""1"""`);
    for (const name of ['member', 'team', `"Bo'ss ""1"""`]) await source.client.query(`drop role ${name}`);

    // Each needs others: an object whose next statement cannot be run yet waits with the rest of its own.
    let waiting = before.ddl.map(({ sql }) => sql.flatMap((text) => text.split(/(?<=;)\n/)));
    let failures: string[] = [];
    for (let round = 0; round < 6 && waiting.length > 0; round++) {
      failures = [];
      for (const own of waiting) {
        while (own[0] !== undefined) {
          const failure = await source.client.query(own[0]).then(
            () => null,
            (error: Error) => `${own[0]}: ${error.message}`,
          );
          if (failure !== null) {
            failures.push(failure);
            await source.client.query('reset role');
            break;
          }
          own.shift();
        }
      }
      waiting = waiting.filter((own) => own.length > 0);
    }
    expect(failures).toEqual([]);
    expect(await described()).toEqual(before.ddl);
    expect(await rowsOf(facts)).toEqual(before.facts);
  });

  test('security labels are written with names the server understands', async () => {
    await source.client.query(`
      create schema "La""b"; create table "La""b".t (id serial, "C'ol" int); create view "La""b".v as select 1 as one;
      create materialized view "La""b".m as select 1 as one; create sequence "La""b".s; create type "La""b".e as enum ('a');
      create domain "La""b".d as int; create function "La""b".f(int, text) returns int language sql as 'select 1';
      create procedure "La""b".p(int) language sql as 'select 1'; create aggregate "La""b".a(int) (sfunc = int4larger, stype = int4);
      create role labelled; create publication labels;`);
    // No module that gives labels is at hand on a plain server: they are put where it would have put them.
    await source.client.query(`
      set allow_system_table_mods = on;
      insert into pg_seclabel (objoid, classoid, objsubid, provider, label)
        select oid, 'pg_class'::regclass, sub, 'my module', 'it''s ' || sub from pg_class, (values (0), (2)) s(sub)
          where relnamespace = (select oid from pg_namespace where nspname = 'La"b') and (sub = 0 or relname = 't') and relkind <> 'i'
        union all select oid, 'pg_type'::regclass, 0, 'my module', 'type' from pg_type where typname in ('e', 'd') and oid >= 16384
        union all select oid, 'pg_proc'::regclass, 0, 'my module', 'routine' from pg_proc where oid >= 16384
        union all select oid, 'pg_namespace'::regclass, 0, 'my module', 'schema' from pg_namespace where nspname = 'La"b'
        union all select oid, 'pg_publication'::regclass, 0, 'my module', 'publication' from pg_publication;
      insert into pg_shseclabel (objoid, classoid, provider, label)
        select oid, 'pg_authid'::regclass, 'my module', 'role' from pg_authid where rolname = 'labelled'
        union all select oid, 'pg_database'::regclass, 'my module', 'database' from pg_database where datname = current_database();
      set allow_system_table_mods = off`);
    const labelled = (await rowsOf(`
      select case relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materializedView' else 'sequence' end as kind, oid::int, 'La"b' as schema, relname as name
        from pg_class where relnamespace = (select oid from pg_namespace where nspname = 'La"b') and relkind in ('r', 'v', 'm', 'S') and relname <> 't_id_seq'
      union all select case typtype when 'd' then 'domain' else 'type' end, oid::int, 'La"b', typname from pg_type where typname in ('e', 'd') and oid >= 16384
      union all select case prokind when 'f' then 'function' when 'p' then 'procedure' else 'aggregate' end, oid::int, 'La"b', proname from pg_proc where oid >= 16384
      union all select 'schema', oid::int, null, nspname from pg_namespace where nspname = 'La"b'
      union all select 'publication', oid::int, null, pubname from pg_publication
      union all select 'role', oid::int, null, rolname from pg_roles where rolname = 'labelled'
      union all select 'database', oid::int, null, datname from pg_database where datname = current_database()`)) as ObjectRef[];
    const lines: string[] = [];
    for (const object of labelled) {
      const own = (await ddlParts(source, object)).map((part) => part.sql).filter((sql) => sql.startsWith('SECURITY'));
      expect(own.length, `${object.kind} ${object.name}`).toBeGreaterThan(0);
      lines.push(...own);
    }
    expect(lines).toContain(`SECURITY LABEL FOR "my module" ON COLUMN "La""b".t."C'ol" IS 'it''s 2';`);
    expect(lines).toContain(`SECURITY LABEL FOR "my module" ON SEQUENCE "La""b".t_id_seq IS 'it''s 0';`);
    for (const line of lines) {
      // COMMENT names objects by the same words, and has no need of a module.
      await source.client.query(line.replace('SECURITY LABEL FOR "my module" ON', 'COMMENT ON'));
      await expect(source.client.query(line)).rejects.toThrow('security label provider "my module" is not loaded');
    }
  });
});
