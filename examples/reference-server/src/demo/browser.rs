//! A very small browser: cookies of one site, no redirects of its own, forms.

use std::collections::BTreeMap;

use http::{HeaderMap, Method, header};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use url::Url;

use super::page::Form;
use crate::sandbox::http;

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, if the status is 200.
    pub(crate) fn ok(&self) -> Result<Value, String> {
        self.with_status(200)
    }

    /// The body, if the status is this one.
    pub(crate) fn with_status(&self, status: u16) -> Result<Value, String> {
        if self.status != status {
            return Err(format!("status {}: {}", self.status, self.text));
        }
        serde_json::from_str(&self.text).map_err(|error| format!("the answer is not JSON: {error}"))
    }
}

/// Visits the server and the dialogs it sends to.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) client: Client,
    home: String,
    /// Of the server only.
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// With the address of the server, without a trailing slash.
    pub(crate) fn new(home: &str) -> Result<Self, String> {
        Ok(Self { client: http()?, home: home.to_owned(), cookies: BTreeMap::new() })
    }

    /// The full address of a path of the server.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.home)
    }

    /// A call of the server's API.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.at(path))
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Reply, String> {
        let failed = |error: reqwest::Error| format!("no answer: {}", error.without_url());
        let answer = request.send().await.map_err(failed)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Reply { status, headers, text: answer.text().await.map_err(failed)? })
    }

    /// Opens a page, with the cookies of the server if it is one of the server's.
    pub(crate) async fn open(&mut self, url: &str) -> Result<Reply, String> {
        let ours = url.starts_with(&format!("{}/", self.home));
        let mut request = self.client.get(url);
        if ours && !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie_header());
        }
        let reply = self.send(request).await?;
        if ours {
            self.keep_cookies(&reply.headers);
        }
        Ok(reply)
    }

    /// Goes through a login: opens the connect page, presses `button` in the dialog, and returns where the
    /// dialog sends the browser with its answer.
    pub(crate) async fn go_through_dialog(&mut self, provider: &str, button: &str) -> Result<String, String> {
        self.decide(&format!("/connect/{provider}"), button, &[]).await
    }

    /// The same from any path that starts a login, without what the person unticks.
    pub(crate) async fn decide(
        &mut self,
        path: &str,
        button: &str,
        unticked: &[&str],
    ) -> Result<String, String> {
        let started = self.open(&self.at(path)).await?;
        let dialog = redirected(&started, 303)?;
        let page = self.open(&dialog).await?;
        if page.status != 200 {
            return Err(format!("the dialog answered {}: {}", page.status, page.text));
        }
        let mut form = Form::read(&page.text).ok_or("the dialog has no form")?;
        if let Some(missing) = unticked.iter().find(|name| !form.untick(name)) {
            return Err(format!("the dialog does not ask for {missing}"));
        }
        let target = Url::parse(&dialog).and_then(|dialog| {
            // No action means the page itself.
            if form.action.is_empty() { Ok(dialog) } else { dialog.join(&form.action) }
        });
        let target = target.map_err(|error| format!("the form leads nowhere: {error}"))?;
        let fields = form.pressed(button).ok_or_else(|| format!("the dialog has no button {button}"))?;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let content_type = "application/x-www-form-urlencoded";
        let post = self.client.post(target).header(header::CONTENT_TYPE, content_type).body(body);
        let decided = self.send(post).await?;
        let back = redirected(&decided, 302)?;
        // A browser keeps the fragment to itself.
        Ok(back.split('#').next().unwrap_or_default().to_owned())
    }

    /// Goes through a login and back to the server, which must then send the browser home.
    pub(crate) async fn log_in(&mut self, provider: &str, button: &str) -> Result<(), String> {
        let callback = self.go_through_dialog(provider, button).await?;
        self.come_back(&callback).await
    }

    /// Brings a callback to the server, which must then send the browser home.
    pub(crate) async fn come_back(&mut self, callback: &str) -> Result<(), String> {
        let finished = self.open(callback).await?;
        match redirected(&finished, 303)?.as_str() {
            "/" => Ok(()),
            other => Err(format!("the callback leads to {other} and not home")),
        }
    }

    /// The value of a `Cookie` header.
    pub(crate) fn cookie_header(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            if parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0")) {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Where an answer sends the browser.
fn redirected(reply: &Reply, status: u16) -> Result<String, String> {
    let location = reply.header(header::LOCATION).filter(|_| reply.status == status);
    location
        .map(str::to_owned)
        .ok_or_else(|| format!("expected a redirect ({status}), got {}: {}", reply.status, reply.text))
}
