//! How long LinkedIn lets an app keep what it read (LinkedIn: Data Storage Requirements).
//!
//! Where several apply the shortest wins, and everything of a member goes when the member asks for it or takes the
//! consent back. Aggregated ad data has no fixed limit; a member's own profile may be kept while the consent lasts.

use std::time::Duration;

use crate::urn::ActorUrn;

const HOUR: u64 = 3_600;

/// Profiles of other members than the token's own: 24 hours.
pub const OTHER_MEMBERS_PROFILE: Duration = Duration::from_secs(24 * HOUR);
/// What members wrote and did, such as posts, comments and reactions: 48 hours.
pub const MEMBER_SOCIAL_ACTIVITY: Duration = Duration::from_secs(48 * HOUR);
/// What organizations wrote and did: six months, here 180 days.
pub const ORGANIZATION_SOCIAL_ACTIVITY: Duration = Duration::from_secs(180 * 24 * HOUR);

/// How long a post, comment or reaction of this author may be kept.
///
/// ```
/// use sociogram_linkedin_api::{ActorUrn, retention};
///
/// let member: ActorUrn = "urn:li:person:a".parse().unwrap();
/// assert_eq!(retention::social_activity(&member), retention::MEMBER_SOCIAL_ACTIVITY);
/// ```
pub const fn social_activity(author: &ActorUrn) -> Duration {
    match author {
        ActorUrn::Person(_) => MEMBER_SOCIAL_ACTIVITY,
        ActorUrn::Organization(_) => ORGANIZATION_SOCIAL_ACTIVITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_may_be_kept_longer_than_a_member() {
        let kept = |urn| social_activity(&ActorUrn::parse(urn).unwrap()).as_secs() / HOUR;
        assert_eq!((kept("urn:li:person:a"), kept("urn:li:organization:5")), (48, 180 * 24));
        assert!(OTHER_MEMBERS_PROFILE < MEMBER_SOCIAL_ACTIVITY);
    }
}
