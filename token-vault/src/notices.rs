//! Telling a person in time that an end comes which only a login can move.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::Expiry;

use crate::TokenRecord;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What ends.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The access token, where nothing but a login brings a new one. Then no call works any more.
    Token,
    /// The refresh token: the last access token still works for a while.
    Refresh,
    /// The access to the person's data, which Meta counts apart from the token ("Facebook Login: Auth vs. Data
    /// Access").
    DataAccess,
}

macro_rules! notice_stage {
    ($($(#[doc = $doc:literal])* $variant:ident => $name:literal, $ending:ident, $days:literal;)*) => {
        /// How close an end has come. A person is told once at each stage.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum NoticeStage {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant,)*
        }

        impl NoticeStage {
            /// Every stage this version knows; those of one end by the time at which they come.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stage in `snake_case`, as stored and as used in metrics labels.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What ends.
            pub const fn ending(self) -> Ending {
                match self { $(Self::$variant => Ending::$ending,)* }
            }

            /// How many days before the end it comes.
            pub const fn days(self) -> u32 {
                match self { $(Self::$variant => $days,)* }
            }
        }
    };
}

notice_stage! {
    /// The refresh token ends within 30 days.
    RefreshIn30Days => "refresh_30d", Refresh, 30;
    /// The access token ends within 14 days.
    TokenIn14Days => "token_14d", Token, 14;
    /// The access token ends within 7 days.
    TokenIn7Days => "token_7d", Token, 7;
    /// The access token ends within 3 days.
    TokenIn3Days => "token_3d", Token, 3;
    /// The access token ends within a day.
    TokenIn1Day => "token_1d", Token, 1;
    /// The access to the person's data ends within 14 days.
    DataAccessIn14Days => "data_access_14d", DataAccess, 14;
    /// The access to the person's data ends within 7 days.
    DataAccessIn7Days => "data_access_7d", DataAccess, 7;
    /// The access to the person's data ends within 3 days.
    DataAccessIn3Days => "data_access_3d", DataAccess, 3;
    /// The access to the person's data ends within a day.
    DataAccessIn1Day => "data_access_1d", DataAccess, 1;
}

impl NoticeStage {
    /// The stage of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.as_str() == name)
    }

    fn lead(self) -> Duration {
        DAY.saturating_mul(self.days())
    }
}

impl fmt::Display for NoticeStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which notices were given about the ends of a token set: the closest stage of each end. Stored with the
/// connection as a list of [`NoticeStage`]; a stage that this version does not know is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Notified {
    token: Option<NoticeStage>,
    refresh: Option<NoticeStage>,
    data_access: Option<NoticeStage>,
}

impl Notified {
    /// None: how it is after a login.
    pub const NONE: Self = Self { token: None, refresh: None, data_access: None };

    /// Those, as they were stored.
    pub fn from_stages(stages: impl IntoIterator<Item = NoticeStage>) -> Self {
        stages.into_iter().fold(Self::NONE, Self::with)
    }

    /// The closest stage of each end of which a notice was given.
    pub fn stages(self) -> impl Iterator<Item = NoticeStage> {
        [self.token, self.refresh, self.data_access].into_iter().flatten()
    }

    /// With this one. An earlier stage than the one that was given changes nothing.
    pub fn with(mut self, stage: NoticeStage) -> Self {
        let of_end = self.of_mut(stage.ending());
        *of_end = (*of_end).max(Some(stage));
        self
    }

    /// Whether this stage is done with: a notice was given for it, or for a closer one.
    pub fn has(self, stage: NoticeStage) -> bool {
        self.of(stage.ending()) >= Some(stage)
    }

    const fn of(self, ending: Ending) -> Option<NoticeStage> {
        match ending {
            Ending::Token => self.token,
            Ending::Refresh => self.refresh,
            Ending::DataAccess => self.data_access,
        }
    }

    const fn of_mut(&mut self, ending: Ending) -> &mut Option<NoticeStage> {
        match ending {
            Ending::Token => &mut self.token,
            Ending::Refresh => &mut self.refresh,
            Ending::DataAccess => &mut self.data_access,
        }
    }

    /// How it is after a renewal or a check, where there was no login: what was said of an end that has not
    /// moved is not said again.
    pub(crate) fn carried_over(mut self, before: &Clocks, after: &Clocks) -> Self {
        for ending in [Ending::Token, Ending::Refresh, Ending::DataAccess] {
            if has_moved(before.end(ending), after.end(ending)) {
                *self.of_mut(ending) = None;
            }
        }
        self
    }
}

impl Serialize for Notified {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.stages())
    }
}

impl<'de> Deserialize<'de> for Notified {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::from_stages(names.iter().filter_map(|name| NoticeStage::from_name(name))))
    }
}

/// The ends of a token set, each by its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub(crate) token: Expiry,
    pub(crate) refresh: Expiry,
    pub(crate) data_access: Expiry,
}

impl Clocks {
    /// Of a token set.
    pub(crate) const fn of(token: &TokenRecord) -> Self {
        Self { token: token.expiry, refresh: token.refresh_expiry, data_access: token.data_access_expiry }
    }

    const fn end(&self, ending: Ending) -> Expiry {
        match ending {
            Ending::Token => self.token,
            Ending::Refresh => self.refresh,
            Ending::DataAccess => self.data_access,
        }
    }
}

/// Whether an end has moved away. The same end told twice differs by what the two answers took, and by the
/// provider's rounding; a day is more than both.
pub(crate) fn has_moved(before: Expiry, after: Expiry) -> bool {
    match (before, after) {
        (Expiry::At(before), Expiry::At(after)) => after > before.saturating_add(DAY),
        (Expiry::At(_), Expiry::Never) => true,
        _ => false,
    }
}

/// The ends that only a login can move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginEnds {
    /// The access token's, if nothing else brings a new one.
    pub(crate) token: Option<Timestamp>,
    /// How long that token lives in all. A stage longer than this would be over before it began.
    pub(crate) token_life: Option<Duration>,
    /// The refresh token's.
    pub(crate) refresh: Option<Timestamp>,
    /// The data access'.
    pub(crate) data_access: Option<Timestamp>,
}

/// A notice to be given now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Which one.
    pub(crate) stage: NoticeStage,
    /// When the end is.
    pub(crate) end: Timestamp,
}

impl LoginEnds {
    /// The notices to be given now, at most one for each end: after an outage the closest stage alone.
    pub(crate) fn due(&self, notified: Notified, now: Timestamp) -> Vec<Notice> {
        let mut due: Vec<Notice> = Vec::new();
        for notice in self.open(notified, now).filter(|notice| notice.from() <= now) {
            match due.iter_mut().find(|other| other.stage.ending() == notice.stage.ending()) {
                Some(other) => *other = notice,
                None => due.push(notice),
            }
        }
        due
    }

    /// When the next notice is to be given; in the past if one is late.
    pub(crate) fn next_at(&self, notified: Notified, now: Timestamp) -> Option<Timestamp> {
        self.open(notified, now).map(Notice::from).min()
    }

    /// The notices that are still to be given, by end and time. None for an end that is past: then the
    /// connection's state says so.
    fn open(&self, notified: Notified, now: Timestamp) -> impl Iterator<Item = Notice> {
        NoticeStage::ALL.iter().filter(move |stage| !notified.has(**stage)).filter_map(move |stage| {
            let (end, life) = match stage.ending() {
                Ending::Token => (self.token?, self.token_life),
                Ending::Refresh => (self.refresh?, None),
                Ending::DataAccess => (self.data_access?, None),
            };
            let fits = life.is_none_or(|life| stage.lead() < life);
            (fits && end > now).then_some(Notice { stage: *stage, end })
        })
    }
}

impl Notice {
    fn from(self) -> Timestamp {
        self.end.saturating_sub(self.stage.lead())
    }
}

#[cfg(test)]
mod tests;
