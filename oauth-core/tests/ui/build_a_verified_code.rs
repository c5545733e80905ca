//! Only a check makes a verified code of a code.

use sociogram_oauth_core::VerifiedCode;

fn main() {
    let _ = VerifiedCode {};
}
