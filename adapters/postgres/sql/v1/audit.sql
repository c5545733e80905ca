-- The audit.

create function {schema}.append_audit(p_tenant uuid, p_connection uuid, p_notes jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    perform {schema}.add_notes(p_tenant, p_connection, p_notes, {schema}.clock());
end
$$;

-- The latest first, those before p_after only. Null wants all.
create function {schema}.query_audit(
    p_tenant uuid, p_connection uuid, p_actions text[], p_since timestamptz, p_until timestamptz, p_after bigint,
    p_limit bigint
) returns setof {schema}.audit
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    if p_connection is null then
        return query
            select * from {schema}.audit a
            where a.tenant_id = p_tenant
                and a.position < coalesce(p_after, 9223372036854775807)
                and (p_actions is null or a.action = any (p_actions))
                and a.at >= coalesce(p_since, '-infinity') and a.at < coalesce(p_until, 'infinity')
            order by a.position desc
            limit p_limit;
    else
        return query
            select * from {schema}.audit a
            where a.tenant_id = p_tenant and a.connection_id = p_connection
                and a.position < coalesce(p_after, 9223372036854775807)
                and (p_actions is null or a.action = any (p_actions))
                and a.at >= coalesce(p_since, '-infinity') and a.at < coalesce(p_until, 'infinity')
            order by a.position desc
            limit p_limit;
    end if;
end
$$;
