//! Instagram content: containers, publishing, comments, discovery. One content core with two doors:
//! `graph.facebook.com` with a token of Facebook Login, `graph.instagram.com` with a token of Instagram Login.

mod access;
mod account;
mod caption;
mod comments;
mod container;
mod create;
mod create_words;
mod discovery;
mod hashtags;
mod media;
pub(super) mod media_address;
mod mentions;
pub(crate) mod neighbours;
pub(super) mod page_links;
mod publish;
pub(super) mod selection;
pub(crate) mod visitors;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};

use self::{
    access::{Access, Door, Need},
    comments::Comment,
    container::Container,
    media::Media,
};
use super::super::{Call, Outcome, answer::GraphError, caller::granted, params::Params};
use crate::{
    request::Incoming,
    state::{Shared, State},
    token::Claims,
    world::{FacebookPage, World},
};

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    containers: BTreeMap<String, Container>,
    /// In the order of publication.
    media: Vec<Media>,
    /// In the order of creation.
    comments: Vec<Comment>,
    /// The id of every hashtag that was searched for.
    hashtags: BTreeMap<String, String>,
    /// Account, hashtag and moment of each search.
    searches: Vec<(String, String, i64)>,
    /// What each account's app is told of.
    subscriptions: BTreeMap<String, Vec<String>>,
    /// Account and media of each like through the API.
    likes: Vec<(String, String)>,
    /// Accounts that have answered the invitation to share a post, and whether they accepted.
    invitations: BTreeMap<String, bool>,
    /// Whether the posts of other people are there.
    furnished: bool,
}

impl Held {
    /// A container that waits for its bytes, and the account it belongs to.
    pub(crate) fn awaits_bytes(&self, container: &str) -> Option<&str> {
        let found = self.containers.get(container).filter(|one| one.started_at.is_none());
        found.map(|one| one.account.as_str())
    }

    /// The bytes of a container are all there: processing begins. In seconds.
    pub(crate) fn bytes_arrived(&mut self, container: &str, now: i64) {
        if let Some(container) = self.containers.get_mut(container) {
            container.started_at = Some(now.saturating_mul(1000));
        }
    }

    /// The account that published this.
    pub(crate) fn owner_of_media(&self, media: &str) -> Option<&str> {
        self.media.iter().find(|one| one.id == media && !one.deleted).map(|one| one.account.as_str())
    }

    /// Where this is shown: `FEED`, `REELS` or `STORY`.
    pub(crate) fn product_type_of(&self, media: &str) -> Option<&'static str> {
        let found = self.media.iter().find(|one| one.id == media && !one.deleted);
        found.map(|one| one.draft.shape.product_type())
    }

    /// Whether the account has asked for these events at `graph.instagram.com`.
    pub(crate) fn is_subscribed(&self, account: &str, topic: &str) -> bool {
        self.subscriptions.get(account).is_some_and(|topics| topics.iter().any(|known| known == topic))
    }

    /// How many accounts like this, as far as the API knows.
    fn likes_of(&self, id: &str) -> usize {
        self.likes.iter().filter(|(_, liked)| liked == id).count()
    }

    fn holds(&self, id: &str) -> bool {
        self.containers.contains_key(id)
            || self.media.iter().any(|media| media.id == id || media.items.iter().any(|item| item.id == id))
            || self.comments.iter().any(|comment| comment.id == id)
            || self.hashtags.values().any(|hashtag| hashtag == id)
    }
}

/// The id of the professional account that is linked to this Page: the first Page has the world's first account.
pub(crate) fn account_of_page<'w>(world: &'w World, page: &str) -> Option<&'w str> {
    let first = world.pages.first().is_some_and(|first| first.id == page);
    world.instagram.first().filter(|_| first).map(|account| account.user_id.as_str())
}

/// What a Page says of its Instagram account, to those who may see it.
pub(crate) fn linked_account(call: &Call<'_>, page: &FacebookPage, claims: &Claims) -> Option<Value> {
    let id = account_of_page(&call.shared.config.world, &page.id)?;
    if !granted(call, claims, "instagram_basic") {
        return None;
    }
    let asked = call.params.text("fields").ok()?.unwrap_or_default();
    let fields = selection::parse(&asked).unwrap_or_default();
    let inner = fields.into_iter().find(|field| field.name == "instagram_business_account")?.inner;
    let object = account::public_fields(call, id)?;
    let names = if inner.is_empty() { vec![selection::Field::plain("id")] } else { inner };
    selection::apply(selection::Kind::Account, &object, &names).ok()
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    match path {
        ["ig_audio"] => Some(Door::facebook(call).and_then(|door| discovery::audio(call, &door))),
        ["ig_hashtag_search"] => Some(match Door::facebook(call) {
            Ok(door) => hashtags::search(call, &door),
            Err(error) => Err(error),
        }),
        [id, rest @ ..] => {
            let world = &call.shared.config.world;
            let is_account = world.instagram.iter().any(|account| account.user_id == *id);
            if !is_account && !call.state.areas.instagram.holds(id) {
                return None;
            }
            if !is_known(is_account, rest) {
                return None;
            }
            Some(Door::facebook(call).and_then(|door| answer(call, &door, is_account, id, rest)))
        }
        [] => None,
    }
}

/// Whether this area answers the edge of an account, or of anything else. Other areas have edges of the same nodes.
fn is_known(is_account: bool, rest: &[&str]) -> bool {
    match rest {
        [] => true,
        [edge] if is_account => ACCOUNT_EDGES.contains(edge),
        [edge] => OTHER_EDGES.contains(edge),
        _ => false,
    }
}

const ACCOUNT_EDGES: [&str; 13] = [
    "media",
    "media_publish",
    "content_publishing_limit",
    "stories",
    "live_media",
    "tags",
    "collaborative_media",
    "collaboration_invites",
    "mentions",
    "recently_searched_hashtags",
    "likes",
    "scheduled_media",
    "subscribed_apps",
];
const OTHER_EDGES: [&str; 7] =
    ["children", "comments", "replies", "collaborators", "product_tags", "top_media", "recent_media"];

/// A call to `graph.instagram.com`, made with that site's own token.
pub(crate) fn serve_site(
    shared: &Shared,
    state: &mut State,
    request: &Incoming,
    params: &Params,
    version: &str,
    claims: &Claims,
    path: &[&str],
) -> Option<Outcome> {
    let mut call = Call { shared, state, request, version, params };
    let [id, rest @ ..] = path else { return None };
    let own = shared.config.world.instagram.iter().find(|account| account.id == claims.person)?;
    let id = if *id == "me" { own.user_id.as_str() } else { id };
    let is_account = shared.config.world.instagram.iter().any(|account| account.user_id == id);
    let door = Door::Site(claims.clone());
    if rest == ["insights"] {
        let other = call.state.areas.instagram.owner_of_media(id).is_some_and(|owner| owner != own.user_id);
        if other || (is_account && id != own.user_id) {
            return None;
        }
        let allowed = Access::to_account(&call, &door, &own.user_id)
            .and_then(|access| access.needs(&call, Need::Insights));
        return match allowed {
            Ok(()) => super::insights::route(&mut call, &[id, "insights"]),
            Err(error) => Some(Err(error)),
        };
    }
    if !is_account && !call.state.areas.instagram.holds(id) || !is_known(is_account, rest) {
        return None;
    }
    Some(answer(&mut call, &door, is_account, id, rest))
}

/// How many media the account has, for the profile.
pub(crate) fn media_count(state: &State, account: &str) -> usize {
    state.areas.instagram.media.iter().filter(|media| media.account == account && media.is_in_grid()).count()
}

fn answer(call: &mut Call<'_>, door: &Door, is_account: bool, id: &str, rest: &[&str]) -> Outcome {
    neighbours::furnish(call);
    if is_account { about_account(call, door, id, rest) } else { about_other(call, door, id, rest) }
}

fn about_account(call: &mut Call<'_>, door: &Door, id: &str, rest: &[&str]) -> Outcome {
    let access = Access::to_account(call, door, id)?;
    let basic = ["collaboration_invites", "recently_searched_hashtags", "subscribed_apps"];
    if call.request.method == Method::GET && !rest.first().is_some_and(|edge| basic.contains(edge)) {
        access.needs(call, Need::Read)?;
    }
    let method = &call.request.method;
    let refused = GraphError::unsupported(method, id);
    match (rest, method) {
        ([], &Method::GET) => account::read(call, &access),
        (["media"], &Method::GET) => media::list(call, &access),
        (["media"], &Method::POST) => create::container(call, &access),
        (["media_publish"], &Method::POST) => publish::publish(call, &access),
        (["content_publishing_limit"], &Method::GET) => publish::limit(call, &access),
        (["stories"], &Method::GET) => media::stories(call, &access),
        (["live_media"], &Method::GET) => media::none(call, &access),
        (["collaborative_media"], &Method::GET) => discovery::shared_media(call, &access),
        (["scheduled_media"], &Method::GET) if access.is_facebook() => media::none(call, &access),
        (["tags"], &Method::GET) => mentions::tags(call, &access),
        (["mentions"], &Method::POST) => mentions::answer(call, &access),
        (["collaboration_invites"], &Method::GET) if access.is_facebook() => {
            discovery::invitations(call, &access)
        }
        (["collaboration_invites"], &Method::POST) if access.is_facebook() => {
            discovery::answer_invitation(call, &access)
        }
        (["recently_searched_hashtags"], &Method::GET) if access.is_facebook() => {
            hashtags::recent(call, &access)
        }
        (["likes"], &Method::POST | &Method::DELETE) if access.is_facebook() => {
            discovery::like(call, &access)
        }
        (["subscribed_apps"], _) if !access.is_facebook() => account::subscribed_apps(call, &access),
        _ => Err(refused),
    }
}

/// Access to something of an account. Reading takes one permission more, but for products.
fn to_object(
    call: &Call<'_>,
    door: &Door,
    account: &str,
    id: &str,
    rest: &[&str],
) -> Result<Access, GraphError> {
    let access = Access::to_object(call, door, account, id)?;
    if call.request.method == Method::GET && rest != ["product_tags"] {
        access.needs(call, Need::Read)?;
    }
    Ok(access)
}

fn about_other(call: &mut Call<'_>, door: &Door, id: &str, rest: &[&str]) -> Outcome {
    let held = &call.state.areas.instagram;
    let method = &call.request.method;
    let refused = GraphError::unsupported(method, id);
    if let Some(container) = held.containers.get(id) {
        let account = container.account.clone();
        let access = to_object(call, door, &account, id, rest)?;
        return match (rest, method) {
            ([], &Method::GET) => container::read(call, &access, id),
            _ => Err(refused),
        };
    }
    if let Some(found) = held.media.iter().find(|media| media.id == id && !media.deleted) {
        let account = found.account.clone();
        let access = to_object(call, door, &account, id, rest)?;
        return match (rest, method) {
            ([], &Method::GET) => media::read(call, &access, id),
            ([], &Method::POST) => media::change(call, &access, id),
            ([], &Method::DELETE) if access.is_facebook() => media::delete(call, &access, id),
            (["children"], &Method::GET) => media::children(call, &access, id),
            (["comments"], &Method::GET) => comments::of_media(call, &access, id),
            (["comments"], &Method::POST) => comments::write(call, &access, id),
            (["collaborators"], &Method::GET) => media::collaborators(call, &access, id),
            (["product_tags"], &Method::GET | &Method::POST) if access.is_facebook() => {
                media::product_tags(call, &access, id)
            }
            _ => Err(refused),
        };
    }
    let parts = |media: &&Media| !media.deleted && media.items.iter().any(|item| item.id == id);
    if let Some(found) = held.media.iter().find(parts) {
        let account = found.account.clone();
        let access = to_object(call, door, &account, id, rest)?;
        return match (rest, method) {
            ([], &Method::GET) => media::read_item(call, &access, id),
            _ => Err(refused),
        };
    }
    if let Some(found) = held.comments.iter().find(|comment| comment.id == id && !comment.deleted) {
        let owner = held.owner_of_media(&found.media).unwrap_or_default().to_owned();
        let access = to_object(call, door, &owner, id, rest)?;
        return match (rest, method) {
            ([], &Method::GET) => comments::read(call, &access, id),
            ([], &Method::POST) => comments::hide(call, &access, id),
            ([], &Method::DELETE) => comments::delete(call, &access, id),
            (["replies"], &Method::GET) => comments::replies(call, &access, id),
            (["replies"], &Method::POST) => comments::reply(call, &access, id),
            _ => Err(refused),
        };
    }
    match (rest, method) {
        ([] | ["top_media" | "recent_media"], &Method::GET)
            if door.is_facebook() && held.hashtags.values().any(|hashtag| hashtag == id) =>
        {
            hashtags::about(call, door, id, rest)
        }
        _ => Err(refused),
    }
}

/// Fields of an object.
type Object = Map<String, Value>;
