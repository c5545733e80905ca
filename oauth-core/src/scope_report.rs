//! What was asked for, compared with what was granted.

use serde::{Deserialize, Serialize};

use crate::ScopeSet;

/// What a login asks for.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRequest {
    /// Without these the connection is of no use.
    pub required: ScopeSet,
    /// Without these something is missing that the product can do without.
    pub optional: ScopeSet,
}

impl ScopeRequest {
    /// These are required, nothing is optional.
    pub const fn new(required: ScopeSet) -> Self {
        Self { required, optional: ScopeSet::new() }
    }

    /// Adds scopes that the product can do without.
    pub fn with_optional(mut self, optional: ScopeSet) -> Self {
        self.optional = optional;
        self
    }

    /// All of them.
    pub fn all(&self) -> ScopeSet {
        self.required.iter().chain(self.optional.iter()).cloned().collect()
    }
}

/// What was granted of what was asked for.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeReport {
    /// What the login was to bring.
    pub requested: ScopeRequest,
    /// Everything that is granted, whether it was asked for or not.
    pub granted: ScopeSet,
    /// Asked for and not granted, for whatever reason; includes `declined` and `expired`.
    pub missing: ScopeSet,
    /// The part of `missing` that the person refused or took back.
    pub declined: ScopeSet,
    /// The part of `missing` that ended because the person did not use the app for long.
    pub expired: ScopeSet,
    /// Granted and not asked for: more power than the product wants. Worth an entry in the audit.
    pub extra: ScopeSet,
}

/// How the granted scopes differ between two looks at one connection.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeChange {
    /// Granted before and not any more.
    pub lost: ScopeSet,
    /// Granted now and not before.
    pub gained: ScopeSet,
}
