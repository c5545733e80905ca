//! The little HTML the consent dialogs need.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// Text made safe for element content and double-quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// One hidden field.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name), escape(value))
}

/// A whole page.
pub(crate) fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font-family:sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}}\
         button{{font-size:1rem;padding:.5rem 1rem;margin-right:.5rem}}</style></head>\n\
         <body>\n<h1>{title}</h1>\n{content}\n</body>\n</html>\n",
        title = escape(title),
    );
    // No form-action rule: browsers would apply it to the redirect back to the app as well.
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        ),
    ];
    (status, headers, body).into_response()
}

/// The page of a login that cannot go on: the person stays here, nothing is redirected.
pub(crate) fn dead_end(title: &str, reason: &str) -> Response {
    page(StatusCode::BAD_REQUEST, title, &format!("<p id=\"reason\">{}</p>", escape(reason)))
}

/// 302 to an address the app has registered.
pub(crate) fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => {
            let headers =
                [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (StatusCode::FOUND, headers).into_response()
        }
        Err(_) => dead_end("Login error", "The redirect address contains characters a header cannot carry."),
    }
}

/// The redirect address with parameters added.
pub(crate) fn with_parameters(redirect: &str, fields: &[(&str, &str)]) -> String {
    let separator = if redirect.contains('?') { '&' } else { '?' };
    format!("{redirect}{separator}{}", crate::request::encode_form(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_could_leave_an_attribute() {
        assert_eq!(escape("\"><script>'&"), "&quot;&gt;&lt;script&gt;&#39;&amp;");
    }

    #[test]
    fn adds_to_a_query_that_is_there() {
        assert_eq!(with_parameters("http://a/b", &[("c", "1 2")]), "http://a/b?c=1+2");
        assert_eq!(with_parameters("http://a/b?x=y", &[("c", "1")]), "http://a/b?x=y&c=1");
    }
}
