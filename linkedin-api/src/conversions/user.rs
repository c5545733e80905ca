//! Whose conversion it is.

use std::fmt;

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, open_enum};

use crate::guard::rules;
use crate::urn::LeadUrn;

open_enum! {
    /// What an id is.
    pub enum UserIdType {
        /// An e-mail address, as SHA-256 in 64 lower-case hexadecimal digits.
        Sha256Email = "SHA256_EMAIL",
        /// The first-party click id of LinkedIn (`li_fat_id`).
        FirstPartyAdsTrackingUuid = "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID",
        /// Of Acxiom.
        AcxiomId = "ACXIOM_ID",
        /// Of Oracle MOAT.
        OracleMoatId = "ORACLE_MOAT_ID",
        /// An IP address in plain text.
        PlaintextIpAddress = "PLAINTEXT_IP_ADDRESS",
        /// Google's advertising id; from version 202605 on.
        GoogleAid = "GOOGLE_AID",
        /// An IP address, as SHA-256; from version 202607 on.
        Sha256IpAddress = "SHA256_IP_ADDRESS",
    }
}

/// One id of a person. `Debug` shows only what kind it is.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserId {
    id_type: UserIdType,
    id_value: String,
}

impl UserId {
    /// This id.
    pub fn new(id_type: UserIdType, id_value: impl Into<String>) -> Self {
        Self { id_type, id_value: id_value.into() }
    }

    /// The hash of an e-mail address, made by the caller: 64 lower-case hexadecimal digits.
    pub fn sha256_email(hash: impl Into<String>) -> Self {
        Self::new(UserIdType::Sha256Email, hash)
    }

    /// What it is.
    pub const fn id_type(&self) -> &UserIdType {
        &self.id_type
    }

    /// The id itself.
    pub fn value(&self) -> &str {
        &self.id_value
    }

    fn check(&self, place: usize) -> Option<Finding> {
        let field = || format!("user.userIds[{place}].idValue");
        if self.id_value.is_empty() {
            return Some(rules::CONVERSION_ID_EMPTY.finding(field()));
        }
        let is_hash = self.id_value.len() == 64
            && self.id_value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_hashed = matches!(self.id_type, UserIdType::Sha256Email | UserIdType::Sha256IpAddress);
        // The length is safe to tell; the value may be an address in plain text.
        (is_hashed && !is_hash).then(|| {
            rules::CONVERSION_HASH
                .finding(field())
                .measured(format_args!("{} characters", self.id_value.chars().count()))
        })
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserId({}: redacted)", self.id_type)
    }
}

/// What else is known about a person, in plain text. `Debug` shows no values.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[must_use = "it does nothing until it is part of an event"]
pub struct ConversionUserInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<String>,
}

impl ConversionUserInfo {
    /// First and last name; without both LinkedIn matches nobody by them.
    pub fn new(first_name: impl Into<String>, last_name: impl Into<String>) -> Self {
        Self { first_name: Some(first_name.into()), last_name: Some(last_name.into()), ..Self::default() }
    }

    /// Job title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Company.
    pub fn company_name(mut self, company_name: impl Into<String>) -> Self {
        self.company_name = Some(company_name.into());
        self
    }

    /// Country, as two capital letters (ISO 3166).
    pub fn country_code(mut self, country_code: impl Into<String>) -> Self {
        self.country_code = Some(country_code.into());
        self
    }

    fn has_names(&self) -> bool {
        let filled = |name: &Option<String>| name.as_ref().is_some_and(|name| !name.trim().is_empty());
        filled(&self.first_name) && filled(&self.last_name)
    }

    fn check(&self) -> Option<Finding> {
        let code = self.country_code.as_ref()?;
        let fits = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        (!fits).then(|| rules::CONVERSION_COUNTRY.finding("user.userInfo.countryCode"))
    }
}

impl fmt::Debug for ConversionUserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConversionUserInfo(redacted)")
    }
}

/// Whose conversion it is: the more ids, the better LinkedIn matches. `Debug` shows no values.
///
/// At least one id, or a first and a last name.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[must_use = "it does nothing until it is part of an event"]
pub struct ConversionUser {
    user_ids: Vec<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_info: Option<ConversionUserInfo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<LeadUrn>,
}

impl ConversionUser {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more id.
    pub fn id(mut self, id: UserId) -> Self {
        self.user_ids.push(id);
        self
    }

    /// Names and the like.
    pub fn info(mut self, info: ConversionUserInfo) -> Self {
        self.user_info = Some(info);
        self
    }

    /// One more id of the advertiser's own; from version 202410 on.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_ids.push(id.into());
        self
    }

    /// The lead that became the conversion.
    pub fn lead(mut self, lead: LeadUrn) -> Self {
        self.lead = Some(lead);
        self
    }

    /// The ids.
    pub fn ids(&self) -> &[UserId] {
        &self.user_ids
    }

    pub(super) fn check(&self) -> Vec<Finding> {
        let ids = self.user_ids.iter().enumerate();
        let mut findings: Vec<Finding> = ids.filter_map(|(place, id)| id.check(place)).collect();
        findings.extend(self.user_info.as_ref().and_then(ConversionUserInfo::check));
        if self.external_ids.iter().any(String::is_empty) {
            findings.push(rules::CONVERSION_ID_EMPTY.finding("user.externalIds"));
        }
        let is_named = self.user_info.as_ref().is_some_and(ConversionUserInfo::has_names);
        if self.user_ids.is_empty() && !is_named {
            // Whether these two are enough is documented nowhere.
            let has_other = !self.external_ids.is_empty() || self.lead.is_some();
            let rule = if has_other { rules::CONVERSION_NOBODY_SURE } else { rules::CONVERSION_NOBODY };
            findings.push(rule.finding("user"));
        }
        findings
    }
}

impl fmt::Debug for ConversionUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversionUser")
            .field("user_ids", &self.user_ids)
            .field("user_info", &self.user_info)
            .field("external_ids", &format_args!("[{} redacted]", self.external_ids.len()))
            .field("lead", &self.lead)
            .finish()
    }
}
