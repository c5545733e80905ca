//! Measuring texts and counts against a rule.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use sociogram_api_core::Finding;

use crate::guard::rules::Rule;

/// At most `max` characters.
pub(super) fn at_most(
    rule: &Rule,
    field: impl Into<Cow<'static, str>>,
    text: &str,
    max: usize,
) -> Option<Finding> {
    let chars = text.chars().count();
    (chars > max).then(|| rule.finding(field).measured(format_args!("{chars} characters")))
}

/// Something, and at most `max` characters.
pub(super) fn filled(
    rule: &Rule,
    field: impl Into<Cow<'static, str>>,
    text: &str,
    max: usize,
) -> Option<Finding> {
    if text.trim().is_empty() {
        Some(rule.finding(field).measured("no text"))
    } else {
        at_most(rule, field, text, max)
    }
}

/// Between so many and so many.
pub(super) fn count(
    rule: &Rule,
    field: impl Into<Cow<'static, str>>,
    number: usize,
    allowed: RangeInclusive<usize>,
) -> Option<Finding> {
    (!allowed.contains(&number)).then(|| rule.finding(field).measured(number))
}

/// Between so many and so many characters, where there is no rule of its own. Blank text counts as none.
pub(super) fn characters(
    rule: &'static str,
    field: impl Into<Cow<'static, str>>,
    text: &str,
    allowed: RangeInclusive<usize>,
) -> Option<Finding> {
    let chars = if text.trim().is_empty() { 0 } else { text.chars().count() };
    (!allowed.contains(&chars)).then(|| {
        Finding::error(rule, field, "the text is empty or too long")
            .measured(format_args!("{chars} characters"))
            .allowed(format_args!("{} to {} characters", allowed.start(), allowed.end()))
            .advice("change the text")
    })
}

/// Between so many and so many, where there is no rule of its own.
pub(super) fn amount(
    rule: &'static str,
    field: impl Into<Cow<'static, str>>,
    number: usize,
    allowed: RangeInclusive<usize>,
) -> Option<Finding> {
    (!allowed.contains(&number)).then(|| {
        Finding::error(rule, field, "there are too few or too many").measured(number).allowed(format_args!(
            "{} to {}",
            allowed.start(),
            allowed.end()
        ))
    })
}

/// A web address, at most `max` characters.
pub(super) fn web_address(
    rule: &'static str,
    field: impl Into<Cow<'static, str>>,
    link: &str,
    max: usize,
) -> Option<Finding> {
    let field = field.into();
    let chars = link.chars().count();
    let is_web =
        url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if is_web && chars <= max {
        return None;
    }
    Some(if is_web {
        Finding::error(rule, field, "the address is too long")
            .measured(format_args!("{chars} characters"))
            .allowed(format_args!("at most {max} characters"))
            .advice("shorten it")
    } else {
        Finding::error(rule, field, "this is not a web address")
            .advice("use a complete address that begins with https://")
    })
}
