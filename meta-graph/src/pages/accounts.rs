//! The Pages that a person, system user or business can act for (Graph API: User Accounts, Page).

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{
    CoreError, Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{InvalidRequest, Timestamp, open_enum};
use sociogram_oauth_core::{AccessToken, scope};

use crate::id::{BusinessId, InstagramAccountId, PageId, UserId};
use crate::page_envelope::Position;
use crate::{lenient, page_envelope};

/// Lists Pages with their tokens: `GET /{user_id}/accounts`.
///
/// Needs a user or system-user token with `pages_show_list`. Pages that a business portfolio owns are
/// missing without `business_management`; [`list_all_pages`](crate::pages::list_all_pages) finds them all. Consent
/// may be limited to some Pages ([`TokenInfo::allows`](crate::debug_token::TokenInfo::allows)).
///
/// A Page token made from a long-lived user token has no end date; one from a short-lived token ends with
/// it.
#[derive(Clone, Debug)]
pub struct ListAccounts {
    user: Cow<'static, str>,
    fields: Cow<'static, str>,
    is_promotable: Option<bool>,
    page: Position,
}

impl ListAccounts {
    /// The fields asked for unless others are named.
    pub const DEFAULT_FIELDS: &'static str = "id,name,username,category,tasks,access_token";

    /// The Pages of whoever the token belongs to.
    pub fn new() -> Self {
        Self {
            user: Cow::Borrowed("me"),
            fields: Cow::Borrowed(Self::DEFAULT_FIELDS),
            is_promotable: None,
            page: Position::default(),
        }
    }

    /// The Pages of this user or system user.
    pub fn of(mut self, user: &UserId) -> Self {
        self.user = Cow::Owned(user.to_string());
        self
    }

    /// Other fields, comma-separated; edges may be expanded (`instagram_business_account{id,username}`).
    /// `id` must be among them.
    pub fn fields(mut self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.fields = fields.into();
        self
    }

    /// Only Pages that ads can be made for, or only the others.
    pub const fn is_promotable(mut self, is_promotable: bool) -> Self {
        self.is_promotable = Some(is_promotable);
        self
    }

    /// Pages in one answer; Meta gives 25 unless told, and 100 at most.
    pub const fn limit(mut self, limit: u32) -> Self {
        self.page.limit = Some(limit);
        self
    }
}

impl Default for ListAccounts {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint for ListAccounts {
    type Output = Page<Account>;

    const NAME: &'static str = "user.accounts.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{user_id}/accounts";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_SHOW_LIST];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("user_id", &self.user);
        if let Some(is_promotable) = self.is_promotable {
            parts.query("is_promotable", is_promotable.to_string());
        }
        parts.query("fields", &self.fields);
        self.page.write(parts, 100)
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<Account>, DecodeError> {
        page_envelope::read(response)
    }
}

impl ListEndpoint for ListAccounts {
    type Item = Account;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.page.after = Some(cursor.clone());
        self
    }

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        Some(Self { page: self.page.smaller(error)?, ..self.clone() })
    }
}

/// Declares a list of Pages. Its answers may hold tokens, so no error keeps any of them.
macro_rules! page_list {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $owner:ident: $oty:ty }
        $operation:literal: $path:literal, [$($scope:expr),+], fields $fields:expr;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $owner: $oty,
            fields: ::std::borrow::Cow<'static, str>,
            page: $crate::page_envelope::Position,
        }

        impl $name {
            /// The first page of all there is.
            pub fn new($owner: impl Into<$oty>) -> Self {
                Self {
                    $owner: $owner.into(),
                    fields: ::std::borrow::Cow::Borrowed($fields),
                    page: $crate::page_envelope::Position::default(),
                }
            }

            /// Other fields than usual, in Meta's syntax; `id` must be among them.
            pub fn fields(mut self, fields: impl Into<::std::borrow::Cow<'static, str>>) -> Self {
                self.fields = fields.into();
                self
            }

            /// How many items one page holds, at most 100; Meta gives 25 unless told.
            pub const fn limit(mut self, limit: u32) -> Self {
                self.page.limit = Some(limit);
                self
            }
        }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = ::sociogram_api_core::http::Page<$crate::pages::Account>;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::GET;
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::Safe;
            const SCOPES: &'static [&'static str] = &[$($scope),+];
            const SENSITIVE: bool = true;

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                parts.path(stringify!($owner), &self.$owner).query("fields", &self.fields);
                self.page.write(parts, 100)
            }

            fn subject(&self) -> Option<&str> {
                Some(self.$owner.as_ref())
            }

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<Self::Output, ::sociogram_api_core::http::DecodeError> {
                $crate::page_envelope::read(response)
            }
        }

        impl ::sociogram_api_core::http::ListEndpoint for $name {
            type Item = $crate::pages::Account;

            fn after(mut self, cursor: &::sociogram_api_core::http::Cursor) -> Self {
                self.page.after = Some(cursor.clone());
                self
            }

            fn smaller(&self, error: &::sociogram_api_core::http::CoreError) -> Option<Self> {
                Some(Self { page: self.page.smaller(error)?, ..self.clone() })
            }
        }
    };
}
pub(crate) use page_list;

page_list! {
    /// Lists the Pages a system user was given: `GET /{user_id}/assigned_pages` (Graph API: System User).
    ///
    /// Needs the system user's token with `pages_show_list`.
    pub struct ListAssignedPages { user_id: UserId }
    "user.assigned_pages.list": "/{user_id}/assigned_pages", [scope::PAGES_SHOW_LIST], fields ListAccounts::DEFAULT_FIELDS;
}

/// A Page as seen by whoever can act for it. Fields that were not asked for, or that this token may
/// not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// The Page.
    pub id: PageId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its user name, as in the address of the Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Its category, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
    /// All its categories.
    #[serde(default, deserialize_with = "lenient::list")]
    pub category_list: Vec<PageCategory>,
    /// What the person may do on it. Only lists of Pages have it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub tasks: Vec<PageTask>,
    /// The Page's token; missing where the person's tasks are too weak or the Page is a client's.
    #[serde(default, deserialize_with = "lenient::access_token")]
    pub access_token: Option<AccessToken>,
    /// The linked Instagram account; ask for `instagram_business_account{id,username}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub instagram_business_account: Option<LinkedInstagramAccount>,
    /// The Instagram account connected in the Page's settings; ask for `connected_instagram_account{id,username}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub connected_instagram_account: Option<LinkedInstagramAccount>,
    /// The portfolio the Page belongs to; ask for `business{id,name}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business: Option<OwningBusiness>,
    /// The portfolio that owns the Page; ask for `owner_business{id,name}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub owner_business: Option<OwningBusiness>,
    /// Its picture; ask for `picture`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub picture: Option<PagePicture>,
    /// The address of the Page; ask for `link`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// The short text about it; ask for `about`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub about: Option<String>,
    /// How many people like it; ask for `fan_count`.
    #[serde(default, deserialize_with = "lenient::count")]
    pub fan_count: Option<u64>,
    /// How many follow it; ask for `followers_count`.
    #[serde(default, deserialize_with = "lenient::count")]
    pub followers_count: Option<u64>,
    /// Whether it is a Page of the new experience; ask for `has_transitioned_to_new_page_experience`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub has_transitioned_to_new_page_experience: Option<bool>,
    /// Whether the Page is public; ask for `is_published`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_published: Option<bool>,
    /// Whether Meta verified it; ask for `verification_status`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub verification_status: Option<PageVerification>,
    /// Whether the lead ad terms are accepted; ask for `leadgen_tos_accepted`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub leadgen_tos_accepted: Option<bool>,
    /// Whether the app gets its webhooks; ask for `is_webhooks_subscribed`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_webhooks_subscribed: Option<bool>,
    /// Its WhatsApp number; ask for `whatsapp_number`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub whatsapp_number: Option<String>,
    /// When the person loses the Page, if that is set; ask for `user_access_expire_time`.
    #[serde(default, deserialize_with = "lenient::time")]
    pub user_access_expire_time: Option<Timestamp>,
}

/// A category of Pages.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PageCategory {
    /// Its number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its name, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

/// A Page's picture.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "PictureEdge")]
pub struct PagePicture {
    /// Where it is; the address ends after some time.
    pub url: Option<String>,
    /// Whether it is only the grey one of Pages without a picture.
    pub is_silhouette: Option<bool>,
    /// Its width in pixels.
    pub width: Option<u64>,
    /// Its height in pixels.
    pub height: Option<u64>,
}

#[derive(Deserialize)]
struct PictureEdge {
    data: PictureData,
}

#[derive(Deserialize)]
struct PictureData {
    #[serde(default, deserialize_with = "lenient::or_none")]
    url: Option<String>,
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    is_silhouette: Option<bool>,
    #[serde(default, deserialize_with = "lenient::count")]
    width: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    height: Option<u64>,
}

impl From<PictureEdge> for PagePicture {
    fn from(edge: PictureEdge) -> Self {
        let PictureData { url, is_silhouette, width, height } = edge.data;
        Self { url, is_silhouette, width, height }
    }
}

/// The Instagram account of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LinkedInstagramAccount {
    /// The account.
    pub id: InstagramAccountId,
    /// Its user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
}

/// The business portfolio of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwningBusiness {
    /// The portfolio.
    pub id: BusinessId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

open_enum! {
    /// What a person may do on a Page. Pages of the new experience name tasks `PROFILE_PLUS_…`.
    pub enum PageTask {
        /// See insights.
        Analyze = "ANALYZE",
        /// Make ads.
        Advertise = "ADVERTISE",
        /// Answer and delete comments.
        Moderate = "MODERATE",
        /// Publish as the Page.
        CreateContent = "CREATE_CONTENT",
        /// Manage the Page and its roles.
        Manage = "MANAGE",
        /// Send messages as the Page.
        Messaging = "MESSAGING",
        /// See insights (new experience).
        ProfilePlusAnalyze = "PROFILE_PLUS_ANALYZE",
        /// Make ads (new experience).
        ProfilePlusAdvertise = "PROFILE_PLUS_ADVERTISE",
        /// Answer and delete comments (new experience).
        ProfilePlusModerate = "PROFILE_PLUS_MODERATE",
        /// Publish as the Page (new experience).
        ProfilePlusCreateContent = "PROFILE_PLUS_CREATE_CONTENT",
        /// Manage the Page (new experience).
        ProfilePlusManage = "PROFILE_PLUS_MANAGE",
        /// See and fetch leads.
        ManageLeads = "MANAGE_LEADS",
        /// See and fetch leads (new experience).
        ProfilePlusManageLeads = "PROFILE_PLUS_MANAGE_LEADS",
        /// Send messages as the Page (new experience).
        ProfilePlusMessaging = "PROFILE_PLUS_MESSAGING",
        /// Use the Page on Facebook itself (new experience).
        ProfilePlusFacebookAccess = "PROFILE_PLUS_FACEBOOK_ACCESS",
        /// Answer in the community of a Page (new experience).
        ProfilePlusModerateDelegateCommunity = "PROFILE_PLUS_MODERATE_DELEGATE_COMMUNITY",
        /// See what the Page earns (new experience).
        ProfilePlusRevenue = "PROFILE_PLUS_REVENUE",
        /// Manage the Pages of a brand in several countries.
        GlobalStructureManagement = "GLOBAL_STRUCTURE_MANAGEMENT",
        /// Everything (new experience).
        ProfilePlusFullControl = "PROFILE_PLUS_FULL_CONTROL",
    }
}

open_enum! {
    /// Whether Meta verified a Page.
    pub enum PageVerification {
        /// A well-known Page or brand.
        Blue = "blue_verified",
        /// A business.
        Gray = "gray_verified",
        /// Not.
        NotVerified = "not_verified",
    }
}

#[cfg(test)]
mod tests;
