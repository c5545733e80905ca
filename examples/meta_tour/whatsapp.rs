//! WhatsApp messages: text, media, places, contacts, reactions, and what was read.

use sociogram::meta_graph::{
    PhoneNumberId,
    whatsapp::{
        Audio, ContactCard, ContactEmail, ContactName, ContactPhone, Document, Location, MarkMessageRead,
        Media, MediaSource, Message, MessageStatus, ProductPolicy, Reaction, Recipient, SendMarketingMessage,
        SendMessage, Sticker, TemplateHeader, TemplateMessage, Text, WhatsAppMessageId,
        media::{DeleteMedia, GetMedia, MediaReader, UploadMedia},
        templates::{CreateTemplate, HeaderFormat, TemplateCategory, TemplateComponent, TemplateStatus},
    },
};

use crate::{
    Outcome, expect,
    stage::Stage,
    whatsapp_manage::{ACCOUNT, reviewed},
};

/// The number of the business.
pub(crate) const NUMBER: u64 = 500_600_700_800_901;
/// A person who wrote within the last 24 hours, and may be answered freely.
pub(crate) const CUSTOMER: &str = "+1 650 555 1234";
/// The same person, where the number is not known.
pub(crate) const CUSTOMER_ID: &str = "US.13491208655302741918";
/// What the person wrote, as the webhook names it.
const INBOUND: &str = "wamid.SBXINBOUND0001=";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    read_and_answer(stage).await?;
    files(stage).await?;
    download(stage).await?;
    places_and_contacts(stage).await?;
    marketing(stage).await
}

/// Sends something to the customer.
pub(crate) async fn send(stage: &Stage, message: impl Into<Message>) -> Outcome<WhatsAppMessageId> {
    let to_customer = SendMessage::new(NUMBER, Recipient::phone(CUSTOMER), message);
    let sent = stage.user.send(to_customer).await?;
    Ok(sent.id().cloned().ok_or("an accepted message has an id")?)
}

async fn read_and_answer(stage: &Stage) -> Outcome {
    let inbound = WhatsAppMessageId::new(INBOUND)?;
    stage.user.send(MarkMessageRead::new(NUMBER, inbound.clone()).typing()).await?;
    let answer = Text::new("Ours is at https://example.com/bread").preview_url(true);
    let answer = SendMessage::new(NUMBER, Recipient::phone(CUSTOMER), answer)
        .reply_to(inbound.clone())
        .callback_data("order-1001");
    let sent = stage.user.send(answer).await?;
    expect(
        sent.contacts.iter().any(|person| person.wa_id.as_deref() == Some("16505551234")),
        "the digits of the number, as WhatsApp has it",
    )?;

    // A person whose number is not known is written to by the id that is valid for this business.
    let person = Recipient::User(CUSTOMER_ID.parse()?);
    let sent = stage.user.send(SendMessage::new(NUMBER, person, Message::text("Hello"))).await?;
    expect(
        sent.contacts.iter().all(|person| person.wa_id.is_none() && person.user_id.is_some()),
        "an answer without the number",
    )?;

    send(stage, Reaction::new(inbound.clone(), "👍")).await?;
    send(stage, Reaction::remove(inbound)).await?;
    Ok(())
}

async fn files(stage: &Stage) -> Outcome {
    let picture = UploadMedia::new(NUMBER, "bread.jpg", "image/jpeg", jpeg()).ttl_minutes(60);
    let picture = stage.user.send(picture).await?.id;
    let sticker = UploadMedia::new(NUMBER, "smile.webp", "image/webp", webp());
    let sticker = stage.user.send(sticker).await?.id;
    let menu = UploadMedia::new(NUMBER, "menu.pdf", "application/pdf", b"%PDF-1.7".to_vec());
    let menu = stage.user.send(menu).await?.id;
    let voice = UploadMedia::new(NUMBER, "hello.ogg", "audio/ogg; codecs=opus", b"OggS".to_vec());
    let voice = stage.user.send(voice).await?.id;

    send(stage, Message::Image(Media::new(picture).caption("Fresh bread"))).await?;
    send(stage, Sticker::new(sticker)).await?;
    send(stage, Document::new(menu).filename("menu.pdf").caption("The menu")).await?;
    send(stage, Audio::voice(voice)).await?;
    // What has a public address needs no upload, but whether Meta could fetch it is told by the webhook only.
    let video = MediaSource::link("https://example.com/oven.mp4");
    send(stage, Message::Video(Media::new(video))).await?;
    Ok(())
}

async fn download(stage: &Stage) -> Outcome {
    let number = PhoneNumberId::from(NUMBER);
    let media = stage.user.send(UploadMedia::new(NUMBER, "bread.jpg", "image/jpeg", jpeg())).await?.id;
    let info = stage.user.send(GetMedia::new(media.clone()).phone_number_id(number.clone())).await?;
    expect(info.file_size == Some(2_000), "the length that was uploaded")?;

    let mut reader = MediaReader::new(media.clone()).of_number(number).chunk_bytes(1_500);
    let mut file = Vec::new();
    while let Some(chunk) = reader.next(&stage.user).await? {
        file.extend_from_slice(chunk.as_bytes());
    }
    expect(file == jpeg(), "the bytes that were uploaded, in two pieces")?;

    stage.user.send(DeleteMedia::new(media.clone())).await?;
    let gone = stage.user.send(GetMedia::new(media)).await;
    expect(gone.is_err(), "the file to be gone")
}

async fn places_and_contacts(stage: &Stage) -> Outcome {
    let shop = Location::new(52.520_008, 13.404_954).name("Bakery").address("Alexanderplatz 1, Berlin");
    send(stage, shop).await?;
    let baker = ContactCard::new(ContactName::new("Anna Berg").first_name("Anna").last_name("Berg"))
        .phone(ContactPhone::new("+49 30 12345678").kind("WORK"))
        .email(ContactEmail::new("anna@example.com").kind("WORK"))
        .birthday("1990-05-17");
    send(stage, vec![baker]).await?;
    Ok(())
}

async fn marketing(stage: &Stage) -> Outcome {
    send(stage, TemplateMessage::new("hello_world", "en_US")).await?;

    let parts = vec![
        // The example is for the review; it cannot be sent.
        TemplateComponent::header_media(HeaderFormat::Image, "4::aW1hZ2UvanBlZw=="),
        TemplateComponent::body("Hi {{1}}, today all bread for half the price.").body_examples(["Ada"]),
    ];
    let create = CreateTemplate::new(ACCOUNT, "half_price", "en_US", TemplateCategory::Marketing);
    let template = stage.user.send(create.components(parts)).await?.id;
    let template = reviewed(stage, &template).await?;
    expect(template.status == Some(TemplateStatus::Approved), "the template to be approved")?;

    let picture = stage.user.send(UploadMedia::new(NUMBER, "bread.jpg", "image/jpeg", jpeg())).await?.id;
    let offer = TemplateMessage::new("half_price", "en_US")
        .header(TemplateHeader::Image(picture.into()))
        .body("Grace");
    expect(offer.check_against(&template).is_empty(), "every parameter to be filled")?;
    let offer = SendMarketingMessage::new(NUMBER, Recipient::phone(CUSTOMER), offer)
        .product_policy(ProductPolicy::CloudApiFallback)
        .message_activity_sharing(true)
        .callback_data("campaign-7");
    let sent = stage.user.send(offer).await?;
    expect(
        sent.messages.iter().all(|message| message.message_status == Some(MessageStatus::Accepted)),
        "the offer to be on its way",
    )
}

/// As much of a JPEG as is looked at.
pub(crate) fn jpeg() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
    bytes.resize(2_000, 7);
    bytes
}

fn webp() -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    bytes.resize(500, 7);
    bytes
}
