//! Whose Instagram token it is (Instagram API with Instagram Login: Get Started).

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{InvalidRequest, open_enum};
use sociogram_oauth_core::scope;

use crate::id::InstagramAccountId;
use crate::lenient;

/// Asks for the professional account a token of Instagram Login belongs to: `GET /me`.
///
/// For a client of [`GraphHost::Instagram`](crate::GraphHost::Instagram). Needs a token of Instagram Login with
/// `instagram_business_basic`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetInstagramUser;

impl GetInstagramUser {
    /// Asks for ids, names, kind and picture.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetInstagramUser {
    type Output = InstagramUser;

    const NAME: &'static str = "instagram.user.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::INSTAGRAM_BUSINESS_BASIC];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.query("fields", "user_id,username,name,account_type,profile_picture_url");
        Ok(())
    }

    /// Documented as a list of one, seen as the bare object.
    fn decode(&self, response: &RawResponse) -> Result<InstagramUser, DecodeError> {
        let mut answer: Value = response.json()?;
        let user = match answer.get_mut("data") {
            Some(Value::Array(users)) if users.len() == 1 => users.remove(0),
            Some(data @ Value::Object(_)) => data.take(),
            Some(_) => return Err(DecodeError::new("data", "neither an object nor a list of one")),
            None => answer,
        };
        InstagramUser::deserialize(user)
            .map_err(|_| DecodeError::new("user_id", "the professional account's id is missing or no id"))
    }
}

/// An Instagram professional account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InstagramUser {
    /// The professional account's id: the one of webhooks and of publishing.
    pub user_id: InstagramAccountId,
    /// The id for this app only, as the code exchange gives it. Of no use for calls.
    #[serde(rename = "id", default, deserialize_with = "lenient::or_none")]
    pub app_scoped_id: Option<InstagramAccountId>,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What sort of account it is.
    #[serde(default, deserialize_with = "account_type")]
    pub account_type: Option<InstagramAccountType>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
}

open_enum! {
    /// What sort of Instagram account it is.
    pub enum InstagramAccountType {
        /// Of a business.
        Business = "BUSINESS",
        /// Of a creator.
        MediaCreator = "MEDIA_CREATOR",
        /// Of a person; such accounts cannot be used.
        Personal = "PERSONAL",
    }
}

/// Meta's pages write `Business` in one place and `BUSINESS` in another.
pub(super) fn account_type<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<InstagramAccountType>, D::Error> {
    let text: Option<String> = lenient::or_none(from)?;
    Ok(text.map(|text| InstagramAccountType::from(text.to_ascii_uppercase().as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::instagram::testing::exchange;
    use crate::scripted::line;

    #[tokio::test]
    async fn the_professional_id_is_not_the_app_scoped_one() {
        let (user, request) = exchange(
            GetInstagramUser::new(),
            r#"{"user_id":"17841405822304914","id":"2461","username":"cafe","name":"Cafe",
                "account_type":"Business","profile_picture_url":"https://cdn.example/p.jpg"}"#,
        )
        .await;
        assert_eq!(
            line(&request),
            "GET /v26.0/me?fields=user_id%2Cusername%2Cname%2Caccount_type%2Cprofile_picture_url"
        );
        let user = user.unwrap();
        assert_eq!(user.user_id.as_str(), "17841405822304914");
        assert_eq!(user.app_scoped_id.as_ref().map(InstagramAccountId::as_str), Some("2461"));
        assert_eq!((user.username.as_deref(), user.name.as_deref()), (Some("cafe"), Some("Cafe")));
        assert_eq!(user.account_type, Some(InstagramAccountType::Business));
        assert_eq!(user.profile_picture_url.as_deref(), Some("https://cdn.example/p.jpg"));
    }

    #[tokio::test]
    async fn every_known_shape_of_the_answer_is_read() {
        for body in [
            r#"{"user_id":17841405822304914}"#,
            r#"{"data":[{"user_id":"17841405822304914","username":7,"account_type":{}}]}"#,
            r#"{"data":{"user_id":"17841405822304914"}}"#,
        ] {
            let user = exchange(GetInstagramUser::new(), body).await.0.unwrap();
            assert_eq!(user.user_id.as_str(), "17841405822304914", "{body}");
            assert_eq!((user.username, user.account_type), (None, None));
        }
        let creator = r#"{"user_id":"1","account_type":"Media_Creator"}"#;
        let creator = exchange(GetInstagramUser::new(), creator).await.0.unwrap();
        assert_eq!(creator.account_type, Some(InstagramAccountType::MediaCreator));
    }

    #[tokio::test]
    async fn the_app_scoped_id_never_stands_in_for_the_professional_one() {
        for body in
            [r#"{"id":"2461"}"#, r#"{"data":[]}"#, r#"{"data":[{"user_id":"1"},{"user_id":"2"}]}"#, "[]"]
        {
            let error = exchange(GetInstagramUser::new(), body).await.0.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        }
    }
}
