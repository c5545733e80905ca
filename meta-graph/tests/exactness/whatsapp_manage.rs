//! WhatsApp: numbers, their settings, and people.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::whatsapp::Recipient;
use sociogram_meta_graph::whatsapp::accounts::MessagingLimit;
use sociogram_meta_graph::whatsapp::automation::{
    Command, GetConversationalAutomation, SetConversationalAutomation,
};
use sociogram_meta_graph::whatsapp::block_list::{BlockUsers, ListBlockedUsers, UnblockUsers};
use sociogram_meta_graph::whatsapp::business_profile::{GetBusinessProfile, UpdateBusinessProfile, Vertical};
use sociogram_meta_graph::whatsapp::calls::{CallPermissionStatus, GetCallPermissions};
use sociogram_meta_graph::whatsapp::compliance::{
    ComplianceContact, EntityType, GetComplianceInfo, SetComplianceInfo,
};
use sociogram_meta_graph::whatsapp::phone_numbers::{
    CreatePhoneNumber, GetPhoneNumber, ListPhoneNumbers, NumberStatus, OverrideNumberWebhook, QualityRating,
    ThroughputLevel, WebhookOverride,
};
use sociogram_meta_graph::whatsapp::qr_codes::{
    CreateQrCode, DeleteQrCode, GetQrCode, ListQrCodes, QrImage, UpdateQrCode,
};
use sociogram_meta_graph::whatsapp::registration::{
    CodeMethod, DeregisterPhoneNumber, RegisterPhoneNumber, RequestVerificationCode, SetTwoStepPin,
    VerifyCode,
};
use sociogram_meta_graph::whatsapp::settings::{
    GetBusinessEncryption, GetCommerceSettings, GetNumberSettings, GetOfficialAccountStatus,
    SetBusinessEncryption, StorageConfiguration, UpdateCommerceSettings, UpdateNumberSettings,
    UserIdentityChange,
};
use sociogram_meta_graph::whatsapp::usernames::{
    DeleteUsername, GetUsername, ListUsernameSuggestions, SetUsername, UsernameStatus,
};
use sociogram_meta_graph::{PhoneNumberId, WhatsAppAccountId};

use crate::table::Table;

const NUMBER_FIELDS: &str = "fields=id%2Cdisplay_phone_number%2Cverified_name%2Cstatus%2Cquality_rating\
    %2Ccode_verification_status%2Cplatform_type%2Cthroughput%2Cname_status%2Cnew_name_status%2Caccount_mode\
    %2Cis_official_business_account%2Cis_pin_enabled%2Cis_on_biz_app%2Chealth_status\
    %2Cwhatsapp_business_manager_messaging_limit%2Cwebhook_configuration%2Clast_onboarded_time";

fn number() -> PhoneNumberId {
    PhoneNumberId::from(106)
}

fn account() -> WhatsAppAccountId {
    WhatsAppAccountId::from(102)
}

fn done() -> serde_json::Value {
    json!({"success": true})
}

#[tokio::test]
async fn numbers() {
    let table = Table::new().await;
    let read = json!({"id": "106", "display_phone_number": "+1 631-555-5555", "verified_name": "Jasper's Market",
        "status": "CONNECTED", "quality_rating": "GREEN", "throughput": {"level": "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K"});
    table
        .row(
            ListPhoneNumbers::new(account()),
            &format!("GET /v26.0/102/phone_numbers?{NUMBER_FIELDS}"),
            json!({"data": [read]}),
            |page| assert_eq!(page.items[0].quality_rating, Some(QualityRating::Green)),
        )
        .await;
    table
        .row(GetPhoneNumber::new(number()), &format!("GET /v26.0/106?{NUMBER_FIELDS}"), read, |number| {
            assert_eq!(number.status, Some(NumberStatus::Connected));
            assert_eq!(number.throughput.unwrap().level, Some(ThroughputLevel::Standard));
            assert_eq!(number.whatsapp_business_manager_messaging_limit, Some(MessagingLimit::Tier2K));
        })
        .await;
    table
        .row(
            CreatePhoneNumber::new(account(), "1", "6315555555").verified_name("Lucky Shrub"),
            "POST /v26.0/102/phone_numbers\nform cc=1&phone_number=6315555555&verified_name=Lucky%20Shrub",
            json!({"id": "106"}),
            |created| assert_eq!(created.id, number()),
        )
        .await;
    table
        .row(
            OverrideNumberWebhook::new(number(), WebhookOverride::new("https://hook.example", "verify")),
            "POST /v26.0/106\njson {\"webhook_configuration\":{\"override_callback_uri\":\"https://hook.example\",\
             \"verify_token\":\"verify\"}}",
            done(),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn registration() {
    let table = Table::new().await;
    table
        .row(
            RequestVerificationCode::new(number(), CodeMethod::Sms, "en_US"),
            "POST /v26.0/106/request_code\nform code_method=SMS&language=en_US",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            VerifyCode::new(number(), "902563"),
            "POST /v26.0/106/verify_code\nform code=902563",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            RegisterPhoneNumber::new(number(), "581063"),
            "POST /v26.0/106/register\njson {\"messaging_product\":\"whatsapp\",\"pin\":\"581063\"}",
            done(),
            |()| {},
        )
        .await;
    table.row(DeregisterPhoneNumber::new(number()), "POST /v26.0/106/deregister", done(), |()| {}).await;
    table
        .row(
            SetTwoStepPin::new(number(), "581063"),
            "POST /v26.0/106\njson {\"pin\":\"581063\"}",
            done(),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn profile_and_settings() {
    let table = Table::new().await;
    table
        .row(
            GetBusinessProfile::new(number()),
            "GET /v26.0/106/whatsapp_business_profile?fields=about%2Caddress%2Cdescription%2Cemail%2Cprofile_picture_url\
             %2Cwebsites%2Cvertical",
            json!({"data": [{"about": "Succulents", "messaging_product": "whatsapp", "vertical": "RETAIL",
                "websites": ["https://www.luckyshrub.com/"]}]}),
            |profile| assert_eq!((profile.vertical, profile.websites.len()), (Some(Vertical::Retail), 1)),
        )
        .await;
    table
        .row(
            UpdateBusinessProfile::new(number()).about("Succulents").vertical(Vertical::Education),
            "POST /v26.0/106/whatsapp_business_profile\njson {\"about\":\"Succulents\",\"messaging_product\":\"whatsapp\",\
             \"vertical\":\"EDU\"}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetNumberSettings::new(number()),
            "GET /v26.0/106/settings",
            json!({"calling": {"status": "ENABLED", "sip": {"servers": [{"sip_user_password": "CANARY"}]}},
                "storage_configuration": {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "CH"}}),
            |settings| {
                assert!(!format!("{settings:?}").contains("CANARY"));
                assert_eq!(settings.storage_configuration, Some(StorageConfiguration::in_country("CH")));
            },
        )
        .await;
    table
        .row(
            UpdateNumberSettings::new(number()).user_identity_change(UserIdentityChange::new(true)),
            "POST /v26.0/106/settings\njson {\"user_identity_change\":{\"enable_identity_key_check\":true}}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetCommerceSettings::new(number()),
            "GET /v26.0/106/whatsapp_commerce_settings",
            json!({"data": [{"id": "527759822865714", "is_cart_enabled": true, "is_catalog_visible": "false"}]}),
            |settings| {
                let settings = settings.unwrap();
                assert_eq!((settings.is_cart_enabled, settings.is_catalog_visible), (Some(true), Some(false)));
            },
        )
        .await;
    table
        .row(
            UpdateCommerceSettings::new(number()).is_cart_enabled(false),
            "POST /v26.0/106/whatsapp_commerce_settings\nform is_cart_enabled=false",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetBusinessEncryption::new(number()),
            "GET /v26.0/106/whatsapp_business_encryption",
            json!({"business_public_key": "-----BEGIN", "business_public_key_signature_status": "VALID"}),
            |key| assert_eq!(key.business_public_key_signature_status.as_deref(), Some("VALID")),
        )
        .await;
    table
        .row(
            SetBusinessEncryption::new(number(), "-----BEGIN"),
            "POST /v26.0/106/whatsapp_business_encryption\nform business_public_key=-----BEGIN",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetOfficialAccountStatus::new(number()),
            "GET /v26.0/106/official_business_account",
            json!({"oba_status": "NOT_STARTED", "id": "5"}),
            |status| assert_eq!(status.oba_status.as_deref(), Some("NOT_STARTED")),
        )
        .await;
}

#[tokio::test]
async fn what_people_see_of_a_number() {
    let table = Table::new().await;
    table
        .row(
            SetConversationalAutomation::new(number())
                .prompts(vec!["Book a flight".to_owned()])
                .commands(vec![Command::new("tickets", "Book flight tickets")]),
            "POST /v26.0/106/conversational_automation\njson {\"commands\":[{\"command_description\":\"Book flight tickets\",\
             \"command_name\":\"tickets\"}],\"prompts\":[\"Book a flight\"]}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetConversationalAutomation::new(number()),
            "GET /v26.0/106?fields=id%2Cconversational_automation",
            json!({"id": "106", "conversational_automation": {"prompts": ["Book a flight"], "id": "106"}}),
            |number| assert_eq!(number.conversational_automation.unwrap().prompts, ["Book a flight"]),
        )
        .await;
    let code = json!({"code": "4O4YGZEG3RIVE1", "prefilled_message": "Cyber Monday",
        "deep_link_url": "https://wa.me/message/4O4YGZEG3RIVE1"});
    table
        .row(ListQrCodes::new(number()), "GET /v26.0/106/message_qrdls", json!({"data": [code]}), |page| {
            assert_eq!(page.items.len(), 1);
        })
        .await;
    table
        .row(
            GetQrCode::new(number(), "4O4YGZEG3RIVE1"),
            "GET /v26.0/106/message_qrdls/4O4YGZEG3RIVE1",
            json!({"data": [code]}),
            |code| assert_eq!(code.prefilled_message.as_deref(), Some("Cyber Monday")),
        )
        .await;
    table
        .row(
            CreateQrCode::new(number(), "Cyber Monday").generate_qr_image(QrImage::Svg),
            "POST /v26.0/106/message_qrdls\nform prefilled_message=Cyber%20Monday&generate_qr_image=SVG",
            code.clone(),
            |code| assert_eq!(code.code, "4O4YGZEG3RIVE1"),
        )
        .await;
    table
        .row(
            UpdateQrCode::new(number(), "4O4YGZEG3RIVE1", "Cyber Tuesday"),
            "POST /v26.0/106/message_qrdls\nform code=4O4YGZEG3RIVE1&prefilled_message=Cyber%20Tuesday",
            code,
            |code| assert!(code.deep_link_url.is_some()),
        )
        .await;
    table
        .row(
            DeleteQrCode::new(number(), "4O4YGZEG3RIVE1"),
            "DELETE /v26.0/106/message_qrdls/4O4YGZEG3RIVE1",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetUsername::new(number()),
            "GET /v26.0/106/username",
            json!({"username": "jaspers_market", "status": "approved"}),
            |name| assert_eq!(name.status, Some(UsernameStatus::Approved)),
        )
        .await;
    table
        .row(
            SetUsername::new(number(), "jaspers_market"),
            "POST /v26.0/106/username\njson {\"username\":\"jaspers_market\"}",
            json!({"status": "reserved"}),
            |name| assert_eq!(name.status, Some(UsernameStatus::Reserved)),
        )
        .await;
    table.row(DeleteUsername::new(number()), "DELETE /v26.0/106/username", done(), |()| {}).await;
    table
        .row(
            ListUsernameSuggestions::new(number()),
            "GET /v26.0/106/username_suggestions",
            json!({"data": [{"username_suggestions": ["jaspers"]}]}),
            |names| assert_eq!(names, ["jaspers"]),
        )
        .await;
}

#[tokio::test]
async fn people() {
    let table = Table::new().await;
    table
        .row(
            ListBlockedUsers::new(number()).limit(10),
            "GET /v26.0/106/block_users?limit=10",
            json!({"data": [{"messaging_product": "whatsapp", "wa_id": "16505551234"}]}),
            |page| assert_eq!(page.items[0].wa_id.as_deref(), Some("16505551234")),
        )
        .await;
    table
        .row(
            BlockUsers::new(number(), [Recipient::phone("16505551234")]),
            "POST /v26.0/106/block_users\njson {\"block_users\":[{\"user\":\"16505551234\"}],\"messaging_product\":\"whatsapp\"}",
            json!({"messaging_product": "whatsapp", "block_users": {
                "added_users": [{"input": "16505551234", "wa_id": "16505551234"}],
                "failed_users": [{"input": "1", "errors": [{"code": 139_100, "message": "x"}]}]}}),
            |blocked| {
                assert_eq!((blocked.added.len(), blocked.failed[0].errors[0].code), (1, Some(139_100)));
                assert_eq!(blocked.failed[0].person.input.as_deref(), Some("1"));
            },
        )
        .await;
    table
        .row(
            UnblockUsers::new(number(), [Recipient::phone("16505551234")]),
            "DELETE /v26.0/106/block_users\njson {\"block_users\":[{\"user\":\"16505551234\"}],\"messaging_product\":\"whatsapp\"}",
            json!({"block_users": {"removed_users": [{"input": "16505551234"}]}}),
            |blocked| assert_eq!(blocked.removed.len(), 1),
        )
        .await;
    table
        .row(
            GetCallPermissions::new(number()).user_wa_id("16505551234"),
            "GET /v26.0/106/call_permissions?user_wa_id=16505551234",
            json!({"messaging_product": "whatsapp",
                "permission": {"status": "temporary", "expiration_time": 1_745_343_479},
                "actions": [{"action_name": "start_call", "can_perform_action": true,
                    "limits": [{"time_period": "PT24H", "max_allowed": 5, "current_usage": 0}]}]}),
            |permissions| {
                let permission = permissions.permission.unwrap();
                assert_eq!(permission.status, Some(CallPermissionStatus::Temporary));
                assert_eq!(permission.expiration_time, Some(Timestamp::from_unix_seconds(1_745_343_479)));
                assert!(permissions.actions[0].can_perform_action);
                assert_eq!(permissions.actions[0].limits[0].max_allowed, Some(5));
            },
        )
        .await;
}

#[tokio::test]
async fn compliance() {
    let table = Table::new().await;
    let officer = ComplianceContact::new("officer@luckyshrub.com").name("Chandravati P.");
    let care = ComplianceContact::new("support@luckyshrub.com").mobile_number("+913854559033");
    table
        .row(
            SetComplianceInfo::new(number(), "Lucky Shrub", EntityType::Partnership, officer, care)
                .is_registered(true),
            "POST /v26.0/106/business_compliance_info\njson {\"customer_care_details\":{\"email\":\"support@luckyshrub.com\",\
             \"mobile_number\":\"+913854559033\"},\"entity_name\":\"Lucky Shrub\",\"entity_type\":\"PARTNERSHIP\",\
             \"grievance_officer_details\":{\"email\":\"officer@luckyshrub.com\",\"name\":\"Chandravati P.\"},\
             \"is_registered\":true,\"messaging_product\":\"whatsapp\"}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetComplianceInfo::new(number()),
            "GET /v26.0/106/business_compliance_info?fields=entity_name%2Centity_type%2Centity_type_custom\
             %2Cis_registered%2Cgrievance_officer_details%2Ccustomer_care_details",
            json!({"data": [{"entity_name": "Lucky Shrub", "entity_type": "Partnership", "is_registered": true,
                "grievance_officer_details": {"name": "Chandravati P."}, "customer_care_details": null}]}),
            |info| {
                let info = info.unwrap();
                assert_eq!(info.grievance_officer_details.unwrap().name.as_deref(), Some("Chandravati P."));
                assert_eq!((info.is_registered, info.customer_care_details), (Some(true), None));
            },
        )
        .await;
}
