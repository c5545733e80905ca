//! All ad accounts a token can reach.

use std::collections::BTreeSet;

use sociogram_api_core::ErrorKind;

use super::accounts::{AdAccount, ListAdAccounts};
use crate::businesses::{BusinessAdAccount, ListBusinesses, ListClientAdAccounts, ListOwnedAdAccounts};
use crate::client::Client;
use crate::error::Error;
use crate::id::{AdAccountId, BusinessId, UserId};
use crate::pages::all_items;

/// All ad accounts a token can reach, each once: those of `/me/adaccounts`, and those that the person's business
/// portfolios own or work on, which are missing there in many cases (Graph API: User Ad Accounts, Business Owned Ad
/// Accounts).
///
/// Needs a user or system-user token with `ads_read` or `ads_management`; the portfolios need `business_management`,
/// and are left out without it ([`AllAdAccounts::skipped`] says so). One call for each hundred accounts and for each
/// edge of each portfolio. [`GetAdAccount`](super::GetAdAccount) reads all of an account.
///
/// # Errors
/// Whatever `/me/adaccounts` fails with, and every failure of the portfolios but a missing permission.
pub async fn list_all_ad_accounts(client: &Client) -> Result<AllAdAccounts, Error> {
    let mut found = AllAdAccounts::default();
    let own = all_items(client, ListAdAccounts::new(UserId::me()).limit(100)).await?;
    found.add(own.into_iter().map(FoundAdAccount::of_person));
    let businesses = match all_items(client, ListBusinesses::new().limit(100)).await {
        Ok(businesses) => businesses,
        Err(error) if error.kind() == ErrorKind::Permission => {
            found.skipped.push(SkippedAdAccounts { business: None, error });
            return Ok(found);
        }
        Err(error) => return Err(error),
    };
    for business in businesses {
        let id = business.id;
        let owned = all_items(client, ListOwnedAdAccounts::new(id.clone()).limit(100)).await;
        found.add_of(&id, owned)?;
        let clients = all_items(client, ListClientAdAccounts::new(id.clone()).limit(100)).await;
        found.add_of(&id, clients)?;
    }
    Ok(found)
}

/// What [`list_all_ad_accounts`] found.
#[non_exhaustive]
#[derive(Debug, Default)]
pub struct AllAdAccounts {
    /// The accounts, each once.
    pub accounts: Vec<FoundAdAccount>,
    /// What could not be looked at because a permission is missing; accounts may be missing then.
    pub skipped: Vec<SkippedAdAccounts>,
}

/// An ad account that was found.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAdAccount {
    /// The account, with `act_`.
    pub id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// Its currency, ISO 4217.
    pub currency: Option<String>,
    /// Its time zone, such as `Europe/Berlin`.
    pub timezone_name: Option<String>,
    /// The portfolio it was found through; `None` for one of the person's own list.
    pub through: Option<BusinessId>,
}

/// Ad accounts that could not be looked at.
#[non_exhaustive]
#[derive(Debug)]
pub struct SkippedAdAccounts {
    /// The portfolio; `None` if the portfolios themselves could not be listed.
    pub business: Option<BusinessId>,
    /// Why.
    pub error: Error,
}

impl FoundAdAccount {
    fn of_person(account: AdAccount) -> Self {
        let AdAccount { id, name, currency, timezone_name, .. } = account;
        Self { id, name, currency, timezone_name, through: None }
    }

    fn of_business(account: BusinessAdAccount, business: &BusinessId) -> Self {
        let BusinessAdAccount { id, name, currency, timezone_name, .. } = account;
        Self { id, name, currency, timezone_name, through: Some(business.clone()) }
    }
}

impl AllAdAccounts {
    fn add_of(
        &mut self,
        business: &BusinessId,
        accounts: Result<Vec<BusinessAdAccount>, Error>,
    ) -> Result<(), Error> {
        match accounts {
            Ok(accounts) => {
                self.add(accounts.into_iter().map(|account| FoundAdAccount::of_business(account, business)));
            }
            Err(error) if error.kind() == ErrorKind::Permission => {
                self.skipped.push(SkippedAdAccounts { business: Some(business.clone()), error });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn add(&mut self, accounts: impl Iterator<Item = FoundAdAccount>) {
        let mut known: BTreeSet<AdAccountId> = self.accounts.iter().map(|known| known.id.clone()).collect();
        self.accounts.extend(accounts.filter(|account| known.insert(account.id.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, error_body, line};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn ad_accounts_of_portfolios_are_found_and_none_twice() {
        let transport = ScriptedTransport::new()
            .json(r#"{"data":[{"id":"act_1","name":"own"}]}"#)
            .json(r#"{"data":[{"id":"70"}]}"#)
            .json(r#"{"data":[{"id":"act_1","name":"again"},{"id":"act_2"}]}"#)
            .json(r#"{"data":[{"id":"act_2"},{"id":"act_3","currency":"EUR"}]}"#);
        let found = list_all_ad_accounts(&client(&transport)).await.unwrap();
        let ids: Vec<&str> = found.accounts.iter().map(|account| account.id.as_str()).collect();
        assert_eq!(ids, ["act_1", "act_2", "act_3"]);
        let through: Vec<_> =
            found.accounts.iter().map(|found| found.through.as_ref().map(BusinessId::as_str)).collect();
        assert_eq!(through, [None, Some("70"), Some("70")]);
        assert_eq!(found.accounts[0].name.as_deref(), Some("own"));
        assert!(found.skipped.is_empty());
        let lines: Vec<String> = transport.requests().iter().map(line).collect();
        for (line, path) in lines.iter().zip([
            "/me/adaccounts",
            "/me/businesses",
            "/70/owned_ad_accounts",
            "/70/client_ad_accounts",
        ]) {
            assert!(line.starts_with(&format!("GET /v26.0{path}?")), "{line}");
        }
    }

    #[tokio::test]
    async fn a_portfolio_that_may_not_be_looked_at_costs_only_its_own_ad_accounts_and_is_told() {
        let transport = ScriptedTransport::new()
            .json(r#"{"data":[{"id":"act_1"}]}"#)
            .json(r#"{"data":[{"id":"70"}]}"#)
            .respond(403, &[], error_body(10, 0))
            .json(r#"{"data":[{"id":"act_5"}]}"#);
        let found = list_all_ad_accounts(&client(&transport)).await.unwrap();
        assert_eq!((found.accounts.len(), found.skipped.len()), (2, 1));
        assert_eq!(found.skipped[0].business.as_ref().map(BusinessId::as_str), Some("70"));
        let transport = ScriptedTransport::new().json(r#"{"data":[{"id":"act_1"}]}"#).respond(
            403,
            &[],
            error_body(200, 0),
        );
        let found = list_all_ad_accounts(&client(&transport)).await.unwrap();
        assert_eq!((found.accounts.len(), found.skipped.len()), (1, 1));
        let transport = ScriptedTransport::new().json(r#"{"data":[]}"#).respond(400, &[], error_body(100, 0));
        let error = list_all_ad_accounts(&client(&transport)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
