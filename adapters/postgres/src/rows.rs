//! Rows as the vault knows them.

use sociogram_oauth_core::{ConnectionId, ReauthReason, ScopeRequest, ScopeSet, TenantId, TokenKind};
use sociogram_token_vault::{
    Account, Asset, AssetKey, AssetKind, AuditActor, Connection, ConnectionState, DataKeyId, DataKeyState,
    Details, FailureClass, Fence, Generation, KekId, LastError, Lease, LeaseOwner, NoticeStage, Notified,
    Origin, Phase, Revision, Sealed, SealedTokens, StoredToken, TokenRecord, Version, Wrapped,
    WrappedDataKey,
};
use sqlx::{
    postgres::PgRow,
    types::{Json, Uuid},
};

use crate::{
    fault::Fault,
    values::{Columns as _, End, Time},
};

/// An id of a tenant.
pub(crate) fn tenant(row: &PgRow, name: &'static str) -> Result<TenantId, Fault> {
    Ok(TenantId::from_bytes(row.get::<Uuid>(name)?.into_bytes()))
}

/// An id of a connection.
pub(crate) fn connection_id(row: &PgRow, name: &'static str) -> Result<ConnectionId, Fault> {
    Ok(ConnectionId::from_bytes(row.get::<Uuid>(name)?.into_bytes()))
}

/// An account.
pub(crate) fn account(row: &PgRow) -> Result<Account, Fault> {
    let provider = sociogram_oauth_core::ProviderId::new(row.get::<String>("provider")?);
    Ok(Account::new(provider, row.get::<String>("app_id")?, row.get::<String>("external_user_id")?))
}

/// Secrets, as they are sealed.
pub(crate) fn sealed(row: &PgRow) -> Result<Option<SealedTokens>, Fault> {
    let access: Option<Vec<u8>> = row.get("access_ct")?;
    let refresh: Option<Vec<u8>> = row.get("refresh_ct")?;
    Ok(access.map(|access| SealedTokens::new(Sealed::from_bytes(access), refresh.map(Sealed::from_bytes))))
}

/// What sort of token it is.
pub(crate) fn token_kind(row: &PgRow) -> Result<TokenKind, Fault> {
    row.get::<&str>("token_kind")?.parse().map_err(|_| Fault::Unreadable("token_kind"))
}

/// How a connection stands.
pub(crate) fn state(row: &PgRow) -> Result<ConnectionState, Fault> {
    let reason = reason(row, "state_reason")?;
    ConnectionState::from_parts(row.get("state")?, reason).ok_or(Fault::Unreadable("state"))
}

fn reason(row: &PgRow, name: &'static str) -> Result<Option<ReauthReason>, Fault> {
    let reason: Option<&str> = row.get(name)?;
    reason.map(|reason| ReauthReason::from_name(reason).ok_or(Fault::Unreadable(name))).transpose()
}

fn origin(row: &PgRow) -> Result<Origin, Fault> {
    Origin::from_name(row.get("origin")?).ok_or(Fault::Unreadable("origin"))
}

fn scopes(names: Vec<String>) -> ScopeSet {
    names.into_iter().map(sociogram_oauth_core::Scope::new).collect()
}

fn record(row: &PgRow) -> Result<TokenRecord, Fault> {
    let end = |name| {
        Ok::<_, Fault>(
            row.get::<Option<End>>(name)?.map_or(sociogram_oauth_core::Expiry::Unknown, |end| end.0),
        )
    };
    let mut record = TokenRecord::new(token_kind(row)?);
    record.expiry = end("expires_at")?;
    record.refresh_expiry = end("refresh_expires_at")?;
    record.data_access_expiry = end("data_access_expires_at")?;
    record.scopes = row.get::<Option<Vec<String>>>("scopes")?.map(scopes);
    record.issued_at = row.get::<Option<Time>>("issued_at")?.map(|time| time.0);
    Ok(record)
}

fn last_error(row: &PgRow) -> Result<Option<LastError>, Fault> {
    let Some(class) = row.get::<Option<&str>>("last_error_class")? else { return Ok(None) };
    let class = FailureClass::from_parts(class, reason(row, "last_error_reason")?);
    let class = class.ok_or(Fault::Unreadable("last_error_class"))?;
    Ok(Some(LastError::new(class, row.get::<Time>("last_error_at")?.0)))
}

fn lease(row: &PgRow, generation: Generation) -> Result<Option<Lease>, Fault> {
    let Some(owner) = row.get::<Option<Uuid>>("lease_owner")? else { return Ok(None) };
    let phase = Phase::from_name(row.get("lease_phase")?).ok_or(Fault::Unreadable("lease_phase"))?;
    Ok(Some(Lease::new(
        LeaseOwner::from_bytes(owner.into_bytes()),
        Fence::new(row.count("fence")?),
        generation,
        phase,
        row.get::<Time>("lease_started_at")?.0,
        row.get::<Time>("lease_until")?.0,
    )))
}

/// The lease that had run out before a claim, if there was one.
pub(crate) fn prior_lease(row: &PgRow, generation: Generation) -> Result<Option<Lease>, Fault> {
    let Some(owner) = row.get::<Option<Uuid>>("prior_owner")? else { return Ok(None) };
    let phase = Phase::from_name(row.get("prior_phase")?).ok_or(Fault::Unreadable("prior_phase"))?;
    Ok(Some(Lease::new(
        LeaseOwner::from_bytes(owner.into_bytes()),
        Fence::new(row.count("prior_fence")?),
        generation,
        phase,
        row.get::<Time>("prior_started_at")?.0,
        row.get::<Time>("prior_until")?.0,
    )))
}

/// A token set without its secrets.
fn described(row: &PgRow) -> Result<StoredToken, Fault> {
    with_secrets(row, None)
}

/// A token set.
pub(crate) fn stored(row: &PgRow) -> Result<StoredToken, Fault> {
    with_secrets(row, sealed(row)?)
}

fn with_secrets(row: &PgRow, sealed: Option<SealedTokens>) -> Result<StoredToken, Fault> {
    let generation = Generation::new(row.count("generation")?);
    let succeeded_at = row.get::<Time>("succeeded_at")?.0;
    let mut stored =
        StoredToken::new(account(row)?, generation, sealed, record(row)?, state(row)?, succeeded_at);
    stored.state_since = row.get::<Time>("state_since")?.0;
    stored.due_at = row.get::<Option<Time>>("due_at")?.map(|time| time.0);
    stored.failures = row.count("failures")?;
    stored.last_error = last_error(row)?;
    stored.strikes = row.get::<Option<Json<_>>>("strikes")?.map(|strikes| strikes.0).unwrap_or_default();
    // A notice that this version does not know is none of its business.
    let notified: Vec<String> = row.get("notified")?;
    stored.notified = Notified::from_stages(notified.iter().filter_map(|name| NoticeStage::from_name(name)));
    stored.parent = row.get::<Option<Uuid>>("parent_id")?.map(|id| ConnectionId::from_bytes(id.into_bytes()));
    stored.lease = lease(row, generation)?;
    stored.checked_at = row.get::<Time>("checked_at")?.0;
    stored.origin = origin(row)?;
    stored.revision = Revision::new(row.count("revision")?);
    Ok(stored)
}

/// A connection of this tenant.
pub(crate) fn connection(row: &PgRow, tenant: TenantId) -> Result<Connection, Fault> {
    let mut details = Details::new();
    details.display_name = row.get("display_name")?;
    details.connected_by = row.get("connected_by")?;
    details.origin = origin(row)?;
    details.requested = ScopeRequest::new(scopes(row.get("scopes_required")?))
        .with_optional(scopes(row.get("scopes_optional")?));
    let created_at = row.get::<Time>("created_at")?.0;
    let mut connection =
        Connection::new(connection_id(row, "id")?, tenant, details, &described(row)?, created_at);
    connection.updated_at = row.get::<Time>("updated_at")?.0;
    connection.has_refresh_token = row.get("has_refresh_token")?;
    connection.version = Version::new(row.count("version")?);
    Ok(connection)
}

/// An asset.
pub(crate) fn asset(row: &PgRow) -> Result<Asset, Fault> {
    asset_of(row, origin(row)?)
}

/// An asset of a connection that need not be readable.
pub(crate) fn unlinked_asset(row: &PgRow) -> Result<Asset, Fault> {
    asset_of(row, origin(row).unwrap_or_default())
}

fn asset_of(row: &PgRow, origin: Origin) -> Result<Asset, Fault> {
    Ok(Asset::new(
        asset_key(row, ["app_id", "kind", "external_id"])?,
        connection_id(row, "connection_id")?,
        origin,
        row.get("name")?,
        AuditActor::parse(row.get("linked_by")?),
        row.get::<Time>("linked_at")?.0,
    ))
}

/// The key of an asset, in these columns.
pub(crate) fn asset_key(
    row: &PgRow,
    [app_id, kind, external_id]: [&'static str; 3],
) -> Result<AssetKey, Fault> {
    let kind = AssetKind::from(row.get::<&str>(kind)?);
    Ok(AssetKey::new(row.get::<String>(app_id)?, kind, row.get::<String>(external_id)?))
}

/// A wrapped data key.
pub(crate) fn data_key(row: &PgRow) -> Result<WrappedDataKey, Fault> {
    let commitment: &[u8] = row.get("commitment")?;
    let commitment = commitment.try_into().map_err(|_| Fault::Unreadable("commitment"))?;
    let wrapped = Wrapped::new(KekId::new(row.get::<&str>("kek_id")?), row.get("wrapped")?);
    let suite = u8::try_from(row.get::<i16>("suite")?).map_err(|_| Fault::Unreadable("suite"))?;
    let mut key = WrappedDataKey::new(
        tenant(row, "tenant_id")?,
        DataKeyId::new(row.count("id")?),
        suite,
        wrapped,
        commitment,
        row.get::<Time>("created_at")?.0,
    );
    key.state = DataKeyState::from_name(row.get("state")?).ok_or(Fault::Unreadable("state"))?;
    key.messages = row.count("messages")?;
    Ok(key)
}
