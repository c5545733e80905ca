//! What the server tells about tokens, people and itself.

use bytes::Bytes;
use http::{Response, header};
use serde_json::{Value, json};

use super::{
    World,
    received::Received,
    reply::{self, Refused},
};
use crate::{ClientAuth, PkceSupport};

impl World {
    /// RFC 7662. A token that is not good, or another app's, is `{"active":false}` and nothing else.
    pub(super) fn introspect(&self, received: &Received) -> Result<Response<Bytes>, Refused> {
        let (app, form) = self.form_of_app(received)?;
        let token = form.get("token").map(String::as_str).unwrap_or_default();
        let active = self.ledger.active(token, self.timer.now()).filter(|active| active.grant.app == app);
        let Some(active) = active else { return Ok(reply::json(200, &json!({ "active": false }))) };
        let mut body = json!({
            "active": true, "client_id": app, "iss": self.issuer, "scope": active.scopes.join(' '),
            "token_type": "Bearer",
        });
        if let Some(body) = body.as_object_mut() {
            body.extend(active.grant.person.map(|person| ("sub".to_owned(), person.into())));
            if let Some((begin, end)) = active.life {
                body.insert("iat".to_owned(), begin.as_unix_seconds().into());
                body.insert("exp".to_owned(), end.as_unix_seconds().into());
            }
        }
        Ok(reply::json(200, &body))
    }

    /// RFC 7009. A token nobody knows is withdrawn already.
    pub(super) fn revoke(&mut self, received: &Received) -> Result<Response<Bytes>, Refused> {
        let (app, form) = self.form_of_app(received)?;
        self.ledger.revoke_token(form.get("token").map(String::as_str).unwrap_or_default(), &app);
        Ok(reply::reply(200, "text/plain", Bytes::new()))
    }

    /// OpenID Connect Core section 5.3, with the token in the header only.
    pub(super) fn userinfo(&self, received: &Received) -> Result<Response<Bytes>, Refused> {
        let token =
            received.header(header::AUTHORIZATION.as_str()).strip_prefix("Bearer ").unwrap_or_default();
        let active = self.ledger.active(token, self.timer.now()).filter(|active| active.life.is_some());
        let person = active.and_then(|active| active.grant.person).ok_or_else(|| Refused::token(token))?;
        Ok(reply::json(200, &self.claims_of(&person)))
    }

    pub(super) fn claims_of(&self, person: &str) -> Value {
        let mut claims = self.claims.get(person).cloned().unwrap_or_else(|| json!({}));
        if let Some(claims) = claims.as_object_mut() {
            claims.insert("sub".to_owned(), person.into());
        }
        claims
    }

    /// RFC 8414 and OpenID Connect Discovery in one document.
    pub(super) fn metadata(&self) -> Response<Bytes> {
        let issuer = &self.issuer;
        let method = match self.client_auth {
            ClientAuth::Body => "client_secret_post",
            ClientAuth::Basic => "client_secret_basic",
            ClientAuth::None => "none",
        };
        let challenges: &[&str] = if self.pkce == PkceSupport::Unsupported { &[] } else { &["S256"] };
        reply::json(
            200,
            &json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "introspection_endpoint": format!("{issuer}/introspect"),
                "revocation_endpoint": format!("{issuer}/revoke"),
                "userinfo_endpoint": format!("{issuer}/userinfo"),
                "jwks_uri": format!("{issuer}/keys"),
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": [method],
                "code_challenge_methods_supported": challenges,
                "authorization_response_iss_parameter_supported": self.names_itself,
            }),
        )
    }
}
