-- Nobody may do anything that grants.sql does not say.
revoke all on all tables in schema {schema} from public;
revoke all on all sequences in schema {schema} from public;
revoke all on all routines in schema {schema} from public;
