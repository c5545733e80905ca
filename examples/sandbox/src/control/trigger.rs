//! `/_sandbox/trigger`: something happens on a platform.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::{
    linkedin::areas::leads,
    state::Shared,
    webhooks::{
        linkedin,
        meta::{
            self,
            talk::{self, NotWritten},
        },
    },
    world::InstagramAccount,
};

/// What happens.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Trigger {
    /// A visitor comments on a Facebook post; without an id, on the newest one.
    Comment { post_id: Option<String>, message: Option<String> },
    /// Somebody fills in a form of a Page; without an id, of the first Page.
    Leadgen { page_id: Option<String> },
    /// A person writes to the Page with the inbox on Messenger; unless named, the one with an open conversation.
    Message { page_id: Option<String>, from: Option<String>, text: Option<String> },
    /// A person writes to the Instagram account with the inbox; unless named, the one with an open conversation.
    InstagramMessage { account_id: Option<String>, from: Option<String>, text: Option<String> },
    /// A visitor comments on a media of an Instagram account; without ids, on the newest one of the first account.
    InstagramComment { account_id: Option<String>, media_id: Option<String>, text: Option<String> },
    /// A person writes to the number of the business on WhatsApp; without a number, the customer.
    WhatsappMessage { from: Option<String>, text: Option<String> },
    /// A message by WhatsApp is delivered, or comes to another state; without an id, the newest one.
    WhatsappStatus { message_id: Option<String>, status: Option<Status> },
    /// A member comments on a LinkedIn post of an organization; without a URN, on the newest one.
    LinkedinComment { post: Option<String>, message: Option<String> },
    /// Somebody fills in a form of an organization, or of the ad account; without a URN, of the first organization.
    LinkedinLead { organization: Option<String>, account: Option<String> },
}

/// What becomes of a message by WhatsApp.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Sent,
    Delivered,
    Read,
    Failed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

const TEXT: &str = "Grüße aus der Sandbox / sounds great!";

pub(super) fn fire(shared: &Shared, trigger: Trigger) -> Result<Value, Problem> {
    let mut state = shared.lock();
    let world = &shared.config.world;
    match trigger {
        Trigger::Comment { post_id, message } => {
            let mut posts = state.posts.iter().rev().filter(|post| !post.deleted && post.published);
            let post = posts.find(|post| post_id.as_ref().is_none_or(|id| *id == post.id)).cloned();
            let post =
                post.ok_or_else(|| nothing("post_id: no such published Facebook post; publish one first"))?;
            let text = message.as_deref().unwrap_or(TEXT);
            let delivery = meta::comment(shared, &mut state, &post, text)
                .map_err(|why| not_sent(why, &page_needs("feed")))?;
            Ok(json!({ "delivery": delivery }))
        }
        Trigger::Leadgen { page_id } => {
            let page = world.pages.iter().find(|page| page_id.as_ref().is_none_or(|id| *id == page.id));
            let page = page.ok_or_else(|| nothing("page_id: no such Page"))?;
            let sent = meta::lead(shared, &mut state, &page.id);
            let (delivery, lead_id) = sent.map_err(|why| not_sent(why, &page_needs("leadgen")))?;
            Ok(json!({ "delivery": delivery, "lead_id": lead_id }))
        }
        Trigger::Message { page_id, from, text } => {
            let page = world.pages.iter().find(|page| page.gives_token());
            let page = page.filter(|page| page_id.as_ref().is_none_or(|id| *id == page.id));
            let page = page.ok_or_else(|| nothing("page_id: no such Page with an inbox"))?;
            let text = text.as_deref().unwrap_or(TEXT);
            let sent = talk::message(shared, &mut state, &page.id, from.as_deref(), text);
            told(sent, "message_id", "from: nobody like that can write to the Page", &page_needs("messages"))
        }
        Trigger::InstagramMessage { account_id, from, text } => {
            let account = world.instagram.first().filter(|account| is_named(account, account_id.as_deref()));
            let account = account.ok_or_else(|| nothing("account_id: no such account with an inbox"))?;
            let text = text.as_deref().unwrap_or(TEXT);
            let sent = talk::instagram_message(shared, &mut state, account, from.as_deref(), text);
            let missing = "from: nobody like that can write to the account";
            told(sent, "message_id", missing, &account_needs("messages"))
        }
        Trigger::InstagramComment { account_id, media_id, text } => {
            let account = world.instagram.iter().find(|account| is_named(account, account_id.as_deref()));
            let account = account.ok_or_else(|| nothing("account_id: no such Instagram account"))?;
            let text = text.as_deref().unwrap_or(TEXT);
            let sent = talk::instagram_comment(shared, &mut state, account, media_id.as_deref(), text);
            let missing = "media_id: no such media that can be commented; publish one first";
            told(sent, "comment_id", missing, &account_needs("comments"))
        }
        Trigger::WhatsappMessage { from, text } => {
            let text = text.as_deref().unwrap_or(TEXT);
            let sent = talk::whatsapp_message(shared, &mut state, from.as_deref(), text);
            let missing =
                "from: no phone number, or blocked, or the number of the business is not registered";
            told(sent, "message_id", missing, WHATSAPP_NEEDS)
        }
        Trigger::WhatsappStatus { message_id, status } => {
            let status = status.unwrap_or(Status::Delivered).word();
            let sent = talk::whatsapp_status(shared, &mut state, message_id.as_deref(), status);
            told(sent, "message_id", "message_id: no such message; send one first", WHATSAPP_NEEDS)
        }
        Trigger::LinkedinComment { post, message } => {
            let mut posts = state.linkedin_posts.iter().rev().filter(|post| !post.deleted);
            let found = posts.find(|candidate| match &post {
                Some(urn) => *urn == candidate.urn,
                None => candidate.author.starts_with("urn:li:organization:"),
            });
            let found = found.cloned();
            let found = found.filter(|post| post.author.starts_with("urn:li:organization:"));
            let found =
                found.ok_or_else(|| nothing("post: no such post of an organization; publish one first"))?;
            let text = message.as_deref().unwrap_or(TEXT);
            let delivery = linkedin::comment(shared, &mut state, &found, text).ok_or_else(no_target)?;
            Ok(json!({ "delivery": delivery }))
        }
        Trigger::LinkedinLead { organization: None, account: Some(account) } => {
            if account != leads::ACCOUNT {
                return Err(nothing("account: no such ad account with a form"));
            }
            let (delivery, lead) = linkedin::lead(shared, &mut state, None).ok_or_else(no_target)?;
            Ok(json!({ "delivery": delivery, "lead_id": lead }))
        }
        Trigger::LinkedinLead { account: Some(_), .. } => {
            Err(nothing("account: a lead has one owner, not an organization as well"))
        }
        Trigger::LinkedinLead { organization, account: None } => {
            let mut organizations = world.organizations.iter().map(crate::world::LinkedInOrganization::urn);
            let found = organizations.find(|urn| organization.as_ref().is_none_or(|wanted| wanted == urn));
            let found = found.ok_or_else(|| nothing("organization: no such organization URN"))?;
            let sent = linkedin::lead(shared, &mut state, Some(&found));
            let (delivery, lead) = sent.ok_or_else(no_target)?;
            Ok(json!({ "delivery": delivery, "lead_id": lead }))
        }
    }
}

/// Whether this is the account that was named, by either of its ids.
fn is_named(account: &InstagramAccount, named: Option<&str>) -> bool {
    named.is_none_or(|id| id == account.user_id || id == account.id)
}

/// The delivery, and the id of what was written.
fn told(
    sent: Result<(u64, String), NotWritten>,
    name: &str,
    missing: &str,
    needs: &str,
) -> Result<Value, Problem> {
    match sent {
        Ok((delivery, id)) => Ok(json!({ "delivery": delivery, name: id })),
        Err(NotWritten::Nobody) => Err(nothing(missing)),
        Err(NotWritten::NotSent(why)) => Err(not_sent(why, needs)),
    }
}

fn page_needs(field: &str) -> String {
    format!("the Page is not subscribed: POST /{{page}}/subscribed_apps with {field} first")
}

fn account_needs(field: &str) -> String {
    format!(
        "the account is not subscribed: POST /{{account}}/subscribed_apps at graph.instagram.com with {field} first, \
         or /{{page}}/subscribed_apps with any field for the Page it is linked to"
    )
}

const WHATSAPP_NEEDS: &str =
    "the WhatsApp Business Account is not subscribed: POST /{waba}/subscribed_apps first";

fn nothing(detail: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "nothing to act on", detail)
}

fn no_target() -> Problem {
    let detail = "no webhook target: POST /_sandbox/webhooks first";
    Problem::new(StatusCode::CONFLICT, "webhook not sent", detail)
}

fn not_sent(why: meta::NotSent, needs: &str) -> Problem {
    match why {
        meta::NotSent::NoTarget => no_target(),
        meta::NotSent::NotSubscribed => Problem::new(StatusCode::CONFLICT, "webhook not sent", needs),
    }
}
