//! What must not compile.

/// Compiles the case in `tests/ui`; it must fail with what the file of the same name and `.stderr` says.
pub(crate) fn fails(case: &str) {
    trybuild::TestCases::new().compile_fail(format!("tests/ui/{case}.rs"));
}

#[test]
fn a_callback_that_was_not_checked_cannot_be_exchanged() {
    fails("exchange_unverified");
}

#[test]
fn a_code_cannot_be_exchanged_twice() {
    fails("exchange_twice");
}

#[test]
fn a_verified_code_cannot_be_made_up() {
    fails("build_a_verified_code");
}

#[test]
fn c02_completing_needs_a_binder() {
    fails("complete_without_a_binder");
}

#[test]
fn c04_a_login_cannot_be_looked_at_without_using_it_up() {
    fails("look_at_a_session");
}
