-- Erasing people and tenants, for the worker's login alone. The audit stays, but names no asset any more.

-- The connections to an account and all that is derived from them.
create function {schema}.worker_family(p_provider text, p_app_id text, p_external_user_id text)
returns table (tenant_id uuid, connection_id uuid)
language sql stable
as $$
    with recursive family (tenant_id, id) as (
        select c.tenant_id, c.id from {schema}.connection c
        where c.provider = p_provider and c.app_id = p_app_id and c.external_user_id = p_external_user_id
        union
        select c.tenant_id, c.id from {schema}.connection c
        join family f on c.tenant_id = f.tenant_id and c.parent_id = f.id
    )
    select f.tenant_id, f.id from family f
$$;

-- Deletes one connection that the caller has locked, and everything about it. Its id stays used up.
create function {schema}.worker_erase_connection(
    p_tenant uuid, p_connection uuid, p_actor text, p_now timestamptz
) returns void
language plpgsql volatile
as $$
begin
    update {schema}.audit a set asset_app_id = null, asset_kind = null, asset_external_id = null
        where a.tenant_id = p_tenant and a.connection_id = p_connection and a.asset_app_id is not null;
    with gone as (
        delete from {schema}.asset a
        where a.tenant_id = p_tenant and a.connection_id = p_connection
        returning a.tenant_id
    )
    insert into {schema}.audit (tenant_id, at, actor, connection_id, action)
        select p_tenant, p_now, p_actor, p_connection, 'asset_unlinked' from gone;
    delete from {schema}.event e where e.tenant_id = p_tenant and e.connection_id = p_connection;
    delete from {schema}.revocation r where r.tenant_id = p_tenant and r.connection_id = p_connection;
    -- The secrets go with it.
    delete from {schema}.connection c where c.tenant_id = p_tenant and c.id = p_connection;
    perform {schema}.tell_listeners(p_tenant, p_connection);
end
$$;

create function {schema}.worker_erase_account(
    p_provider text, p_app_id text, p_external_user_id text, p_actor text
) returns table (tenant_id uuid, connection_id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_locked bigint := -1;
    v_found bigint;
    v_now timestamptz;
    v_one record;
begin
    -- What is being derived meanwhile has its parent locked until it is stored: look again once the parents are ours.
    loop
        perform 1 from {schema}.connection c
            where (c.tenant_id, c.id) in (
                select * from {schema}.worker_family(p_provider, p_app_id, p_external_user_id)
            )
            order by c.tenant_id, c.id
            for update;
        select count(*) into v_found from {schema}.worker_family(p_provider, p_app_id, p_external_user_id);
        exit when v_found = v_locked;
        v_locked := v_found;
    end loop;
    v_now := {schema}.clock();
    -- Also those of connections that were removed.
    delete from {schema}.revocation r
        where r.provider = p_provider and r.app_id = p_app_id and r.external_user_id = p_external_user_id;
    for v_one in
        select f.tenant_id, f.connection_id
        from {schema}.worker_family(p_provider, p_app_id, p_external_user_id) f
        order by f.tenant_id, f.connection_id
    loop
        perform {schema}.worker_erase_connection(v_one.tenant_id, v_one.connection_id, p_actor, v_now);
        perform {schema}.add_notes(
            v_one.tenant_id, v_one.connection_id,
            jsonb_build_object(
                'actor', p_actor, 'audit', '[{"action": "erased"}]'::jsonb, 'events', '[{"kind": "erased"}]'::jsonb
            ),
            v_now
        );
        tenant_id := v_one.tenant_id;
        connection_id := v_one.connection_id;
        return next;
    end loop;
end
$$;

-- How many connections were deleted.
create function {schema}.worker_erase_tenant(p_tenant uuid, p_actor text) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_erased bigint := 0;
    v_now timestamptz;
    v_id uuid;
begin
    -- The keys first: nobody seals anything under them any more.
    update {schema}.data_key k set state = 'destroyed', wrapped = ''
        where k.tenant_id = p_tenant and k.state <> 'destroyed';
    perform 1 from {schema}.connection c where c.tenant_id = p_tenant order by c.id for update;
    v_now := {schema}.clock();
    for v_id in select c.id from {schema}.connection c where c.tenant_id = p_tenant order by c.id loop
        perform {schema}.worker_erase_connection(p_tenant, v_id, p_actor, v_now);
        v_erased := v_erased + 1;
    end loop;
    delete from {schema}.event e where e.tenant_id = p_tenant;
    delete from {schema}.revocation r where r.tenant_id = p_tenant;
    perform {schema}.add_notes(
        p_tenant, null, jsonb_build_object('actor', p_actor, 'audit', '[{"action": "erased"}]'::jsonb), v_now
    );
    -- Whoever is a person is not named any more.
    update {schema}.audit a set
        actor = case when a.actor in ('service', 'provider') then a.actor else 'erased' end,
        asset_app_id = null,
        asset_kind = null,
        asset_external_id = null
    where a.tenant_id = p_tenant
        and (a.actor not in ('service', 'provider', 'erased') or a.asset_app_id is not null);
    perform {schema}.tell_listeners(p_tenant);
    return v_erased;
end
$$;
