use serde_json::{Value, json};

use super::*;
use crate::guard::rules;
use crate::id::MediaId;
use crate::whatsapp::FlowId;
use sociogram_api_core::Finding;

fn row(id: &str) -> ListRow {
    ListRow::new(id, "Priority Mail")
}

fn product_list(items: usize) -> Interactive {
    let sections = vec![ProductSection::new("Popular Bundles", (0..items).map(|at| format!("p{at}")))];
    Interactive::new(
        "Check out our products",
        InteractiveAction::ProductList { catalog_id: "146265584024623".to_owned(), sections },
    )
    .header(InteractiveHeader::text("Shrubs"))
}

fn card() -> CarouselCard {
    let header = CardHeader::Image { image: MediaSource::link("https://www.luckyshrub.com/a.jpg") };
    let (display_text, url) = ("Buy now".to_owned(), "https://shop.example.com/offer".to_owned());
    CarouselCard::new(header, CardAction::CtaUrl { display_text, url }).body("Exclusive deal")
}

fn written_card(at: u8) -> Value {
    json!({"card_index": at, "type": "cta_url",
        "header": {"type": "image", "image": {"link": "https://www.luckyshrub.com/a.jpg"}},
        "body": {"text": "Exclusive deal"},
        "action": {"name": "cta_url",
            "parameters": {"display_text": "Buy now", "url": "https://shop.example.com/offer"}}})
}

fn order() -> OrderDetails {
    let item = OrderItem::new("1234567", "Cake", Amount::in_hundredths(2_000), 1);
    let order = Order::new([item], Amount::in_hundredths(2_000), Amount::in_hundredths(100));
    OrderDetails::new("ref-1", "INR", Amount::in_hundredths(2_100), order)
        .digital()
        .payment_setting(json!({"type": "payment_gateway",
            "payment_gateway": {"type": "razorpay", "configuration_name": "my-config"}}))
}

/// Every kind with the JSON of the documentation's samples.
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn table() -> Vec<(Interactive, Value)> {
    let screen = json!({"product_name": "name"}).as_object().cloned();
    let call = VoiceCall {
        display_text: Some("Call on WhatsApp".to_owned()),
        ttl_minutes: Some(100),
        payload: None,
    };
    let address = AddressRequest::new("IN")
        .value("name", "CUSTOMER_NAME")
        .saved_address(SavedAddress::new("address1", [("city".to_owned(), "Mumbai".to_owned())]));
    vec![
        (
            Interactive::buttons(
                "Do you want to change it?",
                [ReplyButton::new("change-button", "Change"), ReplyButton::new("cancel-button", "Cancel")],
            )
            .header(InteractiveHeader::image(MediaId::from(2_762_702_990_552_401)))
            .footer("Lucky Shrub"),
            json!({"type": "button",
                "header": {"type": "image", "image": {"id": "2762702990552401"}},
                "body": {"text": "Do you want to change it?"},
                "footer": {"text": "Lucky Shrub"},
                "action": {"buttons": [
                    {"type": "reply", "reply": {"id": "change-button", "title": "Change"}},
                    {"type": "reply", "reply": {"id": "cancel-button", "title": "Cancel"}}]}}),
        ),
        (
            Interactive::list(
                "Which shipping option do you prefer?",
                List::of_sections(
                    "Shipping Options",
                    [
                        ListSection::new(
                            "I want it ASAP!",
                            [ListRow::new("priority_express", "Priority Mail Express")
                                .description("Next Day to 2 Days")],
                        ),
                        ListSection::new("I can wait a bit", [row("priority_mail")]),
                    ],
                ),
            )
            .header(InteractiveHeader::text("Choose Shipping Option")),
            json!({"type": "list",
                "header": {"type": "text", "text": "Choose Shipping Option"},
                "body": {"text": "Which shipping option do you prefer?"},
                "action": {"button": "Shipping Options", "sections": [
                    {"title": "I want it ASAP!", "rows": [{"id": "priority_express",
                        "title": "Priority Mail Express", "description": "Next Day to 2 Days"}]},
                    {"title": "I can wait a bit", "rows": [{"id": "priority_mail", "title": "Priority Mail"}]}]}}),
        ),
        (
            Interactive::link(
                "Tap the button below to see dates.",
                "See Dates",
                "https://www.luckyshrub.com?clickID=kq",
            ),
            json!({"type": "cta_url", "body": {"text": "Tap the button below to see dates."},
                "action": {"name": "cta_url", "parameters": {"display_text": "See Dates",
                    "url": "https://www.luckyshrub.com?clickID=kq"}}}),
        ),
        (
            Interactive::flow(
                "Flow message body",
                FlowAction::new(FlowId::new("1").unwrap(), "Book!")
                    .token("AQAAAAACS5FpgQ_cAAAAAD0QI3s.")
                    .navigate("FIRST", screen),
            ),
            json!({"type": "flow", "body": {"text": "Flow message body"},
                "action": {"name": "flow", "parameters": {"flow_message_version": "3",
                    "flow_token": "AQAAAAACS5FpgQ_cAAAAAD0QI3s.", "flow_id": "1", "flow_cta": "Book!",
                    "flow_action": "navigate",
                    "flow_action_payload": {"screen": "FIRST", "data": {"product_name": "name"}}}}}),
        ),
        (
            Interactive::flow("body", FlowAction::by_name("appointment", "Book").draft().data_exchange()),
            json!({"type": "flow", "body": {"text": "body"},
                "action": {"name": "flow", "parameters": {"flow_message_version": "3", "flow_name": "appointment",
                    "flow_cta": "Book", "mode": "draft", "flow_action": "data_exchange"}}}),
        ),
        (
            Interactive::new("Let's start with your pickup.", InteractiveAction::LocationRequest),
            json!({"type": "location_request_message", "body": {"text": "Let's start with your pickup."},
                "action": {"name": "send_location"}}),
        ),
        (
            Interactive::new("Share your number", InteractiveAction::ContactInfoRequest),
            json!({"type": "request_contact_info", "body": {"text": "Share your number"},
                "action": {"name": "request_contact_info"}}),
        ),
        (
            Interactive::without_body(InteractiveAction::CallPermissionRequest),
            json!({"type": "call_permission_request", "action": {"name": "call_permission_request"}}),
        ),
        (
            Interactive::new("You can call us now", InteractiveAction::VoiceCall(call)),
            json!({"type": "voice_call", "body": {"text": "You can call us now"},
                "action": {"name": "voice_call",
                    "parameters": {"display_text": "Call on WhatsApp", "ttl_minutes": 100}}}),
        ),
        (
            Interactive::new("Thanks for your order!", InteractiveAction::Address(address)),
            json!({"type": "address_message", "body": {"text": "Thanks for your order!"},
                "action": {"name": "address_message", "parameters": {"country": "IN",
                    "values": {"name": "CUSTOMER_NAME"},
                    "saved_addresses": [{"id": "address1", "value": {"city": "Mumbai"}}]}}}),
        ),
        (
            Interactive::without_body(InteractiveAction::Product {
                catalog_id: "367025965434465".to_owned(),
                product_retailer_id: "cuw1q47udz".to_owned(),
            }),
            json!({"type": "product",
                "action": {"catalog_id": "367025965434465", "product_retailer_id": "cuw1q47udz"}}),
        ),
        (
            product_list(2),
            json!({"type": "product_list", "header": {"type": "text", "text": "Shrubs"},
                "body": {"text": "Check out our products"},
                "action": {"catalog_id": "146265584024623", "sections": [{"title": "Popular Bundles",
                    "product_items": [{"product_retailer_id": "p0"}, {"product_retailer_id": "p1"}]}]}}),
        ),
        (
            Interactive::new(
                "Hello! Order from here.",
                InteractiveAction::Catalog { thumbnail_product_retailer_id: Some("2lc20305pt".to_owned()) },
            ),
            json!({"type": "catalog_message", "body": {"text": "Hello! Order from here."},
                "action": {"name": "catalog_message",
                    "parameters": {"thumbnail_product_retailer_id": "2lc20305pt"}}}),
        ),
        (
            Interactive::new("Our latest offers", InteractiveAction::Carousel(vec![card(), card()])),
            json!({"type": "carousel", "body": {"text": "Our latest offers"},
                "action": {"cards": [written_card(0), written_card(1)]}}),
        ),
        (
            Interactive::new("Your order", InteractiveAction::OrderDetails(Box::new(order()))),
            json!({"type": "order_details", "body": {"text": "Your order"},
                "action": {"name": "review_and_pay", "parameters": {"reference_id": "ref-1",
                    "type": "digital-goods",
                    "payment_settings": [{"type": "payment_gateway",
                        "payment_gateway": {"type": "razorpay", "configuration_name": "my-config"}}],
                    "currency": "INR", "total_amount": {"value": 2100, "offset": 100},
                    "order": {"status": "pending",
                        "items": [{"retailer_id": "1234567", "name": "Cake",
                            "amount": {"value": 2000, "offset": 100}, "quantity": 1}],
                        "subtotal": {"value": 2000, "offset": 100}, "tax": {"value": 100, "offset": 100}}}}}),
        ),
        (
            Interactive::new(
                "Your order is on its way",
                InteractiveAction::OrderStatus(
                    OrderStatus::new("ref-1", OrderUpdate::Shipped).description("Two days"),
                ),
            ),
            json!({"type": "order_status", "body": {"text": "Your order is on its way"},
                "action": {"name": "review_order", "parameters": {"reference_id": "ref-1",
                    "order": {"status": "shipped", "description": "Two days"}}}}),
        ),
    ]
}

#[test]
fn every_kind_is_written_as_the_samples_of_the_documentation() {
    let mut kinds = std::collections::BTreeSet::new();
    for (interactive, expected) in table() {
        assert_eq!(serde_json::to_value(&interactive).unwrap(), expected);
        assert!(interactive.check().is_empty(), "{:?}", interactive.check());
        kinds.insert(interactive.action.kind());
    }
    assert_eq!(kinds.len(), 15);
}

#[test]
fn cards_of_products_and_of_reply_buttons_have_their_own_form() {
    let cards = vec![CarouselCard::product("14", "p1"), CarouselCard::product("14", "p2")];
    let products = Interactive::new("Look", InteractiveAction::Carousel(cards));
    assert!(products.check().is_empty());
    assert_eq!(
        serde_json::to_value(&products).unwrap()["action"]["cards"][1],
        json!({"card_index": 1, "type": "product", "action": {"catalog_id": "14", "product_retailer_id": "p2"}})
    );
    let mut replies = card();
    replies.action = CardAction::Buttons(vec![ReplyButton::new("a", "A")]);
    let replies = Interactive::new("Look", InteractiveAction::Carousel(vec![replies.clone(), replies]));
    assert!(replies.check().is_empty());
    assert_eq!(
        serde_json::to_value(&replies).unwrap()["action"]["cards"][0]["action"],
        json!({"buttons": [{"type": "quick_reply", "quick_reply": {"id": "a", "title": "A"}}]})
    );
}

fn rules_of(interactive: &Interactive) -> Vec<&'static str> {
    interactive.check().iter().map(Finding::rule).collect()
}

#[test]
fn the_limits_of_buttons() {
    let button = |id: &str, title: &str| ReplyButton::new(id, title);
    let three = || ["a", "b", "c"].map(|id| button(id, id));
    for (message, expected) in [
        (Interactive::buttons("x", three()), &[][..]),
        (Interactive::buttons("x", []), &[rules::W8.name]),
        (Interactive::buttons("x", three().into_iter().chain([button("d", "d")])), &[rules::W8.name]),
        (Interactive::buttons("", three()), &[rules::W8_BODY.name]),
        (Interactive::buttons("x".repeat(1_024), three()), &[]),
        (Interactive::buttons("x".repeat(1_025), three()), &[rules::W8_BODY.name]),
        (Interactive::buttons("x", [button("a", &"ä".repeat(20))]), &[]),
        (Interactive::buttons("x", [button("a", &"ä".repeat(21))]), &[rules::W8_TITLE.name]),
        (Interactive::buttons("x", [button("a", "")]), &[rules::W8_TITLE.name]),
        (Interactive::buttons("x", [button(" a", "A")]), &[rules::W8_ID.name]),
        (Interactive::buttons("x", [button(&"a".repeat(257), "A")]), &[rules::W8_ID.name]),
        (Interactive::buttons("x", [button("a", "A"), button("b", "A")]), &[rules::W8_TITLE.name]),
        (Interactive::buttons("x", [button("a", "A"), button("a", "B")]), &[rules::W8_ID.name]),
        (Interactive::buttons("x", three()).footer("f".repeat(61)), &[rules::W10_FOOTER.name]),
        (
            Interactive::buttons("x", three()).header(InteractiveHeader::text("h".repeat(61))),
            &[rules::W10.name],
        ),
        (
            Interactive::buttons("x", three()).header(InteractiveHeader::video(MediaSource::link("nowhere"))),
            &["whatsapp.media.link"],
        ),
    ] {
        assert_eq!(rules_of(&message), expected, "{message:?}");
    }
}

#[test]
fn the_limits_of_lists() {
    let rows = |number: usize| (0..number).map(|at| row(&format!("r{at}"))).collect::<Vec<_>>();
    let two = |first, second: Vec<ListRow>| {
        let second =
            second.into_iter().map(|row| ListRow { id: format!("s{}", row.id), ..row }).collect::<Vec<_>>();
        List::of_sections("Open", [ListSection::new("A", rows(first)), ListSection::new("B", second)])
    };
    let untitled = ListSection { title: None, rows: vec![row("x")] };
    for (message, expected) in [
        (Interactive::list("x".repeat(4_096), List::new("Open", rows(10))), &[][..]),
        (Interactive::list("x".repeat(4_097), List::new("Open", rows(10))), &[rules::W9_BODY.name]),
        (Interactive::list("x", List::new("Open", rows(11))), &[rules::W9.name]),
        (Interactive::list("x", two(5, rows(5))), &[]),
        (Interactive::list("x", two(6, rows(5))), &[rules::W9.name]),
        (Interactive::list("x", two(1, rows(0))), &[rules::W9.name]),
        (Interactive::list("x", List::of_sections("Open", [])), &[rules::W9.name]),
        (Interactive::list("x", List::new("", rows(1))), &[rules::W9_LABEL.name]),
        (Interactive::list("x", List::new("o".repeat(21), rows(1))), &[rules::W9_LABEL.name]),
        (
            Interactive::list("x", List::of_sections("Open", [untitled, ListSection::new("B", [row("b")])])),
            &[rules::W9_TITLE.name],
        ),
        (Interactive::list("x", List::new("Open", [row("a"), row("a")])), &[rules::W9_ID.name]),
        (Interactive::list("x", List::new("Open", [row(&"a".repeat(201))])), &[rules::W9_ID.name]),
        (
            Interactive::list("x", List::new("Open", [ListRow::new("a", "t".repeat(25))])),
            &[rules::W9_TITLE.name],
        ),
        (
            Interactive::list("x", List::new("Open", [row("a").description("d".repeat(73))])),
            &[rules::W9_DESCRIPTION.name],
        ),
        (
            Interactive::list("x", List::new("Open", rows(1)))
                .header(InteractiveHeader::image(MediaId::from(1))),
            &["whatsapp.interactive.header"],
        ),
    ] {
        assert_eq!(rules_of(&message), expected, "{message:?}");
    }
}

#[test]
fn the_limits_of_the_other_kinds() {
    let call = |ttl_minutes| InteractiveAction::VoiceCall(VoiceCall { ttl_minutes, ..VoiceCall::default() });
    let mut product = card();
    product.action = CardAction::Product { catalog_id: "1".to_owned(), product_retailer_id: "2".to_owned() };
    let cards = |cards| Interactive::new("x", InteractiveAction::Carousel(cards));
    let mut headless = product_list(1);
    headless.header = None;
    for (message, expected) in [
        (Interactive::link("x", "", "https://example.com"), &["whatsapp.interactive.button"][..]),
        (Interactive::link("x", "Open", "example.com"), &["whatsapp.interactive.url"]),
        (Interactive::link("", "Open", "https://example.com"), &["whatsapp.interactive.body"]),
        (Interactive::flow("x", FlowAction::by_name("n", "b".repeat(21))), &["whatsapp.flow.button"]),
        (Interactive::flow("x", FlowAction::by_name("n", "b").navigate("", None)), &["whatsapp.flow.start"]),
        (
            Interactive::flow("x", FlowAction::by_name("n", "b").navigate("S", Some(serde_json::Map::new()))),
            &["whatsapp.flow.start"],
        ),
        (Interactive::new("x", call(Some(43_200))), &[]),
        (Interactive::new("x", call(Some(43_201))), &["whatsapp.call.ttl"]),
        (product_list(30), &[]),
        (product_list(31), &["whatsapp.products.items"]),
        (headless, &["whatsapp.interactive.header"]),
        (cards(vec![card()]), &["whatsapp.carousel.cards"]),
        (cards(vec![card(); 10]), &[]),
        (cards(vec![card(); 11]), &["whatsapp.carousel.cards"]),
        (cards(vec![card(), product]), &["whatsapp.carousel.kinds"]),
        (cards(vec![card().body("b".repeat(161)), card()]), &["whatsapp.carousel.body"]),
        (
            Interactive::new(
                "x",
                InteractiveAction::OrderStatus(
                    OrderStatus::new("r", OrderUpdate::Shipped).description("d".repeat(121)),
                ),
            ),
            &["whatsapp.order.description"],
        ),
    ] {
        assert_eq!(rules_of(&message), expected, "{message:?}");
    }
}
