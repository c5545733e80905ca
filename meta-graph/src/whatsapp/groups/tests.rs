use super::*;
use crate::scripted::{exchange, line};
use crate::whatsapp::BusinessScopedUserId;

fn group() -> GroupId {
    GroupId::new("Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD").unwrap()
}

#[tokio::test]
async fn people_are_removed_with_a_body() {
    let people = [
        Recipient::phone("16505551234"),
        BusinessScopedUserId::new("US.13491208655302741918").unwrap().into(),
    ];
    let (done, request) = exchange(RemoveParticipants::new(group(), people), r#"{"request_id":5}"#).await;
    assert_eq!(done.unwrap().request_id.as_deref(), Some("5"));
    assert_eq!(line(&request), format!("DELETE /v26.0/{}/participants", group()));
    assert_eq!(
        request.text(),
        r#"{"messaging_product":"whatsapp","participants":[{"user":"16505551234"},{"user_id":"US.13491208655302741918"}]}"#
    );
}

#[tokio::test]
async fn people_of_a_group_may_have_no_number() {
    let body = r#"{"id":"g","suspended":"false","total_participant_count":"2","created_at":1700000000,
        "participants":[{"user_id":"US.1"},{"wa_id":"1"},{},5]}"#;
    let (read, _) = exchange(GetGroup::new(group()), body).await;
    let read = read.unwrap();
    assert_eq!(
        (read.participants.len(), read.total_participant_count, read.suspended),
        (3, Some(2), Some(false))
    );
    assert_eq!(read.creation_timestamp, Some(Timestamp::from_unix_seconds(1_700_000_000)));
}

#[test]
fn the_limits_of_groups() {
    for (subject, description, found) in [
        ("s".repeat(128), "d".repeat(2_048), 0),
        ("s".repeat(129), String::new(), 1),
        (String::new(), String::new(), 1),
        ("s".to_owned(), "d".repeat(2_049), 1),
    ] {
        let create = CreateGroup::new(106, &*subject).description(&*description);
        assert_eq!(create.check().len(), found);
        let update = UpdateGroup::new(group()).subject(subject).description(description);
        assert_eq!(update.check().len(), found);
    }
    assert!(UpdateGroup::new(group()).check().is_empty());
    assert_eq!(RemoveParticipants::new(group(), []).check().len(), 1);
    assert_eq!(RemoveParticipants::new(group(), [group().into()]).check().len(), 1);
    assert_eq!(ApproveJoinRequests::new(group(), [""; 0]).check().len(), 1);
    assert_eq!(RejectJoinRequests::new(group(), ["1"]).check().len(), 0);
}
