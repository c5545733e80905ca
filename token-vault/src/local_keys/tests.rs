use base64::{Engine, engine::general_purpose::STANDARD};
use sociogram_oauth_core::TenantId;

use super::*;
use crate::{
    DataKeyId, KeyErrorKind, golden,
    scripted_keys::{NEW, OLD},
    wrapping,
};

fn context(kek: KekId) -> KeyContext {
    KeyContext::new(TenantId::from_bytes([1; 16]), DataKeyId::new(7), 1, kek)
}

async fn wrap(keys: &LocalKeys, context: &KeyContext, key: &DataKey) -> Vec<u8> {
    keys.wrap_many(&[WrapRequest::new(context, key)]).await.remove(0).unwrap()
}

async fn unwrap(keys: &LocalKeys, context: &KeyContext, wrapped: &[u8]) -> Result<DataKey, KeyErrorKind> {
    let mut answers = keys.unwrap_many(&[UnwrapRequest::new(context, wrapped)]).await;
    assert_eq!(answers.len(), 1);
    answers.remove(0).map_err(|error| error.kind())
}

#[tokio::test]
async fn every_key_of_the_list_unwraps_and_the_first_wraps() {
    let old = LocalKeys::parse(OLD).unwrap();
    let context = context(old.id());
    let key = DataKey::random().unwrap();
    let wrapped = wrap(&old, &context, &key).await;

    let rotated = LocalKeys::parse(&format!("{NEW},{OLD},{NEW}")).unwrap();
    assert_ne!(rotated.id(), old.id());
    assert_eq!(rotated.ids().collect::<Vec<_>>(), [&rotated.id(), &old.id()]);
    assert_eq!(unwrap(&rotated, &context, &wrapped).await.unwrap().expose(), key.expose());

    let new_only = LocalKeys::parse(NEW).unwrap();
    let error = new_only.unwrap(&context, &wrapped).unwrap_err();
    assert_eq!(error.kind(), KeyErrorKind::WrongKey);
    assert!(error.to_string().contains("local:efb81a692a2f72c5"), "{error}");
}

#[tokio::test]
async fn rewrapping_moves_a_key_to_another_wrapping_key_and_no_further() {
    let keys = LocalKeys::parse(&format!("{NEW},{OLD}")).unwrap();
    let from = context(LocalKeys::parse(OLD).unwrap().id());
    let to = from.under(keys.id());
    let key = DataKey::random().unwrap();
    let wrapped = wrap(&keys, &from, &key).await;

    let elsewhere = KeyContext { key: DataKeyId::new(8), ..from.clone() };
    let unknown = from.under(KekId::new("local:0"));
    let requests = [
        RewrapRequest::new(&from, &to, &wrapped),
        RewrapRequest::new(&elsewhere, &to, &wrapped),
        RewrapRequest::new(&from, &unknown, &wrapped),
        RewrapRequest::new(&from, &to, b"EAAB"),
    ];
    let answers = keys.rewrap_many(&requests).await;
    let kinds = answers.iter().skip(1).map(|answer| answer.as_ref().unwrap_err().kind());
    let expected = [KeyErrorKind::Tampered, KeyErrorKind::WrongKey, KeyErrorKind::UnsupportedFormat];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);

    let moved = answers[0].as_ref().unwrap();
    assert_eq!(unwrap(&keys, &to, moved).await.unwrap().expose(), key.expose());
    assert_eq!(unwrap(&keys, &from, moved).await.unwrap_err(), KeyErrorKind::Tampered);
}

#[tokio::test]
async fn no_change_to_the_wrapped_bytes_or_the_context_goes_unseen() {
    let keys = LocalKeys::parse(&format!("{OLD},{NEW}")).unwrap();
    let here = context(keys.id());
    let wrapped = wrap(&keys, &here, &DataKey::random().unwrap()).await;
    assert_eq!(wrapped.len(), WRAPPED_LEN);
    let kind = async |bytes: &[u8], context: &KeyContext| unwrap(&keys, context, bytes).await.unwrap_err();

    let other_key = LocalKeys::parse(NEW).unwrap().id();
    for context in [
        KeyContext { tenant: TenantId::from_bytes([2; 16]), ..here.clone() },
        KeyContext { key: DataKeyId::new(8), ..here.clone() },
        KeyContext { suite: 2, ..here.clone() },
        here.under(other_key),
    ] {
        assert_eq!(kind(&wrapped, &context).await, KeyErrorKind::Tampered, "{context:?}");
    }
    let mut longer = wrapped.clone();
    longer.push(0);
    for bytes in [&wrapped[..WRAPPED_LEN - 1], &longer, &[]] {
        assert_eq!(kind(bytes, &here).await, KeyErrorKind::UnsupportedFormat);
    }
    for at in 0..WRAPPED_LEN {
        let mut changed = wrapped.clone();
        changed[at] ^= 0x10;
        let expected = if at == 0 { KeyErrorKind::UnsupportedFormat } else { KeyErrorKind::Tampered };
        assert_eq!(kind(&changed, &here).await, expected, "byte {at}");
    }
}

#[tokio::test]
async fn golden_file() {
    let rows = golden::rows(include_str!("golden.txt"));
    assert_eq!(rows.len(), 2);
    for row in rows {
        let [kek, check, tenant, id, suite, key, commitment, expected] = &row[..] else {
            panic!("a row has eight columns: {row:x?}")
        };
        let keys = LocalKeys::parse(&STANDARD.encode(kek)).unwrap();
        let check = KeyCheck::from_bytes(golden::fixed(check));
        assert_eq!(keys.id(), KekId::new(format!("local:{check}")));
        let tenant = TenantId::from_bytes(golden::fixed(tenant));
        let id = DataKeyId::new(u32::from_be_bytes(golden::fixed(id)));
        let context = KeyContext::new(tenant, id, suite[0], keys.id());

        let opened = unwrap(&keys, &context, expected).await.unwrap();
        assert_eq!(opened.expose().as_slice(), key);
        assert_eq!(wrapping::commitment(&opened, tenant, id).as_slice(), commitment);
        let again = keys.wrap_with_nonce(&context, &opened, golden::fixed(&expected[1..13])).unwrap();
        assert_eq!(again, *expected);
    }
}

#[tokio::test]
async fn health_names_every_key_by_its_check_value() {
    let keys = LocalKeys::parse(&format!("{OLD},{NEW}")).unwrap();
    let health = keys.health().await.unwrap();
    assert_eq!(health.primary, keys.id());
    assert_eq!(health.keys.iter().map(|held| &held.id).collect::<Vec<_>>(), keys.ids().collect::<Vec<_>>());
    assert_eq!(health.keys[0].check.unwrap().to_string(), "efb81a692a2f72c5");
    assert_ne!(health.keys[0].check, health.keys[1].check);
}

#[tokio::test]
async fn generated_keys_differ_and_debug_shows_ids_only() {
    let (a, b) = (LocalKeys::generate().unwrap(), LocalKeys::generate().unwrap());
    assert_ne!(a.id(), b.id());
    let text = format!("{:?}", LocalKeys::parse(OLD).unwrap());
    assert_eq!(text, "LocalKeys([KekId(\"local:efb81a692a2f72c5\")])");
    assert_eq!(format!("{:?}", DataKey::random().unwrap()), "DataKey([redacted])");

    let made = LocalKeys::generate_text().unwrap();
    assert_eq!(LocalKeys::parse(&made.text).unwrap().id(), made.id);
}
