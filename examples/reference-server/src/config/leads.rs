//! What the platforms are told when a lead's status changes.

use sociogram::linkedin_api::ConversionUrn;

use super::{ConfigError, Variables};
use crate::records::LeadStatus;

const META: &str = "LEAD_EVENTS";
const WHATSAPP: &str = "WHATSAPP_LEAD_EVENTS";
const LINKEDIN: &str = "LINKEDIN_CONVERSION_RULE";

/// Longest name of an event.
const MAX_NAME: usize = 50;

/// The event of each status, for each kind of lead. A status without one tells nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadEvents {
    meta: ByStatus<String>,
    whatsapp: ByStatus<String>,
    linkedin: ByStatus<ConversionUrn>,
    /// The rule of events that name none.
    usual: Option<ConversionUrn>,
}

type ByStatus<T> = Vec<(LeadStatus, T)>;

impl Default for LeadEvents {
    fn default() -> Self {
        let named = |names: &[(LeadStatus, &str)]| {
            names.iter().map(|(status, name)| (*status, (*name).to_owned())).collect()
        };
        Self {
            // Not Purchase, which needs a value that nobody knows here.
            meta: named(&[
                (LeadStatus::New, "Lead"),
                (LeadStatus::Contacted, "ContactedLead"),
                (LeadStatus::Qualified, "QualifiedLead"),
                (LeadStatus::Converted, "ConvertedLead"),
                (LeadStatus::Lost, "LostLead"),
            ]),
            // Meta takes a fixed set of names for conversations.
            whatsapp: named(&[(LeadStatus::New, "LeadSubmitted"), (LeadStatus::Qualified, "QualifiedLead")]),
            linkedin: Vec::new(),
            usual: None,
        }
    }
}

impl LeadEvents {
    pub(super) fn read(from: &Variables<'_>) -> Result<Self, ConfigError> {
        let mut events = Self::default();
        for (variable, names) in [(META, &mut events.meta), (WHATSAPP, &mut events.whatsapp)] {
            if let Some(text) = from.text(variable)? {
                for (status, name) in pairs(variable, &text)? {
                    names.retain(|(known, _)| *known != status);
                    if name.chars().count() > MAX_NAME {
                        let problem = format!("{status}: a name of more than {MAX_NAME} characters");
                        return Err(ConfigError::new(variable, problem));
                    }
                    if !name.is_empty() {
                        names.push((status, name.to_owned()));
                    }
                }
            }
        }
        let Some(text) = from.text(LINKEDIN)? else { return Ok(events) };
        if text.contains('=') {
            for (status, text) in pairs(LINKEDIN, &text)? {
                events.linkedin.push((status, rule(text)?));
            }
            events.usual = events.linkedin.first().map(|(_, rule)| rule.clone());
            return Ok(events);
        }
        Ok(events.with_rule(rule(&text)?))
    }

    /// With this rule for leads that qualified, and for events that name none.
    pub(crate) fn with_rule(mut self, rule: ConversionUrn) -> Self {
        self.linkedin = vec![(LeadStatus::Qualified, rule.clone())];
        self.usual = Some(rule);
        self
    }

    /// The name for a lead of a form at Meta.
    pub(crate) fn meta(&self, status: LeadStatus) -> Option<&str> {
        of(&self.meta, status).map(String::as_str)
    }

    /// The name for a lead that came by an ad that opens WhatsApp.
    pub(crate) fn whatsapp(&self, status: LeadStatus) -> Option<&str> {
        of(&self.whatsapp, status).map(String::as_str)
    }

    /// The rule for a lead at LinkedIn.
    pub(crate) fn linkedin(&self, status: LeadStatus) -> Option<&ConversionUrn> {
        of(&self.linkedin, status)
    }

    /// The rule of events that name none.
    pub(crate) fn usual_rule(&self) -> Option<&ConversionUrn> {
        self.usual.as_ref()
    }
}

fn of<T>(events: &ByStatus<T>, status: LeadStatus) -> Option<&T> {
    events.iter().find(|(known, _)| *known == status).map(|(_, event)| event)
}

/// `status=value`, separated by commas.
fn pairs<'a>(variable: &'static str, text: &'a str) -> Result<Vec<(LeadStatus, &'a str)>, ConfigError> {
    let pair = |part: &'a str| {
        let (status, value) = part.split_once('=')?;
        Some((LeadStatus::parse(status.trim())?, value.trim()))
    };
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(pair).collect::<Option<Vec<_>>>().ok_or_else(|| {
        let words = LeadStatus::ALL.map(LeadStatus::as_str).join(", ");
        ConfigError::new(
            variable,
            format!("not a list such as qualified=…,converted=…; a status is one of {words}"),
        )
    })
}

fn rule(text: &str) -> Result<ConversionUrn, ConfigError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rule = if digits { ConversionUrn::from_id(text).ok() } else { text.parse().ok() };
    rule.ok_or_else(|| {
        ConfigError::new(LINKEDIN, "not the number of a conversion rule, nor urn:lla:llaPartnerConversion:…")
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn read(variable: &'static str, text: &str) -> Result<LeadEvents, ConfigError> {
        let text = OsString::from(text);
        LeadEvents::read(&Variables(&|name| (name == variable).then(|| text.clone())))
    }

    #[test]
    fn names_can_be_changed_and_taken_away() {
        let events = read(META, "qualified = Hot Lead, lost=").unwrap();
        assert_eq!(events.meta(LeadStatus::Qualified), Some("Hot Lead"));
        assert_eq!(events.meta(LeadStatus::Lost), None);
        assert_eq!(events.meta(LeadStatus::New), Some("Lead"), "the others stay");
        assert_eq!(events.whatsapp(LeadStatus::Qualified), Some("QualifiedLead"));
        assert_eq!(events.whatsapp(LeadStatus::Contacted), None);
    }

    #[test]
    fn a_rule_counts_leads_that_qualified_unless_it_says_otherwise() {
        let urn = "urn:lla:llaPartnerConversion:7";
        for text in ["7", urn] {
            let events = read(LINKEDIN, text).unwrap();
            assert_eq!(events.linkedin(LeadStatus::Qualified).unwrap().as_str(), urn);
            assert_eq!(events.linkedin(LeadStatus::Converted), None);
            assert_eq!(events.usual_rule().unwrap().as_str(), urn);
        }
        let events = read(LINKEDIN, "converted=8,qualified=7").unwrap();
        assert_eq!(
            events.linkedin(LeadStatus::Converted).unwrap().as_str(),
            "urn:lla:llaPartnerConversion:8"
        );
        assert_eq!(events.linkedin(LeadStatus::Qualified).unwrap().as_str(), urn);
        assert_eq!(read("PORT", "1").unwrap(), LeadEvents::default());
    }

    #[test]
    fn mistakes_name_the_variable_and_what_to_do() {
        for (variable, text, part) in [
            (META, "won=Won", "converted"),
            (META, "qualified", "qualified=…"),
            (WHATSAPP, &format!("new={}", "x".repeat(51)), "50 characters"),
            (LINKEDIN, "rule", "number"),
            (LINKEDIN, "qualified=", "number"),
            (LINKEDIN, "urn:li:person:1", "llaPartnerConversion"),
        ] {
            let told = read(variable, text).unwrap_err().to_string();
            assert!(told.starts_with(variable) && told.contains(part), "{text}: {told}");
        }
    }
}
