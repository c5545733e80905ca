//! Trying out what is to be made.

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use crate::acknowledged;

/// Something that Meta can check without making it.
pub trait Validatable: Endpoint + private::Sealed {}

/// Has Meta check a campaign, ad set, ad or creative without making it: the same call with
/// `execution_options=["validate_only"]` (Marketing API: Campaign, Ad Set, Ad, Ad Creative).
///
/// Needs `ads_management`. What is wrong is an error of the class [`InvalidParam`](crate::ErrorClass::InvalidParam),
/// with the fields to blame.
#[derive(Clone, Debug)]
pub struct ValidateOnly<E> {
    create: E,
}

impl<E: Validatable> ValidateOnly<E> {
    /// Checks this.
    pub const fn new(create: E) -> Self {
        Self { create }
    }
}

impl<E: Validatable> Endpoint for ValidateOnly<E> {
    type Output = Validated;

    const NAME: &'static str = "ads.creation.validate";
    const METHOD: Method = E::METHOD;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.create.write(parts)?;
        parts.form_field("execution_options", r#"["validate_only"]"#);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        self.create.subject()
    }

    fn decode(&self, response: &RawResponse) -> Result<Validated, DecodeError> {
        acknowledged::read(response).map(|()| Validated {})
    }
}

/// Meta found nothing wrong. Nothing was made.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Validated {}

pub(super) mod private {
    /// Keeps the trait to this crate.
    pub trait Sealed {}
}

/// Marks an endpoint whose creation can be tried out.
macro_rules! validatable {
    ($name:ident) => {
        impl $crate::ads::validate::private::Sealed for $name {}
        impl $crate::ads::Validatable for $name {}
    };
}

pub(super) use validatable;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::{AdStatus, CampaignBudget, CreateCampaign, Objective, SpecialAdCategory};
    use crate::id::AdAccountId;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn a_trial_makes_nothing_and_may_be_repeated() {
        let campaign = CreateCampaign::new(
            AdAccountId::of("5").unwrap(),
            "n",
            Objective::Traffic,
            [SpecialAdCategory::None],
            CampaignBudget::Daily(500),
            AdStatus::Paused,
        );
        let (done, request) = exchange(ValidateOnly::new(campaign.clone()), r#"{"success":true}"#).await;
        assert_eq!(done.unwrap(), Validated {});
        assert!(
            request.text().ends_with("&execution_options=%5B%22validate_only%22%5D"),
            "{}",
            request.text()
        );
        assert_eq!(<ValidateOnly<CreateCampaign> as Endpoint>::REPLAY, Replay::Safe);
        assert_eq!(<CreateCampaign as Endpoint>::REPLAY, Replay::Never);
        let (made, _) = exchange(ValidateOnly::new(campaign), r#"{"id":"7"}"#).await;
        assert!(made.unwrap_err().to_string().contains("ads.creation.validate"));
    }
}
