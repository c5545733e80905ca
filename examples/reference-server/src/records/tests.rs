use serde_json::json;
use sociogram::api_core::Secret;
use sociogram_postgres::{ConnectOptions, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, WORKER_ROLE, require_postgres};

use super::*;

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_000_000_123);
const ONE: TenantId = TenantId::from_bytes([1; 16]);
const TWO: TenantId = TenantId::from_bytes([2; 16]);

fn lead(key: u8, name: &str) -> Lead {
    Lead {
        key: DedupeKey::from_bytes([key; 32]),
        provider: "meta".to_owned(),
        account: "10".to_owned(),
        external_id: format!("lead {key}"),
        form: None,
        ad: Some("9".to_owned()),
        created_at: Some(NOW),
        name: Some(name.to_owned()),
        email: Some("ada@example.com".to_owned()),
        phone: None,
        answers: json!([{"name": "brot", "values": ["Roggen 🥖"]}]),
        click: (key == 2).then(|| "click".to_owned()),
        status: LeadStatus::New,
        status_at: None,
    }
}

fn said(key: u8, message: &str) -> Utterance {
    Utterance {
        key: DedupeKey::from_bytes([key; 32]),
        platform: "messenger".to_owned(),
        account: "10".to_owned(),
        person: Some("77".to_owned()),
        direction: Direction::Out,
        kind: "message".to_owned(),
        text: Some(format!("Grüße {key}")),
        at: Some(NOW),
        message_id: Some(message.to_owned()),
    }
}

async fn keeps_its_promises(records: &Records) {
    // Each event makes one record of a tenant, the first one.
    assert!(records.add_lead(ONE, &lead(1, "first"), NOW).await.unwrap());
    assert!(!records.add_lead(ONE, &lead(1, "again"), NOW).await.unwrap());
    assert!(records.add_lead(TWO, &lead(1, "of another"), NOW).await.unwrap());
    assert!(records.add_lead(ONE, &lead(2, "second"), NOW).await.unwrap());
    let kept = records.leads(ONE, None, 10).await.unwrap();
    let leads: Vec<_> = kept.iter().map(|kept| kept.record.clone()).collect();
    assert_eq!(leads, [lead(2, "second"), lead(1, "first")], "newest first, as they were given");
    let older = records.leads(ONE, Some(kept[0].id), 10).await.unwrap();
    assert_eq!(older, kept[1..]);
    assert_eq!(records.leads(ONE, None, 1).await.unwrap(), kept[..1]);

    // The status is the tenant's own, and its time that of the change.
    let lead_two = kept[0].id;
    let qualified =
        records.set_lead_status(ONE, lead_two, LeadStatus::Qualified, NOW).await.unwrap().unwrap();
    assert_eq!((qualified.id, qualified.record.status), (lead_two, LeadStatus::Qualified));
    assert!(qualified.record.status_at.is_some());
    let again = records.set_lead_status(ONE, lead_two, LeadStatus::Qualified, NOW).await.unwrap();
    assert_eq!(again, Some(qualified));
    let listed = records.leads(ONE, None, 10).await.unwrap();
    assert_eq!((Some(&listed[0]), &listed[1]), (again.as_ref(), &kept[1]));
    assert_eq!(records.set_lead_status(ONE, i64::MAX, LeadStatus::Lost, NOW).await.unwrap(), None);
    for other in records.leads(TWO, None, 10).await.unwrap() {
        assert_eq!(other.record.status, LeadStatus::New);
        // In memory the ids of all tenants are of one row; in Postgres as well.
        assert_eq!(records.set_lead_status(ONE, other.id, LeadStatus::Lost, NOW).await.unwrap(), None);
    }

    // Erasing hits one lead of one tenant and platform.
    assert_eq!(records.erase_lead(ONE, "linkedin", "lead 1").await.unwrap(), 0);
    assert_eq!(records.erase_lead(ONE, "meta", "lead 1").await.unwrap(), 1);
    assert_eq!(records.leads(ONE, None, 10).await.unwrap().len(), 1);
    assert_eq!(records.leads(TWO, None, 10).await.unwrap().len(), 1);

    assert!(records.add_utterance(ONE, &said(1, "a"), NOW).await.unwrap());
    assert!(!records.add_utterance(ONE, &said(1, "b"), NOW).await.unwrap());
    assert!(records.add_utterance(TWO, &said(1, "a"), NOW).await.unwrap());
    assert_eq!(records.utterances(ONE, None, 10).await.unwrap()[0].record, said(1, "a"));
    assert_eq!(records.erase_utterance(ONE, "11", "a").await.unwrap(), 0);
    assert_eq!(records.erase_utterance(ONE, "10", "a").await.unwrap(), 1);
    assert!(records.utterances(ONE, None, 10).await.unwrap().is_empty());

    records.erase_tenant(TWO).await.unwrap();
    assert!(records.leads(TWO, None, 10).await.unwrap().is_empty());
    assert!(records.utterances(TWO, None, 10).await.unwrap().is_empty());
    assert_eq!(records.leads(ONE, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn records_in_memory_keep_their_promises() {
    keeps_its_promises(&Records::Memory(Arc::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_in_postgres_keep_their_promises() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let (owner, schema) = (Secret::new(database.owner_url()), Schema::new("product").unwrap());
    let roles = Roles::new(APP_ROLE, WORKER_ROLE).unwrap();
    let setup = Setup::new(schema.clone(), roles.clone());
    setup.migrate(&ConnectOptions::parse(owner.expose()).unwrap()).await.unwrap();

    let records = PostgresRecords::new(&Secret::new(database.app_url()), &schema).unwrap();
    let told = records.check().await.unwrap_err().to_string();
    assert!(told.contains("product_server") && told.contains("run migrate first"), "{told}");
    assert_eq!(migrate(&owner, &schema, &roles).await.unwrap(), 2);
    assert_eq!(migrate(&owner, &schema, &roles).await.unwrap(), 0);
    records.check().await.unwrap();
    keeps_its_promises(&Records::Postgres(records)).await;
}
