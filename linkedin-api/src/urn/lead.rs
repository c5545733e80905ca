//! Lead forms and leads.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::typed::{check_simple, typed_urn};
use super::{Urn, UrnError};
use crate::restli::restli_words;

typed_urn! {
    /// `urn:li:leadGenForm:{id}`: a lead form.
    LeadFormUrn, |urn| check(urn, "leadGenForm", "it does not name a lead form (urn:li:leadGenForm:…)")
}

typed_urn! {
    /// `urn:li:leadGenFormResponse:{id}`: a lead, as webhooks name it.
    LeadUrn, |urn| check(urn, "leadGenFormResponse", "it does not name a lead (urn:li:leadGenFormResponse:…)")
}

typed_urn! {
    /// `urn:li:versionedLeadGenForm:({form},{version})`: a form as it was when a lead was given.
    ///
    /// ```
    /// use sociogram_linkedin_api::VersionedLeadFormUrn;
    ///
    /// let urn: VersionedLeadFormUrn = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)".parse().unwrap();
    /// assert_eq!((urn.form().as_str(), urn.version()), ("urn:li:leadGenForm:3162", "1"));
    /// assert_eq!(VersionedLeadFormUrn::new(&urn.form(), 1).unwrap(), urn);
    /// ```
    VersionedLeadFormUrn, |urn| parts(urn).map(|_| ())
}

fn check(urn: &Urn, kind: &str, expected: &'static str) -> Result<(), UrnError> {
    if urn.namespace() == "li" && urn.entity_type() == kind {
        check_simple(urn.id())
    } else {
        Err(UrnError(expected))
    }
}

/// The form, and the version behind it.
fn parts(urn: &Urn) -> Result<(LeadFormUrn, &str), UrnError> {
    const EXPECTED: UrnError =
        UrnError("it does not name a version of a lead form (urn:li:versionedLeadGenForm:(…,…))");
    if urn.namespace() != "li" || urn.entity_type() != "versionedLeadGenForm" {
        return Err(EXPECTED);
    }
    let mut elements = urn.elements();
    match (elements.next(), elements.next(), elements.next()) {
        (Some(form), Some(version), None) => {
            check_simple(version)?;
            Ok((LeadFormUrn::parse(form)?, version))
        }
        _ => Err(EXPECTED),
    }
}

impl LeadFormUrn {
    /// From the id alone.
    ///
    /// # Errors
    /// When the id is not one word of letters, digits, `-` and `_`.
    pub fn from_id(id: &str) -> Result<Self, UrnError> {
        check_simple(id)?;
        Self::parse(&format!("urn:li:leadGenForm:{id}"))
    }
}

impl LeadUrn {
    /// From the id alone.
    ///
    /// # Errors
    /// When the id is not one word of letters, digits, `-` and `_`.
    pub fn from_id(id: &str) -> Result<Self, UrnError> {
        check_simple(id)?;
        Self::parse(&format!("urn:li:leadGenFormResponse:{id}"))
    }
}

impl VersionedLeadFormUrn {
    /// This version of this form.
    ///
    /// # Errors
    /// When it becomes too long for a URN.
    pub fn new(form: &LeadFormUrn, version: u32) -> Result<Self, UrnError> {
        Self::parse(&format!("urn:li:versionedLeadGenForm:({form},{version})"))
    }

    /// The form.
    pub fn form(&self) -> LeadFormUrn {
        // It was checked when it was made; the URN itself is only there for the compiler.
        parts(&self.0).map_or_else(|_| LeadFormUrn(self.0.clone()), |(form, _)| form)
    }

    /// The version, as LinkedIn writes it.
    pub fn version(&self) -> &str {
        parts(&self.0).map_or("", |(_, version)| version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_takes_its_own_kind_only() {
        assert_eq!(LeadUrn::from_id("1a2b3c-4").unwrap().as_str(), "urn:li:leadGenFormResponse:1a2b3c-4");
        assert!(LeadUrn::parse("urn:li:leadGenForm:1").is_err());
        assert!(LeadFormUrn::parse("urn:li:leadGenFormResponse:1").is_err());
        assert!(LeadFormUrn::from_id("(1,2)").is_err() && LeadUrn::from_id("").is_err());
        for bad in [
            "urn:li:versionedLeadGenForm:1",
            "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1)",
            "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1,1,1)",
            "urn:li:versionedLeadGenForm:(urn:li:share:1,1)",
            "urn:li:leadGenForm:(urn:li:leadGenForm:1,1)",
        ] {
            assert!(VersionedLeadFormUrn::parse(bad).is_err(), "{bad}");
        }
    }
}
