-- A tenant sees its own rows and nothing else, whoever asks: the owner of the tables too. The tenant is a setting of the
-- transaction; where it is not set there are no rows. After a transaction that had set it, it reads as an empty text.
--
-- The functions that programs call look for names in pg_catalog alone: whoever may make functions in another schema must
-- not get theirs called with a tenant set.
--
-- What a worker may do across tenants is granted to its login by name, with policies of their own: see grants.sql.

do $do$
declare
    v_table text;
begin
    foreach v_table in array array[
        'connection', 'used_id', 'secret', 'asset', 'audit', 'event', 'revocation', 'data_key'
    ] loop
        execute format('alter table {schema}.%I enable row level security', v_table);
        execute format('alter table {schema}.%I force row level security', v_table);
        execute format(
            $sql$create policy own_rows on {schema}.%I
                using (tenant_id = nullif(current_setting('sociogram.tenant', true), '')::uuid)$sql$,
            v_table
        );
    end loop;
end
$do$;

-- For the one function that tells whether somebody else has an asset: it runs as the owner of the tables, and is alone in
-- setting this.
create policy any_asset on {schema}.asset for select to current_user
    using (current_setting('sociogram.any_asset', true) = 'on');
