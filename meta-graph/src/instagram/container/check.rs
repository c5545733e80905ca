//! What is wrong with a container before it is made.

use sociogram_api_core::Finding;

use super::{ContainerKind, CreateContainer, Source};
use crate::guard::{media_url, rules, text};

impl CreateContainer {
    /// What is wrong with it, as far as that can be told without the files. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let items = match &self.source {
            Source::Children(children) => children.len(),
            Source::Url(_) | Source::Upload => 0,
        };
        self.check_with(items)
    }

    /// The same for a carousel of so many items, whose containers may not exist yet.
    pub(in crate::instagram) fn check_with(&self, items: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_source(items, &mut findings);
        self.check_caption(&mut findings);
        self.check_people(&mut findings);
        self.check_products(&mut findings);
        self.check_reel(&mut findings);
        if self.kind.is_item() && self.params.is_ai_generated.is_some() {
            findings.push(rules::I29.finding("is_ai_generated"));
        }
        findings
    }

    fn check_source(&self, items: usize, findings: &mut Vec<Finding>) {
        let mut address = |field: &'static str, url: &str| {
            for finding in media_url(url) {
                findings
                    .push(rules::I28.finding(field).measured(finding.measured_value().unwrap_or_default()));
            }
        };
        if let Source::Url(url) = &self.source {
            address(if self.kind.is_video() { "video_url" } else { "image_url" }, url);
        }
        if let Some(url) = &self.params.cover_url {
            address("cover_url", url);
        }
        let allowed = rules::I10_MIN_COUNT..=rules::I10_MAX_COUNT;
        if self.kind == ContainerKind::Carousel && !allowed.contains(&items) {
            findings.push(rules::I10.finding("children").measured(items));
        }
    }

    fn check_caption(&self, findings: &mut Vec<Finding>) {
        let params = &self.params;
        if let Some(caption) = &params.caption {
            findings.extend(text::instagram_caption(caption));
        }
        let misplaced = [
            (params.caption.is_some(), "caption"),
            (params.collaborators.is_some(), "collaborators"),
            (params.location_id.is_some(), "location_id"),
        ];
        for (_, field) in misplaced.into_iter().filter(|(set, _)| *set) {
            if self.kind.is_story() {
                findings.push(rules::I22.finding(field));
            } else if self.kind.is_item() {
                findings.push(rules::I11_CHILD.finding(field));
            }
        }
        if let Some(alt_text) = &params.alt_text {
            let chars = text::chars(alt_text);
            if chars > rules::I9_MAX_CHARS {
                findings.push(rules::I9.finding("alt_text").measured(format_args!("{chars} characters")));
            }
            if !matches!(self.kind, ContainerKind::Image | ContainerKind::CarouselImage) {
                findings.push(rules::I9_IMAGE.finding("alt_text"));
            }
        }
    }

    fn check_people(&self, findings: &mut Vec<Finding>) {
        let tags = self.params.user_tags.as_deref().unwrap_or_default();
        if tags.len() > rules::I23_MAX_COUNT {
            findings.push(rules::I23.finding("user_tags").measured(tags.len()));
        }
        for (index, tag) in tags.iter().enumerate() {
            findings.extend(self.place("user_tags", index, tag.x, tag.y));
        }
        let collaborators = self.params.collaborators.as_deref().unwrap_or_default();
        if collaborators.len() > rules::I24_MAX_COUNT {
            findings.push(rules::I24.finding("collaborators").measured(collaborators.len()));
        }
    }

    fn check_products(&self, findings: &mut Vec<Finding>) {
        let tags = self.params.product_tags.as_deref().unwrap_or_default();
        if tags.len() > rules::I25_MAX_COUNT {
            findings.push(rules::I25.finding("product_tags").measured(tags.len()));
        }
        for (index, tag) in tags.iter().enumerate() {
            findings.extend(self.place("product_tags", index, tag.x, tag.y));
        }
        let sponsors = self.params.branded_content_sponsor_ids.as_ref().map_or(0, Vec::len);
        if sponsors > 2 {
            findings.push(
                Finding::error(
                    "instagram.sponsors.count",
                    "branded_content_sponsor_ids",
                    "there are too many sponsors",
                )
                .measured(sponsors)
                .allowed("at most 2"),
            );
        }
    }

    /// Tags need a place on images and take none on videos; stories take both.
    fn place(&self, field: &str, index: usize, x: Option<f64>, y: Option<f64>) -> Option<Finding> {
        let inside = |part: Option<f64>| part.is_some_and(|part| (0.0..=1.0).contains(&part));
        let none = x.is_none() && y.is_none();
        let rule = match self.kind {
            ContainerKind::Reel | ContainerKind::CarouselVideo if !none => rules::I23_VIDEO,
            ContainerKind::Image | ContainerKind::CarouselImage if !(inside(x) && inside(y)) => {
                rules::I23_POSITION
            }
            ContainerKind::StoryImage | ContainerKind::StoryVideo if !(none || inside(x) && inside(y)) => {
                rules::I23_POSITION
            }
            _ => return None,
        };
        Some(rule.finding(format!("{field}[{index}]")))
    }

    fn check_reel(&self, findings: &mut Vec<Finding>) {
        let params = &self.params;
        let of_reels = [
            (params.cover_url.is_some(), "cover_url"),
            (params.thumb_offset.is_some() && self.kind != ContainerKind::CarouselVideo, "thumb_offset"),
            (params.share_to_feed.is_some(), "share_to_feed"),
            (params.audio_name.is_some(), "audio_name"),
            (params.audio_configuration.is_some(), "audio_configuration"),
            (params.trial_params.is_some(), "trial_params"),
        ];
        for (_, field) in of_reels.into_iter().filter(|(set, _)| *set && self.kind != ContainerKind::Reel) {
            let message = "only reels take this parameter";
            findings.push(
                Finding::warning("instagram.container.reels_only", field, message).advice("leave it out"),
            );
        }
        if params.cover_url.is_some() && params.thumb_offset.is_some() {
            let message = "the cover is used, and this moment is not";
            findings.push(
                Finding::warning("instagram.reel.cover.twice", "thumb_offset", message)
                    .advice("leave one of them out"),
            );
        }
        let audio = params.audio_configuration.as_ref();
        let volumes =
            audio.map(|audio| [audio.audio_volume, audio.video_volume]).into_iter().flatten().flatten();
        if let Some(volume) = volumes.max().filter(|volume| *volume > 100) {
            findings.push(
                Finding::error("instagram.audio.volume", "audio_configuration", "the sound is too loud")
                    .measured(volume)
                    .allowed("0 to 100"),
            );
        }
    }
}
