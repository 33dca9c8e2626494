create schema logistics;
comment on schema logistics is 'Where things lie and how they travel.';

create type logistics.region as enum ('north', 'south', 'east', 'west', 'overseas');
create type logistics.parcel_state as enum ('announced', 'picked up', 'in transit', 'customs', 'out for delivery', 'delivered', 'lost');
create type logistics.geo as (latitude double precision, longitude double precision);
create type logistics.stop as (place text, at logistics.geo, expected timestamptz);
comment on type logistics.stop is 'A composite inside a composite.';
create domain logistics.tracking_code as text check (value ~ '^[A-Z]{2}[0-9]{9}[A-Z]{2}$');

create table logistics.warehouse (
  id integer primary key,
  code text not null unique,
  name text not null,
  city text not null,
  country_code char(2) not null references shop.country,
  location point not null,
  opening daterange not null default daterange('2019-01-01', null),
  capacity_m3 integer not null check (capacity_m3 > 0),
  manager_id integer
);
comment on column logistics.warehouse.manager_id is 'An employee, who in turn works in a warehouse: a cycle of foreign keys.';

create table logistics.employee (
  id integer generated always as identity primary key,
  full_name text not null,
  warehouse_id integer not null references logistics.warehouse deferrable initially deferred,
  boss_id integer references logistics.employee,
  hired_on date not null,
  left_on date,
  salary numeric(10, 2) not null,
  skills text[] not null default '{}',
  photo_oid oid,
  constraint employee_leaves_after_coming check (left_on is null or left_on >= hired_on)
);
alter table logistics.warehouse add constraint warehouse_manager_works_somewhere
  foreign key (manager_id) references logistics.employee deferrable initially deferred;
comment on constraint warehouse_manager_works_somewhere on logistics.warehouse is 'Deferred: a new warehouse and its manager arrive together.';

create table logistics.bin (
  id integer generated always as identity primary key,
  warehouse_id integer not null references logistics.warehouse,
  aisle smallint not null,
  shelf smallint not null,
  level char(1) not null,
  volume cube,
  unique (warehouse_id, aisle, shelf, level)
);

create table logistics.stock_level (
  warehouse_id integer not null references logistics.warehouse,
  product_id bigint not null references shop.product,
  bin_id integer references logistics.bin,
  on_hand integer not null default 0,
  reserved integer not null default 0,
  available integer generated always as (on_hand - reserved) stored,
  reorder_at integer,
  shortfall integer generated always as (greatest(reorder_at - on_hand, 0)) virtual, -- since 18
  shortfall integer generated always as (greatest(reorder_at - on_hand, 0)) stored, -- before 18
  counted_on date,
  primary key (warehouse_id, product_id),
  constraint stock_not_oversold check (reserved <= on_hand)
) with (fillfactor = 80);
comment on table logistics.stock_level is 'The busiest rows of the house: leave room for updates in place.';

create table logistics.carrier (
  id smallint generated always as identity primary key,
  name text not null unique,
  services text[] not null,
  price_table jsonb not null,
  api_host text
);

-- Inheritance as PostgreSQL has had it from the start.
create table logistics.vehicle (
  id serial primary key,
  plate text not null,
  warehouse_id integer references logistics.warehouse,
  bought_on date,
  odometer_km integer not null default 0
);
comment on table logistics.vehicle is 'Anything that moves. Trucks and drones inherit from it.';
create table logistics.truck (axles smallint not null default 2, payload_kg integer not null) inherits (logistics.vehicle);
create table logistics.drone (battery_wh integer, range_km numeric(5, 1)) inherits (logistics.vehicle);
alter table logistics.truck add primary key (id);
alter table logistics.drone add primary key (id);

create table logistics.route (
  id integer generated always as identity primary key,
  name text not null,
  stops logistics.stop[] not null default '{}',
  days bit(7) not null default B'1111100',
  track path
);
comment on column logistics.route.days is 'Monday first.';

create table logistics.shipment (
  id bigint not null,
  region logistics.region not null,
  order_id bigint not null,
  carrier_id smallint not null,
  warehouse_id integer not null,
  created_at timestamptz not null,
  window_from_to tstzrange,
  cost numeric(10, 2),
  primary key (id, region)
) partition by list (region);
create table logistics.shipment_near partition of logistics.shipment for values in ('north', 'south');
create table logistics.shipment_far partition of logistics.shipment for values in ('east', 'west');
create table logistics.shipment_other partition of logistics.shipment default;

create table logistics.parcel (
  id bigint generated always as identity primary key,
  shipment_id bigint not null,
  region logistics.region not null,
  code logistics.tracking_code not null,
  state logistics.parcel_state not null default 'announced',
  weight_kg numeric(8, 3) not null check (weight_kg > 0),
  size shop.dimensions,
  insured_for money
);

create table logistics.dock_booking (
  id integer generated always as identity primary key,
  warehouse_id integer not null references logistics.warehouse,
  dock smallint not null,
  during tsrange not null,
  carrier_id smallint references logistics.carrier,
  constraint dock_booking_no_two_at_once exclude using gist (warehouse_id with =, dock with =, during with &&)
);
comment on constraint dock_booking_no_two_at_once on logistics.dock_booking is 'One lorry a dock.';

create table logistics.tracking_event (
  event_id bigint not null,
  description text not null,
  weight_kg numeric(10, 3) not null,
  occurred_at timestamptz not null,
  payload jsonb not null,
  scan_id uuid not null,
  needs_attention boolean not null,
  temperature_c double precision,
  due_on date not null,
  hops integer[] not null,
  signature bytea not null,
  remark text
);
comment on table logistics.tracking_event is 'Every scan of every parcel: one million rows of twelve columns.';
comment on column logistics.tracking_event.hops is 'The warehouses passed so far.';
comment on column logistics.tracking_event.temperature_c is 'In the hold; most parcels do not care.';
