//! What is in the audit.

use super::*;

#[tokio::test]
async fn what_happens_is_in_the_audit_and_told_to_the_product() {
    let world = World::new();
    let login = || login(TENANT, "u").with_connected_by("user-7");
    let connection = world.vault.connect(login(), &tokens("EAAB-1")).await.unwrap().id;
    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    for _ in 0..2 {
        world.vault.reject(TENANT, connection, &AccessToken::new("EAAB-2")).await.unwrap();
        world.advance(60);
    }
    world.vault.connect(login(), &tokens("EAAB-3")).await.unwrap();
    world.vault.mark_needs_reauth(TENANT, connection, ReauthReason::AppRemoved).await.unwrap();
    for _ in 0..2 {
        world.vault.disconnect(TENANT, connection).await.unwrap();
    }
    let page = world.store.query(TENANT, AuditQuery::latest(100)).await.unwrap();
    let told: Vec<_> =
        page.records.iter().rev().map(|one| (one.action.as_str(), one.actor.to_string())).collect();
    let (user, service, provider) = ("user:user-7", "service", "provider");
    let expected = [
        ("connected", user),
        ("refreshed", service),
        ("token_rejected", provider),
        ("token_rejected", provider),
        ("state_changed", provider),
        ("reconnected", user),
        ("state_changed", service),
        ("disconnected", service),
    ];
    assert_eq!(told, expected.map(|(action, actor)| (action, actor.to_owned())));
    let reasons: Vec<_> =
        page.records.iter().rev().filter_map(|one| Some(one.reason.as_ref()?.as_str())).collect();
    assert_eq!(reasons, ["token_rejected", "app_removed"]);
    assert!(page.records.iter().all(|one| one.connection == Some(connection)));

    let events = world.store.take_events(9, Duration::from_secs(60)).await.unwrap();
    let kinds: Vec<_> = events.into_iter().map(|event| event.kind).collect();
    let lost = |reason| EventKind::NeedsReauth { reason };
    assert_eq!(
        kinds,
        [lost(ReauthReason::TokenRejected), lost(ReauthReason::AppRemoved), EventKind::Disconnected]
    );
}

#[tokio::test]
async fn the_audit_is_read_in_pages_and_by_what_is_asked() {
    let world = World::new();
    let first = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let second = world.connect(TENANT, "v", &tokens("EAAB")).await;
    for number in 0..5 {
        world.advance(60);
        let connection = if number % 2 == 0 { first } else { second };
        world.vault.put(TENANT, connection, &tokens("EAAB")).await.unwrap();
    }
    let read = async |query: AuditQuery| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = world.vault.audit(TENANT, AuditQuery { after, ..query.clone() }).await.unwrap();
            assert!(page.records.len() <= 2);
            found.extend(page.records.into_iter().map(|one| (one.action, one.connection.unwrap(), one.at)));
            match page.next {
                Some(next) => after = Some(next),
                None => return found,
            }
        }
    };
    let all = read(AuditQuery::latest(2)).await;
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by(|newer, older| newer.2 >= older.2));
    let of_first = read(AuditQuery::latest(2).of(first)).await;
    assert_eq!(of_first.len(), 4);
    let refreshed = read(AuditQuery::latest(2).only(AuditAction::Refreshed).of(first)).await;
    assert_eq!(refreshed.len(), 3);
    let span = AuditQuery::latest(2).since(at(60)).until(at(180));
    let times: Vec<_> = read(span).await.into_iter().map(|(_, _, at)| at).collect();
    assert_eq!(times, [at(120), at(60)]);
    let kinds = AuditQuery::latest(2).only(AuditAction::Connected).only(AuditAction::Refreshed);
    assert_eq!(read(kinds).await, all);
    assert_eq!(world.vault.audit(OTHER, AuditQuery::latest(2)).await.unwrap().records, []);
}

#[tokio::test]
async fn what_only_the_product_knows_is_recorded_by_it() {
    let world = World::new();
    let why = AuditReason::from_static("state_mismatch");
    let entries = vec![
        AuditEntry::new(AuditAction::SessionStarted),
        AuditEntry::new(AuditAction::SessionRejected).with_reason(why.clone()),
    ];
    world.vault.record(TENANT, user("ada"), None, entries).await.unwrap();
    let page = world.vault.audit(TENANT, AuditQuery::latest(9)).await.unwrap();
    let told: Vec<_> = page.records.into_iter().map(|one| (one.action, one.actor, one.reason)).collect();
    let expected = [
        (AuditAction::SessionRejected, user("ada"), Some(why)),
        (AuditAction::SessionStarted, user("ada"), None),
    ];
    assert_eq!(told, expected);
}
