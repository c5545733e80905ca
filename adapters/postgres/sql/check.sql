-- How this login and the schema named $1 stand. Reads catalogs only, so that it works without any right.
with tables as (
    select c.oid, c.relname, c.relowner, c.relrowsecurity and c.relforcerowsecurity as is_secured
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p')
), routines as (
    select p.oid, p.proname ~ '^worker_' as is_workers
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = $1
)
select
    current_user::text as login,
    r.rolsuper as is_superuser,
    r.rolbypassrls as bypasses,
    pg_is_in_recovery() as is_replica,
    current_setting('transaction_read_only')::boolean as is_read_only,
    current_setting('transaction_isolation') as isolation,
    exists (select from tables t where t.relname = 'migration') as is_migrated,
    exists (select from tables t where pg_has_role(current_user, t.relowner, 'member')) as is_owner,
    (
        select count(*) = 8 from tables t
        where t.is_secured and t.relname in (
            'connection', 'used_id', 'secret', 'asset', 'audit', 'event', 'revocation', 'data_key'
        )
    )
        -- Not in schemas of the versions before 3, which are told by their version.
        and not exists (select from tables t where not t.is_secured and t.relname = 'outbox') as is_secured,
    coalesce((
        select bool_and(has_schema_privilege(n.oid, 'usage')) from pg_namespace n where n.nspname = $1
    ), false) and coalesce((
        select has_table_privilege(t.oid, 'select') from tables t where t.relname = 'migration'
    ), false) as may_enter,
    coalesce((select bool_and(has_function_privilege(f.oid, 'execute')) from routines f where not f.is_workers), false)
        and coalesce((
            select has_table_privilege(t.oid, 'insert') from tables t where t.relname = 'secret'
        ), false) as may_serve,
    coalesce((select bool_and(has_function_privilege(f.oid, 'execute')) from routines f where f.is_workers), false)
        and exists (
            select from pg_policies p
            where p.schemaname = $1 and p.policyname = 'worker_rows'
                and exists (
                    select from pg_roles g where g.rolname = any (p.roles) and pg_has_role(current_user, g.oid, 'usage')
                )
        ) as may_look_across
from pg_roles r
where r.rolname = current_user
