//! Lead forms.

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};

use super::owner::LeadOwner;
use crate::lenient;
use crate::localized::{Locale, LocalizedText};
use crate::urn::{LeadFormUrn, VersionedLeadFormUrn};

open_enum! {
    /// Where a form stands.
    pub enum LeadFormState {
        /// It is not finished.
        Draft = "DRAFT",
        /// It can be used.
        Published = "PUBLISHED",
        /// It was put away.
        Archived = "ARCHIVED",
    }
}

open_enum! {
    /// What a question of LinkedIn's own asks for.
    pub enum PredefinedField {
        /// First name.
        FirstName = "FIRST_NAME",
        /// Last name.
        LastName = "LAST_NAME",
        /// Address of e-mail.
        Email = "EMAIL",
        /// Address of e-mail at work.
        WorkEmail = "WORK_EMAIL",
        /// Phone number.
        PhoneNumber = "PHONE_NUMBER",
        /// Phone number at work.
        WorkPhoneNumber = "WORK_PHONE_NUMBER",
        /// Address of the member's profile.
        LinkedInProfileLink = "LINKEDIN_PROFILE_LINK",
        /// City.
        City = "CITY",
        /// State or province.
        State = "STATE",
        /// Country.
        Country = "COUNTRY",
        /// Postal code.
        ZipCode = "ZIP_CODE",
        /// Job title.
        JobTitle = "JOB_TITLE",
        /// Job function.
        JobFunction = "JOB_FUNCTION",
        /// Seniority.
        Seniority = "SENIORITY",
        /// Company.
        CompanyName = "COMPANY_NAME",
        /// Size of the company.
        CompanySize = "COMPANY_SIZE",
        /// Industry.
        Industry = "INDUSTRY",
        /// Degree.
        Degree = "DEGREE",
        /// Field of study.
        FieldOfStudy = "FIELD_OF_STUDY",
        /// School.
        School = "SCHOOL",
        /// When the studies began.
        StartDate = "START_DATE",
        /// When the studies ended.
        GraduationDate = "GRADUATION_DATE",
        /// Gender.
        Gender = "GENDER",
    }
}

/// A lead form. Everything may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeadForm {
    /// Its number; see [`urn`](Self::urn).
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// Which version this is.
    #[serde(deserialize_with = "lenient::integer")]
    pub version_id: Option<i64>,
    /// Whose it is.
    #[serde(deserialize_with = "lenient::or_none")]
    pub owner: Option<LeadOwner>,
    /// Its name, for the owner only.
    #[serde(deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Where it stands.
    #[serde(deserialize_with = "lenient::or_none")]
    pub state: Option<LeadFormState>,
    /// Its language.
    #[serde(deserialize_with = "lenient::or_none")]
    pub creation_locale: Option<Locale>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::millis")]
    pub created: Option<Timestamp>,
    /// When it was changed last.
    #[serde(deserialize_with = "lenient::millis")]
    pub last_modified: Option<Timestamp>,
    /// What LinkedIn's review said.
    #[serde(deserialize_with = "lenient::or_none")]
    pub review_info: Option<ReviewInfo>,
    /// Values that tell the owner where a lead came from; the member does not see them.
    #[serde(deserialize_with = "lenient::readable")]
    pub hidden_fields: Vec<HiddenField>,
    /// What the member sees.
    #[serde(deserialize_with = "lenient::or_none")]
    pub content: Option<LeadFormContent>,
}

impl LeadForm {
    /// Its URN.
    pub fn urn(&self) -> Option<LeadFormUrn> {
        LeadFormUrn::from_id(&self.id?.to_string()).ok()
    }

    /// The URN of this version, to filter leads by.
    pub fn versioned_urn(&self) -> Option<VersionedLeadFormUrn> {
        VersionedLeadFormUrn::new(&self.urn()?, u32::try_from(self.version_id?).ok()?).ok()
    }

    /// Its questions, which say what the answers of leads mean.
    pub fn questions(&self) -> &[FormQuestion] {
        self.content.as_ref().map(|content| content.questions.as_slice()).unwrap_or_default()
    }

    /// The question with this number.
    pub fn question(&self, id: i64) -> Option<&FormQuestion> {
        self.questions().iter().find(|question| question.question_id == Some(id))
    }
}

/// What LinkedIn's review said.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReviewInfo {
    /// `APPROVED`, `REJECTED` or the like.
    #[serde(deserialize_with = "lenient::or_none")]
    pub review_status: Option<String>,
    /// Why it was rejected, as codes.
    #[serde(deserialize_with = "lenient::readable")]
    pub rejection_reasons: Vec<String>,
}

/// A hidden value.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct HiddenField {
    /// Its name.
    #[serde(deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its value.
    #[serde(deserialize_with = "lenient::or_none")]
    pub value: Option<String>,
}

/// What the member sees of a form.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeadFormContent {
    /// The headline.
    #[serde(deserialize_with = "lenient::or_none")]
    pub headline: Option<LocalizedText>,
    /// The text under it.
    #[serde(deserialize_with = "lenient::or_none")]
    pub description: Option<LocalizedText>,
    /// The questions.
    #[serde(deserialize_with = "lenient::readable")]
    pub questions: Vec<FormQuestion>,
    /// Privacy policy, disclaimer and consents.
    #[serde(deserialize_with = "lenient::or_none")]
    pub legal_info: Option<LegalInfo>,
    /// What comes after sending.
    #[serde(deserialize_with = "lenient::or_none")]
    pub post_submission_info: Option<PostSubmission>,
}

/// A question.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormQuestion {
    /// Its number, by which answers name it.
    #[serde(deserialize_with = "lenient::integer")]
    pub question_id: Option<i64>,
    /// Its name, for the owner.
    #[serde(deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its text.
    #[serde(deserialize_with = "lenient::or_none")]
    pub question: Option<LocalizedText>,
    /// What it asks for; nothing for questions of the owner's own.
    #[serde(deserialize_with = "lenient::or_none")]
    pub predefined_field: Option<PredefinedField>,
    /// Whether the member may change what LinkedIn filled in.
    #[serde(deserialize_with = "lenient::boolean")]
    pub response_editable: Option<bool>,
    /// Whether it must be answered.
    #[serde(deserialize_with = "lenient::boolean")]
    pub response_required: Option<bool>,
    /// How it is answered.
    #[serde(rename = "questionDetails", deserialize_with = "lenient::or_none")]
    pub kind: Option<QuestionKind>,
}

impl FormQuestion {
    /// The options to choose from; none when it is answered with text.
    pub fn options(&self) -> &[QuestionOption] {
        match &self.kind {
            Some(QuestionKind::MultipleChoice { options }) => options,
            _ => &[],
        }
    }
}

/// How a question is answered.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Details")]
pub enum QuestionKind {
    /// With text.
    Text {
        /// At most so many characters.
        max_length: Option<i64>,
    },
    /// With options.
    MultipleChoice {
        /// What can be chosen.
        options: Vec<QuestionOption>,
    },
    /// In a way that this version does not know.
    Unknown,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    #[serde(deserialize_with = "lenient::or_none")]
    text_question_details: Option<TextDetails>,
    #[serde(deserialize_with = "lenient::or_none")]
    multiple_choice_question_details: Option<ChoiceDetails>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TextDetails {
    #[serde(deserialize_with = "lenient::integer")]
    max_response_length: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChoiceDetails {
    #[serde(deserialize_with = "lenient::readable")]
    options: Vec<QuestionOption>,
}

impl From<Details> for QuestionKind {
    fn from(details: Details) -> Self {
        match (details.multiple_choice_question_details, details.text_question_details) {
            (Some(choice), _) if !choice.options.is_empty() => {
                Self::MultipleChoice { options: choice.options }
            }
            (_, Some(text)) => Self::Text { max_length: text.max_response_length },
            (Some(_), None) => Self::MultipleChoice { options: Vec::new() },
            (None, None) => Self::Unknown,
        }
    }
}

/// An option of a question.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct QuestionOption {
    /// Its number, by which answers name it.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// Its text.
    #[serde(deserialize_with = "lenient::or_none")]
    pub text: Option<LocalizedText>,
}

/// The legal part of a form.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LegalInfo {
    /// The address of the privacy policy.
    #[serde(deserialize_with = "lenient::or_none")]
    pub privacy_policy_url: Option<String>,
    /// The disclaimer.
    #[serde(deserialize_with = "lenient::or_none")]
    pub legal_disclaimer: Option<LocalizedText>,
    /// Boxes to tick.
    #[serde(deserialize_with = "lenient::readable")]
    pub consents: Vec<FormConsent>,
}

/// A box to tick.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormConsent {
    /// Its number, by which leads name it.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// What one agrees to.
    #[serde(deserialize_with = "lenient::or_none")]
    pub consent: Option<LocalizedText>,
    /// Whether one has to.
    #[serde(deserialize_with = "lenient::boolean")]
    pub check_required: Option<bool>,
}

/// What comes after sending a form.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PostSubmission {
    /// The thanks.
    #[serde(deserialize_with = "lenient::or_none")]
    pub message: Option<LocalizedText>,
    /// The button, such as `VISIT_COMPANY_WEBSITE`.
    #[serde(rename = "callToAction", deserialize_with = "label")]
    pub call_to_action: Option<String>,
}

fn label<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Button {
        call_to_action_label: String,
    }
    Ok(lenient::or_none::<Button, D>(deserializer)?.map(|button| button.call_to_action_label))
}
