-- What is linked to which connection. Whoever changes several assets takes them in the order of their keys, so that two
-- of them never wait for each other.

-- Unlinks everything of a connection that the caller has locked.
create function {schema}.unlink_all(p_tenant uuid, p_connection uuid, p_actor text, p_now timestamptz)
returns setof {schema}.asset
language plpgsql volatile
as $$
declare
    v_asset {schema}.asset;
begin
    for v_asset in
        select * from {schema}.asset a
        where a.tenant_id = p_tenant and a.connection_id = p_connection
        order by a.app_id, a.kind, a.external_id
        for update
    loop
        delete from {schema}.asset a
            where a.app_id = v_asset.app_id and a.kind = v_asset.kind and a.external_id = v_asset.external_id;
        perform {schema}.add_asset_entry(p_connection, v_asset, 'asset_unlinked', p_actor, p_now);
        return next v_asset;
    end loop;
end
$$;

-- Whether anybody has this asset; nothing more is told. Runs as the owner of the tables, because a tenant does not see
-- the rows of others.
create function {schema}.asset_is_taken(p_app_id text, p_kind text, p_external_id text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_taken boolean;
begin
    perform set_config('sociogram.any_asset', 'on', true);
    v_is_taken := exists (
        select from {schema}.asset a
        where a.app_id = p_app_id and a.kind = p_kind and a.external_id = p_external_id
    );
    perform set_config('sociogram.any_asset', '', true);
    return v_is_taken;
end
$$;

-- Links one asset. outcome: linked, already_linked, replaced, conflict, unavailable.
create function {schema}.link_asset(p_asset {schema}.asset, p_replace boolean, out outcome text, out other uuid)
language plpgsql volatile
as $$
declare
    v_from {schema}.asset;
begin
    for v_attempt in 1..3 loop
        insert into {schema}.asset (app_id, kind, external_id, tenant_id, connection_id, name, linked_by, linked_at)
            values (
                p_asset.app_id, p_asset.kind, p_asset.external_id, p_asset.tenant_id, p_asset.connection_id,
                p_asset.name, p_asset.linked_by, p_asset.linked_at
            )
            on conflict do nothing;
        if found then
            perform {schema}.add_asset_entry(
                p_asset.connection_id, p_asset, 'asset_linked', p_asset.linked_by, p_asset.linked_at
            );
            outcome := 'linked';
            return;
        end if;
        select * into v_from from {schema}.asset a
            where a.tenant_id = p_asset.tenant_id
                and a.app_id = p_asset.app_id and a.kind = p_asset.kind and a.external_id = p_asset.external_id
            for update;
        if found then
            exit;
        end if;
        -- Another tenant has it, or it was unlinked just now: then it can be had at the next attempt.
    end loop;
    if v_from.connection_id is null then
        outcome := 'unavailable';
        return;
    end if;
    if v_from.connection_id = p_asset.connection_id then
        update {schema}.asset a set name = p_asset.name
            where a.app_id = p_asset.app_id and a.kind = p_asset.kind and a.external_id = p_asset.external_id
                and p_asset.name is not null;
        outcome := 'already_linked';
        return;
    end if;
    other := v_from.connection_id;
    if not p_replace then
        outcome := 'conflict';
        return;
    end if;
    update {schema}.asset a set
        connection_id = p_asset.connection_id,
        name = p_asset.name,
        linked_by = p_asset.linked_by,
        linked_at = p_asset.linked_at
    where a.app_id = p_asset.app_id and a.kind = p_asset.kind and a.external_id = p_asset.external_id;
    perform {schema}.add_asset_entry(other, p_asset, 'asset_unlinked', p_asset.linked_by, p_asset.linked_at);
    perform {schema}.add_asset_entry(
        p_asset.connection_id, p_asset, 'asset_linked', p_asset.linked_by, p_asset.linked_at
    );
    outcome := 'replaced';
end
$$;

-- Links assets to a connection. The lists belong together. One row for each, with its place; or one row without a place
-- and with the outcome no_connection.
create function {schema}.link_assets(
    p_tenant uuid, p_connection uuid, p_kinds text[], p_external_ids text[], p_names text[],
    p_replace boolean, p_actor text
) returns table (place bigint, outcome text, other uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_app_id text;
    v_now timestamptz;
    v_new record;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    -- Shared: an end waits for the link, or the link finds that it has ended.
    select c.app_id into v_app_id from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = p_connection and c.state not in ('revoked', 'disconnected')
        for share;
    if not found then
        outcome := 'no_connection';
        return next;
        return;
    end if;
    v_now := {schema}.clock();
    for v_new in
        select n.kind, n.external_id, n.name, n.place
        from unnest(p_kinds, p_external_ids, p_names) with ordinality as n (kind, external_id, name, place)
        order by n.kind collate "C", n.external_id collate "C", n.place
    loop
        place := v_new.place;
        select l.outcome, l.other into outcome, other
        from {schema}.link_asset(
            row(
                v_app_id, v_new.kind, v_new.external_id, p_tenant, p_connection, v_new.name, p_actor, v_now
            )::{schema}.asset,
            p_replace
        ) l;
        return next;
    end loop;
end
$$;

create function {schema}.unlink_assets(
    p_tenant uuid, p_app_ids text[], p_kinds text[], p_external_ids text[], p_actor text
) returns table (linked {schema}.asset, origin text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    for linked in
        select a.* from {schema}.asset a
        where a.tenant_id = p_tenant
            and (a.app_id, a.kind, a.external_id) in (
                select * from unnest(p_app_ids, p_kinds, p_external_ids)
            )
        order by a.app_id, a.kind, a.external_id
        for update of a
    loop
        delete from {schema}.asset a
            where a.app_id = linked.app_id and a.kind = linked.kind and a.external_id = linked.external_id;
        perform {schema}.add_asset_entry(linked.connection_id, linked, 'asset_unlinked', p_actor, v_now);
        select c.origin into origin from {schema}.connection c
            where c.tenant_id = p_tenant and c.id = linked.connection_id;
        return next;
    end loop;
end
$$;

create function {schema}.find_asset(p_tenant uuid, p_app_id text, p_kind text, p_external_id text)
returns table (linked {schema}.asset, origin text)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select a, c.origin
        from {schema}.asset a
        join {schema}.connection c on c.tenant_id = a.tenant_id and c.id = a.connection_id
        where a.tenant_id = p_tenant
            and a.app_id = p_app_id and a.kind = p_kind and a.external_id = p_external_id;
end
$$;

-- What is known of assets before they are linked, by their places in the lists.
create function {schema}.asset_standings(p_tenant uuid, p_app_ids text[], p_kinds text[], p_external_ids text[])
returns table (place bigint, taken boolean, linked {schema}.asset, origin text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select n.place, a.app_id is not null or {schema}.asset_is_taken(n.app_id, n.kind, n.external_id), a, c.origin
        from unnest(p_app_ids, p_kinds, p_external_ids) with ordinality as n (app_id, kind, external_id, place)
        left join {schema}.asset a on a.tenant_id = p_tenant
            and a.app_id = n.app_id and a.kind = n.kind and a.external_id = n.external_id
        left join {schema}.connection c on c.tenant_id = p_tenant and c.id = a.connection_id;
end
$$;

-- Behind the key p_after_…, if it is given. Null wants all.
create function {schema}.list_assets(
    p_tenant uuid, p_connection uuid, p_kind text,
    p_after_app_id text, p_after_kind text, p_after_external_id text, p_limit bigint
) returns table (linked {schema}.asset, origin text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    if p_connection is null then
        return query
            select a, c.origin
            from {schema}.asset a
            join {schema}.connection c on c.tenant_id = a.tenant_id and c.id = a.connection_id
            where a.tenant_id = p_tenant
                and (p_kind is null or a.kind = p_kind)
                and (a.app_id, a.kind, a.external_id) >=
                    (coalesce(p_after_app_id, ''), coalesce(p_after_kind, ''), coalesce(p_after_external_id, ''))
                and (a.app_id, a.kind, a.external_id)
                    is distinct from (p_after_app_id, p_after_kind, p_after_external_id)
            order by a.app_id, a.kind, a.external_id
            limit p_limit;
    else
        return query
            select a, c.origin
            from {schema}.asset a
            join {schema}.connection c on c.tenant_id = a.tenant_id and c.id = a.connection_id
            where a.tenant_id = p_tenant and a.connection_id = p_connection
                and (p_kind is null or a.kind = p_kind)
                and (a.app_id, a.kind, a.external_id) >=
                    (coalesce(p_after_app_id, ''), coalesce(p_after_kind, ''), coalesce(p_after_external_id, ''))
                and (a.app_id, a.kind, a.external_id)
                    is distinct from (p_after_app_id, p_after_kind, p_after_external_id)
            order by a.app_id, a.kind, a.external_id
            limit p_limit;
    end if;
end
$$;
