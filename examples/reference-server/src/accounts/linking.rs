//! Links what a connection reaches to it, so that the events about it find their tenant.

use sociogram::{
    oauth_core::ConnectionId,
    token_vault::{AssetFilter, AssetKind, AuditActor, Link, LinkOutcome, NewAsset},
};

use crate::{app::App, problem::Problem};

/// How many assets of one connection are looked at.
const MOST: usize = 1000;

/// Links assets. What another connection has stays there: whoever connected it first gets the events.
pub(super) async fn link(app: &App, connection: ConnectionId, assets: Vec<NewAsset>) -> Result<(), Problem> {
    if assets.is_empty() {
        return Ok(());
    }
    let actor = AuditActor::User(app.actor.app_user.clone());
    let outcomes = app.vault.connect_assets(app.tenant(), Link::new(connection, assets, actor)).await?;
    for (asset, outcome) in outcomes {
        match outcome {
            LinkOutcome::Conflict { with } => {
                tracing::warn!(%asset, %with, "another connection has it, and gets its events");
            }
            LinkOutcome::Unavailable => tracing::warn!(%asset, "somebody else has it, and gets its events"),
            _ => {}
        }
    }
    Ok(())
}

/// Unlinks the assets of this kind that are not in the list any more.
pub(super) async fn unlink_others(
    app: &App,
    connection: ConnectionId,
    kind: AssetKind,
    listed: &[NewAsset],
) -> Result<(), Problem> {
    let filter = AssetFilter::of(connection).with_kind(kind);
    let linked = app.vault.assets(app.tenant(), &filter, None, MOST).await?.assets;
    let is_listed = |id: &str| listed.iter().any(|asset| asset.external_id == id);
    let gone: Vec<_> =
        linked.into_iter().map(|asset| asset.key).filter(|key| !is_listed(&key.external_id)).collect();
    if !gone.is_empty() {
        let actor = AuditActor::User(app.actor.app_user.clone());
        app.vault.disconnect_assets(app.tenant(), &gone, actor).await?;
    }
    Ok(())
}
