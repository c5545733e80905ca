-- How far a lead has come, as people say, and the click on an ad that opened WhatsApp.
alter table {schema}.lead
    add column click     text,
    add column status    text not null default 'new',
    add column status_at timestamptz;
