-- Logins between the redirect and the callback. The caller's time counts: it made the sessions' ends as well.

-- False: the key is in use. p_most: how many open ones an owner may have.
create function {schema}.put_session(
    p_key bytea, p_owner bytea, p_blob bytea, p_created_at timestamptz, p_expires_at timestamptz, p_most bigint
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- One at a time for each owner, so that their count is right.
    perform pg_advisory_xact_lock(hashtextextended('{name}.session', 0) # hashtextextended(encode(p_owner, 'hex'), 0));
    delete from {schema}.session s where s.owner = p_owner and s.expires_at <= p_created_at;
    delete from {schema}.session s where s.key = p_key and s.expires_at <= p_created_at;
    insert into {schema}.session (key, owner, blob, created_at, expires_at)
        values (p_key, p_owner, p_blob, p_created_at, p_expires_at)
        on conflict do nothing;
    if not found then
        return false;
    end if;
    delete from {schema}.session s
        where s.owner = p_owner and s.position <= (
            select o.position from {schema}.session o
            where o.owner = p_owner
            order by o.position desc
            offset p_most limit 1
        );
    return true;
end
$$;

-- Null: unknown, taken, or expired. An expired one is gone afterwards too.
create function {schema}.take_session(p_key bytea, p_now timestamptz) returns bytea
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    with taken as (
        delete from {schema}.session s where s.key = p_key returning s.blob, s.expires_at
    )
    select t.blob from taken t where t.expires_at > p_now
$$;

-- Logins that expired more than an hour ago: longer than any two clocks differ.
create function {schema}.purge_sessions(p_limit bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted bigint;
    v_before timestamptz := {schema}.clock() - interval '1 hour';
begin
    with old as (
        select s.key from {schema}.session s
        where s.expires_at < v_before
        order by s.expires_at
        limit p_limit
    )
    delete from {schema}.session s using old where s.key = old.key;
    get diagnostics v_deleted = row_count;
    return v_deleted;
end
$$;
