//! The little HTML the server needs.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid GrayText;vertical-align:top;\
overflow-wrap:anywhere}\
a.button{display:inline-block;padding:.5rem 1rem;margin:0 .5rem .5rem 0;border:1px solid;border-radius:.4rem;\
text-decoration:none}\
pre{overflow-x:auto;padding:.8rem;border:1px solid GrayText;border-radius:.4rem}\
.muted{color:GrayText}";

/// Text made safe for element content and quoted attributes.
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

/// A whole page. `content` is markup; `title` is text. Nothing but the page's own style is ever loaded.
pub(crate) fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escape(title);
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{content}\n</body>\n</html>\n",
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'none'",
            ),
        ),
    ];
    (status, headers, body).into_response()
}

/// A problem for a person in a browser. `ask_again` is where a login starts for what is missing.
pub(crate) fn refusal(
    status: StatusCode,
    title: &str,
    detail: &str,
    action: &str,
    ask_again: Option<&str>,
) -> Response {
    let again = ask_again.map(|path| format!("<a class=\"button\" href=\"{}\">Ask again</a>", escape(path)));
    let content = format!(
        "<p>{}</p>\n<p><strong>What to do:</strong> {}</p>\n<p>{}<a class=\"button\" href=\"/\">Back</a></p>",
        escape(detail),
        escape(action),
        again.unwrap_or_default(),
    );
    page(status, title, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(escape("\"><script>'&"), "&quot;&gt;&lt;script&gt;&#39;&amp;");
    }
}
