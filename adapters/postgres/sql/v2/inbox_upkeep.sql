-- Making finished events of the inbox due again, and deleting them.

-- Makes events due again, if they are finished and have their payloads. Gives how many were.
create function {schema}.worker_revive_inbox(p_ids bigint[]) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
    v_revived bigint;
begin
    perform 1 from {schema}.inbox i where i.position = any (p_ids) order by i.position for no key update;
    v_now := {schema}.clock();
    update {schema}.inbox i set
        state = 'pending', attempts = 0, replays = i.replays + 1, due_at = v_now, finished_at = null
    where i.position = any (p_ids) and i.finished_at is not null and i.event is not null;
    get diagnostics v_revived = row_count;
    return v_revived;
end
$$;

-- p_state: dead or skipped. Null wants all. The oldest first.
create function {schema}.worker_replay_inbox(
    p_state text, p_states text[], p_provider text, p_accounts text[], p_object text, p_field text, p_kind text,
    p_since timestamptz, p_until timestamptz, p_limit bigint,
    out replayed bigint, out without_payload bigint, out more boolean
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from bigint := 0;
    v_end bigint := 9223372036854775807;
    v_ids bigint[];
begin
    -- Some minutes more, for clocks that were set and statements that took their time.
    if p_since is not null then
        v_from := {schema}.worker_inbox_position(p_since - interval '10 minutes');
    end if;
    if p_until is not null then
        v_end := {schema}.worker_inbox_position(p_until + interval '10 minutes');
    end if;
    v_ids := array(
        select i.position from {schema}.inbox i
        where i.state = p_state and i.state in ('dead', 'skipped')
            and (i.state, i.position) >= (p_state, v_from) and (i.state, i.position) < (p_state, v_end)
            and i.event is not null
            and (p_accounts is null or i.account = any (p_accounts))
            and {schema}.worker_inbox_fits(i, p_states, p_provider, p_object, p_field, p_kind, p_since, p_until)
        order by i.position
        limit p_limit + 1
    );
    more := cardinality(v_ids) > p_limit;
    replayed := {schema}.worker_revive_inbox(v_ids[:p_limit]);
    select count(*) into without_payload from (
        select from {schema}.inbox i
        where i.state = p_state and i.state in ('dead', 'skipped')
            and (i.state, i.position) >= (p_state, v_from) and (i.state, i.position) < (p_state, v_end)
            and i.event is null
            and (p_accounts is null or i.account = any (p_accounts))
            and {schema}.worker_inbox_fits(i, p_states, p_provider, p_object, p_field, p_kind, p_since, p_until)
        limit p_limit
    ) w;
end
$$;

create function {schema}.worker_replay_inbox_entries(
    p_ids bigint[], p_limit bigint,
    out replayed bigint, out without_payload bigint, out more boolean
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    select count(*) into without_payload from {schema}.inbox i
        where i.position = any (p_ids) and i.finished_at is not null and i.event is null;
    v_ids := array(
        select i.position from {schema}.inbox i
        where i.position = any (p_ids) and i.finished_at is not null and i.event is not null
        order by i.position
    );
    more := cardinality(v_ids) > p_limit;
    replayed := {schema}.worker_revive_inbox(v_ids[:p_limit]);
end
$$;

-- Deletes rows that were recorded p_keys_ms ago, and payloads of events that were finished p_payloads_ms ago, or
-- p_failed_payloads_ms if they were given up. What is not finished stays.
create function {schema}.worker_trim_inbox(
    p_keys_ms bigint, p_payloads_ms bigint, p_failed_payloads_ms bigint, p_limit bigint,
    out emptied bigint, out deleted bigint
)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_recorded timestamptz := v_now - p_keys_ms * interval '1 millisecond';
    v_finished timestamptz := v_now - p_payloads_ms * interval '1 millisecond';
    v_failed timestamptz := v_now - p_failed_payloads_ms * interval '1 millisecond';
    v_end bigint := {schema}.worker_inbox_position(v_recorded + interval '10 minutes');
    v_state text;
    v_before timestamptz;
    v_ids bigint[];
begin
    v_ids := array(
        select i.position from {schema}.inbox i
        where i.position < v_end and i.finished_at is not null and i.received_at <= v_recorded
        order by i.position
        limit p_limit
        for update skip locked
    );
    delete from {schema}.inbox i where i.position = any (v_ids);
    get diagnostics deleted = row_count;
    emptied := 0;
    -- State by state, so that the index gives the oldest ones.
    foreach v_state in array array['done', 'skipped', 'dead'] loop
        v_before := case v_state when 'dead' then v_failed else v_finished end;
        v_ids := array(
            select i.position from {schema}.inbox i
            where i.event is not null and i.finished_at is not null
                and i.state = v_state and i.finished_at <= v_before
            order by i.finished_at
            limit p_limit - emptied
            for no key update skip locked
        );
        update {schema}.inbox i set event = null, errors = '{}' where i.position = any (v_ids);
        emptied := emptied + cardinality(v_ids);
    end loop;
end
$$;
