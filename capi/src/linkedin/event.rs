//! One event for LinkedIn.

use std::fmt;

use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::conversions::{UserId, UserIdType};
use sociogram_linkedin_api::guard::rules::MAX_CONVERSION_AGE_DAYS;
use sociogram_linkedin_api::{ConversionUrn, LeadUrn};

use crate::decimal::Decimal;
use crate::event::Event;
use crate::user_data::UserData;

/// Something that a person did, to be counted under a conversion rule of LinkedIn (LinkedIn: Conversions API Schema). It
/// holds plain customer values; they are normalised and hashed by [`prepare_linkedin`](super::prepare_linkedin). `Debug`
/// shows no customer data.
///
/// The [`UserData`] is the one that Meta's events have, so that one customer record serves both. LinkedIn gets of it:
///
/// | member | form |
/// | --- | --- |
/// | first e-mail address | as for Meta: trimmed, lower case, SHA-256 |
/// | first and last name, both | plain text, outer white space removed; digests are of no use to LinkedIn |
/// | country, beside names | two capital letters |
/// | IP address | plain text, IPv4 and public only |
/// | first external id | as it is |
///
/// The rest (phone number, birth date, city, Meta's ids, …) is not sent.
///
/// ```
/// use sociogram_capi::linkedin::{LinkedInEvent, prepare_linkedin};
/// use sociogram_capi::{Timestamp, UserData};
/// use sociogram_linkedin_api::ConversionUrn;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let now = Timestamp::from_unix_seconds(1_795_000_600);
/// let customer = UserData::new().email(" Maria.Silva@Example.com").first_name("Maria").last_name("Silva");
/// let event = LinkedInEvent::from_parts(ConversionUrn::from_id("104012")?, now, customer)
///     .event_id("order-1001")
///     .li_fat_id("7b5b5a9c-3b5c-4a3e-9f7e-2f1d5c1c0a11")
///     .value("129.90".parse()?, "EUR");
/// let prepared = prepare_linkedin([&event], now);
/// assert_eq!((prepared.bodies()[0].len(), prepared.rejected().len()), (1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "an event does nothing until it is sent"]
pub struct LinkedInEvent {
    pub(super) conversion: ConversionUrn,
    pub(super) happened_at: Timestamp,
    pub(super) user: UserData,
    pub(super) value: Option<(Decimal, String)>,
    pub(super) event_id: Option<String>,
    pub(super) ids: Vec<UserId>,
    pub(super) title: Option<String>,
    pub(super) company: Option<String>,
    pub(super) lead: Option<LeadUrn>,
}

impl LinkedInEvent {
    /// Under which rule, when it happened (not when it is sent), and who. Whole milliseconds are sent.
    pub fn from_parts(conversion: ConversionUrn, happened_at: Timestamp, user: UserData) -> Self {
        Self {
            conversion,
            happened_at,
            user,
            value: None,
            event_id: None,
            ids: Vec::new(),
            title: None,
            company: None,
            lead: None,
        }
    }

    /// The same event as one for Meta, under this rule: its time, its event id, its customer, and its value if there is a
    /// currency.
    pub fn from_event(conversion: ConversionUrn, event: &Event) -> Self {
        let money = event.custom_data.as_ref();
        Self {
            value: money.and_then(|data| Some((data.value.clone()?, data.currency.clone()?))),
            event_id: event.id.clone(),
            ..Self::from_parts(conversion, event.time, event.user_data.clone())
        }
    }

    /// Sets what it was worth, and the currency: an ISO 4217 code of three letters. Negative amounts are left out.
    pub fn value(mut self, amount: Decimal, currency: impl Into<String>) -> Self {
        self.value = Some((amount, currency.into()));
        self
    }

    /// Sets the id that the Insight Tag gives the same event. It does **not** make sending twice safe.
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Adds LinkedIn's click id: the `li_fat_id` cookie, or that parameter of the landing page's address.
    pub fn li_fat_id(self, id: impl Into<String>) -> Self {
        self.user_id(UserId::new(UserIdType::FirstPartyAdsTrackingUuid, id.into().trim()))
    }

    /// Adds an id of another kind, such as Google's advertising id, in the form that LinkedIn takes.
    pub fn user_id(mut self, id: UserId) -> Self {
        self.ids.push(id);
        self
    }

    /// Sets the person's job title; of use beside first and last name only.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the person's company; of use beside first and last name only.
    pub fn company_name(mut self, company: impl Into<String>) -> Self {
        self.company = Some(company.into());
        self
    }

    /// Sets the lead that became the conversion: a response to a lead form.
    pub fn lead(mut self, lead: LeadUrn) -> Self {
        self.lead = Some(lead);
        self
    }

    /// The rule.
    pub fn conversion(&self) -> &ConversionUrn {
        &self.conversion
    }

    /// When it happened.
    pub fn happened_at(&self) -> Timestamp {
        self.happened_at
    }

    /// The id it shares with the Insight Tag's event.
    pub fn id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// Until when LinkedIn takes it: 90 days after it happened.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.happened_at.as_unix_millis().saturating_add(MAX_AGE_MILLIS))
    }
}

/// How long LinkedIn takes an event.
pub(super) const MAX_AGE_MILLIS: i64 = MAX_CONVERSION_AGE_DAYS * 86_400_000;

impl fmt::Debug for LinkedInEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkedInEvent")
            .field("conversion", &self.conversion)
            .field("happened_at", &self.happened_at)
            .field("event_id", &self.event_id)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
