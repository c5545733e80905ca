//! What Meta's numbers mean for events, in our words: Meta's own texts are localised, and may quote values.

use sociogram_meta_graph::{Error, GraphError};

use crate::custom_data::STANDARD;
use crate::field::Field;
use crate::platform::Refusal;

/// Offline events need a choice of data processing options for the dataset: no event is at fault.
pub(super) const PROCESSING_OPTION_NEEDED: i64 = 2_804_030;

/// One number, with the subcode or for all that have no row of their own.
struct Row {
    code: i64,
    subcode: Option<i64>,
    field: Option<&'static str>,
    reason: &'static str,
    advice: &'static str,
}

const fn row(
    code: i64,
    subcode: Option<i64>,
    field: Option<&'static str>,
    reason: &'static str,
    advice: &'static str,
) -> Row {
    Row { code, subcode, field, reason, advice }
}

const UNDOCUMENTED: &str = "Meta refused the event under a number that it does not document";
const LOOK: &str = "compare the event with Meta's server event parameters, send it with a test event code and look under Test Events";
const SLOWER: &str = "wait, then send fewer requests with more events each";
const GRANT: &str = "use a token with `ads_management` on the dataset's ad account, or one made for the dataset in Events Manager";

/// Rows with a subcode stand before the row of their code.
static TABLE: &[Row] = &[
    row(
        100,
        Some(2_804_003),
        Some("event_time"),
        "the event is too old, or its time is not one",
        "send events within 7 days, those of a shop within 62, as whole seconds since 1970; it cannot be counted any more",
    ),
    row(
        100,
        Some(2_804_050),
        Some("user_data"),
        "not enough customer information to match anybody",
        "add an e-mail address, a phone number, an external id, a click id, or first and last name",
    ),
    row(
        100,
        Some(2_804_019),
        None,
        "the click id of a conversation or the time of the event is not accepted",
        "pass `ctwa_clid` unchanged as the webhook gave it, and send the event within its time window",
    ),
    row(
        100,
        Some(PROCESSING_OPTION_NEEDED),
        None,
        "offline events need a choice of data processing options for the dataset",
        "choose one in Events Manager, then send the events again",
    ),
    row(100, Some(2_804_001), None, UNDOCUMENTED, LOOK),
    row(100, Some(2_804_007), None, UNDOCUMENTED, LOOK),
    row(100, Some(2_804_016), None, UNDOCUMENTED, LOOK),
    row(100, Some(2_804_017), None, UNDOCUMENTED, LOOK),
    row(100, Some(2_804_048), None, UNDOCUMENTED, LOOK),
    row(
        100,
        Some(33),
        None,
        "the dataset does not exist, or the token may not see it",
        "check the id of the dataset, and that it is assigned to the system user or ad account of the token",
    ),
    row(100, None, None, "a parameter of the event is not valid", LOOK),
    row(190, None, None, "the token is not accepted", "have the token renewed, or connect the account again"),
    row(200, None, None, "the token lacks a permission", GRANT),
    row(10, None, None, "the token lacks a permission", GRANT),
    row(3, None, None, "the app may not call the Conversions API", GRANT),
    row(4, None, None, "the app has made too many calls", SLOWER),
    row(17, None, None, "too many calls were made for this person", SLOWER),
    row(32, None, None, "too many calls were made for this Page", SLOWER),
    row(613, None, None, "too many calls were made", SLOWER),
    row(80_000, None, None, "too many calls were made for this ad account", SLOWER),
    row(80_003, None, None, "too many calls were made for this ad account", SLOWER),
    row(80_004, None, None, "too many calls were made for this ad account", SLOWER),
    row(80_014, None, None, "too many calls were made for this ad account", SLOWER),
    row(341, None, None, "a temporary limit is reached", "wait before sending again"),
    row(
        368,
        None,
        None,
        "the account is blocked for a while",
        "look into Events Manager before sending again",
    ),
    row(2635, None, None, "the API version is no longer served", "build the client with a newer version"),
];

fn find(code: Option<i64>, subcode: Option<i64>) -> Option<&'static Row> {
    TABLE.iter().find(|row| Some(row.code) == code && (row.subcode.is_none() || row.subcode == subcode))
}

/// Why events were refused. `field` is the member that Meta names.
pub(super) fn refusal(error: &Error, field: Option<String>) -> Refusal {
    let row = find(error.code(), error.subcode());
    let told = error.api().and_then(GraphError::meaning);
    Refusal {
        code: error.code(),
        subcode: error.subcode(),
        field: field.or_else(|| row.and_then(|row| row.field).map(str::to_owned)),
        reason: row.map(|row| row.reason).or(told).unwrap_or(UNDOCUMENTED).to_owned(),
        advice: row.map_or_else(|| error.user_action(), |row| row.advice).to_owned(),
        trace: error.request_id().map(str::to_owned),
    }
}

/// Why a request was not processed, in one line.
pub(super) fn stopped(error: &Error) -> String {
    match find(error.code(), error.subcode()) {
        Some(row) => format!("{}: {}", row.reason, row.advice),
        None => error.to_string(),
    }
}

/// Whether Meta defines a member of this name somewhere in an event.
pub(super) fn is_member(word: &str) -> bool {
    const EVENT: &[&str] = &[
        "event_name",
        "event_time",
        "event_id",
        "event_source_url",
        "referrer_url",
        "action_source",
        "opt_out",
        "user_data",
        "custom_data",
        "app_data",
        "extinfo",
        "advertiser_tracking_enabled",
        "application_tracking_enabled",
        "data_processing_options",
        "data_processing_options_country",
        "data_processing_options_state",
        "original_event_data",
        "attribution_data",
        "customer_segmentation",
        "messaging_channel",
        "messaging_outcome_data",
        "test_event_code",
        "partner_agent",
        "id",
        "quantity",
        "item_price",
    ];
    Field::in_user_data(word).is_some() || STANDARD.contains(&word) || EVENT.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_and_says_what_to_do() {
        for row in TABLE {
            let found = find(Some(row.code), row.subcode).unwrap();
            assert!(std::ptr::eq(found, row), "{}/{:?} is hidden by another row", row.code, row.subcode);
            assert!(!row.reason.is_empty() && !row.advice.is_empty());
        }
        assert_eq!(find(Some(100), Some(1)).unwrap().subcode, None);
        assert!(find(Some(123_456), None).is_none() && find(None, Some(2_804_003)).is_none());
    }
}
