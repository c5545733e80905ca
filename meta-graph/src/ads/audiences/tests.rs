use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport, canary};

use super::*;
use crate::id::{CustomAudienceId, PageId};
use crate::scripted::{client, error_body, exchange, line};
use sociogram_api_core::Progress;

fn people(count: usize) -> AudienceUsers {
    (0..count).map(|number| AudienceUser::new().external_id(format!("c{number}"))).collect()
}

fn upload(client: &crate::Client, action: AudienceAction, users: &AudienceUsers) -> AudienceUpload {
    AudienceUpload::new(client, CustomAudienceId::from(7), action, users)
}

fn received(rows: usize) -> String {
    format!(
        r#"{{"audience_id":"7","session_id":"1","num_received":{rows},"num_invalid_entries":"2","invalid_entry_samples":{{"a":"CANARYrow"}}}}"#
    )
}

fn form(request: &RecordedRequest, name: &str) -> serde_json::Value {
    let value = url::form_urlencoded::parse(&request.body).find(|(found, _)| found == name).unwrap().1;
    serde_json::from_str(&value).unwrap()
}

#[tokio::test]
async fn rows_are_columns_of_digests_with_blanks_for_what_is_not_known() {
    let mut users = AudienceUsers::new().pages([PageId::from(3)]);
    users.push(AudienceUser::new().email("Example.com@EXAMPLE.com ").external_id("C-1").country("DE"));
    users.push(AudienceUser::new().phone("+49 30 901820").born(1986, 7, 4).gender(Gender::Female));
    let batch = users.batch(0, None).unwrap();
    let (_, request) = exchange(AddAudienceUsers::new(CustomAudienceId::from(7), batch), &received(2)).await;
    assert_eq!(line(&request), "POST /v26.0/7/users");
    let payload = form(&request, "payload");
    let schema: Vec<&str> =
        payload["schema"].as_array().unwrap().iter().filter_map(|key| key.as_str()).collect();
    assert_eq!(schema, ["EXTERN_ID", "EMAIL", "PHONE", "GEN", "DOBY", "DOBM", "DOBD", "COUNTRY"]);
    let digest = |text: &str| String::from(Sha256Hex::of(text).into_text());
    let blank = String::new;
    assert_eq!(
        payload["data"],
        serde_json::json!([
            [
                "C-1".to_owned(),
                digest("example.com@example.com"),
                blank(),
                blank(),
                blank(),
                blank(),
                blank(),
                digest("de")
            ],
            [
                blank(),
                blank(),
                digest("4930901820"),
                digest("f"),
                digest("1986"),
                digest("07"),
                digest("04"),
                blank()
            ],
        ])
    );
    assert_eq!(payload["page_ids"], serde_json::json!(["3"]));
    assert!(!request.text().contains("session="));
}

#[test]
fn what_cannot_be_used_is_left_out_and_named_without_its_value() {
    let mut users = AudienceUsers::new();
    users.push(AudienceUser::new().email("CANARY at example").phone("+49 30 901820"));
    users.push(AudienceUser::new().email("CANARY").country("DE"));
    users.push(AudienceUser::new());
    users.push(AudienceUser::new().first_name("  ").email("a@example.com").email("b@example.com"));
    assert_eq!((users.len(), users.schema().len()), (2, 2));
    let shown: Vec<String> = users.findings().iter().map(ToString::to_string).collect();
    let fields: Vec<&str> = users.findings().iter().map(sociogram_api_core::Finding::field).collect();
    assert_eq!(fields, ["rows[0].EMAIL", "rows[1].EMAIL", "rows[1]", "rows[2]"]);
    assert!(shown.iter().all(|line| canary::leaks(line).is_empty()), "{shown:?}");

    let many: AudienceUsers = (0..150).map(|_| AudienceUser::new()).collect();
    assert_eq!((many.findings().len(), many.more_findings(), many.is_empty()), (100, 50, true));
}

#[test]
fn batches_hold_10000_rows_and_know_their_place() {
    for (count, sizes) in [
        (0, &[][..]),
        (1, &[1]),
        (10_000, &[10_000]),
        (10_001, &[10_000, 1]),
        (25_000, &[10_000, 10_000, 5_000]),
    ] {
        let users = people(count);
        let batches: Vec<AudienceBatch> =
            (0..users.batches()).map(|index| users.batch(index, Some(9)).unwrap()).collect();
        let found: Vec<usize> = batches.iter().map(AudienceBatch::len).collect();
        assert_eq!(found, sizes, "{count}");
        assert!(users.batch(users.batches(), None).is_none());
        for (index, batch) in batches.iter().enumerate() {
            let session = batch.session().unwrap();
            assert_eq!(
                (session.session_id, session.batch_seq, session.estimated_num_total),
                (9, index + 1, count)
            );
            assert_eq!(session.last_batch_flag, index + 1 == sizes.len());
        }
    }
}

#[tokio::test]
async fn nothing_shows_a_row() {
    let user = AudienceUser::new().external_id(canary::secret("id")).email("CANARY@example.com");
    let mut users = AudienceUsers::new();
    users.push(user.clone());
    let batch = users.batch(0, Some(1)).unwrap();
    let add = AddAudienceUsers::new(CustomAudienceId::from(7), batch.clone());
    let (answer, request) = exchange(add.clone(), &received(1)).await;
    let answer = answer.unwrap();
    assert!(request.text().contains("CANARY"), "the row was sent");
    assert!(answer.invalid_entry_samples.as_ref().unwrap().expose()["a"] == "CANARYrow");
    let transport = ScriptedTransport::new().respond(400, &[], error_body(100, 0));
    let client = client(&transport);
    let error = client.send(add.clone()).await.unwrap_err();
    let upload = upload(&client, AudienceAction::Add, &users);
    let shown = format!("{user:?} {users:?} {batch:?} {add:?} {answer:?} {upload:?}")
        + &serde_json::to_string(&upload).unwrap()
        + &canary::printed(&error);
    assert_eq!(canary::leaks(&shown), Vec::<String>::new());
    assert_eq!((error.raw_body(), error.api().unwrap().message()), (None, None));
}

#[tokio::test]
async fn an_upload_sends_all_batches_of_one_session_and_saves_after_each() {
    for (action, expected) in [
        (AudienceAction::Add, "POST /v26.0/7/users"),
        (AudienceAction::Remove, "DELETE /v26.0/7/users"),
        (AudienceAction::Replace, "POST /v26.0/7/usersreplace"),
    ] {
        let users = people(20_001);
        let transport = ScriptedTransport::new().json(received(1)).json(received(1)).json(received(1));
        let client = client(&transport);
        let mut upload = upload(&client, action, &users);
        let mut saved = Vec::new();
        let done = upload.run(&client, &users, |state| saved.push(state.progress())).await.unwrap();
        assert_eq!((done.rows, done.invalid, done.session_id), (20_001, 6, upload.session_id()));
        assert_eq!(saved, [(0, 20_001), (10_000, 20_001), (20_000, 20_001), (20_001, 20_001)]);
        let requests = transport.requests();
        for (index, request) in requests.iter().enumerate() {
            assert_eq!(line(request), expected);
            assert_eq!(
                form(request, "session"),
                serde_json::json!({"session_id": upload.session_id(), "batch_seq": index + 1,
                    "last_batch_flag": index == 2, "estimated_num_total": 20_001})
            );
        }
        assert_eq!(requests.len(), 3);
    }
}

#[tokio::test]
async fn after_a_crash_the_next_batch_of_the_same_session_is_sent() {
    let users = people(20_001);
    let transport = ScriptedTransport::new().json(received(1)).respond(400, &[], error_body(80_003, 0));
    let first = client(&transport);
    let mut begun = upload(&first, AudienceAction::Add, &users);
    let mut saved = String::new();
    let error =
        begun.run(&first, &users, |state| saved = serde_json::to_string(state).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);

    let mut resumed: AudienceUpload = serde_json::from_str(&saved).unwrap();
    assert_eq!((resumed.progress(), resumed.session_id()), ((10_000, 20_001), begun.session_id()));
    let transport = ScriptedTransport::new().json(received(1)).json(received(1));
    let second = client(&transport);
    resumed.run(&second, &users, |_| ()).await.unwrap();
    let places: Vec<_> =
        transport.requests().iter().map(|request| form(request, "session")["batch_seq"].clone()).collect();
    assert_eq!(places, [2, 3]);
}

#[tokio::test]
async fn other_rows_are_refused_before_anything_is_sent() {
    let users = people(3);
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    let saved = serde_json::to_string(&upload(&client, AudienceAction::Add, &users)).unwrap();
    let others: AudienceUsers = (1..4).map(|n| AudienceUser::new().external_id(format!("c{n}"))).collect();
    for others in [others, people(4)] {
        let mut resumed: AudienceUpload = serde_json::from_str(&saved).unwrap();
        let error = resumed.advance(&client, &others).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.findings()[0].rule()),
            (ErrorKind::Invalid, "ads.audience.other_rows")
        );
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_replacement_asks_what_arrived_before_it_goes_on() {
    let users = people(20_001);
    for (arrived, next) in [("20000", Some(3)), ("10500", Some(2)), ("20001", None), ("0", Some(1))] {
        let transport = ScriptedTransport::new();
        let state =
            serde_json::to_string(&upload(&client(&transport), AudienceAction::Replace, &users)).unwrap();
        let mut resumed: AudienceUpload = serde_json::from_str(&state).unwrap();
        let id = resumed.session_id();
        let transport = ScriptedTransport::new()
            .json(format!(r#"{{"data":[{{"session_id":"9","num_received":"1"}},{{"session_id":"{id}","num_received":"{arrived}"}}]}}"#))
            .json(received(1));
        let client = client(&transport);
        assert_eq!(resumed.advance(&client, &users).await.unwrap(), Progress::Again);
        assert_eq!(line(&transport.requests()[0]), format!("GET /v26.0/7/sessions?session_id={id}"));
        let progress = resumed.advance(&client, &users).await.unwrap();
        let sent = transport.requests().get(1).map(|request| form(request, "session")["batch_seq"].clone());
        assert_eq!(sent, next.map(serde_json::Value::from), "{arrived}");
        assert_eq!(progress.done().is_some(), next.is_none_or(|next| next == 3));
    }
}

#[tokio::test]
async fn a_replacement_whose_outcome_is_open_is_asked_about_and_not_repeated() {
    let users = people(1);
    let transport = ScriptedTransport::new().json("not json").json(r#"{"data":[]}"#).json(received(1));
    let client = client(&transport);
    let mut upload = upload(&client, AudienceAction::Replace, &users);
    assert!(upload.advance(&client, &users).await.unwrap_err().may_have_been_applied());
    let done = upload.run(&client, &users, |_| ()).await.unwrap();
    assert_eq!(done.rows, 1);
    let lines: Vec<String> = transport.requests().iter().map(line).collect();
    assert!(
        lines[1].starts_with("GET /v26.0/7/sessions") && lines[2] == "POST /v26.0/7/usersreplace",
        "{lines:?}"
    );
}

#[tokio::test]
async fn the_rest_of_a_forgotten_replacement_is_not_sent() {
    let users = people(10_001);
    let transport = ScriptedTransport::new().json(received(1)).json(r#"{"data":[]}"#);
    let client = client(&transport);
    let mut begun = upload(&client, AudienceAction::Replace, &users);
    assert_eq!(begun.advance(&client, &users).await.unwrap(), Progress::Again);
    let saved = serde_json::to_string(&begun).unwrap();
    let mut resumed: AudienceUpload = serde_json::from_str(&saved).unwrap();
    let error = resumed.run(&client, &users, |_| ()).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "ads.audience.session_gone");
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn an_upload_of_nobody_is_refused() {
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    let users = people(0);
    let error = upload(&client, AudienceAction::Replace, &users).advance(&client, &users).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "ads.audience.empty");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn replacing_without_a_session_is_not_sent() {
    let transport = ScriptedTransport::new();
    let batch = people(1).batch(0, None).unwrap();
    let error = client(&transport)
        .send(ReplaceAudienceUsers::new(CustomAudienceId::from(7), batch))
        .await
        .unwrap_err();
    assert_eq!(error.findings()[0].rule(), "ads.audience.session");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn audiences_are_read_leniently() {
    let (audience, _) = exchange(
        GetCustomAudience::new(CustomAudienceId::from(7)),
        r#"{"id":7,"subtype":"NEW","operation_status":{"code":471,"description":"blocked"},"delivery_status":5,
            "approximate_count_lower_bound":-1,"approximate_count_upper_bound":"1200","time_created":1767225600}"#,
    )
    .await;
    let audience = audience.unwrap();
    assert_eq!(audience.subtype.as_ref().map(crate::ads::AudienceSubtype::as_str), Some("NEW"));
    assert!(audience.operation_status.as_ref().unwrap().is_flagged() && audience.delivery_status.is_none());
    assert_eq!(audience.approximate_count_lower_bound, None);
    assert_eq!(audience.approximate_count_upper_bound, Some(1200));
    assert_eq!(
        audience.time_created.map(sociogram_api_core::Timestamp::as_unix_seconds),
        Some(1_767_225_600)
    );
    let spec = |ratio| {
        let account = crate::AdAccountId::of("5").unwrap();
        CreateLookalike::new(account, "L", CustomAudienceId::from(7), LookalikeSpec::new("DE", ratio))
            .check()
            .len()
    };
    assert_eq!([spec(0.01), spec(0.2), spec(0.5)], [0, 0, 1]);
}
