//! What becomes of every value of an event, for a person.

use std::io::{self, Write};

use serde_json::Value;
use sociogram::capi::{
    ActionSource, Context, Event, Field, Finding, Mode, PrepareOptions, Severity, Timestamp, check, normalize,
};

use crate::{
    arguments::{Explain, Options},
    record::{Record, members},
};

/// The longest form that is shown.
const MAX_FORM: usize = 48;

/// Names that say nothing about anybody.
const STANDARD_EVENTS: &[&str] = &[
    "AddPaymentInfo",
    "AddToCart",
    "AddToWishlist",
    "CompleteRegistration",
    "Contact",
    "CustomizeProduct",
    "Donate",
    "FindLocation",
    "InitiateCheckout",
    "Lead",
    "LeadSubmitted",
    "PageView",
    "Purchase",
    "Schedule",
    "Search",
    "StartTrial",
    "SubmitApplication",
    "Subscribe",
    "ViewContent",
];

/// How a text looks, without what it says: letters as `a`, `A` or `x`, digits as `9`.
pub(crate) fn form(text: &str) -> String {
    let mark = |c: char| match c {
        c if c.is_lowercase() => 'a',
        c if c.is_uppercase() => 'A',
        c if c.is_numeric() => '9',
        c if c.is_alphabetic() => 'x',
        ' ' => '␣',
        c if c.is_ascii_punctuation() => c,
        // Invisible characters, accents that stand alone, punctuation of other scripts.
        _ => '·',
    };
    let count = text.chars().count();
    let shown: String = text.chars().take(MAX_FORM).map(mark).collect();
    match count {
        0 => "(empty)".to_owned(),
        count if count > MAX_FORM => format!("{shown}… ({count} characters)"),
        _ => shown,
    }
}

pub(crate) struct Explainer<'a> {
    pub(crate) asked: &'a Options,
    pub(crate) explain: Explain,
    pub(crate) options: &'a PrepareOptions,
    pub(crate) now: Option<Timestamp>,
}

impl Explainer<'_> {
    /// Writes about one event. Returns whether it is refused.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn event(&self, out: &mut impl Write, record: &Record) -> io::Result<bool> {
        let read = record.json.as_ref().map_err(Clone::clone);
        let event = read.map(|json| (json, Event::from_json(json)));
        let (json, event) = match event {
            Ok((json, Ok(event))) => (json, event),
            Ok((_, Err(invalid))) => {
                writeln!(out, "line {}: refused", record.line)?;
                findings(out, invalid.findings())?;
                return Ok(true);
            }
            Err(reason) => {
                writeln!(out, "line {}: refused\n  error    {reason}", record.line)?;
                return Ok(true);
            }
        };
        let found = check(&event, self.options);
        let refused = found.iter().any(|finding| finding.severity() == Severity::Error);
        let source = match event.action_source() {
            Some(ActionSource::Unknown(_)) => "an unknown source",
            Some(known) => known.as_str(),
            None => "no source",
        };
        let verdict = if refused { "refused" } else { "accepted" };
        let (line, name, time) = (record.line, self.name(event.event_name()), event.event_time());
        writeln!(out, "line {line}: {name} at {time}, {source}: {verdict}")?;
        for (name, json) in members(json).unwrap_or_default() {
            match name.as_str() {
                "event_name" | "event_time" | "action_source" => {}
                "user_data" => self.user_data(out, &json)?,
                "custom_data" | "app_data" | "original_event_data" => {
                    for (inner, json) in members(&json).unwrap_or_default() {
                        self.plain(out, &format!("{name}.{inner}"), &json)?;
                    }
                }
                _ => self.plain(out, &name, &json)?,
            }
        }
        findings(out, &found)?;
        Ok(refused)
    }

    fn name(&self, name: &str) -> String {
        if self.explain == Explain::Values || STANDARD_EVENTS.contains(&name) {
            name.to_owned()
        } else {
            form(name)
        }
    }

    fn shown(&self, text: &str) -> String {
        match self.explain {
            Explain::Forms => form(text),
            Explain::Values => format!("{text:?}"),
        }
    }

    fn user_data(&self, out: &mut impl Write, json: &str) -> io::Result<()> {
        let members = members(json).unwrap_or_default();
        let country = members.iter().find(|(name, _)| name == "country").and_then(|(_, json)| {
            let readable = |text: &String| {
                let code = normalize(Mode::Canonical, Field::Country, text, &Context::new()).ok()??;
                Some(code.text().to_owned())
            };
            texts(json).iter().find_map(readable)
        });
        let mut context = Context::new();
        if let Some(now) = self.now {
            context = context.now(now);
        }
        if let Some(country) = &country {
            context = context.country(country);
        }
        if let Some(digits) = &self.asked.calling_code {
            context = context.calling_code(digits);
        }
        for (name, json) in &members {
            let Some(field) = Field::ALL.iter().find(|field| field.as_str() == name) else { continue };
            for (index, text) in texts(json).iter().enumerate() {
                let path = if field.is_list() {
                    format!("user_data.{name}[{index}]")
                } else {
                    format!("user_data.{name}")
                };
                self.value(out, *field, &path, text, &context)?;
            }
        }
        Ok(())
    }

    fn value(
        &self,
        out: &mut impl Write,
        field: Field,
        path: &str,
        text: &str,
        context: &Context<'_>,
    ) -> io::Result<()> {
        write!(out, "  {path:<28} {}", self.shown(text))?;
        match normalize(self.asked.value_mode(), field, text, context) {
            Err(_) => writeln!(out, " -> does not fit"),
            Ok(None) => writeln!(out, " -> nothing to send"),
            Ok(Some(made)) => match made.sha256() {
                Some(digest) if digest == made.text() => {
                    writeln!(out, " -> taken for a digest, sent as it is")
                }
                Some(digest) => writeln!(out, " -> {} -> {digest}", self.shown(made.text())),
                None if made.text() == text => writeln!(out, " -> sent as it is"),
                None => writeln!(out, " -> {}, not hashed", self.shown(made.text())),
            },
        }
    }

    fn plain(&self, out: &mut impl Write, path: &str, json: &str) -> io::Result<()> {
        if path == "custom_data.currency"
            && let [code] = texts(json).as_slice()
        {
            return self.value(out, Field::Currency, path, code, &Context::new());
        }
        let shown = match serde_json::from_str(json) {
            Ok(Value::String(text)) => self.shown(&text),
            Ok(Value::Array(items)) if self.explain == Explain::Forms => format!("a list of {}", items.len()),
            Ok(Value::Object(members)) if self.explain == Explain::Forms => {
                format!("an object of {}", members.len())
            }
            Ok(Value::Null) => "nothing".to_owned(),
            _ if self.explain == Explain::Values => json.to_owned(),
            _ => form(json),
        };
        writeln!(out, "  {path:<28} {shown}")
    }
}

/// The texts of a member that takes one or several.
fn texts(json: &str) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match serde_json::from_str(json) {
        Ok(Value::Array(items)) => items.iter().filter_map(text).collect(),
        Ok(one) => text(&one).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

/// Findings hold no values of customers.
fn findings(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        let weight = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            _ => "hint",
        };
        writeln!(out, "  {weight:<8} {finding}")?;
    }
    Ok(())
}
