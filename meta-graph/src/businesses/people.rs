//! People and system users of a portfolio (Business System Users, Business Users).

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{BusinessId, ObjectId, UserId};
use crate::lenient;

open_enum! {
    /// What somebody may do in a portfolio. Meta has more; any other is made with `BusinessRole::from("ITS_NAME")`.
    pub enum BusinessRole {
        /// Everything.
        Admin = "ADMIN",
        /// What they were given.
        Employee = "EMPLOYEE",
        /// See what was spent.
        FinanceAnalyst = "FINANCE_ANALYST",
        /// Change how it is paid.
        FinanceEditor = "FINANCE_EDITOR",
        /// Work on apps.
        Developer = "DEVELOPER",
    }
}

list_endpoint! {
    /// Lists the system users of a portfolio: `GET /{business_id}/system_users` (Business System Users).
    ///
    /// Needs the token of an admin with `business_management`.
    pub struct ListSystemUsers -> SystemUser;
    "business.system_users.list": "/{business_id}/system_users", [scope::BUSINESS_MANAGEMENT], limit 100;
    new { business_id: BusinessId }
    fields "id,name,role,created_time";
    subject business_id;
}

/// A system user.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SystemUser {
    /// The system user.
    pub id: UserId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it may do.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub role: Option<BusinessRole>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
}

endpoint! {
    /// Makes a system user: `POST /{business_id}/system_users` (Business System Users).
    ///
    /// Needs the token of an admin with `business_management`. A portfolio has few: without verification often one.
    /// Nothing repeats it. Its tokens come from [`oauth`](crate::oauth).
    pub struct CreateSystemUser -> CreatedSystemUser;
    "business.system_users.create": POST "/{business_id}/system_users", Never, [scope::BUSINESS_MANAGEMENT];
    new { business_id: BusinessId, name: String, role: BusinessRole }
    subject business_id;
}

/// A system user that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedSystemUser {
    /// The system user.
    pub id: UserId,
}

list_endpoint! {
    /// Lists the people of a portfolio: `GET /{business_id}/business_users` (Business Users).
    ///
    /// Needs the token of an admin with `business_management`.
    pub struct ListBusinessUsers -> BusinessUser;
    "business.users.list": "/{business_id}/business_users", [scope::BUSINESS_MANAGEMENT], limit 100;
    new { business_id: BusinessId }
    fields "id,name,first_name,last_name,email,role,title,two_fac_status";
    subject business_id;
}

/// Somebody in a portfolio.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BusinessUser {
    /// The person, by an id for this portfolio only.
    pub id: ObjectId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The first name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_name: Option<String>,
    /// The mail address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub email: Option<String>,
    /// What they may do.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub role: Option<BusinessRole>,
    /// What they are.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// Whether they use two factors.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub two_fac_status: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn unknown_roles_survive() {
        let (page, _) = exchange(
            ListSystemUsers::new(70),
            r#"{"data":[{"id":9,"name":"Robot","role":"ROBOT_CHIEF"},{"name":"no id"}]}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!(page.items[0].role.as_ref().map(BusinessRole::as_str), Some("ROBOT_CHIEF"));
        assert_eq!(page.malformed.len(), 1);
        let (page, _) =
            exchange(ListBusinessUsers::new(70), r#"{"data":[{"id":"5","role":"ADMIN","email":7}]}"#).await;
        let person = page.unwrap().items.remove(0);
        assert_eq!((person.role, person.email), (Some(BusinessRole::Admin), None));
    }

    #[tokio::test]
    async fn an_answer_without_an_id_leaves_the_outcome_open() {
        let create = CreateSystemUser::new(70, "Robot", BusinessRole::Employee);
        let (created, request) = exchange(create, r#"{"ok":true}"#).await;
        assert!(created.unwrap_err().may_have_been_applied());
        assert_eq!(request.text(), "name=Robot&role=EMPLOYEE");
    }
}
