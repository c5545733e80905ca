//! What is wrong with a post, as far as the post itself tells.

use std::collections::BTreeSet;
use std::fmt;

use sociogram_api_core::Finding;

use super::content::{Article, Carousel, Content, MultiImage, Poll};
use super::{
    CallToAction, CreatePost, DscAdType, FeedDistribution, LifecycleState, PollDuration, Visibility,
    VoteSelection,
};
use crate::guard::rules::{self, Rule};
use crate::guard::{utf16, web_scheme};
use crate::little_text::LittleText;
use crate::urn::ActorUrn;

pub(super) const COMMENTARY: &str = "commentary";

pub(super) fn check(post: &CreatePost) -> Vec<Finding> {
    let mut findings = commentary(&post.commentary);
    let wordless = post.commentary.is_blank();
    if wordless && post.content.is_none() && post.reshare_context.is_none() {
        findings.push(rules::POST_EMPTY.finding(COMMENTARY));
    }
    findings.extend(visibility(post));
    findings.extend(distribution(post));
    match post.lifecycle_state {
        LifecycleState::Published | LifecycleState::Unknown(_) => {}
        LifecycleState::Draft => findings.push(rules::LIFECYCLE_DRAFT.finding("lifecycleState")),
        _ => {
            let finding = rules::LIFECYCLE.finding("lifecycleState");
            findings.push(finding.measured(&post.lifecycle_state));
        }
    }
    if post.reshare_context.is_some() && post.content.is_some() {
        findings.push(rules::SHAPE_RESHARE.finding("content"));
    }
    if let Some(shape) = &post.content {
        findings.extend(content(shape));
    }
    findings.extend(ad(post));
    let label = post.content_call_to_action_label.as_ref();
    findings.extend(landing(label, post.content_landing_page.as_deref()));
    if label.is_some() && post.content_landing_page.is_none() {
        findings.push(rules::CTA_LANDING_PAGE.finding("contentLandingPage"));
    }
    findings
}

/// The text of a post, new or changed.
pub(super) fn commentary(text: &LittleText) -> Vec<Finding> {
    let mut findings = text.check(COMMENTARY);
    let displayed = text.utf16_len();
    let sent = utf16(&text.to_wire());
    if displayed > rules::MAX_COMMENTARY {
        let finding = rules::COMMENTARY_LENGTH.finding(COMMENTARY);
        findings.push(finding.measured(format_args!("{displayed} UTF-16 units")));
    } else if sent > rules::MAX_COMMENTARY {
        let finding = rules::COMMENTARY_ESCAPED_LENGTH.finding(COMMENTARY);
        findings.push(finding.measured(format_args!("{sent} UTF-16 units escaped")));
    }
    findings
}

/// A button and where it leads, new or changed.
pub(super) fn landing(label: Option<&CallToAction>, page: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if matches!(label, Some(CallToAction::Unknown(_))) {
        findings.push(rules::CTA_LABEL.finding("contentCallToActionLabel"));
    }
    if page.is_some_and(|page| web_scheme(page).is_none()) {
        findings.push(rules::LANDING_PAGE.finding("contentLandingPage"));
    }
    findings
}

fn visibility(post: &CreatePost) -> Vec<Finding> {
    let mut findings = Vec::new();
    if matches!(post.author, ActorUrn::Organization(_)) && post.visibility == Visibility::Connections {
        findings.push(rules::VISIBILITY.finding("visibility"));
    }
    if (post.visibility == Visibility::Container) != post.container.is_some() {
        findings.push(rules::CONTAINER_VISIBILITY.finding("visibility").measured(&post.visibility));
    }
    findings
}

fn distribution(post: &CreatePost) -> Vec<Finding> {
    let field = "distribution.targetEntities";
    let mut findings = Vec::new();
    let targets = &post.distribution.target_entities;
    if !targets.is_empty() && matches!(post.author, ActorUrn::Person(_)) {
        findings.push(rules::TARGET_AUTHOR.finding(field));
    }
    if targets.len() > 1 {
        findings.push(rules::TARGET_COUNT.finding(field).measured(targets.len()));
    }
    if targets.iter().any(super::Targeting::is_empty) {
        findings.push(rules::TARGET_EMPTY.finding(field));
    }
    let field = "distribution.feedDistribution";
    let is_dsc = post.ad_context.as_ref().and_then(|ad| ad.is_dsc) == Some(true);
    match post.distribution.feed {
        Some(FeedDistribution::None) if post.ad_context.is_none() => {
            findings.push(rules::FEED_HIDDEN.finding(field));
        }
        Some(FeedDistribution::MainFeed) if is_dsc => findings.push(rules::FEED_SHOWN.finding(field)),
        _ => {}
    }
    findings
}

fn ad(post: &CreatePost) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(ad) = &post.ad_context else {
        if matches!(post.content, Some(Content::Carousel(_))) {
            findings.push(rules::CAROUSEL_AD.finding("adContext"));
        }
        return findings;
    };
    if matches!(post.content, Some(Content::MultiImage(_) | Content::Poll(_))) {
        findings.push(rules::ORGANIC_ONLY.finding("adContext"));
    }
    let fitting = DscAdType::of(post.content.as_ref());
    if let (Some(said), Some(fitting)) = (&ad.dsc_ad_type, fitting)
        && *said != fitting
    {
        let finding = rules::AD_TYPE.finding("adContext.dscAdType");
        findings.push(finding.measured(said).allowed(fitting));
    }
    findings
}

fn content(content: &Content) -> Vec<Finding> {
    match content {
        Content::Image(image) => alt_text("content.media.altText", image.alt_text.as_deref()),
        Content::Document(document) => {
            let titled = document.title.as_deref().is_some_and(|title| !title.trim().is_empty());
            if titled { Vec::new() } else { vec![rules::DOCUMENT_TITLE.finding("content.media.title")] }
        }
        Content::MultiImage(images) => multi_image(images),
        Content::Article(shown) => article(shown),
        Content::Poll(asked) => poll(asked),
        Content::Carousel(cards) => carousel(cards),
        Content::Other(_) => vec![rules::CONTENT_OTHER.finding("content")],
        Content::Video(_) | Content::Reference(_) => Vec::new(),
    }
}

fn alt_text(field: impl fmt::Display, text: Option<&str>) -> Vec<Finding> {
    let length = text.map_or(0, utf16);
    let rule = if length > rules::MAX_ALT_TEXT {
        rules::ALT_TEXT_LENGTH
    } else if length > rules::ADVISED_ALT_TEXT {
        rules::ALT_TEXT_LONG
    } else {
        return Vec::new();
    };
    vec![units(rule, field, length)]
}

fn units(rule: Rule, field: impl fmt::Display, length: usize) -> Finding {
    rule.finding(field.to_string()).measured(format_args!("{length} UTF-16 units"))
}

/// Text that must be there and must not be longer than this. Blank text counts as none.
fn within(rule: Rule, field: impl fmt::Display, text: &str, most: usize) -> Option<Finding> {
    let length = if text.trim().is_empty() { 0 } else { utf16(text) };
    (!(1..=most).contains(&length)).then(|| units(rule, field, length))
}

fn multi_image(content: &MultiImage) -> Vec<Finding> {
    let field = "content.multiImage.images";
    let mut findings = Vec::new();
    let count = content.images.len();
    if !(rules::MIN_IMAGES..=rules::MAX_IMAGES).contains(&count) {
        findings.push(rules::IMAGE_COUNT.finding(field).measured(format_args!("{count} images")));
    }
    let mut seen = BTreeSet::new();
    for (index, image) in content.images.iter().enumerate() {
        if !seen.insert(&image.id) {
            findings.push(rules::IMAGE_TWICE.finding(format!("{field}[{index}].id")));
        }
        findings.extend(alt_text(format_args!("{field}[{index}].altText"), image.alt_text.as_deref()));
    }
    findings
}

fn article(content: &Article) -> Vec<Finding> {
    let mut findings = Vec::new();
    if web_scheme(&content.source).is_none() {
        findings.push(rules::ARTICLE_SOURCE.finding("content.article.source"));
    }
    if let Some(title) = &content.title {
        let field = "content.article.title";
        findings.extend(within(rules::ARTICLE_TITLE, field, title, rules::MAX_ARTICLE_TITLE));
    }
    let length = content.description.as_deref().map_or(0, utf16);
    if length > rules::MAX_ARTICLE_DESCRIPTION {
        findings.push(units(rules::ARTICLE_DESCRIPTION, "content.article.description", length));
    }
    if content.title.is_none() || content.thumbnail.is_none() {
        let missing = if content.title.is_none() { "no title" } else { "no thumbnail" };
        findings.push(rules::ARTICLE_PREVIEW.finding("content.article").measured(missing));
    }
    findings.extend(alt_text("content.article.thumbnailAltText", content.thumbnail_alt_text.as_deref()));
    findings
}

fn poll(content: &Poll) -> Vec<Finding> {
    let mut findings = Vec::new();
    let question = "content.poll.question";
    findings.extend(within(rules::POLL_QUESTION, question, &content.question, rules::MAX_POLL_QUESTION));
    let field = "content.poll.options";
    let count = content.options.len();
    if !(rules::MIN_POLL_OPTIONS..=rules::MAX_POLL_OPTIONS).contains(&count) {
        findings.push(rules::POLL_OPTION_COUNT.finding(field).measured(format_args!("{count} options")));
    }
    let mut seen = BTreeSet::new();
    for (index, option) in content.options.iter().enumerate() {
        let text = format_args!("{field}[{index}].text");
        findings.extend(within(rules::POLL_OPTION, text, &option.text, rules::MAX_POLL_OPTION));
        if !seen.insert(option.text.trim()) {
            findings.push(rules::POLL_OPTION_TWICE.finding(format!("{field}[{index}].text")));
        }
    }
    let settings = &content.settings;
    if matches!(settings.duration, PollDuration::Unknown(_)) {
        findings.push(rules::POLL_DURATION.finding("content.poll.settings.duration"));
    }
    if settings.vote_selection_type.as_ref().is_some_and(|votes| *votes != VoteSelection::Single) {
        findings.push(rules::POLL_VOTES.finding("content.poll.settings.voteSelectionType"));
    }
    if settings.is_voter_visible_to_author == Some(false) {
        findings.push(rules::POLL_VOTERS.finding("content.poll.settings.isVoterVisibleToAuthor"));
    }
    findings
}

fn carousel(content: &Carousel) -> Vec<Finding> {
    let field = "content.carousel.cards";
    let mut findings = Vec::new();
    let count = content.cards.len();
    if count == 0 {
        findings.push(rules::CAROUSEL_EMPTY.finding(field));
    } else if !(rules::MIN_CARDS..=rules::MAX_CARDS).contains(&count) {
        findings.push(rules::CAROUSEL_CARDS.finding(field).measured(format_args!("{count} cards")));
    }
    for (index, card) in content.cards.iter().enumerate() {
        let rule = match card.landing_page.as_deref().and_then(web_scheme) {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => continue,
            Some(_) => rules::CARD_LANDING_HTTPS,
            None => rules::CARD_LANDING_PAGE,
        };
        findings.push(rule.finding(format!("{field}[{index}].landingPage")));
    }
    findings
}

#[cfg(test)]
mod tests;
