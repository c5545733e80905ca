//! What LinkedIn's refusals mean for events, in our words: LinkedIn's own may quote values.

use sociogram_linkedin_api::{Error, LinkedInError};

use crate::blame::Blame;
use crate::platform::Refusal;

/// One refusal: a status, and words of LinkedIn's text that tell more.
struct Row {
    status: i64,
    words: &'static str,
    field: Option<&'static str>,
    reason: &'static str,
    advice: &'static str,
}

const fn row(
    status: i64,
    words: &'static str,
    field: Option<&'static str>,
    reason: &'static str,
    advice: &'static str,
) -> Row {
    Row { status, words, field, reason, advice }
}

/// What LinkedIn says of a rule that it does not find for the member of the token.
const NO_ACCOUNT: &str = "No ad accounts found";
const TIME: &str =
    "LinkedIn takes events of the last 90 days and none of the future, in milliseconds since 1970";
const SCHEMA: &str = "compare the event with LinkedIn's Conversions API Schema";

/// The first row that fits counts.
static TABLE: &[Row] = &[
    row(
        403,
        NO_ACCOUNT,
        Some("conversion"),
        "the conversion rule does not exist, or the member of the token has no role on its ad account",
        "check the id of the rule, and have the member made campaign manager of the rule's ad account",
    ),
    row(
        403,
        "",
        None,
        "the token may not send events",
        "the app needs the product Conversions API and the token the scopes `rw_conversions` and `r_ads`; connect the account again",
    ),
    row(401, "", None, "the token is not accepted", "have the token renewed, or connect the account again"),
    row(
        400,
        "onversionHappenedAt",
        Some("conversionHappenedAt"),
        "the time of the event is not accepted",
        TIME,
    ),
    row(
        422,
        "onversionHappenedAt",
        Some("conversionHappenedAt"),
        "the time of the event is not accepted",
        TIME,
    ),
    row(
        422,
        "Invalid Urn",
        None,
        "the conversion rule or the lead is not a URN of the right kind",
        "pass the URN of the rule as LinkedIn gave it",
    ),
    row(422, "cannot be coerced", None, "a value has another type than LinkedIn takes", SCHEMA),
    row(
        422,
        "unrecognized field",
        None,
        "the LinkedIn-Version does not know a member of the event",
        "build the client with a newer version, or leave the member out",
    ),
    row(400, "", None, "LinkedIn does not accept the event", SCHEMA),
    row(422, "", None, "LinkedIn does not accept the event", SCHEMA),
    row(413, "", None, "the request is too large", "send fewer or smaller events"),
    row(
        429,
        "",
        None,
        "too many calls were made today or this minute",
        "wait, then send fewer requests with more events each",
    ),
    row(426, "", None, "the LinkedIn-Version is no longer active", "build the client with a newer version"),
];

fn find(status: Option<i64>, text: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| Some(row.status) == status && text.contains(row.words))
}

fn text(error: &Error) -> &str {
    error.api().and_then(LinkedInError::message).unwrap_or_default()
}

/// Whether it is about the rule that events name, so that events of other rules may be taken.
pub(super) fn is_about_rule(error: &Error) -> bool {
    error.status() == Some(403) && text(error).contains(NO_ACCOUNT)
}

/// Why events were refused, and the places of those that LinkedIn names.
pub(super) fn refusal(error: &Error) -> (Refusal, Vec<usize>) {
    let text = text(error);
    let mut named: Vec<Blame> = text
        .split_whitespace()
        .filter(|word| word.contains("elements"))
        .map(|word| {
            word.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '[' | ']' | '…')))
        })
        .map(|word| Blame::read(word, "elements", is_member))
        .filter(|blame| blame.place.is_some())
        .collect();
    named.extend(indices(text).into_iter().map(|place| Blame { place: Some(place), field: None }));
    let (blamed, field) = Blame::gather(&named);
    let refusal = of(error.status().map(i64::from), error.code(), text, field, error.request_id());
    (refusal, blamed)
}

/// Why one event of a request that was taken was refused.
pub(super) fn of_element(status: Option<i64>, code: Option<i64>, trace: Option<&str>) -> Refusal {
    of(status, code, "", None, trace)
}

fn of(
    status: Option<i64>,
    code: Option<i64>,
    text: &str,
    named: Option<String>,
    trace: Option<&str>,
) -> Refusal {
    let row = find(status, text);
    Refusal {
        code: status,
        subcode: code,
        field: named.or_else(|| row.and_then(|row| row.field).map(str::to_owned)),
        reason: row.map_or("LinkedIn refused the event", |row| row.reason).to_owned(),
        advice: row.map_or(SCHEMA, |row| row.advice).to_owned(),
        trace: trace.map(str::to_owned),
    }
}

/// Why a request was not processed, in one line.
pub(super) fn stopped(error: &Error) -> String {
    let row = find(error.status().map(i64::from), text(error));
    // 400 and 422 are not about the events here, so the error itself knows better.
    match row.filter(|row| !matches!(row.status, 400 | 422)) {
        Some(row) => format!("{}: {}", row.reason, row.advice),
        None => error.to_string(),
    }
}

/// The numbers of `indices [0, 17]`; one that may have been cut off is left out.
fn indices(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut rest = text;
    while let Some((_, list)) = rest.split_once("indices [") {
        let end = list.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == ' ')).unwrap_or(list.len());
        let (numbers, tail) = list.split_at(end);
        let mut numbers: Vec<&str> = numbers.split(',').map(str::trim).collect();
        if !tail.starts_with(']') {
            numbers.pop();
        }
        places.extend(numbers.into_iter().filter_map(|number| number.parse::<usize>().ok()));
        rest = tail;
    }
    places
}

fn is_member(word: &str) -> bool {
    const EVENT: &[&str] = &[
        "conversion",
        "conversionHappenedAt",
        "conversionValue",
        "currencyCode",
        "amount",
        "eventId",
        "user",
        "userIds",
        "idType",
        "idValue",
        "userInfo",
        "firstName",
        "lastName",
        "companyName",
        "title",
        "countryCode",
        "externalIds",
        "lead",
    ];
    EVENT.contains(&word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_row_can_be_reached() {
        for row in TABLE {
            let found = find(Some(row.status), row.words).unwrap();
            assert!(std::ptr::eq(found, row), "{} {}", row.status, row.words);
            assert!(!row.reason.is_empty() && !row.advice.is_empty());
        }
        assert!(find(Some(418), "").is_none() && find(None, "").is_none());
    }

    #[test]
    fn index_lists_are_read_as_far_as_they_are_whole() {
        for (text, expected) in [
            ("conversionHappenedAt is too old for indices [0]", &[0][..]),
            ("bad at indices [3, 17,4999] and indices [5]", &[3, 17, 4999, 5]),
            ("indices [1, 2, 12…", &[1, 2]),
            ("indices [1, 2", &[1]),
            ("indices []", &[]),
            ("indices 4", &[]),
            ("indices [x]", &[]),
            ("", &[]),
        ] {
            assert_eq!(indices(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,60}", list in "[0-9, \\]…]{0,30}") {
            indices(&format!("{text}indices [{list}"));
        }
    }
}
