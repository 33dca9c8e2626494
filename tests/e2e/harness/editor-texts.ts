/** Texts to look at. */
export const everyColour = `-- Orders that have not been shipped; it's a comment with a quote
/* Block comments /* nest */ and go on
   over lines */
with late as (
  select o.id, o.placed_at, c.name as "Customer", count(*) filter (where l.qty > 0x1F) as lines
  from shop.orders o
    join shop.customers c on c.id = o.customer_id
    left join lateral (select qty from shop.order_lines where order_id = o.id) l on true
  where o.status <> 'shipped' and o.placed_at < now() - interval '2 days'
    and c.email ~* E'it\\'s\\n' and o.note is distinct from U&'\\0441' and o.total >= 1_000.50
  group by 1, 2, 3
)
select * from late where id = any ($1::bigint[]) order by placed_at desc limit 10;

create or replace function shop.ship(order_id bigint, at timestamptz default now())
returns integer language plpgsql as $body$
declare
  affected integer := 0;
begin
  -- The body is coloured as the code it is
  update shop.orders set status = 'shipped', shipped_at = at where id = order_id;
  get diagnostics affected = row_count;
  if affected = 0 then
    raise exception 'no order %', order_id using hint = $q$it's; gone$q$;
  end if;
  for i in 1..3 loop
    perform pg_notify('shipped', order_id::text);
  end loop;
  return affected;
end;
$body$;

create function shop.total(o bigint) returns numeric
begin atomic
  select case when count(*) = 0 then 0 else sum(price * qty) end from shop.order_lines where order_id = o;
end;

select $$ only a string; not code $$, "quoted;name", data->>'key' from t; select 2;
insert into shop.tags (id, name) values (1, 'new'), (2, null) on conflict (id) do nothing returning *;
`;

export function bigText(): string {
  const lines: string[] = [];
  for (let i = 0, size = 0; size < 5_000_000; i++) {
    const line = `insert into shop.events (id, kind, payload) values (${i}, 'kind ${i % 7}', '{"a": ${i}}'); -- ${i}`;
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join('\n');
}
