//! The statements: every one calls one function of the schema, in one round trip.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use crate::Schema;

/// The text of a statement. Nothing is put into it but the name of the schema, which is checked.
#[derive(Clone, Debug)]
pub(crate) struct Sql(SqlStr);

impl Sql {
    pub(crate) fn new(text: &str, schema: &Schema) -> Self {
        let text: Arc<str> = schema.render(text).into();
        Self(AssertSqlSafe(text).into_sql_str())
    }

    /// One in which no name is left out.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self(SqlStr::from_static(text))
    }

    pub(crate) fn text(&self) -> SqlStr {
        self.0.clone()
    }
}

/// What a token set and a connection have in common, of a row that is named c. Named one by one: a column that a newer
/// version adds must not change what a prepared statement gives.
#[cfg(feature = "token-vault")]
const TOKEN: &str = "c.id, c.provider, c.app_id, c.external_user_id, c.parent_id, c.origin, c.generation, \
    c.token_kind, c.expires_at, c.refresh_expires_at, c.data_access_expires_at, c.scopes, c.issued_at, c.revision, \
    c.state, c.state_reason, c.state_since, c.due_at, c.failures, c.last_error_class, c.last_error_reason, \
    c.last_error_at, c.strikes, c.notified, c.fence, c.lease_owner, c.lease_phase, c.lease_started_at, c.lease_until, \
    c.succeeded_at, c.checked_at";
/// What only a connection shows.
#[cfg(feature = "token-vault")]
const DETAILS: &str = "c.version, c.has_refresh_token, c.display_name, c.connected_by, c.scopes_required, c.scopes_optional, c.created_at, \
    c.updated_at";
#[cfg(feature = "token-vault")]
const ASSET: &str = "a.app_id, a.kind, a.external_id, a.connection_id, a.name, a.linked_by, a.linked_at";
#[cfg(feature = "token-vault")]
const KEY: &str =
    "k.tenant_id, k.id, k.suite, k.kek_id, k.wrapped, k.commitment, k.state, k.created_at, k.messages";

/// An event of the inbox, of a row that is named i.
const ENTRY: &str = "i.position, i.key, i.strength, i.provider, i.object, i.account, i.subject, i.field, i.kind, i.event, i.state, \
    i.attempts, i.replays, i.occurred_at, i.received_at, i.due_at, i.finished_at, i.errors";

/// An event of the outbox, of a row that is named o.
const SENT: &str = "o.position, o.tenant_id, o.connection_id, o.platform, o.target, o.envelope, o.name, o.event_id, \
    o.event_time, o.expires_at, o.json, o.state, o.fate, o.attempts, o.replays, o.history, o.added_at, o.due_at, \
    o.finished_at";

macro_rules! statements {
    ($(#[$meta:meta])* $vis:vis struct $set:ident { $($name:ident: $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        $vis struct $set {
            $(pub(crate) $name: Sql,)*
        }

        impl $set {
            pub(crate) fn new(schema: &Schema) -> Self {
                let sql = |text: &str| Sql::new(&with_columns(text), schema);
                Self { $($name: sql($text),)* }
            }
        }
    };
}

const COLUMNS: &[(&str, &str)] = &[
    #[cfg(feature = "token-vault")]
    ("{token}", TOKEN),
    #[cfg(feature = "token-vault")]
    ("{details}", DETAILS),
    #[cfg(feature = "token-vault")]
    ("{asset}", ASSET),
    #[cfg(feature = "token-vault")]
    ("{key}", KEY),
    ("{entry}", ENTRY),
    ("{sent}", SENT),
];

fn with_columns(text: &str) -> String {
    COLUMNS.iter().fold(text.to_owned(), |text, (name, columns)| text.replace(name, columns))
}

#[cfg(feature = "oauth-core")]
statements! {
    /// Of logins.
    pub(crate) struct SessionStatements {
        put: "select {schema}.put_session($1, $2, $3, $4, $5, $6) as is_kept";
        take: "select {schema}.take_session($1, $2) as blob";
        purge: "select {schema}.purge_sessions($1) as deleted";
    }
}

#[cfg(feature = "token-vault")]
statements! {
    /// Of one tenant.
    pub(crate) struct TenantStatements {
        read_token: "select {token}, f.access_ct, f.refresh_ct
            from {schema}.read_token($1, $2) f, lateral (select (f.stored).*) c";
        revisions: "select f.connection_id, f.revision from {schema}.revisions($1, $2) f";
        rows_under: "select {schema}.rows_under($1, $2) as counted";
        claim: "select f.outcome, {token}, f.access_ct, f.refresh_ct,
                f.prior_owner, f.prior_fence, f.prior_phase, f.prior_started_at, f.prior_until
            from {schema}.claim($1, $2, $3, $4, $5, $6) f, lateral (select (f.stored).*) c";
        commit_success: "select f.outcome, f.new_revision, f.taken_by, {token}, f.access_ct, f.refresh_ct
            from {schema}.commit_success(
                $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27, $28
            ) f, lateral (select (f.stored).*) c";
        commit_failure: "select f.outcome, f.new_revision, {token}, f.access_ct, f.refresh_ct
            from {schema}.commit_failure($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) f,
                lateral (select (f.stored).*) c";
        amend: "select f.outcome, f.new_revision, {token}, f.access_ct, f.refresh_ct
            from {schema}.amend($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) f,
                lateral (select (f.stored).*) c";
        retire: "select f.outcome, f.new_generation, f.new_revision, f.origin, {asset}
            from {schema}.retire($1, $2, $3, $4, $5) f, lateral (select (f.linked).*) a";

        find_connection: "select {token}, {details} from {schema}.find_connection($1, $2) c";
        find_account: "select {token}, {details} from {schema}.find_account($1, $2, $3, $4) c";
        list_connections: "select {token}, {details}
            from {schema}.list_connections($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) c";
        children: "select f.id from {schema}.children($1, $2) f (id)";
        update_details: "select f.outcome, f.new_version, {token}, {details}
            from {schema}.update_details($1, $2, $3, $4, $5, $6, $7, $8) f, lateral (select (f.stored).*) c";
        remove_connection: "select {schema}.remove_connection($1, $2, $3) as outcome";

        link_assets: "select f.place, f.outcome, f.other from {schema}.link_assets($1, $2, $3, $4, $5, $6, $7) f";
        unlink_assets: "select f.origin, {asset}
            from {schema}.unlink_assets($1, $2, $3, $4, $5) f, lateral (select (f.linked).*) a";
        find_asset: "select f.origin, {asset}
            from {schema}.find_asset($1, $2, $3, $4) f, lateral (select (f.linked).*) a";
        list_assets: "select f.origin, {asset}
            from {schema}.list_assets($1, $2, $3, $4, $5, $6, $7) f, lateral (select (f.linked).*) a";

        asset_standings: "select f.place, f.taken, f.origin, {asset}
            from {schema}.asset_standings($1, $2, $3, $4) f, lateral (select (f.linked).*) a
            order by f.place";

        append_audit: "select {schema}.append_audit($1, $2, $3)";
        query_audit: "select a.position, a.at, a.actor, a.connection_id, a.action, a.generation, a.reason,
                a.asset_app_id, a.asset_kind, a.asset_external_id
            from {schema}.query_audit($1, $2, $3, $4, $5, $6, $7) a";

        active_key: "select {key} from {schema}.active_key($1) k";
        find_key: "select {key} from {schema}.find_key($1, $2) k";
        list_keys: "select {key} from {schema}.list_keys($1) k";
        insert_active_key: "select {key} from {schema}.insert_active_key($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) k";
        replace_wrapped: "select {schema}.replace_wrapped($1, $2, $3, $4, $5, $6) as is_done";
        set_key_state: "select {schema}.set_key_state($1, $2, $3, $4) as is_done";
        add_messages: "select {schema}.add_messages($1, $2, $3) as messages";
        destroy_keys: "select {schema}.destroy_keys($1) as destroyed";
    }
}

#[cfg(feature = "token-vault")]
statements! {
    /// Across tenants.
    pub(crate) struct WorkerStatements {
        due_batch: "select f.tenant_id, f.connection_id, f.generation from {schema}.worker_due_batch($1, $2) f";
        take_events: "select f.id, f.tenant_id, f.connection_id, f.at, f.kind, f.deliveries
            from {schema}.worker_take_events($1, $2) f";
        ack_events: "select {schema}.worker_ack_events($1) as removed";
        take_revocations: "select r.tenant_id, r.connection_id, r.generation, r.provider, r.app_id, r.external_user_id,
                r.token_kind, r.access_ct, r.refresh_ct, r.since, r.attempts
            from {schema}.worker_take_revocations($1, $2) r";
        finish_revocation: "select {schema}.worker_finish_revocation($1, $2, $3, $4) as is_done";
        holders: "select f.tenant_id, f.connection_id, f.state, f.state_reason
            from {schema}.worker_holders($1, $2, $3) f";
        asset_holder: "select f.tenant_id, f.connection_id, f.state, f.state_reason
            from {schema}.worker_asset_holder($1, $2, $3) f";
        erase_account: "select f.tenant_id, f.connection_id from {schema}.worker_erase_account($1, $2, $3, $4) f";
        erase_tenant: "select {schema}.worker_erase_tenant($1, $2) as erased";
        census: "select f.provider, f.state, f.connections, f.oldest_due, f.events, f.revocations
            from {schema}.worker_census() f";
        trim_audit: "select {schema}.worker_trim_audit($1, $2) as deleted";
        keys_under: "select {key} from {schema}.worker_keys_under($1, $2, $3, $4) k";
        count_by_kek: "select f.kek_id, f.keys from {schema}.worker_count_by_kek() f";
    }
}

#[cfg(feature = "webhook-verify")]
statements! {
    /// Into the inbox.
    pub(crate) struct ReceiverStatements {
        record: "select f.place, f.id from {schema}.record_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) f";
    }
}

#[cfg(feature = "webhook-verify")]
statements! {
    /// Of the inbox.
    pub(crate) struct InboxStatements {
        claim: "select f.id, f.fence, f.event, f.attempts, f.received_at, f.claimed_at
            from {schema}.worker_claim_inbox($1, $2) f";
        claim_by_subject: "select f.id, f.fence, f.event, f.attempts, f.received_at, f.claimed_at
            from {schema}.worker_claim_inbox_by_subject($1, $2) f";
        hide: "select {schema}.worker_hide_inbox($1, $2)";
        renew: "select f.place from {schema}.worker_renew_inbox($1, $2, $3) f (place)";
        settle: "select f.place from {schema}.worker_settle_inbox($1, $2, $3, $4, $5) f (place)";
        find: "select {entry} from {schema}.worker_find_inbox($1) i";
        list: "select {entry} from {schema}.worker_list_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) i";
        replay: "select f.replayed, f.without_payload, f.more
            from {schema}.worker_replay_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) f";
        replay_entries: "select f.replayed, f.without_payload, f.more
            from {schema}.worker_replay_inbox_entries($1, $2) f";
        census: "select f.pending, f.running, f.done, f.skipped, f.dead, f.oldest_due, f.now
            from {schema}.worker_inbox_census() f";
        trim: "select f.emptied, f.deleted from {schema}.worker_trim_inbox($1, $2, $3, $4) f";
    }
}

#[cfg(feature = "capi")]
statements! {
    /// Into the outbox, of one tenant.
    pub(crate) struct SenderStatements {
        add: "select f.place, f.id, f.is_new
            from {schema}.add_outbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) f";
        find: "select {sent} from {schema}.find_outbox($1, $2) o";
        list: "select {sent} from {schema}.list_outbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) o";
        replay: "select f.replayed, f.too_late, f.more
            from {schema}.replay_outbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) f";
        replay_entries: "select f.replayed, f.too_late, f.more
            from {schema}.replay_outbox_entries($1, $2, $3) f";
        census: "select f.pending, f.claimed, f.sending, f.sent, f.rejected, f.in_doubt, f.oldest_due, f.now
            from {schema}.tenant_outbox_census($1) f";
    }
}

#[cfg(feature = "capi")]
statements! {
    /// Of the outbox, across tenants.
    pub(crate) struct OutboxStatements {
        claim: "select f.id, f.fence, f.json, f.has_event_id, f.expires_at, f.attempts, f.added_at, f.claimed_at,
                f.tenant_id, f.connection_id, f.platform, f.target, f.envelope
            from {schema}.worker_claim_outbox($1, $2, $3, $4) f";
        hide: "select {schema}.worker_hide_outbox($1, $2)";
        begin: "select f.place from {schema}.worker_begin_outbox($1, $2, $3) f (place)";
        renew: "select f.place from {schema}.worker_renew_outbox($1, $2, $3) f (place)";
        settle: "select f.place from {schema}.worker_settle_outbox($1, $2, $3, $4, $5, $6) f (place)";
        census: "select f.pending, f.claimed, f.sending, f.sent, f.rejected, f.in_doubt, f.oldest_due, f.now
            from {schema}.worker_outbox_census() f";
        trim: "select f.contents, f.deleted from {schema}.worker_trim_outbox($1, $2, $3) f";
    }
}
