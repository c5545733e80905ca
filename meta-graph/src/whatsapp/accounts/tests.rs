use super::*;
use crate::scripted::exchange;

#[tokio::test]
async fn only_the_id_of_an_account_is_certain() {
    let (account, _) = exchange(GetWhatsAppAccount::new(5), r#"{"id":5}"#).await;
    assert_eq!(account.unwrap().id.as_str(), "5");
    let body = r#"{"id":"5","timezone_id":1,"account_review_status":"NEW_STATUS","is_enabled_for_insights":"true",
        "health_status":{"can_send_message":"LIMITED","entities":[{"entity_type":"WABA","id":5,"errors":[{"error_code":1}]},7]},
        "whatsapp_business_manager_messaging_limit":"TIER_1M"}"#;
    let (account, _) = exchange(GetWhatsAppAccount::new(5), body).await;
    let account = account.unwrap();
    assert_eq!(account.account_review_status.unwrap().as_str(), "NEW_STATUS");
    assert_eq!(account.whatsapp_business_manager_messaging_limit.unwrap().to_string(), "TIER_1M");
    assert_eq!((account.timezone_id.as_deref(), account.is_enabled_for_insights), (Some("1"), Some(true)));
    let health = account.health_status.unwrap();
    assert_eq!((health.entities.len(), health.entities[0].errors.len()), (1, 1));
}

#[tokio::test]
async fn an_app_stands_in_an_envelope_of_its_own() {
    let body = r#"{"data":[{"whatsapp_business_api_data":{"id":"67084","name":"Jaspers","link":"https://e.example"},
        "override_callback_uri":"https://hook.example/wa"},{"app":{"id":8}},{"odd":1}]}"#;
    let (page, _) = exchange(ListAccountSubscriptions::new(5), body).await;
    let page = page.unwrap();
    let ids: Vec<&str> = page.items.iter().map(|item| item.app.id.as_str()).collect();
    assert_eq!((ids, page.malformed.len()), (vec!["67084", "8"], 1));
    assert_eq!(page.items[0].override_callback_uri.as_deref(), Some("https://hook.example/wa"));
}

#[test]
fn an_address_needs_its_token_which_is_not_shown() {
    let subscribe = || SubscribeAccount::new(5);
    assert!(subscribe().check().is_empty());
    assert_eq!(subscribe().override_callback_uri("https://hook.example").check().len(), 1);
    assert_eq!(subscribe().verify_token("CANARY").check().len(), 1);
    let both = subscribe().override_callback_uri("https://hook.example").verify_token("CANARY");
    assert!(both.check().is_empty());
    assert!(!format!("{both:?}").contains("CANARY"));
}
