//! Every method of every trait of a store, for decorators.

/// Hands the methods to another macro: by trait, with their arguments, in brackets the names of those that are
/// owned, and what they answer.
macro_rules! store_methods {
    ($callback:ident) => {
        $callback! {
            TokenStore {
                fn read(
                    tenant: TenantId,
                    connection: ConnectionId
                ) [tenant connection] -> Option<StoredToken>;
                fn claim(
                    tenant: TenantId,
                    connection: ConnectionId,
                    claim: Claim
                ) [tenant connection claim] -> Claimed;
                fn commit_success(
                    tenant: TenantId,
                    connection: ConnectionId,
                    success: Success
                ) [tenant connection success] -> Committed;
                fn commit_failure(
                    tenant: TenantId,
                    connection: ConnectionId,
                    failure: Failure
                ) [tenant connection failure] -> Committed;
                fn amend(
                    tenant: TenantId,
                    connection: ConnectionId,
                    amendment: Amendment
                ) [tenant connection amendment] -> Committed;
                fn retire(
                    tenant: TenantId,
                    connection: ConnectionId,
                    retire: Retire
                ) [tenant connection retire] -> Retired;
                fn due_batch(limit: usize, visibility: Duration) [limit visibility] -> Vec<Due>;
                fn revisions(
                    tenant: TenantId,
                    connections: &[ConnectionId]
                ) [tenant] -> Vec<(ConnectionId, Revision)>;
                fn rows_under(tenant: TenantId, key: DataKeyId) [tenant key] -> u64;
            }
            ConnectionRepo {
                fn find(tenant: TenantId, id: ConnectionId) [tenant id] -> Option<Connection>;
                fn find_account(tenant: TenantId, account: &Account) [tenant] -> Option<Connection>;
                fn list(
                    tenant: TenantId,
                    filter: &ConnectionFilter,
                    after: Option<ConnectionId>,
                    limit: usize
                ) [tenant after limit] -> ConnectionPage;
                fn children(tenant: TenantId, parent: ConnectionId) [tenant parent] -> Vec<ConnectionId>;
                fn update(
                    tenant: TenantId,
                    id: ConnectionId,
                    seen: Version,
                    details: Details,
                    notes: Notes
                ) [tenant id seen details notes] -> Updated;
                fn remove(tenant: TenantId, id: ConnectionId, notes: Notes) [tenant id notes] -> Removed;
            }
            AssetRepo {
                fn link_assets(tenant: TenantId, link: Link) [tenant link] -> Linked;
                fn unlink_assets(
                    tenant: TenantId,
                    assets: &[AssetKey],
                    actor: AuditActor
                ) [tenant actor] -> Vec<Asset>;
                fn find_asset(tenant: TenantId, asset: &AssetKey) [tenant] -> Option<Asset>;
                fn standings(tenant: TenantId, assets: &[AssetKey]) [tenant] -> Vec<Standing>;
                fn list_assets(
                    tenant: TenantId,
                    filter: &AssetFilter,
                    after: Option<&AssetKey>,
                    limit: usize
                ) [tenant limit] -> AssetPage;
            }
            AuditLog {
                fn append(
                    tenant: TenantId,
                    actor: AuditActor,
                    connection: Option<ConnectionId>,
                    entries: Vec<AuditEntry>
                ) [tenant actor connection entries] -> ();
                fn query(tenant: TenantId, query: AuditQuery) [tenant query] -> AuditPage;
            }
            EventQueue {
                fn take_events(limit: usize, visibility: Duration) [limit visibility] -> Vec<Event>;
                fn ack_events(events: &[EventId]) [] -> u64;
            }
            RevocationQueue {
                fn take_revocations(limit: usize, visibility: Duration) [limit visibility] -> Vec<Revocation>;
                fn finish_revocation(
                    tenant: TenantId,
                    connection: ConnectionId,
                    generation: Generation,
                    notes: Notes
                ) [tenant connection generation notes] -> bool;
            }
            CrossTenant {
                fn holders(account: &Account) [] -> Vec<Holder>;
                fn asset_holder(asset: &AssetKey) [] -> Option<Holder>;
                fn erase_account(
                    account: &Account,
                    actor: AuditActor
                ) [actor] -> Vec<(TenantId, ConnectionId)>;
                fn erase_tenant(tenant: TenantId, actor: AuditActor) [tenant actor] -> u64;
                fn trim_audit(before: Timestamp, limit: usize) [before limit] -> u64;
                fn census() [] -> Census;
            }
            DataKeyTable {
                fn active_key(tenant: TenantId) [tenant] -> Option<WrappedDataKey>;
                fn find_key(tenant: TenantId, id: DataKeyId) [tenant id] -> Option<WrappedDataKey>;
                fn list_keys(tenant: TenantId) [tenant] -> Vec<WrappedDataKey>;
                fn insert_active_key(
                    key: WrappedDataKey,
                    replacing: Option<DataKeyId>
                ) [key replacing] -> WrappedDataKey;
                fn replace_wrapped(
                    tenant: TenantId,
                    id: DataKeyId,
                    seen: &Wrapped,
                    new: Wrapped
                ) [tenant id new] -> bool;
                fn set_key_state(
                    tenant: TenantId,
                    id: DataKeyId,
                    from: DataKeyState,
                    to: DataKeyState
                ) [tenant id from to] -> bool;
                fn add_messages(
                    tenant: TenantId,
                    id: DataKeyId,
                    messages: u64
                ) [tenant id messages] -> Option<u64>;
                fn destroy_keys(tenant: TenantId) [tenant] -> u64;
                fn keys_under(
                    kek: &KekId,
                    after: Option<DataKeyPosition>,
                    limit: usize
                ) [after limit] -> Vec<WrappedDataKey>;
                fn count_by_kek() [] -> Vec<(KekId, u64)>;
            }
        }
    };
}

pub(super) use store_methods;
