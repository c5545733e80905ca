-- What is in the outbox.

-- About where a tenant's events begin that were added at this time or later: positions grow with time, but for what was
-- on its way at the same time. An index on the time would cost every event; this takes some thirty looks into another.
create function {schema}.outbox_position_at(p_tenant uuid, p_at timestamptz) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first bigint;
    v_end bigint;
    v_middle bigint;
    v_found record;
begin
    select min(o.position), max(o.position) + 1 into v_first, v_end from {schema}.outbox o where o.tenant_id = p_tenant;
    while v_first < v_end loop
        v_middle := v_first + (v_end - v_first) / 2;
        select o.position, o.added_at into v_found from {schema}.outbox o
            where o.tenant_id = p_tenant
                and (o.tenant_id, o.position) >= (p_tenant, v_middle) and (o.tenant_id, o.position) < (p_tenant, v_end)
            order by o.position
            limit 1;
        if not found or v_found.added_at >= p_at then
            v_end := v_middle;
        else
            v_first := v_found.position + 1;
        end if;
    end loop;
    return coalesce(v_first, 0);
end
$$;

-- The same of all tenants.
create function {schema}.worker_outbox_position_at(p_at timestamptz) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first bigint;
    v_end bigint;
    v_middle bigint;
    v_found record;
begin
    select min(o.position), max(o.position) + 1 into v_first, v_end from {schema}.outbox o;
    while v_first < v_end loop
        v_middle := v_first + (v_end - v_first) / 2;
        select o.position, o.added_at into v_found from {schema}.outbox o
            where o.position >= v_middle and o.position < v_end
            order by o.position
            limit 1;
        if not found or v_found.added_at >= p_at then
            v_end := v_middle;
        else
            v_first := v_found.position + 1;
        end if;
    end loop;
    return coalesce(v_first, 0);
end
$$;

-- Null wants all. Without settings of its own, so that it becomes a part of the statement that asks.
create function {schema}.outbox_fits(
    o {schema}.outbox, p_states text[], p_platform text, p_connection uuid, p_target text, p_name text, p_event_id text,
    p_since timestamptz, p_until timestamptz
) returns boolean
language sql immutable
as $$
    select (p_states is null or o.state = any (p_states))
        and (p_platform is null or o.platform = p_platform)
        and (p_connection is null or o.connection_id = p_connection)
        and (p_target is null or o.target = p_target)
        and (p_name is null or o.name = p_name)
        and (p_event_id is null or o.event_id = p_event_id)
        and (p_since is null or o.added_at >= p_since)
        and (p_until is null or o.added_at < p_until)
$$;

create function {schema}.find_outbox(p_tenant uuid, p_id bigint) returns setof {schema}.outbox
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query select * from {schema}.outbox o where o.tenant_id = p_tenant and o.position = p_id;
end
$$;

-- The latest first, those before p_after only. Null wants all. p_key_from and p_key_to: between what the keys of events
-- with this event id are.
create function {schema}.list_outbox(
    p_tenant uuid, p_states text[], p_platform text, p_connection uuid, p_target text, p_name text, p_event_id text,
    p_since timestamptz, p_until timestamptz, p_key_from bytea, p_key_to bytea, p_after bigint, p_limit bigint
) returns setof {schema}.outbox
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from bigint := 0;
    v_end bigint := coalesce(p_after, 9223372036854775807);
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    -- Some minutes more, for clocks that were set and statements that took their time.
    if p_since is not null then
        v_from := {schema}.outbox_position_at(p_tenant, p_since - interval '10 minutes');
    end if;
    if p_until is not null then
        v_end := least(v_end, {schema}.outbox_position_at(p_tenant, p_until + interval '10 minutes'));
    end if;
    -- The inner limits are for the planner, who does not know the others: 500 rows are a page, and one more tells
    -- whether there is another.
    if p_event_id is not null then
        return query
            select f.* from (
                select o.* from {schema}.outbox o
                where o.tenant_id = p_tenant and o.key between p_key_from and p_key_to and o.key is not null
                    and o.position >= v_from and o.position < v_end
                    and {schema}.outbox_fits(
                        o, p_states, p_platform, p_connection, p_target, p_name, p_event_id, p_since, p_until
                    )
                -- Not by the position alone, so that walking back does not look like the better way.
                order by o.position + 0 desc
                limit 501
            ) f
            limit p_limit;
    elsif p_states <@ array['rejected', 'in_doubt'] then
        return query
            select f.* from (select distinct s.state from unnest(p_states) as s (state)) w
            cross join lateral (
                select o.* from {schema}.outbox o
                where o.tenant_id = p_tenant and o.state = w.state and o.state in ('rejected', 'in_doubt')
                    -- With the state, so that walking back does not look like the better way.
                    and (o.state, o.position) >= (w.state, v_from) and (o.state, o.position) < (w.state, v_end)
                    and {schema}.outbox_fits(
                        o, null, p_platform, p_connection, p_target, p_name, null, p_since, p_until
                    )
                order by o.position desc
                limit 501
            ) f
            order by f.position desc
            limit p_limit;
    elsif p_states <@ array['pending', 'claimed'] then
        return query
            select f.* from (
                select o.* from {schema}.outbox o
                where o.tenant_id = p_tenant and o.state in ('pending', 'claimed')
                    and o.position >= v_from and o.position < v_end
                    and {schema}.outbox_fits(
                        o, p_states, p_platform, p_connection, p_target, p_name, null, p_since, p_until
                    )
                order by o.position desc
                limit 501
            ) f
            limit p_limit;
    else
        return query
            select f.* from (
                select o.* from {schema}.outbox o
                where o.tenant_id = p_tenant
                    -- With the tenant, so that walking back through everybody's does not look like the better way.
                    and (o.tenant_id, o.position) >= (p_tenant, v_from) and (o.tenant_id, o.position) < (p_tenant, v_end)
                    and {schema}.outbox_fits(
                        o, p_states, p_platform, p_connection, p_target, p_name, null, p_since, p_until
                    )
                order by o.position desc
                limit 501
            ) f
            limit p_limit;
    end if;
end
$$;

-- Sent events are counted by their keys alone, which is much less to read than all rows.
create function {schema}.tenant_outbox_census(p_tenant uuid) returns table (
    pending bigint, claimed bigint, sending bigint, sent bigint, rejected bigint, in_doubt bigint,
    oldest_due timestamptz, now timestamptz
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select w.total - w.claimed, w.claimed, s.total, a.total - w.total - s.total - u.total, u.rejected,
            u.total - u.rejected, case when w.oldest_due <= v_now then w.oldest_due end, v_now
        from (
            select count(*) as total, count(*) filter (where o.state = 'claimed') as claimed,
                min(o.due_at) as oldest_due
            from {schema}.outbox o where o.tenant_id = p_tenant and o.state in ('pending', 'claimed')
        ) w, (
            select count(*) as total from {schema}.outbox o where o.tenant_id = p_tenant and o.state = 'sending'
        ) s, (
            select count(*) as total, count(*) filter (where o.state = 'rejected') as rejected
            from {schema}.outbox o where o.tenant_id = p_tenant and o.state in ('rejected', 'in_doubt')
        ) u, (
            select count(*) as total from {schema}.outbox o where o.tenant_id = p_tenant
        ) a;
end
$$;

create function {schema}.worker_outbox_census() returns table (
    pending bigint, claimed bigint, sending bigint, sent bigint, rejected bigint, in_doubt bigint,
    oldest_due timestamptz, now timestamptz
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    return query
        select w.total - w.claimed, w.claimed, s.total, a.total - w.total - s.total - u.total, u.rejected,
            u.total - u.rejected, case when w.oldest_due <= v_now then w.oldest_due end, v_now
        from (
            select count(*) as total, count(*) filter (where o.state = 'claimed') as claimed,
                min(o.due_at) as oldest_due
            from {schema}.outbox o where o.state in ('pending', 'claimed')
        ) w, (
            select count(*) as total from {schema}.outbox o where o.state = 'sending'
        ) s, (
            select count(*) as total, count(*) filter (where o.state = 'rejected') as rejected
            from {schema}.outbox o where o.state in ('rejected', 'in_doubt')
        ) u, (
            select count(*) as total from {schema}.outbox o
        ) a;
end
$$;
