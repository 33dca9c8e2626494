create view shop.current_product with (security_barrier = true) as
  select id, sku, name, category_id, price, currency, tags from shop.product where not discontinued
  with local check option;
comment on view shop.current_product is 'What the shop shows. Can be updated.';

create view shop.category_tree as
  with recursive tree as (
    select id, parent_id, name, 1 as depth, name as breadcrumb from shop.category where parent_id is null
    union all
    select c.id, c.parent_id, c.name, t.depth + 1, t.breadcrumb || ' > ' || c.name from shop.category c join tree t on c.parent_id = t.id
  )
  select * from tree;

create view shop.customer_rank as
  select c.id, c.full_name, c.country_code, sum(o.total) as spent, count(o.id) as orders,
    rank() over (partition by c.country_code order by sum(o.total) desc) as rank_in_country,
    ntile(10) over (order by sum(o.total)) as decile,
    lag(sum(o.total)) over (partition by c.country_code order by sum(o.total) desc) as next_better
  from shop.customer c join shop.customer_order o on o.customer_id = c.id
  group by c.id
  window w as (partition by c.country_code);
comment on view shop.customer_rank is 'Window functions over an aggregate.';

create view shop.customer_public with (security_invoker = true) as -- since 15
create view shop.customer_public as -- before 15
  select id, left(full_name, 1) || '…' as shown_as, country_code, date_trunc('year', registered_at) as since from shop.customer where deleted_at is null;

create view logistics.where_is_it as
  select p.code, p.state, s.region, c.name as carrier, w.city, o.customer_id, o.status as order_status
  from logistics.parcel p
  join logistics.shipment s on (s.id, s.region) = (p.shipment_id, p.region)
  join logistics.carrier c on c.id = s.carrier_id
  join logistics.warehouse w on w.id = s.warehouse_id
  join shop.customer_order o on o.id = s.order_id;

create view finance.balance_sheet as
  select a.kind, a.number, a.name, sum(p.debit - p.credit) as balance, grouping(a.number) = 1 as is_total
  from finance.account a join finance.posting p on p.account_number = a.number
  group by grouping sets ((a.kind, a.number, a.name), (a.kind), ());

create materialized view finance.monthly_sales as
  select date_trunc('month', o.placed_at at time zone 'UTC')::date as month, k.name as category, o.channel,
    count(*) as lines, sum(l.amount) as amount, shop.weighted_average(l.unit_price, l.quantity) as average_price
  from shop.order_line l
  join shop.customer_order o on o.id = l.order_id and o.placed_at = l.placed_at
  join shop.product p on p.id = l.product_id
  join shop.category k on k.id = p.category_id
  group by 1, 2, 3
  with data;
comment on materialized view finance.monthly_sales is 'Refreshed at night, and by the workload now and then.';
create unique index monthly_sales_key on finance.monthly_sales (month, category, channel);
create materialized view logistics.late_parcels as
  select code, state from logistics.parcel where state not in ('delivered', 'lost')
  with no data;
comment on materialized view logistics.late_parcels is 'Never filled.';

-- Rules: the old way to make a view writable, and to make a log that nobody changes.
create view shop.address_book as select a.id, c.full_name, a.line1, a.city from shop.customer_address a join shop.customer c on c.id = a.customer_id;
create rule address_book_update as on update to shop.address_book do instead
  update shop.customer_address set line1 = new.line1, city = new.city where id = old.id;
create rule audit_log_no_update as on update to finance.audit_log do instead nothing;
create rule audit_log_no_delete as on delete to finance.audit_log do instead nothing;
comment on rule audit_log_no_delete on finance.audit_log is 'What happened has happened.';

create function shop.write_current_product() returns trigger language plpgsql as $$
begin
  update shop.product set price = new.price where id = old.id;
  return new;
end
$$;
create view shop.product_prices as select id, name, price, currency from shop.product;
create trigger product_prices_write instead of update on shop.product_prices for each row execute function shop.write_current_product();
