//! What was sent beside what the database holds.

use std::collections::HashMap;

use crate::deliveries::message_id;

/// How many messages were sent and what became of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Audit {
    /// Different messages sent.
    pub(crate) sent: u64,
    /// Events in the inbox.
    pub(crate) recorded: u64,
    /// Entries of the conversation log.
    pub(crate) effects: u64,
    /// Messages sent of which the conversation log has no entry.
    pub(crate) lost: u64,
    /// Messages of which it has more than one.
    pub(crate) twice: u64,
    /// Entries of messages that nobody sent.
    pub(crate) unknown: u64,
}

impl Audit {
    /// `effects` are the ids of messages on the platform, as often as there is an entry of each. By these ids, and not by
    /// the keys of the entries, of which the table takes each only once whatever the server does.
    pub(crate) fn new(sent: u64, recorded: u64, effects: impl IntoIterator<Item = Option<String>>) -> Self {
        let mut left: HashMap<String, u64> = (0..sent).map(|number| (message_id(number), 0)).collect();
        let mut audit = Self { sent, recorded, ..Self::default() };
        for id in effects {
            audit.effects += 1;
            match id.as_ref().and_then(|id| left.get_mut(id)) {
                Some(times) => *times += 1,
                None => audit.unknown += 1,
            }
        }
        for times in left.into_values() {
            audit.lost += u64::from(times == 0);
            audit.twice += u64::from(times > 1);
        }
        audit
    }

    /// Whether each message was recorded once and had one effect.
    pub(crate) fn is_well(&self) -> bool {
        let nothing = (0, 0, 0);
        (self.lost, self.twice, self.unknown) == nothing
            && self.sent == self.recorded
            && self.sent == self.effects
    }
}
