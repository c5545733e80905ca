//! What a provider publishes about itself.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    ClientAuth, OAuthError, PkceSupport, Reason, Scope, ScopeSet,
    provider::endpoint::{Endpoint, is_loopback},
};

mod discover;

/// A provider's endpoints and abilities (RFC 8414, OpenID Connect Discovery), for
/// [`Provider::generic`](crate::Provider::generic). Written down by [`new`](Self::new), read by
/// [`parse`](Self::parse), or fetched by [`discover`](Self::discover).
///
/// Endpoints are https, or http on loopback. A query that belongs to one is kept.
#[derive(Clone, Debug)]
pub struct ProviderMetadata {
    pub(crate) issuer: Option<String>,
    pub(crate) authorization: Endpoint,
    pub(crate) token: Endpoint,
    pub(crate) introspection: Option<Endpoint>,
    pub(crate) revocation: Option<Endpoint>,
    pub(crate) userinfo: Option<Endpoint>,
    pub(crate) client_auth: ClientAuth,
    /// How apps show their secret when they look a token up; empty if the provider does not say.
    pub(crate) introspection_auth: Vec<ClientAuth>,
    /// The same when they withdraw one.
    pub(crate) revocation_auth: Vec<ClientAuth>,
    pub(crate) pkce: PkceSupport,
    pub(crate) iss_required: bool,
    scopes: ScopeSet,
}

impl ProviderMetadata {
    /// With the two endpoints that every provider has, the secret in the `Authorization` header, and PKCE sent.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` naming the endpoint that cannot be used, and why.
    pub fn new(authorization_endpoint: &str, token_endpoint: &str) -> Result<Self, OAuthError> {
        Ok(Self {
            issuer: None,
            authorization: endpoint("authorization endpoint", authorization_endpoint)?,
            token: endpoint("token endpoint", token_endpoint)?,
            introspection: None,
            revocation: None,
            userinfo: None,
            client_auth: ClientAuth::Basic,
            introspection_auth: Vec::new(),
            revocation_auth: Vec::new(),
            pkce: PkceSupport::Optional,
            iss_required: false,
            scopes: ScopeSet::new(),
        })
    }

    /// Sets what the provider calls itself: in callbacks (RFC 9207) and id tokens. Without it a callback that
    /// names an issuer is refused.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` for an issuer that is no https URL (or http on loopback), or has a
    /// query or fragment.
    pub fn with_issuer(mut self, issuer: &str) -> Result<Self, OAuthError> {
        check_issuer(issuer)?;
        self.issuer = Some(issuer.to_owned());
        Ok(self)
    }

    /// Refuses callbacks that do not name the issuer (RFC 9207). Needs one to be set.
    pub fn with_iss_required(mut self) -> Self {
        self.iss_required = true;
        self
    }

    /// Sets where tokens are looked up (RFC 7662).
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_introspection(mut self, url: &str) -> Result<Self, OAuthError> {
        self.introspection = Some(endpoint("introspection endpoint", url)?);
        Ok(self)
    }

    /// Sets where tokens are withdrawn (RFC 7009).
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_revocation(mut self, url: &str) -> Result<Self, OAuthError> {
        self.revocation = Some(endpoint("revocation endpoint", url)?);
        Ok(self)
    }

    /// Sets where a token's owner is looked up (OpenID Connect: UserInfo Endpoint).
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_userinfo(mut self, url: &str) -> Result<Self, OAuthError> {
        self.userinfo = Some(endpoint("userinfo endpoint", url)?);
        Ok(self)
    }

    /// Reads what `issuer` publishes. It must name exactly this issuer. Members this version does not know are
    /// ignored; a plain-http endpoint is accepted only if the issuer is on loopback itself.
    ///
    /// The client authentication is the first of Basic, form and none that is listed; Basic if nothing is. Where
    /// introspection and revocation list other methods than that, they get theirs. PKCE is required if S256 is
    /// listed; otherwise it is sent all the same.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] with [`Reason::MetadataInvalid`], saying what is wrong.
    pub fn parse(issuer: &str, json: &[u8]) -> Result<Self, OAuthError> {
        let local = check_issuer(issuer)?;
        let published: Published = serde_json::from_slice(json).map_err(|_| {
            invalid("it is not a JSON object, or a member has another type than RFC 8414 says")
        })?;
        if published.issuer.as_deref() != Some(issuer) {
            return Err(invalid("it names another issuer than the one that was asked for").with_action(
                "pass the issuer exactly as the provider writes it, with or without its last slash",
            ));
        }
        let missing = |what: &str| invalid(&format!("it names no {what}"));
        let authorization =
            published.authorization_endpoint.ok_or_else(|| missing("authorization endpoint"))?;
        let token = published.token_endpoint.ok_or_else(|| missing("token endpoint"))?;
        let mut metadata = Self::new(&authorization, &token)?;
        metadata.issuer = Some(issuer.to_owned());
        metadata.introspection = optional("introspection endpoint", published.introspection_endpoint)?;
        metadata.revocation = optional("revocation endpoint", published.revocation_endpoint)?;
        metadata.userinfo = optional("userinfo endpoint", published.userinfo_endpoint)?;
        if !local && metadata.endpoints().any(Endpoint::is_loopback_http) {
            return Err(invalid("it leads to this machine, which its issuer is not on"));
        }
        metadata.client_auth = client_auth(published.token_endpoint_auth_methods_supported.as_deref())?;
        metadata.introspection_auth =
            known(published.introspection_endpoint_auth_methods_supported.as_deref());
        metadata.revocation_auth = known(published.revocation_endpoint_auth_methods_supported.as_deref());
        let methods = published.code_challenge_methods_supported.unwrap_or_default();
        if methods.iter().any(|method| method == "S256") {
            metadata.pkce = PkceSupport::Required;
        }
        metadata.iss_required = published.authorization_response_iss_parameter_supported.unwrap_or(false);
        let scopes = published.scopes_supported.unwrap_or_default();
        metadata.scopes = scopes.iter().filter_map(Value::as_str).map(Scope::new).collect();
        Ok(metadata)
    }

    /// What the provider calls itself.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The scopes that the provider lists. It may know more than it lists, and lists none if it does not say.
    pub const fn scopes_supported(&self) -> &ScopeSet {
        &self.scopes
    }

    fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        let optional = self.introspection.iter().chain(&self.revocation).chain(&self.userinfo);
        [&self.authorization, &self.token].into_iter().chain(optional)
    }
}

/// RFC 8414 section 2.
#[derive(Deserialize)]
struct Published {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    introspection_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    scopes_supported: Option<Vec<Value>>,
    token_endpoint_auth_methods_supported: Option<Vec<Value>>,
    introspection_endpoint_auth_methods_supported: Option<Vec<Value>>,
    revocation_endpoint_auth_methods_supported: Option<Vec<Value>>,
    code_challenge_methods_supported: Option<Vec<Value>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

fn client_auth(methods: Option<&[Value]>) -> Result<ClientAuth, OAuthError> {
    if methods.is_none() {
        return Ok(ClientAuth::Basic);
    }
    known(methods).first().copied().ok_or_else(|| {
        invalid("the token endpoint takes none of client_secret_basic, client_secret_post and none")
            .with_action("register the app for one of them, or write the metadata down with `new`")
    })
}

/// The methods that this version knows, the best first.
fn known(methods: Option<&[Value]>) -> Vec<ClientAuth> {
    let known = [
        ("client_secret_basic", ClientAuth::Basic),
        ("client_secret_post", ClientAuth::Body),
        ("none", ClientAuth::None),
    ];
    let listed = |name: &str| methods.unwrap_or_default().iter().any(|method| method == name);
    known.into_iter().filter(|(name, _)| listed(name)).map(|(_, auth)| auth).collect()
}

fn optional(name: &str, url: Option<String>) -> Result<Option<Endpoint>, OAuthError> {
    url.map(|url| endpoint(name, &url)).transpose()
}

fn endpoint(name: &str, url: &str) -> Result<Endpoint, OAuthError> {
    Endpoint::parse(url).map_err(|problem| invalid(&format!("the {name} is not usable: {problem}")))
}

/// Whether the issuer is on this machine.
fn check_issuer(issuer: &str) -> Result<bool, OAuthError> {
    let wrong = |problem| {
        invalid(&format!("the issuer is not usable: {problem}"))
            .with_action("pass one such as https://id.example.com")
    };
    if issuer.contains('?') {
        return Err(wrong("it has a query"));
    }
    Endpoint::parse(issuer).map_err(wrong)?;
    let url = url::Url::parse(issuer).map_err(|_| wrong("it is not an absolute URL"))?;
    Ok(url.host().is_some_and(|host| is_loopback(&host)))
}

fn invalid(problem: &str) -> OAuthError {
    OAuthError::because(Reason::MetadataInvalid)
        .with_message(format!("the provider's metadata cannot be used: {problem}"))
}

#[cfg(test)]
mod tests;
