insert into shop.country (code, name, local_name, currency, continent, in_customs_union, languages) values
('AT', 'Austria', 'Österreich', 'EUR', 'Europe', true, '{de}'), ('AU', 'Australia', 'Australia', 'AUD', 'Oceania', false, '{en}'),
('BE', 'Belgium', 'België / Belgique', 'EUR', 'Europe', true, '{nl,fr,de}'), ('BR', 'Brazil', 'Brasil', 'BRL', 'America', false, '{pt}'),
('CA', 'Canada', 'Canada', 'CAD', 'America', false, '{en,fr}'), ('CH', 'Switzerland', 'Schweiz / Suisse / Svizzera / Svizra', 'CHF', 'Europe', false, '{de,fr,it,rm}'),
('CI', 'Ivory Coast', 'Côte d''Ivoire', 'XOF', 'Africa', false, '{fr}'), ('CN', 'China', '中国', 'CNY', 'Asia', false, '{zh}'),
('CZ', 'Czechia', 'Česko', 'CZK', 'Europe', true, '{cs}'), ('DE', 'Germany', 'Deutschland', 'EUR', 'Europe', true, '{de}'),
('DK', 'Denmark', 'Danmark', 'DKK', 'Europe', true, '{da}'), ('EG', 'Egypt', 'مصر', 'EGP', 'Africa', false, '{ar}'),
('ES', 'Spain', 'España', 'EUR', 'Europe', true, '{es,ca,eu,gl}'), ('FI', 'Finland', 'Suomi', 'EUR', 'Europe', true, '{fi,sv}'),
('FR', 'France', 'France', 'EUR', 'Europe', true, '{fr}'), ('GB', 'United Kingdom', 'United Kingdom', 'GBP', 'Europe', false, '{en,cy,gd}'),
('GE', 'Georgia', 'საქართველო', 'GEL', 'Asia', false, '{ka}'), ('GR', 'Greece', 'Ελλάδα', 'EUR', 'Europe', true, '{el}'),
('IE', 'Ireland', 'Éire', 'EUR', 'Europe', true, '{ga,en}'), ('IL', 'Israel', 'ישראל', 'ILS', 'Asia', false, '{he,ar}'),
('IN', 'India', 'भारत', 'INR', 'Asia', false, '{hi,en}'), ('IS', 'Iceland', 'Ísland', 'ISK', 'Europe', false, '{is}'),
('IT', 'Italy', 'Italia', 'EUR', 'Europe', true, '{it}'), ('JP', 'Japan', '日本', 'JPY', 'Asia', false, '{ja}'),
('KE', 'Kenya', 'Kenya', 'KES', 'Africa', false, '{sw,en}'), ('KR', 'South Korea', '대한민국', 'KRW', 'Asia', false, '{ko}'),
('MA', 'Morocco', 'المغرب', 'MAD', 'Africa', false, '{ar}'), ('MX', 'Mexico', 'México', 'MXN', 'America', false, '{es}'),
('NL', 'Netherlands', 'Nederland', 'EUR', 'Europe', true, '{nl}'), ('NO', 'Norway', 'Norge', 'NOK', 'Europe', false, '{nb,nn}'),
('NZ', 'New Zealand', 'Aotearoa', 'NZD', 'Oceania', false, '{en,mi}'), ('PL', 'Poland', 'Polska', 'PLN', 'Europe', true, '{pl}'),
('PT', 'Portugal', 'Portugal', 'EUR', 'Europe', true, '{pt}'), ('SE', 'Sweden', 'Sverige', 'SEK', 'Europe', true, '{sv}'),
('TH', 'Thailand', 'ประเทศไทย', 'THB', 'Asia', false, '{th}'), ('TR', 'Türkiye', 'Türkiye', 'TRY', 'Asia', true, '{tr}'),
('UA', 'Ukraine', 'Україна', 'UAH', 'Europe', false, '{uk}'), ('US', 'United States', 'United States', 'USD', 'America', false, '{en}'),
('VN', 'Vietnam', 'Việt Nam', 'VND', 'Asia', false, '{vi}'), ('ZA', 'South Africa', 'South Africa', 'ZAR', 'Africa', false, '{en,zu,xh,af}');

insert into shop.category (parent_id, name, path) values (null, 'Everything', 'Everything');
insert into shop.category (parent_id, name, path, position)
select 1, grp, ('Everything.' || grp)::ltree, row_number() over (order by min(id)) from seed.goods group by grp order by min(id);
insert into shop.category (parent_id, name, path, position)
select c.id, initcap(g.kind), c.path || regexp_replace(initcap(g.kind), '[^A-Za-z]', '', 'g'), g.id
from seed.goods g join shop.category c on c.name = g.grp order by g.id;

insert into shop.brand (name, country_code, founded, website)
select name, country, founded, 'https://www.' || lower(regexp_replace(unaccent(name), '[^A-Za-z]+', '', 'g')) || '.example'
from (values ('Nordlicht', 'DE', 1921), ('Fjällräven & Söner', 'SE', 1968), ('Atelier Brûlé', 'FR', 1887), ('Kōyō', 'JP', 1718), ('Hjørnet', 'DK', 1954),
  ('Bottega Verdi', 'IT', 1933), ('O''Malley & Sons', 'IE', 1799), ('Çelik', 'TR', 1976), ('Polar Star', 'NO', 1903), ('Łąka', 'PL', 2004), ('Sierra', 'ES', 1989),
  ('Æther', 'IS', 2012), ('Ambar', 'IN', 1947), ('Hammer & Nail Co.', 'US', 1876), ('Śnieżka', 'PL', 1962), ('Μέλι', 'GR', 1999), ('De Molen', 'NL', 1652),
  ('Alpenglühn', 'CH', 1911), ('Zion Gal', 'IL', 1958), ('山茶花', 'JP', 1864)) as brand (name, country, founded);

insert into shop.supplier (name, country_code, contact, rating, preferred)
select seed.person(i * 7) || seed.pick('{ GmbH," S.A."," & Co."," Ltd."," S.p.A."," K.K."," Sp. z o.o."," Trading"}', i, 3),
  (select country from seed.culture where id = seed.h(i * 7, 0, 17)),
  case when seed.h(i, 4, 10) > 1 then hstore(array['phone', '+' || (20 + seed.h(i, 5, 70)) || ' ' || (1000000 + seed.h(i, 6, 8999999)), 'person', seed.person(i * 11)])
    || case when seed.h(i, 7, 4) = 0 then hstore('fax', null) else '' end end,
  round((2 + seed.h(i, 8, 300) / 100.0)::numeric, 2), seed.h(i, 9, 5) = 0
from generate_series(1, seed.rows(160, 12)) i;

insert into shop.product (sku, name, category_id, brand_id, supplier_id, price, cost, currency, size, tags, attributes, released_on, discontinued, created_at, updated_at)
select upper(substr(g.grp, 1, 3)) || '-' || lpad((10000 + i)::text, 6, '0') || case when seed.h(i, 10, 6) = 0 then '-B' else '' end,
  b.name || ' ' || seed.pick('{classic,small,large,walnut,brass,linen,No. 7,"of 1911",travel,blue,green,black,"second edition",folding}', i, 11) || ' ' || g.kind,
  c.id, b.id, 1 + seed.h(i, 13, seed.rows(160, 12)),
  round(g.low + g.step * (seed.h(i, 14, 900) / 100.0), 2), round((g.low + g.step * (seed.h(i, 14, 900) / 100.0)) * (0.35 + seed.h(i, 15, 40) / 100.0), 2), 'EUR',
  row(80 + seed.h(i, 16, 900), 60 + seed.h(i, 17, 600), 20 + seed.h(i, 18, 400), 90 + seed.h(i, 19, 12000))::shop.dimensions,
  case seed.h(i, 20, 5) when 0 then '{}' when 1 then '{new}' when 2 then '{sale,"last pieces"}' else array['gift', g.grp] end,
  g.attributes || jsonb_build_object('colour', seed.pick('{moss,rust,ink,bone,"Bordeaux","café crème"}', i, 21), 'repairable', seed.h(i, 22, 2) = 0),
  date '2012-01-01' + seed.h(i, 23, 5000)::int, seed.h(i, 24, 17) = 0,
  timestamptz '2020-01-01 08:00+00' + seed.h(i, 25, 150000000) * interval '1 second', timestamptz '2025-01-01 08:00+00' + seed.h(i, 26, 45000000) * interval '1 second'
from generate_series(1, seed.rows(4000, 60)) i
join seed.goods g on g.id = 1 + seed.h(i, 27, 25)
join shop.category c on c.name = initcap(g.kind)
join shop.brand b on b.id = 10 * (1 + seed.h(i, 28, 20));

insert into shop.product_text (product_id, language, title, description)
select p.id, t.language, b.name || ' ' || t.title, case when seed.h(p.id, 31, 3) = 0 then null else t.description end
from shop.product p join shop.brand b on b.id = p.brand_id join shop.category c on c.id = p.category_id join seed.goods g on initcap(g.kind) = c.name
cross join lateral (values
  ('de', g.de, 'Ein ' || g.de || ', der lange hält. Größe auf Wunsch.'), ('fr', g.fr, 'Une pièce d''atelier : ' || g.fr || ', livrée sous huit jours.'),
  ('ja', g.ja, '長く使える' || g.ja || 'です。'), ('he', g.he, g.he || ' באיכות גבוהה, 100% עבודת יד'), ('ar', g.ar, g.ar || ' مصنوعة يدويًا (رقم ' || p.id || ')'),
  ('zh', g.zh, '经久耐用的' || g.zh || '。')) as t (language, title, description)
where seed.h(p.id, ascii(t.language), 3) > 0;

insert into shop.product_variant (product_id, variant, ean, extra_price, image)
select p.id, v.variant, lpad((4000000000000 + p.id * 31 + v.n)::text, 13, '0'), v.n * 2.5,
  case when seed.h(p.id, 32, 40) = 0 then '\x89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf5000000381018060b1b4300000000049454e44ae426082'::bytea end
from shop.product p cross join (values (0, 'standard'), (1, 'gift box'), (2, 'set of two')) v (n, variant)
where seed.h(p.id, 33 + v.n, 3) > 0 or v.n = 0;

insert into shop.price_history (product_id, valid, price)
select p.id, daterange(date '2024-01-01' + n * 240, case when n < 2 then date '2024-01-01' + (n + 1) * 240 end), row(round(p.price * (0.9 + n * 0.05), 2), 'EUR')::shop.price
from shop.product p cross join generate_series(0, 2) n;

insert into shop.promotion (name, category_id, discount, runs, applies_to)
select seed.pick('{Spring,Sommerfest,Rentrée,Weihnachten,お正月,רמדאן ופסח,Clearance,Black Week}', n, 1) || ' ' || (2024 + n / 8), 2 + n % 9, 5 + n % 6 * 5,
  tstzrange(timestamptz '2024-01-01+00' + n * interval '21 days', timestamptz '2024-01-01+00' + n * interval '21 days' + interval '10 days'), ('[' || n % 4 * 10 || ',)')::shop.amount_range
from generate_series(1, 40) n;

insert into shop.customer (email, full_name, country_code, consent, language, born_on, loyalty_points, preferences, referred_by, registered_at, deleted_at)
select seed.pick(c.ascii_names, i, 1) || '.' || i || '@' || seed.pick('{example.com,example.org,mail.example.net,Post.Example.DE}', i, 40),
  seed.person(i), c.country, (enum_range(null::shop.consent))[1 + seed.h(i, 41, 4)], c.language,
  case when seed.h(i, 42, 6) > 0 then date '1931-05-01' + seed.h(i, 43, 27000)::int end, seed.h(i, 44, 5) * seed.h(i, 45, 900),
  case when seed.h(i, 46, 3) > 0 then jsonb_build_object('newsletter', seed.h(i, 47, 2) = 0, 'theme', seed.pick('{dark,light,null}', i, 48), 'sizes', jsonb_build_array(seed.h(i, 49, 46), seed.h(i, 50, 60))) end,
  case when i > 10 and seed.h(i, 51, 4) = 0 then 1 + seed.h(i, 52, i - 1) end,
  timestamptz '2016-01-01+00' + seed.h(i, 53, 310000000) * interval '1 second', case when seed.h(i, 54, 150) = 0 then timestamptz '2026-03-01+00' + seed.h(i, 55, 9000000) * interval '1 second' end
from generate_series(1::bigint, seed.rows(30000, 120)) i join seed.culture c on c.id = seed.h(i, 0, 17);

insert into shop.customer_address (customer_id, kind, line1, line2, postcode, city, country_code, location)
select u.id, case n when 0 then 'delivery' when 1 then 'billing' else 'work' end, seed.pick(c.streets, u.id, 60 + n) || ' ' || 1 + seed.h(u.id, 61 + n, 180),
  case when seed.h(u.id, 62 + n, 7) = 0 then seed.pick('{"3rd floor",c/o Hansen,"Hinterhaus","Apt 4B","بجوار المسجد"}', u.id, 63) end,
  case when c.country <> 'EG' then lpad(seed.h(u.id, 64 + n, 99999)::text, 5, '0') end, seed.pick(c.cities, u.id, 65 + n), c.country,
  point(c.longitude + seed.h(u.id, 66 + n, 4000) / 1000.0 - 2, c.latitude + seed.h(u.id, 67 + n, 4000) / 1000.0 - 2)
from shop.customer u join seed.culture c on c.id = seed.h(u.id, 0, 17) cross join generate_series(0, 2) n where n = 0 or seed.h(u.id, 68 + n, 4) = 0;

insert into shop.order_line (order_id, line_number, placed_at, product_id, variant_id, quantity, unit_price, discount)
select o, n, timestamptz '2025-07-01 06:00+00' + (o * interval '1 second' * (44000000 / seed.rows(120000, 300))) + seed.h(o, 70, 40000) * interval '1 second',
  p.id, null, 1 + seed.h(o, 71 + n, 3), p.price, case when seed.h(o, 72, 8) = 0 then 10 else 0 end
from generate_series(1::bigint, seed.rows(120000, 300)) o cross join generate_series(1, 4) n
join shop.product p on p.id = 1 + seed.h(o * 5 + n, 73, seed.rows(4000, 60))
where n <= 1 + seed.h(o, 74, 4);

insert into shop.customer_order (id, placed_at, customer_id, status, channel, total, currency, note)
select order_id, min(placed_at), 1 + seed.h(order_id, 75, seed.rows(30000, 120)),
  case when order_id > seed.rows(118000, 280) then (array['placed', 'paid', 'picking'])[1 + seed.h(order_id, 76, 3)]
    when seed.h(order_id, 77, 40) = 0 then 'cancelled' when seed.h(order_id, 77, 40) = 1 then 'returned' else 'delivered' end::shop.order_status,
  (enum_range(null::shop.sales_channel))[1 + seed.h(order_id, 78, 5)], sum(amount), 'EUR',
  case when seed.h(order_id, 79, 25) = 0 then seed.pick('{"please leave with the neighbour","cadeau : merci d''emballer","Bitte nicht knicken!","ギフト包装をお願いします","נא לצלצל בפעמון","call first"}', order_id, 80) end
from shop.order_line group by order_id;
select setval('shop.order_number', 100001 + seed.rows(120000, 300));

insert into shop.review (product_id, customer_id, stars, title, body, helpful, written_at)
select 1 + seed.h(i, 90, seed.rows(4000, 60)), case when seed.h(i, 91, 9) > 0 then 1 + seed.h(i, 92, seed.rows(30000, 120)) end, 1 + greatest(seed.h(i, 93, 5), seed.h(i, 94, 5)),
  case when seed.h(i, 95, 3) > 0 then seed.pick('{Great,Naja,Très bien,良い,מצוין,ممتاز,"Not what I expected","Five stars",Отлично}', i, 96) end,
  seed.pick('{"Arrived quickly and well packed.","Die Verarbeitung ist ordentlich, aber der Griff könnte größer sein.","Conforme à la description, je recommande.","思っていたより小さいですが、とても使いやすいです。","איכות טובה, המשלוח התעכב בשבוע.","جودة ممتازة والسعر مناسب.","Broke after two weeks; the shop replaced it without a question.","Nie mogę się doczekać następnego zamówienia."}', i, 97)
    || case when seed.h(i, 98, 4) = 0 then E'\n\n' || seed.pick('{"Update after a year: still good.","Meine Tochter hat auch eins.","PS: the box is recyclable."}', i, 99) else '' end,
  seed.h(i, 100, 40) * seed.h(i, 101, 2), timestamptz '2025-01-01+00' + seed.h(i, 102, 50000000) * interval '1 second'
from generate_series(1, seed.rows(40000, 150)) i;

insert into shop.cart_item (customer_id, product_id, quantity, added_at)
select 1 + seed.h(i, 103, seed.rows(30000, 120)), 1 + seed.h(i, 104, seed.rows(4000, 60)), 1 + seed.h(i, 105, 4), timestamptz '2026-11-01+00' + i * interval '90 seconds'
from generate_series(1, seed.rows(8000, 50)) i on conflict do nothing;

insert into shop.newsletter_click
select timestamptz '2026-01-01+00' + seed.h(i, 106, 25000000) * interval '1 second', case when seed.h(i, 107, 5) > 0 then 'reader.' || seed.h(i, 108, 900) || '@example.com' end,
  seed.pick('{spring-2026,rentree,お正月,sale}', i, 109), seed.pick('{"Mozilla/5.0 (X11; Linux x86_64)","Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)",curl/8.10,NULL}', i, 110),
  case when seed.h(i, 111, 3) = 0 then ('2001:db8::' || to_hex(seed.h(i, 112, 65535)))::inet else ('203.0.113.' || seed.h(i, 113, 255))::inet end
from generate_series(1, seed.rows(25000, 100)) i;
