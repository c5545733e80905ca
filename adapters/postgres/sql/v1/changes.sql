-- What is learnt about a token set, and its end.

-- A failed attempt. p_fence: the claim that ends with it; null for none. p_look: unchanged, at, never.
-- outcome: done, superseded, missing.
create function {schema}.commit_failure(
    p_tenant uuid, p_connection uuid, p_generation bigint, p_revision bigint, p_fence bigint,
    p_class text, p_class_reason text, p_state text, p_state_reason text, p_failures bigint, p_strikes jsonb,
    p_look text, p_due_at timestamptz, p_notes jsonb
) returns table (
    outcome text, new_revision bigint, stored {schema}.connection, access_ct bytea, refresh_ct bytea
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_since timestamptz;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.connection c set
        revision = c.revision + 1,
        state = p_state,
        state_reason = p_state_reason,
        state_since = case
            when (c.state, c.state_reason) is distinct from (p_state, p_state_reason) then v_now else c.state_since
        end,
        failures = p_failures,
        strikes = p_strikes,
        last_error_class = p_class,
        last_error_reason = p_class_reason,
        last_error_at = v_now,
        due_at = case p_look when 'at' then p_due_at when 'never' then null else c.due_at end,
        lease_owner = case when p_fence is null then c.lease_owner end,
        lease_phase = case when p_fence is null then c.lease_phase end,
        lease_started_at = case when p_fence is null then c.lease_started_at end,
        lease_until = case when p_fence is null then c.lease_until end,
        updated_at = v_now
    where c.tenant_id = p_tenant and c.id = p_connection
        and c.generation = p_generation and c.revision = p_revision
        and (p_fence is null or c.fence = p_fence)
    returning c.revision, c.state_since into new_revision, v_since;
    if found then
        perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
        if v_since = v_now and p_state in ('needs_reauth', 'revoked', 'disconnected') then
            perform {schema}.tell_listeners(p_tenant, p_connection);
        end if;
        outcome := 'done';
        return next;
        return;
    end if;
    return query
        select 'superseded', null::bigint, s.stored, s.access_ct, s.refresh_ct
        from {schema}.stored(p_tenant, p_connection) s;
    if not found then
        outcome := 'missing';
        return next;
    end if;
end
$$;

-- What was learnt without an attempt. p_checked: the provider was asked, and the arguments after it count.
-- outcome: done, superseded, missing.
create function {schema}.amend(
    p_tenant uuid, p_connection uuid, p_generation bigint, p_revision bigint,
    p_state text, p_state_reason text, p_strikes jsonb, p_look text, p_due_at timestamptz, p_notified text[],
    p_notes jsonb, p_checked boolean, p_expires_at timestamptz, p_refresh_expires_at timestamptz,
    p_data_access_expires_at timestamptz, p_scopes text[]
) returns table (
    outcome text, new_revision bigint, stored {schema}.connection, access_ct bytea, refresh_ct bytea
)
language plpgsql volatile rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := {schema}.clock();
    v_since timestamptz;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    update {schema}.connection c set
        revision = c.revision + 1,
        state = p_state,
        state_reason = p_state_reason,
        state_since = case
            when (c.state, c.state_reason) is distinct from (p_state, p_state_reason) then v_now else c.state_since
        end,
        strikes = p_strikes,
        notified = p_notified,
        due_at = case p_look when 'at' then p_due_at when 'never' then null else c.due_at end,
        checked_at = case when p_checked then v_now else c.checked_at end,
        expires_at = case when p_checked then p_expires_at else c.expires_at end,
        refresh_expires_at = case when p_checked then p_refresh_expires_at else c.refresh_expires_at end,
        data_access_expires_at = case
            when p_checked then p_data_access_expires_at else c.data_access_expires_at
        end,
        scopes = case when p_checked then p_scopes else c.scopes end,
        updated_at = v_now
    where c.tenant_id = p_tenant and c.id = p_connection
        and c.generation = p_generation and c.revision = p_revision
    returning c.revision, c.state_since into new_revision, v_since;
    if found then
        perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
        if v_since = v_now and p_state in ('needs_reauth', 'revoked', 'disconnected') then
            perform {schema}.tell_listeners(p_tenant, p_connection);
        end if;
        outcome := 'done';
        return next;
        return;
    end if;
    return query
        select 'superseded', null::bigint, s.stored, s.access_ct, s.refresh_ct
        from {schema}.stored(p_tenant, p_connection) s;
    if not found then
        outcome := 'missing';
        return next;
    end if;
end
$$;

-- The end of a connection, whatever is stored. p_keep: its secrets wait until the grant is withdrawn.
-- outcome: done, already, missing. When it is done there is one row for each asset that was linked, at least one.
create function {schema}.retire(
    p_tenant uuid, p_connection uuid, p_state text, p_keep boolean, p_notes jsonb
) returns table (outcome text, new_generation bigint, new_revision bigint, linked {schema}.asset, origin text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row {schema}.connection;
    v_secret {schema}.secret;
    v_has_secret boolean;
    v_now timestamptz;
begin
    perform set_config('sociogram.tenant', p_tenant::text, true);
    select * into v_row from {schema}.connection c
        where c.tenant_id = p_tenant and c.id = p_connection
        for no key update;
    if not found then
        outcome := 'missing';
        return next;
        return;
    end if;
    delete from {schema}.secret s
        where s.tenant_id = p_tenant and s.connection_id = p_connection
        returning * into v_secret;
    v_has_secret := found;
    if v_row.state = p_state and not v_has_secret then
        outcome := 'already';
        return next;
        return;
    end if;
    v_now := {schema}.clock();
    if p_keep and v_has_secret then
        insert into {schema}.revocation (
            tenant_id, connection_id, generation, provider, app_id, external_user_id, token_kind,
            access_ct, refresh_ct, access_key, refresh_key, since, visible_at
        )
        values (
            p_tenant, p_connection, v_row.generation, v_row.provider, v_row.app_id, v_row.external_user_id,
            v_row.token_kind, v_secret.access_ct, v_secret.refresh_ct, v_secret.access_key, v_secret.refresh_key,
            v_now, v_now
        );
    end if;
    update {schema}.connection c set
        generation = c.generation + 1,
        has_refresh_token = false,
        revision = c.revision + 1,
        state = p_state,
        state_reason = null,
        state_since = case
            when (c.state, c.state_reason) is distinct from (p_state, null) then v_now else c.state_since
        end,
        due_at = null,
        lease_owner = null,
        lease_phase = null,
        lease_started_at = null,
        lease_until = null,
        updated_at = v_now
    where c.tenant_id = p_tenant and c.id = p_connection
    returning c.generation, c.revision into new_generation, new_revision;
    perform {schema}.add_notes(p_tenant, p_connection, p_notes, v_now);
    perform {schema}.tell_listeners(p_tenant, p_connection);
    outcome := 'done';
    origin := v_row.origin;
    for linked in
        select * from {schema}.unlink_all(p_tenant, p_connection, p_notes ->> 'actor', v_now)
    loop
        return next;
    end loop;
    if not found then
        return next;
    end if;
end
$$;
