//! Lists of the Graph API: `{"data":[…],"paging":{…}}` (Graph API: Paginated Results).

use serde::Deserialize;
use serde_json::value::RawValue;
use sociogram_api_core::http::{Cursor, DecodeError, Page, RawResponse, RequestParts};
use url::{Url, form_urlencoded};

use crate::lenient;

/// The parameters of a `next` URL that say where the next page starts. Nothing else is taken from it: it
/// carries the token, and never `appsecret_proof`.
const POSITIONS: [&str; 7] = ["after", "offset", "page", "since", "start", "until", "__paging_token"];

#[derive(Deserialize)]
struct Envelope {
    data: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default, deserialize_with = "lenient::or_none")]
    cursors: Option<Cursors>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default, deserialize_with = "lenient::or_none")]
    after: Option<String>,
}

/// Reads one page. Items that cannot be read are set aside.
pub(crate) fn read<T: serde::de::DeserializeOwned>(response: &RawResponse) -> Result<Page<T>, DecodeError> {
    let envelope: Envelope = response.json()?;
    let next = envelope.paging.map_or(Ok(None), next)?;
    Ok(Page::from_raw_items(envelope.data, next))
}

/// Adds the position of the page to the request.
pub(crate) fn write(parts: &mut RequestParts, cursor: Option<&Cursor>) {
    if let Some(cursor) = cursor {
        parts.encoded_query(cursor.as_str());
    }
}

/// The next page exists only where `next` does: `cursors.after` is there on the last page as well.
fn next(paging: Paging) -> Result<Option<Cursor>, DecodeError> {
    let Some(next) = paging.next.filter(|next| !next.is_empty()) else { return Ok(None) };
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(after) = paging.cursors.and_then(|cursors| cursors.after).filter(|after| !after.is_empty()) {
        query.append_pair("after", &after);
    } else {
        let url = Url::parse(&next).map_err(|_| unreadable())?;
        query.extend_pairs(url.query_pairs().filter(|(name, _)| POSITIONS.contains(&name.as_ref())));
    }
    match query.finish() {
        // Ending here would lose the rest of the list without a word.
        query if query.is_empty() => Err(unreadable()),
        query => Ok(Some(Cursor::new(query))),
    }
}

fn unreadable() -> DecodeError {
    DecodeError::new("paging.next", "the next page is named in a way this version does not know")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn next_of(paging: &serde_json::Value) -> Result<Option<String>, DecodeError> {
        let envelope: Envelope = serde_json::from_value(json!({ "data": [], "paging": paging })).unwrap();
        let next = envelope.paging.map_or(Ok(None), next)?;
        Ok(next.map(|cursor| cursor.as_str().to_owned()))
    }

    #[test]
    fn only_a_next_url_makes_a_next_page() {
        let cursors = json!({ "before": "B", "after": "QVFI+/=" });
        assert_eq!(next_of(&json!({ "cursors": cursors })), Ok(None));
        let next = "https://graph.facebook.com/v26.0/me/accounts?access_token=SEKRET&limit=25&after=QVFI";
        assert_eq!(
            next_of(&json!({ "cursors": cursors, "next": next })),
            Ok(Some("after=QVFI%2B%2F%3D".to_owned()))
        );
        for none in [json!(null), json!([]), json!({}), json!({ "next": "" }), json!({ "next": null })] {
            assert_eq!(next_of(&none), Ok(None), "{none}");
        }
    }

    #[test]
    fn without_cursors_the_position_comes_from_the_url_and_the_token_stays_there() {
        for (query, expected) in [
            ("access_token=SEKRET&fields=id&limit=25&after=a%2Bb", "after=a%2Bb"),
            ("access_token=SEKRET&offset=25&limit=25", "offset=25"),
            (
                "until=1700000000&__paging_token=e%20f&access_token=SEKRET",
                "until=1700000000&__paging_token=e+f",
            ),
        ] {
            let next = format!("https://graph.facebook.com/v26.0/me/businesses?{query}");
            assert_eq!(next_of(&json!({ "next": next })), Ok(Some(expected.to_owned())));
        }
    }

    #[test]
    fn an_unknown_position_is_an_error_and_not_the_end() {
        for next in ["https://graph.facebook.com/v26.0/me/accounts?access_token=SEKRET", "no url"] {
            let error = next_of(&json!({ "next": next })).unwrap_err();
            assert!(!error.to_string().contains("SEKRET"));
        }
    }
}
