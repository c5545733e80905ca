use serde_json::{Value, json};

use super::*;
use crate::id::MediaId;
use crate::whatsapp::{ContactAddress, ContactEmail, ContactName, ContactOrg, ContactPhone, ContactUrl};

fn uploaded() -> MediaSource {
    MediaId::from(1_013_859_600_285_441).into()
}

fn wamid() -> WhatsAppMessageId {
    WhatsAppMessageId::new("wamid.HBgLM1Y1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==").unwrap()
}

fn card() -> ContactCard {
    ContactCard::new(ContactName::new("Barbara J. Johnson").first_name("Barbara").last_name("Johnson"))
        .phone(ContactPhone::new("+16505559999").kind("LANDLINE").wa_id("16505559999"))
        .email(ContactEmail::new("bjohnson@luckyshrub.com").kind("Work"))
        .url(ContactUrl::new("https://www.luckyshrub.com").kind("Company"))
        .address(
            ContactAddress::new()
                .street("1 Lucky Shrub Way")
                .city("Menlo Park")
                .zip("94025")
                .country_code("US"),
        )
        .org(ContactOrg::new().company("Lucky Shrub").department("Legal").title("Lead Counsel"))
        .birthday("1999-01-23")
}

#[test]
fn every_kind_is_written_as_the_samples_of_the_documentation() {
    let pin = Pin::Pin { message_id: wamid(), expiration_days: 7 };
    let table: Vec<(Message, Value)> = vec![
        (
            Text::new("As requested, here's the link: https://www.meta.com/quest/quest-3/")
                .preview_url(true)
                .into(),
            json!({"text": {"preview_url": true,
                "body": "As requested, here's the link: https://www.meta.com/quest/quest-3/"}}),
        ),
        (
            Message::Image(Media::new(uploaded()).caption("The best succulent ever?")),
            json!({"image": {"id": "1013859600285441", "caption": "The best succulent ever?"}}),
        ),
        (
            Message::Video(Media::new(MediaSource::link("https://www.luckyshrub.com/media/ekd2.mp4"))),
            json!({"video": {"link": "https://www.luckyshrub.com/media/ekd2.mp4"}}),
        ),
        (Audio::new(uploaded()).into(), json!({"audio": {"id": "1013859600285441"}})),
        (Audio::voice(uploaded()).into(), json!({"audio": {"id": "1013859600285441", "voice": true}})),
        (
            Document::new(uploaded())
                .caption("Lucky Shrub Invoice")
                .filename("lucky-shrub-invoice.pdf")
                .into(),
            json!({"document": {"id": "1013859600285441", "caption": "Lucky Shrub Invoice",
                "filename": "lucky-shrub-invoice.pdf"}}),
        ),
        (Sticker::new(uploaded()).into(), json!({"sticker": {"id": "1013859600285441"}})),
        (
            Location::new(37.442_162_156_65, -122.161_537_647_79)
                .name("Philz Coffee")
                .address("101 Forest Ave, Palo Alto, CA 94301")
                .into(),
            json!({"location": {"latitude": 37.442_162_156_65, "longitude": -122.161_537_647_79,
                "name": "Philz Coffee", "address": "101 Forest Ave, Palo Alto, CA 94301"}}),
        ),
        (
            vec![card()].into(),
            json!({"contacts": [{
                "name": {"formatted_name": "Barbara J. Johnson", "first_name": "Barbara", "last_name": "Johnson"},
                "birthday": "1999-01-23",
                "phones": [{"phone": "+16505559999", "type": "LANDLINE", "wa_id": "16505559999"}],
                "emails": [{"email": "bjohnson@luckyshrub.com", "type": "Work"}],
                "urls": [{"url": "https://www.luckyshrub.com", "type": "Company"}],
                "addresses": [{"street": "1 Lucky Shrub Way", "city": "Menlo Park", "zip": "94025",
                    "country_code": "US"}],
                "org": {"company": "Lucky Shrub", "department": "Legal", "title": "Lead Counsel"}}]}),
        ),
        (
            Reaction::new(wamid(), "\u{1f600}").into(),
            json!({"reaction": {"message_id": wamid().as_str(), "emoji": "\u{1f600}"}}),
        ),
        (
            Reaction::remove(wamid()).into(),
            json!({"reaction": {"message_id": wamid().as_str(), "emoji": ""}}),
        ),
        (pin.into(), json!({"pin": {"type": "pin", "message_id": wamid().as_str(), "expiration_days": 7}})),
        (
            Pin::Unpin { message_id: wamid() }.into(),
            json!({"pin": {"type": "unpin", "message_id": wamid().as_str()}}),
        ),
    ];
    for (message, expected) in table {
        assert_eq!(serde_json::to_value(&message).unwrap(), expected);
        assert_eq!(expected.as_object().unwrap().keys().next().unwrap(), message.kind());
        assert!(message.check().is_empty(), "{message:?}");
    }
}

#[test]
fn what_breaks_a_limit_is_found() {
    let bad_link = || MediaSource::link("https://scontent.whatsapp.net/v/1.jpg");
    let name_only = ContactCard::new(ContactName::new("Barbara"));
    for (message, rules) in [
        (Message::text("ä".repeat(4_096)), &[][..]),
        (Message::text("ä".repeat(4_097)), &[rules::W1.name]),
        (Message::text(" \n"), &[rules::W1.name]),
        (Message::Image(Media::new(uploaded()).caption("x".repeat(1_024))), &[]),
        (Message::Image(Media::new(bad_link())), &["whatsapp.media.example_link"]),
        (
            Message::Video(Media::new(bad_link()).caption("x".repeat(1_025))),
            &["whatsapp.media.example_link", rules::W2.name],
        ),
        (Document::new(uploaded()).caption("x".repeat(1_025)).into(), &[rules::W2.name]),
        (Audio::new(bad_link()).into(), &["whatsapp.media.example_link"]),
        (Sticker::new(bad_link()).into(), &["whatsapp.media.example_link"]),
        (Location::new(90.0, -180.0).into(), &[]),
        (Location::new(90.1, 0.0).into(), &["whatsapp.location"]),
        (Location::new(0.0, 180.1).into(), &["whatsapp.location"]),
        (Location::new(f64::NAN, 0.0).into(), &["whatsapp.location"]),
        (Message::Contacts(vec![]), &["whatsapp.contacts"]),
        (vec![name_only].into(), &["whatsapp.contacts.name"]),
        (vec![card().birthday("23.01.1999")].into(), &["whatsapp.contacts.birthday"]),
        (Pin::Pin { message_id: wamid(), expiration_days: 31 }.into(), &["whatsapp.pin.days"]),
    ] {
        let findings = message.check();
        assert_eq!(findings.iter().map(Finding::rule).collect::<Vec<_>>(), rules, "{message:?}");
    }
    let crowd = Message::Contacts(vec![card(); 258]).check();
    assert_eq!(crowd.len(), 1);
}

#[test]
fn only_a_template_opens_a_conversation() {
    assert!(Message::from(TemplateMessage::new("hello_world", "en_US")).opens_conversation());
    assert!(!Message::text("hello").opens_conversation());
}
