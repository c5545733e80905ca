-- Token sets: reading, claiming, storing a new one.

create function {schema}.read_token(p_tenant uuid, p_connection uuid)
returns table (stored {schema}.connection, access_ct bytea, refresh_ct bytea)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query select * from {schema}.stored(p_tenant, p_connection);
end
$$;

create function {schema}.revisions(p_tenant uuid, p_connections uuid[])
returns table (connection_id uuid, revision bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return query
        select c.id, c.revision from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = any (p_connections);
end
$$;

-- How many token sets hold a secret under this data key, those that wait to be revoked included.
create function {schema}.rows_under(p_tenant uuid, p_key bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    return (
        select count(*) from {schema}.secret s
        where s.tenant_id = p_tenant and p_key in (s.access_key, s.refresh_key)
    ) + (
        select count(*) from {schema}.revocation r
        where r.tenant_id = p_tenant and p_key in (r.access_key, r.refresh_key)
    );
end
$$;

-- Whether this owner may claim this generation now.
create function {schema}.may_claim(
    p_row {schema}.connection, p_has_secret boolean, p_owner uuid, p_generation bigint, p_now timestamptz
) returns boolean
language sql immutable
as $$
    select (p_row).generation = p_generation
        and p_has_secret
        and (p_row).state in ('connected', 'refresh_failing', 'refresh_unknown', 'blocked_by_parent')
        and ((p_row).lease_until is null or (p_row).lease_until <= p_now or (p_row).lease_owner = p_owner)
$$;

-- outcome: won, lost, missing. The prior lease is one that had run out without an end.
create function {schema}.claim(
    p_tenant uuid, p_connection uuid, p_owner uuid, p_generation bigint, p_phase text, p_ttl_ms bigint
) returns table (
    outcome text, stored {schema}.connection, access_ct bytea, refresh_ct bytea,
    prior_owner uuid, prior_fence bigint, prior_phase text, prior_started_at timestamptz, prior_until timestamptz
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_seen record;
    v_row {schema}.connection;
    v_now timestamptz;
    v_mine boolean;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);

    -- Without a lock first: who loses should write nothing, not even a lock.
    select * into v_seen from {schema}.stored(p_tenant, p_connection);
    if not found then
        return query select 'missing', null::{schema}.connection, null::bytea, null::bytea,
            null::uuid, null::bigint, null::text, null::timestamptz, null::timestamptz;
        return;
    end if;
    v_row := v_seen.stored;

    if {schema}.may_claim(v_row, v_seen.access_ct is not null, p_owner, p_generation, {schema}.clock()) then
        select * into v_row from {schema}.connection c
            where c.tenant_id = p_tenant and c.id = p_connection
            for no key update;
        v_now := {schema}.clock();
        -- With the generation the secrets are those that were seen.
        if found and {schema}.may_claim(v_row, true, p_owner, p_generation, v_now) then
            v_mine := coalesce(v_row.lease_until > v_now, false);
            outcome := 'won';
            if not v_mine then
                prior_owner := v_row.lease_owner;
                prior_fence := v_row.fence;
                prior_phase := v_row.lease_phase;
                prior_started_at := v_row.lease_started_at;
                prior_until := v_row.lease_until;
            end if;
            update {schema}.connection c set
                fence = case when v_mine then c.fence else c.fence + 1 end,
                lease_owner = p_owner,
                -- What may have been sent stays known, and since when, whoever takes over.
                lease_phase = case when c.lease_phase <> 'claimed' then c.lease_phase else p_phase end,
                lease_started_at = case
                    when v_mine or c.lease_phase <> 'claimed' then c.lease_started_at else v_now
                end,
                lease_until = v_now + p_ttl_ms * interval '1 millisecond'
            where c.tenant_id = p_tenant and c.id = p_connection
            returning c.* into v_row;
            stored := v_row;
            access_ct := v_seen.access_ct;
            refresh_ct := v_seen.refresh_ct;
            return next;
            return;
        end if;
    end if;

    -- Lost: what is stored by now, as of one moment.
    return query
        select 'lost', s.stored, s.access_ct, s.refresh_ct,
            null::uuid, null::bigint, null::text, null::timestamptz, null::timestamptz
        from {schema}.stored(p_tenant, p_connection) s;
    if not found then
        return query select 'missing', null::{schema}.connection, null::bytea, null::bytea,
            null::uuid, null::bigint, null::text, null::timestamptz, null::timestamptz;
    end if;
end
$$;

-- Locks the connection that another one is derived from; false if it is not there or has ended.
create function {schema}.hold_parent(p_tenant uuid, p_parent uuid) returns boolean
language plpgsql volatile
as $$
begin
    perform 1 from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = p_parent and c.state not in ('revoked', 'disconnected')
        for share;
    return found;
end
$$;

-- A new token set. p_connect: it comes with a login, and the arguments after it count.
-- outcome: done, superseded, missing, account_taken, parent_gone, other_account.
create function {schema}.commit_success(
    p_tenant uuid, p_connection uuid, p_expected bigint,
    p_access_ct bytea, p_refresh_ct bytea, p_access_key bigint, p_refresh_key bigint,
    p_token_kind text, p_expires_at timestamptz, p_refresh_expires_at timestamptz,
    p_data_access_expires_at timestamptz, p_scopes text[], p_issued_at timestamptz,
    p_state text, p_state_reason text, p_due_at timestamptz, p_notified text[], p_notes jsonb,
    p_connect boolean, p_provider text, p_app_id text, p_external_user_id text, p_parent uuid,
    p_origin text, p_display_name text, p_connected_by text, p_scopes_required text[], p_scopes_optional text[]
) returns table (
    outcome text, new_revision bigint, taken_by uuid, stored {schema}.connection, access_ct bytea, refresh_ct bytea
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row {schema}.connection;
    v_now timestamptz;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);

    loop
        select * into v_row from {schema}.connection c
            where c.tenant_id = p_tenant and c.id = p_connection
            for no key update;
        exit when found;

        -- A new connection.
        if not p_connect or p_expected <> 0 or exists (
            select from {schema}.used_id u where u.tenant_id = p_tenant and u.connection_id = p_connection
        ) then
            -- Unless it came between the two looks.
            perform from {schema}.connection c where c.tenant_id = p_tenant and c.id = p_connection;
            continue when found;
            outcome := 'missing';
            return next;
            return;
        end if;
        select c.id into taken_by from {schema}.connection c
            where c.provider = p_provider and c.app_id = p_app_id and c.external_user_id = p_external_user_id
                and c.tenant_id = p_tenant;
        if found then
            outcome := 'account_taken';
            return next;
            return;
        end if;
        if p_parent is not null and not {schema}.hold_parent(p_tenant, p_parent) then
            outcome := 'parent_gone';
            return next;
            return;
        end if;
        -- Who gets the id first makes the row; the others wait here, and look again.
        insert into {schema}.used_id (tenant_id, connection_id)
            values (p_tenant, p_connection)
            on conflict do nothing;
        continue when not found;
        v_now := {schema}.clock();
        insert into {schema}.connection (
            tenant_id, id, provider, app_id, external_user_id, parent_id,
            version, display_name, connected_by, origin, scopes_required, scopes_optional,
            generation, token_kind, expires_at, refresh_expires_at, data_access_expires_at, scopes, issued_at,
            has_refresh_token, revision, state, state_reason, state_since, due_at, notified,
            created_at, updated_at, succeeded_at, checked_at
        )
        values (
            p_tenant, p_connection, p_provider, p_app_id, p_external_user_id, p_parent,
            1, p_display_name, p_connected_by, p_origin, p_scopes_required, p_scopes_optional,
            1, p_token_kind, p_expires_at, p_refresh_expires_at, p_data_access_expires_at, p_scopes, p_issued_at,
            p_refresh_ct is not null, 1, p_state, p_state_reason, v_now, p_due_at, p_notified,
            v_now, v_now, v_now, v_now
        )
        on conflict do nothing;
        if not found then
            -- The account was connected under another id just now.
            delete from {schema}.used_id u where u.tenant_id = p_tenant and u.connection_id = p_connection;
            continue;
        end if;
        insert into {schema}.secret (tenant_id, connection_id, access_ct, refresh_ct, access_key, refresh_key)
            values (p_tenant, p_connection, p_access_ct, p_refresh_ct, p_access_key, p_refresh_key);
        perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
        outcome := 'done';
        new_revision := 1;
        return next;
        return;
    end loop;

    -- One that is there, and locked.
    if v_row.generation <> p_expected then
        return query
            select 'superseded', null::bigint, null::uuid, s.stored, s.access_ct, s.refresh_ct
            from {schema}.stored(p_tenant, p_connection) s;
        return;
    end if;
    if p_connect and (v_row.provider, v_row.app_id, v_row.external_user_id)
        is distinct from (p_provider, p_app_id, p_external_user_id)
    then
        outcome := 'other_account';
        return next;
        return;
    end if;
    if p_connect and p_parent is not null and not {schema}.hold_parent(p_tenant, p_parent) then
        outcome := 'parent_gone';
        return next;
        return;
    end if;
    v_now := {schema}.clock();
    update {schema}.connection c set
        parent_id = case when p_connect then p_parent else c.parent_id end,
        version = case when p_connect then c.version + 1 else c.version end,
        display_name = case when p_connect then p_display_name else c.display_name end,
        connected_by = case when p_connect then p_connected_by else c.connected_by end,
        origin = case when p_connect then p_origin else c.origin end,
        scopes_required = case when p_connect then p_scopes_required else c.scopes_required end,
        scopes_optional = case when p_connect then p_scopes_optional else c.scopes_optional end,
        generation = c.generation + 1,
        token_kind = p_token_kind,
        expires_at = p_expires_at,
        refresh_expires_at = p_refresh_expires_at,
        data_access_expires_at = p_data_access_expires_at,
        scopes = p_scopes,
        issued_at = p_issued_at,
        has_refresh_token = p_refresh_ct is not null,
        revision = c.revision + 1,
        state = p_state,
        state_reason = p_state_reason,
        state_since = case
            when (c.state, c.state_reason) is distinct from (p_state, p_state_reason) then v_now else c.state_since
        end,
        due_at = p_due_at,
        failures = 0,
        last_error_class = null,
        last_error_reason = null,
        last_error_at = null,
        strikes = null,
        notified = p_notified,
        lease_owner = null,
        lease_phase = null,
        lease_started_at = null,
        lease_until = null,
        updated_at = v_now,
        succeeded_at = v_now,
        checked_at = v_now
    where c.tenant_id = p_tenant and c.id = p_connection
    returning c.revision into new_revision;
    insert into {schema}.secret (tenant_id, connection_id, access_ct, refresh_ct, access_key, refresh_key)
        values (p_tenant, p_connection, p_access_ct, p_refresh_ct, p_access_key, p_refresh_key)
        on conflict (tenant_id, connection_id) do update set
            access_ct = excluded.access_ct,
            refresh_ct = excluded.refresh_ct,
            access_key = excluded.access_key,
            refresh_key = excluded.refresh_key;
    perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
    outcome := 'done';
    return next;
end
$$;
