//! The pages that a person sees.

use std::{collections::BTreeMap, fmt};

use url::Url;

use super::{
    FakeProvider, World,
    ledger::{Code, Grant, Proof},
};
use crate::{PkceSupport, Scope, ScopeSet};

/// What the person does on the provider's pages.
#[derive(Clone, Debug)]
pub struct Decision(Choice);

#[derive(Clone, Debug)]
enum Choice {
    Approve { person: String, declined: ScopeSet, extra: ScopeSet },
    Fail(String),
}

impl Decision {
    /// Signs in as this person and agrees to everything that is asked for.
    pub fn approve(person: impl Into<String>) -> Self {
        Self(Choice::Approve { person: person.into(), declined: ScopeSet::new(), extra: ScopeSet::new() })
    }

    /// But declines these scopes.
    pub fn declining(mut self, scopes: &str) -> Self {
        if let Choice::Approve { declined, .. } = &mut self.0 {
            *declined = ScopeSet::parse(scopes);
        }
        self
    }

    /// And the server grants these on top, unasked.
    pub fn also_granting(mut self, scopes: &str) -> Self {
        if let Choice::Approve { extra, .. } = &mut self.0 {
            *extra = ScopeSet::parse(scopes);
        }
        self
    }

    /// Says no.
    pub fn cancel() -> Self {
        Self::fail("access_denied")
    }

    /// Gets as far as this error of RFC 6749 section 4.1.2.1.
    pub fn fail(error: impl Into<String>) -> Self {
        Self(Choice::Fail(error.into()))
    }
}

/// The server showed the person an error page and sent nobody back: the request was not one it can trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage(&'static str);

impl fmt::Display for ErrorPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the provider shows an error page: {}", self.0)
    }
}

impl std::error::Error for ErrorPage {}

impl FakeProvider {
    /// Plays the browser: opens the authorization URL, decides, and tells with which query the person comes
    /// back to the redirect URI.
    ///
    /// # Errors
    ///
    /// [`ErrorPage`] when the person must not be sent back (RFC 6749 section 4.1.2.1): another server's URL, an
    /// unknown app, a redirect URI that is not registered, a parameter that is there twice.
    pub fn authorize(&self, url: &str, decision: Decision) -> Result<String, ErrorPage> {
        let mut world = self.world();
        let asked = Asked::read(&world, url)?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        match world.decide(&asked, decision) {
            Ok(code) => query.append_pair("code", &code),
            Err(error) => {
                query.append_pair("error", &error).append_pair("error_description", "said the test")
            }
        };
        if let Some(state) = asked.parameters.get("state") {
            query.append_pair("state", state);
        }
        if world.names_itself {
            query.append_pair("iss", &world.issuer);
        }
        Ok(query.finish())
    }
}

/// A request that may be answered through the browser.
struct Asked {
    parameters: BTreeMap<String, String>,
    app: String,
    redirect_uri: String,
}

impl Asked {
    fn read(world: &World, url: &str) -> Result<Self, ErrorPage> {
        let url = Url::parse(url).map_err(|_| ErrorPage("the address is not a URL"))?;
        let issuer = Url::parse(&world.issuer).map_err(|_| ErrorPage("the issuer is not a URL"))?;
        if url.origin() != issuer.origin() {
            return Err(ErrorPage("the address belongs to another server"));
        }
        let parameters: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        if parameters.len() != url.query_pairs().count() {
            return Err(ErrorPage("a parameter is there twice"));
        }
        let given = |name: &str| parameters.get(name).cloned().unwrap_or_default();
        let (app, redirect_uri) = (given("client_id"), given("redirect_uri"));
        let registered = world.apps.get(&app).ok_or(ErrorPage("the app is not known"))?;
        if !registered.redirect_uris.contains(&redirect_uri) {
            return Err(ErrorPage("the redirect URI is not one of the app's"));
        }
        Ok(Self { parameters, app, redirect_uri })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }
}

impl World {
    /// A code, or an error that goes back through the browser.
    fn decide(&mut self, asked: &Asked, decision: Decision) -> Result<String, String> {
        if asked.get("response_type") != Some("code") {
            return Err("unsupported_response_type".to_owned());
        }
        let proof = match (asked.get("code_challenge"), asked.get("code_challenge_method"), self.pkce) {
            (_, _, PkceSupport::Unsupported) => Proof::Ignored,
            // `plain` is also what a missing method means, and is not offered.
            (Some(challenge), Some("S256"), _) if challenge.len() == 43 => Proof::S256(challenge.to_owned()),
            (None, None, PkceSupport::Optional) => Proof::Unwanted,
            _ => return Err("invalid_request".to_owned()),
        };
        let (person, declined, extra) = match decision.0 {
            Choice::Approve { person, declined, extra } => (person, declined, extra),
            Choice::Fail(error) => return Err(error),
        };
        let wanted = ScopeSet::parse(asked.get("scope").unwrap_or_default());
        let agreed = |scope: &&Scope| !declined.contains(scope.as_str());
        let scopes = wanted.iter().filter(agreed).chain(extra.iter()).cloned().collect();
        let mut grant = Grant::new(&asked.app, Some(person), scopes);
        grant.nonce = asked.get("nonce").map(ToOwned::to_owned);
        let ends_at = self.timer.now().saturating_add(self.code_life);
        let redirect_uri = asked.redirect_uri.clone();
        Ok(self.ledger.keep_code(Code { grant, redirect_uri, proof, ends_at }))
    }
}
