//! What every store promises, clause by clause.

mod plain {
    sociogram_token_vault::vault_store_contract!(crate::bench::open);
}

mod decorated {
    sociogram_token_vault::vault_store_contract!(crate::bench::open_decorated);
}

mod sessions {
    sociogram_oauth_core::session_store_contract!(crate::bench::open_sessions);
}

mod inbox {
    sociogram_webhook_verify::inbox_store_contract!(crate::inbox_bench::open);
}

mod outbox {
    sociogram_capi::outbox_store_contract!(crate::outbox_bench::open);
}
