use sociogram_oauth_core::TenantId;

use super::*;
use crate::{
    DataKeyId, LocalKeys,
    scripted_keys::{Asked, ScriptedKeys},
};

fn provider() -> Arc<ScriptedKeys> {
    ScriptedKeys::over(LocalKeys::generate().unwrap())
}

fn context(kek: KekId) -> KeyContext {
    KeyContext::new(TenantId::from_bytes([1; 16]), DataKeyId::new(7), 1, kek)
}

#[tokio::test]
async fn each_key_is_opened_by_the_provider_that_holds_it() {
    let (new, old) = (provider(), provider());
    let chain = KeyChain::new(new.clone()).then(old.clone());
    assert_eq!(chain.id(), new.id());
    let (key, other) = (DataKey::random().unwrap(), DataKey::random().unwrap());
    let (under_new, under_old, under_none) =
        (context(new.id()), context(old.id()), context(KekId::new("local:0")));
    let requests = [WrapRequest::new(&under_new, &key), WrapRequest::new(&under_old, &other)];
    let wrapped: Vec<_> = chain.wrap_many(&requests).await.into_iter().map(Result::unwrap).collect();

    let requests = [
        UnwrapRequest::new(&under_none, &wrapped[0]),
        UnwrapRequest::new(&under_old, &wrapped[1]),
        UnwrapRequest::new(&under_new, &wrapped[0]),
        UnwrapRequest::new(&under_new, &wrapped[1]),
    ];
    let opened = chain.unwrap_many(&requests).await;
    let error = opened[0].as_ref().unwrap_err();
    assert_eq!(error.kind(), KeyErrorKind::WrongKey);
    assert!(error.to_string().contains("local:0"), "{error}");
    assert_eq!(opened[1].as_ref().unwrap().expose(), other.expose());
    assert_eq!(opened[2].as_ref().unwrap().expose(), key.expose());
    assert_eq!(opened[3].as_ref().unwrap_err().kind(), KeyErrorKind::Tampered);
}

#[tokio::test]
async fn the_older_provider_is_not_asked_for_what_the_first_one_holds() {
    let (new, old) = (provider(), provider());
    let chain = KeyChain::new(new.clone()).then(old.clone());
    let context = context(new.id());
    let key = DataKey::random().unwrap();
    let wrapped = chain.wrap_many(&[WrapRequest::new(&context, &key)]).await.remove(0).unwrap();
    assert!(chain.unwrap_many(&[UnwrapRequest::new(&context, &wrapped)]).await[0].is_ok());
    assert_eq!(new.asked(), [Asked::Wrap(context.clone()), Asked::Unwrap(context)]);
    assert_eq!(old.asked(), []);
}

#[tokio::test]
async fn a_data_key_moves_from_one_provider_to_the_other() {
    let (new, old) = (provider(), provider());
    let chain = KeyChain::new(new.clone()).then(old.clone());
    let (from, to) = (context(old.id()), context(new.id()));
    let key = DataKey::random().unwrap();
    let wrapped = old.wrap_many(&[WrapRequest::new(&from, &key)]).await.remove(0).unwrap();

    let unknown = context(KekId::new("local:0"));
    let requests = [
        RewrapRequest::new(&from, &to, &wrapped),
        RewrapRequest::new(&to, &to, &wrapped),
        RewrapRequest::new(&unknown, &to, &wrapped),
    ];
    let moved = chain.rewrap_many(&requests).await;
    assert_eq!(moved[1].as_ref().unwrap_err().kind(), KeyErrorKind::Tampered);
    assert_eq!(moved[2].as_ref().unwrap_err().kind(), KeyErrorKind::WrongKey);
    let moved = moved[0].as_ref().unwrap();
    let opened = new.unwrap_many(&[UnwrapRequest::new(&to, moved)]).await.remove(0).unwrap();
    assert_eq!(opened.expose(), key.expose());
}

#[tokio::test]
async fn it_is_well_when_every_provider_is() {
    let (new, old) = (provider(), provider());
    let chain = KeyChain::new(new.clone()).then(old.clone()).then(new.clone());
    let health = chain.health().await.unwrap();
    assert_eq!(health.primary, new.id());
    assert_eq!(health.keys.into_iter().map(|held| held.id).collect::<Vec<_>>(), [new.id(), old.id()]);
    old.fail(KeyErrorKind::Unavailable);
    assert_eq!(chain.health().await.unwrap_err().kind(), KeyErrorKind::Unavailable);
}
