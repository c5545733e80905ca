//! Compares what the server said with what the sandbox holds.

use serde_json::Value;
use sociogram_sandbox::Received;

use super::{
    conversions::Conversions,
    events,
    steps::{Post, TEXT},
};

/// Everything the platforms hold is what the server reported, and nothing else.
pub(super) fn against_sandbox(
    received: &Received,
    posts: &[Post],
    conversions: &Conversions,
) -> Result<(), String> {
    posts_are_held(received, posts)?;
    events_are_held(received, conversions)?;
    match received.violations.first() {
        None => Ok(()),
        Some(found) => Err(format!("the sandbox objects to {} {}: {}", found.method, found.path, found.rule)),
    }
}

fn posts_are_held(received: &Received, posts: &[Post]) -> Result<(), String> {
    let held = received.facebook_posts.len() + received.linkedin_posts.len();
    if held != posts.len() {
        return Err(format!("{} posts were made, the sandbox holds {held}", posts.len()));
    }
    for post in posts {
        let facebook = received.facebook_posts.iter().any(|held| {
            held.id == post.id && held.page_id == post.account && held.message.as_deref() == Some(TEXT)
        });
        let linkedin = received.linkedin_posts.iter().any(|held| {
            let whole = !held.truncated && held.visible_text.starts_with(TEXT);
            held.urn == post.id && held.author == post.account && whole
        });
        if !facebook && !linkedin {
            return Err(format!("the sandbox does not hold {} with its whole text", post.id));
        }
    }
    Ok(())
}

fn events_are_held(received: &Received, conversions: &Conversions) -> Result<(), String> {
    let expected = events::expected();
    let bad: Vec<usize> =
        expected.iter().enumerate().filter(|(_, id)| id.is_none()).map(|(index, _)| index).collect();
    let refused: Vec<usize> = conversions.refused.iter().map(|entry| entry.index).collect();
    if refused != bad {
        return Err(format!("the events {refused:?} were refused, those that are not good are {bad:?}"));
    }
    let id = |event: &Value| event.get("event_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut held: Vec<String> = received.events.iter().map(|held| id(&held.event)).collect();
    let mut sent = conversions.at_meta.clone();
    held.sort();
    sent.sort();
    if held != sent {
        return Err(format!("meta should hold the events {sent:?}, the sandbox holds {held:?}"));
    }
    let of_leads = |event: &&Value| event.pointer("/user/lead").is_some_and(Value::is_string);
    let held = received.linkedin_events.iter().filter(of_leads).count();
    if held != conversions.at_linkedin || received.linkedin_events.len() != held {
        return Err(format!(
            "linkedin should hold {} events, the sandbox holds {held}",
            conversions.at_linkedin
        ));
    }
    Ok(())
}
