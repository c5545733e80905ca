//! Which app has a conversation, and whether the Page may send (Messenger Platform: `messaging_handovers`,
//! `messaging_policy_enforcement`; Instagram Platform: `messaging_handover`).

use crate::{
    fields::{Fields, id, items},
    open_enum::open_enum,
};

/// A conversation goes from one app to another, or is asked for.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThreadControl {
    /// The app that has it now.
    pub new_owner_app_id: Option<String>,
    /// The app that had it.
    pub previous_owner_app_id: Option<String>,
    /// The app that asks for it.
    pub requested_owner_app_id: Option<String>,
    /// What the other app has to say.
    pub metadata: Option<String>,
}

/// The roles of apps for a Page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppRoles {
    /// The apps, in the order in which they were sent.
    pub apps: Vec<AppRole>,
}

/// The roles of one app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppRole {
    /// The app.
    pub app_id: String,
    /// Its roles: `primary_receiver`, `secondary_receiver`. Empty when it has none any more.
    pub roles: Vec<String>,
}

open_enum! {
    /// What the platform did to a Page.
    pub enum PolicyAction {
        /// It warns.
        Warning = "warning",
        /// The Page may not send any more.
        Block = "block",
        /// The Page may send again.
        Unblock = "unblock",
    }
}

/// A Page broke a policy, or is free again.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyEnforcement {
    /// What the platform did.
    pub action: Option<PolicyAction>,
    /// Why, in words. Absent with `unblock`.
    pub reason: Option<String>,
}

impl ThreadControl {
    pub(super) fn read(control: &Fields<'_>) -> Self {
        Self {
            new_owner_app_id: control.id("new_owner_app_id"),
            previous_owner_app_id: control.id("previous_owner_app_id"),
            requested_owner_app_id: control.id("requested_owner_app_id"),
            metadata: control.text("metadata"),
        }
    }
}

impl AppRoles {
    pub(super) fn read(roles: &Fields<'_>) -> Self {
        let app = |(app_id, roles): (&str, _)| AppRole {
            app_id: app_id.to_owned(),
            roles: items(roles).into_iter().filter_map(id).collect(),
        };
        Self { apps: roles.iter().map(app).collect() }
    }

    /// Each app with each of its roles, or with `None` where it has none, in an order that does not depend on theirs.
    pub(super) fn sorted(&self) -> Vec<(&str, Option<&str>)> {
        let mut all = Vec::new();
        for AppRole { app_id, roles } in &self.apps {
            all.extend(roles.iter().map(|role| (app_id.as_str(), Some(role.as_str()))));
            all.extend(roles.is_empty().then_some((app_id.as_str(), None)));
        }
        all.sort_unstable();
        all
    }
}

impl PolicyEnforcement {
    pub(super) fn read(policy: &Fields<'_>) -> Self {
        Self {
            action: policy.text("action").as_deref().map(PolicyAction::from),
            reason: policy.text("reason"),
        }
    }
}
