/** Templates: roles and rights, and what one needs every day in queries of one's own. */
import type { TemplateGroup } from './template.ts';

export const roleTemplates: TemplateGroup = {
  name: 'Roles',
  templates: [
    {
      name: 'Roles and their powers',
      about: 'Who may log in, and what else.',
      sql: `select rolname as role, rolcanlogin as login, rolsuper as superuser, rolcreaterole as create_role, rolcreatedb as create_db,
  rolreplication as replication, rolbypassrls as bypass_rls, rolconnlimit as connection_limit, rolvaliduntil as valid_until
from pg_roles
where rolname !~ '^pg_'
order by rolname;`,
    },
    {
      name: 'Members of roles',
      about: 'Also over several steps.',
      sql: `with recursive members as (
  select roleid, member, 1 as depth from pg_auth_members
  union all
  select m.roleid, a.member, m.depth + 1 from members m join pg_auth_members a on a.roleid = m.member where m.depth < 20
)
select r.rolname as role, u.rolname as member, min(depth) as steps
from members m
join pg_roles r on r.oid = m.roleid
join pg_roles u on u.oid = m.member
group by r.rolname, u.rolname
order by 1, 2;`,
    },
    {
      name: 'Rights on a table',
      about: 'Who may do what with :table.',
      sql: `select coalesce(r.rolname, 'public') as grantee, string_agg(a.privilege_type, ', ' order by a.privilege_type) as rights,
  bool_or(a.is_grantable) as may_grant
from pg_class c
cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
left join pg_roles r on r.oid = a.grantee
where c.oid = :table::text::regclass
group by r.rolname
order by 1;`,
    },
    {
      name: 'What a role owns',
      about: 'Relations of :role in this database.',
      sql: `select c.oid::regclass as relation, c.relkind as kind, pg_size_pretty(pg_total_relation_size(c.oid)) as size
from pg_class c
join pg_roles r on r.oid = c.relowner
where r.rolname = :role and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
order by c.oid::regclass::text;`,
    },
    {
      name: 'Default privileges',
      about: 'What new objects will be granted.',
      sql: `select pg_get_userbyid(d.defaclrole) as made_by, coalesce(n.nspname, 'all schemas') as schema, d.defaclobjtype as kind, d.defaclacl as rights
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
order by 1, 2;`,
    },
    {
      name: 'Row level security policies',
      about: 'Of all tables.',
      sql: `select schemaname as schema, tablename as table, policyname as policy, permissive, roles, cmd as command, qual as using, with_check
from pg_policies
order by 1, 2, 3;`,
    },
  ],
};

export const queryTemplates: TemplateGroup = {
  name: 'Queries',
  templates: [
    {
      name: 'Every day between two dates',
      about: 'Also those on which nothing happened: join your table to it.',
      sql: `select day::date
from generate_series(:first_day::date, :last_day::date, interval '1 day') as day;`,
    },
    {
      name: 'Months of the last year',
      about: 'First and last day of each.',
      sql: `select month::date as first_day, (month + interval '1 month - 1 day')::date as last_day
from generate_series(date_trunc('month', now()) - interval '11 months', date_trunc('month', now()), interval '1 month') as month;`,
    },
    {
      name: 'Age and time zones',
      about: 'The same instant in several zones, and how long ago it was.',
      sql: `select at, at at time zone 'UTC' as utc, at at time zone 'Europe/Berlin' as berlin, age(now(), at) as ago,
  extract(epoch from now() - at) as seconds
from (values (:instant::timestamptz)) as v (at);`,
    },
    {
      name: 'Calendar weeks',
      about: 'ISO weeks of the year :year.',
      sql: `select to_char(day, 'IYYY-"W"IW') as week, day::date as monday, (day + interval '6 days')::date as sunday
from generate_series(date_trunc('week', make_date(:year::int, 1, 4)), make_date(:year::int, 12, 28), interval '1 week') as day;`,
    },
    {
      name: 'Duplicates by a key',
      about: 'Shown on the types; put your own table and columns in.',
      sql: `select typname, typnamespace::regnamespace as schema, count(*) as times, array_agg(oid order by oid) as rows
from pg_type
group by typname, typnamespace
having count(*) > 1
order by count(*) desc;`,
    },
    {
      name: 'The first row of each group',
      about: 'DISTINCT ON with its ORDER BY: here the largest table of each schema.',
      sql: `select distinct on (n.nspname) n.nspname as schema, c.relname as table, pg_relation_size(c.oid) as bytes
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r'
order by n.nspname, pg_relation_size(c.oid) desc;`,
    },
    {
      name: 'Running totals and shares',
      about: 'Window functions over an aggregate: here the sizes of tables.',
      sql: `select relname as table, bytes, sum(bytes) over (order by bytes desc, relname) as running_total,
  round(100.0 * bytes / nullif(sum(bytes) over (), 0), 2) as percent
from (select relname, pg_total_relation_size(oid) as bytes from pg_class where relkind = 'r') as t
order by bytes desc
limit 50;`,
    },
    {
      name: 'Columns by name',
      about: 'All columns whose name has :part in it.',
      sql: `select c.oid::regclass as relation, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null
from pg_attribute a
join pg_class c on c.oid = a.attrelid
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and a.attname ilike '%' || :part || '%'
order by c.oid::regclass::text, a.attnum;`,
    },
    {
      name: 'Functions whose body has a text',
      about: 'Looks for :part in the source of all functions.',
      sql: `select p.oid::regprocedure as function, l.lanname as language
from pg_proc p
join pg_language l on l.oid = p.prolang
where p.prosrc ilike '%' || :part || '%' and l.lanname not in ('c', 'internal')
order by p.oid::regprocedure::text;`,
    },
  ],
};
