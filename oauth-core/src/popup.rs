//! The page that ends a login in a popup window.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use sociogram_api_core::ErrorKind;
use url::{Host, Url};

use crate::{OAuthError, Reason, random};

/// The page a popup shows when its login has ended: it tells the window that opened it and closes itself.
///
/// The message goes to one origin, which is fixed here and never `*`: a page of any other origin that opened
/// the popup learns nothing. The page loads nothing, runs one script that its `Content-Security-Policy` names by
/// hash, and cannot be framed.
///
/// Serve it at an address without the callback's query: answer the callback with status 303 to it. The page
/// that opens the popup must not be served with `Cross-Origin-Opener-Policy: same-origin`, which cuts the tie
/// between the two; `same-origin-allow-popups` keeps it. It listens with
///
/// ```js
/// addEventListener("message", (event) => {
///   if (event.origin !== "https://app.example.com" || event.source !== popup) return;
///   // event.data is the message
/// });
/// ```
///
/// ```
/// use sociogram_oauth_core::PopupPage;
///
/// let page = PopupPage::new("https://app.example.com")?;
/// let answer = page.render(&serde_json::json!({ "login": "done", "account": "Ada </script>" }))?;
/// assert!(answer.html.contains(r#","https://app.example.com")"#));
/// assert!(!answer.html.contains("Ada </script>"));
/// assert!(PopupPage::new("*").is_err());
/// # Ok::<(), sociogram_oauth_core::OAuthError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopupPage {
    origin: String,
}

/// What to answer the browser with, with status 200.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct PopupAnswer {
    /// The body.
    pub html: String,
    /// The headers; all of them are needed.
    pub headers: Vec<(&'static str, String)>,
}

impl fmt::Debug for PopupAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PopupAnswer").field("headers", &self.headers).finish_non_exhaustive()
    }
}

impl PopupPage {
    /// For popups opened by pages of this origin: scheme, host and, unless it is the scheme's own, port. It
    /// comes from the program's settings, never from a request.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` unless it is exactly an `https` origin, or an `http` one on
    /// loopback.
    pub fn new(opener_origin: &str) -> Result<Self, OAuthError> {
        if is_origin(opener_origin) {
            return Ok(Self { origin: opener_origin.to_owned() });
        }
        Err(OAuthError::because(Reason::Setup).with_message(
            "the opener's origin is not one; pass scheme and host, such as https://app.example.com",
        ))
    }

    /// The page that posts this message. It is for the product's own page: names, ids, what failed; never a
    /// code or a token.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Invalid` when the message cannot be written as JSON.
    pub fn render<T: Serialize + ?Sized>(&self, message: &T) -> Result<PopupAnswer, OAuthError> {
        let message = script_json(message)?;
        let origin = script_json(&self.origin)?;
        let script =
            format!("if (window.opener) window.opener.postMessage({message},{origin});\nwindow.close();");
        let hash = STANDARD.encode(random::sha256(script.as_bytes()));
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Login</title></head>\n\
             <body><p>You can close this window.</p><script>{script}</script></body>\n</html>\n"
        );
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        let headers = [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", &policy),
            // A stricter one would cut the tie to the opener.
            ("cross-origin-opener-policy", "unsafe-none"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Ok(PopupAnswer { html, headers })
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    // A parser that had to change anything (case, default port, path) read something else than an origin.
    let exact = url.origin().ascii_serialization() == text && !text.contains('*');
    exact && (url.scheme() == "https" || (url.scheme() == "http" && loopback))
}

/// JSON that can stand in a script of an HTML page: nothing in it ends the script or a line of it.
pub(crate) fn script_json<T: Serialize + ?Sized>(value: &T) -> Result<String, OAuthError> {
    let json = serde_json::to_string(value).map_err(|_| {
        OAuthError::because(Reason::Input)
            .with_kind(ErrorKind::Invalid)
            .with_message("the message is not JSON")
    })?;
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn page() -> PopupPage {
        PopupPage::new("https://app.example.com").unwrap()
    }

    fn script(html: &str) -> &str {
        html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0
    }

    #[test]
    fn the_page_posts_one_message_to_one_origin_and_closes() {
        let answer = page().render(&json!({"ok": true})).unwrap();
        assert_eq!(
            answer.html,
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Login</title></head>\n\
             <body><p>You can close this window.</p><script>if (window.opener) \
             window.opener.postMessage({\"ok\":true},\"https://app.example.com\");\nwindow.close();</script>\
             </body>\n</html>\n"
        );
        assert!(!answer.html.contains('*'));
    }

    #[test]
    fn the_policy_allows_this_script_and_nothing_else() {
        let answer = page().render(&json!({"ok": true})).unwrap();
        let header = |name| {
            let mut found = answer.headers.iter().filter(|(header, _)| *header == name);
            (found.next().unwrap().1.as_str(), found.next().is_none())
        };
        let hash = STANDARD.encode(random::sha256(script(&answer.html).as_bytes()));
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        assert_eq!(header("content-security-policy"), (policy.as_str(), true));
        assert_eq!(header("cross-origin-opener-policy"), ("unsafe-none", true));
        assert_eq!(header("cache-control"), ("no-store", true));
        assert_eq!(header("referrer-policy"), ("no-referrer", true));
        assert_eq!(header("content-type"), ("text/html; charset=utf-8", true));
        assert_eq!(header("x-frame-options"), ("DENY", true));
    }

    #[test]
    fn only_exact_origins_are_taken() {
        for good in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "https://xn--pp-fia.example.com",
        ] {
            assert!(PopupPage::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "https://*",
            "https://*.example.com",
            "app.example.com",
            "//app.example.com",
            "http://app.example.com",
            "http://localhost.evil.example",
            "https://app.example.com/",
            "https://app.example.com/popup",
            "https://app.example.com?x",
            "https://app.example.com#x",
            "https://app.example.com:443",
            "https://APP.example.com",
            "https://user@app.example.com",
            "https://app.example.com ",
            "https://äpp.example.com",
            "file:///x",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            let error = PopupPage::new(bad).unwrap_err();
            assert_eq!((error.kind(), error.reason()), (ErrorKind::Misconfigured, Reason::Setup), "{bad}");
        }
    }

    #[test]
    fn a_message_that_is_no_json_is_an_error() {
        let odd = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(page().render(&odd).unwrap_err().reason(), Reason::Input);
    }

    proptest! {
        #[test]
        fn a_message_never_leaves_its_script(text in "(</script>|<!--|\\PC|[<>&'\"\\\\\u{2028}\u{2029}\n]){0,40}") {
            let message = json!({ "text": text });
            let answer = page().render(&message).unwrap();
            prop_assert_eq!(answer.html.matches("</script").count(), 1);
            prop_assert!(!answer.html.contains("<!--"));
            let script = script(&answer.html);
            let separated = script.contains(['\u{2028}', '\u{2029}']);
            prop_assert!(!separated);
            prop_assert_eq!(script.lines().count(), 2);
            let posted = script
                .strip_prefix("if (window.opener) window.opener.postMessage(")
                .and_then(|rest| rest.strip_suffix(",\"https://app.example.com\");\nwindow.close();"))
                .unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(posted).unwrap(), message);
        }
    }
}
