//! All Pages a token can reach.

use std::collections::BTreeSet;

use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::ListEndpoint;

use super::accounts::{Account, ListAccounts};
use crate::businesses::{ListBusinesses, ListClientPages, ListOwnedPages};
use crate::client::Client;
use crate::error::Error;
use crate::id::BusinessId;

/// All Pages a token can reach, each once: those of `/me/accounts`, and those that the person's business portfolios own
/// or work for, which are missing there in many cases (Graph API: User Accounts, Business Owned Pages).
///
/// Needs a user or system-user token with `pages_show_list`; the portfolios need `business_management`, and are left
/// out without it ([`AllPages::skipped`] says so). One call for each hundred Pages and for each edge of each
/// portfolio. Where a Page was found twice, the one with a token is kept.
///
/// # Errors
/// Whatever `/me/accounts` fails with, and every failure of the portfolios but a missing permission.
pub async fn list_all_pages(client: &Client) -> Result<AllPages, Error> {
    let mut found = AllPages::default();
    let accounts = all_items(client, ListAccounts::new().limit(100)).await?;
    found.add(accounts);
    let businesses = match all_items(client, ListBusinesses::new().limit(100)).await {
        Ok(businesses) => businesses,
        Err(error) if error.kind() == ErrorKind::Permission => {
            found.skipped.push(SkippedPages { business: None, error });
            return Ok(found);
        }
        Err(error) => return Err(error),
    };
    for business in businesses {
        let id = business.id;
        let owned = all_items(client, ListOwnedPages::new(id.clone()).limit(100)).await;
        found.add_of(&id, owned)?;
        let clients = all_items(client, ListClientPages::new(id.clone()).limit(100)).await;
        found.add_of(&id, clients)?;
    }
    Ok(found)
}

/// What [`list_all_pages`] found.
#[non_exhaustive]
#[derive(Debug, Default)]
pub struct AllPages {
    /// The Pages, each once.
    pub pages: Vec<Account>,
    /// What could not be looked at because a permission is missing; Pages may be missing then.
    pub skipped: Vec<SkippedPages>,
}

/// Pages that could not be looked at.
#[non_exhaustive]
#[derive(Debug)]
pub struct SkippedPages {
    /// The portfolio; `None` if the portfolios themselves could not be listed.
    pub business: Option<BusinessId>,
    /// Why.
    pub error: Error,
}

impl AllPages {
    fn add_of(&mut self, business: &BusinessId, pages: Result<Vec<Account>, Error>) -> Result<(), Error> {
        match pages {
            Ok(pages) => self.add(pages),
            Err(error) if error.kind() == ErrorKind::Permission => {
                self.skipped.push(SkippedPages { business: Some(business.clone()), error });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn add(&mut self, pages: Vec<Account>) {
        let known: BTreeSet<String> = self.pages.iter().map(|page| page.id.to_string()).collect();
        for page in pages {
            if !known.contains(page.id.as_str()) {
                self.pages.push(page);
            } else if page.access_token.is_some()
                && let Some(old) =
                    self.pages.iter_mut().find(|old| old.id == page.id && old.access_token.is_none())
            {
                *old = page;
            }
        }
    }
}

/// All items of a list, page by page.
pub(crate) async fn all_items<E: ListEndpoint>(client: &Client, mut list: E) -> Result<Vec<E::Item>, Error> {
    let mut items = Vec::new();
    let mut seen = BTreeSet::new();
    loop {
        let page = client.send(list.clone()).await?;
        items.extend(page.items);
        match page.next {
            // A cursor that comes again would never end.
            Some(next) if seen.insert(next.as_str().to_owned()) => list = list.after(&next),
            _ => return Ok(items),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, error_body, line};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn pages_of_portfolios_are_found_and_none_twice() {
        let next = r#""paging":{"cursors":{"after":"B"},"next":"https://graph.facebook.com/v26.0/me/accounts?after=B"}"#;
        let transport = ScriptedTransport::new()
            .json(format!(r#"{{"data":[{{"id":"1","access_token":"T1"}}],{next}}}"#))
            .json(r#"{"data":[{"id":"2"}],"paging":{"cursors":{"after":"C"}}}"#)
            .json(r#"{"data":[{"id":"70","name":"Shop"}]}"#)
            .json(r#"{"data":[{"id":"2","access_token":"T2"},{"id":"3"}]}"#)
            .json(r#"{"data":[{"id":"1","name":"again"},{"id":"4"}]}"#);
        let found = list_all_pages(&client(&transport)).await.unwrap();
        let ids: Vec<&str> = found.pages.iter().map(|page| page.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "3", "4"]);
        let tokens: Vec<bool> = found.pages.iter().map(|page| page.access_token.is_some()).collect();
        assert_eq!(tokens, [true, true, false, false]);
        assert!(found.skipped.is_empty());
        let lines: Vec<String> = transport.requests().iter().map(line).collect();
        assert!(lines[1].ends_with("limit=100&after=B"), "{}", lines[1]);
        assert!(lines[2].starts_with("GET /v26.0/me/businesses?"), "{}", lines[2]);
        assert!(lines[3].starts_with("GET /v26.0/70/owned_pages?"), "{}", lines[3]);
        assert!(lines[4].starts_with("GET /v26.0/70/client_pages?"), "{}", lines[4]);
        assert!(!format!("{found:?}").contains("T1"));
    }

    #[tokio::test]
    async fn a_missing_permission_costs_only_the_portfolios_and_is_told() {
        let transport =
            ScriptedTransport::new().json(r#"{"data":[{"id":"1"}]}"#).respond(403, &[], error_body(200, 0));
        let found = list_all_pages(&client(&transport)).await.unwrap();
        assert_eq!((found.pages.len(), found.skipped.len()), (1, 1));
        assert_eq!(found.skipped[0].business, None);

        let transport = ScriptedTransport::new()
            .json(r#"{"data":[{"id":"1"}]}"#)
            .json(r#"{"data":[{"id":"70"}]}"#)
            .respond(403, &[], error_body(10, 0))
            .json(r#"{"data":[{"id":"5"}]}"#);
        let found = list_all_pages(&client(&transport)).await.unwrap();
        assert_eq!(found.pages.len(), 2);
        assert_eq!(found.skipped[0].business.as_ref().map(BusinessId::as_str), Some("70"));
    }

    #[tokio::test]
    async fn other_failures_are_not_swallowed() {
        let transport = ScriptedTransport::new().json(r#"{"data":[]}"#).respond(400, &[], error_body(100, 0));
        let error = list_all_pages(&client(&transport)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
