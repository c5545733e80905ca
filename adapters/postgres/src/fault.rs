//! What goes wrong between here and the server, without anything that was in a row or in a statement.

use std::{fmt, io};

use sqlx::error::DatabaseError;

/// Why a statement gave nothing. The server's own words are left out: they quote rows.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The server refused, with this SQLSTATE ("PostgreSQL Error Codes"), maybe because of a constraint.
    Refused { code: Box<str>, constraint: Option<Box<str>> },
    /// The server was not reached, or the connection broke.
    Connection(io::ErrorKind),
    /// The server's certificate is not accepted, or there is no TLS.
    Tls,
    /// No connection was free in time.
    NoConnection,
    /// No answer came in time.
    NoAnswer,
    /// A column that cannot be read back.
    Unreadable(&'static str),
    /// A value that cannot be sent.
    Unsendable,
    /// The driver and the server do not understand each other.
    Protocol,
}

impl Fault {
    /// The class of the SQLSTATE.
    fn class(code: &str) -> &str {
        code.get(..2).unwrap_or(code)
    }

    /// Whether nothing was done because of what others did at the same time: it may work at once.
    pub(crate) fn is_collision(&self) -> bool {
        // Serialization failure, deadlock.
        matches!(self, Self::Refused { code, .. } if matches!(&**code, "40001" | "40P01"))
    }

    /// Whether the connection is gone: on another one a read may work at once.
    pub(crate) fn is_lost_connection(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            // Another process of the server crashed, or the server is starting.
            Self::Refused { code, .. } => matches!(&**code, "57P02" | "57P03") || self.is_ended_session(),
            _ => false,
        }
    }

    /// Whether the server ended the session in order, and rolled back what it was doing.
    pub(crate) fn is_ended_session(&self) -> bool {
        // The administrator ends connections or stops the server; the session was idle for too long.
        matches!(self, Self::Refused { code, .. } if matches!(&**code, "57P01" | "57P05"))
    }

    /// Whether the connection it came from must not be used again: it is gone, or in the middle of an answer.
    pub(crate) fn spoils_connection(&self) -> bool {
        matches!(self, Self::NoAnswer) || self.is_lost_connection()
    }

    /// Whether the statement is not the one that the schema knows.
    fn is_other_schema(code: &str) -> bool {
        matches!(code, "42883" | "42P01" | "42703" | "42704" | "3F000")
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => Self::from(&*error),
            sqlx::Error::Io(error) => Self::Connection(error.kind()),
            sqlx::Error::Tls(_) => Self::Tls,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::NoConnection,
            sqlx::Error::WorkerCrashed => Self::Connection(io::ErrorKind::BrokenPipe),
            sqlx::Error::Encode(_) | sqlx::Error::InvalidArgument(_) => Self::Unsendable,
            sqlx::Error::Decode(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::RowNotFound => Self::Unreadable("the answer"),
            _ => Self::Protocol,
        }
    }
}

impl From<&dyn DatabaseError> for Fault {
    fn from(error: &dyn DatabaseError) -> Self {
        let code = error.code().map(|code| code.into_owned().into()).unwrap_or_default();
        Self::Refused { code, constraint: error.constraint().map(Into::into) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, constraint } => {
                write!(f, "the server refused with SQLSTATE {code}")?;
                if let Some(constraint) = constraint {
                    write!(f, " (constraint {constraint})")?;
                }
                if Self::is_other_schema(code) {
                    f.write_str(": the schema is not the one this version expects; run migrate")?;
                }
                if &**code == "42501" {
                    f.write_str(": the login lacks a right; run the grants")?;
                }
                Ok(())
            }
            Self::Connection(kind) => write!(f, "the connection to the server failed: {kind}"),
            Self::Tls => f.write_str("no TLS connection to the server"),
            Self::NoConnection => f.write_str("no connection of the pool was free in time"),
            Self::NoAnswer => f.write_str("the server did not answer in time"),
            Self::Unreadable(what) => write!(f, "{what} cannot be read back"),
            Self::Unsendable => f.write_str("a value cannot be sent"),
            Self::Protocol => f.write_str("the server's answer was not understood"),
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(feature = "token-vault")]
impl From<Fault> for sociogram_token_vault::StoreError {
    fn from(fault: Fault) -> Self {
        use sociogram_token_vault::StoreErrorKind::{Conflict, Corrupt, Unavailable};
        let (kind, message) = match &fault {
            Fault::Refused { code, .. } if Fault::class(code) == "23" => {
                (Conflict, "the database refused the change")
            }
            // Text with a NUL in it, an index entry that is too long: the server will not take it another time either.
            Fault::Refused { code, .. } if matches!(Fault::class(code), "22" | "54") => {
                (Corrupt, "the database cannot keep a value")
            }
            Fault::Unsendable => (Corrupt, "the database cannot keep a value"),
            Fault::Unreadable(_) => (Corrupt, "a stored row cannot be read back"),
            _ => (Unavailable, "the database does not answer"),
        };
        Self::new(kind, message).with_source(fault)
    }
}

#[cfg(feature = "oauth-core")]
impl From<Fault> for sociogram_oauth_core::SessionStoreError {
    fn from(fault: Fault) -> Self {
        Self::new("the database did not keep or give the login").with_source(fault)
    }
}

#[cfg(feature = "webhook-verify")]
impl From<Fault> for sociogram_webhook_verify::inbox::InboxError {
    fn from(fault: Fault) -> Self {
        use sociogram_webhook_verify::inbox::InboxErrorKind::{Corrupt, Full, Unavailable};
        let (kind, message) = match &fault {
            Fault::Refused { code, .. } if &**code == "53100" => {
                (Full, "the disk of the database is full; trim the inbox, or give it more room")
            }
            // A value that breaks a constraint or does not fit does so another time too.
            Fault::Refused { code, .. } if matches!(Fault::class(code), "22" | "23" | "54") => {
                (Corrupt, "the database cannot keep a value")
            }
            Fault::Unsendable => (Corrupt, "the database cannot keep a value"),
            Fault::Unreadable(_) => (Corrupt, "a stored row cannot be read back"),
            _ => (Unavailable, "the database does not answer"),
        };
        Self::new(kind, message).with_source(fault)
    }
}

#[cfg(feature = "capi")]
impl From<Fault> for sociogram_capi::outbox::OutboxError {
    fn from(fault: Fault) -> Self {
        use sociogram_capi::outbox::OutboxErrorKind::{Corrupt, Full, Unavailable};
        let (kind, message) = match &fault {
            Fault::Refused { code, .. } if &**code == "53100" => {
                (Full, "the disk of the database is full; trim the outbox, or give it more room")
            }
            // A value that breaks a constraint or does not fit does so another time too.
            Fault::Refused { code, .. } if matches!(Fault::class(code), "22" | "23" | "54") => {
                (Corrupt, "the database cannot keep a value")
            }
            Fault::Unsendable => (Corrupt, "the database cannot keep a value"),
            Fault::Unreadable(_) => (Corrupt, "a stored row cannot be read back"),
            _ => (Unavailable, "the database does not answer"),
        };
        Self::new(kind, message).with_source(fault)
    }
}
