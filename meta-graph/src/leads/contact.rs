//! A lead as a contact.

use std::fmt;

use super::form::LeadForm;
use super::lead::{FieldData, Lead};
use super::question::{Question, QuestionType};

macro_rules! contact {
    ($($(#[$meta:meta])* $field:ident: $($kind:ident)|+;)+) => {
        /// What a lead says about a person, by meaning. `Debug` shows no values.
        ///
        /// What an answer means is told by the **type** of the form's question, because its name may be anything: forms
        /// in other languages and questions of one's own have other names. Without a form, or for a name that the form
        /// does not know, Meta's default names count. Every field is a list, as entered, empty if it was not asked.
        #[non_exhaustive]
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct LeadContact {
            $($(#[$meta])* pub $field: Vec<String>,)+
            /// Numbers of identity cards and the like.
            pub national_ids: Vec<NationalId>,
            /// All other answers, in the order of the form.
            pub other: Vec<LeadAnswer>,
            /// Hidden values of the form (`tracking_parameters`), which the person did not enter. Without the form they
            /// cannot be told from answers.
            pub tracking: Vec<FieldData>,
        }

        impl LeadContact {
            /// The field that answers of this type go to.
            fn field_mut(&mut self, kind: &QuestionType) -> Option<&mut Vec<String>> {
                match kind {
                    $($(QuestionType::$kind)|+ => Some(&mut self.$field),)+
                    _ => None,
                }
            }
        }

        impl fmt::Debug for LeadContact {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct("LeadContact");
                $(if !self.$field.is_empty() {
                    shown.field(stringify!($field), &format_args!("[{} redacted]", self.$field.len()));
                })+
                shown
                    .field("national_ids", &self.national_ids)
                    .field("other", &self.other)
                    .field("tracking", &self.tracking)
                    .finish()
            }
        }
    };
}

contact! {
    /// Addresses of e-mail.
    email: Email;
    /// Addresses of e-mail at work.
    work_email: WorkEmail;
    /// Whole names.
    full_name: FullName;
    /// First names.
    first_name: FirstName;
    /// Last names.
    last_name: LastName;
    /// Phone numbers, mostly with `+` and the country; see [`plain_phone_number`](super::plain_phone_number).
    phone: Phone | PhoneOtp | UserProvidedPhoneNumber;
    /// Phone numbers at work.
    work_phone: WorkPhoneNumber;
    /// Numbers of WhatsApp.
    whatsapp: WhatsAppNumber;
    /// Street and number.
    street: StreetAddress;
    /// Second line of the address.
    address_line_two: AddressLineTwo;
    /// City.
    city: City;
    /// State.
    state: State;
    /// Province.
    province: Province;
    /// Country.
    country: Country;
    /// Postal code.
    postal_code: Zip | PostCode;
    /// Company.
    company: CompanyName;
    /// Job title.
    job_title: JobTitle;
    /// Web site.
    website: Website;
    /// Date of birth, mostly as `MM/DD/YYYY`; see [`iso_date`](super::iso_date).
    birth_date: DateOfBirth;
    /// Gender.
    gender: Gender;
    /// Marital status.
    marital_status: MaritalStatus;
    /// Relationship status.
    relationship_status: RelationshipStatus;
    /// Military status.
    military_status: MilitaryStatus;
    /// Education.
    education: EducationLevel;
}

/// The number of an identity card or the like. `Debug` shows no values.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct NationalId {
    /// Which one.
    pub kind: QuestionType,
    /// As entered.
    pub values: Vec<String>,
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NationalId({}: [{} redacted])", self.kind, self.values.len())
    }
}

/// An answer to a question that no field of [`LeadContact`] is for. `Debug` shows no values.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct LeadAnswer {
    /// The key of the question.
    pub name: String,
    /// The text of the question, if the form is known.
    pub label: Option<String>,
    /// What it asks for, if the form is known.
    pub kind: Option<QuestionType>,
    /// As entered, or the keys of the options that were chosen.
    pub values: Vec<String>,
}

impl fmt::Debug for LeadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeadAnswer({}: [{} redacted])", self.name, self.values.len())
    }
}

impl LeadContact {
    /// From a lead and, better, its form as well.
    pub fn new(lead: &Lead, form: Option<&LeadForm>) -> Self {
        let mut contact = Self::default();
        for answer in &lead.field_data {
            contact.add(answer, form);
        }
        contact
    }

    fn add(&mut self, answer: &FieldData, form: Option<&LeadForm>) {
        let question = form.and_then(|form| question_of(form, &answer.name));
        let hidden = |form: &LeadForm| form.tracking_parameters.iter().any(|(name, _)| *name == answer.name);
        if question.is_none() && form.is_some_and(hidden) {
            self.tracking.push(answer.clone());
            return;
        }
        let kind = question.map(|question| &question.kind).or_else(|| QuestionType::of_key(&answer.name));
        if let Some(kind) = kind {
            if let Some(field) = self.field_mut(kind) {
                field.extend(answer.values.iter().cloned());
                return;
            }
            if kind.is_national_id() {
                self.national_ids.push(NationalId { kind: kind.clone(), values: answer.values.clone() });
                return;
            }
        }
        self.other.push(LeadAnswer {
            name: answer.name.clone(),
            label: question.and_then(|question| question.label.clone()),
            kind: question.map(|question| question.kind.clone()),
            values: answer.values.clone(),
        });
    }
}

/// The question whose answer has this name: by its key, or by the default name of its type where it has none.
fn question_of<'f>(form: &'f LeadForm, name: &str) -> Option<&'f Question> {
    let by_key = form.questions.iter().find(|question| question.key.as_deref() == Some(name));
    by_key.or_else(|| {
        form.questions.iter().find(|question| question.key.is_none() && question.kind.has_key(name))
    })
}

#[cfg(test)]
mod tests;
