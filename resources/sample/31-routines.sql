create function shop.set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;
comment on function shop.set_updated_at() is 'For row triggers.';

create function shop.discounted(price numeric, discount numeric default 0) returns numeric
  language sql immutable strict parallel safe cost 1
  as $$ select round(price * (1 - discount / 100), 2) $$;

-- since 14
create function shop.order_total(order_id bigint) returns numeric
  language sql stable parallel safe
begin atomic
  select coalesce(sum(l.amount), 0) from shop.order_line l where l.order_id = order_total.order_id;
end;
-- end since
-- before 14
create function shop.order_total(order_id bigint) returns numeric language sql stable parallel safe
  as $$ select coalesce(sum(l.amount), 0) from shop.order_line l where l.order_id = order_total.order_id $$;
-- end before
comment on function shop.order_total(bigint) is 'Its body is parsed when it is made, where the server can (BEGIN ATOMIC).';

create function shop.find_products(words text, most_expensive numeric default null, variadic tags text[] default '{}')
  returns table (id bigint, name text, price numeric, rank real)
  language sql stable rows 20
  as $$
    select p.id, p.name, p.price, ts_rank(p.search, q)
    from shop.product p, websearch_to_tsquery('pg_catalog.simple', find_products.words) q
    where p.search @@ q and (most_expensive is null or p.price <= most_expensive) and p.tags @> find_products.tags
    order by 4 desc, 2
    limit 20
  $$;

create function shop.next_order_number(out number bigint, out printed text) language plpgsql as $$
begin
  number := nextval('shop.order_number');
  printed := 'HW-' || to_char(number, 'FM000G000G000');
end
$$;

create function shop.category_has_no_cycle() returns trigger language plpgsql as $$
begin
  if exists (
    with recursive up as (
      select parent_id from shop.category where id = new.id
      union select c.parent_id from shop.category c join up on c.id = up.parent_id
    ) select from up where parent_id = new.id
  ) then
    raise exception 'category % would be its own ancestor', new.id using errcode = 'check_violation', hint = 'Choose another parent.';
  end if;
  return null;
end
$$;

create function shop.count_orders() returns trigger language plpgsql as $$
declare
  n bigint;
begin
  select count(*) into n from inserted;
  perform pg_notify('orders', n::text);
  return null;
end
$$;

create procedure shop.place_order(customer bigint, products bigint[], inout order_id bigint default null)
  language plpgsql as $$
declare
  placed timestamptz := clock_timestamp();
  product bigint;
  line smallint := 0;
begin
  order_id := nextval('shop.order_number');
  insert into shop.customer_order (id, placed_at, customer_id, currency) values (order_id, placed, customer, 'EUR');
  foreach product in array products loop
    line := line + 1;
    insert into shop.order_line (order_id, line_number, placed_at, product_id, quantity, unit_price)
    select place_order.order_id, line, placed, p.id, 1, p.price from shop.product p where p.id = product;
  end loop;
  update shop.customer_order o set total = shop.order_total(place_order.order_id) where o.id = place_order.order_id and o.placed_at = placed;
end
$$;
comment on procedure shop.place_order(bigint, bigint[], bigint) is 'call shop.place_order(7, array[1, 2, 3]);';

create procedure logistics.move_stock(from_warehouse integer, to_warehouse integer, product bigint, pieces integer)
  language plpgsql security definer set search_path = logistics, pg_temp as $$
begin
  update stock_level set on_hand = on_hand - pieces where warehouse_id = from_warehouse and product_id = product;
  insert into stock_level (warehouse_id, product_id, on_hand) values (to_warehouse, product, pieces)
  on conflict (warehouse_id, product_id) do update set on_hand = stock_level.on_hand + excluded.on_hand;
end
$$;

create function logistics.distance_km(a logistics.geo, b logistics.geo) returns double precision
  language sql immutable strict parallel safe as $$
  -- Haversine, on a sphere of 6,371 km.
  select 2 * 6371 * asin(sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
    + cos(radians(a.latitude)) * cos(radians(b.latitude)) * power(sin(radians(b.longitude - a.longitude) / 2), 2)))
$$;

create function shop.weighted_step(state numeric[], value numeric, weight numeric) returns numeric[]
  language sql immutable strict parallel safe as $$ select array[state[1] + value * weight, state[2] + weight] $$;
create function shop.weighted_combine(a numeric[], b numeric[]) returns numeric[]
  language sql immutable strict parallel safe as $$ select array[a[1] + b[1], a[2] + b[2]] $$;
create function shop.weighted_result(state numeric[]) returns numeric
  language sql immutable strict parallel safe as $$ select state[1] / nullif(state[2], 0) $$;
create aggregate shop.weighted_average(value numeric, weight numeric) (
  sfunc = shop.weighted_step, stype = numeric[], initcond = '{0,0}', finalfunc = shop.weighted_result,
  combinefunc = shop.weighted_combine, parallel = safe
);
comment on aggregate shop.weighted_average(numeric, numeric) is 'Works as a window function too.';
create aggregate shop.quantile(double precision order by anyelement) (
  sfunc = pg_catalog.ordered_set_transition, stype = internal, finalfunc = pg_catalog.percentile_disc_final, finalfunc_extra
);

create function shop.add_prices(a shop.price, b shop.price) returns shop.price language plpgsql immutable strict as $$
begin
  if (a).currency <> (b).currency then
    raise exception 'cannot add % and %', (a).currency, (b).currency using errcode = 'data_exception';
  end if;
  return row((a).amount + (b).amount, (a).currency);
end
$$;
create operator shop.+ (function = shop.add_prices, leftarg = shop.price, rightarg = shop.price, commutator = operator(shop.+));
comment on operator shop.+ (shop.price, shop.price) is 'Same currency only.';
create function shop.price_amount(shop.price) returns numeric language sql immutable strict as $$ select ($1).amount $$;
create cast (shop.price as numeric) with function shop.price_amount(shop.price) as assignment;

-- An ordering of its own: file names as people sort them ("2" before "10").
create function shop.natural_key(a text) returns text language sql immutable strict parallel safe
  as $$ select string_agg(case when m[1] ~ '^[0-9]' then lpad(m[1], 20, '0') else lower(m[1]) end, '') from regexp_matches(a, '([0-9]+|[^0-9]+)', 'g') m $$;
create function shop.natural_compare(a text, b text) returns integer language sql immutable strict parallel safe
  as $$ select pg_catalog.bttextcmp(coalesce(shop.natural_key(a), ''), coalesce(shop.natural_key(b), '')) $$;
create function shop.natural_less(a text, b text) returns boolean language sql immutable strict parallel safe as $$ select shop.natural_compare(a, b) < 0 $$;
create function shop.natural_less_equal(a text, b text) returns boolean language sql immutable strict parallel safe as $$ select shop.natural_compare(a, b) <= 0 $$;
create function shop.natural_equal(a text, b text) returns boolean language sql immutable strict parallel safe as $$ select shop.natural_compare(a, b) = 0 $$;
create function shop.natural_more_equal(a text, b text) returns boolean language sql immutable strict parallel safe as $$ select shop.natural_compare(a, b) >= 0 $$;
create function shop.natural_more(a text, b text) returns boolean language sql immutable strict parallel safe as $$ select shop.natural_compare(a, b) > 0 $$;
create operator shop.<# (function = shop.natural_less, leftarg = text, rightarg = text, commutator = operator(shop.>#), negator = operator(shop.>=#));
create operator shop.<=# (function = shop.natural_less_equal, leftarg = text, rightarg = text, commutator = operator(shop.>=#), negator = operator(shop.>#));
create operator shop.=# (function = shop.natural_equal, leftarg = text, rightarg = text, commutator = operator(shop.=#), restrict = eqsel, join = eqjoinsel);
create operator shop.>=# (function = shop.natural_more_equal, leftarg = text, rightarg = text, commutator = operator(shop.<=#), negator = operator(shop.<#));
create operator shop.># (function = shop.natural_more, leftarg = text, rightarg = text, commutator = operator(shop.<#), negator = operator(shop.<=#));
create operator family shop.natural using btree;
create operator class shop.natural_text for type text using btree family shop.natural as
  operator 1 shop.<#, operator 2 shop.<=#, operator 3 shop.=#, operator 4 shop.>=#, operator 5 shop.>#,
  function 1 shop.natural_compare(text, text);
create index brand_name_naturally on shop.brand (name shop.natural_text);

create function finance.entry_balances() returns trigger language plpgsql as $$
declare
  difference numeric;
begin
  select sum(debit) - sum(credit) into difference from finance.posting where entry_id = coalesce(new.entry_id, old.entry_id);
  if difference <> 0 then
    raise exception 'entry % is out of balance by %', coalesce(new.entry_id, old.entry_id), difference using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create function finance.write_audit() returns trigger language plpgsql security definer set search_path = finance, pg_temp as $$
begin
  insert into audit_log (relation, action, old_row, new_row)
  values (tg_relid, left(tg_op, 1)::"char", case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
  return coalesce(new, old);
end
$$;

create procedure finance.close_month(month date) language plpgsql as $$
begin
  update finance.settings set locked_until = month + interval '1 month';
  commit;
  raise notice 'Closed until %.', (month + interval '1 month')::date;
end
$$;

create trigger product_set_updated_at before update on shop.product for each row when ((old.price, old.name, old.attributes, old.tags, old.discontinued) is distinct from (new.price, new.name, new.attributes, new.tags, new.discontinued)) execute function shop.set_updated_at();
create trigger category_has_no_cycle after insert or update of parent_id on shop.category for each row execute function shop.category_has_no_cycle();
create trigger customer_order_count after insert on shop.customer_order referencing new table as inserted for each statement execute function shop.count_orders();
create constraint trigger posting_balances after insert or update or delete on finance.posting deferrable initially deferred for each row execute function finance.entry_balances();
create trigger invoice_audit after insert or update or delete on finance.invoice for each row execute function finance.write_audit();
create trigger account_audit after update or delete on finance.account for each row execute function finance.write_audit();
create trigger payment_audit_old after insert on finance.payment for each row execute function finance.write_audit();
alter table finance.payment disable trigger payment_audit_old;
comment on trigger posting_balances on finance.posting is 'At COMMIT: the lines of an entry come one by one.';
comment on trigger payment_audit_old on finance.payment is 'Disabled in 2025.';

create function public.note_schema_change() returns event_trigger language plpgsql as $$
begin
  raise debug 'schema change: %', tg_tag;
end
$$;
create event trigger note_schema_changes on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE', 'DROP TABLE') execute function public.note_schema_change();
comment on event trigger note_schema_changes is 'Says so at DEBUG.';
