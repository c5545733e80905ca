//! WhatsApp: groups, accounts, flows, analytics.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::whatsapp::accounts::{
    AccountTask, AssignUser, GetWhatsAppAccount, ListAccountSubscriptions, ListAssignedUsers,
    SubscribeAccount, UnassignUser, UnsubscribeAccount, UpdateWhatsAppAccount,
};
use sociogram_meta_graph::whatsapp::analytics::{
    CallDimension, CallDirection, CallMetric, GetCallAnalytics, GetPricingAnalytics, GroupMetric,
    ListGroupAnalytics, ListTemplateAnalytics, PricingDimension, PricingGranularity, TemplateMetric,
};
use sociogram_meta_graph::whatsapp::flows::{
    CreateFlow, DeleteFlow, DeprecateFlow, FlowCategory, FlowStatus, GetFlow, ListFlowAssets, ListFlows,
    MigrateFlows, PublishFlow, UpdateFlow, UploadFlowJson,
};
use sociogram_meta_graph::whatsapp::groups::{
    ApproveJoinRequests, CreateGroup, DeleteGroup, GetGroup, GetInviteLink, JoinApprovalMode, ListGroups,
    ListJoinRequests, RejectJoinRequests, RemoveParticipants, ResetInviteLink, UpdateGroup,
};
use sociogram_meta_graph::whatsapp::{FlowId, GroupId, Recipient};
use sociogram_meta_graph::{BusinessId, MessageTemplateId, PhoneNumberId, UserId, WhatsAppAccountId};

use crate::table::Table;

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
async fn groups() {
    let table = Table::new().await;
    let id = || GroupId::new("Y2FwaQ==").unwrap();
    let requested = || json!({"messaging_product": "whatsapp", "request_id": "55"});
    table
        .row(
            CreateGroup::new(number(), "Shrubs").join_approval_mode(JoinApprovalMode::AutoApprove),
            "POST /v26.0/106/groups\njson {\"join_approval_mode\":\"auto_approve\",\"messaging_product\":\"whatsapp\",\
             \"subject\":\"Shrubs\"}",
            requested(),
            |request| assert_eq!(request.request_id.as_deref(), Some("55")),
        )
        .await;
    table
        .row(
            ListGroups::new(number()),
            "GET /v26.0/106/groups",
            json!({"data": {"groups": [{"id": "Y2FwaQ==", "subject": "Shrubs", "created_at": "1700000000"}]}}),
            |page| assert_eq!(page.items[0].id.as_str(), "Y2FwaQ=="),
        )
        .await;
    table
        .row(
            GetGroup::new(id()),
            "GET /v26.0/Y2FwaQ%3D%3D?fields=id%2Csubject%2Cdescription%2Ccreation_timestamp%2Csuspended\
             %2Ctotal_participant_count%2Cparticipants%2Cjoin_approval_mode",
            json!({"id": "Y2FwaQ==", "participants": [{"user_id": "US.1"}], "total_participant_count": 1}),
            |group| assert_eq!(group.total_participant_count, Some(1)),
        )
        .await;
    table
        .row(
            UpdateGroup::new(id()).subject("Trees"),
            "POST /v26.0/Y2FwaQ%3D%3D\njson {\"messaging_product\":\"whatsapp\",\"subject\":\"Trees\"}",
            requested(),
            |request| assert!(request.request_id.is_some()),
        )
        .await;
    table
        .row(DeleteGroup::new(id()), "DELETE /v26.0/Y2FwaQ%3D%3D", requested(), |request| {
            assert!(request.request_id.is_some());
        })
        .await;
    let link = || json!({"messaging_product": "whatsapp", "invite_link": "https://chat.whatsapp.com/x"});
    table
        .row(GetInviteLink::new(id()), "GET /v26.0/Y2FwaQ%3D%3D/invite_link", link(), |link| {
            assert_eq!(link.invite_link, "https://chat.whatsapp.com/x");
        })
        .await;
    table
        .row(
            ResetInviteLink::new(id()),
            "POST /v26.0/Y2FwaQ%3D%3D/invite_link\njson {\"messaging_product\":\"whatsapp\"}",
            link(),
            |link| assert!(link.invite_link.starts_with("https://")),
        )
        .await;
    table
        .row(
            RemoveParticipants::new(id(), [Recipient::phone("16505551234")]),
            "DELETE /v26.0/Y2FwaQ%3D%3D/participants\njson {\"messaging_product\":\"whatsapp\",\
             \"participants\":[{\"user\":\"16505551234\"}]}",
            requested(),
            |request| assert!(request.request_id.is_some()),
        )
        .await;
    table
        .row(
            ListJoinRequests::new(id()),
            "GET /v26.0/Y2FwaQ%3D%3D/join_requests",
            json!({"data": [{"join_request_id": "j1", "wa_id": "16505551234", "creation_timestamp": 1_700_000_000}]}),
            |page| assert_eq!(page.items[0].person.wa_id.as_deref(), Some("16505551234")),
        )
        .await;
    table
        .row(
            ApproveJoinRequests::new(id(), ["j1"]),
            "POST /v26.0/Y2FwaQ%3D%3D/join_requests\njson {\"join_requests\":[\"j1\"],\"messaging_product\":\"whatsapp\"}",
            json!({"approved_join_requests": ["j1"]}),
            |result| assert_eq!(result.approved_join_requests, ["j1"]),
        )
        .await;
    table
        .row(
            RejectJoinRequests::new(id(), ["j1"]),
            "DELETE /v26.0/Y2FwaQ%3D%3D/join_requests\njson {\"join_requests\":[\"j1\"],\"messaging_product\":\"whatsapp\"}",
            json!({"rejected_join_requests": ["j1"]}),
            |result| assert_eq!(result.rejected_join_requests, ["j1"]),
        )
        .await;
}

#[tokio::test]
async fn accounts() {
    let table = Table::new().await;
    table
        .row(
            GetWhatsAppAccount::new(account()),
            "GET /v26.0/102?fields=id%2Cname%2Ccurrency%2Ccountry%2Ctimezone_id%2Cstatus%2Caccount_review_status\
             %2Cbusiness_verification_status%2Cownership_type%2Chealth_status%2Cmessage_template_namespace\
             %2Cprimary_business_location%2Cmarketing_messages_onboarding_status\
             %2Cwhatsapp_business_manager_messaging_limit%2Cis_enabled_for_insights\
             %2Ctemplate_auto_archival_enabled%2Cdisable_marketing_messages_on_cloud_api",
            json!({"id": "102", "name": "Lucky Shrub", "timezone_id": "1", "currency": "USD"}),
            |account| assert_eq!(account.currency.as_deref(), Some("USD")),
        )
        .await;
    table
        .row(
            UpdateWhatsAppAccount::new(account()).is_enabled_for_insights(true),
            "POST /v26.0/102\nform is_enabled_for_insights=true",
            json!({"id": "102"}),
            |updated| assert_eq!(updated.id, account()),
        )
        .await;
    table
        .row(
            ListAccountSubscriptions::new(account()),
            "GET /v26.0/102/subscribed_apps",
            json!({"data": [{"whatsapp_business_api_data": {"id": "67084", "name": "Jaspers"}}]}),
            |page| assert_eq!(page.items[0].app.name.as_deref(), Some("Jaspers")),
        )
        .await;
    table
        .row(
            SubscribeAccount::new(account()).override_callback_uri("https://hook.example").verify_token("verify"),
            "POST /v26.0/102/subscribed_apps\nform override_callback_uri=https%3A%2F%2Fhook.example&verify_token=verify",
            done(),
            |()| {},
        )
        .await;
    table.row(UnsubscribeAccount::new(account()), "DELETE /v26.0/102/subscribed_apps", done(), |()| {}).await;
    table
        .row(
            ListAssignedUsers::new(account(), BusinessId::from(9)),
            "GET /v26.0/102/assigned_users?business=9&fields=id%2Cname%2Ctasks",
            json!({"data": [{"id": "8", "name": "Ann", "tasks": ["MANAGE", "NEW_TASK"]}]}),
            |page| assert_eq!(page.items[0].tasks[0], AccountTask::Manage),
        )
        .await;
    table
        .row(
            AssignUser::new(account(), UserId::from(8), vec![AccountTask::Manage, AccountTask::Messaging]),
            "POST /v26.0/102/assigned_users\nform user=8&tasks=%5B%22MANAGE%22%2C%22MESSAGING%22%5D",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            UnassignUser::new(account(), UserId::from(8)),
            "DELETE /v26.0/102/assigned_users?user=8",
            done(),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn flows() {
    let table = Table::new().await;
    let id = || FlowId::new("55").unwrap();
    table
        .row(
            ListFlows::new(account()),
            "GET /v26.0/102/flows?fields=id%2Cname%2Cstatus%2Ccategories%2Cvalidation_errors",
            json!({"data": [{"id": "55", "status": "DRAFT", "categories": ["LEAD_GENERATION"]}]}),
            |page| assert_eq!(page.items[0].status, Some(FlowStatus::Draft)),
        )
        .await;
    table
        .row(
            GetFlow::new(id()),
            "GET /v26.0/55?fields=id%2Cname%2Cstatus%2Ccategories%2Cvalidation_errors%2Cjson_version%2Cdata_api_version\
             %2Cendpoint_uri%2Cpreview%2Cupdated_at",
            json!({"id": "55", "json_version": "3.0", "categories": ["LEAD_GENERATION"]}),
            |flow| assert_eq!(flow.categories, [FlowCategory::LeadGeneration]),
        )
        .await;
    table
        .row(
            CreateFlow::new(account(), "booking", vec![FlowCategory::AppointmentBooking]),
            "POST /v26.0/102/flows\njson {\"categories\":[\"APPOINTMENT_BOOKING\"],\"name\":\"booking\"}",
            json!({"id": "55", "success": true, "validation_errors": [{"error": "INVALID_PROPERTY_VALUE"}]}),
            |flow| assert_eq!((flow.id.unwrap().as_str(), flow.validation_errors.len()), ("55", 1)),
        )
        .await;
    table
        .row(
            UpdateFlow::new(id()).name("booking"),
            "POST /v26.0/55\njson {\"name\":\"booking\"}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            UploadFlowJson::new(id(), "{}"),
            "POST /v26.0/55/assets\nmultipart name=flow.json asset_type=FLOW_JSON file=@flow.json;application/json",
            json!({"success": true, "validation_errors": []}),
            |flow| assert!(flow.validation_errors.is_empty()),
        )
        .await;
    table
        .row(
            ListFlowAssets::new(id()),
            "GET /v26.0/55/assets",
            json!({"data": [{"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": "https://e.example"}]}),
            |page| assert_eq!(page.items[0].asset_type.as_deref(), Some("FLOW_JSON")),
        )
        .await;
    table
        .row(
            MigrateFlows::new(account(), WhatsAppAccountId::from(7)).source_flow_names(vec!["booking".to_owned()]),
            "POST /v26.0/102/migrate_flows\nform source_waba_id=7&source_flow_names=%5B%22booking%22%5D",
            json!({"migrated_flows": [{"source_name": "booking", "source_id": "1", "migrated_id": "56"}],
                "failed_flows": [{"source_name": "leads", "error_code": "4233041", "error_message": "not found"}]}),
            |moved| {
                assert_eq!(moved.migrated[0].migrated_id.as_str(), "56");
                assert_eq!(moved.failed[0].error_code.as_deref(), Some("4233041"));
            },
        )
        .await;
    table.row(PublishFlow::new(id()), "POST /v26.0/55/publish", done(), |()| {}).await;
    table.row(DeprecateFlow::new(id()), "POST /v26.0/55/deprecate", done(), |()| {}).await;
    table.row(DeleteFlow::new(id()), "DELETE /v26.0/55", done(), |()| {}).await;
}

#[tokio::test]
async fn analytics() {
    let table = Table::new().await;
    let at = Timestamp::from_unix_seconds;
    table
        .row(
            ListTemplateAnalytics::daily(
                account(),
                at(1_735_689_600),
                at(1_736_294_400),
                [MessageTemplateId::from(572)],
            )
            .metric_types(vec![TemplateMetric::Sent, TemplateMetric::Clicked]),
            "GET /v26.0/102/template_analytics?start=1735689600&end=1736294400&template_ids=%5B%22572%22%5D&\
             granularity=DAILY&metric_types=%5B%22SENT%22%2C%22CLICKED%22%5D",
            json!({"data": [{"granularity": "DAILY", "product_type": "cloud_api", "data_points": [{
                "template_id": "572", "start": 1_735_689_600, "end": 1_735_776_000, "sent": 5, "delivered": 4,
                "clicked": [{"type": "quick_reply_button", "button_content": "Stop", "count": 2}]}]}]}),
            |page| {
                let point = &page.items[0].data_points[0];
                assert_eq!(
                    (point.sent, point.delivered, point.clicked[0].count),
                    (Some(5), Some(4), Some(2))
                );
            },
        )
        .await;
    table
        .row(
            GetPricingAnalytics::new(
                account(),
                at(1_735_689_600),
                at(1_736_294_400),
                PricingGranularity::Monthly,
            )
            .dimensions(vec![PricingDimension::Country]),
            "GET /v26.0/102/pricing_analytics?start=1735689600&end=1736294400&granularity=MONTHLY&\
             dimensions=%5B%22COUNTRY%22%5D",
            json!({"data": [{"data_points": [{"start": 1_735_689_600, "end": 1_736_294_400, "country": "IN",
                "pricing_category": "MARKETING", "volume": 10, "cost": 1.25}]}]}),
            |points| assert_eq!((points[0].volume, points[0].cost), (Some(10), Some(1.25))),
        )
        .await;
}

#[tokio::test]
async fn analytics_of_groups_and_calls() {
    let table = Table::new().await;
    let at = Timestamp::from_unix_seconds;
    let (start, end) = (at(1_735_689_600), at(1_736_294_400));
    table
        .row(
            ListGroupAnalytics::new(account(), start, end, vec![GroupId::new("Y2FwaQ==").unwrap()])
                .metric_types(vec![GroupMetric::Sent, GroupMetric::ParticipantsJoined]),
            "GET /v26.0/102/group_analytics?start=1735689600&end=1736294400&group_ids=%5B%22Y2FwaQ%3D%3D%22%5D&\
             metric_types=%5B%22SENT%22%2C%22PARTICIPANTS_JOINED%22%5D",
            json!({"data": [{"granularity": "DAILY", "data_points": [
                {"group_id": "Y2FwaQ==", "start": 1_735_689_600, "end": 1_735_776_000, "sent": 5}]}]}),
            |page| assert_eq!(page.items[0].data_points[0].values["sent"], 5),
        )
        .await;
    table
        .row(
            GetCallAnalytics::new(account(), start, end, PricingGranularity::Daily)
                .dimensions(vec![CallDimension::Direction])
                .metric_types(vec![CallMetric::Count])
                .directions(vec![CallDirection::UserInitiated]),
            "GET /v26.0/102/call_analytics?start=1735689600&end=1736294400&granularity=DAILY&\
             dimensions=%5B%22DIRECTION%22%5D&metric_types=%5B%22COUNT%22%5D&directions=%5B%22USER_INITIATED%22%5D",
            json!({"data": [{"data_points": [{"start": 1, "end": 2, "direction": "USER_INITIATED", "count": 3}]}]}),
            |points| assert_eq!(points[0].count, Some(3)),
        )
        .await;
}
