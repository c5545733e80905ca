//! The forms and leads that are there from the beginning.

use serde_json::{Value, json};

use super::{Lead, Owner};

/// An ad account that the first member manages.
pub(crate) const ACCOUNT: &str = "urn:li:sponsoredAccount:506070801";
/// An ad account that the first member may only look at.
pub(crate) const VIEWED_ACCOUNT: &str = "urn:li:sponsoredAccount:506070802";
/// The first member's roles on ad accounts.
pub(super) const ACCOUNT_ROLES: [(&str, &str); 2] =
    [(ACCOUNT, "ACCOUNT_MANAGER"), (VIEWED_ACCOUNT, "VIEWER")];

/// The form of the managed ad account.
pub(crate) const ACCOUNT_FORM: u64 = 3162;
/// The form of the first organization.
pub(crate) const ORGANIZATION_FORM: u64 = 3163;
/// A form of the other ad account.
const VIEWED_FORM: u64 = 3164;
/// A lead of the first form, one hour old.
pub(crate) const ACCOUNT_LEAD: &str = "sbx-lead-1";
/// A test lead of the first form, two hours old.
pub(crate) const TEST_LEAD: &str = "sbx-lead-2";
/// A lead of the other ad account, a day old.
pub(crate) const VIEWED_LEAD: &str = "sbx-lead-3";

const ORGANIZATION: &str = "urn:li:organization:5000001";
const CAMPAIGN: &str = "urn:li:sponsoredCampaign:607080901";
const CREATIVE: &str = "urn:li:sponsoredCreative:708091001";
/// In the other ad account.
const VIEWED_CAMPAIGN: &str = "urn:li:sponsoredCampaign:607080904";
const VIEWED_CREATIVE: &str = "urn:li:sponsoredCreative:708091004";
const HOUR: i64 = 3_600_000;
/// When the forms were made, in milliseconds.
const MADE: i64 = 1_760_000_000_000;

/// A lead form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) id: u64,
    pub(super) owner: Owner,
    name: &'static str,
    questions: Vec<Value>,
}

impl Form {
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "versionId": 1,
            "owner": self.owner.json(),
            "name": self.name,
            "state": "PUBLISHED",
            "creationLocale": {"country": "US", "language": "en"},
            "created": MADE,
            "lastModified": MADE,
            "reviewInfo": {"reviewStatus": "APPROVED", "rejectionReasons": [], "lastUpdated": MADE},
            "hiddenFields": [{"name": "utm_source", "value": "linkedin"}],
            "content": {
                "headline": text("Fresh bread every morning"),
                "description": text("Tell us where to bring it."),
                "questions": self.questions,
                "postSubmissionInfo": {
                    "message": text("Thank you!"),
                    "callToAction": {
                        "callToActionLabel": "VISIT_COMPANY_WEBSITE",
                        "callToActionTarget": {"landingPageUrl": "https://example.com/bread"},
                    },
                },
                "legalInfo": {
                    "privacyPolicyUrl": "https://example.com/privacy",
                    "legalDisclaimer": text("We bake with your data in mind."),
                    "consents": [{"id": 1, "consent": text("Send me offers."), "checkRequired": false}],
                },
            },
        })
    }
}

fn text(text: &str) -> Value {
    json!({"localized": {"en_US": text}})
}

/// A question that LinkedIn fills in from the profile.
fn predefined(id: u64, name: &str, field: &str) -> Value {
    json!({
        "questionId": id,
        "name": name,
        "question": text(name),
        "predefinedField": field,
        "responseEditable": true,
        "responseRequired": true,
        "questionDetails": {"textQuestionDetails": {"maxResponseLength": 300}},
    })
}

/// A question of the owner's own.
fn custom(id: u64, name: &str, question: &str, details: &Value) -> Value {
    json!({
        "questionId": id,
        "name": name,
        "question": text(question),
        "responseEditable": true,
        "responseRequired": false,
        "questionDetails": details,
    })
}

pub(super) fn forms() -> Vec<Form> {
    let options: Vec<Value> = ["Rye", "Wheat", "Spelt"]
        .iter()
        .zip(1..)
        .map(|(option, id): (_, u64)| json!({"id": id, "text": text(option)}))
        .collect();
    let contact = vec![
        predefined(1, "First name", "FIRST_NAME"),
        predefined(2, "Last name", "LAST_NAME"),
        predefined(3, "Email", "EMAIL"),
    ];
    let mut long = contact.clone();
    long.extend([
        predefined(4, "Phone", "PHONE_NUMBER"),
        predefined(5, "Company", "COMPANY_NAME"),
        custom(
            6,
            "street",
            "Where do we bring it?",
            &json!({"textQuestionDetails": {"maxResponseLength": 100}}),
        ),
        custom(
            7,
            "bread",
            "Which bread do you like?",
            &json!({"multipleChoiceQuestionDetails": {"options": options}}),
        ),
    ]);
    let account = |urn: &str| Owner::Account(urn.to_owned());
    vec![
        Form { id: ACCOUNT_FORM, owner: account(ACCOUNT), name: "Spring offer", questions: long },
        Form {
            id: ORGANIZATION_FORM,
            owner: Owner::Organization(ORGANIZATION.to_owned()),
            name: "Contact us",
            questions: contact.clone(),
        },
        Form { id: VIEWED_FORM, owner: account(VIEWED_ACCOUNT), name: "Winter offer", questions: contact },
    ]
}

/// A form, in the version that the answers belong to.
pub(super) fn version_urn(form: u64) -> String {
    format!("urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{form},1)")
}

fn answers(first: &str, last: &str, email: &str) -> Vec<(u64, Value)> {
    let answer = |text: &str| json!({"textQuestionAnswer": {"answer": text}});
    vec![(1, answer(first)), (2, answer(last)), (3, answer(email))]
}

pub(super) fn leads(now: i64) -> Vec<Lead> {
    let ago = |hours: i64| now.saturating_sub(hours.saturating_mul(HOUR));
    let sponsored = |id: &str, account: &str, form, hours| Lead {
        id: id.to_owned(),
        owner: Owner::Account(account.to_owned()),
        form,
        kind: "SPONSORED",
        entity: ("sponsoredCreative", CREATIVE.to_owned()),
        campaign: Some(CAMPAIGN),
        submitted_at: ago(hours),
        test: id == TEST_LEAD,
        answers: answers("Grace", "Visitor", "grace@example.com"),
    };
    let mut first = sponsored(ACCOUNT_LEAD, ACCOUNT, ACCOUNT_FORM, 1);
    first.answers.extend([
        (4, json!({"textQuestionAnswer": {"answer": "+4915112345678"}})),
        (5, json!({"textQuestionAnswer": {"answer": "Visitor GmbH"}})),
        (6, json!({"textQuestionAnswer": {"answer": "Hauptstraße 1"}})),
        (7, json!({"multipleChoiceAnswer": {"options": [1, 3]}})),
    ]);
    let viewed = Lead {
        entity: ("sponsoredCreative", VIEWED_CREATIVE.to_owned()),
        campaign: Some(VIEWED_CAMPAIGN),
        ..sponsored(VIEWED_LEAD, VIEWED_ACCOUNT, VIEWED_FORM, 24)
    };
    vec![first, sponsored(TEST_LEAD, ACCOUNT, ACCOUNT_FORM, 2), viewed]
}

/// A lead that comes in now: of an organization's page, or of an ad.
pub(super) fn visitor(id: String, organization: Option<&str>, now: i64) -> Lead {
    let (owner, form, kind, entity, campaign) = if let Some(urn) = organization {
        let owner = Owner::Organization(urn.to_owned());
        (owner, ORGANIZATION_FORM, "COMPANY", ("organization", urn.to_owned()), None)
    } else {
        let owner = Owner::Account(ACCOUNT.to_owned());
        (owner, ACCOUNT_FORM, "SPONSORED", ("sponsoredCreative", CREATIVE.to_owned()), Some(CAMPAIGN))
    };
    let answers = answers("Ida", "Visitor", "ida@example.com");
    Lead { id, owner, form, kind, entity, campaign, submitted_at: now, test: false, answers }
}
