//! Questions of a lead form.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::open_enum;

use crate::lenient;

open_enum! {
    /// What a question asks for, spelled as the API does it.
    pub enum QuestionType {
        /// A question of one's own.
        Custom = "CUSTOM",
        /// City.
        City = "CITY",
        /// Name of the company.
        CompanyName = "COMPANY_NAME",
        /// Country.
        Country = "COUNTRY",
        /// Date of birth.
        DateOfBirth = "DOB",
        /// Address of e-mail.
        Email = "EMAIL",
        /// Gender.
        Gender = "GENDER",
        /// First name.
        FirstName = "FIRST_NAME",
        /// Whole name.
        FullName = "FULL_NAME",
        /// Job title.
        JobTitle = "JOB_TITLE",
        /// Last name.
        LastName = "LAST_NAME",
        /// Marital status; the API spells it so.
        MaritalStatus = "MARITIAL_STATUS",
        /// Number of WhatsApp.
        WhatsAppNumber = "WHATSAPP_NUMBER",
        /// Education.
        EducationLevel = "EDUCATION_LEVEL",
        /// Web site.
        Website = "WEBSITE",
        /// Phone number.
        Phone = "PHONE",
        /// Phone number that was confirmed with a code.
        PhoneOtp = "PHONE_OTP",
        /// Postal code, outside of the USA.
        PostCode = "POST_CODE",
        /// Province.
        Province = "PROVINCE",
        /// Relationship status.
        RelationshipStatus = "RELATIONSHIP_STATUS",
        /// State.
        State = "STATE",
        /// Street and number.
        StreetAddress = "STREET_ADDRESS",
        /// Second line of the address.
        AddressLineTwo = "ADDRESS_LINE_TWO",
        /// Postal code, in the USA.
        Zip = "ZIP",
        /// Address of e-mail at work.
        WorkEmail = "WORK_EMAIL",
        /// Military status.
        MilitaryStatus = "MILITARY_STATUS",
        /// Phone number at work.
        WorkPhoneNumber = "WORK_PHONE_NUMBER",
        /// A number between two others.
        Slider = "SLIDER",
        /// A store.
        StoreLookup = "STORE_LOOKUP",
        /// A store, found while typing.
        StoreLookupWithTypeahead = "STORE_LOOKUP_WITH_TYPEAHEAD",
        /// Day and time of an appointment.
        DateTime = "DATE_TIME",
        /// Brazil's CPF.
        IdCpf = "ID_CPF",
        /// Argentina's DNI.
        IdArDni = "ID_AR_DNI",
        /// Chile's RUT.
        IdClRut = "ID_CL_RUT",
        /// Colombia's CC.
        IdCoCc = "ID_CO_CC",
        /// Ecuador's CI.
        IdEcCi = "ID_EC_CI",
        /// Peru's DNI.
        IdPeDni = "ID_PE_DNI",
        /// Mexico's RFC.
        IdMxRfc = "ID_MX_RFC",
        /// Code to join.
        JoinCode = "JOIN_CODE",
        /// Phone number that the person typed in.
        UserProvidedPhoneNumber = "USER_PROVIDED_PHONE_NUMBER",
        /// Facebook's id of the lead.
        FacebookLeadId = "FACEBOOK_LEAD_ID",
        /// An address of e-mail that forwards.
        EmailAlias = "EMAIL_ALIAS",
        /// Messenger.
        Messenger = "MESSENGER",
        /// Number of a vehicle.
        Vin = "VIN",
        /// License plate.
        LicensePlate = "LICENSE_PLATE",
        /// Link to a conversation.
        ThreadLink = "THREAD_LINK",
    }
}

impl QuestionType {
    /// The key that answers have where the form gave none.
    pub(super) const BY_KEY: &'static [(&'static str, Self)] = &[
        ("email", Self::Email),
        ("work_email", Self::WorkEmail),
        ("full_name", Self::FullName),
        ("first_name", Self::FirstName),
        ("last_name", Self::LastName),
        ("phone_number", Self::Phone),
        ("work_phone_number", Self::WorkPhoneNumber),
        ("whatsapp_number", Self::WhatsAppNumber),
        ("street_address", Self::StreetAddress),
        ("address_line_two", Self::AddressLineTwo),
        ("city", Self::City),
        ("state", Self::State),
        ("province", Self::Province),
        ("country", Self::Country),
        ("zip_code", Self::Zip),
        ("zip", Self::Zip),
        ("post_code", Self::PostCode),
        ("company_name", Self::CompanyName),
        ("job_title", Self::JobTitle),
        ("website", Self::Website),
        ("date_of_birth", Self::DateOfBirth),
        ("gender", Self::Gender),
        ("marital_status", Self::MaritalStatus),
        ("relationship_status", Self::RelationshipStatus),
        ("military_status", Self::MilitaryStatus),
        ("education_level", Self::EducationLevel),
        ("cpf", Self::IdCpf),
        ("id_cpf", Self::IdCpf),
        ("id_ar_dni", Self::IdArDni),
        ("id_cl_rut", Self::IdClRut),
        ("id_co_cc", Self::IdCoCc),
        ("id_ec_ci", Self::IdEcCi),
        ("id_pe_dni", Self::IdPeDni),
        ("id_mx_rfc", Self::IdMxRfc),
    ];

    /// The type that a default key stands for.
    pub(super) fn of_key(key: &str) -> Option<&'static Self> {
        Self::BY_KEY.iter().find(|(known, _)| *known == key).map(|(_, kind)| kind)
    }

    /// Whether answers of this type have this key where the form gave none.
    pub(super) fn has_key(&self, key: &str) -> bool {
        Self::of_key(key) == Some(self)
    }

    /// Whether it is the number of an identity card or a tax number.
    pub(super) const fn is_national_id(&self) -> bool {
        matches!(
            self,
            Self::IdCpf
                | Self::IdArDni
                | Self::IdClRut
                | Self::IdCoCc
                | Self::IdEcCi
                | Self::IdPeDni
                | Self::IdMxRfc
        )
    }
}

/// A question of a form: what to ask, or what is asked.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Question {
    /// Its id; only on forms that exist.
    #[serde(default, skip_serializing, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// What it asks for.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// Its text; Meta has texts of its own for all types but [`QuestionType::Custom`].
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub label: Option<String>,
    /// The name that answers have in [`FieldData`](super::FieldData).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub key: Option<String>,
    /// A text under the question.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub inline_context: Option<String>,
    /// The answers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient::list")]
    pub options: Vec<QuestionOption>,
    /// The table of answers that depend on each other.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub conditional_questions_group_id: Option<String>,
    /// The questions that depend on this one, as Meta writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient::list")]
    pub dependent_conditional_questions: Vec<Value>,
}

impl Question {
    /// One of Meta's questions; Meta fills in what it knows of the person.
    pub const fn new(kind: QuestionType) -> Self {
        Self {
            id: None,
            kind,
            label: None,
            key: None,
            inline_context: None,
            options: Vec::new(),
            conditional_questions_group_id: None,
            dependent_conditional_questions: Vec::new(),
        }
    }

    /// A question of one's own, answered with a text unless it has options. A form has at most 15.
    pub fn custom(label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..Self::new(QuestionType::Custom) }
    }

    /// The name that answers get.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// A text under the question.
    pub fn inline_context(mut self, text: impl Into<String>) -> Self {
        self.inline_context = Some(text.into());
        self
    }

    /// Answers to choose from: pairs of key and text.
    pub fn options<K: Into<String>, V: Into<String>>(
        mut self,
        options: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let option =
            |(key, value): (K, V)| QuestionOption { key: Some(key.into()), value: Some(value.into()) };
        self.options.extend(options.into_iter().map(option));
        self
    }

    /// The table of answers that depend on each other, and the questions after this one, as Meta writes them.
    pub fn conditional(mut self, group: impl Into<String>, dependent: Vec<Value>) -> Self {
        self.conditional_questions_group_id = Some(group.into());
        self.dependent_conditional_questions = dependent;
        self
    }
}

/// An answer to choose.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct QuestionOption {
    /// What the lead names it by.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub key: Option<String>,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub value: Option<String>,
}
