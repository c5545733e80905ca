//! What conversion rules and events are (LinkedIn: Conversions API, Conversions API Schema).

use super::rules;

/// The most events of one request.
pub const MAX_CONVERSION_EVENTS: usize = 5000;
/// How old an event may be, in days.
pub const MAX_CONVERSION_AGE_DAYS: i64 = 90;

rules! { CONVERSION:
    CONVERSION_NAME, Error, "linkedin.conversion.name", "the rule has no name",
        "a name", "name the rule as reports are to show it";
    CONVERSION_WINDOW, Warning, "linkedin.conversion.window", "the attribution window may be refused",
        "1, 7, 30 or 90 days; 365 for some types", "choose one of the documented windows";
    CONVERSION_PATCH_EMPTY, Error, "linkedin.conversion.update_empty", "nothing is changed",
        "at least one field", "set what is to change";
    CONVERSION_BATCH, Error, "linkedin.conversion.batch", "the number of events is out of range",
        "1 to 5000 events", "send the events in several requests";
    CONVERSION_NOBODY, Error, "linkedin.conversion.nobody", "nothing tells whose conversion it is",
        "an id, or a first and a last name", "add an id such as the hash of the e-mail address";
    CONVERSION_NOBODY_SURE, Warning, "linkedin.conversion.nobody_sure", "only an external id or a lead tells whose conversion it is",
        "an id, or a first and a last name", "add an id such as the hash of the e-mail address";
    CONVERSION_HASH, Error, "linkedin.conversion.hash", "the value is not a SHA-256 hash",
        "64 lower-case hexadecimal digits", "hash the trimmed, lower-case address";
    CONVERSION_ID_EMPTY, Error, "linkedin.conversion.id_empty", "an id is empty",
        "a value", "leave the id away";
    CONVERSION_FUTURE, Error, "linkedin.conversion.future", "the conversion lies in the future",
        "a time that has passed", "give the time in milliseconds since 1970, and check the clock";
    CONVERSION_OLD, Warning, "linkedin.conversion.age", "the conversion is so old that LinkedIn may refuse it",
        "at most 90 days ago", "send conversions soon after they happen";
    CONVERSION_EVENT_ID, Error, "linkedin.conversion.event_id", "the event id is empty",
        "a text", "leave it away, or give the one that the Insight Tag sends";
    CONVERSION_COUNTRY, Warning, "linkedin.conversion.country", "the country is no ISO 3166 code",
        "two capital letters, such as US", "use the two-letter code";
}
