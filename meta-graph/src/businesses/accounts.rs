//! What portfolios own, and what they work on for others (Business Owned Pages, Business Client Pages, …).

use serde::Deserialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use super::business::NamedPage;
use crate::endpoint::list_endpoint;
use crate::id::{AdAccountId, BusinessId, InstagramAccountId, ObjectId, WhatsAppAccountId};
use crate::lenient;
use crate::pages::page_list;

const PAGE_FIELDS: &str = "id,name,username,category,access_token";

page_list! {
    /// Lists the Pages a portfolio owns: `GET /{business_id}/owned_pages` (Business Owned Pages).
    ///
    /// Needs a user or system-user token with `business_management` and `pages_show_list`. The answer has no
    /// [`Account::tasks`](crate::pages::Account::tasks).
    pub struct ListOwnedPages { business_id: BusinessId }
    "business.owned_pages.list": "/{business_id}/owned_pages", [scope::BUSINESS_MANAGEMENT, scope::PAGES_SHOW_LIST], fields PAGE_FIELDS;
}

page_list! {
    /// Lists the Pages a portfolio works on for others: `GET /{business_id}/client_pages` (Business Client Pages).
    ///
    /// Needs a user or system-user token with `business_management` and `pages_show_list`. Tokens may be missing.
    pub struct ListClientPages { business_id: BusinessId }
    "business.client_pages.list": "/{business_id}/client_pages", [scope::BUSINESS_MANAGEMENT, scope::PAGES_SHOW_LIST], fields PAGE_FIELDS;
}

list_endpoint! {
    /// Lists Pages a portfolio asked to work on: `GET /{business_id}/pending_client_pages` (Business Pending Client
    /// Pages).
    ///
    /// Needs a user or system-user token with `business_management`.
    pub struct ListPendingClientPages -> PendingPage;
    "business.pending_client_pages.list": "/{business_id}/pending_client_pages", [scope::BUSINESS_MANAGEMENT], limit 100;
    new { business_id: BusinessId }
    fields "id,page{id,name}";
    subject business_id;
}

/// A Page a portfolio asked for.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PendingPage {
    /// The request.
    pub id: ObjectId,
    /// The Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub page: Option<NamedPage>,
}

const AD_ACCOUNT_FIELDS: &str = "id,account_id,name,account_status,currency,timezone_name,amount_spent,balance,\
    spend_cap,created_time";

list_endpoint! {
    /// Lists the ad accounts a portfolio owns: `GET /{business_id}/owned_ad_accounts` (Business Owned Ad Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `ads_read` or `ads_management`.
    pub struct ListOwnedAdAccounts -> BusinessAdAccount;
    "business.owned_ad_accounts.list": "/{business_id}/owned_ad_accounts", [scope::BUSINESS_MANAGEMENT, scope::ADS_READ], limit 100;
    new { business_id: BusinessId }
    with {
        /// Only those whose name holds this.
        search_query: String,
        /// Whether those that others share with it come as well.
        include_shared_ad_accounts: bool,
    }
    fields AD_ACCOUNT_FIELDS;
    subject business_id;
}

list_endpoint! {
    /// Lists the ad accounts a portfolio works on for others: `GET /{business_id}/client_ad_accounts` (Business Client Ad
    /// Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `ads_read` or `ads_management`.
    pub struct ListClientAdAccounts -> BusinessAdAccount;
    "business.client_ad_accounts.list": "/{business_id}/client_ad_accounts", [scope::BUSINESS_MANAGEMENT, scope::ADS_READ], limit 100;
    new { business_id: BusinessId }
    with {
        /// Only those whose name holds this.
        search_query: String,
    }
    fields AD_ACCOUNT_FIELDS;
    subject business_id;
}

/// An ad account, as a portfolio lists it. [`ads`](crate::ads) has all of it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessAdAccount {
    /// The account, `act_…`.
    pub id: AdAccountId,
    /// Its digits.
    #[serde(default, deserialize_with = "lenient::text")]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its state, by Meta's number: 1 is active.
    #[serde(default, deserialize_with = "lenient::count")]
    pub account_status: Option<u64>,
    /// Its currency, in three letters.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub currency: Option<String>,
    /// Its time zone, such as `Europe/Berlin`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub timezone_name: Option<String>,
    /// What it spent, in the smallest unit of the currency.
    #[serde(default, deserialize_with = "lenient::text")]
    pub amount_spent: Option<String>,
    /// What it owes, in the smallest unit of the currency.
    #[serde(default, deserialize_with = "lenient::text")]
    pub balance: Option<String>,
    /// The most it may spend, in the smallest unit of the currency.
    #[serde(default, deserialize_with = "lenient::text")]
    pub spend_cap: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
}

/// Declares the two lists of Instagram accounts.
macro_rules! instagram_list {
    ($(#[$meta:meta])* pub struct $name:ident; $operation:literal: $path:literal) => {
        list_endpoint! {
            $(#[$meta])*
            pub struct $name -> BusinessInstagramAccount;
            $operation: $path, [scope::BUSINESS_MANAGEMENT, scope::INSTAGRAM_BASIC], limit 100;
            new { business_id: BusinessId }
            fields "id,username,name,profile_picture_url";
            subject business_id;
        }
    };
}

instagram_list! {
    /// Lists the Instagram accounts a portfolio owns: `GET /{business_id}/owned_instagram_accounts` (Business Owned
    /// Instagram Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `instagram_basic`.
    pub struct ListOwnedInstagramAccounts;
    "business.owned_instagram_accounts.list": "/{business_id}/owned_instagram_accounts"
}

instagram_list! {
    /// Lists the Instagram accounts a portfolio can use: `GET /{business_id}/instagram_accounts` (Business Instagram
    /// Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `instagram_basic`.
    pub struct ListInstagramAccounts;
    "business.instagram_accounts.list": "/{business_id}/instagram_accounts"
}

/// An Instagram account, as a portfolio lists it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessInstagramAccount {
    /// The account.
    pub id: InstagramAccountId,
    /// Its user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its picture; the address ends after some time.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
}

/// Declares the two lists of WhatsApp accounts.
macro_rules! whatsapp_list {
    ($(#[$meta:meta])* pub struct $name:ident; $operation:literal: $path:literal) => {
        list_endpoint! {
            $(#[$meta])*
            pub struct $name -> BusinessWhatsAppAccount;
            $operation: $path, [scope::BUSINESS_MANAGEMENT, scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
            new { business_id: BusinessId }
            fields "id,name,currency,timezone_id,message_template_namespace";
            subject business_id;
        }
    };
}

whatsapp_list! {
    /// Lists the WhatsApp accounts a portfolio owns: `GET /{business_id}/owned_whatsapp_business_accounts` (Business
    /// Owned WhatsApp Business Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `whatsapp_business_management`.
    pub struct ListOwnedWhatsAppAccounts;
    "business.owned_whatsapp_accounts.list": "/{business_id}/owned_whatsapp_business_accounts"
}

whatsapp_list! {
    /// Lists the WhatsApp accounts that others share with a portfolio: `GET
    /// /{business_id}/client_whatsapp_business_accounts` (Business Client WhatsApp Business Accounts).
    ///
    /// Needs a user or system-user token with `business_management` and `whatsapp_business_management`.
    pub struct ListClientWhatsAppAccounts;
    "business.client_whatsapp_accounts.list": "/{business_id}/client_whatsapp_business_accounts"
}

/// A WhatsApp account, as a portfolio lists it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessWhatsAppAccount {
    /// The account.
    pub id: WhatsAppAccountId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its currency, in three letters.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub currency: Option<String>,
    /// Its time zone, by Meta's number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub timezone_id: Option<String>,
    /// What its templates belong to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message_template_namespace: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, exchange};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn money_and_numbers_may_be_text_or_not() {
        let (page, _) = exchange(
            ListOwnedAdAccounts::new(70),
            r#"{"data":[{"id":"act_5","account_id":5,"account_status":"1","amount_spent":1200,"balance":"0","spend_cap":""},
                {"account_id":"6"}]}"#,
        )
        .await;
        let page = page.unwrap();
        let account = &page.items[0];
        assert_eq!((account.id.as_str(), account.account_status), ("act_5", Some(1)));
        assert_eq!((account.amount_spent.as_deref(), account.spend_cap.as_deref()), (Some("1200"), None));
        assert_eq!((account.account_id.as_deref(), page.malformed.len()), (Some("5"), 1));
    }

    #[tokio::test]
    async fn lists_of_pages_hide_tokens_and_keep_nothing_in_errors() {
        let body = r#"{"data":[{"id":"1","access_token":"SEKRET"},{"access_token":"SEKRET"}]}"#;
        for page in [
            exchange(ListOwnedPages::new(70), body).await.0.unwrap(),
            exchange(ListClientPages::new(70), body).await.0.unwrap(),
        ] {
            assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
            assert!(!format!("{page:?}").contains("SEKRET"));
        }
        let transport = ScriptedTransport::new().json(r#"{"data":"SEKRET"}"#);
        let error = client(&transport).send(ListClientPages::new(70)).await.unwrap_err();
        assert!(error.raw_body().is_none());
    }

    #[tokio::test]
    async fn a_request_without_its_page_is_still_one() {
        let (page, _) = exchange(
            ListPendingClientPages::new(70),
            r#"{"data":[{"id":"1","page":{"name":"no id"}},{"id":2,"page":{"id":3,"name":"Cafe"}}]}"#,
        )
        .await;
        let items = page.unwrap().items;
        assert_eq!(items[0].page, None);
        assert_eq!(items[1].page.as_ref().map(|page| page.id.as_str()), Some("3"));
    }

    #[tokio::test]
    async fn accounts_of_other_products_are_read_leniently() {
        let (page, _) =
            exchange(ListInstagramAccounts::new(70), r#"{"data":[{"id":17841,"username":5}]}"#).await;
        assert_eq!(page.unwrap().items[0].username, None);
        let (page, _) =
            exchange(ListClientWhatsAppAccounts::new(70), r#"{"data":[{"id":"9","timezone_id":58}]}"#).await;
        assert_eq!(page.unwrap().items[0].timezone_id.as_deref(), Some("58"));
    }
}
