-- What is in the inbox.

-- About where the events begin that were recorded at this time or later: positions grow with time, but for what was on
-- its way at the same time. An index on the time would cost every event; this takes some thirty looks into the key.
create function {schema}.worker_inbox_position(p_at timestamptz) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first bigint;
    v_end bigint;
    v_middle bigint;
    v_found record;
begin
    select min(i.position), max(i.position) + 1 into v_first, v_end from {schema}.inbox i;
    while v_first < v_end loop
        v_middle := v_first + (v_end - v_first) / 2;
        select i.position, i.received_at into v_found from {schema}.inbox i
            where i.position >= v_middle and i.position < v_end
            order by i.position
            limit 1;
        if not found or v_found.received_at >= p_at then
            v_end := v_middle;
        else
            v_first := v_found.position + 1;
        end if;
    end loop;
    return coalesce(v_first, 0);
end
$$;

-- Null wants all. Without settings of its own, so that it becomes a part of the statement that asks.
create function {schema}.worker_inbox_fits(
    i {schema}.inbox, p_states text[], p_provider text, p_object text, p_field text, p_kind text,
    p_since timestamptz, p_until timestamptz
) returns boolean
language sql immutable
as $$
    select (p_states is null or i.state = any (p_states))
        and (p_provider is null or i.provider = p_provider)
        and (p_object is null or i.object = p_object)
        and (p_field is null or i.field = p_field)
        and (p_kind is null or i.kind = p_kind)
        and (p_since is null or i.received_at >= p_since)
        and (p_until is null or i.received_at < p_until)
$$;

create function {schema}.worker_find_inbox(p_id bigint) returns setof {schema}.inbox
language sql stable rows 1
set search_path = pg_catalog, pg_temp
as $$
    select * from {schema}.inbox i where i.position = p_id
$$;

-- The latest first, those before p_after only. Null wants all.
create function {schema}.worker_list_inbox(
    p_states text[], p_provider text, p_accounts text[], p_object text, p_field text, p_kind text,
    p_since timestamptz, p_until timestamptz, p_after bigint, p_limit bigint
) returns setof {schema}.inbox
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from bigint := 0;
    v_end bigint := coalesce(p_after, 9223372036854775807);
begin
    -- Some minutes more, for clocks that were set and statements that took their time.
    if p_since is not null then
        v_from := {schema}.worker_inbox_position(p_since - interval '10 minutes');
    end if;
    if p_until is not null then
        v_end := least(v_end, {schema}.worker_inbox_position(p_until + interval '10 minutes'));
    end if;
    -- The inner limits are for the planner, who does not know the others: 500 rows are a page, and one more tells
    -- whether there is another.
    if p_accounts is not null then
        return query
            select f.* from (select distinct a.account from unnest(p_accounts) as a (account)) w
            cross join lateral (
                select i.* from {schema}.inbox i
                where left(i.account, 100) = left(w.account, 100) and i.account = w.account
                    and i.position >= v_from and i.position < v_end
                    and {schema}.worker_inbox_fits(
                        i, p_states, p_provider, p_object, p_field, p_kind, p_since, p_until
                    )
                order by i.position desc
                limit 501
            ) f
            order by f.position desc
            limit p_limit;
    elsif cardinality(p_states) = 1 and p_states[1] in ('dead', 'skipped') then
        return query
            select f.* from (
                select i.* from {schema}.inbox i
                where i.state = p_states[1] and i.state in ('dead', 'skipped')
                    -- With the state, so that the key of the table does not look like the better way.
                    and (i.state, i.position) >= (p_states[1], v_from) and (i.state, i.position) < (p_states[1], v_end)
                    and {schema}.worker_inbox_fits(i, null, p_provider, p_object, p_field, p_kind, p_since, p_until)
                order by i.position desc
                limit 501
            ) f
            limit p_limit;
    elsif p_states <@ array['pending', 'running'] then
        return query
            select f.* from (
                select i.* from {schema}.inbox i
                where i.due_at is not null
                    and i.position >= v_from and i.position < v_end
                    and {schema}.worker_inbox_fits(
                        i, p_states, p_provider, p_object, p_field, p_kind, p_since, p_until
                    )
                order by i.position desc
                limit 501
            ) f
            limit p_limit;
    else
        return query
            select f.* from (
                select i.* from {schema}.inbox i
                where i.position >= v_from and i.position < v_end
                    and {schema}.worker_inbox_fits(
                        i, p_states, p_provider, p_object, p_field, p_kind, p_since, p_until
                    )
                order by i.position desc
                limit 501
            ) f
            limit p_limit;
    end if;
end
$$;

-- Finished events are counted by their keys alone, which is much less to read than all rows.
create function {schema}.worker_inbox_census() returns table (
    pending bigint, running bigint, done bigint, skipped bigint, dead bigint, oldest_due timestamptz, now timestamptz
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    return query
        select w.unfinished - w.running, w.running, a.total - w.unfinished - u.skipped - u.dead, u.skipped, u.dead,
            case when w.oldest_due <= v_now then w.oldest_due end, v_now
        from (
            select count(*) as unfinished,
                count(*) filter (where i.state = 'running' and i.due_at > v_now) as running,
                min(i.due_at) as oldest_due
            from {schema}.inbox i where i.due_at is not null
        ) w, (
            select count(*) filter (where i.state = 'skipped') as skipped,
                count(*) filter (where i.state = 'dead') as dead
            from {schema}.inbox i where i.state in ('dead', 'skipped')
        ) u, (
            select count(*) as total from {schema}.inbox
        ) a;
end
$$;
