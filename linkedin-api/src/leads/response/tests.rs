use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn a_lead_is_read_as_linkedin_writes_it() {
    let lead: LeadResponse = serde_json::from_value(json!({
        "id": "1a2b3c-4",
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:11"},
        "submitter": "urn:li:person:MpGcnvaU_p",
        "leadType": "SPONSORED",
        "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:36"}},
        "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)",
        "submittedAt": 1_700_000_000_001_i64,
        "testLead": false,
        "associatedEntity": {"sponsoredCreative": "urn:li:sponsoredCreative:456"},
        "formResponse": {
            "answers": [{"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": "Grace"}}}],
            "consentResponses": [{"consentId": 1, "accepted": true}],
        },
    }))
    .unwrap();
    assert_eq!(lead.urn().unwrap().as_str(), "urn:li:leadGenFormResponse:1a2b3c-4");
    assert!(matches!(&lead.owner, Some(LeadOwner::SponsoredAccount(account)) if account.id() == "11"));
    assert_eq!(lead.campaign.as_ref().unwrap().id(), "36");
    assert_eq!(lead.versioned_form.as_ref().unwrap().form().id(), "3162");
    assert_eq!(lead.associated_entity.as_ref().unwrap().entity_type(), "sponsoredCreative");
    assert_eq!(lead.answers()[0].value.as_text(), Some("Grace"));
    assert_eq!((lead.consents()[0].consent_id, lead.consents()[0].accepted), (Some(1), Some(true)));
    assert_eq!((lead.test_lead, lead.lead_type), (Some(false), Some(LeadType::Sponsored)));
}

#[test]
fn a_surprise_costs_the_member_only() {
    let lead: LeadResponse = serde_json::from_value(json!({
        "id": "urn:li:leadGenFormResponse:7",
        "owner": "urn:li:organization:5",
        "submitter": 7,
        "leadType": "NEW_KIND",
        "leadMetadata": [],
        "versionedLeadGenFormUrn": "x",
        "submittedAt": "now",
        "testLead": "true",
        "associatedEntity": {"event": 7},
        "formResponse": {"answers": [7, {"questionId": "x"}], "consentResponses": "none"},
        "form": [],
    }))
    .unwrap();
    assert_eq!(lead.urn().unwrap().id(), "7");
    assert_eq!((lead.answers().len(), lead.consents().len()), (1, 0));
    assert_eq!((&lead.answers()[0].question_id, &lead.answers()[0].value), (&None, &AnswerValue::Unknown));
    assert_eq!(lead.lead_type, Some(LeadType::from("NEW_KIND")));
    assert_eq!(lead.test_lead, Some(true));
    assert_eq!(
        (&lead.owner, &lead.campaign, &lead.versioned_form, &lead.associated_entity),
        (&None, &None, &None, &None)
    );
}

proptest! {
    #[test]
    fn any_answer_is_read_and_never_shown(answer in "[A-Z]{8,20}", ids in proptest::collection::vec(any::<i64>(), 0..4)) {
        let text: AnswerValue = serde_json::from_value(json!({"textQuestionAnswer": {"answer": answer}})).unwrap();
        prop_assert_eq!(text.as_text(), Some(answer.as_str()));
        let shown = format!("{text:?}");
        prop_assert!(!shown.contains(&answer));
        let choice: AnswerValue = serde_json::from_value(json!({"multipleChoiceAnswer": {"options": ids}})).unwrap();
        prop_assert_eq!(choice.choices(), ids.as_slice());
    }
}
