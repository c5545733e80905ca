//! What happens in the browser: people at the sandbox's dialogs.

use http::{Method, Request, Response, header};
use serde_json::{Value, json};
use sociogram::api_core::http::{Body, Limits, ReqwestTransport, Transport};
use url::Url;

use crate::{Outcome, stage::Stage};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The sandbox's configuration of Facebook Login for Business that gives the token of a system user.
const SYSTEM_USER_CONFIGURATION: &str = "700100200300402";

/// Where the browser goes after the dialog.
const REDIRECT: &str = "http://127.0.0.1:3000/callback";

/// Has this person answer Facebook's dialog from now on.
pub(crate) async fn sign_in(stage: &Stage, person: &str) -> Outcome {
    let address = format!("{}/_sandbox/person", stage.sandbox.url());
    let body = json!({"platform": "meta", "id": person}).to_string();
    let answer = post(&address, "application/json", body).await?;
    if answer.status().is_success() { Ok(()) } else { Err("the person cannot sign in".into()) }
}

/// A business gives the app a token of its system user: the dialog, and the exchange of its code. In a program both are
/// the business of `oauth-core`.
pub(crate) async fn install_for_business(stage: &Stage) -> Outcome {
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().meta);
    let form = |fields: &[(&str, &str)]| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", &app.id).append_pair("redirect_uri", REDIRECT).extend_pairs(fields);
        form.finish()
    };
    let dialog = format!("{}/v26.0/dialog/oauth", endpoints.facebook);
    let decided = form(&[
        ("state", "from-the-session"),
        ("response_type", "code"),
        ("config_id", SYSTEM_USER_CONFIGURATION),
        ("override_default_response_type", "true"),
        ("decision", "continue"),
    ]);
    let sent_back = post(&dialog, "application/x-www-form-urlencoded", decided).await?;
    let location =
        sent_back.headers().get(header::LOCATION).ok_or("the dialog does not send the browser back")?;
    let location = Url::parse(location.to_str()?)?;
    let code = location.query_pairs().find_map(|(name, code)| (name == "code").then(|| code.into_owned()));
    let code = code.ok_or("the dialog gives no code")?;
    let exchange = form(&[("client_secret", &app.secret), ("code", &code)]);
    let exchange_at = format!("{}/v26.0/oauth/access_token", endpoints.graph);
    let answer = post(&exchange_at, "application/x-www-form-urlencoded", exchange).await?;
    let answer: Value = serde_json::from_slice(answer.body())?;
    if answer.get("access_token").is_some() { Ok(()) } else { Err("the code buys no token".into()) }
}

async fn post(address: &str, content_type: &str, body: String) -> Result<Response<bytes::Bytes>, Failure> {
    let length = body.len();
    let request = Request::builder()
        .method(Method::POST)
        .uri(address)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LENGTH, length)
        .body(Body::from(body))?;
    Ok(ReqwestTransport::new()?.send(request, &Limits::default()).await?)
}
