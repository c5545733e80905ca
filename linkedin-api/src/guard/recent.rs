//! Which texts were posted lately.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use sociogram_api_core::{Clock, Finding, Timestamp};

use super::rules;
use crate::posts::CreatePost;

/// Remembers, in memory, which author posted which text in the last ten minutes, because LinkedIn refuses the same text
/// within that time (LinkedIn: Posts API, duplicate posts).
///
/// It keeps a hash and a time for each post, never the text. Clones share what they know. LinkedIn itself decides:
/// this only warns.
///
/// ```
/// use std::sync::Arc;
/// use sociogram_api_core::SystemClock;
/// use sociogram_linkedin_api::{OrganizationUrn, guard::RecentPosts, posts::CreatePost};
///
/// let recent = RecentPosts::new(Arc::new(SystemClock::new()));
/// let page: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
/// let post = CreatePost::new(page, "Hello");
/// assert_eq!(recent.check(&post), None);
/// recent.note(&post);
/// assert_eq!(recent.check(&post).unwrap().rule(), "linkedin.post.duplicate");
/// ```
#[derive(Clone)]
pub struct RecentPosts {
    clock: Arc<dyn Clock>,
    posted: Arc<Mutex<HashMap<u64, Timestamp>>>,
}

impl RecentPosts {
    /// Knows of no post.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, posted: Arc::default() }
    }

    /// Remembers a post that was sent now. A post without text is never a duplicate.
    pub fn note(&self, post: &CreatePost) {
        if let Some(key) = key(post) {
            let now = self.clock.now();
            let mut posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
            posted.retain(|_, at| is_recent(*at, now));
            posted.insert(key, now);
        }
    }

    /// A warning when this author posted this text in the last ten minutes.
    pub fn check(&self, post: &CreatePost) -> Option<Finding> {
        let posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, now) = (*posted.get(&key(post)?)?, self.clock.now());
        let ago = now.saturating_duration_since(at).as_secs();
        is_recent(at, now)
            .then(|| rules::DUPLICATE.finding("commentary").measured(format_args!("{ago} seconds ago")))
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.saturating_duration_since(at) < rules::DUPLICATE_WINDOW
}

fn key(post: &CreatePost) -> Option<u64> {
    if post.text().is_blank() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    post.author().as_str().hash(&mut hasher);
    post.text().to_wire().hash(&mut hasher);
    Some(hasher.finish())
}

impl fmt::Debug for RecentPosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("RecentPosts").field("posted", &posted.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sociogram_api_core::testing::ManualClock;

    use super::*;
    use crate::urn::{OrganizationUrn, PersonUrn};

    #[test]
    fn the_same_text_by_the_same_author_warns_for_ten_minutes() {
        let clock = ManualClock::default();
        let recent = RecentPosts::new(Arc::new(clock.clone()));
        let page = OrganizationUrn::from_id("5").unwrap();
        let post = CreatePost::new(page.clone(), "Hello");
        recent.note(&post);
        clock.advance(Duration::from_secs(599));
        let finding = recent.clone().check(&post).unwrap();
        assert_eq!(finding.measured_value(), Some("599 seconds ago"));
        assert_eq!(recent.check(&CreatePost::new(page.clone(), "Hello!")), None);
        assert_eq!(recent.check(&CreatePost::new(PersonUrn::from_id("5").unwrap(), "Hello")), None);
        clock.advance(Duration::from_secs(1));
        assert_eq!(recent.check(&post), None);
        recent.note(&CreatePost::new(page.clone(), "Other"));
        assert_eq!(format!("{recent:?}"), "RecentPosts { posted: 1, .. }", "old ones are forgotten");
        let wordless = CreatePost::new(page, " ");
        recent.note(&wordless);
        assert_eq!(recent.check(&wordless), None);
    }
}
