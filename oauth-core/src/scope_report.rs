//! What was asked for, compared with what was granted.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Scope, ScopeSet};

/// What a login asks for.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRequest {
    /// Without these the connection is of no use.
    pub required: ScopeSet,
    /// Without these something is missing that the product can do without. A scope that is also required is
    /// required.
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
        self.required.union(&self.optional)
    }
}

impl From<ScopeSet> for ScopeRequest {
    /// All of them are required.
    fn from(required: ScopeSet) -> Self {
        Self::new(required)
    }
}

/// What was granted of what was asked for. `Display` says in one line what is missing and why.
///
/// ```
/// use sociogram_oauth_core::{ScopeReport, ScopeRequest, ScopeSet};
///
/// let request = ScopeRequest::new(ScopeSet::parse("pages_show_list pages_manage_posts"))
///     .with_optional(ScopeSet::parse("read_insights"));
/// let granted = ScopeSet::parse("pages_show_list public_profile");
/// let declined = ScopeSet::parse("pages_manage_posts");
/// let report = ScopeReport::compare(&request, &granted, &declined, &ScopeSet::new());
/// assert!(!report.is_sufficient());
/// assert_eq!(report.to_string(), "pages_manage_posts was declined; read_insights (optional) was not granted");
/// ```
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
    /// Granted and not asked for: more power than the product wants. Worth an entry in the audit. Meta adds
    /// `public_profile` to every login.
    pub extra: ScopeSet,
}

impl ScopeReport {
    /// Compares what was asked for with what the provider tells. What is granted counts as granted, whatever the
    /// other two say; a scope that is both declined and expired counts as declined.
    pub fn compare(
        request: &ScopeRequest,
        granted: &ScopeSet,
        declined: &ScopeSet,
        expired: &ScopeSet,
    ) -> Self {
        let asked = request.all();
        let missing = granted.missing(&asked);
        let declined = missing.intersection(declined);
        Self {
            expired: declined.missing(&missing.intersection(expired)),
            extra: asked.missing(granted),
            requested: request.clone(),
            granted: granted.clone(),
            missing,
            declined,
        }
    }

    /// The required scopes that are missing.
    pub fn missing_required(&self) -> ScopeSet {
        self.missing.intersection(&self.requested.required)
    }

    /// The optional scopes that are missing.
    pub fn missing_optional(&self) -> ScopeSet {
        self.requested.required.missing(&self.missing)
    }

    /// Whether everything required is granted.
    pub fn is_sufficient(&self) -> bool {
        self.missing_required().is_empty()
    }

    /// Whether everything is granted, the optional scopes too.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The missing scopes by what became of them.
    fn parts(&self) -> [(ScopeSet, [&'static str; 2]); 3] {
        let told = self.declined.union(&self.expired);
        [
            (self.declined.clone(), ["was declined", "were declined"]),
            (self.expired.clone(), ["has expired", "have expired"]),
            (told.missing(&self.missing), ["was not granted", "were not granted"]),
        ]
    }

    fn listed(&self, scope: &Scope) -> String {
        let optional = !self.requested.required.contains(scope.as_str());
        if optional { format!("{scope} (optional)") } else { scope.to_string() }
    }
}

impl fmt::Display for ScopeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            return f.write_str("everything asked for was granted");
        }
        let mut separator = "";
        for (scopes, [one, many]) in self.parts() {
            let names: Vec<_> = scopes.iter().map(|scope| self.listed(scope)).collect();
            match names.as_slice() {
                [] => continue,
                [name] => write!(f, "{separator}{name} {one}")?,
                [names @ .., last] => write!(f, "{separator}{} and {last} {many}", names.join(", "))?,
            }
            separator = "; ";
        }
        Ok(())
    }
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

impl ScopeChange {
    /// Compares what was granted at the first look with what is granted at the second.
    ///
    /// ```
    /// use sociogram_oauth_core::{ScopeChange, ScopeSet};
    ///
    /// let change = ScopeChange::between(&ScopeSet::parse("email r_ads"), &ScopeSet::parse("email"));
    /// assert!(change.has_lost());
    /// assert_eq!(change.lost.to_string(), "r_ads");
    /// ```
    pub fn between(before: &ScopeSet, after: &ScopeSet) -> Self {
        Self { lost: after.missing(before), gained: before.missing(after) }
    }

    /// Whether something is not granted any more.
    pub fn has_lost(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty()
    }
}

#[cfg(test)]
mod tests;
