-- What the reference server makes of events: leads, and what people wrote. A step that was published is never changed.
--
-- A tenant sees its own rows and nothing else, as in the schema beside it: the tenant is a setting of the transaction, and
-- where it is not set there are no rows.
create table {schema}.lead (
    id         bigint      generated always as identity,
    tenant_id  uuid        not null,
    event_key  bytea       not null,
    provider   text        not null,
    account    text        not null,
    lead       text        not null,
    form       text,
    ad         text,
    -- Times of the platforms are milliseconds of Unix time.
    created_at bigint,
    name       text,
    email      text,
    phone      text,
    answers    jsonb       not null,
    stored_at  timestamptz not null default now(),
    primary key (tenant_id, event_key)
);
create unique index lead_by_age on {schema}.lead (tenant_id, id);
create index lead_by_name on {schema}.lead (tenant_id, provider, lead);

create table {schema}.conversation_entry (
    id         bigint      generated always as identity,
    tenant_id  uuid        not null,
    event_key  bytea       not null,
    platform   text        not null,
    account    text        not null,
    person     text,
    direction  text        not null,
    kind       text        not null,
    text       text,
    at         bigint,
    message_id text,
    stored_at  timestamptz not null default now(),
    primary key (tenant_id, event_key)
);
create unique index conversation_entry_by_age on {schema}.conversation_entry (tenant_id, id);
create index conversation_entry_by_message on {schema}.conversation_entry (tenant_id, account, message_id);

do $do$
declare
    v_table text;
begin
    foreach v_table in array array['lead', 'conversation_entry'] loop
        execute format('alter table {schema}.%I enable row level security', v_table);
        execute format('alter table {schema}.%I force row level security', v_table);
        execute format(
            $sql$create policy own_rows on {schema}.%I
                using (tenant_id = nullif(current_setting('sociogram.tenant', true), '')::uuid)$sql$,
            v_table
        );
    end loop;
end
$do$;
