//! Reading, listing and deleting posts.

use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::{DscAdType, Post};
use crate::batch::BatchResults;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::restli::restli_words;
use crate::urn::{ActorUrn, AdAccountUrn, PostUrn};

open_enum! {
    /// Through whose eyes a post is read.
    pub enum ViewContext {
        /// As its readers see it; the last published state.
        Reader = "READER",
        /// As its author sees it; unpublished changes included.
        Author = "AUTHOR",
    }
}

open_enum! {
    /// The order of a list, the latest first.
    pub enum PostSort {
        /// By the last change.
        LastModified = "LAST_MODIFIED",
        /// By the creation.
        Created = "CREATED",
    }
}

restli_words!(ViewContext, PostSort);

endpoint! {
    /// Reads a post: `GET /rest/posts/{urn}` (LinkedIn: Posts API).
    ///
    /// Posts of organizations need `r_organization_social`; posts of members need `r_member_social`, which is
    /// closed to new apps, so a self-serve app cannot read back what it wrote.
    pub struct GetPost -> Post;
    "linkedin.posts.get": Get "/rest/posts/{urn}", Safe, [scope::R_ORGANIZATION_SOCIAL, scope::R_MEMBER_SOCIAL];
    new { urn: PostUrn }
    with {
        /// Through other eyes than its readers'.
        view as "viewContext": ViewContext,
    }
    projection;
    subject urn;
}

endpoint! {
    /// Reads several posts: `GET /rest/posts?ids=List(…)` (LinkedIn: Posts API, "Batch get").
    ///
    /// A post that does not exist or may not be read is a failure under its own URN and costs the others nothing. Scopes
    /// as for [`GetPost`].
    pub struct BatchGetPosts -> BatchResults<Post>;
    "linkedin.posts.batch_get": BatchGet "/rest/posts", Safe, [scope::R_ORGANIZATION_SOCIAL, scope::R_MEMBER_SOCIAL];
    new { ids: Vec<PostUrn> }
    with {
        /// Through other eyes than its readers'.
        view as "viewContext": ViewContext,
    }
    projection;
    checked by check;
    read by Self::read;
}

impl BatchGetPosts {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<Post>, DecodeError> {
        BatchResults::read(response, self.ids.iter().map(PostUrn::as_str))
    }
}

list_endpoint! {
    /// Lists the posts of an author: `GET /rest/posts?q=author` (LinkedIn: Posts API, "Find posts by authors").
    ///
    /// Scopes as for [`GetPost`], and for an organization the role of administrator, content administrator or direct
    /// sponsored content poster.
    pub struct ListPostsByAuthor -> Post;
    "linkedin.posts.list_by_author": Finder "/rest/posts", [scope::R_ORGANIZATION_SOCIAL, scope::R_MEMBER_SOCIAL],
        offset 50 to 100;
    fixed { q: "author" }
    new { author: ActorUrn }
    with {
        /// Another order than by the last change.
        sort as "sortBy": PostSort,
        /// Only sponsored-only content, or none of it.
        is_dsc as "isDsc": bool,
        /// Through other eyes than their readers'.
        view as "viewContext": ViewContext,
    }
    projection;
    subject author;
}

list_endpoint! {
    /// Lists the sponsored-only posts of an ad account: `GET /rest/posts?q=dscAdAccount` (LinkedIn: Posts API, "Find
    /// DSC posts by ad account").
    ///
    /// Needs `r_organization_social`, `r_ads` and a role on the ad account.
    pub struct ListDscPosts -> Post;
    "linkedin.posts.list_dsc": Finder "/rest/posts", [scope::R_ORGANIZATION_SOCIAL, scope::R_ADS], offset 50 to 100;
    fixed { q: "dscAdAccount" }
    new { account as "dscAdAccount": AdAccountUrn }
    with {
        /// Only these kinds.
        ad_types as "dscAdTypes": Vec<DscAdType>,
    }
    projection;
    subject account;
}

endpoint! {
    /// Deletes a post: `DELETE /rest/posts/{urn}` (LinkedIn: Posts API). Deleting it again has no further effect.
    ///
    /// Needs the scope its author posted with. LinkedIn may go on refusing the same text as a duplicate of the deleted
    /// post for a day or two.
    pub struct DeletePost -> ();
    "linkedin.posts.delete": Delete "/rest/posts/{urn}", Safe, [scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];
    new { urn: PostUrn }
    subject urn;
    read by created::nothing;
}
