-- A clock that a test moves.
create table sociogram.test_clock (ahead interval not null);
insert into sociogram.test_clock values ('0');
grant select on sociogram.test_clock to test_app, test_worker;
create or replace function sociogram.clock() returns timestamptz
language sql volatile parallel safe
as $$ select date_trunc('milliseconds', clock_timestamp() + (select c.ahead from sociogram.test_clock c)) $$;
