//! Lead forms, leads and notifications of leads.

use std::sync::Arc;

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::Endpoint;
use sociogram_api_core::testing::ScriptedTransport;
use sociogram_linkedin_api::conversions::{
    ConversionEvent, ConversionUser, SendConversionEvents, UserId, UserIdType,
};
use sociogram_linkedin_api::leads::{
    BatchGetLeadForms, CreateLeadNotification, DeleteLeadNotification, GetLeadForm, GetLeadNotification,
    GetLeadResponse, LeadFormState, LeadType, ListLeadForms, ListLeadNotifications, ListLeadResponses,
    PredefinedField, QuestionKind,
};
use sociogram_linkedin_api::{
    AdAccountUrn, Client, ConversionUrn, LeadFormUrn, LeadUrn, OrganizationUrn, TimeRange, Urn,
    VersionedLeadFormUrn,
};

use crate::table::{Answer, Table};

fn account() -> AdAccountUrn {
    AdAccountUrn::from_id("11").unwrap()
}

fn form() -> LeadFormUrn {
    LeadFormUrn::from_id("3162").unwrap()
}

fn version() -> VersionedLeadFormUrn {
    VersionedLeadFormUrn::new(&form(), 1).unwrap()
}

#[tokio::test]
async fn forms() {
    let table = Table::new().await;
    let body = json!({
        "id": 3162, "versionId": 1, "owner": {"organization": "urn:li:organization:5"}, "name": "Offer",
        "state": "PUBLISHED", "creationLocale": {"country": "US", "language": "en"}, "created": 1_700_000_000_000_i64,
        "reviewInfo": {"reviewStatus": "REJECTED", "rejectionReasons": ["MISSING_PRIVACY_POLICY"], "lastUpdated": 1},
        "hiddenFields": [{"name": "utm_source", "value": "linkedin"}],
        "content": {
            "headline": {"localized": {"en_US": "Hello"}},
            "questions": [
                {"questionId": 1, "name": "First name", "question": {"localized": {"en_US": "First name"}},
                 "predefinedField": "FIRST_NAME", "responseEditable": true, "responseRequired": true,
                 "questionDetails": {"textQuestionDetails": {"maxResponseLength": 300}}},
                {"questionId": 2, "questionDetails": {"multipleChoiceQuestionDetails": {"options": [
                    {"id": 1, "text": {"localized": {"en_US": "Rye"}}}]}}},
                "not a question",
            ],
            "postSubmissionInfo": {"message": {"localized": {"en_US": "Thanks"}}, "callToAction": {
                "callToActionLabel": "VISIT_COMPANY_WEBSITE", "callToActionTarget": {"landingPageUrl": "https://example.com"}}},
            "legalInfo": {"privacyPolicyUrl": "https://example.com/privacy", "consents": [
                {"id": 1, "consent": {"localized": {"en_US": "I agree"}}, "checkRequired": true}]},
        },
    });
    table
        .row(
            ListLeadForms::new(account()).count(2).fields("id,name"),
            "finder GET /rest/leadForms?count=2&fields=id,name&owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A11)&q=owner&start=0",
            Answer::json(json!({"elements": [{"id": "3162"}, 7]})),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.items[0].urn().unwrap(), form());
            },
        )
        .await;
    table
        .row(GetLeadForm::new(form()), "get GET /rest/leadForms/3162", Answer::json(body), |form| {
            assert_eq!(form.versioned_urn(), Some(version()));
            assert_eq!(form.state, Some(LeadFormState::Published));
            assert_eq!(form.review_info.as_ref().unwrap().rejection_reasons, ["MISSING_PRIVACY_POLICY"]);
            assert_eq!(form.hidden_fields[0].value.as_deref(), Some("linkedin"));
            assert_eq!(form.questions().len(), 2, "the unreadable one is left out");
            let first = form.question(1).unwrap();
            assert_eq!(first.predefined_field, Some(PredefinedField::FirstName));
            assert_eq!(first.kind, Some(QuestionKind::Text { max_length: Some(300) }));
            assert_eq!(
                form.question(2).unwrap().options()[0].text.as_ref().unwrap().preferred(),
                Some("Rye")
            );
            let content = form.content.unwrap();
            assert_eq!(content.legal_info.unwrap().consents[0].check_required, Some(true));
            let after = content.post_submission_info.unwrap();
            assert_eq!(after.call_to_action.as_deref(), Some("VISIT_COMPANY_WEBSITE"));
        })
        .await;
    table
        .row(
            BatchGetLeadForms::new(vec![form(), LeadFormUrn::from_id("9").unwrap()]),
            "batch_get GET /rest/leadForms?ids=List(3162,9)",
            Answer::json(json!({"results": {"3162": {"id": 3162}}, "statuses": {"3162": 200}, "errors": {"9": {"status": 404}}})),
            |forms| {
                assert_eq!(forms.get("3162").unwrap().id, Some(3162));
                assert_eq!(forms.failure("9").unwrap().status, Some(404));
            },
        )
        .await;
    assert_eq!(BatchGetLeadForms::new(Vec::new()).check()[0].rule(), "linkedin.lead.forms_none");
}

#[tokio::test]
async fn responses() {
    let table = Table::new().await;
    let lead = json!({
        "id": "1a2b3c-4", "leadType": "SPONSORED", "testLead": false,
        "formResponse": {"answers": [{"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": "Grace"}}}]},
        "form": {"id": 3162, "content": {"questions": [{"questionId": 1, "predefinedField": "FIRST_NAME"}]}},
    });
    let [start, end] = [1_700_000_000, 1_700_086_400].map(Timestamp::from_unix_seconds);
    let list = ListLeadResponses::new(account(), LeadType::Sponsored);
    table
        .row(
            list.clone().only_tests(true).submitted(TimeRange::new(start, end)).form(version()).fields("id"),
            "finder GET /rest/leadFormResponses?count=50&fields=id&leadType=(leadType:SPONSORED)&limitedToTestLeads=true\
             &owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A11)&q=owner&start=0\
             &submittedAtTimeRange=(end:1700086400000,start:1700000000000)\
             &versionedLeadGenFormUrn=urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A3162%2C1%29",
            Answer::json(json!({"elements": [lead, {"leadType": "SPONSORED"}]})),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.items[0].contact().first_name, ["Grace"]);
            },
        )
        .await;
    table
        .row(
            ListLeadResponses::new(OrganizationUrn::from_id("5").unwrap(), LeadType::Event).count(10),
            "finder GET /rest/leadFormResponses?count=10&leadType=(leadType:EVENT)&limitedToTestLeads=false\
             &owner=(organization:urn%3Ali%3Aorganization%3A5)&q=owner&start=0",
            Answer::json(json!({"elements": []})),
            |page| assert!(page.items.is_empty() && page.next.is_none()),
        )
        .await;
    assert_eq!(list.submitted(TimeRange::new(end, start)).check().len(), 1);
    table
        .row(
            GetLeadResponse::new(LeadUrn::from_id("1a2b3c-4").unwrap()).with_form(),
            "get GET /rest/leadFormResponses/1a2b3c-4?fields=id,owner,submitter,leadType,leadMetadata,versionedLeadGenFormUrn,\
             submittedAt,testLead,associatedEntity,formResponse,form:(hiddenFields,creationLocale,name,id,content)",
            Answer::json(lead),
            |lead| assert_eq!(lead.contact().first_name, ["Grace"]),
        )
        .await;
}

#[tokio::test]
async fn notifications() {
    let table = Table::new().await;
    let webhook = "https://example.com/leads";
    let creative: Urn = "urn:li:sponsoredCreative:456".parse().unwrap();
    table
        .row(
            CreateLeadNotification::new(account(), LeadType::Sponsored, webhook),
            "create POST /rest/leadNotifications\n\
             json {\"leadType\":\"SPONSORED\",\"owner\":{\"sponsoredAccount\":\"urn:li:sponsoredAccount:11\"},\"webhook\":\"https://example.com/leads\"}",
            Answer::created("7012"),
            |id| assert_eq!(id, "7012"),
        )
        .await;
    table
        .row(
            CreateLeadNotification::new(OrganizationUrn::from_id("5").unwrap(), LeadType::Company, webhook)
                .versioned_form(version())
                .associated_entity(creative),
            "create POST /rest/leadNotifications\n\
             json {\"associatedEntity\":{\"sponsoredCreative\":\"urn:li:sponsoredCreative:456\"},\"leadType\":\"COMPANY\",\
             \"owner\":{\"organization\":\"urn:li:organization:5\"},\
             \"versionedForm\":\"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)\",\"webhook\":\"https://example.com/leads\"}",
            Answer::created("7013"),
            |id| assert_eq!(id, "7013"),
        )
        .await;
    let insecure = CreateLeadNotification::new(account(), LeadType::Sponsored, "http://example.com");
    assert_eq!(insecure.check()[0].rule(), "linkedin.lead.webhook");
    let body = json!({
        "id": 7012, "owner": {"organization": "urn:li:organization:5"}, "leadType": "EVENT", "webhook": webhook,
        "versionedForm": version(), "associatedEntity": {"event": "urn:li:event:123"},
    });
    table
        .row(
            ListLeadNotifications::new(OrganizationUrn::from_id("5").unwrap()).lead_type(LeadType::Event),
            "finder GET /rest/leadNotifications?count=50&leadType=(leadType:EVENT)\
             &owner=(value:(organization:urn%3Ali%3Aorganization%3A5))&q=criteria&start=0",
            Answer::json(json!({"elements": [body]})),
            |page| {
                assert_eq!(page.items[0].id, Some(7012));
                assert_eq!(page.items[0].associated_entity.as_ref().unwrap().entity_type(), "event");
            },
        )
        .await;
    table
        .row(
            GetLeadNotification::new("7012"),
            "get GET /rest/leadNotifications/7012",
            Answer::json(body),
            |one| {
                assert_eq!((one.lead_type, one.versioned_form), (Some(LeadType::Event), Some(version())));
            },
        )
        .await;
    table
        .row(
            DeleteLeadNotification::new("7012"),
            "delete DELETE /rest/leadNotifications/7012",
            Answer::empty(204),
            |()| (),
        )
        .await;
}

/// Sends it where the answer is a refusal, and then where it cannot be read; both quote what a member entered.
async fn errors_keep_nothing<E: Endpoint + Clone>(endpoint: E)
where
    E::Output: std::fmt::Debug,
{
    for (status, body) in
        [(400, r#"{"status":400,"message":"SEKRET"}"#), (200, r#"{"id":{"SEKRET":1},"elements":"SEKRET"}"#)]
    {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        let client = Client::builder().access_token("token").transport(Arc::new(transport)).build().unwrap();
        let error = client.send(endpoint.clone()).await.unwrap_err();
        assert_eq!(error.raw_body(), None, "{}", E::NAME);
        let shown =
            format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(!shown.contains("SEKRET"), "{shown}");
    }
}

#[tokio::test]
async fn no_error_keeps_what_members_entered() {
    let list = ListLeadResponses::new(account(), LeadType::Sponsored);
    errors_keep_nothing(list).await;
    errors_keep_nothing(GetLeadResponse::new(LeadUrn::from_id("1").unwrap())).await;
    let user = ConversionUser::new().id(UserId::new(UserIdType::PlaintextIpAddress, "192.0.2.1"));
    let event = ConversionEvent::new(ConversionUrn::from_id("1").unwrap(), Timestamp::UNIX_EPOCH, user);
    errors_keep_nothing(SendConversionEvents::new(vec![event])).await;
}
