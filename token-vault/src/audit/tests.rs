use super::*;

#[test]
fn actors_keep_their_text() {
    for (actor, text) in [
        (AuditActor::User("7:a".to_owned()), "user:7:a"),
        (AuditActor::Operator("ops".to_owned()), "operator:ops"),
        (AuditActor::Service, "service"),
        (AuditActor::Provider, "provider"),
        (AuditActor::Erased, "erased"),
        (AuditActor::Unknown("robot:9".into()), "robot:9"),
    ] {
        assert_eq!(actor.to_string(), text);
        assert_eq!(AuditActor::parse(text), actor);
        let json = serde_json::to_string(&actor).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<AuditActor>(&json).unwrap(), actor);
    }
}

#[test]
fn an_erased_actor_says_nothing_about_a_person() {
    for text in ["user:ada", "operator:ada", "robot:ada"] {
        assert_eq!(AuditActor::parse(text).without_person(), AuditActor::Erased);
    }
    assert_eq!(AuditActor::Service.without_person(), AuditActor::Service);
}

#[test]
fn a_query_wants_what_fits_all_its_parts() {
    let at = Timestamp::from_unix_seconds;
    let id = ConnectionId::from_bytes([1; 16]);
    let entry = AuditEntry::new(AuditAction::Connected);
    let record = AuditRecord::new(AuditPosition::new(1), at(10), AuditActor::Service, Some(id), entry);
    let all = AuditQuery::latest(1);
    let cases = [
        (all.clone(), true),
        (AuditQuery { connection: Some(id), ..all.clone() }, true),
        (AuditQuery { connection: Some(ConnectionId::from_bytes([2; 16])), ..all.clone() }, false),
        (AuditQuery { actions: vec![AuditAction::Refreshed, AuditAction::Connected], ..all.clone() }, true),
        (AuditQuery { actions: vec![AuditAction::Refreshed], ..all.clone() }, false),
        (AuditQuery { since: Some(at(10)), until: Some(at(11)), ..all.clone() }, true),
        (AuditQuery { since: Some(at(11)), ..all.clone() }, false),
        (AuditQuery { until: Some(at(10)), ..all }, false),
    ];
    for (query, wanted) in cases {
        assert_eq!(query.wants(&record), wanted, "{query:?}");
    }
}
