-- Wrapped data keys.

create function {schema}.active_key(p_tenant uuid) returns setof {schema}.data_key
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query select * from {schema}.data_key k where k.tenant_id = p_tenant and k.state = 'active';
end
$$;

create function {schema}.find_key(p_tenant uuid, p_id bigint) returns setof {schema}.data_key
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query select * from {schema}.data_key k where k.tenant_id = p_tenant and k.id = p_id;
end
$$;

create function {schema}.list_keys(p_tenant uuid) returns setof {schema}.data_key
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query select * from {schema}.data_key k where k.tenant_id = p_tenant order by k.id;
end
$$;

-- Makes a key the active one in place of p_replacing, and gives the one that is active afterwards. No row: the tenant
-- has, or had, another key with this id.
create function {schema}.insert_active_key(
    p_tenant uuid, p_id bigint, p_suite smallint, p_kek_id text, p_wrapped bytea, p_commitment bytea,
    p_state text, p_created_at timestamptz, p_messages bigint, p_replacing bigint
) returns setof {schema}.data_key
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_active {schema}.data_key;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    loop
        select * into v_active from {schema}.data_key k
            where k.tenant_id = p_tenant and k.state = 'active'
            for no key update;
        if found and (v_active.id = p_id or v_active.id is distinct from p_replacing) then
            return next v_active;
            return;
        end if;
        if exists (select from {schema}.data_key k where k.tenant_id = p_tenant and k.id = p_id) then
            -- Unless another one became active, maybe this very one, between the two looks.
            perform from {schema}.data_key k
                where k.tenant_id = p_tenant and k.state = 'active' and k.id is distinct from v_active.id;
            continue when found;
            return;
        end if;
        update {schema}.data_key k set state = 'decrypt_only'
            where k.tenant_id = p_tenant and k.id = v_active.id;
        return query
            insert into {schema}.data_key (
                tenant_id, id, suite, kek_id, wrapped, commitment, state, created_at, messages
            )
            values (
                p_tenant, p_id, p_suite, p_kek_id, p_wrapped, p_commitment, p_state, p_created_at, p_messages
            )
            on conflict do nothing
            returning *;
        if found then
            return;
        end if;
        -- Somebody else was faster. Whoever holds the active row cannot be overtaken, so there was none.
    end loop;
end
$$;

create function {schema}.replace_wrapped(
    p_tenant uuid, p_id bigint, p_seen_kek_id text, p_seen bytea, p_kek_id text, p_wrapped bytea
) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.data_key k set kek_id = p_kek_id, wrapped = p_wrapped
        where k.tenant_id = p_tenant and k.id = p_id and k.state <> 'destroyed'
            and k.kek_id = p_seen_kek_id and k.wrapped = p_seen;
    return found;
end
$$;

-- Whether a state may follow another one is for the caller to know.
create function {schema}.set_key_state(p_tenant uuid, p_id bigint, p_from text, p_to text) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.data_key k set
        state = p_to,
        wrapped = case when p_to = 'destroyed' then '' else k.wrapped end
    where k.tenant_id = p_tenant and k.id = p_id and k.state = p_from;
    if found and p_to = 'destroyed' then
        perform {schema}.tell_listeners(p_tenant);
        return true;
    end if;
    return found;
end
$$;

-- Null: the key is not active.
create function {schema}.add_messages(p_tenant uuid, p_id bigint, p_messages bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_messages bigint;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.data_key k set messages = case
            when k.messages > 9223372036854775807 - p_messages then 9223372036854775807
            else k.messages + p_messages
        end
        where k.tenant_id = p_tenant and k.id = p_id and k.state = 'active'
        returning k.messages into v_messages;
    return v_messages;
end
$$;

create function {schema}.destroy_keys(p_tenant uuid) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_destroyed bigint;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.data_key k set state = 'destroyed', wrapped = ''
        where k.tenant_id = p_tenant and k.state <> 'destroyed';
    get diagnostics v_destroyed = row_count;
    if v_destroyed > 0 then
        perform {schema}.tell_listeners(p_tenant);
    end if;
    return v_destroyed;
end
$$;
