-- Making finished events of the outbox due again, and deleting them.

-- Makes rows due again that the caller has locked and judged. Whoever claimed one before settles it no more.
create function {schema}.revive_outbox(p_tenant uuid, p_ids bigint[], p_now timestamptz) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_revived bigint;
begin
    update {schema}.outbox o set
        state = 'pending',
        fate = null,
        lapsed = false,
        attempts = 0,
        replays = o.replays + 1,
        fence = o.fence + 1,
        due_at = p_now,
        finished_at = null,
        -- -> and not ->>: a text may hold an escaped NUL.
        history = case when o.fate::json -> 'reason' is null then o.history else (
            o.history || format(
                '{"at":%s,"reason":%s}', (extract(epoch from o.finished_at) * 1000)::bigint, o.fate::json -> 'reason'
            )
        )[greatest(cardinality(o.history) - 8, 1):] end
    where o.tenant_id = p_tenant and o.position = any (p_ids);
    get diagnostics v_revived = row_count;
    return v_revived;
end
$$;

-- p_state: rejected or in_doubt. Null wants all. The oldest first. What is too late counts no more than 100 000.
create function {schema}.replay_outbox(
    p_tenant uuid, p_state text, p_states text[], p_platform text, p_connection uuid, p_target text, p_name text,
    p_event_id text, p_since timestamptz, p_until timestamptz, p_limit bigint,
    out replayed bigint, out too_late bigint, out more boolean
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_from bigint := 0;
    v_end bigint := 9223372036854775807;
    v_ids bigint[];
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    -- Some minutes more, for clocks that were set and statements that took their time.
    if p_since is not null then
        v_from := {schema}.outbox_position_at(p_tenant, p_since - interval '10 minutes');
    end if;
    if p_until is not null then
        v_end := {schema}.outbox_position_at(p_tenant, p_until + interval '10 minutes');
    end if;
    -- Who waits for another replay looks on behind what that one took.
    v_ids := array(
        select o.position from {schema}.outbox o
        where o.tenant_id = p_tenant and o.state = p_state and o.state in ('rejected', 'in_doubt')
            and (o.state, o.position) >= (p_state, v_from) and (o.state, o.position) < (p_state, v_end)
            and o.expires_at > v_now and o.json is not null
            and {schema}.outbox_fits(
                o, p_states, p_platform, p_connection, p_target, p_name, p_event_id, p_since, p_until
            )
        order by o.position
        limit p_limit + 1
        for no key update
    );
    more := cardinality(v_ids) > p_limit;
    replayed := {schema}.revive_outbox(p_tenant, v_ids[:p_limit], {schema}.clock());
    select count(*) into too_late from (
        select from {schema}.outbox o
        where o.tenant_id = p_tenant and o.state = p_state and o.state in ('rejected', 'in_doubt')
            and (o.state, o.position) >= (p_state, v_from) and (o.state, o.position) < (p_state, v_end)
            and (o.expires_at <= v_now or o.json is null)
            and {schema}.outbox_fits(
                o, p_states, p_platform, p_connection, p_target, p_name, p_event_id, p_since, p_until
            )
        limit 100000
    ) w;
end
$$;

create function {schema}.replay_outbox_entries(
    p_tenant uuid, p_ids bigint[], p_limit bigint,
    out replayed bigint, out too_late bigint, out more boolean
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_ids bigint[];
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    select count(*) into too_late from {schema}.outbox o
        where o.tenant_id = p_tenant and o.position = any (p_ids) and o.state in ('rejected', 'in_doubt')
            and (o.expires_at <= v_now or o.json is null);
    v_ids := array(
        select o.position from {schema}.outbox o
        where o.tenant_id = p_tenant and o.position = any (p_ids) and o.state in ('rejected', 'in_doubt')
            and o.expires_at > v_now and o.json is not null
        order by o.position
        for no key update
    );
    more := cardinality(v_ids) > p_limit;
    replayed := {schema}.revive_outbox(p_tenant, v_ids[:p_limit], {schema}.clock());
end
$$;

-- Deletes rows of events that were finished p_rows_ms ago, and contents of those that were p_contents_ms ago; at most
-- p_limit of each. What is not finished stays.
create function {schema}.worker_trim_outbox(
    p_contents_ms bigint, p_rows_ms bigint, p_limit bigint, out contents bigint, out deleted bigint
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_rows timestamptz := v_now - p_rows_ms * interval '1 millisecond';
    v_contents timestamptz := v_now - p_contents_ms * interval '1 millisecond';
    -- What was finished by then had been added before.
    v_end bigint := {schema}.worker_outbox_position_at(v_rows + interval '10 minutes');
    v_ids bigint[];
begin
    v_ids := array(
        select o.position from {schema}.outbox o
        where o.position < v_end and o.finished_at <= v_rows
        order by o.position
        limit p_limit
        for update skip locked
    );
    delete from {schema}.outbox o where o.position = any (v_ids);
    get diagnostics deleted = row_count;
    v_ids := array(
        select o.position from {schema}.outbox o
        where o.json is not null and o.finished_at is not null and o.finished_at <= v_contents
        order by o.finished_at
        limit p_limit
        for no key update skip locked
    );
    update {schema}.outbox o set json = null where o.position = any (v_ids);
    contents := cardinality(v_ids);
end
$$;
