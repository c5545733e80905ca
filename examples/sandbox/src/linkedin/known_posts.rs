//! Posts that others can point to: what was made here, and two that somebody else made before.

use crate::state::State;

/// A member nobody here can log in as.
pub(crate) const VISITOR: &str = "urn:li:person:sbx-Visitor_1";
/// A post of the visitor.
const OPEN: &str = "7200000000000000001";
/// A post of the visitor, who does not want it reshared.
const NOT_TO_RESHARE: &str = "7200000000000000002";
/// An event that a post can refer to.
pub(crate) const EVENT: &str = "urn:li:event:7190000000000000001";

/// What others need to know of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) urn: String,
    /// The number that the post has in common with its activity.
    pub(crate) number: String,
    pub(crate) author: String,
    pub(crate) may_be_reshared: bool,
    /// The first post of a chain of reshares, when it is a reshare.
    pub(crate) root: Option<String>,
}

impl Known {
    pub(crate) fn activity(&self) -> String {
        format!("urn:li:activity:{}", self.number)
    }
}

/// The post behind the URN of a share, a ugcPost or an activity.
pub(crate) fn find(state: &State, urn: &str) -> Option<Known> {
    let (kind, number) = urn.strip_prefix("urn:li:")?.split_once(':')?;
    let fits = |known: &str| match kind {
        "activity" => known.rsplit(':').next() == Some(number),
        "share" | "ugcPost" => known == urn,
        _ => false,
    };
    let known = |urn: &str, author: &str, may_be_reshared, root| Known {
        urn: urn.to_owned(),
        number: number.to_owned(),
        author: author.to_owned(),
        may_be_reshared,
        root,
    };
    let made = state.linkedin_posts.iter().find(|post| !post.deleted && fits(&post.urn));
    if let Some(post) = made {
        let open =
            post.body.get("isReshareDisabledByAuthor").and_then(serde_json::Value::as_bool) != Some(true);
        let root = post.body.pointer("/reshareContext/root").and_then(|root| root.as_str());
        return Some(known(&post.urn, &post.author, open, root.map(str::to_owned)));
    }
    let seeded = [(OPEN, true), (NOT_TO_RESHARE, false)];
    seeded.into_iter().find_map(|(id, may_be_reshared)| {
        let urn = format!("urn:li:share:{id}");
        fits(&urn).then(|| known(&urn, VISITOR, may_be_reshared, None))
    })
}
