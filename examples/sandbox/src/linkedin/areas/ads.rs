//! Ad accounts, campaign groups, campaigns, creatives and their figures.

mod accounts;
mod metrics;
mod page;
mod patch;
mod periods;
mod pivots;
mod report;
mod search;
mod seed;
mod things;

use axum::response::Response;
use http::Method;
use serde_json::{Map, Value};

use super::{
    super::{answer::ApiError, api::Call},
    leads,
};

/// Roles on an ad account that may change it and what is in it.
const MANAGING: [&str; 3] = ["ACCOUNT_BILLING_ADMIN", "ACCOUNT_MANAGER", "CAMPAIGN_MANAGER"];

/// What the platform holds here.
#[derive(Debug)]
pub(crate) struct Held {
    accounts: Vec<Account>,
    things: Vec<Thing>,
    /// The app has its one test account.
    has_test_account: bool,
}

impl Default for Held {
    fn default() -> Self {
        Self { accounts: seed::accounts(), things: seed::things(), has_test_account: false }
    }
}

impl Held {
    /// Whether the member made the ad account here.
    pub(super) fn is_made_by(&self, urn: &str, member: &str) -> bool {
        self.accounts.iter().any(|account| account.urn() == urn && account.made_by.as_deref() == Some(member))
    }

    /// Whether the campaign is in the ad account.
    pub(super) fn has_campaign(&self, account: &str, campaign: &str) -> bool {
        let mut campaigns = self.things.iter().filter(|thing| thing.kind == Kind::Campaign);
        campaigns.any(|thing| thing.urn() == campaign && id_of(account) == thing.account)
    }
}

/// An ad account.
#[derive(Debug, Clone)]
struct Account {
    id: String,
    /// The member that made it here, who manages it.
    made_by: Option<String>,
    body: Map<String, Value>,
}

impl Account {
    fn urn(&self) -> String {
        format!("urn:li:sponsoredAccount:{}", self.id)
    }
}

/// What can be in an ad account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Group,
    Campaign,
    Creative,
}

impl Kind {
    fn collection(self) -> &'static str {
        match self {
            Self::Group => "adCampaignGroups",
            Self::Campaign => "adCampaigns",
            Self::Creative => "creatives",
        }
    }

    fn urn(self, id: &str) -> String {
        let kind = match self {
            Self::Group => "sponsoredCampaignGroup",
            Self::Campaign => "sponsoredCampaign",
            Self::Creative => "sponsoredCreative",
        };
        format!("urn:li:{kind}:{id}")
    }
}

/// A campaign group, a campaign or a creative.
#[derive(Debug, Clone)]
struct Thing {
    kind: Kind,
    /// Id of the ad account.
    account: String,
    id: String,
    body: Map<String, Value>,
}

impl Thing {
    fn urn(&self) -> String {
        self.kind.urn(&self.id)
    }
}

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    let kind = |name: &str| {
        [Kind::Group, Kind::Campaign, Kind::Creative].into_iter().find(|kind| kind.collection() == name)
    };
    let answer = match path {
        ["adAccounts"] => accounts::all(call),
        ["adAccounts", id] => accounts::one(call, id),
        ["adAccounts", account, name] => things::all(call, account, kind(name)?),
        ["adAccounts", account, name, key] => things::one(call, account, kind(name)?, key),
        ["adAccountUsers"] => accounts::users(call),
        ["adAccountUsers", key] => accounts::user(call, key),
        ["adAnalytics"] if call.request.method == Method::GET => report::find(call),
        ["adAnalytics"] => Err(ApiError::method_not_allowed()),
        _ => return None,
    };
    Some(answer)
}

/// The caller's role on an ad account.
fn role(call: &Call<'_>, id: &str) -> Option<&'static str> {
    let account = call.state.linkedin.ads.accounts.iter().find(|account| account.id == id)?;
    leads::account_role(call, &account.urn())
}

fn denied(call: &Call<'_>, resource: &str, method: &str) -> ApiError {
    ApiError::denied(resource, method, Some(&call.version))
}

/// The scope for reading, or the one for changing.
fn scoped(call: &Call<'_>, resource: &str, method: &str, write: bool) -> Result<(), ApiError> {
    if call.claims.has_scope("rw_ads") || (!write && call.claims.has_scope("r_ads")) {
        return Ok(());
    }
    Err(denied(call, resource, method))
}

/// The scope, and a role on the ad account: a stronger one for changing.
fn permit(call: &Call<'_>, resource: &str, method: &str, account: &str, write: bool) -> Result<(), ApiError> {
    scoped(call, resource, method, write)?;
    if !call.state.linkedin.ads.accounts.iter().any(|known| known.id == account) {
        return Err(ApiError::not_found());
    }
    match role(call, account) {
        Some(role) if !write || MANAGING.contains(&role) => Ok(()),
        _ => {
            let message = format!("No permission on urn:li:sponsoredAccount:{account}");
            Err(ApiError::new(403, message).code("NO_PERMISSION_ON_ENTITY"))
        }
    }
}

/// The id at the end of a URN.
fn id_of(urn: &str) -> &str {
    urn.rsplit(':').next().unwrap_or_default()
}
