//! Ids without their URN.

use crate::restli::RestliValue;

/// Something that LinkedIn's path names by the id alone, made of its URN: `urn:li:organization:5` becomes `5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareId<U>(U);

impl<U> BareId<U> {
    /// The URN it was made of.
    pub const fn urn(&self) -> &U {
        &self.0
    }
}

impl<U> From<U> for BareId<U> {
    fn from(urn: U) -> Self {
        Self(urn)
    }
}

impl<U: AsRef<str>> AsRef<str> for BareId<U> {
    fn as_ref(&self) -> &str {
        self.0.as_ref()
    }
}

impl<U: AsRef<str>> From<&BareId<U>> for RestliValue {
    fn from(id: &BareId<U>) -> Self {
        bare(&id.0).into()
    }
}

/// What follows `urn:{namespace}:{type}:`.
pub(crate) fn bare(urn: &impl AsRef<str>) -> &str {
    urn.as_ref().splitn(4, ':').nth(3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::urn::{OrganizationUrn, Urn};

    #[test]
    fn the_id_stands_alone() {
        let id = BareId::from(OrganizationUrn::from_id("5").unwrap());
        assert_eq!(RestliValue::from(&id).encode(), "5");
        assert_eq!(id.as_ref(), "urn:li:organization:5");
        let nested = BareId::from(Urn::parse("urn:li:comment:(urn:li:activity:1,2)").unwrap());
        assert_eq!(RestliValue::from(&nested), RestliValue::from("(urn:li:activity:1,2)"));
    }
}
