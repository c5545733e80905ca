//! The professional account (Instagram Platform: IG User).

use serde::Deserialize;
use sociogram_oauth_core::scope;

use super::user::{InstagramAccountType, account_type};
use crate::endpoint::endpoint;
use crate::id::{InstagramAccountId, ObjectId};
use crate::lenient;

endpoint! {
    /// Reads a professional account: `GET /{account_id}`, under both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`). The usual
    /// fields exist under both logins; [`Account::FACEBOOK_FIELDS`] and [`Account::INSTAGRAM_FIELDS`] are all that
    /// one login has (Instagram Platform: IG User).
    pub struct GetAccount -> Account;
    "instagram.account.get": GET "/{account_id}", Safe, [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT];
    new { account_id: InstagramAccountId }
    fields "id,username,name,biography,website,profile_picture_url,followers_count,follows_count,media_count";
    subject account_id;
}

/// A professional account as it looks to its owner. All but the id may be missing: it was not asked for, is empty,
/// or does not exist under the login.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Account {
    /// The id; under Instagram Login the one for this app only.
    pub id: ObjectId,
    /// The professional account's id: the one of webhooks and of publishing. Instagram Login only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user_id: Option<InstagramAccountId>,
    /// The id of the old Instagram API. Facebook Login only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ig_id: Option<ObjectId>,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The text in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub biography: Option<String>,
    /// The link in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub website: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
    /// How many follow it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub followers_count: Option<u64>,
    /// How many it follows.
    #[serde(default, deserialize_with = "lenient::count")]
    pub follows_count: Option<u64>,
    /// How many media it has published.
    #[serde(default, deserialize_with = "lenient::count")]
    pub media_count: Option<u64>,
    /// Whether it has a picture.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub has_profile_pic: Option<bool>,
    /// Whether it is published.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_published: Option<bool>,
    /// Whether it may tag products. Facebook Login only, with `instagram_shopping_tag_products`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub shopping_product_tag_eligibility: Option<bool>,
    /// What sort of account it is. Instagram Login only.
    #[serde(default, deserialize_with = "account_type")]
    pub account_type: Option<InstagramAccountType>,
}

impl Account {
    /// All fields that Facebook Login has but the eligibility for product tags, which needs more permissions.
    pub const FACEBOOK_FIELDS: &'static str = "id,ig_id,username,name,biography,website,profile_picture_url,\
                                               followers_count,follows_count,media_count,has_profile_pic,\
                                               is_published";
    /// All fields that Instagram Login has.
    pub const INSTAGRAM_FIELDS: &'static str = "id,user_id,username,name,account_type,biography,website,\
                                                profile_picture_url,followers_count,follows_count,media_count";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn every_field_but_the_id_may_be_missing_or_odd() {
        let (account, request) = exchange(
            GetAccount::new(17).fields(Account::INSTAGRAM_FIELDS),
            r#"{"id":2461,"user_id":17841405822304914,"username":7,"followers_count":"12","follows_count":-3,
                "has_profile_pic":"true","account_type":"Media_Creator"}"#,
        )
        .await;
        assert!(line(&request).starts_with("GET /v26.0/17?fields=id%2Cuser_id%2C"), "{}", line(&request));
        let account = account.unwrap();
        assert_eq!(account.id.as_str(), "2461");
        assert_eq!(account.user_id.as_ref().map(InstagramAccountId::as_str), Some("17841405822304914"));
        assert_eq!(
            (account.username, account.followers_count, account.follows_count),
            (None, Some(12), None)
        );
        assert_eq!((account.has_profile_pic, account.is_published), (Some(true), None));
        assert_eq!(account.account_type, Some(InstagramAccountType::MediaCreator));
    }
}
