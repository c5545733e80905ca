-- Taking events of the outbox, and what became of them. Rows are locked in the order of their positions, but for claims,
-- which wait for nobody.

-- Events that are due, all of one route: that of the event that is due longest; the longest due first, at most 5000, and
-- about p_bytes of JSON, but one at least. The route is told with the first. Before that, events whose senders are gone
-- become in doubt, at most 1000; p_died is their fate.
create function {schema}.worker_claim_outbox(p_limit bigint, p_bytes bigint, p_lease_ms bigint, p_died text)
returns table (
    id bigint, fence bigint, json text, has_event_id boolean, expires_at timestamptz, attempts bigint,
    added_at timestamptz, claimed_at timestamptz, tenant_id uuid, connection_id uuid, platform text, target text,
    envelope text
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_first record;
    v_due record;
    v_positions bigint[] := '{}';
    v_bytes bigint := 0;
begin
    v_positions := array(
        select o.position from {schema}.outbox o
        where o.state = 'sending' and o.due_at <= v_now
        order by o.due_at
        limit 1000
        for no key update skip locked
    );
    if cardinality(v_positions) > 0 then
        update {schema}.outbox o set
            state = 'in_doubt', fate = p_died, lapsed = true, due_at = null, finished_at = v_now
        where o.position = any (v_positions);
        v_positions := '{}';
    end if;
    if p_limit < 1 then
        return;
    end if;
    select o.tenant_id, o.route, o.connection_id, o.platform, o.target, o.envelope into v_first
        from {schema}.outbox o
        where o.state in ('pending', 'claimed') and o.due_at <= v_now
        order by o.due_at, o.position
        limit 1
        for no key update skip locked;
    if not found then
        return;
    end if;
    -- The limit is for the planner, who does not know the other.
    for v_due in
        select o.position, octet_length(o.json) as bytes from {schema}.outbox o
        where o.state in ('pending', 'claimed') and o.due_at <= v_now
            and o.tenant_id = v_first.tenant_id and o.route = v_first.route
            -- Two routes may share a hash.
            and o.connection_id = v_first.connection_id and o.platform = v_first.platform
            and o.target = v_first.target and o.envelope = v_first.envelope
        order by o.due_at, o.position
        limit 5000
        for no key update skip locked
    loop
        v_bytes := v_bytes + coalesce(v_due.bytes, 0);
        exit when v_bytes > p_bytes and cardinality(v_positions) > 0;
        v_positions := v_positions || v_due.position;
        exit when cardinality(v_positions) >= p_limit;
    end loop;
    return query
        with taken as (
            update {schema}.outbox o set
                state = 'claimed', fence = o.fence + 1, due_at = v_now + p_lease_ms * interval '1 millisecond'
            from unnest(v_positions) with ordinality as w (position, place)
            where o.position = w.position
            returning w.place, o.position, o.fence, o.json, o.event_id is not null as has_event_id, o.expires_at,
                o.attempts, o.added_at
        )
        select t.position, t.fence, t.json, t.has_event_id, t.expires_at, t.attempts, t.added_at, v_now,
            case when t.place = 1 then v_first.tenant_id end,
            case when t.place = 1 then v_first.connection_id end,
            case when t.place = 1 then v_first.platform end,
            case when t.place = 1 then v_first.target end,
            case when t.place = 1 then v_first.envelope end
        from taken t
        order by t.place;
end
$$;

-- Gives back claims of events that this program cannot read: they wait for the end of the lease.
create function {schema}.worker_hide_outbox(p_ids bigint[], p_fences bigint[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from {schema}.outbox o where o.position = any (p_ids) order by o.position for no key update;
    update {schema}.outbox o set state = 'pending'
    from unnest(p_ids, p_fences) as g (id, fence)
    where o.position = g.id and o.fence = g.fence and o.state = 'claimed';
end
$$;

-- The places of the claims that still hold. Events that are begun count an attempt, once for each claim.
create function {schema}.worker_begin_outbox(p_ids bigint[], p_fences bigint[], p_lease_ms bigint) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform 1 from {schema}.outbox o where o.position = any (p_ids) order by o.position for no key update;
    v_now := {schema}.clock();
    return query
        with begun as (
            update {schema}.outbox o set
                state = 'sending',
                attempts = o.attempts + (o.state = 'claimed')::int,
                due_at = v_now + p_lease_ms * interval '1 millisecond'
            from (select distinct g.id, g.fence from unnest(p_ids, p_fences) as g (id, fence)) g
            where o.position = g.id and o.fence = g.fence and o.state in ('claimed', 'sending')
            returning o.position, o.fence
        )
        select g.place
        from unnest(p_ids, p_fences) with ordinality as g (id, fence, place)
        join begun b on b.position = g.id and b.fence = g.fence;
end
$$;

-- The places of the claims that still hold.
create function {schema}.worker_renew_outbox(p_ids bigint[], p_fences bigint[], p_lease_ms bigint) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform 1 from {schema}.outbox o where o.position = any (p_ids) order by o.position for no key update;
    v_now := {schema}.clock();
    return query
        with renewed as (
            update {schema}.outbox o set due_at = v_now + p_lease_ms * interval '1 millisecond'
            from (select distinct g.id, g.fence from unnest(p_ids, p_fences) as g (id, fence)) g
            where o.position = g.id and o.fence = g.fence and o.state in ('claimed', 'sending')
            returning o.position, o.fence
        )
        select g.place
        from unnest(p_ids, p_fences) with ordinality as g (id, fence, place)
        join renewed r on r.position = g.id and r.fence = g.fence;
end
$$;

-- The places of what is stored now. The lists belong together. p_outcomes: sent, rejected, in_doubt (with a fate), retry
-- (after p_after_ms, with the reason as JSON), released. p_fates and p_reasons are null where there is none.
create function {schema}.worker_settle_outbox(
    p_ids bigint[], p_fences bigint[], p_outcomes text[], p_fates text[], p_after_ms bigint[], p_reasons text[]
) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform 1 from {schema}.outbox o where o.position = any (p_ids) order by o.position for no key update;
    v_now := {schema}.clock();
    update {schema}.outbox o set
        state = case when g.outcome in ('retry', 'released') then 'pending' else g.outcome end,
        fate = g.fate,
        lapsed = false,
        -- Begun by the store alone, whose answer was lost: nothing left.
        attempts = case
            when g.outcome = 'released' and o.state <> 'claimed' then greatest(o.attempts - 1, 0)
            else o.attempts
        end,
        due_at = case g.outcome
            when 'retry' then v_now + g.after_ms * interval '1 millisecond'
            when 'released' then v_now
        end,
        finished_at = case when g.outcome not in ('retry', 'released') then v_now end,
        history = case when g.reason is null then o.history else (
            o.history || format('{"at":%s,"reason":%s}', (extract(epoch from v_now) * 1000)::bigint, g.reason)
        )[greatest(cardinality(o.history) - 8, 1):] end
    from (
        -- Of two settlements of one claim the first counts.
        select distinct on (a.id, a.fence) a.*
        from unnest(p_ids, p_fences, p_outcomes, p_fates, p_after_ms, p_reasons) with ordinality
            as a (id, fence, outcome, fate, after_ms, reason, place)
        order by a.id, a.fence, a.place
    ) g
    where o.position = g.id and o.fence = g.fence and o.fence > 0
        and (
            o.state in ('claimed', 'sending')
            -- Who was thought to be gone was only late. What has lost its content can no more be sent.
            or o.lapsed and (g.fate is not null or o.json is not null)
        );
    -- What was stored now or, told once more, before.
    return query
        select g.place
        from unnest(p_ids, p_fences, p_outcomes, p_fates) with ordinality as g (id, fence, outcome, fate, place)
        join {schema}.outbox o on o.position = g.id and o.fence = g.fence and o.fence > 0
        where case when g.fate is null then o.state = 'pending' else o.fate = g.fate end;
end
$$;
