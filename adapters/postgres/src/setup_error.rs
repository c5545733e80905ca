//! What keeps a store from being opened.

use std::{error::Error, fmt};

use sociogram_api_core::ErrorKind;

use crate::fault::Fault;

/// A store could not be opened, or its schema not be made. Holds no secret.
#[derive(Debug)]
pub struct SetupError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    statements: Option<String>,
    source: Option<Fault>,
}

impl SetupError {
    pub(crate) fn misconfigured(message: impl Into<String>) -> Self {
        let kind = ErrorKind::Misconfigured;
        Self(Box::new(Inner { kind, message: message.into(), statements: None, source: None }))
    }

    /// Adds what the owner of the tables should run.
    pub(crate) fn with_statements(mut self, statements: String) -> Self {
        self.0.statements = Some(statements);
        self
    }

    /// `Misconfigured`: it is for a person to change something. `Unavailable`: the server does not answer.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The statements that the owner of the tables should run, if there are any. `Display` shows them too.
    pub fn statements(&self) -> Option<&str> {
        self.0.statements.as_deref()
    }
}

impl From<Fault> for SetupError {
    fn from(fault: Fault) -> Self {
        let (kind, message) = match &fault {
            Fault::Refused { code, .. } if &**code == "42501" => {
                (ErrorKind::Misconfigured, "the login lacks a right")
            }
            Fault::Refused { code, .. } if matches!(&**code, "28000" | "28P01") => (
                ErrorKind::Misconfigured,
                "the server does not let this login in: check the name and the password in the URL, and that the role \
                 exists and may log in from here (pg_hba.conf)",
            ),
            Fault::Refused { code, .. } if &**code == "3D000" => (
                ErrorKind::Misconfigured,
                "the server has no database of the name in the URL; make it, or correct the name",
            ),
            Fault::Refused { code, .. } if &**code == "55P03" => {
                (ErrorKind::Unavailable, "somebody else holds a lock that is needed; try again")
            }
            Fault::Refused { .. } | Fault::Unreadable(_) | Fault::Unsendable | Fault::Protocol => {
                (ErrorKind::Internal, "the server refused a statement")
            }
            Fault::Tls => (ErrorKind::Misconfigured, "no TLS connection to the server"),
            Fault::Connection(_) | Fault::NoConnection | Fault::NoAnswer => {
                (ErrorKind::Unavailable, "the server does not answer")
            }
        };
        Self(Box::new(Inner { kind, message: message.to_owned(), statements: None, source: Some(fault) }))
    }
}

impl From<sqlx::Error> for SetupError {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(statements) = &self.0.statements {
            write!(f, "\n\n{statements}")?;
        }
        Ok(())
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
