//! Stores that keep data keys badly.

use std::sync::atomic::{AtomicU32, Ordering};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{Flaw, gives, takes};
use crate::{DataKeyId, DataKeyState, KekId, StoreError, Wrapped, WrappedDataKey};

pub(super) const KEYS: &[Flaw] = &[
    takes(
        "loses the commitment",
        |call| {
            if let Some(key) = call.value::<WrappedDataKey>() {
                key.commitment = [0; 32];
            }
        },
        &["a_data_key_comes_back_as_it_was_stored"],
    ),
    gives(
        "does not say which key is active",
        |call| {
            static NEXT: AtomicU32 = AtomicU32::new(1_000);
            if let Some(key) = call.answer::<WrappedDataKey>() {
                key.id = DataKeyId::new(NEXT.fetch_add(1, Ordering::Relaxed));
            }
        },
        &[
            "a_tenant_has_one_active_data_key",
            "one_of_fifty_concurrent_first_keys_wins",
            "one_of_fifty_concurrent_rotations_wins",
            "a_new_active_key_makes_the_old_one_decrypt_only",
        ],
    ),
    gives(
        "takes an id twice",
        |call| {
            if let Some(answer) = call.value::<Result<WrappedDataKey, StoreError>>()
                && answer.is_err()
            {
                let wrapped = Wrapped::new(KekId::new("kek"), Vec::new());
                let (tenant, id) = (TenantId::from_bytes([1; 16]), DataKeyId::new(1));
                let at = Timestamp::UNIX_EPOCH;
                *answer = Ok(WrappedDataKey::new(tenant, id, 1, wrapped, [0; 32], at));
            }
        },
        &["a_data_key_id_never_comes_twice"],
    ),
    gives(
        "says yes to everything",
        |call| call.answer::<bool>().into_iter().for_each(|answer| *answer = true),
        &[
            "a_wrapping_is_replaced_by_the_one_who_saw_it",
            "one_of_fifty_concurrent_rewraps_wins",
            "key_states_move_down_only",
        ],
    ),
    takes(
        "destroys in place of setting aside",
        |call| {
            if call.is(&["set_key_state"])
                && let Some(from) = call.value::<DataKeyState>()
            {
                *from = DataKeyState::Active;
            }
        },
        &["key_states_move_down_only"],
    ),
    takes(
        "counts every message once",
        |call| {
            if call.is(&["add_messages"])
                && let Some(messages) = call.value::<u64>()
            {
                *messages = 1;
            }
        },
        &["messages_are_counted"],
    ),
    gives(
        "destroys nothing twice",
        |call| {
            if call.is(&["destroy_keys"])
                && let Some(destroyed) = call.answer::<u64>()
            {
                *destroyed = 2;
            }
        },
        &["destroying_empties_every_key_of_the_tenant"],
    ),
    takes(
        "counts the token sets of one key for every key",
        |call| {
            if call.is(&["rows_under"])
                && let Some(key) = call.value::<DataKeyId>()
            {
                *key = DataKeyId::new(7);
            }
        },
        &["token_sets_are_counted_by_data_key"],
    ),
    gives(
        "counts destroyed keys",
        |call| {
            for (_, count) in call.answer::<Vec<(KekId, u64)>>().into_iter().flatten() {
                *count += 1;
            }
        },
        &["keys_are_listed_and_counted_by_wrapping_key"],
    ),
];
