//! The part of the OAuth security checklist (RFC 9700) that a vault answers for, by its numbers.

use super::*;
use crate::{AuditActor, Committed, Notes, Success, TokenStore};

/// RFC 9700 section 4.14: whoever steals the rows has no refresh token, and whoever asks the vault gets none.
#[tokio::test]
async fn c32_refresh_token_theft() {
    let world = World::new();
    let vault = world.process(KEY);
    let set = |n| {
        let refresh = RefreshToken::new(format!("CANARY-refresh-{n}"));
        tokens(&format!("CANARY-access-{n}")).with_refresh(refresh, Expiry::Never)
    };
    let row = async |id| world.store.read(TENANT, id).await.unwrap().unwrap();
    let connection = vault.connect(login(TENANT, "u"), &set(1)).await.unwrap().id;
    let twin = vault.connect(login(TENANT, "v"), &set(1)).await.unwrap().id;
    let mut rows = vec![row(connection).await, row(twin).await];
    // Rotated: the old refresh token must not stay behind in clear either.
    let renewed = vault.put(TENANT, connection, &set(2)).await.unwrap();
    rows.push(row(connection).await);

    // At rest: no byte sequence of a secret, and equal secrets cannot be recognised as equal.
    let sealed: Vec<_> = rows.iter().map(|row| row.sealed.clone().unwrap()).collect();
    assert_eq!(sealed.len(), 3);
    for tokens in &sealed {
        for bytes in [tokens.access.as_bytes(), tokens.refresh.as_ref().unwrap().as_bytes()] {
            for part in ["CANARY", "access", "refresh"] {
                assert!(!bytes.windows(part.len()).any(|window| window == part.as_bytes()), "{part}");
            }
        }
    }
    assert_ne!(sealed[0].refresh, sealed[1].refresh, "two connections with one refresh token");

    // A copy of everything but the key opens nothing.
    let thief = world.process(NEW_KEY);
    for id in [connection, twin] {
        assert_eq!(refusal(&thief, TENANT, id).await.seal_fault(), Some(SealFault::WrongKey));
    }

    // In the program: what the vault hands out holds no refresh token, and nothing prints a secret.
    let resolved = vault.resolve(TENANT, connection).await.unwrap();
    assert_eq!(resolved.token.expose(), "CANARY-access-2");
    let source = vault.token_source(TENANT, connection);
    assert_eq!(source.token().await.unwrap().expose(), "CANARY-access-2");
    let printed = format!("{vault:?} {resolved:#?} {source:?} {renewed:?} {rows:#?} {:?}", world.store);
    let dense: String = printed.split_whitespace().collect();
    assert!(!dense.contains("CANARY") && !dense.contains("67,65,78,65,82,89"), "{printed}");

    // The provider says that the token was used by somebody else: nobody gets it any more.
    vault.mark_needs_reauth(TENANT, connection, ReauthReason::GrantRevoked).await.unwrap();
    assert_eq!(refusal(&vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
    assert_eq!(source.token().await.unwrap_err().kind(), ErrorKind::Reauthorize);
    assert_eq!(token(&vault, TENANT, twin).await, "CANARY-access-1");
}

/// A disconnect is final here and now. The vault knows no provider, so none can delay or undo it.
#[tokio::test]
async fn c35_revoke_not_final() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let set = tokens("EAAB-1").with_refresh(RefreshToken::new("r-1"), Expiry::Never);
    let connection = vault.connect(login(TENANT, "u"), &set).await.unwrap().id;
    let source = vault.token_source(TENANT, connection);
    let used = source.token().await.unwrap();
    let under_way = world.store.read(TENANT, connection).await.unwrap().unwrap();

    // A store that fails is told, so that it is repeated; it may be repeated for ever.
    store.fail("retire", Fault::NothingDone, 1);
    vault.disconnect(TENANT, connection).await.unwrap_err();
    for _ in 0..2 {
        vault.disconnect(TENANT, connection).await.unwrap();
        assert!(world.store.read(TENANT, connection).await.unwrap().unwrap().sealed.is_none());
        let error = refusal(&vault, TENANT, connection).await;
        assert_eq!(error.to_string(), "the account must be connected again: it was disconnected");
        assert_eq!(source.token().await.unwrap_err().kind(), ErrorKind::Reauthorize);
    }

    // A renewal that was under way has its answer now; it comes too late to be stored.
    let late = Success::new(
        under_way.generation,
        under_way.sealed.clone().unwrap(),
        under_way.token.clone(),
        Notes::by(AuditActor::Service),
    );
    let refused = world.store.commit_success(TENANT, connection, late).await.unwrap();
    assert!(matches!(refused, Committed::Superseded(_)), "{refused:?}");

    // Neither what the provider says of the token afterwards nor another process brings it back.
    vault.reject(TENANT, connection, &used).await.unwrap_err();
    vault.mark_needs_reauth(TENANT, connection, ReauthReason::Checkpoint).await.unwrap();
    let stored = world.store.find(TENANT, connection).await.unwrap().unwrap();
    assert_eq!(stored.state, ConnectionState::Disconnected);
    for process in [vault, world.process(KEY)] {
        assert_eq!(refusal(&process, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
    }
}
