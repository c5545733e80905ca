//! Figures: of Pages, posts, videos, Instagram and Threads, and of ads with their asynchronous reports.

mod ad_answer;
mod ad_query;
mod ads;
pub(crate) mod dates;
mod instagram;
mod metrics;
mod page;
mod range;
mod runs;
mod threads;

use std::collections::BTreeMap;

use http::Method;

use super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
};
use crate::request::Area;

/// A video of the first Page that has been watched.
pub(crate) const VIDEO: &str = "112030405060701";
/// A reel of the first Page that has been watched.
pub(crate) const REEL: &str = "112030405060702";
/// A picture of the first Instagram account.
pub(crate) const INSTAGRAM_PICTURE: &str = "17910000000000801";
/// A reel of the first Instagram account.
pub(crate) const INSTAGRAM_REEL: &str = "17910000000000802";
/// A story of the first Instagram account, up for as long as the sandbox runs.
pub(crate) const INSTAGRAM_STORY: &str = "17910000000000803";

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    runs: BTreeMap<String, runs::Run>,
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    match call.request.area {
        Area::ThreadsApi => return threads::route(call, path),
        Area::InstagramApi => return instagram::route_site(call, path),
        _ => {}
    }
    let world = &call.shared.config.world;
    match path {
        [run] if call.state.areas.insights.runs.contains_key(*run) => Some(runs::poll(call, run)),
        [run, "insights"] if call.state.areas.insights.runs.contains_key(*run) => Some(runs::rows(call, run)),
        [object, "insights"] if ads::is_object(call, object) => Some(ads::route(call, object)),
        [page, "insights"] if world.pages.iter().any(|known| known.id == *page) => {
            Some(page::of_page(call, page))
        }
        [post, "insights"] if call.state.posts.iter().any(|known| known.id == *post && !known.deleted) => {
            Some(page::of_post(call, post))
        }
        [video, "video_insights"] => Some(page::of_video(call, video)),
        [account, "insights"] if world.instagram.iter().any(|known| known.user_id == *account) => {
            Some(match instagram_caller(call, account) {
                Ok(()) => instagram::of_account(call, account),
                Err(error) => Err(error),
            })
        }
        [media, "insights"] => {
            let account = instagram::owner(call, media)?;
            Some(match instagram_caller(call, &account) {
                Ok(()) => instagram::of_media(call, media),
                Err(error) => Err(error),
            })
        }
        _ => None,
    }
}

/// Whoever may read the figures of an Instagram account over Facebook Login.
fn instagram_caller(call: &mut Call<'_>, account: &str) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let world = &call.shared.config.world;
    let linked = |page: &str| super::instagram::account_of_page(world, page) == Some(account);
    let claims = match &caller {
        Caller::Page { page, claims } if linked(page) => claims,
        Caller::User(claims)
            if world.has_pages(&claims.person) && world.pages.iter().any(|page| linked(&page.id)) =>
        {
            claims
        }
        _ => return Err(GraphError::unsupported(&call.request.method, account)),
    };
    for permission in ["instagram_basic", "instagram_manage_insights", "pages_read_engagement"] {
        if !granted(call, claims, permission) {
            let message = format!("(#10) Requires {permission} permission to manage the object");
            return Err(GraphError::new(403, 10, message));
        }
    }
    Ok(())
}

/// Refuses everything but reading.
fn only_reading(call: &Call<'_>, id: &str) -> Result<(), GraphError> {
    if call.request.method == Method::GET {
        Ok(())
    } else {
        Err(GraphError::unsupported(&call.request.method, id))
    }
}

/// A figure that is the same each time it is asked for.
pub(crate) fn figure(name: &str, id: &str, day: i64) -> i64 {
    let bytes = name.bytes().chain(id.bytes()).chain(day.to_be_bytes());
    let mixed = bytes.fold(17_i64, |sum, byte| (sum * 31 + i64::from(byte)).rem_euclid(9_973));
    mixed.rem_euclid(90) + 10
}
