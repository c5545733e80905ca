//! Values as Postgres keeps them.

use std::{borrow::Cow, time::Duration};

use sociogram_api_core::Timestamp;
use sqlx::{
    Decode, Encode, Postgres, Row as _, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgRow, PgTypeInfo, PgValueRef},
    types::Uuid,
};

use crate::fault::Fault;

/// 2000-01-01T00:00:00Z, from which Postgres counts, in milliseconds since 1970.
const EPOCH: i64 = 946_684_800_000;
/// The first and the last millisecond that a `timestamptz` holds ("PostgreSQL: Date/Time Types"): 4713 BC, 294276 AD.
const FIRST: i64 = -211_813_488_000_000;
const LAST: i64 = 9_223_371_331_199_999;

/// A `timestamptz` in whole milliseconds. Times beyond its range become its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) Timestamp);

impl Time {
    fn micros(self) -> i64 {
        // Within this range nothing overflows.
        self.0.as_unix_millis().saturating_sub(EPOCH).clamp(FIRST, LAST).saturating_mul(1000)
    }

    fn from_micros(micros: i64) -> Self {
        let millis = match micros {
            i64::MIN | i64::MAX => micros,
            finite => finite.div_euclid(1000).saturating_add(EPOCH),
        };
        Self(Timestamp::from_unix_millis(millis))
    }
}

impl Type<Postgres> for Time {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(sqlx::postgres::types::Oid(1184))
    }
}

impl PgHasArrayType for Time {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(sqlx::postgres::types::Oid(1185))
    }
}

impl Encode<'_, Postgres> for Time {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.micros(), buffer)
    }
}

impl Decode<'_, Postgres> for Time {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self::from_micros(micros(&value)?))
    }
}

fn micros(value: &PgValueRef<'_>) -> Result<i64, BoxDynError> {
    Ok(i64::from_be_bytes(value.as_bytes()?.try_into()?))
}

/// When a token ends, as a `timestamptz`: null is not known, infinite is never.
#[cfg(feature = "token-vault")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End(pub(crate) sociogram_oauth_core::Expiry);

#[cfg(feature = "token-vault")]
mod end {
    use sociogram_oauth_core::Expiry;

    use super::{
        BoxDynError, Decode, Encode, End, IsNull, PgArgumentBuffer, PgTypeInfo, PgValueRef, Postgres, Time,
        Type, micros,
    };

    impl Type<Postgres> for End {
        fn type_info() -> PgTypeInfo {
            Time::type_info()
        }
    }

    impl Encode<'_, Postgres> for End {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            match self.0 {
                Expiry::At(end) => Encode::<Postgres>::encode(Time(end), buffer),
                Expiry::Never => Encode::<Postgres>::encode(i64::MAX, buffer),
                _ => Ok(IsNull::Yes),
            }
        }
    }

    impl Decode<'_, Postgres> for End {
        fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
            Ok(Self(match micros(&value)? {
                i64::MAX => Expiry::Never,
                micros => Expiry::At(Time::from_micros(micros).0),
            }))
        }
    }
}

/// An id as Postgres keeps it.
pub(crate) const fn uuid(bytes: &[u8; 16]) -> Uuid {
    Uuid::from_bytes(*bytes)
}

/// A count as Postgres keeps it; one beyond its range is its largest.
pub(crate) fn bigint(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// How long a claim or a visibility may last at most: a hundred years, in milliseconds.
const LONGEST: i64 = 100 * 365 * 24 * 3_600_000;

/// A span of time as the functions take it.
pub(crate) fn millis(span: Duration) -> i64 {
    bigint(span.as_millis()).min(LONGEST)
}

/// A text that is shown and not compared: Postgres keeps no NUL.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// Reads columns by name.
pub(crate) trait Columns {
    /// One that is not null, or may be if `T` is an `Option`.
    fn get<'r, T: Decode<'r, Postgres> + Type<Postgres>>(&'r self, name: &'static str) -> Result<T, Fault>;

    /// A count.
    fn count<T: TryFrom<i64>>(&self, name: &'static str) -> Result<T, Fault> {
        T::try_from(self.get::<i64>(name)?).map_err(|_| Fault::Unreadable(name))
    }
}

impl Columns for PgRow {
    fn get<'r, T: Decode<'r, Postgres> + Type<Postgres>>(&'r self, name: &'static str) -> Result<T, Fault> {
        self.try_get(name).map_err(|_| Fault::Unreadable(name))
    }
}
