//! What LinkedIn counts per day, counted here, because no answer tells how much of it is used (LinkedIn: API Rate
//! Limiting).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sociogram_api_core::http::{Operation, Quota, QuotaReached};
use sociogram_api_core::{Timer, Timestamp};

use crate::dialect::Caller;

const DAY: i64 = 86_400;

/// Most members counted apart; beyond it the less busy half is forgotten.
const MAX_MEMBERS: usize = 10_000;

/// How many calls a day (00:00 to 24:00 UTC) are sent at most, by this client and everything cloned from it.
///
/// LinkedIn counts calls of the app and of each member, per endpoint, publishes few numbers and sends none along. A limit
/// set here refuses a call before it is sent, as [`ErrorKind::Throttled`](crate::ErrorKind::Throttled) with the time until
/// 00:00 UTC. Every attempt that was sent counts, so a call with two retries counts three times. Other processes and
/// other programs of the same app are not seen.
///
/// ```
/// use sociogram_linkedin_api::{Client, DailyQuota};
///
/// let quota = DailyQuota::share_on_linkedin().per_app_at("linkedin.userinfo.get", 500);
/// let builder = Client::builder().app("client-id").daily_quota(quota);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a quota does nothing until it is given to a builder"]
pub struct DailyQuota {
    all: Limits,
    at: BTreeMap<Cow<'static, str>, Limits>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Limits {
    app: Option<u64>,
    member: Option<u64>,
}

impl DailyQuota {
    /// No limits; calls are counted all the same.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is said of the product "Share on LinkedIn": 150 calls a day of each member, 100 000 of the app. Unconfirmed:
    /// LinkedIn shows an app's own limits in the developer portal.
    pub fn share_on_linkedin() -> Self {
        Self::new().per_member(150).per_app(100_000)
    }

    /// What is said of the product "Community Management" in its development tier: 100 calls a day of each member, 500 of
    /// the app. Unconfirmed, as above.
    pub fn community_management_development() -> Self {
        Self::new().per_member(100).per_app(500)
    }

    /// At most this many calls a day of the app, all members and endpoints together.
    pub fn per_app(mut self, calls: u64) -> Self {
        self.all.app = Some(calls);
        self
    }

    /// At most this many calls a day of each member, all endpoints together; see
    /// [`Client::with_member`](crate::Client::with_member).
    pub fn per_member(mut self, calls: u64) -> Self {
        self.all.member = Some(calls);
        self
    }

    /// At most this many calls a day of the app to one endpoint, by the operation's name (`linkedin.posts.create`).
    pub fn per_app_at(mut self, operation: impl Into<Cow<'static, str>>, calls: u64) -> Self {
        self.at.entry(operation.into()).or_default().app = Some(calls);
        self
    }

    /// At most this many calls a day of each member to one endpoint.
    pub fn per_member_at(mut self, operation: impl Into<Cow<'static, str>>, calls: u64) -> Self {
        self.at.entry(operation.into()).or_default().member = Some(calls);
        self
    }
}

/// What was sent since 00:00 UTC, for dashboards; given by [`Client::usage`](crate::Client::usage).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyUsage {
    /// When the day began.
    pub since: Timestamp,
    /// The time until it ends and all counts are zero again.
    pub resets_in: Duration,
    /// All calls of the app.
    pub app: Used,
    /// The app's calls by endpoint, in the order of their names; those that were called, and those with a limit.
    pub endpoints: Vec<EndpointUsage>,
    /// The members with calls, the busiest first. At most the 10 000 busiest are kept.
    pub members: Vec<MemberUsage>,
}

impl DailyUsage {
    /// The calls of one member, by the name given to [`Client::with_member`](crate::Client::with_member); `None` without
    /// any.
    pub fn member(&self, name: &str) -> Option<&MemberUsage> {
        self.members.iter().find(|member| &*member.member == name)
    }

    /// The app's calls to one endpoint.
    pub fn endpoint(&self, operation: &str) -> Option<Used> {
        self.endpoints.iter().find(|endpoint| endpoint.operation == operation).map(|endpoint| endpoint.used)
    }
}

/// Calls beside their limit.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Attempts that were sent.
    pub calls: u64,
    /// How many may be sent a day; `None` where no limit is set.
    pub limit: Option<u64>,
}

impl Used {
    /// How many are left; `None` where no limit is set.
    pub fn left(self) -> Option<u64> {
        Some(self.limit?.saturating_sub(self.calls))
    }

    /// Whether `more` calls fit.
    fn fits(self, more: u64) -> bool {
        self.limit.is_none_or(|limit| self.calls.saturating_add(more) <= limit)
    }
}

/// The calls to one endpoint.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointUsage {
    /// The operation's name.
    pub operation: Cow<'static, str>,
    /// Its calls.
    pub used: Used,
}

/// The calls of one member.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct MemberUsage {
    /// The name given to [`Client::with_member`](crate::Client::with_member), else one made up for the token source.
    pub member: Arc<str>,
    /// All calls.
    pub used: Used,
    /// The calls by endpoint, in the order of their names.
    pub endpoints: Vec<EndpointUsage>,
}

impl fmt::Debug for MemberUsage {
    /// Without the member, whose name may be a customer's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberUsage")
            .field("used", &self.used)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

/// The counts of one app, shared by all clients made from one.
#[derive(Debug)]
pub(crate) struct Ledger {
    quota: DailyQuota,
    timer: Arc<dyn Timer>,
    today: Mutex<Day>,
}

#[derive(Default)]
struct Day {
    /// Days since 1970.
    number: i64,
    app: Count,
    members: HashMap<Arc<str>, Count>,
}

#[derive(Default)]
struct Count {
    all: u64,
    at: BTreeMap<&'static str, u64>,
}

impl Count {
    fn at(&self, operation: &str) -> u64 {
        self.at.get(operation).copied().unwrap_or_default()
    }

    fn add(&mut self, operation: &'static str, calls: u64) {
        self.all = self.all.saturating_add(calls);
        let at = self.at.entry(operation).or_default();
        *at = at.saturating_add(calls);
    }

    fn remove(&mut self, operation: &'static str, calls: u64) {
        self.all = self.all.saturating_sub(calls);
        if let Some(at) = self.at.get_mut(operation) {
            *at = at.saturating_sub(calls);
        }
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Day")
            .field("app", &self.app.all)
            .field("members", &self.members.len())
            .finish_non_exhaustive()
    }
}

impl Ledger {
    pub(crate) fn new(quota: DailyQuota, timer: Arc<dyn Timer>) -> Self {
        Self { quota, timer, today: Mutex::default() }
    }

    pub(crate) fn usage(&self) -> DailyUsage {
        let now = self.timer.now();
        let day = self.day(now);
        let of_app = |limits: &Limits| limits.app;
        let of_member = |limits: &Limits| limits.member;
        let mut members: Vec<_> = day
            .members
            .iter()
            .filter(|(_, count)| count.all > 0)
            .map(|(member, count)| MemberUsage {
                member: Arc::clone(member),
                used: Used { calls: count.all, limit: self.quota.all.member },
                endpoints: self.endpoints(count, of_member),
            })
            .collect();
        members.sort_by(|a, b| b.used.calls.cmp(&a.used.calls).then_with(|| a.member.cmp(&b.member)));
        DailyUsage {
            since: Timestamp::from_unix_seconds(day.number.saturating_mul(DAY)),
            resets_in: until_next_day(now),
            app: Used { calls: day.app.all, limit: self.quota.all.app },
            endpoints: self.endpoints(&day.app, of_app),
            members,
        }
    }

    fn endpoints(&self, count: &Count, limit: impl Fn(&Limits) -> Option<u64>) -> Vec<EndpointUsage> {
        let mut all: BTreeMap<Cow<'static, str>, Used> = BTreeMap::new();
        for (operation, limits) in &self.quota.at {
            if let Some(limit) = limit(limits) {
                all.insert(operation.clone(), Used { calls: count.at(operation), limit: Some(limit) });
            }
        }
        for (operation, calls) in &count.at {
            all.entry(Cow::Borrowed(*operation)).or_insert(Used { calls: *calls, limit: None });
        }
        all.into_iter().map(|(operation, used)| EndpointUsage { operation, used }).collect()
    }

    /// The counts of today; those of an earlier day are gone. A clock that goes back changes nothing.
    fn day(&self, now: Timestamp) -> MutexGuard<'_, Day> {
        let number = now.as_unix_seconds().div_euclid(DAY);
        let mut day = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if number > day.number {
            *day = Day { number, ..Day::default() };
        }
        day
    }
}

impl Quota for Ledger {
    fn take(&self, operation: &Operation) -> Result<(), QuotaReached> {
        let Some(caller) = operation.get::<Caller>().filter(|caller| caller.counted) else { return Ok(()) };
        let calls = operation.calls().into();
        let name = operation.name();
        let now = self.timer.now();
        let mut day = self.day(now);
        let at = self.quota.at.get(name).copied().unwrap_or_default();
        let member = day.members.get(&caller.member);
        let (of_member, of_member_at) = member.map_or((0, 0), |count| (count.all, count.at(name)));
        for (calls_so_far, limit, whose) in [
            (day.app.all, self.quota.all.app, "the app"),
            (of_member, self.quota.all.member, "this member"),
            (day.app.at(name), at.app, "the app to this endpoint"),
            (of_member_at, at.member, "this member to this endpoint"),
        ] {
            let used = Used { calls: calls_so_far, limit };
            if let Some(limit) = limit.filter(|_| !used.fits(calls)) {
                let reason =
                    format!("the daily limit of {limit} calls of {whose} is reached, so it was not sent");
                return Err(QuotaReached::new(reason, until_next_day(now)));
            }
        }
        day.app.add(name, calls);
        if !day.members.contains_key(&caller.member) {
            make_room(&mut day.members);
        }
        day.members.entry(Arc::clone(&caller.member)).or_default().add(name, calls);
        Ok(())
    }

    fn give_back(&self, operation: &Operation) {
        let Some(caller) = operation.get::<Caller>().filter(|caller| caller.counted) else { return };
        let calls = operation.calls().into();
        let mut day = self.day(self.timer.now());
        day.app.remove(operation.name(), calls);
        if let Some(member) = day.members.get_mut(&caller.member) {
            member.remove(operation.name(), calls);
        }
    }
}

/// Clients made for one call each leave a member behind, so the quieter half goes now and then.
fn make_room(members: &mut HashMap<Arc<str>, Count>) {
    if members.len() < MAX_MEMBERS {
        return;
    }
    let mut counts: Vec<u64> = members.values().map(|count| count.all).collect();
    let (_, median, _) = counts.select_nth_unstable(MAX_MEMBERS / 2);
    let median = *median;
    members.retain(|_, count| count.all > median);
}

/// Daily limits start again at 00:00 UTC.
pub(crate) fn until_next_day(now: Timestamp) -> Duration {
    let passed = now.as_unix_seconds().rem_euclid(DAY);
    Duration::from_secs(DAY.saturating_sub(passed).unsigned_abs())
}

#[cfg(test)]
mod tests;
