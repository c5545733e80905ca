//! What is wrong with a container before it is made.

use std::collections::BTreeSet;

use sociogram_api_core::Finding;

use super::{CreateThread, ThreadKind};
use crate::guard::{media_url, rules, text};

impl CreateThread {
    /// What is wrong with it, as far as that can be told without the files. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        self.check_with(self.children.len())
    }

    /// The same for a carousel of so many items, whose containers may not exist yet.
    pub(in crate::threads) fn check_with(&self, items: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.check_text(&mut findings);
        self.check_media(items, &mut findings);
        self.check_attachments(&mut findings);
        if let Some(topic) = &self.params.topic_tag {
            let chars = text::chars(topic);
            if !(1..=rules::T6_MAX_TOPIC_CHARS).contains(&chars) || topic.contains(['.', '&']) {
                findings.push(rules::T6.finding("topic_tag").measured(format_args!("{chars} characters")));
            }
        }
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if !self.countries.iter().all(is_code) {
            let message = "a country is not named by its two capital letters";
            findings.push(
                Finding::error("threads.countries", "allowlisted_country_codes", message)
                    .allowed("such as US"),
            );
        }
        findings
    }

    fn check_text(&self, findings: &mut Vec<Finding>) {
        let params = &self.params;
        let written = params.text.as_deref().unwrap_or_default();
        findings
            .extend(text::threads_text(written).into_iter().filter(|found| found.rule() != rules::T2.name));
        let attached =
            params.text_attachment.as_ref().and_then(|attached| attached.link_attachment_url.as_deref());
        let mut links: BTreeSet<&str> = text::links(written).collect();
        links.extend(params.link_attachment.as_deref());
        links.extend(attached);
        if links.len() > rules::T2_MAX_LINKS {
            findings.push(rules::T2.finding("text").measured(format_args!("{} links", links.len())));
        }
        let alone = params.gif_attachment.is_none()
            && params.text_attachment.is_none()
            && params.link_attachment.is_none()
            && params.quote_post_id.is_none();
        if self.kind == ThreadKind::Text && written.trim().is_empty() && alone {
            findings.push(Finding::error("threads.text.empty", "text", "there is no text").advice("add one"));
        }
    }

    fn check_media(&self, items: usize, findings: &mut Vec<Finding>) {
        if let Some(url) = &self.url {
            let field = if self.kind == ThreadKind::Video { "video_url" } else { "image_url" };
            for finding in media_url(url) {
                findings.push(
                    Finding::error("threads.media.url", field, "Threads cannot read this address")
                        .measured(finding.measured_value().unwrap_or_default())
                        .allowed(rules::I28.allowed)
                        .advice(rules::I28.advice),
                );
            }
        }
        let allowed = rules::T5_MIN_COUNT..=rules::T5_MAX_COUNT;
        if self.kind == ThreadKind::Carousel && !allowed.contains(&items) {
            findings.push(rules::T5.finding("children").measured(items));
        }
        if let Some(alt_text) = &self.params.alt_text {
            let chars = text::chars(alt_text);
            if chars > rules::T6_MAX_ALT_CHARS {
                findings.push(rules::T6_ALT.finding("alt_text").measured(format_args!("{chars} characters")));
            }
        }
    }

    fn check_attachments(&self, findings: &mut Vec<Finding>) {
        let params = &self.params;
        if let Some(poll) = &params.poll_attachment {
            let allowed = rules::T6_MIN_POLL_OPTIONS..=rules::T6_MAX_POLL_OPTIONS;
            if !allowed.contains(&poll.0.len()) {
                findings.push(rules::T6_POLL.finding("poll_attachment").measured(poll.0.len()));
            }
            for (index, answer) in poll.0.iter().enumerate() {
                let chars = text::chars(answer);
                if !(1..=rules::T6_MAX_POLL_CHARS).contains(&chars) {
                    let field = format!("poll_attachment[{index}]");
                    findings.push(
                        rules::T6_POLL_TEXT.finding(field).measured(format_args!("{chars} characters")),
                    );
                }
            }
        }
        if let Some(attached) = &params.text_attachment {
            let chars = text::chars(&attached.plaintext);
            if chars > rules::T7_MAX_CHARS {
                findings
                    .push(rules::T7.finding("text_attachment").measured(format_args!("{chars} characters")));
            }
            if params.poll_attachment.is_some() || params.link_attachment.is_some() {
                findings.push(rules::T7_ALONE.finding("text_attachment"));
            }
            let mut ranges: Vec<(u64, u64)> = attached
                .text_with_styling_info
                .iter()
                .map(|range| (u64::from(range.offset), u64::from(range.offset) + u64::from(range.length)))
                .collect();
            ranges.sort_unstable();
            if ranges.windows(2).any(|pair| matches!(pair, [(_, end), (start, _)] if start < end)) {
                let message = "parts with a style overlap";
                findings.push(Finding::error("threads.attachment.styles", "text_attachment", message));
            }
        }
        let of_texts = [
            (params.poll_attachment.is_some(), "poll_attachment"),
            (params.text_attachment.is_some(), "text_attachment"),
            (params.link_attachment.is_some(), "link_attachment"),
            (params.gif_attachment.is_some(), "gif_attachment"),
            (params.is_ghost_post == Some(true), "is_ghost_post"),
        ];
        for (_, field) in of_texts.into_iter().filter(|(set, _)| *set && self.kind != ThreadKind::Text) {
            let message = "only a text alone takes this";
            findings.push(
                Finding::error("threads.text.only", field, message).advice("leave it or the media out"),
            );
        }
        if params.is_ghost_post == Some(true) && params.reply_to_id.is_some() {
            let message = "a reply cannot disappear";
            findings
                .push(Finding::error("threads.ghost.reply", "is_ghost_post", message).advice("leave it out"));
        }
    }
}
