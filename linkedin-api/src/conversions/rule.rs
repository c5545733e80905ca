//! Conversion rules.

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::bare_id::BareId;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::lenient;
use crate::patch::Patch;
use crate::restli::{Query, restli_words};
use crate::urn::{AdAccountUrn, CampaignUrn, ConversionUrn};

open_enum! {
    /// What people do. LinkedIn has more kinds; they go through as they are.
    pub enum ConversionType {
        /// Puts something into the cart.
        AddToCart = "ADD_TO_CART",
        /// Downloads something.
        Download = "DOWNLOAD",
        /// Installs an app.
        Install = "INSTALL",
        /// Sees an important page.
        KeyPageView = "KEY_PAGE_VIEW",
        /// Leaves contact data.
        Lead = "LEAD",
        /// Leaves contact data, and fits.
        QualifiedLead = "QUALIFIED_LEAD",
        /// Buys.
        Purchase = "PURCHASE",
        /// Signs up.
        SignUp = "SIGN_UP",
        /// Applies.
        SubmitApplication = "SUBMIT_APPLICATION",
        /// Anything else.
        Other = "OTHER",
    }
}

open_enum! {
    /// How often a conversion counts.
    pub enum AttributionType {
        /// Once for each campaign that the person saw.
        LastTouchByCampaign = "LAST_TOUCH_BY_CAMPAIGN",
        /// Once, for the last campaign.
        LastTouchByConversion = "LAST_TOUCH_BY_CONVERSION",
    }
}

open_enum! {
    /// Where a conversion's value comes from.
    pub enum ConversionValueType {
        /// From each event.
        Dynamic = "DYNAMIC",
        /// From the rule.
        Fixed = "FIXED",
        /// There is none.
        NoValue = "NO_VALUE",
    }
}

open_enum! {
    /// How LinkedIn hears of conversions.
    pub enum ConversionMethod {
        /// By this API.
        ConversionsApi = "CONVERSIONS_API",
    }
}

restli_words!(ConversionType, AttributionType, ConversionValueType);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'e> {
    name: &'e str,
    account: &'e AdAccountUrn,
    conversion_method: ConversionMethod,
    #[serde(rename = "type")]
    kind: &'e ConversionType,
    attribution_type: &'e AttributionType,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_click_attribution_window_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view_through_attribution_window_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_type: Option<&'e ConversionValueType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
}

endpoint! {
    /// Makes a rule: `POST /rest/conversions` (LinkedIn: Conversions API, "Create a conversion rule").
    ///
    /// The answer is the rule's URN, under which events are sent. Scopes and roles stand at the [module](super). Nothing
    /// repeats the call: a repeat makes a second rule.
    pub struct CreateConversionRule -> ConversionUrn;
    "linkedin.conversions.create": Create "/rest/conversions", Never, [scope::RW_CONVERSIONS, scope::R_ADS];
    new { account: AdAccountUrn, name: String, kind: ConversionType }
    with {
        /// Another attribution than [`AttributionType::LastTouchByCampaign`].
        attribution: AttributionType,
        /// How many days after a click a conversion counts: 1, 7, 30 or 90, for some types 365; LinkedIn takes 30 unless told.
        post_click_days: u32,
        /// How many days after a view a conversion counts: 1, 7, 30 or 90, for some types 365; LinkedIn takes 7 unless told.
        view_through_days: u32,
        /// Where the value comes from; from each event unless told.
        value_type: ConversionValueType,
        /// Whether it counts from the start.
        enabled: bool,
    }
    subject account;
    checked by check;
    body by body;
    read by made;
}

impl CreateConversionRule {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        name(&mut findings, Some(&self.name));
        window(&mut findings, "postClickAttributionWindowSize", self.post_click_days);
        window(&mut findings, "viewThroughAttributionWindowSize", self.view_through_days);
        findings
    }

    fn body(&self) -> Body<'_> {
        Body {
            name: &self.name,
            account: &self.account,
            conversion_method: ConversionMethod::ConversionsApi,
            kind: &self.kind,
            attribution_type: self.attribution.as_ref().unwrap_or(&AttributionType::LastTouchByCampaign),
            post_click_attribution_window_size: self.post_click_days,
            view_through_attribution_window_size: self.view_through_days,
            value_type: self.value_type.as_ref(),
            enabled: self.enabled,
        }
    }
}

/// The header names the number; the whole URN is read as well.
fn made<E>(_endpoint: &E, response: &RawResponse) -> Result<ConversionUrn, DecodeError> {
    let id: String = created::id(response)?;
    let urn = ConversionUrn::parse(&id).or_else(|_| ConversionUrn::from_id(&id));
    urn.map_err(|_| DecodeError::new("x-restli-id", "it is not the id of a conversion rule"))
}

fn name(findings: &mut Vec<Finding>, name: Option<&String>) {
    if name.is_some_and(|name| name.trim().is_empty()) {
        findings.push(rules::CONVERSION_NAME.finding("name"));
    }
}

fn window(findings: &mut Vec<Finding>, field: &'static str, days: Option<u32>) {
    if let Some(days) = days.filter(|days| ![1, 7, 30, 90, 365].contains(days)) {
        findings.push(rules::CONVERSION_WINDOW.finding(field).measured(format_args!("{days} days")));
    }
}

endpoint! {
    /// One rule: `GET /rest/conversions/{id}?account=…` (LinkedIn: Conversion Tracking). Scopes and roles stand at the
    /// [module](super).
    pub struct GetConversionRule -> ConversionRule;
    "linkedin.conversions.get": Get "/rest/conversions/{rule}", Safe, [scope::RW_CONVERSIONS, scope::R_ADS];
    new { rule: BareId<ConversionUrn>, account: AdAccountUrn }
    projection;
    subject account;
}

list_endpoint! {
    /// The rules of an ad account: `GET /rest/conversions?q=account` (LinkedIn: Conversion Tracking). Scopes and roles stand
    /// at the [module](super).
    pub struct ListConversionRules -> ConversionRule;
    "linkedin.conversions.list": Finder "/rest/conversions", [scope::RW_CONVERSIONS, scope::R_ADS], offset 50 to 100;
    fixed { q: "account" }
    new { account: AdAccountUrn }
    projection;
    subject account;
}

endpoint! {
    /// Changes some fields of a rule: `POST /rest/conversions/{id}?account=…` with `X-RestLi-Method: PARTIAL_UPDATE`
    /// (LinkedIn: Conversion Tracking). Sending it again has no further effect. A rule cannot be deleted, only switched
    /// off. Scopes and roles stand at the [module](super).
    pub struct UpdateConversionRule -> ();
    "linkedin.conversions.update": PartialUpdate "/rest/conversions/{rule}", Safe, [scope::RW_CONVERSIONS, scope::R_ADS];
    new { rule: BareId<ConversionUrn>, account: AdAccountUrn }
    with {
        /// Another name.
        name: String,
        /// Whether it counts.
        enabled: bool,
        /// Another attribution.
        attribution: AttributionType,
        /// How many days after a click a conversion counts.
        post_click_days: u32,
        /// How many days after a view a conversion counts.
        view_through_days: u32,
    }
    subject account;
    checked by check;
    body by patch;
    query by query;
    read by created::nothing;
}

impl UpdateConversionRule {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        name(&mut findings, self.name.as_ref());
        window(&mut findings, "postClickAttributionWindowSize", self.post_click_days);
        window(&mut findings, "viewThroughAttributionWindowSize", self.view_through_days);
        if self.patch().is_empty() {
            findings.push(rules::CONVERSION_PATCH_EMPTY.finding("patch"));
        }
        findings
    }

    fn patch(&self) -> Patch {
        Patch::new()
            .set_some("name", self.name.clone())
            .set_some("enabled", self.enabled)
            .set_some("attributionType", self.attribution.as_ref().map(AttributionType::as_str))
            .set_some("postClickAttributionWindowSize", self.post_click_days)
            .set_some("viewThroughAttributionWindowSize", self.view_through_days)
    }

    fn query(&self, query: Query) -> Query {
        query.param("account", &self.account)
    }
}

/// A conversion rule. Everything may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversionRule {
    /// Its number; see [`urn`](Self::urn).
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// Its name.
    #[serde(deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The ad account.
    #[serde(deserialize_with = "lenient::or_none")]
    pub account: Option<AdAccountUrn>,
    /// How LinkedIn hears of conversions. Events are taken only for [`ConversionMethod::ConversionsApi`].
    #[serde(deserialize_with = "lenient::or_none")]
    pub conversion_method: Option<ConversionMethod>,
    /// What people do.
    #[serde(rename = "type", deserialize_with = "lenient::or_none")]
    pub kind: Option<ConversionType>,
    /// Whether it counts.
    #[serde(deserialize_with = "lenient::boolean")]
    pub enabled: Option<bool>,
    /// How often a conversion counts.
    #[serde(deserialize_with = "lenient::or_none")]
    pub attribution_type: Option<AttributionType>,
    /// How many days after a click a conversion counts.
    #[serde(rename = "postClickAttributionWindowSize", deserialize_with = "lenient::integer")]
    pub post_click_days: Option<i64>,
    /// How many days after a view a conversion counts.
    #[serde(rename = "viewThroughAttributionWindowSize", deserialize_with = "lenient::integer")]
    pub view_through_days: Option<i64>,
    /// Where the value comes from.
    #[serde(deserialize_with = "lenient::or_none")]
    pub value_type: Option<ConversionValueType>,
    /// The campaigns it counts for.
    #[serde(deserialize_with = "lenient::readable")]
    pub campaigns: Vec<CampaignUrn>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::millis")]
    pub created: Option<Timestamp>,
    /// When it was changed last.
    #[serde(deserialize_with = "lenient::millis")]
    pub last_modified: Option<Timestamp>,
}

impl ConversionRule {
    /// Its URN, under which events are sent.
    pub fn urn(&self) -> Option<ConversionUrn> {
        ConversionUrn::from_id(&self.id?.to_string()).ok()
    }
}
