//! Two versions of the software at the same time.

use std::time::Duration;

use sociogram_capi::outbox::{self, AddEvents, OutboxStore};
use sociogram_postgres::{PostgresStore, PostgresWorker};
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{
    Amendment, AuditLog as _, AuditQuery, ConnectionFilter, ConnectionRepo, EventKind, EventQueue as _,
    Generation, StoreErrorKind, TokenStore as _,
};

use sociogram_webhook_verify::inbox::{Claim, EntryFilter, InboxStore, RecordEvents as _};

use crate::{
    bench::{migrated, options, run, setup},
    fixtures::{OTHER, TENANT, commit, connect, id, no_notes, renewal, stored},
    inbox_bench::{lead, new_id},
    outbox_bench::{of, purchase, route},
};

const MINUTE: Duration = Duration::from_secs(60);

/// What a newer version does to a schema: it adds, and keeps books of it.
const NEWER_SCHEMA: &str = "
    do $$
    declare
        v_table name;
    begin
        for v_table in select relname from pg_class
            where relnamespace = 'sociogram'::regnamespace and relkind = 'r' and relname <> 'migration'
        loop
            execute format('alter table sociogram.%I add column newer text not null default %L', v_table, 'x');
        end loop;
    end
    $$;
    insert into sociogram.migration (version, name) values (99, 'newer')";

/// And to rows: of connection 1 the state, of its event the kind.
const NEWER_ROWS: &str = "
    update sociogram.connection set state = 'paused', newer = 'y' where id = '01010101-0101-0101-0101-010101010101';
    update sociogram.event set kind = '{\"kind\": \"newer\", \"more\": [1]}'
        where connection_id = '01010101-0101-0101-0101-010101010101';
    update sociogram.inbox set event = replace(event, '\"version\":1', '\"version\":99'), newer = 'y'
        where position = (select min(position) from sociogram.inbox);
    update sociogram.outbox set platform = 'newer', newer = 'y' where position = (select min(position) from sociogram.outbox);
    update sociogram.connection set due_at = sociogram.clock() - interval '1 second'";

#[tokio::test]
async fn two_versions_of_the_software_share_one_schema() {
    require_postgres!();
    let database = migrated().await;
    // A process that runs on while the newer version migrates and begins to write.
    let open = || async {
        let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
        PostgresWorker::connect(store, &options(&database.worker_url())).await.unwrap()
    };
    let running = open().await;
    for number in [1, 2] {
        connect(running.store(), TENANT, number).await;
        let row = stored(running.store(), TENANT, number).await;
        let amendment = Amendment::of(&row, no_notes().event(EventKind::Recovered));
        running.store().amend(TENANT, id(number), amendment).await.unwrap();
    }
    let recorded = running.record(&[lead("10", 1), lead("10", 2)]).await.unwrap();
    let known = new_id(recorded[1]);
    let added = running.store().add(&route(), &[purchase(1), purchase(2)]).await.unwrap();
    let on_its_way = added[1].id();
    run(&database.admin_url(), NEWER_SCHEMA).await;
    run(&database.admin_url(), NEWER_ROWS).await;

    // It goes on, and so does one that starts now. Each finds another generation of the row that it knows.
    for (worker, generation) in [(running, 1), (open().await, 2)] {
        let store = worker.store();
        assert_eq!(store.read(TENANT, id(1)).await.unwrap_err().kind(), StoreErrorKind::Corrupt);
        assert_eq!(stored(store, TENANT, 2).await.generation, Generation::new(generation));
        let page = ConnectionRepo::list(store, TENANT, &ConnectionFilter::all(), None, 9).await.unwrap();
        assert_eq!(page.connections.iter().map(|one| one.id).collect::<Vec<_>>(), [id(2)]);
        assert_eq!(page.unreadable, [id(1)]);

        let due = worker.due_batch(9, MINUTE).await.unwrap();
        let mut due: Vec<_> = due.into_iter().map(|due| due.connection).collect();
        due.sort_unstable();
        assert_eq!(due, [id(1), id(2)], "what cannot be read holds up nothing that is due");
        let events = worker.take_events(9, MINUTE).await.unwrap();
        let told: Vec<_> = events.iter().map(|event| (event.connection, &event.kind)).collect();
        assert_eq!(told, [(id(2), &EventKind::Recovered)]);

        let claimed = InboxStore::claim(&worker, &Claim::new(9, MINUTE)).await.unwrap();
        assert_eq!(claimed.iter().map(|one| one.token.id()).collect::<Vec<_>>(), [known]);
        let page = InboxStore::list(&worker, &EntryFilter::all(), None, 9).await.unwrap();
        let readable: Vec<_> = page.entries.iter().map(|entry| entry.event.is_some()).collect();
        assert_eq!(readable, [true, false]);
        store.record(&[lead("10", 100 + generation)]).await.unwrap();

        let batch = OutboxStore::claim(&worker, &outbox::Claim::new(9, MINUTE)).await.unwrap().unwrap();
        assert_eq!(batch.events.iter().map(|one| one.token.id()).collect::<Vec<_>>(), [on_its_way]);
        let page = AddEvents::list(store, TENANT, &outbox::EntryFilter::all(), None, 9).await.unwrap();
        assert_eq!(page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [on_its_way]);
        store.add(&of(OTHER), &[purchase(1)]).await.unwrap();

        commit(store, TENANT, 2, renewal(generation, 9)).await;
        assert_eq!(stored(store, TENANT, 2).await.generation, Generation::new(generation + 1));
        store.query(TENANT, AuditQuery::latest(9)).await.unwrap();
        run(
            &database.admin_url(),
            "update sociogram.event set visible_at = now();
             delete from sociogram.inbox where position > (select min(position) + 1 from sociogram.inbox);
             delete from sociogram.outbox where position > (select min(position) + 1 from sociogram.outbox);
             update sociogram.outbox set due_at = sociogram.clock() - interval '1 second';
             update sociogram.inbox set due_at = sociogram.clock() - interval '1 second';
             update sociogram.connection set due_at = sociogram.clock() - interval '1 second'",
        )
        .await;
    }

    // The migration of this version finds nothing to do, and leaves the books of the newer one alone.
    assert_eq!(setup().migrate(&options(&database.owner_url())).await.unwrap(), 0);
    let left = "do $$ begin
        assert (select array_agg(version order by version) from sociogram.migration) = '{1,2,3,99}';
        assert (select newer from sociogram.connection where state = 'paused') = 'y';
    end $$";
    run(&database.admin_url(), left).await;
}
