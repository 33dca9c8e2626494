/** Rows for tables that were made up: what each column's type takes, as far as the table's checks and keys let it in. */

/**
 * One statement. Twelve rows a table, partitioned ones included; a row that is refused is tried again with what must not
 * be null alone, and left out where that is refused, too. Columns of foreign keys stay null. No trigger fires.
 */
export const generatedRows = `do $rows$
declare
  made record;
  every text;
  needed text;
begin
  perform set_config('session_replication_role', 'replica', true);
  for made in
    select c.oid, c.oid::regclass::text as name from pg_class c
    where c.oid >= 16384 and c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text !~ '^pg_'
    order by c.oid
  loop
    select
      format('insert into %s (%s) values (%s)', made.name, string_agg(v.name, ', ' order by v.at), string_agg(v.value, ', ' order by v.at)),
      format('insert into %s (%s) values (%s)', made.name, string_agg(v.name, ', ' order by v.at) filter (where v.needed), string_agg(v.value, ', ' order by v.at) filter (where v.needed))
    into every, needed
    from (
      select a.attnum as at, quote_ident(a.attname) as name, a.attnotnull and not a.atthasdef as needed,
        format('(%s)::%s', case
          when b.typtype = 'e' then format('(enum_range(null::%s))[1]', b.oid::regtype)
          when b.typname in ('int2', 'int4', 'int8') then '$1'
          when b.typname in ('numeric', 'money') then '$1 * 1.5'
          when b.typname = 'float8' then '$1 / 3.0'
          when b.typname in ('text', 'varchar') then 'E''a\\tb\\\\c\\n"ü"'' || $1'
          when b.typname = 'bpchar' then '$1::text'
          when b.typname = 'bool' then '$1 % 2 = 0'
          when b.typname in ('date', 'timestamp', 'timestamptz') then 'timestamp ''0044-03-15 12:00:00.123456 BC'' + $1 * interval ''97 days'''
          when b.typname = 'interval' then '$1 * interval ''1 day 2 seconds'''
          when b.typname = 'uuid' then 'md5($1::text)'
          when b.typname in ('json', 'jsonb') then 'json_build_object(''a'', $1, ''b'', null, ''c'', E''\\n'')'
          when b.typname = 'bytea' then 'decode(md5($1::text), ''hex'')'
          when b.typname = '_int4' then 'array[$1, null]'
          when b.typname = '_text' then 'array[''x'', ''y "z", \\'', null]'
          when b.typname = 'inet' then '''10.0.0.'' || $1'
          when b.typname = 'varbit' then 'b''101'''
          when b.typname = 'tsvector' then '''fat:2 cat:'' || $1'
          when b.typname = 'int4range' then 'int4range($1, $1 + 2)'
          when b.typname = 'point' then 'point($1, 0.1)'
          when b.typname = 'xml' then '''<a>'' || $1 || ''</a>'''
          else 'null' end, format_type(a.atttypid, a.atttypmod)) as value
      from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
      where a.attrelid = made.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a'
        and not exists (select from pg_constraint f where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any (f.conkey))
    ) v;
    for row in 1..12 loop
      begin
        execute every using row;
      exception when others then
        begin
          execute needed using row;
        exception when others then
          null;
        end;
      end;
    end loop;
  end loop;
end $rows$`;
