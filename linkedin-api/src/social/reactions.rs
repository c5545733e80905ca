//! Reactions (LinkedIn: Reactions and Social Metadata).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::read_comments::acting;
use crate::audit::AuditStamp;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::lenient;
use crate::restli::{Query, RestliValue, restli_words};
use crate::urn::{ActorUrn, SocialTarget, Urn};

open_enum! {
    /// How somebody reacts.
    pub enum ReactionType {
        /// "Like".
        Like = "LIKE",
        /// "Celebrate".
        Praise = "PRAISE",
        /// "Love".
        Empathy = "EMPATHY",
        /// "Insightful".
        Interest = "INTEREST",
        /// "Support".
        Appreciation = "APPRECIATION",
        /// "Funny".
        Entertainment = "ENTERTAINMENT",
        /// "Curious". Removed with version 202307; it is read and no longer sent.
        Maybe = "MAYBE",
    }
}

open_enum! {
    /// The order of a list of reactions.
    pub enum ReactionSort {
        /// The oldest first.
        Chronological = "CHRONOLOGICAL",
        /// The latest first.
        ReverseChronological = "REVERSE_CHRONOLOGICAL",
        /// As LinkedIn thinks they matter.
        Relevance = "RELEVANCE",
    }
}

restli_words!(ReactionType);

/// A record with one member, as LinkedIn wants it.
impl From<&ReactionSort> for RestliValue {
    fn from(sort: &ReactionSort) -> Self {
        Self::record([("value", sort.as_str())])
    }
}

endpoint! {
    /// Reacts to a post, an activity or a comment: `POST /rest/reactions?actor=…` (LinkedIn: Reactions and Social
    /// Metadata). Another reaction of the same actor is replaced.
    ///
    /// Needs `w_member_social_feed` for a member as actor; for an organization `w_organization_social_feed` and the role of
    /// administrator, direct sponsored content poster or recruiting poster. Never repeated once it may have reached
    /// LinkedIn.
    ///
    /// ```
    /// use sociogram_linkedin_api::{ActivityUrn, PersonUrn};
    /// use sociogram_linkedin_api::social::{CreateReaction, ReactionType};
    ///
    /// let me = PersonUrn::from_id("a1").unwrap();
    /// let post = ActivityUrn::from_id("1").unwrap();
    /// assert!(CreateReaction::new(me.clone(), post.clone(), ReactionType::Praise).check().is_empty());
    /// assert_eq!(CreateReaction::new(me, post, "MAYBE").check()[0].rule(), "linkedin.reaction.maybe");
    /// ```
    pub struct CreateReaction -> Reaction;
    "linkedin.reactions.create": Create "/rest/reactions", Never,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { actor: ActorUrn, root: SocialTarget, reaction: ReactionType }
    subject root;
    checked by check;
    body by body;
    query by query;
    read by Self::read;
}

impl CreateReaction {
    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let rule = match &self.reaction {
            ReactionType::Maybe => rules::REACTION_MAYBE,
            ReactionType::Unknown(_) => rules::REACTION_UNKNOWN,
            _ => return Vec::new(),
        };
        vec![rule.finding("reactionType")]
    }

    fn body(&self) -> impl Serialize {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'b> {
            root: &'b SocialTarget,
            reaction_type: &'b ReactionType,
        }
        Body { root: &self.root, reaction_type: &self.reaction }
    }

    fn query(&self, query: Query) -> Query {
        acting(query, &self.actor)
    }

    /// The answer may be empty; what was asked for is known.
    #[allow(clippy::unnecessary_wraps, reason = "the macro calls it like any other reader")]
    fn read(&self, response: &RawResponse) -> Result<Reaction, DecodeError> {
        let mut reaction: Reaction = response.json().unwrap_or_default();
        reaction.actor.get_or_insert_with(|| self.actor.clone().into());
        reaction.root.get_or_insert_with(|| self.root.clone());
        reaction.reaction_type.get_or_insert_with(|| self.reaction.clone());
        Ok(reaction)
    }
}

list_endpoint! {
    /// Lists the reactions to a post, an activity or a comment: `GET /rest/reactions/(entity:…)?q=entity` (LinkedIn:
    /// Reactions and Social Metadata).
    ///
    /// Scopes and roles as for [`ListComments`](super::ListComments).
    pub struct ListReactions -> Reaction;
    "linkedin.reactions.list": Finder "/rest/reactions/(entity:{entity})",
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED], offset 10 to 100;
    fixed { q: "entity" }
    new { entity: SocialTarget }
    with {
        /// Another order than LinkedIn's.
        sort: ReactionSort,
    }
    projection;
    subject entity;
}

endpoint! {
    /// Reads the reaction of one actor: `GET /rest/reactions/(actor:…,entity:…)` (LinkedIn: Reactions and Social Metadata).
    /// Scopes and roles as for [`ListComments`](super::ListComments).
    pub struct GetReaction -> Reaction;
    "linkedin.reactions.get": Get "/rest/reactions/(actor:{actor},entity:{entity})", Safe,
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
    new { actor: ActorUrn, entity: SocialTarget }
    projection;
    subject entity;
}

endpoint! {
    /// Takes a reaction back: `DELETE /rest/reactions/(actor:…,entity:…)` (LinkedIn: Reactions and Social Metadata).
    /// Deleting it again has no further effect. Scopes and roles as for [`CreateReaction`].
    pub struct DeleteReaction -> ();
    "linkedin.reactions.delete": Delete "/rest/reactions/(actor:{actor},entity:{entity})", Safe,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { actor: ActorUrn, entity: SocialTarget }
    subject entity;
    read by created::nothing;
}

/// A reaction as it was read.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Reaction {
    /// Its id, where LinkedIn gives it.
    pub id: Option<Urn>,
    /// Who reacts.
    pub actor: Option<Urn>,
    /// To what; usually an activity, whatever the request named.
    pub root: Option<SocialTarget>,
    /// How.
    pub reaction_type: Option<ReactionType>,
    /// When.
    pub created: Option<AuditStamp>,
    /// When it was last changed.
    pub last_modified: Option<AuditStamp>,
}

impl Reaction {
    /// Who reacts: a member or an organization. It decides [how long](crate::retention::social_activity) the reaction
    /// may be kept.
    pub fn author(&self) -> Option<ActorUrn> {
        self.actor.clone()?.try_into().ok()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default, deserialize_with = "lenient::or_none")]
    id: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    actor: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    root: Option<SocialTarget>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    reaction_type: Option<ReactionType>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    created: Option<AuditStamp>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    last_modified: Option<AuditStamp>,
}

impl From<Wire> for Reaction {
    /// Some answers name the actor in the stamp only.
    fn from(wire: Wire) -> Self {
        let stamped = || wire.created.as_ref()?.actor.clone();
        Self {
            actor: wire.actor.clone().or_else(stamped),
            id: wire.id,
            root: wire.root,
            reaction_type: wire.reaction_type,
            created: wire.created,
            last_modified: wire.last_modified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_is_read_with_whatever_it_holds() {
        let read = |json: &str| serde_json::from_str::<Reaction>(json).unwrap();
        let reaction = read(
            r#"{"id":"urn:li:reaction:(urn:li:person:a,urn:li:activity:1)","root":"urn:li:activity:1","reactionType":"MAYBE",
                "created":{"actor":"urn:li:person:a","time":1}}"#,
        );
        assert_eq!(reaction.reaction_type, Some(ReactionType::Maybe));
        assert!(matches!(reaction.author(), Some(ActorUrn::Person(_))));
        assert_eq!(
            read(r#"{"id":7,"root":"urn:li:person:a","reactionType":{},"created":"x"}"#),
            Reaction::default()
        );
    }

    #[test]
    fn only_known_reactions_pass_in_silence() {
        let actor = ActorUrn::parse("urn:li:person:a").unwrap();
        let root = SocialTarget::parse("urn:li:activity:1").unwrap();
        for (reaction, rule) in [
            ("LIKE", None),
            ("ENTERTAINMENT", None),
            ("MAYBE", Some("linkedin.reaction.maybe")),
            ("ANGER", Some("linkedin.reaction.unknown")),
        ] {
            let check = CreateReaction::new(actor.clone(), root.clone(), reaction).check();
            assert_eq!(check.first().map(Finding::rule), rule, "{reaction}");
            assert_eq!(crate::guard::blocks(&check), reaction == "MAYBE");
        }
    }
}
