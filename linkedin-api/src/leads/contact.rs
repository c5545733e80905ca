//! A lead as a contact.

use std::fmt;

use super::form::{FormQuestion, LeadForm, PredefinedField};
use super::response::{AnswerValue, LeadAnswer, LeadResponse};

macro_rules! contact {
    ($($(#[$meta:meta])* $field:ident: $kind:ident;)+) => {
        /// What a lead says about a person, by meaning. `Debug` shows no values.
        ///
        /// What an answer means is told by the form's question: an answer itself holds only the question's number. So
        /// without the form everything is in [`other`](Self::other). Every field is a list, as entered, empty if it was
        /// not asked; options that were chosen stand there with their text.
        #[non_exhaustive]
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct LeadContact {
            $($(#[$meta])* pub $field: Vec<String>,)+
            /// All other answers, in the order of the form.
            pub other: Vec<OtherAnswer>,
        }

        impl LeadContact {
            /// The field that answers of this kind go to.
            fn field_mut(&mut self, kind: &PredefinedField) -> Option<&mut Vec<String>> {
                match kind {
                    $(PredefinedField::$kind => Some(&mut self.$field),)+
                    PredefinedField::Unknown(_) => None,
                }
            }
        }

        impl fmt::Debug for LeadContact {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct("LeadContact");
                $(if !self.$field.is_empty() {
                    shown.field(stringify!($field), &format_args!("[{} redacted]", self.$field.len()));
                })+
                shown.field("other", &self.other).finish()
            }
        }
    };
}

contact! {
    /// First names.
    first_name: FirstName;
    /// Last names.
    last_name: LastName;
    /// Addresses of e-mail.
    email: Email;
    /// Addresses of e-mail at work.
    work_email: WorkEmail;
    /// Phone numbers.
    phone: PhoneNumber;
    /// Phone numbers at work.
    work_phone: WorkPhoneNumber;
    /// Addresses of the member's profile.
    profile: LinkedInProfileLink;
    /// City.
    city: City;
    /// State or province.
    state: State;
    /// Country.
    country: Country;
    /// Postal code.
    postal_code: ZipCode;
    /// Job title.
    job_title: JobTitle;
    /// Job function.
    job_function: JobFunction;
    /// Seniority.
    seniority: Seniority;
    /// Company.
    company: CompanyName;
    /// Size of the company.
    company_size: CompanySize;
    /// Industry.
    industry: Industry;
    /// Degree.
    degree: Degree;
    /// Field of study.
    field_of_study: FieldOfStudy;
    /// School.
    school: School;
    /// When the studies began.
    start_date: StartDate;
    /// When the studies ended.
    graduation_date: GraduationDate;
    /// Gender.
    gender: Gender;
}

/// An answer to a question that no field of [`LeadContact`] is for. `Debug` shows no values.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct OtherAnswer {
    /// The question's number.
    pub question_id: Option<i64>,
    /// The question's name, if the form or the answer tells it.
    pub name: Option<String>,
    /// The question's text, if the form is known.
    pub label: Option<String>,
    /// What it asks for, if it is a question of LinkedIn's own that this version does not know.
    pub kind: Option<PredefinedField>,
    /// As entered, or the texts of the options that were chosen; their numbers where the form is not known.
    pub values: Vec<String>,
}

impl fmt::Debug for OtherAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherAnswer({:?}: [{} redacted])", self.question_id, self.values.len())
    }
}

impl LeadContact {
    /// From a lead and its form. The form should be in the version that the lead was given with
    /// ([`LeadResponse::versioned_form`]).
    pub fn new(lead: &LeadResponse, form: Option<&LeadForm>) -> Self {
        let mut contact = Self::default();
        for answer in lead.answers() {
            let question = answer.question_id.and_then(|id| form?.question(id));
            contact.add(answer, question);
        }
        contact
    }

    fn add(&mut self, answer: &LeadAnswer, question: Option<&FormQuestion>) {
        let values = values(answer, question);
        let kind = question.and_then(|question| question.predefined_field.clone());
        if let Some(field) = kind.as_ref().and_then(|kind| self.field_mut(kind)) {
            field.extend(values);
            return;
        }
        let label = question.and_then(|question| question.question.as_ref()?.preferred());
        self.other.push(OtherAnswer {
            question_id: answer.question_id,
            name: question.and_then(|question| question.name.clone()).or_else(|| answer.name.clone()),
            label: label.map(str::to_owned),
            kind,
            values,
        });
    }
}

fn values(answer: &LeadAnswer, question: Option<&FormQuestion>) -> Vec<String> {
    let options = question.map(FormQuestion::options).unwrap_or_default();
    let chosen = |id: &i64| {
        let option = options.iter().find(|option| option.id == Some(*id));
        let text = option.and_then(|option| option.text.as_ref()?.preferred());
        text.map_or_else(|| id.to_string(), str::to_owned)
    };
    match &answer.value {
        AnswerValue::Text(text) => vec![text.clone()],
        AnswerValue::Choices(ids) => ids.iter().map(chosen).collect(),
        AnswerValue::Unknown => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
