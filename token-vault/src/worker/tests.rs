use sociogram_api_core::Clock as _;
use sociogram_oauth_core::{
    ConnectionId, Expiry, ProviderId, ReauthReason, RefreshErrorKind, Rotation, TenantId, TokenKind, TokenSet,
};

use super::*;
use crate::{
    Account, AuditAction, ConnectionState, EventKind, MemoryStore, NewConnection, NoticeStage,
    TokenStore as _, Vault,
    testing::{Answer, Call, Fault, FaultyStore, ScriptedRefresh},
    virtual_clock::VirtualClock,
};

mod app_faults;
mod building;
mod calendars;
mod checks;
mod families;
mod pacing;
mod queues;
mod revocations;
mod running;
mod world;

use world::{World, at_rate, days, hours, minutes, seconds};
