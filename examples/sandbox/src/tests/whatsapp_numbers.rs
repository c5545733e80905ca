//! WhatsApp: numbers, and what is set on them.

use serde_json::json;

use super::{
    driver::Bench,
    whatsapp::{ACCOUNT, CUSTOMER, PHONE, pass, post, post_well},
    whatsapp_manage::{delete, get, get_well},
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
    for (name, code) in [("A B", 100), ("taken", 147_001)] {
        assert_eq!(post(&bench, &path, &json!({"username": name})).await.graph_error(), (400, code, None));
    }
    post_well(&bench, &path, &json!({"username": "sandbox.bakery"})).await;
    assert_eq!(get_well(&bench, &path).await, json!({"username": "sandbox.bakery", "status": "approved"}));
    assert_eq!(delete(&bench, &path).await.status, 200);
    assert_eq!(delete(&bench, &path).await.graph_error(), (400, 100, None));
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

#[tokio::test]
async fn registering_needs_both_permissions_and_taking_back_one() {
    let bench = Bench::new().await;
    let body = json!({"messaging_product": "whatsapp", "pin": "123456"});
    let send = async |path: &str, permissions: &[&str], body: &serde_json::Value| {
        let token = bench.sandbox.meta_user_token(permissions);
        bench.send(bench.graph(http::Method::POST, &format!("{PHONE}/{path}"), &token).json(body)).await
    };
    let (messaging, management) = ("whatsapp_business_messaging", "whatsapp_business_management");
    for one in [messaging, management] {
        assert_eq!(send("register", &[one], &body).await.status, 403, "{one}");
    }
    assert_eq!(send("register", &[messaging, management], &body).await.status, 200);
    assert_eq!(send("deregister", &[messaging], &json!({})).await.status, 403);
    assert_eq!(send("deregister", &[management], &json!({})).await.status, 200);
}

#[tokio::test]
async fn who_answers_for_a_number_is_set() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/business_compliance_info");
    assert_eq!(get_well(&bench, &path).await, json!({"data": []}));
    let good = json!({"messaging_product": "whatsapp", "entity_name": "Bakery", "entity_type": "PARTNERSHIP",
        "is_registered": true, "grievance_officer_details": {"name": "Ada", "email": "ada@example.com"},
        "customer_care_details": {"email": "care@example.com", "mobile_number": "+913854559033"}});
    for (member, value) in [
        ("entity_name", json!("B")),
        ("entity_type", json!("OTHER")),
        ("entity_type", json!("PUBLIC_COMPANY")),
        ("customer_care_details", json!({"email": "care@example.com", "mobile_number": "03012345"})),
        ("customer_care_details", json!({"email": "nobody"})),
    ] {
        let mut wrong = good.clone();
        wrong[member] = value;
        assert_eq!(post(&bench, &path, &wrong).await.graph_error(), (400, 100, None), "{member}");
    }
    post_well(&bench, &path, &good).await;
    let read = get_well(&bench, &format!("{path}?fields=entity_name,is_registered")).await;
    assert_eq!(read, json!({"data": [{"entity_name": "Bakery", "is_registered": true}]}));
}

#[tokio::test]
async fn flows_of_the_other_account_are_copied_once() {
    let bench = Bench::new().await;
    let path = format!("{ACCOUNT}/migrate_flows");
    let wrong = post(&bench, &path, &json!({"source_waba_id": "1"})).await;
    assert_eq!(wrong.graph_error(), (400, 100, Some(33)));
    let copy = json!({"source_waba_id": "400500600700802", "source_flow_names": ["opening_hours", "none"]});
    let first = post_well(&bench, &path, &copy).await;
    assert_eq!(first["migrated_flows"][0]["source_name"], "opening_hours");
    assert_eq!(first["failed_flows"][0]["source_name"], "none");
    let second = post_well(&bench, &path, &copy).await;
    assert_eq!(
        (&second["migrated_flows"], second["failed_flows"].as_array().unwrap().len()),
        (&json!([]), 2)
    );
}

#[tokio::test]
async fn messages_of_a_group_are_counted() {
    let bench = Bench::new().await;
    let groups = format!("{PHONE}/groups");
    post_well(&bench, &groups, &json!({"messaging_product": "whatsapp", "subject": "Regulars"})).await;
    let id = get_well(&bench, &groups).await["data"]["groups"][0]["id"].as_str().unwrap().to_owned();
    let hello =
        json!({"messaging_product": "whatsapp", "recipient_type": "group", "to": id, "text": {"body": "Hi"}});
    post_well(&bench, &format!("{PHONE}/messages"), &hello).await;
    let path = format!("{ACCOUNT}/group_analytics?start=1&end=99999999999&group_ids=[\"{id}\"]");
    let point = get_well(&bench, &format!("{path}&metric_types=[\"SENT\"]")).await["data"][0]["data_points"]
        [0]
    .clone();
    assert_eq!((&point["group_id"], &point["sent"], point.get("read")), (&json!(id), &json!(1), None));
    for wrong in [
        format!("{path}&metric_types=[\"TAPS\"]"),
        format!("{path}&granularity=MONTHLY"),
        format!("{ACCOUNT}/group_analytics?start=1&end=2&group_ids=[\"5\"]"),
        format!("{ACCOUNT}/call_analytics?start=1&end=2&granularity=YEARLY"),
    ] {
        assert_eq!(get(&bench, &wrong).await.graph_error(), (400, 100, None), "{wrong}");
    }
    let calls = get_well(&bench, &format!("{ACCOUNT}/call_analytics?start=1&end=2&granularity=DAILY")).await;
    assert_eq!(calls["data"][0]["data_points"], json!([]));
}
