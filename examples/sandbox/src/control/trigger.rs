//! `/_sandbox/trigger`: something happens on a platform.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::{
    linkedin::areas::leads,
    state::Shared,
    webhooks::{linkedin, meta},
};

/// What happens.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Trigger {
    /// A visitor comments on a Facebook post; without an id, on the newest one.
    Comment { post_id: Option<String>, message: Option<String> },
    /// Somebody fills in a form of a Page; without an id, of the first Page.
    Leadgen { page_id: Option<String> },
    /// A member comments on a LinkedIn post of an organization; without a URN, on the newest one.
    LinkedinComment { post: Option<String>, message: Option<String> },
    /// Somebody fills in a form of an organization, or of the ad account; without a URN, of the first organization.
    LinkedinLead { organization: Option<String>, account: Option<String> },
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
            let delivery =
                meta::comment(shared, &mut state, &post, text).map_err(|why| not_sent(why, "feed"))?;
            Ok(json!({ "delivery": delivery }))
        }
        Trigger::Leadgen { page_id } => {
            let page = world.pages.iter().find(|page| page_id.as_ref().is_none_or(|id| *id == page.id));
            let page = page.ok_or_else(|| nothing("page_id: no such Page"))?;
            let sent = meta::lead(shared, &mut state, &page.id);
            let (delivery, lead_id) = sent.map_err(|why| not_sent(why, "leadgen"))?;
            Ok(json!({ "delivery": delivery, "lead_id": lead_id }))
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

fn nothing(detail: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "nothing to act on", detail)
}

fn no_target() -> Problem {
    let detail = "no webhook target: POST /_sandbox/webhooks first";
    Problem::new(StatusCode::CONFLICT, "webhook not sent", detail)
}

fn not_sent(why: meta::NotSent, field: &str) -> Problem {
    match why {
        meta::NotSent::NoTarget => no_target(),
        meta::NotSent::NotSubscribed => {
            let detail =
                format!("the Page is not subscribed: POST /{{page}}/subscribed_apps with {field} first");
            Problem::new(StatusCode::CONFLICT, "webhook not sent", detail)
        }
    }
}
