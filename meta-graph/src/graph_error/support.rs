//! What the headers of a refused call add to its error.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use super::GraphError;
use crate::error_table::{Facts, judge};

/// What Meta's support asks for, most telling first.
const ASKED_FOR: [&str; 5] =
    ["x-fb-trace-id", "x-fb-request-id", "x-fb-debug", "x-fb-rev", "facebook-api-version"];
/// More than this is no id.
const MAX_LENGTH: usize = 512;

impl GraphError {
    /// Keeps what support asks for, and reads the challenge where the body said nothing at all.
    pub(crate) fn with_headers(mut self, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let kept = ASKED_FOR.iter().filter_map(|name| Some((*name, text(*name)?)));
        let kept = kept.filter(|(_, value)| !value.is_empty() && value.len() <= MAX_LENGTH);
        self.support = kept.map(|(name, value)| (name, value.into())).collect();
        let is_empty = self.told.code.is_none() && self.told.kind.is_none() && self.told.message.is_none();
        let challenged = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
        if is_empty
            && self.status == Some(400)
            && challenged.is_some_and(|challenge| challenge.contains("invalid_token"))
        {
            // As with the status that it should have had.
            self.judgement = judge(&Facts { status: 401, ..Facts::default() });
        }
        self
    }

    /// The headers of the answer that Meta's support asks for, as far as they were there: `x-fb-trace-id`,
    /// `x-fb-request-id`, `x-fb-debug`, `x-fb-rev` and `facebook-api-version`. They hold no secret, and mean
    /// something to Meta only.
    pub fn support_headers(&self) -> impl ExactSizeIterator<Item = (&'static str, &str)> {
        self.support.iter().map(|(name, value)| (*name, value.as_ref()))
    }
}
