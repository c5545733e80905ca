//! Ad accounts (Marketing API: Ad Account).

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use serde_json::Value;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use super::words::AdsTask;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AdAccountId, AppId, BusinessId, UserId};
use crate::lenient;

/// The fields asked for unless others are named.
const FIELDS: &str = "id,account_id,name,account_status,disable_reason,currency,timezone_name,\
                      timezone_offset_hours_utc,amount_spent,balance,spend_cap,business{id,name},user_tasks";

list_endpoint! {
    /// Lists the ad accounts of a person: `GET /{user_id}/adaccounts` (Graph API: User Ad Accounts).
    ///
    /// Needs `ads_read` or `ads_management`; `UserId::new("me")` is whoever the token belongs to. Accounts of a
    /// business portfolio are listed by the business.
    pub struct ListAdAccounts -> AdAccount;
    "ads.accounts.list": "/{user_id}/adaccounts", [scope::ADS_READ], limit 100;
    new { user_id: UserId }
    fields FIELDS;
}

list_endpoint! {
    /// Lists the ad accounts a system user is assigned to: `GET /{user_id}/assigned_ad_accounts` (Business Management
    /// API: System Users).
    ///
    /// Needs `ads_read` or `ads_management`, and `business_management`.
    pub struct ListAssignedAdAccounts -> AdAccount;
    "ads.assigned_accounts.list": "/{user_id}/assigned_ad_accounts", [scope::ADS_READ, scope::BUSINESS_MANAGEMENT], limit 100;
    new { user_id: UserId }
    fields FIELDS;
}

endpoint! {
    /// Reads an ad account: `GET /{ad_account_id}` (Marketing API: Ad Account).
    ///
    /// Needs `ads_read` or `ads_management`.
    pub struct GetAdAccount -> AdAccount;
    "ads.accounts.get": GET "/{ad_account_id}", Safe, [scope::ADS_READ];
    new { ad_account_id: AdAccountId }
    fields FIELDS;
    subject ad_account_id;
}

list_endpoint! {
    /// Lists the apps that are told about an ad account: `GET /{ad_account_id}/subscribed_apps`.
    ///
    /// Needs `ads_read` or `ads_management`.
    pub struct ListAdAccountApps -> AdAccountApp;
    "ads.subscribed_apps.list": "/{ad_account_id}/subscribed_apps", [scope::ADS_READ], limit 100;
    new { ad_account_id: AdAccountId }
    subject ad_account_id;
}

endpoint! {
    /// Has webhooks about an ad account sent to an app: `POST /{ad_account_id}/subscribed_apps`.
    ///
    /// Needs `ads_management`.
    pub struct SubscribeAdAccount -> ();
    "ads.subscribed_apps.create": POST "/{ad_account_id}/subscribed_apps", Safe, [scope::ADS_MANAGEMENT];
    new { ad_account_id: AdAccountId, app_id: AppId }
    subject ad_account_id;
    decode acknowledged::read;
}

endpoint! {
    /// Ends the webhooks about an ad account: `DELETE /{ad_account_id}/subscribed_apps`.
    ///
    /// Needs `ads_management`.
    pub struct UnsubscribeAdAccount -> ();
    "ads.subscribed_apps.delete": DELETE "/{ad_account_id}/subscribed_apps", Safe, [scope::ADS_MANAGEMENT];
    new { ad_account_id: AdAccountId, app_id: AppId }
    subject ad_account_id;
    decode acknowledged::read;
}

/// An ad account. Amounts are in the smallest unit of its currency.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct AdAccount {
    /// The account, with `act_`.
    pub id: AdAccountId,
    /// The account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it can be used.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_status: Option<AccountStatus>,
    /// Why it was disabled; 0 is no reason.
    #[serde(default, deserialize_with = "lenient::count")]
    pub disable_reason: Option<u64>,
    /// Its currency, ISO 4217.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub currency: Option<String>,
    /// Its time zone, such as `Europe/Berlin`; all days of its figures are counted in it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub timezone_name: Option<String>,
    /// How many hours its time zone is ahead of UTC.
    #[serde(default, deserialize_with = "lenient::number")]
    pub timezone_offset_hours_utc: Option<f64>,
    /// What was spent since the limit was last reset.
    #[serde(default, deserialize_with = "lenient::count")]
    pub amount_spent: Option<u64>,
    /// What is owed.
    #[serde(default, deserialize_with = "lenient::number")]
    pub balance: Option<f64>,
    /// The most that may be spent; 0 is no limit.
    #[serde(default, deserialize_with = "lenient::count")]
    pub spend_cap: Option<u64>,
    /// The portfolio that owns it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business: Option<AdAccountBusiness>,
    /// What the person may do in it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub user_tasks: Vec<AdsTask>,
    /// When it was made; ask for `created_time`.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
}

/// The portfolio of an ad account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct AdAccountBusiness {
    /// The portfolio.
    pub id: BusinessId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

/// An app that is told about an ad account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct AdAccountApp {
    /// The app.
    #[serde(alias = "app_id")]
    pub id: AppId,
    /// Its name.
    #[serde(default, alias = "app_name", deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

/// Whether an ad account can be used. Meta writes numbers; ones that are not known are kept.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// 1: it can be used.
    Active,
    /// 2: disabled by Meta.
    Disabled,
    /// 3: a payment is open.
    Unsettled,
    /// 7: Meta looks at it.
    PendingRiskReview,
    /// 8: a payment is on its way; older documents write 102.
    PendingSettlement,
    /// 9: a payment is late.
    InGracePeriod,
    /// 100: it is being closed.
    PendingClosure,
    /// 101: closed.
    Closed,
    /// 102: see [`PendingSettlement`](Self::PendingSettlement).
    PendingSettlementOld,
    /// 201: any that can be used; in filters.
    AnyActive,
    /// 202: any that is closed; in filters.
    AnyClosed,
    /// Another number.
    Unknown(i64),
}

impl AccountStatus {
    const KNOWN: [(i64, Self); 11] = [
        (1, Self::Active),
        (2, Self::Disabled),
        (3, Self::Unsettled),
        (7, Self::PendingRiskReview),
        (8, Self::PendingSettlement),
        (9, Self::InGracePeriod),
        (100, Self::PendingClosure),
        (101, Self::Closed),
        (102, Self::PendingSettlementOld),
        (201, Self::AnyActive),
        (202, Self::AnyClosed),
    ];

    /// From Meta's number.
    pub fn from_code(code: i64) -> Self {
        Self::KNOWN
            .iter()
            .find(|(known, _)| *known == code)
            .map_or(Self::Unknown(code), |(_, status)| *status)
    }

    /// Meta's number.
    pub fn code(self) -> i64 {
        match self {
            Self::Unknown(code) => code,
            known => Self::KNOWN.iter().find(|(_, status)| *status == known).map_or(0, |(code, _)| *code),
        }
    }

    /// Whether ads can run: it is active, or only late with a payment.
    pub const fn can_run_ads(self) -> bool {
        matches!(self, Self::Active | Self::InGracePeriod)
    }
}

impl Serialize for AccountStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.code())
    }
}

impl<'de> Deserialize<'de> for AccountStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = lenient::int_of(&Value::deserialize(from)?);
        code.map(Self::from_code).ok_or_else(|| D::Error::custom("no status"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[test]
    fn every_number_of_a_status_survives() {
        for code in [1, 2, 3, 7, 8, 9, 100, 101, 102, 201, 202, 777, -1] {
            let json = code.to_string();
            let status: AccountStatus = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
            assert_eq!(serde_json::from_str::<AccountStatus>(&format!("\"{json}\"")).unwrap(), status);
            assert_eq!(matches!(status, AccountStatus::Unknown(_)), code == 777 || code == -1);
        }
    }

    #[tokio::test]
    async fn accounts_are_read_leniently() {
        let (page, _) = exchange(
            ListAdAccounts::new(UserId::new("me").unwrap()),
            r#"{"data":[{"id":"act_5","account_id":"5","account_status":"102","amount_spent":"12345","balance":"-5",
                "spend_cap":0,"timezone_offset_hours_utc":5.5,"user_tasks":["DRAFT","NEW"],"business":{"name":"no id"}},
                {"id":"act_6","account_status":{},"name":7,"user_tasks":null},{"name":"no id"}]}"#,
        )
        .await;
        let page = page.unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!(page.malformed.len(), 1);
        assert_eq!(first.account_status, Some(AccountStatus::PendingSettlementOld));
        assert_eq!((first.amount_spent, first.balance, first.spend_cap), (Some(12_345), Some(-5.0), Some(0)));
        assert_eq!(first.user_tasks, [AdsTask::Draft, AdsTask::Unknown("NEW".into())]);
        assert_eq!((first.business.as_ref(), first.timezone_offset_hours_utc), (None, Some(5.5)));
        assert_eq!((second.account_status, second.name.as_deref()), (None, None));
    }
}
