//! The organizations of a LinkedIn connection, and the member itself.

use std::{collections::BTreeMap, pin::pin};

use futures_util::TryStreamExt as _;
use sociogram::{
    linkedin_api::{
        OrganizationUrn, PersonUrn,
        organizations::{AclState, ListOrganizationAcls, OrganizationAcl},
    },
    oauth_core::scope,
    token_vault::{AssetKind, Connection, NewAsset},
};

use super::{Account, AccountKind, Blocked, Listing, linking};
use crate::{app::App, problem::Problem};

pub(super) async fn list(app: &App, connection: &Connection) -> Result<Listing, Problem> {
    let mut accounts = vec![member(connection)?];
    let readable = [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    if !readable.iter().any(|scope| connection.token.has_scope(scope)) {
        let note = "organizations are not listed: the scope rw_organization_admin was not granted";
        return Ok(Listing { accounts, unreadable: 0, note: Some(note) });
    }
    let client = app.linkedin.client(app.tokens(connection), connection);
    let mut pages = pin!(client.pages(ListOrganizationAcls::new().state(AclState::Approved)));
    let mut organizations: BTreeMap<OrganizationUrn, Vec<OrganizationAcl>> = BTreeMap::new();
    let mut unreadable = 0;
    while let Some(page) = pages.try_next().await? {
        unreadable += page.malformed.len();
        for acl in page.items {
            // Brand pages have another kind of URN, under which nothing can be posted.
            if let Some(urn) = acl.organization_urn() {
                organizations.entry(urn).or_default().push(acl);
            }
        }
    }
    // Who has no say there could not read what the events tell of.
    let led = organizations.iter().filter(|(_, acls)| acls.iter().any(OrganizationAcl::can_post));
    let led: Vec<_> =
        led.map(|(urn, _)| NewAsset::new(AssetKind::LinkedInOrganization, urn.as_str())).collect();
    linking::unlink_others(app, connection.id, AssetKind::LinkedInOrganization, &led).await?;
    linking::link(app, connection.id, led).await?;
    accounts.extend(organizations.iter().map(|(urn, acls)| organization(urn, acls, connection)));
    Ok(Listing { accounts, unreadable, note: None })
}

fn member(connection: &Connection) -> Result<Account, Problem> {
    let urn = PersonUrn::from_id(&connection.account.external_user_id)
        .map_err(|error| Problem::internal(format!("the member's id is not usable: {error}")))?;
    let granted = connection.token.has_scope(scope::W_MEMBER_SOCIAL);
    let blocked = (!granted).then(|| not_granted(scope::W_MEMBER_SOCIAL));
    let name = connection.details.display_name.clone();
    Ok(account(urn.as_str(), AccountKind::Member, name, Vec::new(), blocked))
}

/// One member can have several roles on one organization.
fn organization(urn: &OrganizationUrn, acls: &[OrganizationAcl], connection: &Connection) -> Account {
    let roles: Vec<String> =
        acls.iter().filter_map(|acl| acl.role.as_ref()).map(|role| role.as_str().to_owned()).collect();
    let blocked = if !acls.iter().any(OrganizationAcl::can_post) {
        Some(Blocked::new(
            format!("the member's role ({}) does not allow posting", roles.join(", ")),
            "have an administrator of the organization make the member content administrator",
        ))
    } else if !connection.token.has_scope(scope::W_ORGANIZATION_SOCIAL) {
        Some(not_granted(scope::W_ORGANIZATION_SOCIAL))
    } else {
        None
    };
    // The list of roles has no names; they are read from another endpoint.
    account(urn.as_str(), AccountKind::Organization, None, roles, blocked)
}

fn not_granted(scope: &str) -> Blocked {
    Blocked::new(
        format!("the scope {scope} was not granted"),
        "add the product that grants it to the app, then connect the account again",
    )
}

fn account(
    id: &str,
    kind: AccountKind,
    name: Option<String>,
    roles: Vec<String>,
    blocked: Option<Blocked>,
) -> Account {
    Account {
        id: id.to_owned(),
        kind,
        name,
        roles,
        can_publish: blocked.is_none(),
        blocked,
        webhooks: Vec::new(),
        webhooks_problem: None,
    }
}
