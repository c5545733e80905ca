-- The rights of the two logins that serve; run as the owner of the tables, again after each migration.
-- Neither may be a superuser, have BYPASSRLS, or be a member of the owner.
do $do$
declare
    v_routine regprocedure;
begin
    -- Functions of the worker are named worker_…; the rest is for both.
    for v_routine in
        select p.oid::regprocedure from pg_proc p where p.pronamespace = 'sociogram'::regnamespace
    loop
        execute format('grant execute on routine %s to test_worker', v_routine);
        if (select p.proname !~ '^worker_' from pg_proc p where p.oid = v_routine) then
            execute format('grant execute on routine %s to test_app', v_routine);
        end if;
    end loop;
end
$do$;
grant usage on schema sociogram to test_app, test_worker;
grant select on sociogram.migration to test_app, test_worker;

-- The app serves tenants: everything, but what was written down stays, and what waits to be revoked is out of reach.
grant select, insert, update, delete on sociogram.connection, sociogram.secret, sociogram.asset to test_app;
grant select, insert, delete on sociogram.used_id, sociogram.session to test_app;
grant select, insert, update on sociogram.data_key to test_app;
grant select, insert on sociogram.audit to test_app;
grant insert on sociogram.event, sociogram.revocation to test_app;
grant select (tenant_id, access_key, refresh_key) on sociogram.revocation to test_app;
-- Of what came from the platforms it sees which keys are known, and nothing else.
grant insert (
    position, key, strength, provider, object, account, subject, field, kind, order_key, event, occurred_at, received_at,
    due_at
) on sociogram.inbox to test_app;
grant select (position, key) on sociogram.inbox to test_app;
grant usage on sequence sociogram.inbox_position to test_app;

-- The worker looks across tenants, and sees no names and no secrets but those that wait to be revoked.
grant select (tenant_id, id, provider, app_id, external_user_id, parent_id, state, state_reason, due_at, generation)
    on sociogram.connection to test_worker;
grant update (due_at), delete on sociogram.connection to test_worker;
grant select, delete on sociogram.asset to test_worker;
grant select, insert, delete on sociogram.event to test_worker;
grant update (visible_at, deliveries) on sociogram.event to test_worker;
grant select, delete on sociogram.revocation to test_worker;
grant update (visible_at, attempts) on sociogram.revocation to test_worker;
grant select, insert, delete on sociogram.audit to test_worker;
grant update (actor, asset_app_id, asset_kind, asset_external_id) on sociogram.audit to test_worker;
grant select on sociogram.data_key to test_worker;
grant update (state, wrapped) on sociogram.data_key to test_worker;
grant select, delete on sociogram.inbox to test_worker;
grant update (event, state, attempts, replays, fence, due_at, finished_at, errors) on sociogram.inbox to test_worker;

do $do$
declare
    v_table text;
begin
    foreach v_table in array array['connection', 'asset', 'audit', 'event', 'revocation', 'data_key'] loop
        execute format('drop policy if exists worker_rows on sociogram.%I', v_table);
        execute format('create policy worker_rows on sociogram.%I to test_worker using (true)', v_table);
    end loop;
end
$do$;
