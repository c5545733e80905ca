-- Taking events of the inbox, and what became of them. Rows are locked in the order of their positions, but for claims,
-- which wait for nobody.

-- Takes rows that the caller has locked, in the order of the list.
create function {schema}.worker_take_inbox(p_positions bigint[], p_now timestamptz, p_lease_ms bigint)
returns table (id bigint, fence bigint, event text, attempts bigint, received_at timestamptz, claimed_at timestamptz)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        with taken as (
            update {schema}.inbox i set
                state = 'running',
                attempts = i.attempts + 1,
                fence = i.fence + 1,
                due_at = p_now + p_lease_ms * interval '1 millisecond'
            from unnest(p_positions) with ordinality as w (position, place)
            where i.position = w.position
            returning w.place, i.position, i.fence, i.event, i.attempts, i.received_at
        )
        select t.position, t.fence, t.event, t.attempts, t.received_at, p_now from taken t order by t.place;
end
$$;

-- Events that are due, the longest due first; at most 1000.
create function {schema}.worker_claim_inbox(p_limit bigint, p_lease_ms bigint)
returns table (id bigint, fence bigint, event text, attempts bigint, received_at timestamptz, claimed_at timestamptz)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_positions bigint[];
begin
    -- The inner limit is for the planner, who does not know the other; rows beyond that one are not locked.
    v_positions := array(
        select d.position from (
            select i.position from {schema}.inbox i
            where i.due_at <= v_now
            order by i.due_at, i.position
            limit 1000
            for no key update skip locked
        ) d
        limit p_limit
    );
    return query select * from {schema}.worker_take_inbox(v_positions, v_now, p_lease_ms);
end
$$;

-- Whether an event comes before all unfinished ones of its subject, and no other of it is claimed. Each question is a
-- look into an index, whatever waits behind.
create function {schema}.worker_inbox_is_next(p_position bigint, p_order_key bigint, p_now timestamptz) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from {schema}.inbox i
        where i.due_at is not null and i.order_key = p_order_key and i.state = 'pending' and i.position < p_position
    ) then
        return false;
    end if;
    return not exists (
        select from {schema}.inbox i
        where i.due_at is not null and i.order_key = p_order_key and i.state = 'running' and i.position <> p_position
            and (i.position < p_position or i.due_at > p_now)
    );
end
$$;

-- The same of those that are the first of their subject. One claim at a time: two that do not see each other's could
-- take two events of one subject.
create function {schema}.worker_claim_inbox_by_subject(p_limit bigint, p_lease_ms bigint)
returns table (id bigint, fence bigint, event text, attempts bigint, received_at timestamptz, claimed_at timestamptz)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
    v_looked bigint := 0;
    v_due record;
    v_next bigint[] := '{}';
begin
    perform pg_advisory_xact_lock(hashtextextended('{name}.inbox', 0));
    v_now := {schema}.clock();
    for v_due in
        select i.position, i.order_key from {schema}.inbox i
        where i.due_at <= v_now
        order by i.due_at, i.position
        limit 2000
    loop
        exit when cardinality(v_next) >= least(p_limit, 1000);
        v_looked := v_looked + 1;
        if {schema}.worker_inbox_is_next(v_due.position, v_due.order_key, v_now) then
            v_next := v_next || v_due.position;
        end if;
    end loop;
    if v_looked = 2000 and cardinality(v_next) < least(p_limit, 1000) then
        -- A few subjects with many events are in front: from subject to subject instead.
        v_next := array(select n.position from {schema}.worker_inbox_next(v_now, least(p_limit, 1000)) n (position));
    end if;
    v_next := array(
        select i.position
        from unnest(v_next) with ordinality as w (position, place)
        join {schema}.inbox i on i.position = w.position
        where i.due_at <= v_now
        order by w.place
        for no key update of i skip locked
    );
    return query select * from {schema}.worker_take_inbox(v_next, v_now, p_lease_ms);
end
$$;

-- The first events of all subjects, where they are due, the longest due first.
create function {schema}.worker_inbox_next(p_now timestamptz, p_limit bigint) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        with recursive subject (order_key) as (
            select min(i.order_key) from {schema}.inbox i where i.due_at is not null
            union all
            select (
                select i.order_key from {schema}.inbox i
                where i.due_at is not null and i.order_key > s.order_key
                order by i.order_key
                limit 1
            )
            from subject s
            where s.order_key is not null
        )
        select first.position
        from subject s
        cross join lateral (
            select w.position, w.due_at from (
                (
                    select i.position, i.due_at from {schema}.inbox i
                    where i.due_at is not null and i.order_key = s.order_key and i.state = 'pending'
                    order by i.position
                    limit 1
                ) union all (
                    select i.position, i.due_at from {schema}.inbox i
                    where i.due_at is not null and i.order_key = s.order_key and i.state = 'running'
                    order by i.position
                    limit 1
                )
            ) w
            order by w.position
            limit 1
        ) first
        where s.order_key is not null and first.due_at <= p_now
            and {schema}.worker_inbox_is_next(first.position, s.order_key, p_now)
        order by first.due_at, first.position
        limit p_limit;
end
$$;

-- Gives back claims of events that this program cannot read: they wait for the end of the lease, and the attempt does
-- not count.
create function {schema}.worker_hide_inbox(p_ids bigint[], p_fences bigint[]) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from {schema}.inbox i where i.position = any (p_ids) order by i.position for no key update;
    update {schema}.inbox i set state = 'pending', attempts = greatest(i.attempts - 1, 0)
    from unnest(p_ids, p_fences) as g (id, fence)
    where i.position = g.id and i.fence = g.fence and i.state = 'running';
end
$$;

-- The places of the claims that still hold.
create function {schema}.worker_renew_inbox(p_ids bigint[], p_fences bigint[], p_lease_ms bigint) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform 1 from {schema}.inbox i where i.position = any (p_ids) order by i.position for no key update;
    v_now := {schema}.clock();
    return query
        with renewed as (
            update {schema}.inbox i set due_at = v_now + p_lease_ms * interval '1 millisecond'
            from (select distinct g.id, g.fence from unnest(p_ids, p_fences) as g (id, fence)) g
            where i.position = g.id and i.fence = g.fence and i.state = 'running'
            returning i.position, i.fence
        )
        select g.place
        from unnest(p_ids, p_fences) with ordinality as g (id, fence, place)
        join renewed r on r.position = g.id and r.fence = g.fence;
end
$$;

-- The places of the claims that still held. The lists belong together. p_outcomes: done, skipped, dead, retry (after
-- p_after_ms), released. p_errors: why, as a JSON list; null for nothing.
create function {schema}.worker_settle_inbox(
    p_ids bigint[], p_fences bigint[], p_outcomes text[], p_after_ms bigint[], p_errors text[]
) returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform 1 from {schema}.inbox i where i.position = any (p_ids) order by i.position for no key update;
    v_now := {schema}.clock();
    return query
        update {schema}.inbox i set
            state = case when g.outcome in ('retry', 'released') then 'pending' else g.outcome end,
            attempts = case when g.outcome = 'released' then greatest(i.attempts - 1, 0) else i.attempts end,
            due_at = case g.outcome
                when 'retry' then v_now + g.after_ms * interval '1 millisecond'
                when 'released' then v_now
            end,
            finished_at = case when g.outcome not in ('retry', 'released') then v_now end,
            errors = case when g.error is null then i.errors else (
                i.errors || format(
                    '{"at":%s,"attempt":%s,"error":%s}', (extract(epoch from v_now) * 1000)::bigint, i.attempts, g.error
                )
            )[greatest(cardinality(i.errors) - 8, 1):] end
        from (
            -- Of two settlements of one claim the first counts.
            select distinct on (a.id, a.fence) a.*
            from unnest(p_ids, p_fences, p_outcomes, p_after_ms, p_errors) with ordinality
                as a (id, fence, outcome, after_ms, error, place)
            order by a.id, a.fence, a.place
        ) g
        where i.position = g.id and i.fence = g.fence and i.state = 'running'
        returning g.place;
end
$$;
