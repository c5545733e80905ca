//! What a person allowed the app (Graph API: User Permissions).

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{
    Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::{Scope, ScopeSet};

use crate::id::UserId;
use crate::{acknowledged, page_envelope};
use sociogram_api_core::open_enum;

/// Lists the permissions a person was asked for, with their state: `GET /{user}/permissions`.
///
/// Needs a user token and no permission.
#[derive(Clone, Debug)]
pub struct ListPermissions {
    user: Cow<'static, str>,
    after: Option<Cursor>,
}

impl ListPermissions {
    /// Of whoever the token belongs to.
    pub const fn new() -> Self {
        Self { user: Cow::Borrowed("me"), after: None }
    }

    /// Of this person.
    pub fn of(mut self, user: &UserId) -> Self {
        self.user = Cow::Owned(user.to_string());
        self
    }
}

impl Default for ListPermissions {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint for ListPermissions {
    type Output = Page<Permission>;

    const NAME: &'static str = "user.permissions.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{user_id}/permissions";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("user_id", &self.user);
        page_envelope::write(parts, self.after.as_ref());
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<Permission>, DecodeError> {
        page_envelope::read(response)
    }
}

impl ListEndpoint for ListPermissions {
    type Item = Permission;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.after = Some(cursor.clone());
        self
    }
}

/// Takes permissions back: `DELETE /{user}/permissions`.
///
/// **[`all`](Self::all) removes the app for this person everywhere.** A person and an app have one grant: all
/// tokens of the person for this app end, and the Page tokens made from them, **in every tenant the person
/// connected**. Use it when nobody else needs the grant, never to disconnect one tenant of several.
/// [`only`](Self::only) takes one permission back, in every tenant as well.
///
/// Needs a user token and no permission. Repeating it changes nothing; Meta answers a repeat of
/// [`all`](Self::all) with [`TokenInvalidReason::AppRemoved`](crate::TokenInvalidReason::AppRemoved), because
/// the token has ended.
#[derive(Clone, Debug)]
pub struct DeletePermissions {
    user: Cow<'static, str>,
    permission: Option<Scope>,
}

impl DeletePermissions {
    /// All of them: the app is removed for the person.
    pub const fn all() -> Self {
        Self { user: Cow::Borrowed("me"), permission: None }
    }

    /// This one.
    pub fn only(permission: impl Into<Scope>) -> Self {
        Self { permission: Some(permission.into()), ..Self::all() }
    }

    /// Of this person instead of whoever the token belongs to.
    pub fn of(mut self, user: &UserId) -> Self {
        self.user = Cow::Owned(user.to_string());
        self
    }
}

impl Endpoint for DeletePermissions {
    type Output = ();

    const NAME: &'static str = "user.permissions.delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/{user_id}/permissions";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("user_id", &self.user);
        if let Some(permission) = &self.permission {
            // An empty one would be read as all of them.
            if !permission.is_well_formed() {
                return Err(Finding::error(
                    "user.permission.name",
                    "permission",
                    "not the name of a permission",
                )
                .advice("name one such as ads_read")
                .into());
            }
            parts.query("permission", permission.as_str());
        }
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// A permission and its state.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Permission {
    /// The permission.
    #[serde(rename = "permission")]
    pub scope: Scope,
    /// Its state.
    pub status: PermissionStatus,
}

impl Permission {
    /// The granted ones of a list, for comparing with the required ones
    /// ([`ScopeSet::missing`]).
    pub fn granted<'a>(permissions: impl IntoIterator<Item = &'a Self>) -> ScopeSet {
        let granted =
            permissions.into_iter().filter(|permission| permission.status == PermissionStatus::Granted);
        granted.map(|permission| permission.scope.clone()).collect()
    }
}

open_enum! {
    /// The state of a permission.
    pub enum PermissionStatus {
        /// In force.
        Granted = "granted",
        /// Refused or taken back; ask again with `auth_type=rerequest`.
        Declined = "declined",
        /// Ended because the person did not use the app for long.
        Expired = "expired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{client, exchange, line};
    use sociogram_api_core::testing::ScriptedTransport;
    use sociogram_oauth_core::scope;

    #[tokio::test]
    async fn the_granted_ones_can_be_compared_with_the_required() {
        let (page, request) = exchange(
            ListPermissions::new(),
            r#"{"data":[{"permission":"email","status":"granted"},{"permission":"pages_show_list",
                "status":"declined"},{"permission":"ads_read","status":"paused"},{"status":"granted"}]}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!(line(&request), "GET /v26.0/me/permissions");
        assert_eq!(page.malformed.len(), 1);
        assert_eq!(page.items[2].status, PermissionStatus::Unknown("paused".into()));
        let granted = Permission::granted(&page.items);
        assert_eq!(
            granted.missing(&ScopeSet::parse("email pages_show_list")),
            ScopeSet::parse("pages_show_list")
        );
        let (_, request) = exchange(ListPermissions::default().of(&UserId::from(9)), r#"{"data":[]}"#).await;
        assert_eq!(line(&request), "GET /v26.0/9/permissions");
    }

    #[tokio::test]
    async fn permissions_are_taken_back_one_or_all() {
        let done = r#"{"success":true}"#;
        for (endpoint, expected) in [
            (DeletePermissions::all(), "DELETE /v26.0/me/permissions"),
            (
                DeletePermissions::only(scope::ADS_READ).of(&UserId::from(9)),
                "DELETE /v26.0/9/permissions?permission=ads_read",
            ),
        ] {
            let (result, request) = exchange(endpoint, done).await;
            result.unwrap();
            assert_eq!((line(&request).as_str(), request.text()), (expected, ""));
        }
    }

    #[tokio::test]
    async fn what_is_no_permission_never_becomes_all_of_them() {
        for name in ["", " ", "a,b"] {
            let transport = ScriptedTransport::new();
            let error = client(&transport).send(DeletePermissions::only(Scope::new(name))).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.findings()[0].rule()),
                (ErrorKind::Invalid, "user.permission.name")
            );
            assert!(transport.requests().is_empty());
        }
    }

    #[tokio::test]
    async fn an_answer_that_does_not_confirm_is_no_success() {
        for body in ["{}", "[]", r#"{"success":null}"#] {
            let error = exchange(DeletePermissions::all(), body).await.0.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        }
    }
}
