//! Ad accounts and what is in them.

mod accounts;
mod audiences;
mod catalogs;
mod copies;
mod creation;
mod fieldsets;
mod forms;
mod media;
mod rows;
mod seed;
mod things;
mod video_chunks;
mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::{audiences::Session, catalogs::Batch};
use super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
};
use crate::token::Claims;

/// The ad account of the first person's business.
pub(crate) const AD_ACCOUNT: &str = "act_600700800901001";
/// An ad account of another business, where the first person may only look.
pub(crate) const CLIENT_AD_ACCOUNT: &str = "act_600700800901002";
/// The product catalog of the business.
pub(crate) const CATALOG: &str = "800900100200301";
/// A campaign that has run for a while, with what it shows.
pub(crate) const CAMPAIGN: &str = "120210000000001";
/// Its ad set.
pub(crate) const AD_SET: &str = "120220000000001";
/// Its ad.
pub(crate) const AD: &str = "120230000000001";
/// The creative of that ad.
pub(crate) const CREATIVE: &str = "120240000000001";

/// Kinds of things in an ad account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Campaign,
    AdSet,
    Ad,
    Creative,
    Audience,
    Image,
    Video,
}

/// A thing in an ad account.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) account: &'static str,
    /// The campaign of an ad set, the ad set of an ad.
    pub(crate) parent: Option<String>,
    /// When it was made, in Unix seconds.
    pub(crate) made: i64,
    /// Whether anyone has seen it: reports leave out what had no delivery.
    pub(crate) delivered: bool,
    pub(crate) fields: Map<String, Value>,
}

impl Thing {
    /// The text of a field, or nothing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What the platform holds of it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) things: Vec<Thing>,
    sessions: BTreeMap<(String, u64), Session>,
    batches: BTreeMap<String, Batch>,
    products: BTreeMap<String, Value>,
    /// The apps that get the webhooks of each account.
    subscribed: BTreeMap<String, Vec<String>>,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            things: seed::things(),
            sessions: BTreeMap::new(),
            batches: BTreeMap::new(),
            products: BTreeMap::new(),
            subscribed: BTreeMap::new(),
        }
    }
}

impl Held {
    /// The thing with this id.
    pub(crate) fn thing(&self, id: &str) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.id == id)
    }
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let world = &call.shared.config.world;
    match path {
        // Other areas have edges of the same things.
        [_, "insights" | "leads"] => None,
        [id, rest @ ..] if id.starts_with("act_") => Some(match account(id) {
            Some(account) => accounts::route(call, account, rest),
            None => Err(GraphError::unsupported(&call.request.method, id)),
        }),
        [who, edge @ ("adaccounts" | "assigned_ad_accounts")]
            if *who == "me" || world.facebook_user(who).is_some() || *who == world.business.system_user =>
        {
            Some(accounts::of_person(call, who, edge))
        }
        [id, "owned_product_catalogs"] if *id == world.business.id => Some(catalogs::owned(call)),
        [CATALOG, rest @ ..] => Some(catalogs::route(call, rest)),
        [id, rest @ ..] if call.state.areas.ads.thing(id).is_some() => Some(things::route(call, id, rest)),
        _ => None,
    }
}

/// The account with this id.
pub(crate) fn account(id: &str) -> Option<&'static str> {
    [AD_ACCOUNT, CLIENT_AD_ACCOUNT].into_iter().find(|account| *account == id)
}

/// Whoever may look at ads.
///
/// # Errors
///
/// When the person has no role on the account, or gave no permission.
pub(crate) fn reader(call: &mut Call<'_>) -> Result<Claims, GraphError> {
    permitted(call, &["ads_read", "ads_management"])
}

/// Whoever may change something in the account.
fn writer(call: &mut Call<'_>, account: &str) -> Result<Claims, GraphError> {
    let claims = permitted(call, &["ads_management"])?;
    if account == AD_ACCOUNT {
        return Ok(claims);
    }
    let message = "(#2654) You don't have permission to write to this ad account.";
    Err(GraphError::new(403, 2654, message).subcode(1_713_092))
}

/// A person of the business with one of these permissions.
fn permitted(call: &mut Call<'_>, permissions: &[&str]) -> Result<Claims, GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let claims = caller.user()?.clone();
    let is_allowed = permissions.iter().any(|permission| granted(call, &claims, permission));
    if is_allowed && call.shared.config.world.has_pages(&claims.person) {
        return Ok(claims);
    }
    let names = permissions.join(" or ");
    Err(GraphError::permission(format!("Ad account owner has NOT grant {names} permission")))
}

/// A page of these accounts.
pub(crate) fn list_accounts(call: &Call<'_>, path: &str, accounts: &[&str]) -> Outcome {
    accounts::list(call, path, accounts)
}

/// A number for a new thing; the first digits tell its kind apart.
fn new_id(call: &mut Call<'_>, kind: Kind) -> String {
    let prefix = match kind {
        Kind::Campaign => 12_021,
        Kind::AdSet => 12_022,
        Kind::Ad => 12_023,
        Kind::Creative => 12_024,
        Kind::Audience => 12_025,
        Kind::Image => 12_026,
        Kind::Video => 12_027,
    };
    // Below one million are the things that exist from the start.
    format!("{prefix}{:010}", call.state.number().saturating_add(1_000_000))
}
