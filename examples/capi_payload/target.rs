//! The members of an event that a column or a constant can be, and how their texts become JSON.

use std::fmt;

use serde_json::Value;
use sociogram::capi::Timestamp;

use crate::record::TimeUnit;

/// What a member takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text; numbers in it keep their digits.
    Text,
    /// Text, from several columns too.
    Many,
    /// A list: one text, or JSON.
    List,
    /// JSON.
    Json,
    Whole,
    Flag,
    Time,
}

/// Every member: its place, what it takes, and other names of its column without spaces, dashes and underscores.
/// Where two members end in the same name, the short name is the first of them.
#[rustfmt::skip]
const MEMBERS: &[(&str, &str, Kind, &[&str])] = &[
    ("", "event_name", Kind::Text, &["event"]),
    ("", "event_time", Kind::Time, &["time", "timestamp"]),
    ("", "event_id", Kind::Text, &[]),
    ("", "event_source_url", Kind::Text, &["url", "pageurl"]),
    ("", "referrer_url", Kind::Text, &["referrer", "referer"]),
    ("", "action_source", Kind::Text, &[]),
    ("", "opt_out", Kind::Flag, &[]),
    ("", "data_processing_options", Kind::List, &[]),
    ("", "data_processing_options_country", Kind::Whole, &[]),
    ("", "data_processing_options_state", Kind::Whole, &[]),
    ("", "attribution_data", Kind::Json, &[]),
    ("", "customer_segmentation", Kind::Text, &[]),
    ("", "messaging_channel", Kind::Text, &[]),
    ("", "messaging_outcome_data", Kind::Json, &[]),
    ("", "advanced_measurement_table", Kind::Text, &[]),
    ("", "advertiser_tracking_enabled", Kind::Flag, &[]),
    ("user_data", "em", Kind::Many, &["email", "mail", "emailaddress"]),
    ("user_data", "ph", Kind::Many, &["phone", "phonenumber", "mobile", "telephone"]),
    ("user_data", "ge", Kind::Many, &["gender", "sex"]),
    ("user_data", "db", Kind::Many, &["dateofbirth", "birthdate", "dob"]),
    ("user_data", "ln", Kind::Many, &["lastname", "surname", "familyname"]),
    ("user_data", "fn", Kind::Many, &["firstname", "givenname"]),
    ("user_data", "ct", Kind::Many, &["city", "town"]),
    ("user_data", "st", Kind::Many, &["state", "province"]),
    ("user_data", "zp", Kind::Many, &["zip", "zipcode", "postcode", "postalcode"]),
    ("user_data", "country", Kind::Many, &["countrycode"]),
    ("user_data", "external_id", Kind::Many, &["customerid"]),
    ("user_data", "client_ip_address", Kind::Text, &["ip", "ipaddress"]),
    ("user_data", "client_user_agent", Kind::Text, &["useragent"]),
    ("user_data", "fbc", Kind::Text, &[]),
    ("user_data", "fbp", Kind::Text, &[]),
    ("user_data", "subscription_id", Kind::Text, &[]),
    ("user_data", "fb_login_id", Kind::Text, &[]),
    ("user_data", "lead_id", Kind::Text, &[]),
    ("user_data", "f5first", Kind::Text, &[]),
    ("user_data", "f5last", Kind::Text, &[]),
    ("user_data", "fi", Kind::Text, &[]),
    ("user_data", "dobd", Kind::Text, &[]),
    ("user_data", "dobm", Kind::Text, &[]),
    ("user_data", "doby", Kind::Text, &[]),
    ("user_data", "madid", Kind::Text, &[]),
    ("user_data", "anon_id", Kind::Text, &[]),
    ("user_data", "page_id", Kind::Text, &[]),
    ("user_data", "page_scoped_user_id", Kind::Text, &[]),
    ("user_data", "ctwa_clid", Kind::Text, &[]),
    ("user_data", "ig_account_id", Kind::Text, &[]),
    ("user_data", "ig_sid", Kind::Text, &[]),
    ("user_data", "whatsapp_business_account_id", Kind::Text, &[]),
    ("custom_data", "value", Kind::Text, &["amount", "total"]),
    ("custom_data", "currency", Kind::Text, &["currencycode"]),
    ("custom_data", "net_revenue", Kind::Text, &[]),
    ("custom_data", "predicted_ltv", Kind::Text, &[]),
    ("custom_data", "content_name", Kind::Text, &[]),
    ("custom_data", "content_category", Kind::Text, &[]),
    ("custom_data", "content_type", Kind::Text, &[]),
    ("custom_data", "content_ids", Kind::List, &[]),
    ("custom_data", "contents", Kind::Json, &[]),
    ("custom_data", "order_id", Kind::Text, &["order", "ordernumber"]),
    ("custom_data", "num_items", Kind::Whole, &["quantity"]),
    ("custom_data", "status", Kind::Text, &[]),
    ("custom_data", "search_string", Kind::Text, &[]),
    ("custom_data", "item_number", Kind::Text, &[]),
    ("custom_data", "delivery_category", Kind::Text, &[]),
    ("app_data", "advertiser_tracking_enabled", Kind::Flag, &[]),
    ("app_data", "application_tracking_enabled", Kind::Flag, &[]),
    ("app_data", "campaign_ids", Kind::Text, &[]),
    ("app_data", "consider_views", Kind::Flag, &[]),
    ("app_data", "extinfo", Kind::Json, &[]),
    ("app_data", "include_dwell_data", Kind::Flag, &[]),
    ("app_data", "include_video_data", Kind::Flag, &[]),
    ("app_data", "install_referrer", Kind::Text, &[]),
    ("app_data", "installer_package", Kind::Text, &[]),
    ("app_data", "receipt_data", Kind::Text, &[]),
    ("app_data", "url_schemes", Kind::List, &[]),
    ("app_data", "vendor_id", Kind::Text, &[]),
    ("app_data", "windows_attribution_id", Kind::Text, &[]),
    ("original_event_data", "event_name", Kind::Text, &[]),
    ("original_event_data", "event_time", Kind::Time, &[]),
    ("original_event_data", "order_id", Kind::Text, &[]),
    ("original_event_data", "event_id", Kind::Text, &[]),
];

/// A place in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Empty for the members of the event itself.
    pub(crate) parent: &'static str,
    pub(crate) name: String,
    kind: Kind,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            "" => f.write_str(&self.name),
            parent => write!(f, "{parent}.{}", self.name),
        }
    }
}

/// The members whose columns have other names too.
pub(crate) fn known_columns() -> impl Iterator<Item = (Target, &'static [&'static str])> {
    let named = MEMBERS.iter().filter(|(.., columns)| !columns.is_empty());
    named.map(|(parent, name, kind, columns)| (Target::new(parent, name, *kind), *columns))
}

impl Target {
    fn new(parent: &'static str, name: &str, kind: Kind) -> Self {
        Self { parent, name: name.to_owned(), kind }
    }

    /// A member by its place (`custom_data.value`) or its name alone (`value`).
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (parent, name) =
            text.rsplit_once('.').map_or((None, text), |(parent, name)| (Some(parent), name));
        let found = MEMBERS.iter().find(|(p, n, ..)| *n == name && parent.is_none_or(|parent| parent == *p));
        match (found, parent) {
            (Some((parent, name, kind, _)), _) => Ok(Self::new(parent, name, *kind)),
            (None, Some("custom_data")) if !name.is_empty() => Ok(Self::new("custom_data", name, Kind::Text)),
            _ => Err(format!(
                "an event has no member {text:?}; take a name such as em, event_time or custom_data.value, and \
                 custom_data.NAME for data of your own"
            )),
        }
    }

    /// The member that a column obviously is.
    pub(crate) fn of_column(header: &str) -> Option<Self> {
        let header = header.trim();
        let squeezed: String = header
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect();
        let known = MEMBERS.iter().find(|(_, name, _, columns)| {
            columns.contains(&squeezed.as_str()) || name.replace('_', "") == squeezed
        });
        let known = known.map(|(parent, name, kind, _)| Self::new(parent, name, *kind));
        known.or_else(|| header.contains('.').then(|| Self::parse(header).ok()).flatten())
    }

    /// Whether several columns may be this member.
    pub(crate) fn is_list(&self) -> bool {
        self.kind == Kind::Many
    }

    /// The JSON of a text; of one item for a member that [is a list](Self::is_list).
    ///
    /// # Errors
    /// Why the text does not fit, without the text.
    pub(crate) fn json(&self, text: &str, unit: TimeUnit) -> Result<String, String> {
        match self.kind {
            Kind::Text | Kind::Many => Ok(quoted(text)),
            Kind::List if text.starts_with('[') => json(text),
            Kind::List => Ok(format!("[{}]", quoted(text))),
            Kind::Json => json(text),
            Kind::Whole => {
                let number: Result<i64, _> = text.parse();
                number.map(|number| number.to_string()).map_err(|_| "not a whole number".to_owned())
            }
            Kind::Flag => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Ok("true".to_owned()),
                "false" | "0" | "no" => Ok("false".to_owned()),
                _ => Err("not true or false".to_owned()),
            },
            Kind::Time => time(text, unit),
        }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The text itself: reading and writing it would cost the digits of numbers.
fn json(text: &str) -> Result<String, String> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(_) | Value::Object(_)) => Ok(text.to_owned()),
        _ => Err("not a JSON list or object".to_owned()),
    }
}

fn time(text: &str, unit: TimeUnit) -> Result<String, String> {
    let whole: Result<i64, _> = text.parse();
    let seconds = match (whole, unit) {
        (Ok(seconds), TimeUnit::Seconds) => seconds,
        (Ok(millis), TimeUnit::Milliseconds) => millis.div_euclid(1000),
        (Err(_), _) => {
            let time: Timestamp = serde_json::from_value(text.into()).map_err(|_| {
                "not a time; give seconds since 1970, milliseconds with --time milliseconds, or a time with its \
                 zone such as 2026-11-20T12:00:00Z"
            })?;
            time.as_unix_seconds()
        }
    };
    Ok(seconds.to_string())
}
