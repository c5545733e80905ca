-- Connections as they are described.

create function {schema}.find_connection(p_tenant uuid, p_connection uuid) returns setof {schema}.connection
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select * from {schema}.connection c where c.tenant_id = p_tenant and c.id = p_connection;
end
$$;

create function {schema}.find_account(
    p_tenant uuid, p_provider text, p_app_id text, p_external_user_id text
) returns setof {schema}.connection
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select * from {schema}.connection c
        where c.provider = p_provider and c.app_id = p_app_id and c.external_user_id = p_external_user_id
            and c.tenant_id = p_tenant;
end
$$;

-- A null list wants all. p_parents: any, none, of. The known words are those that the program can read: a row with
-- another one is given as well, so that it can be named.
create function {schema}.list_connections(
    p_tenant uuid, p_after uuid, p_limit bigint,
    p_states text[], p_known_states text[], p_providers text[], p_kinds text[], p_known_kinds text[],
    p_origin text, p_known_origins text[], p_parents text, p_parent uuid
) returns setof {schema}.connection
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select * from {schema}.connection c
        where c.tenant_id = p_tenant
            and c.id >= coalesce(p_after, '00000000-0000-0000-0000-000000000000')
            and c.id is distinct from p_after
            and (p_states is null or c.state = any (p_states) or c.state <> all (p_known_states))
            and (p_providers is null or c.provider = any (p_providers))
            and (p_kinds is null or c.token_kind = any (p_kinds) or c.token_kind <> all (p_known_kinds))
            and (p_origin is null or c.origin = p_origin or c.origin <> all (p_known_origins))
            and case p_parents when 'any' then true when 'none' then c.parent_id is null else c.parent_id = p_parent end
        order by c.id
        limit p_limit;
end
$$;

create function {schema}.children(p_tenant uuid, p_parent uuid) returns setof uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select c.id from {schema}.connection c
        where c.tenant_id = p_tenant and c.parent_id = p_parent
        order by c.id;
end
$$;

-- The origin stays: only a login changes it. outcome: done, superseded, missing.
create function {schema}.update_details(
    p_tenant uuid, p_connection uuid, p_version bigint,
    p_display_name text, p_connected_by text, p_scopes_required text[], p_scopes_optional text[], p_notes jsonb
) returns table (outcome text, new_version bigint, stored {schema}.connection)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.connection c set
        version = c.version + 1,
        display_name = p_display_name,
        connected_by = p_connected_by,
        scopes_required = p_scopes_required,
        scopes_optional = p_scopes_optional,
        updated_at = v_now
    where c.tenant_id = p_tenant and c.id = p_connection and c.version = p_version
    returning c.version into new_version;
    if found then
        perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
        outcome := 'done';
        return next;
        return;
    end if;
    return query
        select 'superseded', null::bigint, c from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = p_connection;
    if not found then
        outcome := 'missing';
        return next;
    end if;
end
$$;

-- outcome: done, still_connected, missing. The id stays used up.
create function {schema}.remove_connection(p_tenant uuid, p_connection uuid, p_notes jsonb) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
    v_now timestamptz;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    select c.state into v_state from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = p_connection
        for update;
    if not found then
        return 'missing';
    end if;
    if v_state not in ('revoked', 'disconnected') then
        return 'still_connected';
    end if;
    v_now := {schema}.clock();
    perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
    -- Only of one that was put into its state without being retired.
    perform {schema}.unlink_all(p_tenant, p_connection, p_notes ->> 'actor', v_now);
    delete from {schema}.connection c where c.tenant_id = p_tenant and c.id = p_connection;
    return 'done';
end
$$;
