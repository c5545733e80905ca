//! What a person or an operator should know about a token that may be used.

use std::fmt;

use serde::{Serialize, Serializer};
use sociogram_api_core::Timestamp;

/// Something about a usable token that somebody should know. Times are given to the second.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum Warning {
    /// The token ends within 14 days, and only a login brings a new one.
    EndsSoon {
        /// When.
        at: Timestamp,
    },
    /// The refresh token ends within 30 days and is not replaced by renewals (LinkedIn); from then on only a login
    /// helps.
    RefreshEndsSoon {
        /// When.
        at: Timestamp,
    },
    /// The access to the person's data ends within 14 days, which Meta counts apart from the token ("Facebook
    /// Login: Auth vs. Data Access").
    DataAccessEndsSoon {
        /// When.
        at: Timestamp,
    },
    /// Renewals fail and are tried again.
    RefreshFailing {
        /// Since when, as far as is known.
        since: Timestamp,
    },
    /// A renewal was sent and nobody knows what became of it: the refresh token may be spent.
    RefreshInDoubt,
    /// The provider refused the token once, a while ago.
    Refused,
    /// The token ends sooner than was asked for, and no longer one could be had in time.
    LessThanAsked,
    /// The token is from before the login, pasted by hand. It should be replaced by a login.
    Legacy,
    /// The store does not answer: the token is from memory, and nobody knows whether it was disconnected elsewhere.
    Stale,
}

/// How many of the warnings come with a time.
const TIMES: usize = 4;
const ALL: u16 = 9;
const TROUBLE: u16 = Warning::RefreshFailing { since: Timestamp::UNIX_EPOCH }.bit()
    | Warning::RefreshInDoubt.bit()
    | Warning::Stale.bit();

impl Warning {
    /// Its place in the set, and its time.
    const fn parts(self) -> (u16, Option<Timestamp>) {
        match self {
            Self::EndsSoon { at } => (0, Some(at)),
            Self::RefreshEndsSoon { at } => (1, Some(at)),
            Self::DataAccessEndsSoon { at } => (2, Some(at)),
            Self::RefreshFailing { since } => (3, Some(since)),
            Self::RefreshInDoubt => (4, None),
            Self::Refused => (5, None),
            Self::LessThanAsked => (6, None),
            Self::Legacy => (7, None),
            Self::Stale => (8, None),
        }
    }

    const fn bit(self) -> u16 {
        1 << self.parts().0
    }

    const fn from_parts(place: u16, time: Seconds) -> Option<Self> {
        let time = time.timestamp();
        let warning = match place {
            0 => Self::EndsSoon { at: time },
            1 => Self::RefreshEndsSoon { at: time },
            2 => Self::DataAccessEndsSoon { at: time },
            3 => Self::RefreshFailing { since: time },
            4 => Self::RefreshInDoubt,
            5 => Self::Refused,
            6 => Self::LessThanAsked,
            7 => Self::Legacy,
            8 => Self::Stale,
            _ => return None,
        };
        Some(warning)
    }
}

/// Whole seconds since 1970, until 2106: half the size of a [`Timestamp`], as they are copied with every token.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Seconds(u32);

impl Seconds {
    fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.as_unix_seconds().max(0)).unwrap_or(u32::MAX))
    }

    const fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0 as i64)
    }
}

/// The warnings about a token: at most one of each sort, in the order of [`Warning`]'s variants. Copied, never
/// allocated.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Warnings {
    which: u16,
    times: [Seconds; TIMES],
}

impl Warnings {
    /// None.
    pub const NONE: Self = Self { which: 0, times: [Seconds(0); TIMES] };

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.which == 0
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.which.count_ones() as usize
    }

    /// Whether this one is among them, with the same time to the second.
    pub fn contains(&self, warning: Warning) -> bool {
        let one = Self::NONE.with(warning);
        self.which & one.which != 0 && self.iter().any(|other| one.iter().eq([other]))
    }

    /// One after the other.
    pub fn iter(&self) -> WarningsIter {
        WarningsIter { left: *self, place: 0 }
    }

    /// With this one; it takes the place of another of its sort.
    pub(crate) fn with(mut self, warning: Warning) -> Self {
        let (place, time) = warning.parts();
        self.which |= 1 << place;
        if let Some((slot, time)) = self.times.get_mut(usize::from(place)).zip(time) {
            *slot = Seconds::of(time);
        }
        self
    }

    /// Whether renewals or the store are in trouble while the token is handed out.
    pub(crate) const fn tell_of_trouble(&self) -> bool {
        self.which & TROUBLE != 0
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Warnings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl FromIterator<Warning> for Warnings {
    fn from_iter<I: IntoIterator<Item = Warning>>(warnings: I) -> Self {
        warnings.into_iter().fold(Self::NONE, Self::with)
    }
}

impl<const N: usize> PartialEq<[Warning; N]> for Warnings {
    /// Whether these are the warnings, in this order.
    fn eq(&self, other: &[Warning; N]) -> bool {
        self.iter().eq(other.iter().flat_map(|warning| Self::NONE.with(*warning)))
    }
}

impl IntoIterator for Warnings {
    type Item = Warning;
    type IntoIter = WarningsIter;

    fn into_iter(self) -> WarningsIter {
        self.iter()
    }
}

impl IntoIterator for &Warnings {
    type Item = Warning;
    type IntoIter = WarningsIter;

    fn into_iter(self) -> WarningsIter {
        self.iter()
    }
}

/// Gives the warnings of a set one after the other.
#[derive(Clone, Debug)]
pub struct WarningsIter {
    left: Warnings,
    place: u16,
}

impl Iterator for WarningsIter {
    type Item = Warning;

    fn next(&mut self) -> Option<Warning> {
        while self.place < ALL {
            let place = self.place;
            self.place += 1;
            if self.left.which & (1 << place) != 0 {
                let time = self.left.times.get(usize::from(place)).copied().unwrap_or_default();
                return Warning::from_parts(place, time);
            }
        }
        None
    }
}
