//! What people see of a number (WhatsApp Cloud API: Business Profiles).

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::measure::{amount, characters};
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

endpoint! {
    /// What people see of a number: `GET /{phone_number_id}/whatsapp_business_profile`. Needs
    /// `whatsapp_business_messaging`.
    pub struct GetBusinessProfile -> BusinessProfile;
    "whatsapp.profile.get": GET "/{phone_number_id}/whatsapp_business_profile", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { phone_number_id: PhoneNumberId }
    fields "about,address,description,email,profile_picture_url,websites,vertical";
    subject phone_number_id;
    decode first;
}

/// The profile stands in a list of one.
fn first(response: &RawResponse) -> Result<BusinessProfile, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Vec<BusinessProfile>,
    }
    let envelope: Envelope = response.json()?;
    envelope.data.into_iter().next().ok_or_else(|| DecodeError::new("data", "there is no profile"))
}

endpoint! {
    /// Changes what people see of a number: `POST /{phone_number_id}/whatsapp_business_profile`. What is left out stays.
    /// Needs `whatsapp_business_messaging`.
    pub struct UpdateBusinessProfile -> ();
    "whatsapp.profile.update": POST "/{phone_number_id}/whatsapp_business_profile", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING], Json;
    fixed { messaging_product: "whatsapp" }
    new { phone_number_id: PhoneNumberId }
    with {
        /// A line about the business, 1 to 139 characters.
        about: String,
        /// Its address, at most 256 characters.
        address: String,
        /// What it does, at most 512 characters.
        description: String,
        /// Its e-mail address, at most 128 characters.
        email: String,
        /// Up to 2 web addresses of at most 256 characters.
        websites: Vec<String>,
        /// Its trade.
        vertical: Vertical,
        /// The handle of a picture that was uploaded with the Resumable Upload API.
        profile_picture_handle: String,
    }
    subject phone_number_id;
    checked by check;
    decode acknowledged::read;
}

impl UpdateBusinessProfile {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let rule = "whatsapp.profile";
        let text = |field: &'static str, text: &Option<String>, allowed| {
            characters(rule, field, text.as_deref()?, allowed)
        };
        let mut found: Vec<Finding> = [
            text("about", &self.about, 1..=139),
            text("address", &self.address, 0..=256),
            text("description", &self.description, 0..=512),
            text("email", &self.email, 0..=128),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(websites) = &self.websites {
            found.extend(amount(rule, "websites", websites.len(), 0..=2));
            found.extend(websites.iter().filter_map(|site| characters(rule, "websites", site, 1..=256)));
        }
        found
    }
}

/// What people see of a number.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessProfile {
    /// A line about the business.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub about: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub address: Option<String>,
    /// What it does.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// Its e-mail address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub email: Option<String>,
    /// Its picture; the link does not live long.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
    /// Its web addresses.
    #[serde(default, deserialize_with = "lenient::list")]
    pub websites: Vec<String>,
    /// Its trade.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub vertical: Option<Vertical>,
}

open_enum! {
    /// A trade.
    pub enum Vertical {
        /// Alcohol.
        Alcohol = "ALCOHOL",
        /// Clothes.
        Apparel = "APPAREL",
        /// Cars.
        Auto = "AUTO",
        /// Beauty, spa and salon.
        Beauty = "BEAUTY",
        /// Education.
        Education = "EDU",
        /// Entertainment.
        Entertainment = "ENTERTAIN",
        /// Events.
        EventPlanning = "EVENT_PLAN",
        /// Finance.
        Finance = "FINANCE",
        /// Government.
        Government = "GOVT",
        /// Groceries.
        Grocery = "GROCERY",
        /// Health.
        Health = "HEALTH",
        /// Hotels.
        Hotel = "HOTEL",
        /// No profit.
        Nonprofit = "NONPROFIT",
        /// No business.
        NotABusiness = "NOT_A_BIZ",
        /// Gambling on the web.
        OnlineGambling = "ONLINE_GAMBLING",
        /// Medicines without prescription.
        OtcDrugs = "OTC_DRUGS",
        /// Another one.
        Other = "OTHER",
        /// Gambling in houses.
        PhysicalGambling = "PHYSICAL_GAMBLING",
        /// Services.
        ProfessionalServices = "PROF_SERVICES",
        /// Restaurants.
        Restaurant = "RESTAURANT",
        /// Shops.
        Retail = "RETAIL",
        /// Travel.
        Travel = "TRAVEL",
        /// Not said.
        Undefined = "UNDEFINED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[test]
    fn long_texts_are_found() {
        let update = || UpdateBusinessProfile::new(106);
        for (update, found) in [
            (update().about("a".repeat(139)).address("").description("d".repeat(512)), 0),
            (update().about("a".repeat(140)), 1),
            (update().about(""), 1),
            (update().address("a".repeat(257)), 1),
            (update().description("d".repeat(513)).email("e".repeat(129)), 2),
            (update().websites(vec!["https://example.com".to_owned(); 2]), 0),
            (update().websites(vec!["https://example.com".to_owned(); 3]), 1),
            (update().websites(vec!["w".repeat(257)]), 1),
        ] {
            assert_eq!(update.check().len(), found, "{update:?}");
        }
    }

    #[tokio::test]
    async fn an_empty_list_is_no_profile() {
        let (profile, _) = exchange(GetBusinessProfile::new(106), r#"{"data":[]}"#).await;
        assert_eq!(profile.unwrap_err().kind(), crate::ErrorKind::Decode);
        let odd = r#"{"data":[{"vertical":"NEW_TRADE","websites":["https://a.example",7],"about":5}]}"#;
        let (profile, _) = exchange(GetBusinessProfile::new(106), odd).await;
        let profile = profile.unwrap();
        assert_eq!(profile.vertical.unwrap().as_str(), "NEW_TRADE");
        assert_eq!((profile.websites.len(), profile.about), (1, None));
    }
}
