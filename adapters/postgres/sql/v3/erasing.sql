-- Erasing a tenant takes its conversion events with it.

-- How many connections were deleted.
create or replace function {schema}.worker_erase_tenant(p_tenant uuid, p_actor text) returns bigint
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
    -- Also what waits to be sent: it is about people.
    delete from {schema}.outbox o where o.tenant_id = p_tenant;
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
