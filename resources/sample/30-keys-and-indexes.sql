-- After the rows: checking a whole table once is quicker than every row on its own.
drop schema seed cascade;

alter table logistics.tracking_event add constraint tracking_event_pkey primary key (event_id);

alter table shop.customer add constraint customer_country_code_fkey foreign key (country_code) references shop.country;
alter table shop.customer add constraint customer_referred_by_fkey foreign key (referred_by) references shop.customer on delete set null;
create unique index customer_email_key on shop.customer (email) include (full_name);
alter table shop.customer add constraint customer_email_key unique using index customer_email_key;
alter table shop.product_variant add foreign key (product_id) references shop.product on delete cascade;
alter table shop.customer_address add foreign key (customer_id) references shop.customer on delete cascade;
alter table shop.customer_order add foreign key (customer_id) references shop.customer;
alter table shop.order_line add foreign key (order_id, placed_at) references shop.customer_order (id, placed_at) on delete cascade;
-- No index on product_id of the lines: a foreign key to be found wanting.
alter table shop.order_line add foreign key (product_id) references shop.product;
alter table shop.review add foreign key (product_id) references shop.product on delete cascade;
alter table shop.review add foreign key (customer_id) references shop.customer on delete set null not valid;
alter table shop.cart_item add foreign key (customer_id) references shop.customer on delete cascade;
alter table shop.cart_item add foreign key (product_id) references shop.product on delete cascade;
alter table logistics.shipment add foreign key (carrier_id) references logistics.carrier;
alter table logistics.shipment add foreign key (warehouse_id) references logistics.warehouse;
alter table logistics.parcel add foreign key (shipment_id, region) references logistics.shipment (id, region) on update cascade on delete restrict;
alter table finance.posting add foreign key (entry_id) references finance.journal_entry on delete cascade;
alter table finance.posting add foreign key (account_number) references finance.account on update cascade;
alter table finance.invoice add foreign key (customer_id) references shop.customer;
alter table finance.payment add foreign key (invoice_id) references finance.invoice on delete set null;
alter table finance.payment add constraint payment_after_launch check (received_at >= timestamptz '2016-01-01 00:00+00') not valid;
alter table finance.exchange_rate add constraint exchange_rate_plausible check (rate < 100000) not enforced; -- since 18

create index product_category on shop.product (category_id, price desc nulls last);
create index product_search on shop.product using gin (search);
create index product_attributes on shop.product using gin (attributes jsonb_path_ops);
create index product_tags on shop.product using gin (tags);
create index product_name_trigrams on shop.product using gin (name gin_trgm_ops) with (fastupdate = off);
create index product_on_sale on shop.product (price) where not discontinued;
comment on index shop.product_on_sale is 'Partial: the shop never asks for what it no longer sells.';
create index product_name_ordered on shop.product (lower(name) text_pattern_ops, (attributes ->> 'colour'));
create index category_path on shop.category using gist (path);
create index customer_registered on shop.customer using brin (registered_at) with (pages_per_range = 32);
create index customer_country on shop.customer using hash (country_code);
create index customer_address_customer on shop.customer_address (customer_id);
create index customer_address_location on shop.customer_address using gist (location);
create index customer_address_postcode on shop.customer_address using spgist (postcode);
create index customer_order_customer on shop.customer_order (customer_id, placed_at desc) include (status, total);
create index customer_order_open on shop.customer_order (placed_at) where status in ('placed', 'paid', 'picking');
create unique index product_variant_ean on shop.product_variant (ean) nulls not distinct where ean <> ''; -- since 15
create unique index product_variant_ean on shop.product_variant (ean) where ean <> ''; -- before 15
create index review_product on shop.review (product_id, stars);
create index newsletter_click_clicked on shop.newsletter_click using brin (clicked_at);
create index shipment_order on logistics.shipment (order_id);
create unique index parcel_code on logistics.parcel (code);
create index parcel_shipment on logistics.parcel (shipment_id, region);
create index tracking_event_occurred on logistics.tracking_event using brin (occurred_at) with (pages_per_range = 64, autosummarize = on);
create index tracking_event_attention on logistics.tracking_event (occurred_at) where needs_attention;
create index tracking_event_parcel on logistics.tracking_event (((payload ->> 'parcel')::bigint));
create index invoice_customer on finance.invoice (customer_id);
create index invoice_unpaid on finance.invoice (due_on) include (net, tax) where not paid;
create index payment_invoice on finance.payment (invoice_id) with (deduplicate_items = on);
create index audit_log_relation on finance.audit_log (relation, at desc);

alter table shop.customer cluster on customer_email_key;
alter table finance.audit_log replica identity full;

create statistics shop.customer_country_and_language (dependencies, ndistinct, mcv) on country_code, language from shop.customer;
comment on statistics shop.customer_country_and_language is 'The language follows from the country; the planner cannot guess that.';
create statistics shop.order_month on (date_trunc('month', placed_at at time zone 'UTC')), status from shop.customer_order; -- since 14
alter statistics shop.customer_country_and_language set statistics 200;
