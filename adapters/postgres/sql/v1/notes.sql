-- What several functions use.

-- The time. Functions keep it in a variable: a volatile function in a WHERE would keep an index from being used. Tests
-- replace this function by one that adds an offset.
create function {schema}.clock() returns timestamptz
language sql volatile parallel safe
as $$ select date_trunc('milliseconds', clock_timestamp()) $$;

-- What a change tells about itself. p_notes: {"actor": …, "audit": [{"action": …, …}, …], "events": [{…}, …]}
create function {schema}.add_notes(p_tenant uuid, p_connection uuid, p_notes jsonb, p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
    if jsonb_array_length(p_notes -> 'audit') > 0 then
        insert into {schema}.audit (
            tenant_id, at, actor, connection_id, action, generation, reason, asset_app_id, asset_kind, asset_external_id
        )
        select p_tenant, p_now, p_notes ->> 'actor', p_connection, e.entry ->> 'action',
            (e.entry ->> 'generation')::bigint, e.entry ->> 'reason', e.entry #>> '{asset,app_id}',
            e.entry #>> '{asset,kind}', e.entry #>> '{asset,external_id}'
        from jsonb_array_elements(p_notes -> 'audit') with ordinality as e (entry, place)
        order by e.place;
    end if;
    if jsonb_array_length(p_notes -> 'events') > 0 then
        insert into {schema}.event (id, tenant_id, connection_id, at, kind, visible_at)
        select gen_random_uuid(), p_tenant, p_connection, p_now, e.kind, p_now
        from jsonb_array_elements(p_notes -> 'events') with ordinality as e (kind, place)
        order by e.place;
    end if;
end
$$;

-- One entry about an asset.
create function {schema}.add_asset_entry(
    p_connection uuid, p_asset {schema}.asset, p_action text, p_actor text, p_now timestamptz
) returns void
language sql volatile
as $$
    insert into {schema}.audit (
        tenant_id, at, actor, connection_id, action, asset_app_id, asset_kind, asset_external_id
    )
    values (
        (p_asset).tenant_id, p_now, p_actor, p_connection, p_action, (p_asset).app_id, (p_asset).kind, (p_asset).external_id
    )
$$;

-- Tells listeners that a connection, or everything of a tenant, must not be used from memory any more. At commit this
-- takes a lock that the whole database shares, so only rare changes call it.
create function {schema}.tell_listeners(p_tenant uuid, p_connection uuid default null) returns void
language sql volatile
as $$ select pg_notify('{name}', concat_ws(' ', p_tenant, p_connection)) $$;

-- A connection together with its secrets, as of one moment: two statements could see two token sets.
create function {schema}.stored(p_tenant uuid, p_connection uuid)
returns table (stored {schema}.connection, access_ct bytea, refresh_ct bytea)
language sql stable rows 1
as $$
    select c, s.access_ct, s.refresh_ct
    from {schema}.connection c
    left join {schema}.secret s on s.tenant_id = c.tenant_id and s.connection_id = c.id
    where c.tenant_id = p_tenant and c.id = p_connection
$$;
