//! Who may do what: the same content is reached with the permissions of two logins.

use super::super::super::{
    Call,
    answer::GraphError,
    caller::{Caller, granted},
};
use crate::token::Claims;

/// How the call came in.
#[derive(Debug, Clone)]
pub(super) enum Door {
    /// `graph.facebook.com`, with the token of a person, a system user or the linked Page.
    Facebook {
        claims: Claims,
        /// The Page whose token it is.
        page: Option<String>,
    },
    /// `graph.instagram.com`, with that site's token.
    Site(Claims),
}

impl Door {
    /// The holder of the token of a call to `graph.facebook.com`.
    ///
    /// # Errors
    ///
    /// When there is no good token, or only the app's.
    pub(super) fn facebook(call: &mut Call<'_>) -> Result<Self, GraphError> {
        match Caller::of(call)?.ok_or_else(GraphError::no_token)? {
            Caller::User(claims) => Ok(Self::Facebook { claims, page: None }),
            Caller::Page { page, claims } => Ok(Self::Facebook { claims, page: Some(page) }),
            Caller::App => Err(GraphError::permission("A user access token is required for this action.")),
        }
    }

    pub(super) fn is_facebook(&self) -> bool {
        matches!(self, Self::Facebook { .. })
    }

    pub(super) fn claims(&self) -> &Claims {
        match self {
            Self::Facebook { claims, .. } | Self::Site(claims) => claims,
        }
    }

    /// Whether the holder of the token has this account.
    pub(super) fn reaches(&self, call: &Call<'_>, account: &str) -> bool {
        let world = &call.shared.config.world;
        match self {
            Self::Facebook { page: Some(page), .. } => super::account_of_page(world, page) == Some(account),
            Self::Facebook { claims, page: None } => {
                let pages = world.pages.iter();
                let linked = pages.filter_map(|page| super::account_of_page(world, &page.id));
                world.has_pages(&claims.person) && linked.into_iter().any(|id| id == account)
            }
            Self::Site(claims) => {
                world.instagram.iter().any(|one| one.id == claims.person && one.user_id == account)
            }
        }
    }
}

/// What a call is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// What every call needs.
    Basic,
    Read,
    /// The quota and the sounds, which are about publishing too.
    Quota,
    Publish,
    Comments,
    Insights,
    /// Only over Facebook Login.
    Delete,
    /// Only over Facebook Login.
    Like,
    /// Only over Facebook Login.
    ProductTags,
}

/// A door through which the account can be reached.
#[derive(Debug)]
pub(super) struct Access {
    pub(super) door: Door,
    /// Id of the professional account.
    pub(super) account: String,
}

impl Access {
    /// # Errors
    ///
    /// When the account is out of reach for this token.
    pub(super) fn to_account(call: &Call<'_>, door: &Door, account: &str) -> Result<Self, GraphError> {
        Self::to_object(call, door, account, account)
    }

    /// Access to something of an account.
    ///
    /// # Errors
    ///
    /// When the account is out of reach for this token, or may not even be read.
    pub(super) fn to_object(
        call: &Call<'_>,
        door: &Door,
        account: &str,
        id: &str,
    ) -> Result<Self, GraphError> {
        if !door.reaches(call, account) {
            return Err(GraphError::unsupported(&call.request.method, id));
        }
        let access = Self { door: door.clone(), account: account.to_owned() };
        access.needs(call, Need::Basic)?;
        Ok(access)
    }

    pub(super) fn is_facebook(&self) -> bool {
        self.door.is_facebook()
    }

    /// # Errors
    ///
    /// When a permission is missing.
    pub(super) fn needs(&self, call: &Call<'_>, need: Need) -> Result<(), GraphError> {
        let claims = self.door.claims();
        let facebook = self.is_facebook();
        let missing = if facebook {
            over_facebook(need).iter().find(|permission| !granted(call, claims, permission))
        } else {
            over_the_site(need).iter().find(|permission| !claims.has_scope(permission))
        };
        if let Some(permission) = missing {
            return Err(no_permission(permission));
        }
        // A role on the Page that comes from a business counts with one of these only.
        let system_user = claims.person == call.shared.config.world.business.system_user;
        let of_business =
            ["ads_management", "ads_read"].iter().any(|permission| granted(call, claims, permission));
        if facebook && need == Need::Publish && system_user && !of_business {
            return Err(no_permission("ads_management or ads_read"));
        }
        Ok(())
    }
}

fn over_facebook(need: Need) -> &'static [&'static str] {
    match need {
        Need::Basic => &["instagram_basic"],
        Need::Read => &["instagram_basic", "pages_read_engagement"],
        Need::Quota => &["instagram_basic", "instagram_content_publish", "pages_read_engagement"],
        Need::Insights => &["instagram_basic", "instagram_manage_insights", "pages_read_engagement"],
        Need::Publish => {
            &["instagram_basic", "instagram_content_publish", "pages_read_engagement", "pages_show_list"]
        }
        Need::Comments => &["instagram_basic", "instagram_manage_comments", "pages_read_engagement"],
        Need::Delete => &["instagram_basic", "instagram_manage_contents"],
        Need::Like => &["instagram_basic", "instagram_manage_engagement"],
        Need::ProductTags => &["instagram_basic", "instagram_shopping_tag_products", "catalog_management"],
    }
}

fn over_the_site(need: Need) -> &'static [&'static str] {
    match need {
        Need::Basic | Need::Read | Need::Delete | Need::Like | Need::ProductTags => {
            &["instagram_business_basic"]
        }
        Need::Publish | Need::Quota => &["instagram_business_basic", "instagram_business_content_publish"],
        Need::Insights => &["instagram_business_basic", "instagram_business_manage_insights"],
        Need::Comments => &["instagram_business_basic", "instagram_business_manage_comments"],
    }
}

fn no_permission(permission: &str) -> GraphError {
    let message = format!("(#10) Application does not have permission for this action: {permission}");
    GraphError::new(403, 10, message)
}
