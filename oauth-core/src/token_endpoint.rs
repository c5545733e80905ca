//! The one place that talks to a token endpoint.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use http::{
    HeaderValue, Method,
    header::{CONTENT_TYPE, RETRY_AFTER},
    response::Parts,
};
use oauth2::{
    AsyncHttpClient, AuthType, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RedirectUrl,
    RequestTokenError, StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use sociogram_api_core::{
    ErrorKind,
    http::{
        AllowedHosts, BaseUrl, BudgetKey, CoreError, Dialect, Fault, Observer, Operation, Pipeline, Replay,
        RequestParts, Timeouts, Timer, Transport, Verdict,
    },
};

use crate::{
    AccessToken, AuthorizationCode, ClientSecret, Grant, OAuthError, PkceVerifier, Provider, ProviderHooks,
    RedirectUri, RefreshToken, RefusedAnswer, TokenKind, TokenSet, token_reply::TokenReply,
};

const MAX_ANSWER: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The `oauth2` crate's client with our answers; lives for one call, because it does not wipe its secrets.
type Standard = oauth2::Client<
    BasicErrorResponse,
    TokenReply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    provider: Provider,
    base: BaseUrl,
    client_id: String,
    secret: ClientSecret,
    redirect_uri: RedirectUri,
    pipeline: Pipeline,
}

impl TokenEndpoint {
    pub(crate) fn new(
        provider: Provider,
        client_id: String,
        secret: ClientSecret,
        redirect_uri: RedirectUri,
        transport: Arc<dyn Transport>,
        timer: Arc<dyn Timer>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Self, OAuthError> {
        let base = provider.checked_token_base()?;
        let dialect = TokenDialect {
            hooks: Arc::clone(&provider.hooks),
            key: BudgetKey::new("oauth", format!("{}/{client_id}", provider.id)),
        };
        let mut pipeline = Pipeline::builder(Arc::new(dialect))
            .transport(transport)
            .timer(timer)
            .hosts(AllowedHosts::default().allow(&base))
            .timeouts(Timeouts::new(TIMEOUT, TIMEOUT))
            .max_response_bytes(MAX_ANSWER);
        if let Some(observer) = observer {
            pipeline = pipeline.observer(observer);
        }
        let pipeline = pipeline.build().map_err(OAuthError::from_call)?;
        Ok(Self { provider, base, client_id, secret, redirect_uri, pipeline })
    }

    /// A code for a token (RFC 6749 section 4.1.3). Never repeated: a code is good for one call.
    pub(crate) async fn exchange_code(
        &self,
        code: &AuthorizationCode,
        verifier: Option<&PkceVerifier>,
    ) -> Result<TokenSet, OAuthError> {
        let operation = self.operation("oauth.exchange_code", Grant::Code, Replay::Never);
        let sent_at = self.pipeline.timer().now();
        let client = self.standard()?;
        let mut request = client.exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()));
        if let Some(verifier) = verifier {
            request = request.set_pkce_verifier(oauth2::PkceCodeVerifier::new(verifier.expose().to_owned()));
        }
        let relay = Relay { endpoint: self, operation: &operation };
        let reply = request.request_async(&relay).await.map_err(reduce)?;
        reply.into_token_set(self.provider.token_kind, sent_at)
    }

    /// A refresh token for a new access token (RFC 6749 section 6).
    pub(crate) async fn refresh(
        &self,
        refresh: &RefreshToken,
        kind: TokenKind,
    ) -> Result<TokenSet, OAuthError> {
        // LinkedIn's refresh token stays the same, so sending it twice does no harm.
        let operation = self.operation("oauth.refresh", Grant::Refresh, Replay::Safe);
        let sent_at = self.pipeline.timer().now();
        let client = self.standard()?;
        let refresh = oauth2::RefreshToken::new(refresh.expose().to_owned());
        let relay = Relay { endpoint: self, operation: &operation };
        let reply = client.exchange_refresh_token(&refresh).request_async(&relay).await.map_err(reduce)?;
        reply.into_token_set(kind, sent_at)
    }

    /// A token for one that lives longer (Meta: Get Long-Lived Tokens). Two calls give two good tokens.
    pub(crate) async fn exchange_token(
        &self,
        token: &AccessToken,
        kind: TokenKind,
    ) -> Result<TokenSet, OAuthError> {
        let operation = self.operation("oauth.exchange_long_lived", Grant::LongLived, Replay::Safe);
        let sent_at = self.pipeline.timer().now();
        let mut parts = self.parts();
        parts
            .form_field("grant_type", "fb_exchange_token")
            .form_field("client_id", &self.client_id)
            .form_field("client_secret", self.secret.expose())
            .form_field("fb_exchange_token", token.expose());
        let answer = self.pipeline.execute(&operation, &parts).await.map_err(OAuthError::from_call)?;
        let reply: TokenReply = answer.json().map_err(|error| unreadable(error.path()))?;
        reply.into_token_set(kind, sent_at)
    }

    fn operation(&self, name: &'static str, grant: Grant, replay: Replay) -> Operation {
        Operation::new(name, self.provider.label, replay).sensitive().with(grant)
    }

    fn parts(&self) -> RequestParts {
        let mut parts = RequestParts::new(Method::POST, self.provider.token_path);
        parts.base(self.base.clone());
        parts
    }

    fn standard(&self) -> Result<Standard, OAuthError> {
        let unusable = |_| OAuthError::new(ErrorKind::Misconfigured, "an OAuth endpoint is not a URL");
        let token_url = TokenUrl::new(self.provider.token_url()).map_err(unusable)?;
        let redirect_uri = RedirectUrl::new(self.redirect_uri.as_str().to_owned()).map_err(unusable)?;
        Ok(oauth2::Client::new(oauth2::ClientId::new(self.client_id.clone()))
            .set_client_secret(oauth2::ClientSecret::new(self.secret.expose().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(token_url)
            .set_redirect_uri(redirect_uri))
    }
}

/// Sends what the `oauth2` crate wrote along the road that every request takes.
struct Relay<'a> {
    endpoint: &'a TokenEndpoint,
    operation: &'a Operation,
}

impl<'c> AsyncHttpClient<'c> for Relay<'_> {
    type Error = CoreError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CoreError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut parts = self.endpoint.parts();
            parts.body(request.into_body().into(), FORM);
            let answer = self.endpoint.pipeline.execute(self.operation, &parts).await?;
            let mut response = HttpResponse::new(answer.body().to_vec());
            // Facebook may call its JSON `text/javascript`, which the crate would refuse to read.
            response.headers_mut().insert(CONTENT_TYPE, JSON);
            Ok(response)
        })
    }
}

/// Keeps of the `oauth2` crate's error what holds no token: its `Parse` carries the whole body.
fn reduce(error: RequestTokenError<CoreError, BasicErrorResponse>) -> OAuthError {
    match error {
        RequestTokenError::Request(error) => OAuthError::from_call(error),
        RequestTokenError::Parse(error, _body) => unreadable(&error.path().to_string()),
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => {
            OAuthError::unreadable("it is empty or no token answer")
        }
    }
}

fn unreadable(path: &str) -> OAuthError {
    // The path is only repeated where it is one of our own field names.
    match path {
        "access_token" => OAuthError::unreadable("the access token is not a text"),
        "refresh_token" => OAuthError::unreadable("the refresh token is not a text"),
        _ => OAuthError::unreadable("it is not a JSON object"),
    }
}

/// Judges the answers of a token endpoint.
#[derive(Debug)]
struct TokenDialect {
    hooks: Arc<dyn ProviderHooks>,
    key: BudgetKey,
}

impl Dialect for TokenDialect {
    fn inspect(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Verdict {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let mut verdict = Verdict::new();
        verdict.request_id = header("x-fb-trace-id").or_else(|| header("x-li-uuid")).map(Into::into);
        if head.status.is_success() {
            return verdict;
        }
        let grant = operation.get::<Grant>().copied().unwrap_or(Grant::Code);
        let refusal = self.hooks.refusal(&RefusedAnswer::new(grant, head.status.as_u16(), body));
        let mut fault = Fault::new(refusal.class().fault_class());
        if let Some(seconds) = header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()) {
            fault = fault.retry_after(Duration::from_secs(seconds));
        }
        verdict.fault = Some(fault.detail(refusal));
        verdict
    }

    fn budget_keys(&self, _: &Operation) -> Vec<BudgetKey> {
        vec![self.key.clone()]
    }
}
