-- The schema, and which steps were taken in it.
do $do$
begin
    -- Not "if not exists": that takes the right to make schemas even where there is one already.
    if to_regnamespace('{schema}') is null then
        create schema {schema};
    end if;
end
$do$;
create table if not exists {schema}.migration (
    version    integer     primary key,
    applied_at timestamptz not null default now()
);
