-- The rights of the two logins that serve; again after each migration.
grant usage on schema {schema} to {app}, {worker};
grant select on {schema}.migration to {app}, {worker};
grant select, insert, delete on {schema}.lead, {schema}.conversation_entry to {app}, {worker};
grant update (status, status_at) on {schema}.lead to {app}, {worker};
