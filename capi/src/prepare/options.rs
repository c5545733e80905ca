//! How events are prepared.

use std::sync::Arc;

use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use crate::field::{Field, FieldPolicy};
use crate::normalize::{Mode, Rules};

/// How events are prepared.
///
/// ```
/// use sociogram_capi::{Field, FieldPolicy, PrepareOptions, Timestamp};
///
/// let options = PrepareOptions::new(Timestamp::from_unix_seconds(1_795_000_000))
///     .policy(Field::Email, FieldPolicy::Strict)
///     .test_event_code("TEST12345");
/// ```
#[derive(Clone, Debug)]
pub struct PrepareOptions {
    mode: Mode,
    default_policy: FieldPolicy,
    policies: Vec<(Field, FieldPolicy)>,
    pub(super) now: Option<Timestamp>,
    calling_code: Option<String>,
    test_event_code: Option<String>,
    partner_agent: Option<String>,
    namespace_id: Option<String>,
    upload_id: Option<String>,
    upload_tag: Option<String>,
    upload_source: Option<String>,
}

impl PrepareOptions {
    /// The usual options: canonical form, values that do not fit are left out, and the age of events is
    /// judged at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self { now: Some(now), ..Self::without_clock() }
    }

    /// The usual options, but nothing is judged against the clock: for looking at old events. Do not send
    /// the result; Meta refuses a whole request for one event that is too old.
    pub fn without_clock() -> Self {
        Self {
            mode: Mode::Canonical,
            default_policy: FieldPolicy::DropField,
            policies: Vec::new(),
            now: None,
            calling_code: None,
            test_event_code: None,
            partner_agent: None,
            namespace_id: None,
            upload_id: None,
            upload_tag: None,
            upload_source: None,
        }
    }

    /// Sets the rules by which values are normalised.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets what happens to values that do not fit, for all fields without a policy of their own.
    pub fn default_policy(mut self, policy: FieldPolicy) -> Self {
        self.default_policy = policy;
        self
    }

    /// Sets what happens to values of one field that do not fit.
    pub fn policy(mut self, field: Field, policy: FieldPolicy) -> Self {
        self.policies.push((field, policy));
        self
    }

    /// Marks the events as tests (`test_event_code`). They are shown under Test Events **and still count**:
    /// leave it out in production.
    pub fn test_event_code(mut self, code: impl Into<String>) -> Self {
        self.test_event_code = Some(code.into());
        self
    }

    /// Names the platform that sends for its customers (`partner_agent`).
    ///
    /// # Errors
    ///
    /// `capi.partner_agent` when it has 23 characters or more, or fewer than two letters.
    pub fn partner_agent(mut self, agent: impl Into<String>) -> Result<Self, InvalidRequest> {
        let agent = agent.into();
        if agent.chars().count() >= 23 || agent.chars().filter(|c| c.is_alphabetic()).count() < 2 {
            return Err(Finding::error("capi.partner_agent", "partner_agent", "not a partner agent")
                .allowed("fewer than 23 characters, at least two of them letters")
                .into());
        }
        self.partner_agent = Some(agent);
        Ok(self)
    }

    /// Sets the namespace in which ids such as `external_id` are unique (`namespace_id`): for partners that send for
    /// many businesses.
    pub fn namespace_id(mut self, id: impl Into<String>) -> Self {
        self.namespace_id = Some(id.into());
        self
    }

    /// Sets the id of the upload that the events belong to (`upload_id`), a member of the older offline uploads.
    pub fn upload_id(mut self, id: impl Into<String>) -> Self {
        self.upload_id = Some(id.into());
        self
    }

    /// Sets a name by which the upload is found again (`upload_tag`).
    pub fn upload_tag(mut self, tag: impl Into<String>) -> Self {
        self.upload_tag = Some(tag.into());
        self
    }

    /// Sets where the upload comes from (`upload_source`).
    pub fn upload_source(mut self, source: impl Into<String>) -> Self {
        self.upload_source = Some(source.into());
        self
    }

    /// Sets the country calling code of phone numbers that are written without one, such as `49`. Leading
    /// zeros of such numbers are dropped where the country drops them; other national prefixes (the 8 of
    /// Russia, the 06 of Hungary) are not known.
    ///
    /// # Errors
    ///
    /// `capi.calling_code` unless it is one to three digits that do not begin with 0.
    pub fn default_calling_code(mut self, digits: impl Into<String>) -> Result<Self, InvalidRequest> {
        let digits = digits.into();
        let fits = matches!(digits.len(), 1..=3) && digits.bytes().all(|b| b.is_ascii_digit());
        if !fits || digits.starts_with('0') {
            return Err(Finding::error("capi.calling_code", "default_calling_code", "not a calling code")
                .allowed("one to three digits, without + and 0 in front")
                .into());
        }
        self.calling_code = Some(digits);
        Ok(self)
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            mode: self.mode,
            now: self.now,
            calling_code: self.calling_code.as_deref(),
            policies: &self.policies,
            default_policy: self.default_policy,
        }
    }

    /// What stands behind the list of events.
    pub(crate) fn close(&self) -> Arc<str> {
        let mut out = String::from("]");
        let members = [
            ("test_event_code", &self.test_event_code),
            ("partner_agent", &self.partner_agent),
            ("namespace_id", &self.namespace_id),
            ("upload_id", &self.upload_id),
            ("upload_tag", &self.upload_tag),
            ("upload_source", &self.upload_source),
        ];
        for (name, value) in members {
            if let Some(value) = value {
                let json = serde_json::Value::from(value.as_str()).to_string();
                out.extend([",\"", name, "\":", &json]);
            }
        }
        out.push('}');
        out.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_request_stand_behind_the_events() {
        let options = PrepareOptions::without_clock().upload_source("till").namespace_id("n\"1");
        assert_eq!(&*options.close(), r#"],"namespace_id":"n\"1","upload_source":"till"}"#);
        let options = options.upload_id("1").upload_tag("shop 7").test_event_code("TEST1");
        assert_eq!(
            &*options.close(),
            r#"],"test_event_code":"TEST1","namespace_id":"n\"1","upload_id":"1","upload_tag":"shop 7","upload_source":"till"}"#
        );
        assert_eq!(&*PrepareOptions::without_clock().close(), "]}");
    }
}
