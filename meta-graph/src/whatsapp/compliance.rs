//! Who answers for a number: what some countries demand (WhatsApp Business Platform: Business Compliance).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

endpoint! {
    /// Who answers for a number: `GET /{phone_number_id}/business_compliance_info`. `None` where nothing was set. Needs
    /// `whatsapp_business_management`; Meta's reference names no permission here.
    pub struct GetComplianceInfo -> Option<ComplianceInfo>;
    "whatsapp.compliance.get": GET "/{phone_number_id}/business_compliance_info", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    fields "entity_name,entity_type,entity_type_custom,is_registered,grievance_officer_details,customer_care_details";
    subject phone_number_id;
    decode first;
}

/// It stands in a list of one, or of none.
fn first(response: &RawResponse) -> Result<Option<ComplianceInfo>, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Vec<ComplianceInfo>,
    }
    let envelope: Envelope = response.json()?;
    Ok(envelope.data.into_iter().next())
}

endpoint! {
    /// Sets who answers for a number: `POST /{phone_number_id}/business_compliance_info`. Needs
    /// `whatsapp_business_management`; Meta's reference names no permission here.
    pub struct SetComplianceInfo -> ();
    "whatsapp.compliance.set": POST "/{phone_number_id}/business_compliance_info", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    fixed { messaging_product: "whatsapp" }
    new {
        phone_number_id: PhoneNumberId,
        entity_name: String,
        entity_type: EntityType,
        grievance_officer_details: ComplianceContact,
        customer_care_details: ComplianceContact,
    }
    with {
        /// What the business is, in words; needed for [`EntityType::Other`], and only there.
        entity_type_custom: String,
        /// Whether it is registered; for [`EntityType::Other`] and [`EntityType::Partnership`] only.
        is_registered: bool,
    }
    subject phone_number_id;
    checked by check;
    decode acknowledged::read;
}

impl SetComplianceInfo {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let is_other = self.entity_type == EntityType::Other;
        let mut found = Vec::new();
        if is_other != self.entity_type_custom.is_some() {
            let message = "only an entity of type OTHER is described in words, and always";
            found.push(Finding::error("whatsapp.compliance", "entity_type_custom", message));
        }
        if self.is_registered.is_some() && !is_other && self.entity_type != EntityType::Partnership {
            let message = "only OTHER and PARTNERSHIP say whether they are registered";
            found
                .push(Finding::error("whatsapp.compliance", "is_registered", message).advice("leave it out"));
        }
        if self.grievance_officer_details.name.is_none() {
            let field = "grievance_officer_details.name";
            found.push(Finding::error("whatsapp.compliance", field, "who takes complaints has no name"));
        }
        found
    }
}

open_enum! {
    /// What a business is.
    pub enum EntityType {
        /// A limited liability partnership.
        LimitedLiabilityPartnership = "LIMITED_LIABILITY_PARTNERSHIP",
        /// Owned by one person.
        SoleProprietorship = "SOLE_PROPRIETORSHIP",
        /// A partnership.
        Partnership = "PARTNERSHIP",
        /// A public company.
        PublicCompany = "PUBLIC_COMPANY",
        /// A private company.
        PrivateCompany = "PRIVATE_COMPANY",
        /// Something else.
        Other = "OTHER",
    }
}

/// Who answers for a number.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ComplianceInfo {
    /// The legal name of the business.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity_name: Option<String>,
    /// What it is. Meta answers in other letters than it takes (`Partnership`).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity_type: Option<String>,
    /// What it is, in words.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity_type_custom: Option<String>,
    /// Whether it is registered.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_registered: Option<bool>,
    /// Who takes complaints.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub grievance_officer_details: Option<ComplianceContact>,
    /// Who helps customers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub customer_care_details: Option<ComplianceContact>,
}

/// How to reach somebody.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplianceContact {
    /// The name; needed of who takes complaints.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The mobile number, with its country code.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub mobile_number: Option<String>,
    /// The landline number, with its country code.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub landline_number: Option<String>,
}

impl ComplianceContact {
    /// By e-mail.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..Self::default() }
    }

    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The mobile number, with its country code.
    pub fn mobile_number(mut self, number: impl Into<String>) -> Self {
        self.mobile_number = Some(number.into());
        self
    }

    /// The landline number, with its country code.
    pub fn landline_number(mut self, number: impl Into<String>) -> Self {
        self.landline_number = Some(number.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_business_is_decides_what_else_is_said() {
        let set = |kind| {
            let care = ComplianceContact::new("care@example.com");
            let officer = ComplianceContact::new("officer@example.com").name("Chandravati P.");
            SetComplianceInfo::new(106, "Lucky Shrub", kind, officer, care)
        };
        for (set, found) in [
            (set(EntityType::PublicCompany), 0),
            (set(EntityType::Partnership).is_registered(true), 0),
            (set(EntityType::PublicCompany).is_registered(true), 1),
            (set(EntityType::Other), 1),
            (set(EntityType::Other).entity_type_custom("Society").is_registered(false), 0),
            (set(EntityType::Partnership).entity_type_custom("Society"), 1),
        ] {
            assert_eq!(set.check().len(), found, "{set:?}");
        }
        let care = ComplianceContact::new("care@example.com");
        let set = SetComplianceInfo::new(106, "Lucky Shrub", EntityType::PublicCompany, care.clone(), care);
        assert_eq!(set.check()[0].field(), "grievance_officer_details.name");
    }
}
