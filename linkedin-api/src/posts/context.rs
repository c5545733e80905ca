//! What is wrong with a post, as far as its surroundings tell.

use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::{ScopeSet, scope};

use super::{Content, CreatePost, Post};
use crate::assets::AssetStatus;
use crate::guard::RecentPosts;
use crate::guard::rules::{self, Rule};
use crate::organizations::OrganizationAcl;
use crate::quota::{DailyUsage, Used};
use crate::urn::{ActorUrn, PersonUrn, Urn};
use crate::version::ApiVersion;

/// Facts that only the caller knows, all of them optional. What is not said is not judged.
///
/// ```
/// use sociogram_linkedin_api::posts::{CreatePost, PostContext};
/// use sociogram_linkedin_api::OrganizationUrn;
/// use sociogram_oauth_core::ScopeSet;
///
/// let page: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
/// let context = PostContext::new().scopes(ScopeSet::parse("openid w_member_social"));
/// let findings = CreatePost::new(page, "Hello").check_with(&context);
/// assert_eq!(findings[0].rule(), "linkedin.author.scope");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "facts are judged by `CreatePost::check_with`"]
pub struct PostContext {
    now: Option<Timestamp>,
    version: Option<ApiVersion>,
    member: Option<PersonUrn>,
    scopes: Option<ScopeSet>,
    roles: Option<Vec<OrganizationAcl>>,
    assets: Vec<AssetFacts>,
    parent: Option<Box<Post>>,
    audience: Option<u64>,
    recent: Option<RecentPosts>,
    token_expires_at: Option<Timestamp>,
    refresh_token_expires_at: Option<Timestamp>,
    usage: Option<[(Rule, Used); 2]>,
    #[cfg(feature = "media")]
    most_video_bytes: Option<u64>,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $field:ident: $kind:ty;)+) => {$(
        $(#[$doc])*
        pub fn $field(mut self, $field: $kind) -> Self {
            self.$field = Some($field);
            self
        }
    )+};
}

impl PostContext {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    facts! {
        /// The time, for all facts that depend on it.
        now: Timestamp;
        /// The version of the API that will be sent; judged together with [`now`](Self::now).
        version: ApiVersion;
        /// The member whose token it is.
        member: PersonUrn;
        /// What the token may do.
        scopes: ScopeSet;
        /// The roles of the token's member, as `ListOrganizationAcls` gives them. A page that is not among them is one on
        /// which the member has no role.
        roles: Vec<OrganizationAcl>;
        /// How many members the facets reach.
        audience: u64;
        /// Which texts were posted lately.
        recent: RecentPosts;
        /// When the access token ends; judged together with [`now`](Self::now).
        token_expires_at: Timestamp;
        /// When the refresh token ends; judged together with [`now`](Self::now).
        refresh_token_expires_at: Timestamp;
    }

    /// What is known of an uploaded file of the post.
    pub fn asset(mut self, asset: AssetFacts) -> Self {
        self.assets.push(asset);
        self
    }

    /// The post that is shared, as it was read.
    pub fn parent(mut self, parent: Post) -> Self {
        self.parent = Some(Box::new(parent));
        self
    }

    /// How many calls were sent today, as [`Client::usage`](crate::Client::usage) counts them, and the name of the member
    /// there. Judged where a limit is set.
    pub fn usage(mut self, usage: &DailyUsage, member: &str) -> Self {
        let none = Used { calls: 0, limit: None };
        let of_member = usage.member(member).map_or(none, |member| member.used);
        self.usage = Some([(rules::BUDGET_MEMBER, of_member), (rules::BUDGET_APP, usage.app)]);
        self
    }

    /// The largest video in bytes, instead of 500 MB. LinkedIn's pages allow up to 5 GB in one place.
    #[cfg(feature = "media")]
    #[cfg_attr(docsrs, doc(cfg(feature = "media")))]
    pub fn most_video_bytes(mut self, bytes: u64) -> Self {
        self.most_video_bytes = Some(bytes);
        self
    }

    /// What these facts say about a post.
    pub(super) fn check(&self, post: &CreatePost) -> Vec<Finding> {
        let mut findings = self.check_author(post);
        if let Some(content) = &post.content {
            findings.extend(self.check_assets(post, content));
        }
        let closed = |parent: &Post| parent.is_reshare_disabled_by_author == Some(true);
        if post.reshare_context.is_some() && self.parent.as_deref().is_some_and(closed) {
            findings.push(rules::PARENT_RESHARE.finding("reshareContext.parent"));
        }
        if !post.distribution.target_entities.is_empty()
            && let Some(people) = self.audience.filter(|people| *people <= rules::MIN_AUDIENCE)
        {
            let finding = rules::AUDIENCE.finding("distribution.targetEntities");
            findings.push(finding.measured(format_args!("{people} people")));
        }
        findings.extend(self.recent.as_ref().and_then(|recent| recent.check(post)));
        findings.extend(self.check_calls());
        if let Some(now) = self.now {
            findings.extend(self.check_time(now));
        }
        findings
    }

    fn check_author(&self, post: &CreatePost) -> Vec<Finding> {
        let mut findings = Vec::new();
        let needed = match &post.author {
            ActorUrn::Person(person) => {
                if self.member.as_ref().is_some_and(|member| member != person) {
                    findings.push(rules::AUTHOR_MEMBER.finding("author"));
                }
                scope::W_MEMBER_SOCIAL
            }
            ActorUrn::Organization(page) => {
                let may = |role: &OrganizationAcl| {
                    role.can_post() && role.organization.as_ref() == Some(page.as_urn())
                };
                if self.roles.as_ref().is_some_and(|roles| !roles.iter().any(may)) {
                    findings.push(rules::AUTHOR_ROLE.finding("author"));
                }
                scope::W_ORGANIZATION_SOCIAL
            }
        };
        if self.scopes.as_ref().is_some_and(|scopes| !scopes.contains(needed)) {
            findings.push(rules::AUTHOR_SCOPE.finding("author").allowed(needed));
        }
        findings
    }

    fn check_assets(&self, post: &CreatePost, content: &Content) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (field, urn) in content.assets() {
            for asset in self.assets.iter().filter(|asset| asset.urn == *urn) {
                if asset.owner.as_ref().is_some_and(|owner| owner != post.author.as_urn()) {
                    findings.push(rules::ASSET_OWNER.finding(field.clone()));
                }
                let rule = match &asset.status {
                    Some(AssetStatus::Available) => None,
                    Some(AssetStatus::ProcessingFailed) => Some(rules::ASSET_FAILED),
                    Some(AssetStatus::WaitingUpload) => Some(rules::ASSET_NOT_UPLOADED),
                    Some(AssetStatus::Processing) => Some(rules::ASSET_PROCESSING),
                    Some(AssetStatus::Unknown(_)) => Some(rules::ASSET_STATUS_UNKNOWN),
                    None => asset.unreadable.then_some(rules::ASSET_STATUS_UNKNOWN),
                };
                findings.extend(rule.map(|rule| rule.finding(field.clone())));
                #[cfg(feature = "media")]
                findings.extend(self.check_file(asset));
            }
        }
        findings
    }

    #[cfg(feature = "media")]
    fn check_file(&self, asset: &AssetFacts) -> Vec<Finding> {
        use crate::guard::media;
        let Some(file) = &asset.file else { return Vec::new() };
        match asset.urn.entity_type() {
            "image" => media::image(file),
            "video" => media::video(file, self.most_video_bytes.unwrap_or(rules::VIDEO_MAX_BYTES)),
            "document" => media::document(file),
            _ => Vec::new(),
        }
    }

    fn check_calls(&self) -> impl Iterator<Item = Finding> {
        let over = self.usage.iter().flatten().filter(|(_, used)| used.left() == Some(0));
        over.map(|(rule, used)| rule.finding("").measured(format_args!("{} calls", used.calls)))
    }

    fn check_time(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(version) = self.version {
            let age = version.age_months(now);
            if age > rules::MAX_VERSION_MONTHS {
                let finding = rules::VERSION_DEAD.finding("version");
                findings.push(finding.measured(format_args!("{age} months old")));
            } else {
                findings.extend(version.check(now));
            }
        }
        for (rule, ends, least) in [
            (rules::TOKEN_ENDING, self.token_expires_at, rules::MIN_TOKEN_LIFE),
            (rules::REFRESH_ENDING, self.refresh_token_expires_at, rules::MIN_REFRESH_LIFE),
        ] {
            if let Some(left) = ends.map(|ends| ends.saturating_duration_since(now))
                && left <= least
            {
                findings
                    .push(rule.finding("token").measured(format_args!("{} seconds left", left.as_secs())));
            }
        }
        findings
    }
}

/// What is known of one uploaded file.
#[derive(Clone, Debug)]
#[must_use = "facts are judged by `CreatePost::check_with`"]
pub struct AssetFacts {
    urn: Urn,
    owner: Option<Urn>,
    status: Option<AssetStatus>,
    /// The status was asked for and could not be read.
    unreadable: bool,
    #[cfg(feature = "media")]
    file: Option<sociogram_api_core::media::MediaFacts>,
}

impl AssetFacts {
    /// Of this image, video or document.
    pub fn new(urn: impl Into<Urn>) -> Self {
        Self {
            urn: urn.into(),
            owner: None,
            status: None,
            unreadable: false,
            #[cfg(feature = "media")]
            file: None,
        }
    }

    /// For whom it was uploaded.
    pub fn owner(mut self, owner: impl Into<Urn>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// Where its processing stands.
    pub fn status(mut self, status: AssetStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Its status cannot be read, because the token may only write.
    pub fn unreadable(mut self) -> Self {
        self.unreadable = true;
        self
    }

    /// What the file is.
    #[cfg(feature = "media")]
    #[cfg_attr(docsrs, doc(cfg(feature = "media")))]
    pub fn file(mut self, facts: sociogram_api_core::media::MediaFacts) -> Self {
        self.file = Some(facts);
        self
    }
}

#[cfg(test)]
mod tests;
