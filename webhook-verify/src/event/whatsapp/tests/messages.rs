use super::*;

/// A message with this content.
fn of(kind: &str, content: &Value) -> Value {
    json!({"from": "16505551234", "id": "wamid.1", "timestamp": "1749416383", "type": kind, kind: content})
}

fn content(kind: &str, value: &Value) -> MessageContent {
    message(&of(kind, value)).content
}

#[test]
fn a_text_tells_writer_context_and_ad() {
    let mut item = of("text", &json!({"body": "Does it come in another color?"}));
    item["context"] = json!({"from": "15550783881", "id": "wamid.0", "forwarded": true,
        "referred_product": {"catalog_id": "194836987003835", "product_retailer_id": "di9ozbzfi4"}});
    item["referral"] = json!({"source_url": "https://fb.me/3cr4Wqqkv", "source_id": "120226305854810726",
        "source_type": "ad", "body": "Summer succulents are here!", "headline": "Chat with us", "media_type": "image",
        "image_url": "https://example.com/a.jpg", "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQ",
        "welcome_message": {"text": "Hi there!"}});
    let read = message(&item);
    let MessageContent::Text(text) = &read.content else { panic!("{read:?}") };
    assert_eq!(text.body.as_deref(), Some("Does it come in another color?"));
    assert_eq!((read.from.as_deref(), read.id.as_deref()), (Some("16505551234"), Some("wamid.1")));
    assert_eq!(read.timestamp.unwrap().as_unix_seconds(), 1_749_416_383);
    assert_eq!((read.is_echo, read.contact), (false, Some(sheena())));
    let context = read.context.unwrap();
    assert_eq!((context.id.as_deref(), context.forwarded), (Some("wamid.0"), Some(true)));
    assert_eq!(context.product_retailer_id.as_deref(), Some("di9ozbzfi4"));
    let referral = read.referral.unwrap();
    assert_eq!(referral.ctwa_clid.as_deref(), Some("Aff-n8ZTODiE79d22KtAwQ"));
    assert_eq!(referral.source_id.as_deref(), Some("120226305854810726"));
    assert_eq!(referral.welcome_message.as_deref(), Some("Hi there!"));
}

#[test]
fn every_kind_of_media_is_read() {
    let value = json!({"id": "24230790383178626", "mime_type": "audio/ogg; codecs=opus", "sha256": "BUv+i3=", "caption": "c",
        "filename": "f.pdf", "voice": true, "animated": false});
    let owned = |text: &str| Some(text.to_owned());
    let media = Media {
        id: owned("24230790383178626"),
        mime_type: owned("audio/ogg; codecs=opus"),
        sha256: owned("BUv+i3="),
        url: None,
        caption: owned("c"),
        filename: owned("f.pdf"),
        voice: Some(true),
        animated: Some(false),
    };
    for (kind, expected) in [
        ("image", MessageContent::Image(media.clone())),
        ("video", MessageContent::Video(media.clone())),
        ("audio", MessageContent::Audio(media.clone())),
        ("document", MessageContent::Document(media.clone())),
        ("sticker", MessageContent::Sticker(media.clone())),
    ] {
        assert_eq!(content(kind, &value), expected, "{kind}");
    }
}

#[test]
fn places_and_cards_are_read() {
    let MessageContent::Location(place) = content(
        "location",
        &json!({"latitude": 38.9806, "longitude": "-94.671",
        "name": "Main Street Beach", "address": "Main Street", "url": "https://example.com"}),
    ) else {
        panic!()
    };
    assert_eq!((place.latitude, place.longitude), (Some(38.9806), Some(-94.671)));
    assert_eq!(place.name.as_deref(), Some("Main Street Beach"));
    let MessageContent::Location(odd) = content("location", &json!({"latitude": "NaN"})) else { panic!() };
    assert_eq!(odd.latitude, None);

    let MessageContent::Contacts(cards) = content(
        "contacts",
        &json!([{
        "name": {"formatted_name": "Barbara Johnson", "first_name": "Barbara"}, "birthday": "1999-01-23",
        "phones": [{"phone": "+1 650-555-9999", "wa_id": "16505559999", "type": "MOBILE"}],
        "emails": [{"email": "b@example.com", "type": "WORK"}], "urls": [{"url": "https://example.com", "type": "WORK"}],
        "addresses": [{"street": "1 Main", "city": "Laguna", "zip": "92651", "country_code": "US", "type": "HOME"}],
        "org": {"company": "Social Tsunami", "department": "Sales", "title": "Lead"}}, 7]),
    ) else {
        panic!()
    };
    let [card] = &*cards else { panic!("{cards:?}") };
    assert_eq!(card.name.as_ref().unwrap().formatted_name.as_deref(), Some("Barbara Johnson"));
    assert_eq!(card.phones[0].wa_id.as_deref(), Some("16505559999"));
    assert_eq!(card.emails[0].email.as_deref(), Some("b@example.com"));
    assert_eq!(card.urls[0].kind.as_deref(), Some("WORK"));
    assert_eq!(card.addresses[0].zip.as_deref(), Some("92651"));
    assert_eq!(card.organization.as_ref().unwrap().title.as_deref(), Some("Lead"));
    assert_eq!(card.birthday.as_deref(), Some("1999-01-23"));
}

#[test]
fn a_removed_reaction_has_no_emoji() {
    for (value, emoji) in [
        (json!({"message_id": "wamid.0", "emoji": "\u{1F44D}"}), Some("\u{1F44D}")),
        (json!({"message_id": "wamid.0", "emoji": ""}), None),
        (json!({"message_id": "wamid.0"}), None),
    ] {
        let MessageContent::Reaction(reaction) = content("reaction", &value) else { panic!("{value}") };
        assert_eq!((reaction.message_id.as_deref(), reaction.emoji.as_deref()), (Some("wamid.0"), emoji));
    }
}

#[test]
fn every_interactive_answer_is_read() {
    let reply = |kind: &str, value: Value| {
        let MessageContent::Interactive(reply) = content("interactive", &json!({"type": kind, kind: value}))
        else {
            panic!("{kind}")
        };
        reply
    };
    let choice = |description: Option<&str>| Choice {
        id: Some("cancel".to_owned()),
        title: Some("Cancel".to_owned()),
        description: description.map(str::to_owned),
    };
    assert_eq!(
        reply("button_reply", json!({"id": "cancel", "title": "Cancel"})),
        InteractiveReply::Button(choice(None))
    );
    assert_eq!(
        reply("list_reply", json!({"id": "cancel", "title": "Cancel", "description": "d"})),
        InteractiveReply::List(choice(Some("d")))
    );
    let flow = reply(
        "nfm_reply",
        json!({"name": "flow", "body": "Sent", "response_json": "{\"flow_token\":\"t\"}"}),
    );
    let InteractiveReply::Flow(flow) = flow else { panic!("{flow:?}") };
    assert_eq!(flow.response_json.as_deref(), Some("{\"flow_token\":\"t\"}"));
    let call = reply(
        "call_permission_reply",
        json!({"response": "accept", "is_permanent": false, "expiration_timestamp": 1_750_000_000, "response_source": "user_action"}),
    );
    let InteractiveReply::CallPermission(call) = call else { panic!("{call:?}") };
    assert_eq!((call.response.unwrap().as_str(), call.is_permanent), ("accept", Some(false)));
    let InteractiveReply::Unknown { kind, json } = reply("brand_new", json!({"a": 1})) else { panic!() };
    assert_eq!((kind.as_deref(), json.as_deref()), (Some("brand_new"), Some("{\"a\":1}")));
}

#[test]
fn buttons_orders_and_changes_of_the_person_are_read() {
    let MessageContent::Button(button) = content("button", &json!({"payload": "no", "text": "No"})) else {
        panic!()
    };
    assert_eq!((button.payload.as_deref(), button.text.as_deref()), (Some("no"), Some("No")));
    let MessageContent::Order(order) = content(
        "order",
        &json!({"catalog_id": "194836987003835", "text": "Love these!",
        "product_items": [{"product_retailer_id": "di9ozbzfi4", "quantity": 2, "item_price": 30.10, "currency": "USD"},
            {"product_retailer_id": "nqryix03ez", "quantity": "1", "item_price": "25", "currency": "USD"}]}),
    ) else {
        panic!()
    };
    let prices: Vec<_> = order.items.iter().map(|item| (item.quantity, item.item_price.as_deref())).collect();
    assert_eq!(prices, [(Some(2), Some("30.1")), (Some(1), Some("25"))]);
    for (value, event, wa_id) in [
        (
            json!({"type": "user_changed_number", "wa_id": "12195555358", "body": "b"}),
            SystemEventType::UserChangedNumber,
            Some("12195555358"),
        ),
        (
            json!({"type": "user_changed_number", "new_wa_id": "12195555358"}),
            SystemEventType::UserChangedNumber,
            Some("12195555358"),
        ),
        (
            json!({"type": "user_changed_user_id", "user_id": "US.2"}),
            SystemEventType::UserChangedUserId,
            None,
        ),
        (
            json!({"type": "customer_identity_changed", "identity": "x"}),
            SystemEventType::CustomerIdentityChanged,
            None,
        ),
    ] {
        let MessageContent::System(system) = content("system", &value) else { panic!("{value}") };
        assert_eq!((system.event, system.wa_id.as_deref()), (Some(event), wa_id), "{value}");
    }
}

#[test]
fn edits_and_withdrawals_name_the_earlier_message() {
    let MessageContent::Edit(edit) = content(
        "edit",
        &json!({"original_message_id": "wamid.0",
        "message": {"type": "text", "text": {"body": "better"}}}),
    ) else {
        panic!()
    };
    assert_eq!(edit.original_message_id.as_deref(), Some("wamid.0"));
    let Some(MessageContent::Text(text)) = edit.content.as_deref() else { panic!("{edit:?}") };
    assert_eq!(text.body.as_deref(), Some("better"));
    let MessageContent::Revoke(revoke) = content("revoke", &json!({"original_message_id": "wamid.0"})) else {
        panic!()
    };
    assert_eq!(revoke.original_message_id.as_deref(), Some("wamid.0"));
}

#[test]
fn an_edit_within_an_edit_is_not_followed() {
    let deep = |inner: &str| {
        let level = r#"{"type":"edit","edit":{"message":"#;
        format!("{}{inner}{}", level.repeat(10_000), "}}".repeat(10_000))
    };
    let raw = format!(r#"{{"field":"messages","value":{{"messages":[{}]}}}}"#, deep("{}"));
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from("whatsapp_business_account"),
        account: None,
        sent_at: None,
    };
    let read = Event::read(origin, "messages", serde_json::from_str(&raw).unwrap());
    let EventKind::WhatsAppMessage(message) = read.kind() else { panic!("{read:?}") };
    let MessageContent::Edit(edit) = &message.content else { panic!("no edit") };
    assert!(
        matches!(edit.content.as_deref(), Some(MessageContent::Unknown { kind: Some(kind), .. }) if &**kind == "edit")
    );
}

#[test]
fn what_has_no_content_says_why() {
    let mut item = of("unsupported", &json!({"type": "poll"}));
    item["errors"] = json!([{"code": 131_051, "title": "Message type unknown"}]);
    let read = message(&item);
    let MessageContent::Unsupported(unsupported) = &read.content else { panic!("{read:?}") };
    assert_eq!((unsupported.kind.as_deref(), read.errors[0].code), (Some("poll"), Some(131_051)));
    assert_eq!(message(&json!({"type": "request_welcome"})).content, MessageContent::RequestWelcome);
    for (item, kind, json) in [
        (of("brand_new", &json!({"a": [1]})), Some("brand_new"), Some("{\"a\":[1]}")),
        (of("text", &json!(5)), Some("text"), Some("5")),
        (json!({"type": "unknown"}), Some("unknown"), None),
        (json!({"type": 5}), None, None),
    ] {
        let read = message(&item).content;
        let MessageContent::Unknown { kind: read_kind, json: read_json } = &read else { panic!("{read:?}") };
        assert_eq!((read_kind.as_deref(), read_json.as_deref()), (kind, json), "{item}");
    }
}

#[test]
fn a_message_is_known_by_its_id_and_told_to_its_conversation() {
    let item = |more: Value| {
        let mut item = of("text", &json!({"body": "a"}));
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let of = |list: &str, field: &str, more: Value| event(field, &with_item(list, &item(more)), Some(1));
    let first = of("messages", "messages", json!({}));
    assert_eq!((first.strength(), first.subject()), (Strength::Exact, Some("16505551234")));
    assert_eq!(of("messages", "messages", json!({"text": {"body": "b"}})).key(), first.key());
    assert_ne!(of("messages", "messages", json!({"id": "wamid.2"})).key(), first.key());
    let group = of("messages", "messages", json!({"group_id": "Y2FwaV9ncm91cDox"}));
    assert_eq!(group.subject(), Some("Y2FwaV9ncm91cDox"));
    // The person hides the phone number.
    let hidden = of("messages", "messages", json!({"from": null, "from_user_id": "US.13491208655302741918"}));
    assert_eq!(hidden.subject(), Some("US.13491208655302741918"));
    let EventKind::WhatsAppMessage(message) = hidden.kind() else { panic!("{hidden:?}") };
    assert_eq!(message.contact, Some(sheena()));
    assert_eq!(of("messages", "messages", json!({"id": null})).strength(), Strength::BestEffort);

    let echo =
        of("message_echoes", "smb_message_echoes", json!({"from": "15550783881", "to": "16505551234"}));
    assert_eq!((echo.kind().name(), echo.subject()), ("whatsapp_message_echo", Some("16505551234")));
    assert_ne!(echo.key(), first.key());
}
