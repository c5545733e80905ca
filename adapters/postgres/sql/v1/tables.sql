-- Every name is in one schema, which {schema} stands for.
--
-- tenant_id leads every key and is written in every statement; row security is the second wall. Times are whole
-- milliseconds by the database's clock. Words such as states are text: a word that a program does not know makes that
-- row unreadable for it, and no other.

-- A connection: everything about it that is not secret. Its row is also the lock under which its secrets change.
create table {schema}.connection (
    tenant_id              uuid        not null,
    id                     uuid        not null,
    provider               text        collate "C" not null,
    app_id                 text        collate "C" not null,
    external_user_id       text        collate "C" not null,
    parent_id              uuid,

    -- Details: what the product may change.
    version                bigint      not null,
    display_name           text,
    connected_by           text,
    origin                 text        not null,
    scopes_required        text[]      not null,
    scopes_optional        text[]      not null,

    -- The token set. An end that is null is not known, one that is infinite was said not to come.
    generation             bigint      not null,
    token_kind             text        not null,
    expires_at             timestamptz,
    refresh_expires_at     timestamptz,
    data_access_expires_at timestamptz,
    scopes                 text[],
    issued_at              timestamptz,
    has_refresh_token      boolean     not null,

    -- How it stands.
    revision               bigint      not null,
    state                  text        not null,
    state_reason           text,
    state_since            timestamptz not null,
    due_at                 timestamptz,
    failures               bigint      not null default 0,
    last_error_class       text,
    last_error_reason      text,
    last_error_at          timestamptz,
    strikes                jsonb,
    notified               text[]      not null,

    -- The attempt to renew it that was claimed last. It is one of the current generation and has the current fence:
    -- whatever changes either ends it.
    fence                  bigint      not null default 0,
    lease_owner            uuid,
    lease_phase            text,
    lease_started_at       timestamptz,
    lease_until            timestamptz,

    created_at             timestamptz not null,
    updated_at             timestamptz not null,
    succeeded_at           timestamptz not null,
    checked_at             timestamptz not null,

    primary key (tenant_id, id),
    constraint connection_lease_is_whole check (
        num_nulls(lease_owner, lease_phase, lease_started_at, lease_until) in (0, 4)
    ),
    constraint connection_error_is_whole check (num_nulls(last_error_class, last_error_at) in (0, 2))
) with (fillfactor = 80);

-- An account is connected once per tenant. The account comes first: callbacks of providers name no tenant.
create unique index connection_account
    on {schema}.connection (provider, app_id, external_user_id, tenant_id);
create index connection_parent on {schema}.connection (tenant_id, parent_id) where parent_id is not null;
create index connection_due on {schema}.connection (due_at) where due_at is not null;

-- Every id that a connection has had, for good: a late commit must not make a row of it again.
create table {schema}.used_id (
    tenant_id     uuid not null,
    connection_id uuid not null,
    primary key (tenant_id, connection_id)
);

-- The sealed secrets. No row: they are deleted. The key columns name the data keys that they are sealed under.
create table {schema}.secret (
    tenant_id     uuid  not null,
    connection_id uuid  not null,
    access_ct     bytea not null,
    refresh_ct    bytea,
    access_key    bigint,
    refresh_key   bigint,
    primary key (tenant_id, connection_id),
    foreign key (tenant_id, connection_id) references {schema}.connection on delete cascade
) with (fillfactor = 80);
-- Sealed bytes do not get shorter.
alter table {schema}.secret alter column access_ct set storage external;
alter table {schema}.secret alter column refresh_ct set storage external;

-- An asset is linked to one connection of one tenant per app.
create table {schema}.asset (
    app_id        text        collate "C" not null,
    kind          text        collate "C" not null,
    external_id   text        collate "C" not null,
    tenant_id     uuid        not null,
    connection_id uuid        not null,
    name          text,
    linked_by     text        not null,
    linked_at     timestamptz not null,
    primary key (app_id, kind, external_id),
    foreign key (tenant_id, connection_id) references {schema}.connection
);
create index asset_tenant on {schema}.asset (tenant_id, app_id, kind, external_id);
create index asset_connection on {schema}.asset (tenant_id, connection_id, app_id, kind, external_id);

-- What was done. Entries outlive their connection.
create table {schema}.audit (
    tenant_id         uuid        not null,
    position          bigint      generated always as identity,
    at                timestamptz not null,
    actor             text        not null,
    connection_id     uuid,
    action            text        not null,
    generation        bigint,
    reason            text,
    asset_app_id      text,
    asset_kind        text,
    asset_external_id text,
    primary key (tenant_id, position)
);
create index audit_connection on {schema}.audit (tenant_id, connection_id, position);
create index audit_at on {schema}.audit (at);
-- A connection has one tenant. Taken for independent, they promise so few entries that all are fetched and sorted.
create statistics {schema}.audit_connection_tenant (dependencies)
    on tenant_id, connection_id from {schema}.audit;

-- What the product should be told, until it has been.
create table {schema}.event (
    position      bigint      generated always as identity primary key,
    id            uuid        not null unique,
    tenant_id     uuid        not null,
    connection_id uuid        not null,
    at            timestamptz not null,
    kind          jsonb       not null,
    visible_at    timestamptz not null,
    deliveries    bigint      not null default 0
);

-- Sealed secrets of ended connections whose grant is to be withdrawn at the provider.
create table {schema}.revocation (
    tenant_id        uuid        not null,
    connection_id    uuid        not null,
    generation       bigint      not null,
    provider         text        collate "C" not null,
    app_id           text        collate "C" not null,
    external_user_id text        collate "C" not null,
    token_kind       text        not null,
    access_ct        bytea       not null,
    refresh_ct       bytea,
    access_key       bigint,
    refresh_key      bigint,
    since            timestamptz not null,
    visible_at       timestamptz not null,
    attempts         bigint      not null default 0,
    primary key (tenant_id, connection_id, generation)
);
create index revocation_since on {schema}.revocation (since);

-- Wrapped data keys. A destroyed one keeps its row, emptied.
create table {schema}.data_key (
    tenant_id  uuid        not null,
    id         bigint      not null,
    suite      smallint    not null,
    kek_id     text        collate "C" not null,
    wrapped    bytea       not null,
    commitment bytea       not null,
    state      text        not null,
    created_at timestamptz not null,
    messages   bigint      not null,
    primary key (tenant_id, id),
    constraint data_key_destroyed_is_empty check (state <> 'destroyed' or wrapped = '')
);
create unique index data_key_active on {schema}.data_key (tenant_id) where state = 'active';
create index data_key_kek on {schema}.data_key (kek_id, tenant_id, id) where state <> 'destroyed';

-- Logins between the redirect and the callback. The owner is a hash of tenant and person; nothing else tells whose it
-- is, so there is no tenant to separate by.
create table {schema}.session (
    key        bytea       primary key,
    position   bigint      generated always as identity,
    owner      bytea       not null,
    blob       bytea       not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_owner on {schema}.session (owner, position);
create index session_expires on {schema}.session (expires_at);
