//! Publishing a text to one account.

mod log;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use sociogram::{
    api_core::{Finding, InvalidRequest},
    linkedin_api::{ActorUrn, LittleText, posts::CreatePost},
    meta_graph::{ErrorClass, PageId, pages::CreatePagePost},
    oauth_core::ConnectionId,
    token_vault::Connection,
};
use url::Url;

use crate::{
    accounts::{page_client, publishable},
    app::{App, login_of},
    platforms::Login,
    problem::Problem,
};

pub(crate) use log::PostLog;

/// What to publish, and where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPost {
    pub(crate) connection: ConnectionId,
    /// A Page id, or the URN of an organization or of the member.
    pub(crate) account: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) link: Option<String>,
}

/// A post that now exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Published {
    pub(crate) provider: &'static str,
    pub(crate) account: String,
    /// The provider's id of the post.
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

/// Checks the post here, then the account, and sends it. Nothing in it is repeated.
pub(crate) async fn publish(app: &App, post: &NewPost) -> Result<Published, Problem> {
    let connection = app.connection(post.connection).await?;
    let published = match login_of(&connection)? {
        Login::Facebook => to_page(app, &connection, post).await?,
        Login::LinkedIn => to_linkedin(app, &connection, post).await?,
    };
    app.posts.remember(post, &published.id);
    Ok(published)
}

async fn to_page(app: &App, connection: &Connection, post: &NewPost) -> Result<Published, Problem> {
    let page = PageId::new(post.account.as_str()).map_err(|error| no_account(&error))?;
    let mut endpoint = CreatePagePost::new(page.clone());
    if !post.text.is_empty() {
        endpoint = endpoint.message(post.text.as_str());
    }
    if let Some(link) = &post.link {
        endpoint = endpoint.link(link.as_str());
    }
    refuse(endpoint.check())?;
    let account = publishable(app, connection, page.as_str()).await?;
    match page_client(app, connection, &page).await?.send(endpoint).await {
        Ok(created) => Ok(Published {
            provider: Login::Facebook.as_str(),
            account: account.id,
            url: Some(format!("https://www.facebook.com/{}", created.id)),
            id: created.id.to_string(),
        }),
        // Meta does not say which post it is; perhaps it was one of ours.
        Err(error) if error.class() == Some(ErrorClass::Duplicate) => Err(duplicate(app.posts.find(post))),
        Err(error) => Err(error.into()),
    }
}

async fn to_linkedin(app: &App, connection: &Connection, post: &NewPost) -> Result<Published, Problem> {
    let author = ActorUrn::parse(&post.account).map_err(|error| no_account(&error))?;
    let mut text = LittleText::with_hashtags(&post.text);
    if let Some(link) = &post.link {
        refuse(check_link(link))?;
        // A text post shows the preview of a link by itself.
        text = text.then(if post.text.is_empty() { "" } else { "\n\n" }).then(link.as_str());
    }
    let endpoint = CreatePost::new(author, text);
    refuse(endpoint.check())?;
    let account = publishable(app, connection, &post.account).await?;
    match app.linkedin.client(app.tokens(connection), connection).send(endpoint).await {
        Ok(created) => Ok(Published {
            provider: Login::LinkedIn.as_str(),
            account: account.id,
            id: created.urn.to_string(),
            url: Some(created.url),
        }),
        Err(error) if error.is_duplicate() => {
            Err(duplicate(error.existing_post().map(ToString::to_string).or_else(|| app.posts.find(post))))
        }
        Err(error) => Err(error.into()),
    }
}

fn check_link(link: &str) -> Vec<Finding> {
    let is_web = Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let finding = || {
        Finding::error("post.link", "link", "the link is not a web address")
            .advice("use a complete address that begins with https://")
    };
    if is_web { Vec::new() } else { vec![finding()] }
}

/// Errors among the findings stop the post before anything is asked of the provider.
fn refuse(findings: Vec<Finding>) -> Result<(), Problem> {
    match InvalidRequest::from_findings(findings) {
        None => Ok(()),
        Some(invalid) => Err(Problem::invalid(
            format!("the post would be refused: {invalid}"),
            "correct what the findings name and send it again",
        )
        .with_findings(invalid.into_findings())),
    }
}

fn no_account(error: &dyn std::error::Error) -> Problem {
    Problem::invalid(
        format!("the account is not one of this platform: {error}"),
        "take an account id of GET /api/connections/{id}/accounts",
    )
}

fn duplicate(existing: Option<String>) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        Problem::DUPLICATE,
        "it was posted before",
        "the platform refuses the same post by the same account again",
        "use the existing post, or change the text",
    )
    .with_existing(existing)
}
