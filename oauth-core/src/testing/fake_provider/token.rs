//! The token endpoint.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::{
    World,
    ledger::Grant,
    received::{Form, Received},
    reply::{self, Refused},
};
use crate::ScopeSet;

impl World {
    pub(super) fn token(&mut self, received: &Received) -> Result<Response<Bytes>, Refused> {
        let (app, form) = self.form_of_app(received)?;
        match form.get("grant_type").map(String::as_str) {
            Some("authorization_code") => self.code_for_token(&app, &form),
            Some("refresh_token") => self.refresh_for_token(&app, &form),
            Some("client_credentials") => self.credentials_for_token(&app, &form),
            _ => Err(Refused::new("unsupported_grant_type", "no such grant")),
        }
    }

    fn code_for_token(&mut self, app: &str, form: &Form) -> Result<Response<Bytes>, Refused> {
        let given = |name: &str| form.get(name).map(String::as_str);
        let (code, now) = (given("code").unwrap_or_default(), self.timer.now());
        let (redirect_uri, verifier) = (given("redirect_uri"), given("code_verifier"));
        let grant = self.ledger.redeem(code, app, redirect_uri, verifier, now);
        self.tokens(grant.ok_or_else(|| Refused::new("invalid_grant", code))?, None, true)
    }

    fn refresh_for_token(&mut self, app: &str, form: &Form) -> Result<Response<Bytes>, Refused> {
        let refresh = form.get("refresh_token").map(String::as_str).unwrap_or_default();
        let renewed = self.ledger.renew(refresh, app, self.rotation, self.timer.now());
        let (grant, rotates) = renewed.ok_or_else(|| Refused::new("invalid_grant", refresh))?;
        let narrower = form.get("scope").map(|scope| ScopeSet::parse(scope));
        self.tokens(grant, narrower, rotates)
    }

    fn credentials_for_token(&mut self, app: &str, form: &Form) -> Result<Response<Bytes>, Refused> {
        let scopes = ScopeSet::parse(form.get("scope").map(String::as_str).unwrap_or_default());
        let grant = self.ledger.open(Grant::new(app, None, scopes));
        self.tokens(grant, None, false)
    }

    fn tokens(
        &mut self,
        number: usize,
        narrower: Option<ScopeSet>,
        with_refresh: bool,
    ) -> Result<Response<Bytes>, Refused> {
        let ended = || Refused::new("invalid_grant", "the grant has ended");
        let grant = self.ledger.grant(number).cloned().ok_or_else(ended)?;
        let scopes = narrower.unwrap_or_else(|| grant.scopes.clone());
        if !grant.scopes.missing(&scopes).is_empty() {
            return Err(Refused::new("invalid_scope", "more than was granted"));
        }
        let mut body = json!({
            "access_token": self.ledger.issue_access(number, scopes.clone(), self.timer.now(), self.token_life),
            "token_type": "Bearer",
            "expires_in": self.token_life.as_secs(),
            "scope": scopes.join(' '),
        });
        let mut add = |name: &str, value: String| {
            if let Some(body) = body.as_object_mut() {
                body.insert(name.to_owned(), value.into());
            }
        };
        if with_refresh {
            add("refresh_token", self.ledger.issue_refresh(number));
        }
        if scopes.contains("openid") {
            add("id_token", self.id_token(&grant));
        }
        Ok(reply::json(200, &body))
    }

    /// An id token of OpenID Connect Core section 2. Its signature is not worth the name: a client that gets it
    /// straight from the token endpoint need not look at it (section 3.1.3.7, item 6).
    fn id_token(&self, grant: &Grant) -> String {
        let now = self.timer.now().as_unix_seconds();
        let end = self.timer.now().saturating_add(self.token_life).as_unix_seconds();
        let mut claims = self.claims_of(grant.person.as_deref().unwrap_or_default());
        if let Some(claims) = claims.as_object_mut() {
            claims.insert("iss".to_owned(), self.issuer.as_str().into());
            claims.insert("aud".to_owned(), grant.app.as_str().into());
            claims.insert("iat".to_owned(), now.into());
            claims.insert("exp".to_owned(), end.into());
            if let Some(nonce) = &grant.nonce {
                claims.insert("nonce".to_owned(), nonce.as_str().into());
            }
        }
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256", "typ": "JWT"})), part(&claims))
    }
}
