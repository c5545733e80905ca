//! What may be printed: allow-lists, never block-lists, so that a new header or parameter starts hidden.

/// Names of headers whose values carry no credential and no customer data. Lower case.
const PUBLIC_HEADERS: &[&str] = &[
    "accept",
    "content-length",
    "content-type",
    "date",
    "facebook-api-version",
    "linkedin-version",
    "retry-after",
    "user-agent",
    "x-ad-account-usage",
    "x-ad-api-version-warning",
    "x-app-usage",
    "x-business-use-case-usage",
    "x-fb-debug",
    "x-fb-request-id",
    "x-fb-rev",
    "x-fb-trace-id",
    "x-http-method-override",
    "x-li-fabric",
    "x-li-request-id",
    "x-li-uuid",
    "x-page-usage",
    "x-restli-id",
    "x-restli-method",
    "x-restli-protocol-version",
];

/// Names of query parameters whose values carry no credential and no customer data.
const PUBLIC_QUERY: &[&str] =
    &["after", "before", "count", "fields", "limit", "q", "role", "start", "summary"];

/// What stands in place of a hidden value.
pub const HIDDEN: &str = "[redacted]";

/// Whether the value of this header may be printed. The name is compared without regard to case.
pub fn header_is_public(name: &str) -> bool {
    PUBLIC_HEADERS.iter().any(|public| name.eq_ignore_ascii_case(public))
}

/// Whether the value of this query parameter may be printed.
pub fn query_is_public(name: &str) -> bool {
    PUBLIC_QUERY.contains(&name)
}

/// Makes text of unknown origin fit to be shown: control characters become spaces, and it ends after
/// `max` characters with `…`.
pub fn sanitize_text(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    for (index, c) in text.trim().chars().enumerate() {
        if index == max {
            out.push('…');
            break;
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// A request target as it may be printed: host and path, the names of all query parameters, and the
/// values of the public ones only.
///
/// ```
/// use sociogram_api_core::redact::target;
///
/// assert_eq!(
///     target("https://graph.facebook.com/v26.0/debug_token?input_token=EAAB&fields=id"),
///     "https://graph.facebook.com/v26.0/debug_token?input_token=[redacted]&fields=id"
/// );
/// ```
pub fn target(uri: &str) -> String {
    let uri = uri.split('#').next().unwrap_or_default();
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (uri, None),
    };
    let mut out = without_userinfo(path);
    for (index, pair) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        out.push_str(name);
        out.push('=');
        out.push_str(if query_is_public(name) { value } else { HIDDEN });
    }
    out
}

fn without_userinfo(path: &str) -> String {
    let (scheme, rest) = path.split_once("://").unwrap_or(("", path));
    let (authority, tail) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if scheme.is_empty() { format!("{host}{tail}") } else { format!("{scheme}://{host}{tail}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unknown_names_are_hidden() {
        assert!(header_is_public("X-FB-Trace-ID"));
        for name in ["authorization", "cookie", "x-new-header", ""] {
            assert!(!header_is_public(name), "{name}");
        }
        for name in ["access_token", "input_token", "appsecret_proof", "client_secret", "code", "new"] {
            assert!(!query_is_public(name), "{name}");
        }
    }

    #[test]
    fn target_hides_values_and_userinfo() {
        assert_eq!(target("http://user:pass@127.0.0.1:80/a#frag"), "http://127.0.0.1:80/a");
        assert_eq!(target("/a?b"), "/a?b=[redacted]");
    }

    #[test]
    fn sanitized_text_is_one_short_line() {
        assert_eq!(sanitize_text(" a\nb\u{7}c ", 10), "a b c");
        assert_eq!(sanitize_text("äöüß", 3), "äöü…");
        assert_eq!(sanitize_text("äöü", 3), "äöü");
    }

    proptest! {
        #[test]
        fn a_secret_value_never_survives(name in "[a-z_]{1,12}", value in "SEKRET[A-Za-z0-9]{8}") {
            prop_assume!(!query_is_public(&name));
            let shown = target(&format!("https://h/p?{name}={value}"));
            prop_assert!(!shown.contains("SEKRET"));
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = target(&text);
            let _ = sanitize_text(&text, 5);
        }
    }
}
