//! What people comment on and react to, comments themselves included.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use super::typed::{ActivityUrn, PostUrn, check_simple, time_in_id, typed_urn, urn_enum};
use super::{Urn, UrnError};
use crate::restli::restli_words;

typed_urn! {
    /// `urn:li:comment:({parent},{id})`: a comment. Its parent is an activity, a share, a ugcPost or, in some answers,
    /// another comment (LinkedIn: Comments API).
    ///
    /// ```
    /// use sociogram_linkedin_api::{CommentUrn, SocialTarget};
    ///
    /// let comment = CommentUrn::parse("urn:li:comment:(urn:li:activity:1,2)").unwrap();
    /// assert_eq!((comment.parent().as_str(), comment.comment_id()), ("urn:li:activity:1", "2"));
    /// assert_eq!(CommentUrn::new(&comment.parent(), "2").unwrap(), comment);
    /// assert!(matches!(comment.parent(), SocialTarget::Activity(_)));
    /// ```
    CommentUrn, |urn| parts(urn).map(|_| ())
}

/// The parent as a whole URN, and the id behind it.
fn parts(urn: &Urn) -> Result<(SocialTarget, &str), UrnError> {
    if urn.namespace() != "li" || urn.entity_type() != "comment" {
        return Err(UrnError("it does not name a comment (urn:li:comment:(…,…))"));
    }
    let mut elements = urn.elements();
    let (Some(parent), Some(id), None) = (elements.next(), elements.next(), elements.next()) else {
        return Err(UrnError("a comment's id is its parent and a number, in parentheses"));
    };
    check_simple(id)?;
    // Some answers leave out `urn:li:` inside.
    let parent = if parent.starts_with("urn:") {
        SocialTarget::parse(parent)
    } else {
        SocialTarget::parse(&format!("urn:li:{parent}"))
    };
    Ok((parent?, id))
}

impl CommentUrn {
    /// The comment with this id below `parent`.
    ///
    /// # Errors
    /// When the id is not one word of letters, digits, `-` and `_`, or the whole is longer than a URN may be.
    pub fn new(parent: &SocialTarget, id: &str) -> Result<Self, UrnError> {
        check_simple(id)?;
        Self::parse(&format!("urn:li:comment:({parent},{id})"))
    }

    /// What it was written below.
    ///
    /// ```
    /// # use sociogram_linkedin_api::CommentUrn;
    /// let comment = CommentUrn::parse("urn:li:comment:(ugcPost:7,2)").unwrap();
    /// assert_eq!(comment.parent().as_str(), "urn:li:ugcPost:7");
    /// ```
    pub fn parent(&self) -> SocialTarget {
        // Checked when it was made, so the other arm is never taken.
        parts(&self.0).map_or_else(|_| SocialTarget::Comment(self.clone()), |(parent, _)| parent)
    }

    /// The comment's own id, as paths take it (`…/comments/{id}`).
    pub fn comment_id(&self) -> &str {
        self.0.elements().nth(1).unwrap_or_default()
    }

    /// When it was likely written; see [`PostUrn::likely_created_at`].
    pub fn likely_created_at(&self) -> Option<Timestamp> {
        time_in_id(self.comment_id())
    }
}

/// What can be commented on and reacted to (LinkedIn: Comments API, Reactions API). Answers usually name the activity
/// of a post, whatever the request named.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Urn", into = "Urn")]
pub enum SocialTarget {
    /// A share or ugcPost.
    Post(PostUrn),
    /// An entry of the feed.
    Activity(ActivityUrn),
    /// A comment.
    Comment(CommentUrn),
}

urn_enum! {
    SocialTarget { Post(PostUrn), Activity(ActivityUrn), Comment(CommentUrn) },
    "it names neither a post (share, ugcPost), an activity nor a comment"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restli::RestliValue;

    #[test]
    fn a_comment_comes_apart_and_together() {
        for (text, parent, id) in [
            ("urn:li:comment:(urn:li:activity:1,2)", "urn:li:activity:1", "2"),
            ("urn:li:comment:(urn:li:ugcPost:1,2)", "urn:li:ugcPost:1", "2"),
            ("urn:li:comment:(urn:li:share:1,2)", "urn:li:share:1", "2"),
            (
                "urn:li:comment:(urn:li:comment:(urn:li:activity:1,2),3)",
                "urn:li:comment:(urn:li:activity:1,2)",
                "3",
            ),
        ] {
            let comment = CommentUrn::parse(text).unwrap();
            assert_eq!(
                (comment.parent().as_str(), comment.comment_id(), comment.as_str()),
                (parent, id, text)
            );
            assert_eq!(CommentUrn::new(&comment.parent(), id).unwrap(), comment);
        }
        assert_eq!(
            CommentUrn::parse("urn:li:comment:(activity:1,2)").unwrap().parent().as_str(),
            "urn:li:activity:1"
        );
    }

    #[test]
    fn what_is_no_comment_is_refused() {
        for text in [
            "urn:li:comment:2",
            "urn:li:comment:(urn:li:activity:1)",
            "urn:li:comment:(urn:li:activity:1,2,3)",
            "urn:li:comment:(urn:li:person:a,2)",
            "urn:li:comment:(urn:li:activity:1,a:b)",
            "urn:li:comment:(1,2)",
            "urn:li:reply:(urn:li:activity:1,2)",
            "urn:lla:comment:(urn:li:activity:1,2)",
        ] {
            assert!(CommentUrn::parse(text).is_err(), "{text}");
        }
        let post = SocialTarget::parse("urn:li:share:1").unwrap();
        for id in ["", "1,2", "(1)", "a:b"] {
            assert!(CommentUrn::new(&post, id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_target_is_one_of_four_kinds() {
        for text in [
            "urn:li:share:1",
            "urn:li:ugcPost:1",
            "urn:li:activity:1",
            "urn:li:comment:(urn:li:activity:1,2)",
        ] {
            let target: SocialTarget = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(serde_json::to_string(&target).unwrap(), format!("\"{text}\""));
            assert_eq!(RestliValue::from(&target), RestliValue::from(text));
        }
        assert!(SocialTarget::parse("urn:li:person:a").is_err());
    }

    #[test]
    fn ids_of_posts_seem_to_hold_their_time() {
        // 2025-06-15T12:00:00.123Z.
        let id = 1_749_988_800_123_i64 << 22 | 0x4d;
        let time = Some(Timestamp::from_unix_millis(1_749_988_800_123));
        assert_eq!(PostUrn::parse(&format!("urn:li:ugcPost:{id}")).unwrap().likely_created_at(), time);
        let activity = ActivityUrn::from_id(&id.to_string()).unwrap();
        assert_eq!(activity.likely_created_at(), time);
        assert_eq!(CommentUrn::new(&activity.into(), &id.to_string()).unwrap().likely_created_at(), time);
        for id in ["1", "-5", "abc", "99999999999999999999"] {
            assert_eq!(ActivityUrn::from_id(id).unwrap().likely_created_at(), None, "{id}");
        }
    }
}
