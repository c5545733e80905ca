//! WhatsApp: messages, media and templates.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::BaseUrl;
use sociogram_meta_graph::whatsapp::media::{DeleteMedia, GetMedia, MediaReader, UploadMedia};
use sociogram_meta_graph::whatsapp::templates::{
    ButtonSpec, CompareTemplates, CreateTemplate, DeleteTemplate, DeleteTemplates, EditTemplate, GetTemplate,
    HeaderFormat, ListTemplates, MigrateTemplates, TemplateCategory, TemplateComponent, TemplateStatus,
    UnpauseTemplate, UpsertAuthenticationTemplates,
};
use sociogram_meta_graph::whatsapp::{
    BusinessScopedUserId, GroupId, Interactive, MarkMessageRead, Message, MessageStatus, Pin, ProductPolicy,
    Reaction, Recipient, ReplyButton, SendMarketingMessage, SendMessage, TemplateButton, TemplateHeader,
    TemplateMessage, WhatsAppMessageId,
};
use sociogram_meta_graph::{Client, MediaId, MessageTemplateId, PhoneNumberId, WhatsAppAccountId};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::table::Table;

const FIELDS: &str = "fields=id%2Cname%2Clanguage%2Cstatus%2Ccategory%2Csub_category%2Cparameter_format%2Ccomponents\
                      %2Cquality_score%2Crejected_reason%2Cmessage_send_ttl_seconds%2Cprevious_category\
                      %2Clibrary_template_name%2Clast_updated_time";

fn number() -> PhoneNumberId {
    PhoneNumberId::from(106_540_352_242_922)
}

fn account() -> WhatsAppAccountId {
    WhatsAppAccountId::from(102_290_129_340_398)
}

fn wamid() -> WhatsAppMessageId {
    WhatsAppMessageId::new("wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==").unwrap()
}

fn answer() -> serde_json::Value {
    json!({"messaging_product": "whatsapp",
        "contacts": [{"input": "+16505551234", "wa_id": "16505551234"}],
        "messages": [{"id": wamid().as_str(), "message_status": "accepted"}]})
}

#[tokio::test]
async fn messages() {
    let table = Table::new().await;
    let to = || Recipient::phone("+16505551234");
    let user = BusinessScopedUserId::new("US.13491208655302741918").unwrap();
    let group = GroupId::new("Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAz").unwrap();
    table
        .row(
            SendMessage::new(number(), to(), Message::text("Hello")).callback_data("order-5"),
            "POST /v26.0/106540352242922/messages\njson {\"biz_opaque_callback_data\":\"order-5\",\
             \"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\",\"text\":{\"body\":\"Hello\"},\
             \"to\":\"+16505551234\",\"type\":\"text\"}",
            answer(),
            |sent| {
                assert_eq!(sent.id(), Some(&wamid()));
                assert_eq!(sent.messages[0].message_status, Some(MessageStatus::Accepted));
                assert_eq!(sent.contacts[0].wa_id.as_deref(), Some("16505551234"));
            },
        )
        .await;
    table
        .row(
            SendMessage::new(number(), user, Reaction::new(wamid(), "\u{1f600}")),
            "POST /v26.0/106540352242922/messages\njson {\"messaging_product\":\"whatsapp\",\
             \"reaction\":{\"emoji\":\"\u{1f600}\",\
             \"message_id\":\"wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==\"},\
             \"recipient\":\"US.13491208655302741918\",\"recipient_type\":\"individual\",\"type\":\"reaction\"}",
            json!({"messaging_product": "whatsapp", "contacts": [{"input": "US.13491208655302741918",
                "user_id": "US.13491208655302741918"}], "messages": [{"id": "wamid.A"}]}),
            |sent| {
                assert_eq!(sent.contacts[0].wa_id, None);
                assert_eq!(sent.contacts[0].user_id.as_ref().unwrap().as_str(), "US.13491208655302741918");
            },
        )
        .await;
    table
        .row(
            SendMessage::new(number(), group, Pin::Pin { message_id: wamid(), expiration_days: 7 }),
            "POST /v26.0/106540352242922/messages\njson {\"messaging_product\":\"whatsapp\",\
             \"pin\":{\"expiration_days\":7,\
             \"message_id\":\"wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==\",\"type\":\"pin\"},\
             \"recipient_type\":\"group\",\"to\":\"Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAz\",\"type\":\"pin\"}",
            json!({"messages": [{"id": "wamid.A", "group_id": "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAz"}]}),
            |sent| assert!(sent.messages[0].group_id.is_some()),
        )
        .await;
    let question = Interactive::buttons("Shall we come at 9?", [ReplyButton::new("yes", "Yes")]);
    table
        .row(
            SendMessage::new(number(), to(), question).reply_to(wamid()),
            "POST /v26.0/106540352242922/messages\njson {\"context\":{\"message_id\":\
             \"wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==\"},\"interactive\":{\
             \"action\":{\"buttons\":[{\"reply\":{\"id\":\"yes\",\"title\":\"Yes\"},\"type\":\"reply\"}]},\
             \"body\":{\"text\":\"Shall we come at 9?\"},\"type\":\"button\"},\"messaging_product\":\"whatsapp\",\
             \"recipient_type\":\"individual\",\"to\":\"+16505551234\",\"type\":\"interactive\"}",
            answer(),
            |sent| assert!(sent.id().is_some()),
        )
        .await;
    table
        .row(
            MarkMessageRead::new(number(), wamid()).typing(),
            "POST /v26.0/106540352242922/messages\njson {\"message_id\":\
             \"wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==\",\"messaging_product\":\"whatsapp\",\
             \"status\":\"read\",\"typing_indicator\":{\"type\":\"text\"}}",
            json!({"success": true}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn template_messages() {
    let table = Table::new().await;
    let to = || Recipient::phone("16505551234");
    let promotion = TemplateMessage::new("seasonal_promotion", "en_US")
        .header(TemplateHeader::Image(MediaId::from(2_871_834_006_348_767).into()))
        .body("Pablo")
        .button(0, TemplateButton::Url("25OFF".to_owned()));
    table
        .row(
            SendMessage::new(number(), to(), promotion.clone()),
            "POST /v26.0/106540352242922/messages\njson {\"messaging_product\":\"whatsapp\",\
             \"recipient_type\":\"individual\",\"template\":{\"components\":[\
             {\"parameters\":[{\"image\":{\"id\":\"2871834006348767\"},\"type\":\"image\"}],\"type\":\"header\"},\
             {\"parameters\":[{\"text\":\"Pablo\",\"type\":\"text\"}],\"type\":\"body\"},\
             {\"index\":\"0\",\"parameters\":[{\"text\":\"25OFF\",\"type\":\"text\"}],\"sub_type\":\"url\",\
             \"type\":\"button\"}],\"language\":{\"code\":\"en_US\"},\"name\":\"seasonal_promotion\"},\
             \"to\":\"16505551234\",\"type\":\"template\"}",
            answer(),
            |sent| assert!(sent.id().is_some()),
        )
        .await;
    table
        .row(
            SendMarketingMessage::new(number(), to(), TemplateMessage::new("hello_world", "en_US"))
                .product_policy(ProductPolicy::CloudApiFallback)
                .message_activity_sharing(true),
            "POST /v26.0/106540352242922/marketing_messages\njson {\"message_activity_sharing\":true,\
             \"messaging_product\":\"whatsapp\",\"product_policy\":\"CLOUD_API_FALLBACK\",\
             \"recipient_type\":\"individual\",\"template\":{\"language\":{\"code\":\"en_US\"},\
             \"name\":\"hello_world\"},\"to\":\"16505551234\",\"type\":\"template\"}",
            answer(),
            |sent| assert!(sent.id().is_some()),
        )
        .await;
}

#[tokio::test]
async fn media() {
    let table = Table::new().await;
    table
        .row(
            UploadMedia::new(number(), "shrub.jpg", "image/jpeg", b"JPEG".to_vec()),
            "POST /v26.0/106540352242922/media\nmultipart messaging_product=whatsapp type=image/jpeg \
             file=@shrub.jpg;image/jpeg",
            json!({"id": "1037543291543636"}),
            |media| assert_eq!(media.id.as_str(), "1037543291543636"),
        )
        .await;
    table
        .row(
            GetMedia::new(MediaId::from(1_037_543_291_543_636)).phone_number_id(number()),
            "GET /v26.0/1037543291543636?phone_number_id=106540352242922",
            json!({"messaging_product": "whatsapp",
                "url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1037543291543636",
                "mime_type": "image/jpeg", "sha256": "a1b2", "file_size": "303833", "id": "1037543291543636"}),
            |media| {
                assert_eq!((media.file_size, media.mime_type.as_deref()), (Some(303_833), Some("image/jpeg")));
            },
        )
        .await;
    table
        .row(
            DeleteMedia::new(MediaId::from(1_037_543_291_543_636)),
            "DELETE /v26.0/1037543291543636",
            json!({"success": true}),
            |()| {},
        )
        .await;
}

/// `ReadMediaPart` is sent by its reader only.
#[tokio::test]
async fn a_file_is_read_in_pieces_over_a_socket() {
    let server = MockServer::start().await;
    let url = format!("{}/whatsapp_business/attachments/?mid=1037&ext=1664537344&hash=ARtBt8", server.uri());
    let info = json!({"url": url, "file_size": 6, "id": "1037",
        "sha256": "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"});
    let answer = ResponseTemplate::new(200).set_body_json(info);
    Mock::given(method("GET")).and(path("/v26.0/1037")).respond_with(answer).mount(&server).await;
    for (range, content_range, bytes) in
        [("bytes=0-3", "bytes 0-3/6", "abcd"), ("bytes=4-7", "bytes 4-5/6", "ef")]
    {
        let answer =
            ResponseTemplate::new(206).insert_header("content-range", content_range).set_body_string(bytes);
        Mock::given(method("GET"))
            .and(path("/whatsapp_business/attachments/"))
            .and(header("range", range))
            .and(header("authorization", "Bearer token"))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let base = BaseUrl::parse(&server.uri()).unwrap();
    let client = Client::builder().access_token("token").base_url(base).build().unwrap();
    let mut reader = MediaReader::new(MediaId::from(1037)).chunk_bytes(4);
    let mut file = Vec::new();
    while let Some(chunk) = reader.next(&client).await.unwrap() {
        file.extend_from_slice(chunk.as_bytes());
    }
    assert_eq!(file, b"abcdef");
    let query = server.received_requests().await.unwrap().pop().unwrap();
    assert_eq!(query.url.query(), Some("mid=1037&ext=1664537344&hash=ARtBt8"));
}

#[tokio::test]
async fn templates() {
    let table = Table::new().await;
    let approved = json!({"id": "572279198452421", "name": "seasonal_promotion", "language": "en_US",
        "status": "APPROVED", "category": "MARKETING", "parameter_format": "POSITIONAL",
        "components": [{"type": "HEADER", "format": "IMAGE",
            "example": {"header_handle": ["https://scontent.whatsapp.net/v/t61.29466-34/1.jpg"]}},
            {"type": "BODY", "text": "Hi {{1}}, hello", "example": {"body_text": [["Pablo"]]}}]});
    table
        .row(
            ListTemplates::new(account()).status(vec![TemplateStatus::Approved]).name_or_content("promotion").limit(100),
            &format!(
                "GET /v26.0/102290129340398/message_templates?name_or_content=promotion&status=%5B%22APPROVED%22%5D&\
                 {FIELDS}&limit=100"
            ),
            json!({"data": [approved, {"name": "no id"}], "paging": {"cursors": {"before": "MAZDZD", "after": "MjQZD"}}}),
            |page| assert_eq!((page.items.len(), page.malformed.len()), (1, 1)),
        )
        .await;
    table
        .row(
            GetTemplate::new(MessageTemplateId::from(572_279_198_452_421)),
            &format!("GET /v26.0/572279198452421?{FIELDS}"),
            approved,
            |template| {
                assert_eq!(template.status, Some(TemplateStatus::Approved));
                assert_eq!(template.components[0].format, Some(HeaderFormat::Image));
            },
        )
        .await;
    let parts = || {
        vec![
            TemplateComponent::body("Hi {{1}}, hello").body_examples(["Pablo"]),
            TemplateComponent::buttons([ButtonSpec::quick_reply("Stop")]),
        ]
    };
    let written = "\"components\":[{\"example\":{\"body_text\":[[\"Pablo\"]]},\"text\":\"Hi {{1}}, hello\",\"type\":\"BODY\"},\
                   {\"buttons\":[{\"text\":\"Stop\",\"type\":\"QUICK_REPLY\"}],\"type\":\"BUTTONS\"}]";
    table
        .row(
            CreateTemplate::new(account(), "seasonal_promotion", "en_US", TemplateCategory::Marketing)
                .components(parts()),
            &format!(
                "POST /v26.0/102290129340398/message_templates\njson {{\"category\":\"MARKETING\",{written},\
                 \"language\":\"en_US\",\"name\":\"seasonal_promotion\"}}"
            ),
            json!({"id": "572279198452421", "status": "PENDING", "category": "MARKETING"}),
            |created| assert_eq!(created.status, Some(TemplateStatus::Pending)),
        )
        .await;
    table
        .row(
            EditTemplate::new(MessageTemplateId::from(572)).components(parts()),
            &format!("POST /v26.0/572\njson {{{written}}}"),
            json!({"success": true}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn managing_templates() {
    let table = Table::new().await;
    let id = || MessageTemplateId::from(572);
    table
        .row(
            DeleteTemplate::new(account(), "order_confirmation").hsm_id(id()),
            "DELETE /v26.0/102290129340398/message_templates?name=order_confirmation&hsm_id=572",
            json!({"success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            DeleteTemplates::new(account(), vec![id(), MessageTemplateId::from(573)]),
            "DELETE /v26.0/102290129340398/message_templates?hsm_ids=%5B%22572%22%2C%22573%22%5D",
            json!({"success": true}),
            |()| {},
        )
        .await;
    let password = vec![
        TemplateComponent::authentication_body(true),
        TemplateComponent::buttons([ButtonSpec::otp_copy_code()]),
    ];
    let languages = vec!["en_US".to_owned(), "es_ES".to_owned()];
    table
        .row(
            UpsertAuthenticationTemplates::new(account(), "authentication_code", languages, password),
            "POST /v26.0/102290129340398/upsert_message_templates\njson {\"category\":\"AUTHENTICATION\",\
             \"components\":[{\"add_security_recommendation\":true,\"type\":\"BODY\"},\
             {\"buttons\":[{\"otp_type\":\"COPY_CODE\",\"type\":\"OTP\"}],\"type\":\"BUTTONS\"}],\
             \"languages\":[\"en_US\",\"es_ES\"],\"name\":\"authentication_code\"}",
            json!({"data": [{"id": "954638012257287", "status": "APPROVED", "language": "en_US"}]}),
            |made| assert_eq!(made.templates[0].language.as_deref(), Some("en_US")),
        )
        .await;
    table
        .row(
            MigrateTemplates::new(account(), WhatsAppAccountId::from(7)).page_number(0_u32),
            "POST /v26.0/102290129340398/migrate_message_templates\nform source_waba_id=7&page_number=0",
            json!({"migrated_templates": ["1473688840035974"], "failed_templates": {"1019496902803242": "Incorrect category"}}),
            |moved| assert_eq!((moved.migrated.len(), moved.failed.len()), (1, 1)),
        )
        .await;
    let at = Timestamp::from_unix_seconds;
    table
        .row(
            CompareTemplates::new(id(), ["573"], at(1_674_844_791), at(1_674_845_395)),
            "GET /v26.0/572/compare?template_ids=573&start=1674844791&end=1674845395",
            json!({"data": [
                {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": ["572", "573"]},
                {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES", "number_values": [{"key": "572", "value": 1}]},
                {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES",
                    "string_values": [{"key": "572", "value": "UNKNOWN_BLOCK_REASON"}]}]}),
            |comparison| {
                assert_eq!(comparison.by_block_rate[0], MessageTemplateId::from(572));
                assert_eq!(comparison.sends, [(MessageTemplateId::from(572), 1)]);
                assert_eq!(comparison.top_block_reasons[0].1, "UNKNOWN_BLOCK_REASON");
            },
        )
        .await;
    table.row(UnpauseTemplate::new(id()), "POST /v26.0/572/unpause", json!({"success": true}), |()| {}).await;
}
