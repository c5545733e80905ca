//! What LinkedIn's API offers beside logins, posts and roles, one module for each area.

pub(crate) mod ads;
pub(crate) mod analytics;
pub(crate) mod conversions;
pub(crate) mod leads;
pub(crate) mod media;
pub(crate) mod pages;
pub(crate) mod social;

use axum::response::Response;

use super::{answer::ApiError, api::Call};
use crate::world::World;

/// An area looks at the path, without `rest`, and answers what is its own.
type Route = fn(&mut Call<'_>, &[&str]) -> Option<Result<Response, ApiError>>;

const ROUTES: [Route; 7] = [
    ads::route,
    analytics::route,
    conversions::route,
    leads::route,
    media::route,
    pages::route,
    social::route,
];

/// What the platform holds, by area; figures follow from ids and dates and are not held.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) ads: ads::Held,
    pub(crate) conversions: conversions::Held,
    pub(crate) leads: leads::Held,
    pub(crate) media: media::Held,
    pub(crate) pages: pages::Held,
    pub(crate) social: social::Held,
}

impl Held {
    /// What is there from the beginning.
    pub(crate) fn of(world: &World) -> Self {
        Self { conversions: conversions::Held::of(&world.conversion_rules), ..Self::default() }
    }
}

/// The answer of the area that the path belongs to, if there is one.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    ROUTES.iter().find_map(|area| area(call, path))
}
