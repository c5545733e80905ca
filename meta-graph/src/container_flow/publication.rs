//! What the flows of Instagram and of Threads have in common on the outside.

use std::time::Duration;

use sociogram_api_core::Timestamp;

/// How far the platform's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(60);
/// How many of the latest posts are looked through for the one that was published.
pub(crate) const LATEST: u32 = 25;

/// Whether a post may be one that was published at `since` or later.
pub(crate) fn is_fresh(time: Option<Timestamp>, since: Timestamp) -> bool {
    time.is_some_and(|time| time >= since.saturating_sub(SKEW))
}

/// Whether both are the same text, where none is an empty one.
pub(crate) fn same_text(one: Option<&str>, other: Option<&str>) -> bool {
    one.unwrap_or_default().trim() == other.unwrap_or_default().trim()
}

/// The steps of a flow, as its users take them: `publication! { Flow, target }` for a flow with this field and `steps`.
macro_rules! publication {
    ($flow:ident, $target:ident) => {
        impl $flow {
            /// What is wrong with it, as far as that can be told without the files: the place in the carousel and the
            /// findings. Nothing is made while there is an error among them.
            pub fn check(&self) -> Vec<(Option<usize>, ::sociogram_api_core::Finding)> {
                $crate::container_flow::Target::check(&self.$target)
            }

            /// Drops the containers made so far, for another try after
            /// [`MediaFailed`](PublishError::MediaFailed) or [`Expired`](PublishError::Expired). Once publishing has
            /// begun it changes nothing.
            pub fn restart(&mut self) {
                self.steps.restart(&self.$target);
            }

            /// Takes one step: one call, or two where a saved state goes on with publishing. Save the state after each.
            ///
            /// # Errors
            /// [`PublishError`] says which item it is about. The state stays usable.
            pub async fn advance(
                &mut self,
                client: &$crate::Client,
            ) -> Result<::sociogram_api_core::Progress<Published>, PublishError> {
                self.steps.advance(&self.$target, client).await
            }

            /// Goes all the way, with the client's timer; `save` gets the state after every step.
            ///
            /// # Errors
            /// As [`advance`](Self::advance).
            pub async fn run(
                &mut self,
                client: &$crate::Client,
                mut save: impl FnMut(&Self) + Send,
            ) -> Result<Published, PublishError> {
                ::sociogram_api_core::run_to_end!(self, client.pipeline.timer(), save, self.advance(client))
            }
        }
    };
}

pub(crate) use publication;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_may_be_a_minute_older_than_our_clock_says() {
        let since = Timestamp::from_unix_seconds(1_000);
        for (seconds, fresh) in [(939, false), (940, true), (1_000, true)] {
            assert_eq!(is_fresh(Some(Timestamp::from_unix_seconds(seconds)), since), fresh);
        }
        assert!(!is_fresh(None, since));
    }

    #[test]
    fn no_text_is_an_empty_text() {
        assert!(same_text(None, Some(" ")) && same_text(Some("a "), Some("a")));
        assert!(!same_text(None, Some("a")));
    }
}
