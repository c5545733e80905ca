//! What the Graph API offers beside logins, Page posts and conversion events, one module for each area.

pub(crate) mod ads;
pub(crate) mod batch;
pub(crate) mod businesses;
pub(crate) mod insights;
pub(crate) mod instagram;
pub(crate) mod leads;
pub(crate) mod messaging;
pub(crate) mod page_media;
pub(crate) mod page_talk;
pub(crate) mod threads;
pub(crate) mod uploads;
pub(crate) mod whatsapp;

use super::{Call, Outcome};

/// An area looks at the path and answers what is its own.
type Route = fn(&mut Call<'_>, &[&str]) -> Option<Outcome>;

const ROUTES: [Route; 12] = [
    ads::route,
    batch::route,
    businesses::route,
    insights::route,
    instagram::route,
    leads::route,
    messaging::route,
    page_media::route,
    page_talk::route,
    threads::route,
    uploads::route,
    whatsapp::route,
];

/// What the platform holds, by area.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) ads: ads::Held,
    pub(crate) businesses: businesses::Held,
    pub(crate) insights: insights::Held,
    pub(crate) instagram: instagram::Held,
    pub(crate) leads: leads::Held,
    pub(crate) messaging: messaging::Held,
    pub(crate) page_media: page_media::Held,
    pub(crate) page_talk: page_talk::Held,
    pub(crate) threads: threads::Held,
    pub(crate) uploads: uploads::Held,
    pub(crate) whatsapp: whatsapp::Held,
}

/// The answer of the area that the path belongs to, if there is one.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    ROUTES.iter().find_map(|area| area(call, path))
}
