//! Names that get into SQL text, because Postgres takes no parameters there.

use std::{fmt, sync::Arc};

/// A name that is not fit for SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidName {
    /// Of a schema.
    #[error(
        "the name of a schema starts with a lower-case letter, goes on with lower-case letters, digits and `_`, has \
         48 characters at most, and does not start with `pg_`"
    )]
    Schema,
    /// Of a role.
    #[error(
        "the name of a role is made of letters, digits, `_`, `-`, `.` and `@`, and has 63 characters at most"
    )]
    Role,
}

/// The schema in which everything is kept: `sociogram` unless said otherwise. It is also the channel on which changes
/// are told (`Listener`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schema(Arc<str>);

impl Schema {
    /// A schema of this name.
    ///
    /// # Errors
    ///
    /// [`InvalidName`] for a name that would have to be quoted everywhere.
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidName> {
        let name = name.as_ref();
        let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
        let goes_on_well = name.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if starts_well && goes_on_well && name.len() <= 48 && !name.starts_with("pg_") {
            Ok(Self(name.into()))
        } else {
            Err(InvalidName::Schema)
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts the name into SQL text of this crate: `{schema}` is the identifier, `{name}` the text.
    pub(crate) fn render(&self, sql: &str) -> String {
        sql.replace("{schema}", &quoted(&self.0)).replace("{name}", &self.0)
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self("sociogram".into())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A login of the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Role(Box<str>);

impl Role {
    /// A role of this name.
    ///
    /// # Errors
    ///
    /// [`InvalidName`] for a name with other characters than roles usually have.
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidName> {
        let name = name.as_ref();
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b'@');
        if !name.is_empty() && name.len() <= 63 && name.bytes().all(allowed) {
            Ok(Self(name.into()))
        } else {
            Err(InvalidName::Role)
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The two logins that serve. Neither owns the tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Roles {
    /// Serves the requests of tenants, one tenant at a time.
    pub app: Role,
    /// Looks across tenants, and sees no secrets of living connections.
    pub worker: Role,
}

impl Roles {
    /// Both.
    ///
    /// # Errors
    ///
    /// [`InvalidName`] when one of them is no name of a role.
    pub fn new(app: impl AsRef<str>, worker: impl AsRef<str>) -> Result<Self, InvalidName> {
        Ok(Self { app: Role::new(app)?, worker: Role::new(worker)? })
    }

    /// Puts the names into SQL text of this crate.
    pub(crate) fn render(&self, sql: &str) -> String {
        sql.replace("{app}", &quoted(&self.app.0)).replace("{worker}", &quoted(&self.worker.0))
    }
}

impl Default for Roles {
    /// `sociogram_app` and `sociogram_worker`.
    fn default() -> Self {
        Self { app: Role("sociogram_app".into()), worker: Role("sociogram_worker".into()) }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_a_plain_identifier() {
        let long = "a".repeat(48);
        for good in ["sociogram", "a", "s_2", "user", long.as_str()] {
            assert_eq!(Schema::new(good).map(|schema| schema.to_string()).as_deref(), Ok(good));
        }
        let too_long = "a".repeat(49);
        let bad = ["", "2s", "_s", "S", "a-b", "a.b", "a\"b", "a'b", "a b", "é", "pg_x", "{name}", &too_long];
        for bad in bad {
            assert_eq!(Schema::new(bad), Err(InvalidName::Schema), "{bad}");
        }
    }

    #[test]
    fn a_role_has_no_quotes_and_no_placeholders() {
        for good in ["app", "Team-1.app@db", "_x", "1"] {
            assert_eq!(Role::new(good).map(|role| role.to_string()).as_deref(), Ok(good));
        }
        let too_long = "a".repeat(64);
        for bad in ["", "a b", "a\"b", "a'b", "a$b", "a%b", "{app}", "a;b", "ü", &too_long] {
            assert_eq!(Role::new(bad), Err(InvalidName::Role), "{bad}");
        }
    }

    #[test]
    fn names_are_quoted_in_sql() {
        let schema = Schema::new("user").unwrap();
        assert_eq!(schema.render("select {schema}.f('{name}')"), "select \"user\".f('user')");
        let roles = Roles::new("a-b", "c").unwrap();
        assert_eq!(roles.render("grant x to {app}, {worker}"), "grant x to \"a-b\", \"c\"");
    }
}
