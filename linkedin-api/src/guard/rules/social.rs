//! What comments, reactions, organizations, notifications and subscriptions say of themselves (LinkedIn: Comments API,
//! Reactions and Social Metadata, Organization Social Action Notifications).

use super::rules;

/// The longest comment that is known to work, in UTF-16 units. LinkedIn documents none.
pub const MAX_COMMENT: usize = 1250;

rules! { SOCIAL:
    COMMENT_EMPTY, Error, "linkedin.comment.empty", "a comment without an image needs text",
        "text or an image", "write a text";
    COMMENT_LENGTH, Warning, "linkedin.comment.length", "LinkedIn may refuse a comment of this length",
        "at most 1250 UTF-16 units", "shorten the text, or raise the limit if LinkedIn takes more";
    COMMENT_MARKUP, Warning, "linkedin.comment.markup", "the text looks like the markup of a post",
        "plain text", "pass the text as it shall be displayed and mentions as parts of it";
    COMMENT_MENTION, Error, "linkedin.comment.mention", "a mention has no name",
        "the name as LinkedIn shows it", "give the name of the member or the organization";
    COMMENT_IMAGE, Warning, "linkedin.comment.image", "LinkedIn refuses images in comments of some apps",
        "text only", "send the text alone if it is refused";
    COMMENT_SELF_SERVE, Warning, "linkedin.comment.self_serve",
        "the scope w_member_social lets nobody comment for an organization",
        "a person as actor", "use the versioned API and w_organization_social_feed";
    COMMENTS_CLOSING, Warning, "linkedin.comments.closing", "closing deletes the comments that are there",
        "closing a post whose comments nobody needs", "read the comments first if they matter";
    REACTION_MAYBE, Error, "linkedin.reaction.maybe", "LinkedIn removed this reaction",
        "LIKE, PRAISE, EMPATHY, INTEREST, APPRECIATION or ENTERTAINMENT", "choose another one";
    REACTION_UNKNOWN, Warning, "linkedin.reaction.unknown", "the reaction is none of the documented ones",
        "LIKE, PRAISE, EMPATHY, INTEREST, APPRECIATION or ENTERTAINMENT", "choose one of them";
    KEYS_EMPTY, Error, "linkedin.batch.empty", "nothing is asked for",
        "at least one", "name what shall be read";
    FOLLOWER_KEYWORDS, Error, "linkedin.follower.keywords", "there is nothing to look for",
        "the first letters of a first or last name", "ask once somebody has typed something";
    ORGANIZATION_KIND, Error, "linkedin.organization.kind", "the URN names no page",
        "urn:li:organization or urn:li:organizationBrand", "use the URN of the page";
    NOTIFICATION_RETENTION, Warning, "linkedin.notification.retention", "the time range begins too long ago",
        "60 days", "ask more often: LinkedIn keeps notifications for 60 days";
    SUBSCRIPTION_WEBHOOK, Error, "linkedin.subscription.webhook", "the webhook is no https address",
        "an absolute https address, or http on loopback for a sandbox", "give the whole address";
    SUBSCRIPTION_TUNNEL, Warning, "linkedin.subscription.tunnel", "LinkedIn refuses webhooks at this tunnel",
        "a host of your own", "use a host that is not ngrok's";
}
