//! The one place that talks to a token endpoint and its neighbours.

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Method, header::AUTHORIZATION};
use sociogram_api_core::{
    Timer, Timestamp,
    http::{
        AllowedHosts, BudgetKey, Observer, Operation, Pipeline, RawResponse, Replay, RequestParts, Timeouts,
        Transport,
    },
};

use crate::{
    AccessToken, AuthorizationCode, ClientAuth, ClientSecret, Grant, Identity, OAuthError, PkceVerifier,
    Provider, Reason, RefreshToken, RefusedAnswer, Rotation, ScopeSet, TokenFacts, TokenKind,
    introspection_reply::token_facts,
    provider::{
        swap::SwapShape,
        targets::{SwapTarget, Targets},
    },
    reply::{Reply, is_html},
    token_reply::TokenAnswer,
    userinfo_reply::identity,
};

mod dialect;
mod standard;

use dialect::TokenDialect;
use standard::Writer;

/// Writes a request with the secret that is to be tried.
type Write<'a> = dyn Fn(Option<&ClientSecret>) -> Result<RequestParts, OAuthError> + Sync + 'a;

const MAX_ANSWER: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);

/// The app's secrets. While one is being replaced, two are good.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    pub(crate) current: Option<ClientSecret>,
    pub(crate) previous: Option<ClientSecret>,
}

/// One app at one provider's endpoints.
#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    provider: Provider,
    targets: Targets,
    client_id: String,
    secrets: Secrets,
    pipeline: Pipeline,
}

impl TokenEndpoint {
    pub(crate) fn new(
        provider: Provider,
        client_id: String,
        secrets: Secrets,
        transport: Arc<dyn Transport>,
        timer: Arc<dyn Timer>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Self, OAuthError> {
        let targets = provider.targets()?;
        let dialect = TokenDialect {
            hooks: Arc::clone(&provider.hooks),
            key: BudgetKey::new("oauth", format!("{}/{client_id}", provider.id)),
        };
        let hosts = targets.all().fold(AllowedHosts::default(), |hosts, target| hosts.allow(&target.base));
        let mut pipeline = Pipeline::builder(Arc::new(dialect))
            .transport(transport)
            .timer(timer)
            .hosts(hosts)
            .timeouts(Timeouts::new(TIMEOUT, TIMEOUT))
            .max_response_bytes(MAX_ANSWER);
        if let Some(observer) = observer {
            pipeline = pipeline.observer(observer);
        }
        let pipeline = pipeline.build().map_err(OAuthError::from_call)?;
        Ok(Self { provider, targets, client_id, secrets, pipeline })
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.pipeline.timer().now()
    }

    /// A code for a token (RFC 6749 section 4.1.3). Never repeated: a code is good for one call.
    pub(crate) async fn exchange_code(
        &self,
        code: &AuthorizationCode,
        verifier: Option<&PkceVerifier>,
        redirect_uri: Option<&str>,
    ) -> Result<TokenAnswer, OAuthError> {
        let operation = self.operation("oauth.exchange_code", Grant::Code, Replay::Never);
        let write = |secret: Option<&ClientSecret>| {
            self.writer(secret)?.code(&self.targets.token, code, verifier, redirect_uri)
        };
        self.tokens(&operation, &write, self.provider.token_kind).await
    }

    /// A refresh token for a new access token (RFC 6749 section 6).
    pub(crate) async fn refresh(
        &self,
        refresh: &RefreshToken,
        kind: TokenKind,
    ) -> Result<TokenAnswer, OAuthError> {
        // Where a refresh token is good once, sending it again may end the whole grant.
        let rotates = kind == TokenKind::Generic && self.provider.rotation != Rotation::None;
        let replay = if rotates { Replay::Never } else { Replay::Safe };
        let operation = self.operation("oauth.refresh", Grant::Refresh, replay);
        let write =
            |secret: Option<&ClientSecret>| self.writer(secret)?.refresh(&self.targets.token, refresh);
        self.tokens(&operation, &write, kind).await
    }

    /// The token of a code for one that lives longer (Facebook Login: Get Long-Lived Tokens; the same for
    /// Instagram and Threads). Two calls give two good tokens.
    pub(crate) async fn exchange_long_lived(&self, token: &AccessToken) -> Result<TokenAnswer, OAuthError> {
        let (Some(swap), Some(kind)) = (&self.targets.long_lived, self.provider.long_lived_kind) else {
            return Err(OAuthError::because(Reason::NotOffered));
        };
        let operation = self.operation("oauth.exchange_long_lived", Grant::LongLived, Replay::Safe);
        let write = |secret: Option<&ClientSecret>| Ok(self.swap(swap, secret, token, None));
        self.tokens(&operation, &write, kind).await
    }

    /// A token for a fresh one of the same sort, while it is valid.
    pub(crate) async fn renew(
        &self,
        token: &AccessToken,
        kind: TokenKind,
    ) -> Result<TokenAnswer, OAuthError> {
        let (Some(swap), Some((kind, extra))) = (&self.targets.renew, self.renewed_kind(kind)) else {
            return Err(OAuthError::because(Reason::NotOffered));
        };
        let operation = self.operation("oauth.renew", Grant::LongLived, Replay::Safe);
        let write = |secret: Option<&ClientSecret>| Ok(self.swap(swap, secret, token, extra));
        self.tokens(&operation, &write, kind).await
    }

    /// What a renewal gives, and what has to be added to ask for it.
    fn renewed_kind(&self, kind: TokenKind) -> Option<(TokenKind, Option<(&'static str, &'static str)>)> {
        let shape = self.targets.renew.as_ref()?.shape;
        match (shape, kind) {
            (SwapShape::Form, TokenKind::MetaUserShort | TokenKind::MetaUserLong) => {
                Some((TokenKind::MetaUserLong, None))
            }
            // Marketing API: System Users, Refresh Token.
            (SwapShape::Form, TokenKind::MetaSystemUser | TokenKind::WhatsAppBusiness) => {
                Some((kind, Some(("set_token_expires_in_60_days", "true"))))
            }
            (SwapShape::Query | SwapShape::QueryWithSecret, _) if kind == self.provider.token_kind => {
                Some((kind, None))
            }
            _ => None,
        }
    }

    /// The app's own token (RFC 6749 section 4.4).
    pub(crate) async fn client_credentials(&self, scopes: &ScopeSet) -> Result<TokenAnswer, OAuthError> {
        let (Some(kind), Some(_)) = (self.provider.app_kind, &self.secrets.current) else {
            return Err(OAuthError::because(Reason::NotOffered));
        };
        let operation = self.operation("oauth.client_credentials", Grant::ClientCredentials, Replay::Safe);
        let write = |secret: Option<&ClientSecret>| {
            self.writer(secret)?.client_credentials(&self.targets.token, scopes)
        };
        self.tokens(&operation, &write, kind).await
    }

    /// What the provider says about a token (RFC 7662; LinkedIn: Token Introspection); `None` without such an
    /// endpoint, or with one that is not for this sort of token.
    pub(crate) async fn introspect(&self, token: &str) -> Result<Option<TokenFacts>, OAuthError> {
        let Some(target) = &self.targets.introspection else { return Ok(None) };
        let operation = self.operation("oauth.introspect", Grant::Introspection, Replay::Safe);
        let auth = self.auth_of(&self.provider.introspection_auth);
        let write = |secret: Option<&ClientSecret>| {
            Writer::new(&self.client_id, secret, auth)?.introspection(target, token)
        };
        match self.reply(&operation, &write).await {
            Ok((reply, _)) => token_facts(&reply).map(Some),
            // Servers that look up no tokens in the form of a JWT borrow this code from RFC 7009.
            Err(error) if is_other_sort(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whose token it is (OpenID Connect: UserInfo Endpoint); `None` without such an endpoint.
    pub(crate) async fn userinfo(&self, token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        let Some(target) = &self.targets.userinfo else { return Ok(None) };
        let operation = self.operation("oauth.userinfo", Grant::UserInfo, Replay::Safe);
        let mut parts = target.request(Method::GET);
        parts.header(AUTHORIZATION, bearer(token)?);
        let write = |_: Option<&ClientSecret>| Ok(parts.clone());
        let (reply, _) = self.reply(&operation, &write).await?;
        identity(&reply).map(Some)
    }

    /// Withdraws a token (RFC 7009, LinkedIn). `hint` is `access_token` or `refresh_token`. `false` if the
    /// provider has no such endpoint, or none for this sort of token.
    pub(crate) async fn revoke(&self, token: &str, hint: &str) -> Result<bool, OAuthError> {
        let Some(target) = &self.targets.revocation else { return Ok(false) };
        let hint = Some(hint).filter(|_| self.provider.revocation_hint);
        let operation = self.operation("oauth.revoke", Grant::Revocation, Replay::Safe);
        let auth = self.auth_of(&self.provider.revocation_auth);
        let write = |secret: Option<&ClientSecret>| {
            Writer::new(&self.client_id, secret, auth)?.revocation(target, token, hint)
        };
        let answer = self.send(&operation, &write).await.and_then(|answer| self.confirmed(&answer));
        match answer {
            Ok(()) => Ok(true),
            Err(error) if is_other_sort(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The body of a revocation's success says nothing (RFC 7009 section 2.2), unless it comes from somebody
    /// else or contradicts the status.
    fn confirmed(&self, answer: &RawResponse) -> Result<(), OAuthError> {
        if is_html(answer.body()) {
            return Err(OAuthError::because(Reason::AnswerIsHtml));
        }
        Reply::read(answer.body())
            .map_or(Ok(()), |reply| self.reject_refusal(Grant::Revocation, answer, &reply))
    }

    fn operation(&self, name: &'static str, grant: Grant, replay: Replay) -> Operation {
        Operation::new(name, self.provider.label, replay).sensitive().with(grant)
    }

    /// RFC 8414 section 2: the endpoints around the token endpoint may take other methods than it does. An app
    /// without a secret has no other.
    fn auth_of(&self, listed: &[ClientAuth]) -> ClientAuth {
        let own = self.provider.client_auth;
        if own == ClientAuth::None || listed.contains(&own) {
            return own;
        }
        listed.iter().copied().find(|auth| *auth != ClientAuth::None).unwrap_or(own)
    }

    fn writer(&self, secret: Option<&ClientSecret>) -> Result<Writer, OAuthError> {
        Writer::new(&self.client_id, secret, self.provider.client_auth)
    }

    fn swap(
        &self,
        swap: &SwapTarget,
        secret: Option<&ClientSecret>,
        token: &AccessToken,
        extra: Option<(&str, &str)>,
    ) -> RequestParts {
        let mut fields = vec![("grant_type", swap.grant)];
        if swap.shape == SwapShape::Form {
            fields.push(("client_id", &self.client_id));
        }
        if let Some(secret) = secret.filter(|_| swap.shape != SwapShape::Query) {
            fields.push(("client_secret", secret.expose()));
        }
        fields.push((swap.field, token.expose()));
        fields.extend(extra);
        let form = swap.shape == SwapShape::Form;
        let mut parts = swap.target.request(if form { Method::POST } else { Method::GET });
        for (name, value) in fields {
            if form {
                parts.form_field(name, value)
            } else {
                parts.query(name, value)
            };
        }
        parts
    }

    async fn tokens(
        &self,
        operation: &Operation,
        write: &Write<'_>,
        kind: TokenKind,
    ) -> Result<TokenAnswer, OAuthError> {
        let (reply, sent_at) = self.reply(operation, write).await?;
        TokenAnswer::from_reply(&reply, kind, sent_at)
    }

    /// The answer's members, and the moment before the request left.
    async fn reply(
        &self,
        operation: &Operation,
        write: &Write<'_>,
    ) -> Result<(Reply, Timestamp), OAuthError> {
        let sent_at = self.now();
        let answer = self.send(operation, write).await?;
        let grant = operation.get::<Grant>().copied().unwrap_or(Grant::Code);
        let reply = Reply::read(answer.body())?;
        self.reject_refusal(grant, &answer, &reply)?;
        Ok((reply, sent_at))
    }

    /// A refusal that came with a success and that the hooks could not place; see [`TokenDialect`].
    fn reject_refusal(&self, grant: Grant, answer: &RawResponse, reply: &Reply) -> Result<(), OAuthError> {
        if !reply.is_refusal() {
            return Ok(());
        }
        let refusal = self.provider.hooks.refusal(&RefusedAnswer::new(grant, answer.status(), answer.body()));
        let kind = refusal.class().error_kind().unwrap_or(Reason::RefusedWithSuccess.kind());
        Err(OAuthError::because(Reason::RefusedWithSuccess).with_kind(kind).with_refusal(refusal))
    }

    /// Sends it; once more with the previous secret if the current one is not accepted. Nothing has happened
    /// then: a provider looks at the secret first, and at the code or token afterwards.
    async fn send(&self, operation: &Operation, write: &Write<'_>) -> Result<RawResponse, OAuthError> {
        let first = self.execute(operation, &write(self.secrets.current.as_ref())?).await;
        match (first, &self.secrets.previous) {
            (Err(error), Some(previous)) if error.reason() == Reason::ClientRefused => {
                tracing::warn!(
                    provider = self.provider.label,
                    "the client secret was refused; trying the previous one"
                );
                self.execute(operation, &write(Some(previous))?).await
            }
            (result, _) => result,
        }
    }

    async fn execute(&self, operation: &Operation, parts: &RequestParts) -> Result<RawResponse, OAuthError> {
        Box::pin(self.pipeline.execute(operation, parts)).await.map_err(OAuthError::from_call)
    }
}

/// RFC 7009 section 2.2.1.
fn is_other_sort(error: &OAuthError) -> bool {
    error.error_code() == Some("unsupported_token_type")
}

fn bearer(token: &AccessToken) -> Result<HeaderValue, OAuthError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
        .map_err(|_| OAuthError::because(Reason::Input).with_message("the token holds control characters"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
