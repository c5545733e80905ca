//! What is known about a scope: who gives it, what it depends on, and whether it is still given.

use crate::{Scope, ScopeSet};

use super::{linkedin, meta, retired};

/// The login product that gives a scope. A dialog refuses the scopes of another one, or the whole login.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeFamily {
    /// Facebook Login, classic and for Business, with WhatsApp Embedded Signup. Holds the `instagram_*` scopes of
    /// accounts that are tied to a Page.
    Facebook,
    /// Instagram Login: the `instagram_business_*` scopes.
    Instagram,
    /// Threads.
    Threads,
    /// LinkedIn.
    LinkedIn,
    /// Any provider of OpenID Connect: `openid`, `profile`, `email`.
    OpenId,
}

/// Whether a scope is still given.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeState {
    /// Given to every app that qualifies.
    Current,
    /// Given only to apps that have it; the programme takes no new ones.
    Closed,
    /// Given only to old apps; newer ones must ask for its [replacement](Scope::replacement).
    Legacy,
    /// Given to nobody any more. A stored grant may still name it.
    Removed,
}

/// All that is known of one scope.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) families: &'static [ScopeFamily],
    pub(super) needs: &'static [&'static str],
    pub(super) state: ScopeState,
    pub(super) replacement: &'static [&'static str],
    #[cfg(test)]
    pub(super) constant: &'static str,
}

/// Makes the constants of a module and their rows, so that one cannot be without the other.
macro_rules! scopes {
    ($(
        $(#[$meta:meta])*
        $constant:ident = $name:literal, [$($family:ident),+]
            $(, needs [$need:ident $(, $needs:ident)*])?
            $(, state $state:ident)?
            $(, now [$new:ident $(, $news:ident)*])?;
    )*) => {
        $(
            $(#[$meta])*
            $(#[doc = concat!(
                "\n\nDepends on [`", stringify!($need), "`]", $(", [`", stringify!($needs), "`]",)* "."
            )])?
            $(#[doc = concat!("\n\nNow [`", stringify!($new), "`]", $(", [`", stringify!($news), "`]",)* ".")])?
            pub const $constant: &str = $name;
        )*

        pub(super) static ROWS: &[$crate::scope::catalog::Row] = &[$(
            $crate::scope::catalog::Row {
                name: $constant,
                families: &[$($crate::scope::ScopeFamily::$family),+],
                needs: &[$($need $(, $needs)*)?],
                state: $crate::scope::catalog::scopes!(@state $($state)?),
                replacement: &[$($new $(, $news)*)?],
                #[cfg(test)]
                constant: stringify!($constant),
            }
        ),*];
    };
    (@state) => { $crate::scope::ScopeState::Current };
    (@state $state:ident) => { $crate::scope::ScopeState::$state };
}
pub(super) use scopes;

fn rows() -> impl Iterator<Item = &'static Row> {
    [meta::ROWS, linkedin::ROWS, retired::ROWS].into_iter().flatten()
}

fn row(name: &str) -> Option<&'static Row> {
    rows().find(|row| row.name == name)
}

fn set(names: &[&'static str]) -> ScopeSet {
    ScopeSet::from_static(names)
}

impl Scope {
    /// Every scope this version knows, retired ones too.
    pub fn known() -> impl Iterator<Item = Self> {
        rows().map(|row| Self::from_static(row.name))
    }

    fn row(&self) -> Option<&'static Row> {
        row(self.as_str())
    }

    /// The login products that give it. Most scopes have one; `openid`, `profile` and `email` have several; one
    /// that this version does not know has none.
    pub fn families(&self) -> &'static [ScopeFamily] {
        self.row().map_or(&[], |row| row.families)
    }

    /// Whether it is still given; `None` for one that this version does not know.
    pub fn state(&self) -> Option<ScopeState> {
        self.row().map(|row| row.state)
    }

    /// Whether to stop asking for it: [legacy](ScopeState::Legacy) or [removed](ScopeState::Removed).
    pub fn is_retired(&self) -> bool {
        matches!(self.state(), Some(ScopeState::Legacy | ScopeState::Removed))
    }

    /// What took the place of a retired scope: ask for those of them that the product uses. Empty if nothing did.
    pub fn replacement(&self) -> ScopeSet {
        self.row().map_or_else(ScopeSet::new, |row| set(row.replacement))
    }

    /// What must be granted besides, as the provider documents it; not what those depend on in turn.
    pub fn dependencies(&self) -> ScopeSet {
        self.row().map_or_else(ScopeSet::new, |row| set(row.needs))
    }
}

impl ScopeSet {
    /// The set with everything that its scopes depend on, and what that depends on.
    ///
    /// ```
    /// use sociogram_oauth_core::{ScopeSet, scope};
    ///
    /// let publish = ScopeSet::from_static(&[scope::PAGES_MANAGE_POSTS]).with_dependencies();
    /// assert_eq!(publish.join(','), "pages_manage_posts,pages_read_engagement,pages_show_list");
    /// ```
    pub fn with_dependencies(&self) -> Self {
        let mut closed = self.clone();
        let mut open: Vec<Scope> = closed.iter().cloned().collect();
        while let Some(scope) = open.pop() {
            for needed in scope.dependencies() {
                if closed.insert(needed.clone()) {
                    open.push(needed);
                }
            }
        }
        closed
    }

    /// What its scopes depend on and the set lacks.
    pub fn missing_dependencies(&self) -> Self {
        self.missing(&self.with_dependencies())
    }

    /// The known scopes that none of these login products gives. A scope that this version does not know is
    /// nobody's.
    ///
    /// ```
    /// use sociogram_oauth_core::{ScopeFamily, ScopeSet};
    ///
    /// let mixed = ScopeSet::parse("instagram_basic,instagram_business_basic,brand_new");
    /// assert_eq!(mixed.foreign_to(&[ScopeFamily::Instagram]).to_string(), "instagram_basic");
    /// ```
    pub fn foreign_to(&self, families: &[ScopeFamily]) -> Self {
        let foreign = |scope: &&Scope| {
            let own = scope.families();
            !own.is_empty() && !own.iter().any(|family| families.contains(family))
        };
        self.iter().filter(foreign).cloned().collect()
    }

    /// The scopes that a login should not ask for any more; see [`Scope::is_retired`].
    pub fn retired(&self) -> Self {
        self.iter().filter(|scope| scope.is_retired()).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
