//! The choices of publishing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What [`PublishPost`](super::PublishPost) does where there is a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishPolicy {
    pub(super) repeats: bool,
    pub(super) reads: bool,
    pub(super) grace: Duration,
}

impl Default for PublishPolicy {
    fn default() -> Self {
        Self { repeats: true, reads: false, grace: Duration::from_secs(5) }
    }
}

impl PublishPolicy {
    /// Repeats in doubt, does not read back, waits five seconds for an asset that cannot be read.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a create whose outcome is in doubt is settled by sending the same text again: if the first one landed,
    /// LinkedIn refuses the second as `DUPLICATE_POST` and names the first; if not, the second is the post.
    ///
    /// On by default, because apps that may only write have no other way. It is done within eight minutes of the first
    /// attempt only, as LinkedIn's check lasts about ten, and only for posts with text. Switch it off if a second post
    /// would be worse than none: LinkedIn recommends the check but does not promise it.
    pub fn repeat_in_doubt(mut self, repeats: bool) -> Self {
        self.repeats = repeats;
        self
    }

    /// Whether the post is read once it exists, because a 201 does not prove that anybody sees it. Off by default. Needs
    /// `r_organization_social` or `r_member_social`; with neither nothing is read and nothing fails.
    pub fn read_back(mut self, reads: bool) -> Self {
        self.reads = reads;
        self
    }

    /// How long to wait for an asset whose status the token may not read (`w_member_social` alone), 5 seconds by
    /// default. After that LinkedIn's answer to the create tells whether it is ready.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}
