//! The Pages of a Facebook connection. Their tokens go into the vault and nowhere else.

use futures_util::{StreamExt as _, TryStreamExt as _};
use sociogram::{
    meta_graph::{
        Client, PageId,
        pages::{Account as Listed, ListAccounts, PageField, PageTask, SubscribePage},
    },
    oauth_core::{Expiry, TokenKind, TokenSet, scope},
    token_vault::{AssetKind, Connection, NewAsset, NewConnection},
};

use super::{Account, AccountKind, Blocked, Listing, linking};
use crate::{
    app::App,
    platforms::{page_account, user_of},
    problem::Problem,
};

/// How many Pages are subscribed at a time.
const AT_ONCE: usize = 4;

pub(super) async fn list(app: &App, connection: &Connection) -> Result<Listing, Problem> {
    let mut client = app.facebook.client(app.tokens(connection));
    if let Some(user) = user_of(connection) {
        client = client.acting_for(&user);
    }
    let mut list = ListAccounts::new().limit(100);
    if connection.token.has_scope(scope::INSTAGRAM_BASIC) {
        list = list
            .fields(format!("{},instagram_business_account{{id,username}}", ListAccounts::DEFAULT_FIELDS));
    }
    let pages: Vec<_> = client.pages(list).try_collect().await?;
    let unreadable = pages.iter().map(|page| page.malformed.len()).sum();
    let listed: Vec<Listed> = pages.into_iter().flat_map(|page| page.items).collect();

    store_tokens(app, connection, &listed).await?;
    let before = app.accounts.of(connection.id);
    let accounts = listed.iter().map(|page| {
        let known = before.iter().find(|account| account.id == page.id.as_str());
        let webhooks = known.map(|account| account.webhooks.clone()).unwrap_or_default();
        subscribed(app, connection, page, webhooks)
    });
    let accounts =
        futures_util::stream::iter(accounts.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await?;
    Ok(Listing { accounts, unreadable, note: None })
}

/// Keeps the token of each Page, and shreds those of Pages that are no longer in the list.
async fn store_tokens(app: &App, connection: &Connection, listed: &[Listed]) -> Result<(), Problem> {
    for page in listed {
        let Some(token) = &page.access_token else { continue };
        if is_held_by_another(app, connection, &page.id).await? {
            continue;
        }
        let mut new = NewConnection::new(app.tenant(), page_account(connection, &page.id))
            .with_connected_by(app.actor.app_user.as_str())
            .derived_from(connection.id);
        if let Some(name) = &page.name {
            new = new.with_display_name(name.as_str());
        }
        // Made from a long-lived token, it has no end date.
        let tokens = TokenSet::new(token.clone(), TokenKind::MetaPage).with_expiry(Expiry::Never);
        let child = app.vault.connect(new, &tokens).await?;
        linking::link(app, child.id, assets(page)).await?;
    }
    let with_token =
        |id: &str| listed.iter().any(|page| page.id.as_str() == id && page.access_token.is_some());
    for child in app.all_connections().await? {
        let gone = child.parent == Some(connection.id) && !with_token(&child.account.external_user_id);
        if gone && !child.state.is_retired() {
            app.vault.disconnect(app.tenant(), child.id).await?;
        }
    }
    Ok(())
}

/// What events name: the Page, and the Instagram account that belongs to it.
fn assets(page: &Listed) -> Vec<NewAsset> {
    let instagram = page.instagram_business_account.as_ref();
    let assets = [
        Some(NewAsset::new(AssetKind::FacebookPage, page.id.as_str())),
        instagram.map(|account| NewAsset::new(AssetKind::InstagramAccount, account.id.as_str())),
    ];
    let named = |asset: NewAsset| match &page.name {
        Some(name) => asset.with_name(name.as_str()),
        None => asset,
    };
    assets.into_iter().flatten().map(named).collect()
}

/// Whether another login of the tenant has the Page. It is not taken away from it by looking at a list.
async fn is_held_by_another(app: &App, connection: &Connection, page: &PageId) -> Result<bool, Problem> {
    let held = app.store.find_account(app.tenant(), &page_account(connection, page)).await?;
    Ok(held.is_some_and(|held| held.parent != Some(connection.id) && held.state.serves()))
}

/// The Page as the API shows it, subscribed to its webhooks unless it is already.
async fn subscribed(
    app: &App,
    connection: &Connection,
    page: &Listed,
    webhooks: Vec<&'static str>,
) -> Result<Account, Problem> {
    let elsewhere = is_held_by_another(app, connection, &page.id).await?.then(|| {
        Blocked::new(
            "another login has connected this Page",
            "disconnect that one, then list the accounts again",
        )
    });
    let usable = elsewhere.is_none();
    let blocked = blocked(page, connection).or(elsewhere);
    let mut account = Account {
        id: page.id.to_string(),
        kind: AccountKind::Page,
        name: page.name.clone(),
        roles: page.tasks.iter().map(|task| task.as_str().to_owned()).collect(),
        can_publish: blocked.is_none(),
        blocked,
        webhooks,
        webhooks_problem: None,
    };
    if usable && account.webhooks.is_empty() && page.access_token.is_some() {
        match subscribe(app, connection, &page.id).await {
            Ok(fields) => account.webhooks = fields,
            // The connection works without; the listing says so, and the next one tries again.
            Err(problem) => {
                tracing::warn!(page = %page.id, status = problem.status(), "Page not subscribed to webhooks");
                account.webhooks_problem = Some(problem.detail().to_owned());
            }
        }
    }
    Ok(account)
}

/// Subscribes the Page to posts and comments, and to leads and messages where that is granted.
async fn subscribe(app: &App, connection: &Connection, page: &PageId) -> Result<Vec<&'static str>, Problem> {
    let mut fields = vec!["feed"];
    if connection.token.has_scope(scope::LEADS_RETRIEVAL) {
        fields.push("leadgen");
    }
    if connection.token.has_scope(scope::PAGES_MESSAGING) {
        fields.extend(["messages", "message_echoes"]);
    }
    let client = page_client(app, connection, page).await?;
    client.send(SubscribePage::new(page.clone(), fields.iter().copied().map(PageField::from))).await?;
    Ok(fields)
}

/// A client that acts as the Page.
pub(crate) async fn page_client(
    app: &App,
    connection: &Connection,
    page: &PageId,
) -> Result<Client, Problem> {
    let child = app.store.find_account(app.tenant(), &page_account(connection, page)).await?;
    let child = child.ok_or_else(|| {
        Problem::not_found("no token is stored for this Page", "list the accounts of the connection again")
    })?;
    Ok(app.facebook.client(app.tokens(&child)))
}

/// Why the Page cannot be published to.
fn blocked(page: &Listed, connection: &Connection) -> Option<Blocked> {
    let may_create = |task: &PageTask| {
        matches!(
            task,
            PageTask::CreateContent | PageTask::ProfilePlusCreateContent | PageTask::ProfilePlusFullControl
        )
    };
    if !page.tasks.iter().any(may_create) {
        return Some(Blocked::new(
            "the person lacks the task CREATE_CONTENT on this Page",
            "have an administrator of the Page give the person the task, then list the accounts again",
        ));
    }
    if page.access_token.is_none() {
        return Some(Blocked::new(
            "Meta gave no token for this Page",
            "connect again and choose this Page; a Page of a business also needs business_management",
        ));
    }
    (!connection.token.has_scope(scope::PAGES_MANAGE_POSTS)).then(|| {
        Blocked::new(
            "the permission pages_manage_posts was not granted",
            "connect the account again and allow posting",
        )
    })
}
