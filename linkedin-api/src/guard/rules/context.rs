//! What a post needs from its surroundings: token, roles, assets, time (LinkedIn: Posts API; Getting Access; Marketing
//! API Versioning; Refresh Tokens).

use std::time::Duration;

use super::rules;

/// The age of an API version, in months, past which it is certainly dead.
pub const MAX_VERSION_MONTHS: u32 = 12;
/// How many people a target entity must reach, at least; exactly this many are too few.
pub const MIN_AUDIENCE: u64 = 300;
/// Within this time LinkedIn refuses the same text by the same author.
pub const DUPLICATE_WINDOW: Duration = Duration::from_secs(600);
/// How long an access token should still live when a post is begun.
pub const MIN_TOKEN_LIFE: Duration = Duration::from_secs(600);
/// How long a refresh token should still live.
pub const MIN_REFRESH_LIFE: Duration = Duration::from_secs(14 * 86_400);

rules! { CONTEXT:
    VERSION_DEAD, Error, "linkedin.version.dead", "the API version has ended",
        "at most 12 months", "set a newer LinkedIn-Version";
    AUTHOR_MEMBER, Error, "linkedin.author.member", "the author is not the member this token belongs to",
        "the token's own member", "use the person URN of the member who logged in to this app";
    AUTHOR_SCOPE, Error, "linkedin.author.scope", "the token lacks the scope this author needs",
        "w_member_social for a person, w_organization_social for an organization", "log in again with the scope";
    AUTHOR_ROLE, Error, "linkedin.author.role", "the member has no role on this page that may post",
        "ADMINISTRATOR, CONTENT_ADMINISTRATOR or DIRECT_SPONSORED_CONTENT_POSTER, approved",
        "have an administrator of the page give the role";
    ASSET_OWNER, Error, "linkedin.asset.owner", "the asset does not belong to the author of the post",
        "assets that were uploaded for the author", "upload it again with the author as owner";
    ASSET_FAILED, Error, "linkedin.asset.failed", "LinkedIn could not process the asset",
        "AVAILABLE", "upload another file";
    ASSET_NOT_UPLOADED, Error, "linkedin.asset.not_uploaded", "the bytes of the asset have not arrived",
        "AVAILABLE", "finish the upload first";
    ASSET_PROCESSING, Error, "linkedin.asset.processing", "LinkedIn is still processing the asset",
        "AVAILABLE", "wait until its status is AVAILABLE";
    ASSET_STATUS_UNKNOWN, Warning, "linkedin.asset.status_unknown", "whether the asset is ready is not known",
        "AVAILABLE", "wait a few seconds after the upload, and repeat when LinkedIn says it waits for it";
    PARENT_RESHARE, Error, "linkedin.post.parent_reshare", "the author of the original does not allow reshares",
        "a post that may be shared", "link to it instead";
    AUDIENCE, Error, "linkedin.post.audience", "the audience is too small",
        "more than 300 people", "use fewer or wider facets";
    DUPLICATE, Warning, "linkedin.post.duplicate", "the author posted the same text minutes ago",
        "the same text once in 10 minutes", "change the text or wait";
    BUDGET_MEMBER, Warning, "linkedin.budget.member", "the member's calls of this day are used up",
        "the member's daily limit", "wait until 00:00 UTC";
    BUDGET_APP, Warning, "linkedin.budget.app", "the app's calls of this day are used up",
        "the app's daily limit", "wait until 00:00 UTC";
    TOKEN_ENDING, Warning, "linkedin.token.ending", "the access token ends soon",
        "at least 10 minutes left", "refresh it first";
    REFRESH_ENDING, Warning, "linkedin.token.refresh_ending", "the refresh token ends soon",
        "at least 14 days left", "ask the person to log in again";
}
