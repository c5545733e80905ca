//! WhatsApp: numbers, and what is set on them.

use serde_json::json;

use super::{
    driver::Bench,
    whatsapp::{ACCOUNT, CUSTOMER, PHONE, pass, post, post_well},
    whatsapp_manage::{delete, get_well},
};

#[tokio::test]
async fn a_number_is_added_verified_registered_and_taken_back() {
    let bench = Bench::new().await;
    let list = format!("{ACCOUNT}/phone_numbers");
    let new = json!({"cc": "49", "phone_number": "3012345678", "verified_name": "Bakery"});
    let made = post_well(&bench, &list, &new).await;
    let path = format!("/v26.0/{}", made["id"].as_str().unwrap());
    assert_eq!(post(&bench, &list, &new).await.graph_error(), (400, 100, Some(2_388_012)));
    assert_eq!(get_well(&bench, &list).await["data"].as_array().unwrap().len(), 2);
    let register = json!({"messaging_product": "whatsapp", "pin": "123456"});
    let early = post(&bench, &format!("{path}/register"), &register).await;
    assert_eq!(early.graph_error(), (400, 133_006, None));
    let verify = json!({"code": "123456"});
    let code = post(&bench, &format!("{path}/verify_code"), &verify).await;
    assert_eq!(code.graph_error(), (400, 136_025, None));
    let ask = json!({"code_method": "SMS", "language": "en_US"});
    post_well(&bench, &format!("{path}/request_code"), &ask).await;
    let wrong = post(&bench, &format!("{path}/verify_code"), &json!({"code": "000000"})).await;
    assert_eq!(wrong.graph_error(), (400, 136_025, None));
    post_well(&bench, &format!("{path}/verify_code"), &verify).await;
    let text = json!({"messaging_product": "whatsapp", "to": CUSTOMER, "text": {"body": "Hi"}});
    let unregistered = post(&bench, &format!("{path}/messages"), &text).await;
    assert_eq!(unregistered.graph_error(), (400, 133_010, None));
    post_well(&bench, &format!("{path}/register"), &register).await;
    let node =
        get_well(&bench, &format!("{path}?fields=status,is_pin_enabled,code_verification_status")).await;
    assert_eq!((&node["status"], &node["is_pin_enabled"]), (&json!("CONNECTED"), &json!(true)));
    post_well(&bench, &format!("{path}/messages"), &text).await;
    let pin = json!({"messaging_product": "whatsapp", "pin": "654321"});
    let mismatch = post(&bench, &format!("{path}/register"), &pin).await;
    assert_eq!(mismatch.graph_error(), (400, 133_005, None));
    post_well(&bench, &path, &json!({"pin": "654321"})).await;
    post_well(&bench, &format!("{path}/register"), &pin).await;
    post_well(&bench, &format!("{path}/deregister"), &json!({})).await;
    let gone = post(&bench, &format!("{path}/deregister"), &json!({})).await;
    assert_eq!(gone.graph_error(), (400, 133_010, None));
    for _ in 0..4 {
        post_well(&bench, &format!("{path}/register"), &pin).await;
    }
    let often = post(&bench, &format!("{path}/register"), &pin).await;
    assert_eq!(often.graph_error(), (400, 133_016, None));
    pass(&bench, 72 * 3600).await;
    post_well(&bench, &format!("{path}/register"), &pin).await;
}

#[tokio::test]
async fn the_profile_and_the_settings_of_a_number_are_changed() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/whatsapp_business_profile");
    let update = json!({"messaging_product": "whatsapp", "about": "Bread", "vertical": "RETAIL",
        "websites": ["https://example.com"]});
    post_well(&bench, &path, &update).await;
    let profile = get_well(&bench, &format!("{path}?fields=about,vertical,websites")).await;
    assert_eq!(
        profile["data"][0],
        json!({"about": "Bread", "vertical": "RETAIL", "websites": ["https://example.com"]})
    );
    for (name, value) in [
        ("about", json!("")),
        ("about", json!("a".repeat(140))),
        ("vertical", json!("BREAD")),
        ("websites", json!(["https://a.de", "https://b.de", "https://c.de"])),
        ("email", json!("nobody")),
        ("opening_hours", json!("8-18")),
    ] {
        let wrong = json!({"messaging_product": "whatsapp", name: value});
        assert_eq!(post(&bench, &path, &wrong).await.graph_error(), (400, 100, None), "{name}");
    }

    let path = format!("{PHONE}/whatsapp_commerce_settings");
    post_well(&bench, &format!("{path}?is_catalog_visible=true"), &json!({})).await;
    assert_eq!(get_well(&bench, &path).await["data"][0]["is_catalog_visible"], true);

    let path = format!("{PHONE}/settings");
    let storage = json!({"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "DE"});
    post_well(&bench, &path, &json!({"storage_configuration": storage})).await;
    assert_eq!(get_well(&bench, &path).await["storage_configuration"], storage);
    assert_eq!(post(&bench, &path, &json!({})).await.graph_error(), (400, 100, None));

    let path = format!("{PHONE}/conversational_automation");
    let set = json!({"prompts": ["Order bread"], "commands": [{"command_name": "order", "command_description": "Bread"}]});
    post_well(&bench, &path, &set).await;
    post_well(&bench, &path, &json!({"enable_welcome_message": true})).await;
    let node = get_well(&bench, &format!("{PHONE}?fields=conversational_automation")).await;
    assert_eq!(node["conversational_automation"]["prompts"], set["prompts"]);
    assert_eq!(node["conversational_automation"]["enable_welcome_message"], true);
    let many = post(&bench, &path, &json!({"prompts": vec!["a"; 5]})).await;
    assert_eq!(many.graph_error(), (400, 100, None));

    let path = format!("{PHONE}/whatsapp_business_encryption");
    assert_eq!(
        post(&bench, &path, &json!({"business_public_key": "k"})).await.graph_error(),
        (400, 100, None)
    );
    let key = "-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----";
    post_well(&bench, &path, &json!({"business_public_key": key})).await;
    assert_eq!(get_well(&bench, &path).await["business_public_key_signature_status"], "VALID");
}

#[tokio::test]
async fn a_user_name_is_taken_and_given_back() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/username");
    for (name, code) in [("A B", 147_001), ("taken", 147_002)] {
        assert_eq!(post(&bench, &path, &json!({"username": name})).await.graph_error(), (400, code, None));
    }
    post_well(&bench, &path, &json!({"username": "sandbox.bakery"})).await;
    assert_eq!(get_well(&bench, &path).await, json!({"username": "sandbox.bakery", "status": "approved"}));
    assert_eq!(delete(&bench, &path).await.status, 200);
    assert_eq!(delete(&bench, &path).await.graph_error(), (400, 147_005, None));
    let names = get_well(&bench, &format!("{PHONE}/username_suggestions")).await;
    assert!(names["data"][0]["username_suggestions"].is_array());
    let calls = get_well(&bench, &format!("{PHONE}/call_permissions?user_wa_id={CUSTOMER}")).await;
    assert_eq!(calls["permission"]["status"], "no_permission");
}

#[tokio::test]
async fn a_qr_code_is_made_changed_and_deleted() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/message_qrdls");
    let made =
        post_well(&bench, &path, &json!({"prefilled_message": "Bread!", "generate_qr_image": "PNG"})).await;
    assert!(made["qr_image_url"].is_string());
    let code = made["code"].as_str().unwrap();
    post_well(&bench, &path, &json!({"code": code, "prefilled_message": "Rolls!"})).await;
    let one = get_well(&bench, &format!("{path}/{code}")).await;
    assert_eq!(one["data"][0]["prefilled_message"], "Rolls!");
    let long = json!({"prefilled_message": "b".repeat(141)});
    assert_eq!(post(&bench, &path, &long).await.graph_error(), (400, 100, None));
    assert_eq!(delete(&bench, &format!("{path}/{code}")).await.status, 200);
    assert_eq!(get_well(&bench, &path).await["data"], json!([]));
    assert_eq!(delete(&bench, &format!("{path}/{code}")).await.graph_error(), (400, 100, None));
}
