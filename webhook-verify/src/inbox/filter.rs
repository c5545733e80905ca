//! Which events are meant.

use super::{Entry, EntryState};
use crate::{EventTime, Provider};

/// Which events are meant: those that fit everything that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryFilter {
    /// In one of these states; empty for any.
    pub states: Vec<EntryState>,
    /// From this platform.
    pub provider: Option<Provider>,
    /// Of one of these accounts; `None` for any. An empty list fits no event.
    pub accounts: Option<Vec<String>>,
    /// With this object.
    pub object: Option<String>,
    /// With this field.
    pub field: Option<String>,
    /// Of the kind with this name when recorded.
    pub kind: Option<String>,
    /// Recorded at this time or later.
    pub since: Option<EventTime>,
    /// Recorded before this time.
    pub until: Option<EventTime>,
}

impl EntryFilter {
    /// Every event.
    pub fn all() -> Self {
        Self::default()
    }

    /// In one of these states.
    pub fn states(mut self, states: impl IntoIterator<Item = EntryState>) -> Self {
        self.states = states.into_iter().collect();
        self
    }

    /// From this platform.
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Of one of these accounts.
    pub fn accounts(mut self, accounts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.accounts = Some(accounts.into_iter().map(Into::into).collect());
        self
    }

    /// With this object.
    pub fn object(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// With this field.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Of the kind with this name.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Recorded at this time or later.
    pub fn since(mut self, since: EventTime) -> Self {
        self.since = Some(since);
        self
    }

    /// Recorded before this time.
    pub fn until(mut self, until: EventTime) -> Self {
        self.until = Some(until);
        self
    }

    /// Whether an event is meant.
    pub fn fits(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        (self.states.is_empty() || self.states.contains(&entry.state))
            && self.provider.is_none_or(|provider| provider == entry.provider)
            && self.accounts.as_ref().is_none_or(|accounts| {
                entry.account.as_ref().is_some_and(|account| accounts.contains(account))
            })
            && same(&self.object, &entry.object)
            && same(&self.field, &entry.field)
            && same(&self.kind, &entry.kind)
            && self.since.is_none_or(|since| entry.received_at >= since)
            && self.until.is_none_or(|until| entry.received_at < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, inbox::EntryId};

    fn time(millis: i64) -> EventTime {
        EventTime::from_unix_millis(millis).unwrap()
    }

    fn entry(account: Option<&str>) -> Entry {
        let event: Event = serde_json::from_value(serde_json::json!({
            "version": 1, "provider": "meta", "object": "page", "account": account, "field": "a_new_field",
            "sent_at": null, "key": "ab".repeat(32), "strength": "best_effort", "raw": {},
        }))
        .unwrap();
        Entry::new(EntryId::new(1), event, time(1000))
    }

    #[test]
    fn everything_fits_no_filter() {
        assert!(EntryFilter::all().fits(&entry(None)) && EntryFilter::default().fits(&entry(Some("10"))));
    }

    #[test]
    fn each_member_must_fit() {
        let (all, entry) = (EntryFilter::all, entry(Some("10")));
        let kind = entry.kind.clone();
        let cases = [
            (all().states([EntryState::Dead, EntryState::Pending]), all().states([EntryState::Dead])),
            (all().provider(Provider::Meta), all().provider(Provider::LinkedIn)),
            (all().accounts(["9", "10"]), all().accounts(["1"])),
            (all().accounts(["10"]), all().accounts([] as [&str; 0])),
            (all().object("page"), all().object("Page")),
            (all().field("a_new_field"), all().field("a_new_")),
            (all().kind(kind), all().kind("")),
            (all().since(time(1000)), all().since(time(1001))),
            (all().until(time(1001)), all().until(time(1000))),
        ];
        for (fits, fits_not) in &cases {
            assert!(fits.fits(&entry) && !fits_not.fits(&entry), "{fits:?} {fits_not:?}");
        }
        let together = all().provider(Provider::Meta).accounts(["10"]).object("page");
        assert!(together.fits(&entry) && !together.field("feed").fits(&entry));
    }

    #[test]
    fn an_event_of_no_account_is_of_none_of_those() {
        assert!(!EntryFilter::all().accounts(["", "10"]).fits(&entry(None)));
    }
}
