//! Who calls: the token, whether it is good, and the proof that the app secret is known.

use super::{Call, answer::GraphError, params::Params};
use crate::{
    clock::wall_millis,
    config::SandboxConfig,
    mac::{hex, hmac_sha256, same},
    request::PlatformName,
    state::{Decision, Inner},
    token::{Claims, Kind},
};

/// How long a timestamped proof is good, in seconds.
const PROOF_LIFE: i64 = 300;

/// The holder of a good token.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// The app itself.
    App,
    /// A person or a system user.
    User(Claims),
    /// A Page, through a person.
    Page {
        /// The Page.
        page: String,
        /// The token's content.
        claims: Claims,
    },
}

impl Caller {
    /// The caller of this call; `None` when it carries no token.
    ///
    /// # Errors
    ///
    /// When the token is not good, or its proof is missing or wrong.
    pub(crate) fn of(call: &mut Call<'_>) -> Result<Option<Self>, GraphError> {
        let in_header = call.request.authorization(&["Bearer", "OAuth"]);
        if in_header.is_none() && call.request.headers.contains_key(http::header::AUTHORIZATION) {
            return Err(GraphError::malformed_token());
        }
        if call.params.query_token().is_some() && !may_carry_token_in_query(call) {
            call.state.violation("token-in-query", call.request);
        }
        let in_params = call.params.text("access_token")?;
        let token = match (in_header, in_params) {
            (Some(token), None) => token.to_owned(),
            (None, Some(token)) => token,
            (Some(header), Some(param)) => {
                if header != param {
                    call.state.violation("two-different-tokens", call.request);
                }
                header.to_owned()
            }
            (None, None) => return Ok(None),
        };
        let caller = identify(call, &token)?;
        if !matches!(caller, Self::App) {
            check_proof(call, &token)?;
        }
        Ok(Some(caller))
    }

    /// The claims of a person's own token.
    ///
    /// # Errors
    ///
    /// When the token is a Page's or the app's.
    pub(crate) fn user(&self) -> Result<&Claims, GraphError> {
        match self {
            Self::User(claims) => Ok(claims),
            Self::Page { .. } => {
                Err(GraphError::permission("A user access token is required for this action."))
            }
            Self::App => Err(GraphError::no_token_for_me()),
        }
    }

    /// The claims of this Page's own token, with a permission.
    ///
    /// # Errors
    ///
    /// When the token is not this Page's, or the permission was not granted.
    pub(crate) fn page(
        &self,
        call: &Call<'_>,
        id: &str,
        permissions: &[&str],
    ) -> Result<&Claims, GraphError> {
        match self {
            Self::Page { page, claims } if page == id => {
                for permission in permissions {
                    if !granted(call, claims, permission) {
                        return Err(GraphError::permission(format!(
                            "Requires {} permission to manage the object",
                            permissions.join(" and ")
                        )));
                    }
                }
                Ok(claims)
            }
            _ => Err(GraphError::permission(
                "This method must be called with a Page access token of this Page. (A user access token was given, \
                 or the token of another Page.)",
            )),
        }
    }
}

/// Whether the token may be in the query: these calls are made that way by Meta's own examples.
fn may_carry_token_in_query(call: &Call<'_>) -> bool {
    call.request.segments().iter().any(|part| matches!(*part, "debug_token" | "oauth"))
}

/// The claims of a token of this app, good or not.
pub(crate) fn read_claims(shared: &Inner, token: &str) -> Option<Claims> {
    let claims = shared.signer.read(token)?;
    (claims.kind.platform() == PlatformName::Meta && claims.app == shared.config.meta.id).then_some(claims)
}

/// Whether this is a token of the app itself.
pub(crate) fn is_app_token(shared: &Inner, token: &str) -> bool {
    let meta = &shared.config.meta;
    same(token, &format!("{}|{}", meta.id, meta.secret)) || same(token, &shared.signer.app_token(&meta.id))
}

fn identify(call: &Call<'_>, token: &str) -> Result<Caller, GraphError> {
    if is_app_token(call.shared, token) {
        return Ok(Caller::App);
    }
    let claims = read_claims(call.shared, token).ok_or_else(GraphError::malformed_token)?;
    call.state.check(&claims).map_err(GraphError::dead_token)?;
    match (claims.kind, &claims.page) {
        (Kind::MetaPage, Some(page)) => Ok(Caller::Page { page: page.clone(), claims }),
        _ => Ok(Caller::User(claims)),
    }
}

/// Whether the token carries the permission and the person has not taken it back since.
pub(crate) fn granted(call: &Call<'_>, claims: &Claims, permission: &str) -> bool {
    let decision = call.state.permissions.get(&claims.person).and_then(|known| known.get(permission));
    claims.has_scope(permission) && decision.is_none_or(|decision| *decision == Decision::Granted)
}

/// Refuses a call whose `appsecret_proof` is wrong, or missing where the app demands one.
fn check_proof(call: &Call<'_>, token: &str) -> Result<(), GraphError> {
    let config = &call.shared.config;
    let Some(proof) = call.params.text("appsecret_proof")? else {
        if config.require_proof {
            let message = "API calls from the server require an appsecret_proof argument";
            return Err(GraphError::new(400, 100, message).kind("GraphMethodException"));
        }
        return Ok(());
    };
    if proof_is_right(config, call.params, token, &proof, call.state.now())? {
        return Ok(());
    }
    let message = "Invalid appsecret_proof provided in the API argument";
    Err(GraphError::new(400, 100, message).kind("GraphMethodException"))
}

fn proof_is_right(
    config: &SandboxConfig,
    params: &Params,
    token: &str,
    proof: &str,
    now: i64,
) -> Result<bool, GraphError> {
    let secret = config.meta.secret.as_bytes();
    let Some(time) = params.integer("appsecret_time")? else {
        return Ok(same(proof, &hex(&hmac_sha256(secret, &[token.as_bytes()]))));
    };
    // The caller's clock may be the machine's while the sandbox clock was moved ahead: either will do.
    let near = |clock: i64| (clock.div_euclid(1000) - time).abs() <= PROOF_LIFE;
    let expected = hex(&hmac_sha256(secret, &[token.as_bytes(), b"|", time.to_string().as_bytes()]));
    Ok((near(now) || near(wall_millis())) && same(proof, &expected))
}
