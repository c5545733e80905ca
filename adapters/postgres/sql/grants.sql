-- The rights of the two logins that serve; run as the owner of the tables, again after each migration.
-- Neither may be a superuser, have BYPASSRLS, or be a member of the owner.
do $do$
declare
    v_routine regprocedure;
begin
    -- Functions of the worker are named worker_…; the rest is for both.
    for v_routine in
        select p.oid::regprocedure from pg_proc p where p.pronamespace = '{schema}'::regnamespace
    loop
        execute format('grant execute on routine %s to {worker}', v_routine);
        if (select p.proname !~ '^worker_' from pg_proc p where p.oid = v_routine) then
            execute format('grant execute on routine %s to {app}', v_routine);
        end if;
    end loop;
end
$do$;
grant usage on schema {schema} to {app}, {worker};
grant select on {schema}.migration to {app}, {worker};

-- The app serves tenants: everything, but what was written down stays, and what waits to be revoked is out of reach.
grant select, insert, update, delete on {schema}.connection, {schema}.secret, {schema}.asset to {app};
grant select, insert, delete on {schema}.used_id, {schema}.session to {app};
grant select, insert, update on {schema}.data_key to {app};
grant select, insert on {schema}.audit to {app};
grant insert on {schema}.event, {schema}.revocation to {app};
grant select (tenant_id, access_key, refresh_key) on {schema}.revocation to {app};
-- Of what came from the platforms it sees which keys are known, and nothing else.
grant insert (
    position, key, strength, provider, object, account, subject, field, kind, order_key, event, occurred_at, received_at,
    due_at
) on {schema}.inbox to {app};
grant select (position, key) on {schema}.inbox to {app};
grant usage on sequence {schema}.inbox_position to {app};
-- Of what is on its way to the platforms it sees the tenant's, and makes it due again. How it fares is the worker's.
grant select on {schema}.outbox to {app};
grant insert (
    position, tenant_id, connection_id, platform, target, envelope, route, name, event_id, key, event_time, expires_at, json,
    added_at, due_at
) on {schema}.outbox to {app};
grant update (state, fate, lapsed, attempts, replays, fence, history, due_at, finished_at) on {schema}.outbox to {app};
grant usage on sequence {schema}.outbox_position to {app};

-- The worker looks across tenants, and sees no names and no secrets but those that wait to be revoked.
grant select (tenant_id, id, provider, app_id, external_user_id, parent_id, state, state_reason, due_at, generation)
    on {schema}.connection to {worker};
grant update (due_at), delete on {schema}.connection to {worker};
grant select, delete on {schema}.asset to {worker};
grant select, insert, delete on {schema}.event to {worker};
grant update (visible_at, deliveries) on {schema}.event to {worker};
grant select, delete on {schema}.revocation to {worker};
grant update (visible_at, attempts) on {schema}.revocation to {worker};
grant select, insert, delete on {schema}.audit to {worker};
grant update (actor, asset_app_id, asset_kind, asset_external_id) on {schema}.audit to {worker};
grant select on {schema}.data_key to {worker};
grant update (state, wrapped) on {schema}.data_key to {worker};
grant select, delete on {schema}.inbox to {worker};
grant update (event, state, attempts, replays, fence, due_at, finished_at, errors) on {schema}.inbox to {worker};
grant select, delete on {schema}.outbox to {worker};
grant update (json, state, fate, lapsed, attempts, fence, history, due_at, finished_at) on {schema}.outbox to {worker};

do $do$
declare
    v_table text;
begin
    foreach v_table in array array['connection', 'asset', 'audit', 'event', 'revocation', 'data_key', 'outbox'] loop
        execute format('drop policy if exists worker_rows on {schema}.%I', v_table);
        execute format('create policy worker_rows on {schema}.%I to {worker} using (true)', v_table);
    end loop;
end
$do$;
