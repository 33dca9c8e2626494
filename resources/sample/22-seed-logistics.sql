insert into logistics.warehouse (id, code, name, city, country_code, location, capacity_m3, manager_id)
select n, code, name, city, country, point(lon, lat), 20000 + n * 3700, n * 9
from (values (1, 'HAM', 'Hafen Hamburg', 'Hamburg', 'DE', 9.99, 53.54), (2, 'LYS', 'Entrepôt Lyon-Sud', 'Lyon', 'FR', 4.83, 45.69), (3, 'WRO', 'Magazyn Wrocław', 'Wrocław', 'PL', 17.03, 51.1),
  (4, 'MXP', 'Deposito Malpensa', 'Milano', 'IT', 8.72, 45.63), (5, 'GOT', 'Göteborgs hamn', 'Göteborg', 'SE', 11.9, 57.69), (6, 'OSA', '大阪物流センター', '大阪', 'JP', 135.43, 34.64),
  (7, 'ALY', 'مستودع الإسكندرية', 'الإسكندرية', 'EG', 29.88, 31.19), (8, 'TLV', 'מחסן מרכזי', 'תל אביב-יפו', 'IL', 34.78, 32.05), (9, 'EWR', 'Port Newark', 'Newark', 'US', -74.15, 40.69),
  (10, 'GRU', 'Depósito Guarulhos', 'São Paulo', 'BR', -46.47, -23.43), (11, 'MAN', 'Trafford Park', 'Manchester', 'GB', -2.32, 53.46), (12, 'SHA', '上海仓库', '上海', 'CN', 121.8, 31.35)) w (n, code, name, city, country, lon, lat);
insert into logistics.employee (full_name, warehouse_id, boss_id, hired_on, left_on, salary, skills)
select seed.person(500000 + i), 1 + (i - 1) / 9 % 12, case when i > 9 then 9 * (1 + seed.h(i, 1, least(12, i / 9))) end, date '2005-01-01' + seed.h(i, 2, 7500)::int,
  case when seed.h(i, 3, 12) = 0 then date '2025-12-31' end, 28000 + seed.h(i, 4, 52000), (array['forklift', 'first aid', 'customs', 'night shift', 'Polish', 'SAP'])[1:1 + seed.h(i, 5, 5)]
from generate_series(1, seed.rows(900, 120)) i;
update logistics.employee set boss_id = null where boss_id = id;
set constraints all immediate;

insert into logistics.bin (warehouse_id, aisle, shelf, level, volume)
select w.id, a, s, l, cube(array[0, 0, 0]::float8[], array[120, 80, 40 + s]::float8[])
from logistics.warehouse w cross join generate_series(1, seed.rows(12, 2)) a cross join generate_series(1, seed.rows(10, 2)) s cross join unnest('{A,B,C,D}'::char[]) l;

insert into logistics.stock_level (warehouse_id, product_id, bin_id, on_hand, reserved, reorder_at, counted_on)
select w.id, p.id, 1 + seed.h(p.id * 13 + w.id, 6, seed.rows(5760, 192)), 20 + seed.h(p.id, 7 + w.id, 400), seed.h(p.id, 20 + w.id, 20), case when seed.h(p.id, 40, 4) > 0 then 60 end,
  case when seed.h(p.id, 41, 3) > 0 then date '2026-06-30' - seed.h(p.id, 42, 300)::int end
from shop.product p cross join logistics.warehouse w where seed.h(p.id * 17 + w.id, 43, 3) > 0;

insert into logistics.carrier (name, services, price_table, api_host)
select name, services::text[], jsonb_build_object('base', base, 'per_kg', round(base / 7, 2), 'zones', jsonb_build_array(1, 1.4, 2.2)), lower(replace(name, ' ', '-')) || '.carrier.example'
from (values ('Blue Heron', '{express,standard}', 6.9), ('Postilion', '{standard,letter}', 3.9), ('Möwe Kurier', '{express,bike}', 9.5), ('飛脚便', '{standard,cold}', 7.2), ('Silk Road Freight', '{freight,customs}', 49.0), ('Correios Unidos', '{standard}', 4.4)) c (name, services, base);

insert into logistics.truck (plate, warehouse_id, bought_on, odometer_km, axles, payload_kg)
select seed.pick('{HH,LY,WR,MI,GÖ}', i, 50) || '-' || seed.pick('{AB,KT,ÖZ,QX}', i, 51) || ' ' || 100 + seed.h(i, 52, 8999), 1 + seed.h(i, 53, 12), date '2015-01-01' + seed.h(i, 54, 4000)::int, seed.h(i, 55, 600000), 2 + seed.h(i, 56, 4), 3500 + seed.h(i, 57, 40) * 500 from generate_series(1, 140) i;
insert into logistics.drone (plate, warehouse_id, bought_on, odometer_km, battery_wh, range_km)
select 'UAS-' || lpad(i::text, 4, '0'), 1 + seed.h(i, 58, 12), date '2023-01-01' + seed.h(i, 59, 1000)::int, seed.h(i, 60, 9000), 90 + seed.h(i, 61, 500), 4 + seed.h(i, 62, 300) / 10.0 from generate_series(1, 35) i;
insert into logistics.vehicle (plate, warehouse_id, bought_on) values ('Lastenrad 1', 1, '2022-04-01'), ('Lastenrad 2', 1, null), ('Mule', 7, '2019-08-15');

insert into logistics.route (name, stops, days, track)
select a.code || ' - ' || b.code, array[row(a.city, row(a.location[1], a.location[0])::logistics.geo, timestamptz '2026-11-02 06:00+00')::logistics.stop, row(b.city, row(b.location[1], b.location[0])::logistics.geo, null)::logistics.stop],
  case when (a.id + b.id) % 3 = 0 then B'1010100' else B'1111111' end, path(polygon(box(a.location, b.location)))
from logistics.warehouse a join logistics.warehouse b on a.id < b.id where (a.id * b.id) % 3 = 0;

insert into logistics.shipment (id, region, order_id, carrier_id, warehouse_id, created_at, window_from_to, cost)
select o.id, (array['north', 'south', 'east', 'west', 'overseas']::logistics.region[])[1 + seed.h(o.id, 70, 5)], o.id, 1 + seed.h(o.id, 71, 6), 1 + seed.h(o.id, 72, 12), o.placed_at + interval '7 hours',
  tstzrange(o.placed_at + interval '2 days', o.placed_at + interval '2 days 4 hours'), round((3 + seed.h(o.id, 73, 2000) / 100.0)::numeric, 2)
from shop.customer_order o where o.status <> 'cancelled';

insert into logistics.parcel (shipment_id, region, code, state, weight_kg, size, insured_for)
select s.id, s.region, chr((65 + seed.h(s.id, 80, 26))::int) || 'X' || lpad((s.id * 7)::text, 9, '0') || (select country from seed.culture where id = seed.h(s.id, 81, 17)),
  case when seed.h(s.id, 82, 900) = 0 then 'lost' when s.id > seed.rows(119000, 290) then 'in transit' else 'delivered' end::logistics.parcel_state, 0.1 + seed.h(s.id, 83, 24000) / 1000.0,
  row(100 + seed.h(s.id, 84, 500), 100 + seed.h(s.id, 85, 400), 40 + seed.h(s.id, 86, 300), null)::shop.dimensions, case when seed.h(s.id, 87, 20) = 0 then 500::numeric::money end
from logistics.shipment s;

insert into logistics.dock_booking (warehouse_id, dock, during, carrier_id)
select w.id, d, tsrange(timestamp '2026-11-01 06:00' + n * interval '2 hours', timestamp '2026-11-01 07:30' + n * interval '2 hours'), 1 + seed.h(n, 90 + d, 6)
from logistics.warehouse w cross join generate_series(1, 4) d cross join generate_series(0, seed.rows(100, 5)) n where seed.h(w.id * 1000 + d * 100 + n, 91, 3) > 0;
