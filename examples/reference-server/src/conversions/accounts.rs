//! Whose token sends events.

use http::StatusCode;
use sociogram::{
    capi::outbox::Platform,
    oauth_core::{ConnectionId, ProviderId, scope},
    token_vault::{Connection, ConnectionState},
};

use super::word;
use crate::{app::App, platforms::Login, problem::Problem};

/// The connection whose token sends events: the named one, or the first that may. One that needs a login is taken too: its
/// events wait for it.
pub(crate) async fn sender(
    app: &App,
    platform: Platform,
    named: Option<ConnectionId>,
) -> Result<Connection, Problem> {
    let found = match named {
        Some(id) => Some(app.connection(id).await?).filter(|connection| may_send(connection, platform)),
        None => find_sender(app, platform).await?,
    };
    found.ok_or_else(|| {
        let (scope, login) = match platform {
            Platform::LinkedIn => (scope::RW_CONVERSIONS, Login::LinkedIn),
            _ => (scope::ADS_MANAGEMENT, Login::Facebook),
        };
        Problem::new(
            StatusCode::CONFLICT,
            "no-sender",
            "no connection may send events",
            format!("it takes a connection at {} that was granted {scope}", word(platform)),
            format!("open {}/connect/{} and allow it", app.base, login.as_str()),
        )
    })
}

/// The first connection that may send events, one that is usable before others.
pub(crate) async fn find_sender(app: &App, platform: Platform) -> Result<Option<Connection>, Problem> {
    let mut able = app.connections().await?;
    able.retain(|connection| may_send(connection, platform));
    let usable = able.iter().position(|connection| !needs_login(connection));
    Ok(match usable {
        Some(place) => able.into_iter().nth(place),
        None => able.into_iter().next(),
    })
}

fn needs_login(connection: &Connection) -> bool {
    matches!(connection.state, ConnectionState::NeedsReauth(_) | ConnectionState::BlockedByParent)
}

fn may_send(connection: &Connection, platform: Platform) -> bool {
    let (provider, scope) = match platform {
        Platform::Meta => (ProviderId::FACEBOOK, scope::ADS_MANAGEMENT),
        Platform::LinkedIn => (ProviderId::LINKEDIN, scope::RW_CONVERSIONS),
        _ => return false,
    };
    connection.account.provider == provider
        && !connection.state.is_retired()
        && connection.token.has_scope(scope)
}
