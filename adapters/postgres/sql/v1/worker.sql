-- What looks across tenants, for the worker's login alone. It sees no secrets of living connections: those are in a
-- table that it has no rights to.

-- Connections that are due, the longest due first. The claim moves their due time, so that nobody else gets them.
create function {schema}.worker_due_batch(p_limit bigint, p_visibility_ms bigint)
returns table (tenant_id uuid, connection_id uuid, generation bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- In a variable: the index is used for what is due alone.
    v_now timestamptz := {schema}.clock();
begin
    return query
        with due as (
            select c.tenant_id, c.id, c.due_at from {schema}.connection c
            where c.due_at <= v_now
            order by c.due_at
            limit p_limit
            for no key update skip locked
        ), taken as (
            update {schema}.connection c set due_at = v_now + p_visibility_ms * interval '1 millisecond'
            from due
            where c.tenant_id = due.tenant_id and c.id = due.id
            returning c.tenant_id, c.id, c.generation, due.due_at as was_due_at
        )
        select t.tenant_id, t.id, t.generation from taken t order by t.was_due_at, t.tenant_id, t.id;
end
$$;

create function {schema}.worker_take_events(p_limit bigint, p_visibility_ms bigint)
returns table (id uuid, tenant_id uuid, connection_id uuid, at timestamptz, kind jsonb, deliveries bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    return query
        with waiting as (
            select e.position from {schema}.event e
            where e.visible_at <= v_now
            order by e.position
            limit p_limit
            for no key update skip locked
        ), taken as (
            update {schema}.event e set
                visible_at = v_now + p_visibility_ms * interval '1 millisecond',
                deliveries = e.deliveries + 1
            from waiting
            where e.position = waiting.position
            returning e.position, e.id, e.tenant_id, e.connection_id, e.at, e.kind, e.deliveries
        )
        select t.id, t.tenant_id, t.connection_id, t.at, t.kind, t.deliveries from taken t order by t.position;
end
$$;

create function {schema}.worker_ack_events(p_ids uuid[]) returns bigint
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    with done as (delete from {schema}.event e where e.id = any (p_ids) returning 1)
    select count(*) from done
$$;

create function {schema}.worker_take_revocations(p_limit bigint, p_visibility_ms bigint)
returns setof {schema}.revocation
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    return query
        with waiting as (
            select r.tenant_id, r.connection_id, r.generation from {schema}.revocation r
            where r.visible_at <= v_now
            order by r.since
            limit p_limit
            for no key update skip locked
        ), taken as (
            update {schema}.revocation r set
                visible_at = v_now + p_visibility_ms * interval '1 millisecond',
                attempts = r.attempts + 1
            from waiting w
            where r.tenant_id = w.tenant_id and r.connection_id = w.connection_id and r.generation = w.generation
            returning r.*
        )
        select * from taken t order by t.since, t.tenant_id, t.connection_id, t.generation;
end
$$;

create function {schema}.worker_finish_revocation(
    p_tenant uuid, p_connection uuid, p_generation bigint, p_notes jsonb
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from {schema}.revocation r
        where r.tenant_id = p_tenant and r.connection_id = p_connection and r.generation = p_generation;
    if not found then
        return false;
    end if;
    perform {schema}.add_notes(p_tenant, p_connection, p_notes, {schema}.clock());
    return true;
end
$$;

create function {schema}.worker_holders(p_provider text, p_app_id text, p_external_user_id text)
returns table (tenant_id uuid, connection_id uuid, state text, state_reason text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select c.tenant_id, c.id, c.state, c.state_reason from {schema}.connection c
    where c.provider = p_provider and c.app_id = p_app_id and c.external_user_id = p_external_user_id
    order by c.tenant_id, c.id
$$;

create function {schema}.worker_asset_holder(p_app_id text, p_kind text, p_external_id text)
returns table (tenant_id uuid, connection_id uuid, state text, state_reason text)
language sql stable rows 1
set search_path = pg_catalog, pg_temp
as $$
    select c.tenant_id, c.id, c.state, c.state_reason
    from {schema}.asset a
    join {schema}.connection c on c.tenant_id = a.tenant_id and c.id = a.connection_id
    where a.app_id = p_app_id and a.kind = p_kind and a.external_id = p_external_id
$$;

-- Keys that are wrapped with one wrapping key, behind p_after_…, if it is given.
create function {schema}.worker_keys_under(p_kek_id text, p_after_tenant uuid, p_after_id bigint, p_limit bigint)
returns setof {schema}.data_key
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select * from {schema}.data_key k
    where k.kek_id = p_kek_id and k.state <> 'destroyed'
        and (k.tenant_id, k.id) > (
            coalesce(p_after_tenant, '00000000-0000-0000-0000-000000000000'), coalesce(p_after_id, -1)
        )
    order by k.tenant_id, k.id
    limit p_limit
$$;

create function {schema}.worker_count_by_kek() returns table (kek_id text, keys bigint)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select k.kek_id, count(*) from {schema}.data_key k
    where k.state <> 'destroyed'
    group by k.kek_id
    order by k.kek_id
$$;

-- Entries that were stored before this time.
create function {schema}.worker_trim_audit(p_before timestamptz, p_limit bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted bigint;
begin
    with old as (
        select a.tenant_id, a.position from {schema}.audit a
        where a.at < p_before
        order by a.at
        limit p_limit
        for no key update skip locked
    )
    delete from {schema}.audit a using old where a.tenant_id = old.tenant_id and a.position = old.position;
    get diagnostics v_deleted = row_count;
    return v_deleted;
end
$$;

-- How many connections there are by provider and state, and beside each what waits. Without connections there is one row.
create function {schema}.worker_census() returns table (
    provider text, state text, connections bigint, oldest_due timestamptz, events bigint, revocations bigint
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select c.provider, c.state, c.connections, w.oldest_due, w.events, w.revocations
    from (
        select
            (select min(c.due_at) from {schema}.connection c where c.due_at is not null) as oldest_due,
            (select count(*) from {schema}.event) as events,
            (select count(*) from {schema}.revocation) as revocations
    ) w
    left join (
        select c.provider, c.state, count(*) as connections from {schema}.connection c group by c.provider, c.state
    ) c on true
$$;
