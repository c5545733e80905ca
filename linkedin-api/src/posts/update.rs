//! Changing a post.

use http::Method;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::{CallToAction, DscStatus, LifecycleState, check};
use crate::created;
use crate::endpoint::Params;
use crate::guard::rules;
use crate::little_text::LittleText;
use crate::method::RestliMethod;
use crate::patch::Patch;
use crate::urn::PostUrn;

/// Changes some fields of a post: `POST /rest/posts/{urn}` with `X-RestLi-Method: PARTIAL_UPDATE` (LinkedIn: Posts API).
///
/// Only what is set here can be changed; content, author and audience cannot. Needs the scope its author posted with,
/// and for an organization the role. Sending it again has no further effect.
///
/// ```
/// use sociogram_linkedin_api::{PostUrn, posts::UpdatePost};
///
/// let post: PostUrn = "urn:li:share:1".parse().unwrap();
/// assert!(UpdatePost::new(post.clone()).commentary("Corrected").check().is_empty());
/// assert_eq!(UpdatePost::new(post).check()[0].rule(), "linkedin.post.update_empty");
/// ```
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct UpdatePost {
    urn: PostUrn,
    commentary: Option<LittleText>,
    call_to_action: Option<CallToAction>,
    landing_page: Option<String>,
    lifecycle_state: Option<LifecycleState>,
    dsc_name: Option<String>,
    dsc_status: Option<DscStatus>,
}

impl UpdatePost {
    /// Changes nothing yet.
    pub fn new(urn: PostUrn) -> Self {
        Self {
            urn,
            commentary: None,
            call_to_action: None,
            landing_page: None,
            lifecycle_state: None,
            dsc_name: None,
            dsc_status: None,
        }
    }

    /// Another text.
    pub fn commentary(mut self, commentary: impl Into<LittleText>) -> Self {
        self.commentary = Some(commentary.into());
        self
    }

    /// Another button.
    pub fn call_to_action(mut self, label: CallToAction) -> Self {
        self.call_to_action = Some(label);
        self
    }

    /// Another absolute web address to which a click leads.
    pub fn landing_page(mut self, landing_page: impl Into<String>) -> Self {
        self.landing_page = Some(landing_page.into());
        self
    }

    /// Another state: a draft becomes published.
    pub fn lifecycle_state(mut self, state: LifecycleState) -> Self {
        self.lifecycle_state = Some(state);
        self
    }

    /// Another name in the campaign manager. Sponsored content only.
    pub fn dsc_name(mut self, name: impl Into<String>) -> Self {
        self.dsc_name = Some(name.into());
        self
    }

    /// In use or put away. Sponsored content only.
    pub fn dsc_status(mut self, status: DscStatus) -> Self {
        self.dsc_status = Some(status);
        self
    }

    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.commentary.as_ref().map(check::commentary).unwrap_or_default();
        findings.extend(check::landing(self.call_to_action.as_ref(), self.landing_page.as_deref()));
        if self.patch().is_empty() {
            findings.push(rules::UPDATE_EMPTY.finding("patch"));
        }
        findings
    }

    fn patch(&self) -> Patch {
        let text = |text: &str| Value::from(text);
        let patch = Patch::new()
            .set_some("commentary", self.commentary.as_ref().map(LittleText::to_wire))
            .set_some(
                "contentCallToActionLabel",
                self.call_to_action.as_ref().map(|word| text(word.as_str())),
            )
            .set_some("contentLandingPage", self.landing_page.as_deref())
            .set_some("lifecycleState", self.lifecycle_state.as_ref().map(|word| text(word.as_str())));
        let ad = [
            ("dscName", self.dsc_name.as_deref()),
            ("dscStatus", self.dsc_status.as_ref().map(DscStatus::as_str)),
        ];
        ad.into_iter()
            .filter_map(|(field, value)| Some((field, value?)))
            .fold(patch, |patch, (field, value)| patch.inside("adContext", field, value))
    }
}

impl Endpoint for UpdatePost {
    type Output = ();

    const NAME: &'static str = "linkedin.posts.update";
    const METHOD: Method = RestliMethod::PartialUpdate.http_method();
    const PATH: &'static str = "/rest/posts/{urn}";
    // It only sets fields, so a second time changes nothing.
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, RestliMethod::PartialUpdate, true);
        params.put("urn", &self.urn);
        params.finish();
        parts.json(&self.patch())?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.urn.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        created::nothing(self, response)
    }
}
