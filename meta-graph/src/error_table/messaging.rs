//! Messenger and Instagram messaging (Messenger Platform: Error Codes).

use super::{Row, code, id, pair, range};
use crate::error_class::{ErrorClass as C, RetryAdvice as R, Who};

const fn bad_parameter(subcode: i64, meaning: &'static str) -> Row {
    pair(100, subcode, C::InvalidParam, R::AfterFix, meaning)
}

const fn bad_media(subcode: i64, meaning: &'static str) -> Row {
    pair(100, subcode, C::MediaRejected, R::AfterFix, meaning)
}

const fn not_approved(subcode: i64) -> Row {
    const MEANING: &str = "the app is not approved to message people who are not its testers";
    pair(200, subcode, C::PermissionMissing, R::AfterFix, MEANING).by(Who::Developer)
}

pub(super) const ROWS: &[Row] = &[
    pair(1, 1_357_046, C::Transient, R::Never, "a batch of messages was delivered although it failed"),
    pair(
        2,
        2_018_344,
        C::PermissionMissing,
        R::AfterFix,
        "an admin of the Page has to accept the label terms",
    ),
    pair(10, 2_018_278, C::WindowClosed, R::Never, "outside of the 24 hours (Messenger)"),
    pair(10, 2_534_022, C::WindowClosed, R::Never, "outside of the 24 hours (Instagram)"),
    pair(10, 2_018_065, C::WindowClosed, R::Never, "outside of the 24 hours without the news permission"),
    pair(10, 2_018_108, C::RecipientUnavailable, R::Never, "the person cannot receive messages now"),
    pair(10, 2_018_336, C::Unknown, R::Never, "the conversation is limited by European rules"),
    pair(
        10,
        2_534_077,
        C::PermissionMissing,
        R::AfterFix,
        "the Instagram account is not linked, or two-factor login is missing",
    ),
    pair(10, 1_404_170, C::AccountRestricted, R::Later, "the Page may not send opt-in requests"),
    pair(10, 1_893_063, C::AccountRestricted, R::Later, "the Page may not send messages"),
    pair(10, 1_893_015, C::RecipientUnavailable, R::Never, "the person stopped messages of this topic"),
    pair(100, 2_018_001, C::NotFoundOrHidden, R::Never, "there is no such person for this Page"),
    pair(100, 2_534_014, C::NotFoundOrHidden, R::Never, "there is no such person for this Instagram account"),
    bad_media(2_018_008, "the attachment could not be fetched"),
    bad_media(2_018_294, "fetching the video took over 75 seconds"),
    bad_media(2_018_047, "the attachment is of another type than announced"),
    bad_media(2_018_109, "the attachment is too large"),
    bad_parameter(2_018_074, "the attachment id is not valid"),
    bad_parameter(2_534_068, "the attachment id is not available to this account"),
    bad_parameter(2_018_164, "the app id is not valid"),
    bad_parameter(2_018_320, "a product id is not valid"),
    bad_parameter(2_018_328, "a product id is not valid"),
    bad_parameter(2_018_014, "the parameter is not valid for this message"),
    bad_parameter(2_534_013, "the Instagram account is not linked"),
    bad_parameter(2_534_015, "the message is not valid"),
    bad_parameter(2_534_025, "the payload is not valid"),
    bad_parameter(2_534_037, "another app owns the conversation"),
    pair(100, 2_534_029, C::AccountRestricted, R::Never, "the business may not use Instagram messaging"),
    not_approved(2_018_028),
    not_approved(2_018_027),
    not_approved(2_018_021),
    pair(200, 2_534_041, C::PermissionMissing, R::AfterFix, "the owner switched message access off"),
    pair(200, 1_545_041, C::RecipientUnavailable, R::Never, "the person is not available"),
    pair(551, 1_545_041, C::RecipientUnavailable, R::Never, "the person is not available"),
    code(551, C::RecipientUnavailable, R::Never, "the person blocked the Page or receives no messages"),
    code(1200, C::Transient, R::Backoff, "sending failed for the moment"),
    code(230, C::PermissionMissing, R::AfterFix, "pages_messaging is missing"),
    code(2022, C::PolicyBlocked, R::Never, "commerce messages are switched off for the Page"),
    code(36_103, C::CapabilityMissing, R::Never, "the Instagram account is not eligible"),
    id(2_018_218, C::PermissionMissing, R::Never, "the profile is not available"),
    id(2_018_247, C::PermissionMissing, R::Never, "the permissions do not suffice for the profile"),
    id(2_018_300, C::Unknown, R::Later, "another app controls the conversation"),
    id(2_018_321, C::Unknown, R::Later, "an automated flow controls the conversation"),
    id(2_018_171, C::Unknown, R::Later, "a role in the conversation is needed"),
    id(9_000_001, C::NotFoundOrHidden, R::Never, "the message was deleted"),
    range(2_018_389, 2_018_396, C::Unknown, R::AfterFix, "a call could not be made"),
];
