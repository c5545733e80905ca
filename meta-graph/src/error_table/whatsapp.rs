//! WhatsApp (WhatsApp Business Platform: Error Codes).

use super::{Product, Row, code, id, range};
use crate::error_class::{
    ErrorClass as C, RateLimitScope as Scope, RetryAdvice as R, TokenInvalidReason, Who,
};

const fn unreachable(number: i64, meaning: &'static str) -> Row {
    code(number, C::RecipientUnavailable, R::Never, meaning)
}

const fn invalid(number: i64, meaning: &'static str) -> Row {
    code(number, C::InvalidParam, R::AfterFix, meaning)
}

const fn template(number: i64, meaning: &'static str) -> Row {
    code(number, C::TemplateProblem, R::AfterFix, meaning)
}

const fn template_id(number: i64, meaning: &'static str) -> Row {
    id(number, C::TemplateProblem, R::AfterFix, meaning).by(Who::Developer)
}

const fn migration(number: i64, meaning: &'static str) -> Row {
    id(number, C::InvalidParam, R::AfterFix, meaning)
}

pub(super) const ROWS: &[Row] = &[
    // Account and access.
    code(0, C::TokenInvalid(TokenInvalidReason::Unknown), R::Never, "the app could not be authenticated"),
    code(3, C::PermissionMissing, R::AfterFix, "the permission or capability is missing")
        .only(Product::WhatsApp),
    code(200, C::PermissionMissing, R::AfterFix, "a permission is missing, or no token was given")
        .only(Product::WhatsApp),
    code(368, C::AccountRestricted, R::Later, "the WhatsApp business account is restricted")
        .only(Product::WhatsApp),
    code(33, C::NotFoundOrHidden, R::Never, "the phone number was deleted"),
    code(131_005, C::PermissionMissing, R::AfterFix, "the permission is absent or removed"),
    code(131_031, C::AccountRestricted, R::Never, "the account is locked, or the PIN does not match"),
    code(130_497, C::PolicyBlocked, R::Never, "the business may not message people of this country"),
    code(131_042, C::BillingProblem, R::AfterFix, "the payment method has a problem"),
    code(131_044, C::BillingProblem, R::AfterFix, "the payment method has a problem (calls)"),
    code(134_011, C::BillingProblem, R::AfterFix, "the payment terms are not accepted"),
    // Limits.
    code(130_429, C::RateLimited(Scope::Custom), R::Backoff, "the number's throughput is reached"),
    code(131_048, C::RateLimited(Scope::Custom), R::Later, "too many of the number's messages count as spam")
        .wait(86_400),
    code(131_049, C::QuotaReached, R::Later, "the person got enough marketing messages for now").wait(86_400),
    code(131_056, C::RateLimited(Scope::Pair), R::Backoff, "too many messages to the same recipient"),
    code(131_064, C::QuotaReached, R::Later, "the messaging limit was cut for wrong template categories"),
    code(133_016, C::RateLimited(Scope::Custom), R::Later, "the number was registered or removed too often"),
    id(2_593_107, C::QuotaReached, R::Never, "the contacts of the app can be synchronised once"),
    id(2_593_108, C::QuotaReached, R::Never, "the synchronisation is possible in the first 24 hours only"),
    // Recipients.
    unreachable(130_403, "the business blocked this person"),
    unreachable(130_472, "the person is part of an experiment without marketing messages"),
    unreachable(131_026, "not deliverable: not on WhatsApp, an old app, or the terms are not accepted"),
    code(131_030, C::RecipientUnavailable, R::AfterFix, "the test number may not write to this recipient"),
    code(131_047, C::WindowClosed, R::Never, "over 24 hours since the person wrote; send a template"),
    code(470, C::WindowClosed, R::Never, "over 24 hours since the person wrote (legacy)"),
    unreachable(131_050, "the person wants no marketing messages"),
    unreachable(137_000, "the recipient's identity key changed"),
    // Requests.
    code(131_000, C::Transient, R::Backoff, "unknown error"),
    invalid(131_008, "a required parameter is missing"),
    invalid(131_009, "a parameter's value is not valid"),
    invalid(131_051, "the message type is not supported"),
    invalid(131_021, "sender and recipient are the same"),
    code(131_016, C::Transient, R::Backoff, "the service is not available"),
    code(133_004, C::Transient, R::Backoff, "the server is not available"),
    invalid(131_037, "the number's display name is not approved"),
    invalid(131_045, "the number is not registered correctly"),
    invalid(133_010, "the number is not registered"),
    code(131_052, C::MediaRejected, R::AfterFix, "the media could not be fetched"),
    code(131_053, C::MediaRejected, R::AfterFix, "the media could not be uploaded"),
    invalid(131_055, "this method is for marketing templates only"),
    invalid(134_100, "this method is for marketing templates only"),
    code(131_057, C::Transient, R::Later, "the account is in maintenance"),
    invalid(131_062, "a business-scoped user id cannot get this message"),
    invalid(131_063, "marketing templates are switched off on the Cloud API"),
    invalid(135_000, "a parameter is not valid"),
    id(1_752_041, C::Duplicate, R::Never, "this onboarding request was made before"),
    // Templates and flows.
    template(132_000, "the number of parameters differs from the template"),
    template(132_001, "the template does not exist in this language or is not approved"),
    template(132_005, "the filled-in text is too long"),
    template(132_007, "the template is against the policy"),
    template(132_008, "a parameter's value has a wrong format"),
    template(132_012, "a parameter has a wrong format"),
    template(132_015, "the template is paused for low quality"),
    template(132_016, "the template is disabled for low quality"),
    template(132_018, "the template's parameters are not valid"),
    template(132_068, "the flow is blocked"),
    template(132_069, "the flow is throttled: 10 messages an hour"),
    code(134_101, C::Transient, R::Later, "the template is still being synchronised").wait(600),
    code(134_102, C::Transient, R::Later, "the template is not available for the moment"),
    template_id(2_388_019, "the account has as many templates as it may have"),
    id(2_388_024, C::Duplicate, R::Never, "there is a template of this name and language"),
    template_id(2_388_039, "the template could not be made"),
    template_id(2_388_040, "a field of the template is too long"),
    template_id(2_388_047, "the template's header has a wrong format"),
    template_id(2_388_072, "the template's body has a wrong format"),
    template_id(2_388_073, "the template's footer has a wrong format"),
    template_id(2_388_293, "the template has too many variables for its length"),
    template_id(2_388_299, "a variable stands at the start or end of the template"),
    range(200_005, 200_007, C::InvalidParam, R::AfterFix, "template insights cannot be had like this"),
    // Registration and migration of numbers.
    invalid(133_000, "deregister the number first"),
    invalid(133_005, "the PIN of the two-step verification is wrong"),
    invalid(133_006, "verify the number first"),
    code(133_008, C::InvalidParam, R::Later, "too many wrong PINs"),
    code(133_009, C::InvalidParam, R::Later, "the PIN was entered too fast"),
    code(133_015, C::InvalidParam, R::Later, "the number was deleted a moment ago").wait(300),
    migration(2_388_012, "the account has this number already"),
    migration(2_388_091, "the number is not being migrated, so no code can be asked for"),
    migration(2_388_093, "the number is not being migrated, so no code can be checked"),
    migration(2_388_103, "the number cannot be migrated"),
    id(2_494_100, C::Transient, R::Later, "the number is in maintenance"),
    // Groups, calls, flows, usernames, sign-up.
    invalid(131_020, "a group with one member gets no messages"),
    code(131_041, C::NotFoundOrHidden, R::Never, "the group does not exist or the number is not in it"),
    invalid(131_059, "the cursor is not valid any more; start the list anew"),
    range(131_201, 131_215, C::InvalidParam, R::AfterFix, "the group cannot be changed like this"),
    invalid(131_201, "only a part of the participants could be changed"),
    code(131_204, C::QuotaReached, R::AfterFix, "the group has as many participants as it may have"),
    code(131_207, C::PolicyBlocked, R::Never, "the group violates the policy"),
    code(131_208, C::RateLimited(Scope::Custom), R::Later, "too many group operations"),
    code(131_211, C::QuotaReached, R::Never, "the number has as many groups as it may have"),
    code(131_213, C::NotFoundOrHidden, R::Never, "the request to join the group does not exist"),
    code(131_214, C::AccountRestricted, R::Later, "new groups are switched off for a time"),
    code(131_215, C::CapabilityMissing, R::Never, "the number is not eligible for groups"),
    range(138_000, 138_018, C::Unknown, R::AfterFix, "the call could not be made"),
    code(138_000, C::InvalidParam, R::AfterFix, "calls are not switched on for the number"),
    code(138_001, C::RecipientUnavailable, R::Never, "the person cannot be called"),
    code(
        138_002,
        C::RateLimited(Scope::Custom),
        R::Later,
        "the number has as many calls at once as it may have",
    ),
    code(138_003, C::Duplicate, R::Later, "a call with this person goes on"),
    code(138_004, C::Transient, R::Later, "the call could not be connected"),
    code(138_005, C::RateLimited(Scope::Custom), R::Later, "the number made too many calls"),
    code(138_006, C::RecipientUnavailable, R::AfterFix, "the person did not allow calls"),
    code(138_009, C::QuotaReached, R::Later, "the person was asked for a call permission often enough"),
    code(138_012, C::QuotaReached, R::Later, "the person was called often enough in 24 hours"),
    code(138_013, C::RateLimited(Scope::Custom), R::Later, "too many questions for call permissions"),
    code(
        138_018,
        C::InvalidParam,
        R::AfterFix,
        "calls need SIP, or an app that is subscribed to their webhooks",
    ),
    range(139_000, 139_004, C::InvalidParam, R::AfterFix, "the flow cannot be changed like this"),
    code(139_000, C::PolicyBlocked, R::AfterFix, "the account may not make or publish flows").by(Who::User),
    range(139_100, 139_103, C::InvalidParam, R::AfterFix, "the block list cannot be changed like this"),
    code(139_101, C::QuotaReached, R::AfterFix, "the block list holds 64,000 people, and no more"),
    code(139_102, C::Transient, R::Backoff, "the block list changed while it was read"),
    code(139_103, C::Transient, R::Backoff, "the block list failed"),
    invalid(147_001, "the user name is taken, or not allowed"),
    code(
        147_002,
        C::CapabilityMissing,
        R::AfterFix,
        "the business needs a higher messaging limit for a user name",
    ),
    invalid(147_003, "the number must be linked to the Page that has this user name"),
    invalid(147_004, "the number must be linked to the Instagram account that has this user name"),
    invalid(147_005, "another number of the business has this user name; transfer it"),
    range(2_494_164, 2_494_179, C::InvalidParam, R::AfterFix, "the sign-up cannot be made like this"),
    id(2_494_164, C::NotFoundOrHidden, R::Never, "the sign-up does not exist"),
    id(2_494_165, C::CapabilityMissing, R::Never, "the account has no sign-up in the app"),
];
