insert into finance.account (number, name, kind, closed) values
('1000', 'Kasse / cash', 'asset', false), ('1200', 'Bank', 'asset', false), ('1400', 'Receivables', 'asset', false), ('1600', 'Stock', 'asset', false), ('1776', 'VAT payable', 'liability', false), ('2000', 'Payables', 'liability', false),
('2900', 'Equity', 'equity', false), ('4000', 'Sales', 'income', false), ('4100', 'Sales, overseas', 'income', false), ('4700', 'Postage charged', 'income', false), ('5000', 'Goods sold', 'expense', false), ('6000', 'Wages', 'expense', false),
('6300', 'Carriers', 'expense', false), ('6855', 'Bank fees', 'expense', false), ('9999', 'Old suspense account', 'asset', true);
insert into finance.settings default values;

insert into finance.invoice (number, order_id, customer_id, issued_on, due_on, net, tax, document, paid)
select 'INV-' || to_char(placed_at at time zone 'UTC', 'YYYY') || '-' || lpad(id::text, 7, '0'), id, customer_id, (placed_at at time zone 'UTC')::date, (placed_at at time zone 'UTC')::date + 14, round(total / 1.19, 2), total - round(total / 1.19, 2),
  case when seed.h(id, 1, 10) = 0 then ('<invoice xmlns="urn:example:invoice" number="' || id || '"><total currency="EUR">' || total || '</total></invoice>')::xml end, seed.h(id, 2, 12) > 0
from shop.customer_order where status <> 'cancelled' and id <= seed.rows(70000, 200);

insert into finance.payment (id, invoice_id, received_at, amount, method, reference, raw)
select (lpad(to_hex(seed.h(i.id, 3, 4611686018427387903)), 16, '0') || lpad(to_hex(seed.h(i.id, 4, 4611686018427387903)), 16, '0'))::uuid, i.id, i.issued_on::timestamp at time zone 'UTC' + seed.h(i.id, 5, 1209600) * interval '1 second', i.net + i.tax,
  (array['card', 'transfer', 'direct debit', 'cash', 'voucher'])[1 + seed.h(i.id, 6, 5)], case when seed.h(i.id, 7, 3) > 0 then 'Rechnung ' || i.number end,
  case when seed.h(i.id, 8, 4) = 0 then ('{"psp": "example", "attempt": 1,  "attempt": 2, "amount": ' || i.gross || '}')::json end
from finance.invoice i where i.paid;

insert into finance.journal_entry (booked_on, text, source, created_by, created_at)
select issued_on, 'Invoice ' || number, 'invoice', 'postgres', issued_on::timestamp at time zone 'UTC' from finance.invoice order by id limit seed.rows(30000, 100);
insert into finance.posting (entry_id, line, account_number, debit, credit)
select e.id, line.n, line.account, line.debit, line.credit
from finance.journal_entry e join finance.invoice i on i.id = e.id
cross join lateral (values (1, '1400', i.net + i.tax, 0::numeric), (2, case when seed.h(i.id, 9, 4) = 0 then '4100' else '4000' end, 0, i.net), (3, '1776', 0, i.tax)) line (n, account, debit, credit)
where line.debit + line.credit > 0;

insert into finance.tax_rate (country_code, category, valid, rate)
select code, c.category, v.valid, case c.category when 'standard' then 17 + seed.h(ascii(code), 10, 10) else 5 + seed.h(ascii(code), 11, 4) end + v.more
from shop.country cross join (values ('standard'), ('books')) c (category) cross join (values (daterange(null, '2024-01-01'), 0), (daterange('2024-01-01', null), 1)) v (valid, more);
insert into finance.exchange_rate (currency, day, rate)
select c.currency, d::date, round((c.base * (1 + sin(extract(epoch from d) / 4000000.0 + c.n) / 20))::numeric, 8)
from (values ('USD', 1.0831, 1), ('GBP', 0.8421, 2), ('JPY', 163.2, 3), ('PLN', 4.28, 4), ('CNY', 7.81, 5), ('ILS', 3.94, 6), ('EGP', 52.1, 7), ('BRL', 5.93, 8)) c (currency, base, n)
cross join generate_series(date '2024-01-01', date '2026-11-30', interval '1 day') d where seed.rows(1, 0) = 1 or extract(day from d) = 1;
insert into finance.budget (year, account_number, amounts)
select y, number, array(select 1000.0 * (1 + seed.h(m, y, 90)) from generate_series(1, 12) m) from finance.account cross join generate_series(2024, 2026) y where kind in ('income', 'expense');
update finance.budget set spending = '{[1,4),[7,10)}'; -- since 14
