create schema finance;
comment on schema finance is 'The books.';

create type finance.account_kind as enum ('asset', 'liability', 'equity', 'income', 'expense');

create table finance.account (
  number text primary key check (number ~ '^[0-9]{4}$'),
  name text not null,
  kind finance.account_kind not null,
  closed boolean not null default false
);

create table finance.journal_entry (
  id bigint generated always as identity primary key,
  booked_on date not null,
  text text not null,
  source text,
  created_by name not null default current_user,
  created_at timestamptz not null default now()
);

create table finance.posting (
  entry_id bigint not null,
  line smallint not null,
  account_number text not null,
  debit shop.money_amount not null default 0,
  credit shop.money_amount not null default 0,
  primary key (entry_id, line),
  constraint posting_one_side check ((debit = 0) <> (credit = 0))
);
comment on table finance.posting is 'Debits equal credits in every entry; a deferred constraint trigger insists.';

create table finance.invoice (
  id bigint generated always as identity primary key,
  number text not null,
  order_id bigint not null,
  customer_id bigint not null,
  issued_on date not null,
  due_on date not null,
  net shop.money_amount not null,
  tax shop.money_amount not null,
  gross numeric generated always as (net + tax) stored,
  document xml,
  paid boolean not null default false,
  constraint invoice_due_after_issue check (due_on >= issued_on)
);
comment on column finance.invoice.document is 'As sent, in the structure of the tax office.';

create table finance.payment (
  id uuid primary key default gen_random_uuid(),
  invoice_id bigint,
  received_at timestamptz not null,
  amount shop.money_amount not null,
  method text not null check (method in ('card', 'transfer', 'direct debit', 'cash', 'voucher')),
  reference text,
  raw json
);

create table finance.tax_rate (
  country_code char(2) not null references shop.country,
  category text not null default 'standard',
  valid daterange not null,
  rate shop.percentage not null,
  constraint tax_rate_one_at_a_time exclude using gist (country_code with =, category with =, valid with &&)
);

create table finance.exchange_rate (
  currency shop.currency_code not null,
  day date not null,
  rate numeric(18, 8) not null check (rate > 0),
  primary key (currency, day)
);

create table finance.budget (
  year smallint not null,
  account_number text not null references finance.account,
  amounts numeric(14, 2)[12] not null,
  spending int4multirange, -- since 14
  primary key (year, account_number)
);

create table finance.audit_log (
  id bigserial,
  at timestamptz not null default clock_timestamp(),
  who name not null default session_user,
  from_where inet default inet_client_addr(),
  relation regclass not null,
  action "char" not null,
  old_row jsonb,
  new_row jsonb
);
comment on table finance.audit_log is 'Written by triggers; nobody may change it (rules see to that).';

create table finance.settings (
  only_row boolean primary key default true check (only_row),
  fiscal_year_starts date not null default '2026-01-01',
  locked_until timestamp without time zone default '-infinity'
);

alter schema finance owner to finance_owner;
alter table finance.account owner to finance_owner;
alter table finance.budget owner to finance_owner;
alter type finance.account_kind owner to finance_owner;
