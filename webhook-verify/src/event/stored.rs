//! The form in which an event waits in a queue.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

use super::{Event, Origin};
use crate::{DedupeKey, EventTime, Provider, Strength};

/// Raised when an older version could not read what a newer one writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    version: u32,
    provider: Provider,
    object: Cow<'a, str>,
    account: Option<Cow<'a, str>>,
    field: Cow<'a, str>,
    sent_at: Option<EventTime>,
    key: DedupeKey,
    strength: Strength,
    raw: Cow<'a, RawValue>,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.raw).map_err(S::Error::custom)?;
        Stored {
            version: VERSION,
            provider: self.provider,
            object: Cow::Borrowed(&self.object),
            account: self.account.as_deref().map(Cow::Borrowed),
            field: Cow::Borrowed(&self.field),
            sent_at: self.sent_at,
            key: self.key,
            strength: self.strength,
            raw: Cow::Borrowed(raw),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        if stored.version != VERSION {
            return Err(D::Error::custom("the stored event was written by a newer version of this crate"));
        }
        let origin = Origin {
            provider: stored.provider,
            object: Arc::from(&*stored.object),
            account: stored.account.as_deref().map(Arc::from),
            sent_at: stored.sent_at,
        };
        Ok(Self::read_again(origin, &stored.field, &stored.raw, (stored.key, stored.strength)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn stored() -> Value {
        json!({
            "version": 1, "provider": "meta", "object": "page", "account": "10", "field": "leadgen",
            "sent_at": 1_712_000_000_000_i64, "key": "ab".repeat(32), "strength": "best_effort",
            "raw": {"field": "leadgen", "value": {"leadgen_id": "5"}},
        })
    }

    #[test]
    fn the_stored_key_stays_and_the_kind_is_read_anew() {
        let event: Event = serde_json::from_value(stored()).unwrap();
        assert_eq!(event.key().to_string(), "ab".repeat(32));
        assert_eq!((event.strength(), event.kind().name()), (Strength::BestEffort, "page_leadgen"));
        assert_eq!(serde_json::to_value(&event).unwrap(), stored());
    }

    #[test]
    fn what_another_version_wrote_is_refused() {
        let mut newer = stored();
        newer["version"] = json!(2);
        let error = serde_json::from_value::<Event>(newer).unwrap_err();
        assert!(error.to_string().contains("newer version"), "{error}");
        let mut damaged = stored();
        damaged["key"] = json!("ab");
        assert!(serde_json::from_value::<Event>(damaged).is_err());
    }
}
