use super::*;
use ErrorClass as C;
use RateLimitScope as Scope;
use RetryAdvice as R;
use TokenInvalidReason as Reason;

use crate::use_case::UseCase;

fn judged(code: i64, subcode: Option<i64>) -> Judgement {
    judge(&Facts { code: Some(code), subcode, status: 400, ..Facts::default() })
}

/// Code, subcode (0 for none), class, retry: lines of every section and every shape of key.
const EXPECTED: &[(i64, i64, ErrorClass, RetryAdvice)] = &[
    // Generic and tokens.
    (-3, 1_504_045, C::DataTooLarge, R::AfterFix),
    (-2, 2_490_547, C::Transient, R::Later),
    (1, 0, C::Transient, R::Backoff),
    (1, 99, C::InvalidParam, R::AfterFix),
    (2, 0, C::Transient, R::Backoff),
    (3, 0, C::CapabilityMissing, R::Never),
    (4, 0, C::RateLimited(Scope::App), R::Later),
    (10, 0, C::PermissionMissing, R::AfterFix),
    (17, 0, C::RateLimited(Scope::User), R::Later),
    (32, 0, C::RateLimited(Scope::Page), R::Later),
    (100, 0, C::InvalidParam, R::Never),
    (100, 33, C::NotFoundOrHidden, R::Never),
    (100, 36_007, C::CodeInvalid, R::Never),
    (100, 36_008, C::AppMisconfigured, R::Never),
    (100, 36_009, C::CodeInvalid, R::Never),
    (101, 0, C::TokenInvalid(Reason::AppUnknown), R::Never),
    (102, 0, C::TokenInvalid(Reason::SessionEnded), R::Never),
    (104, 0, C::TokenInvalid(Reason::NotPresented), R::AfterFix),
    (190, 0, C::TokenInvalid(Reason::Unknown), R::Never),
    (191, 0, C::AppMisconfigured, R::Never),
    (190, 452, C::TokenInvalid(Reason::SessionEnded), R::Never),
    (190, 456, C::TokenInvalid(Reason::Malformed), R::Never),
    (190, 458, C::TokenInvalid(Reason::AppRemoved), R::Never),
    (190, 459, C::TokenInvalid(Reason::Checkpoint), R::Later),
    (190, 460, C::TokenInvalid(Reason::PasswordChanged), R::Never),
    (190, 463, C::TokenInvalid(Reason::Expired), R::Never),
    (190, 464, C::TokenInvalid(Reason::Unconfirmed), R::Later),
    (190, 467, C::TokenInvalid(Reason::Invalidated), R::Never),
    (190, 492, C::TokenInvalid(Reason::PageRoleLost), R::Never),
    (190, 999, C::TokenInvalid(Reason::Unknown), R::Never),
    (200, 0, C::PermissionMissing, R::AfterFix),
    (299, 0, C::PermissionMissing, R::AfterFix),
    (300, 0, C::Unknown, R::Never),
    (200, 4_841_013, C::RateLimited(Scope::AdAccount), R::Later),
    (341, 0, C::RateLimited(Scope::Custom), R::Later),
    (368, 0, C::PolicyBlocked, R::Later),
    (450, 0, C::TokenInvalid(Reason::Expired), R::Never),
    (506, 0, C::Duplicate, R::Never),
    (613, 0, C::RateLimited(Scope::Custom), R::Later),
    (613, 1996, C::RateLimited(Scope::Custom), R::Later),
    (803, 0, C::NotFoundOrHidden, R::Never),
    (2500, 0, C::InvalidParam, R::AfterFix),
    (2635, 0, C::VersionRetired, R::AfterFix),
    (100, 1_609_005, C::InvalidParam, R::AfterFix),
    (10_303, 0, C::Unknown, R::Never),
    // Rate limits.
    (80_000, 2_446_079, C::RateLimited(Scope::UseCase(UseCase::AdsInsights)), R::Later),
    (80_001, 0, C::RateLimited(Scope::UseCase(UseCase::Pages)), R::Later),
    (80_004, 2_446_079, C::RateLimited(Scope::UseCase(UseCase::AdsManagement)), R::Later),
    (80_007, 0, C::RateLimited(Scope::UseCase(UseCase::WhatsApp)), R::Later),
    (80_008, 0, C::RateLimited(Scope::UseCase(UseCase::WhatsApp)), R::Later),
    (80_014, 0, C::RateLimited(Scope::UseCase(UseCase::CatalogBatch)), R::Later),
    (4, 1_504_022, C::RateLimited(Scope::App), R::Later),
    (17, 2_446_079, C::RateLimited(Scope::AdAccount), R::Later),
    (613, 5_044_001, C::RateLimited(Scope::AdAccount), R::Backoff),
    (613, 1_893_016, C::RateLimited(Scope::Custom), R::Never),
    // Publishing.
    (324, 0, C::MediaRejected, R::AfterFix),
    (100, 1_366_046, C::MediaRejected, R::AfterFix),
    (1_366_046, 0, C::MediaRejected, R::AfterFix),
    (200, 1_404_078, C::AccountRestricted, R::Later),
    (6000, 1_363_037, C::UploadOffset, R::Backoff),
    (1_363_030, 0, C::Transient, R::Backoff),
    (100, 3_858_258, C::MediaRejected, R::AfterFix),
    (-2, 2_207_003, C::Transient, R::Backoff),
    (-2, 2_207_020, C::MediaNotReady, R::AfterFix),
    (-1, 2_207_001, C::Transient, R::Backoff),
    (4, 2_207_051, C::PolicyBlocked, R::Later),
    (9, 2_207_042, C::QuotaReached, R::Later),
    (24, 2_207_006, C::NotFoundOrHidden, R::AfterFix),
    (24, 2_207_008, C::Transient, R::Backoff),
    (25, 2_207_050, C::AccountRestricted, R::AfterFix),
    (9007, 2_207_027, C::MediaNotReady, R::Backoff),
    (36_003, 2_207_009, C::MediaRejected, R::AfterFix),
    (36_004, 2_207_010, C::InvalidParam, R::AfterFix),
    (-1, 2_207_077, C::MediaRejected, R::AfterFix),
    (10, 4_279_013, C::AccountRestricted, R::Never),
    (24, 4_279_009, C::MediaNotReady, R::Backoff),
    // Messaging.
    (1, 1_357_046, C::Transient, R::Never),
    (10, 2_018_278, C::WindowClosed, R::Never),
    (10, 2_018_108, C::RecipientUnavailable, R::Never),
    (100, 2_018_001, C::NotFoundOrHidden, R::Never),
    (100, 2_018_109, C::MediaRejected, R::AfterFix),
    (100, 2_018_320, C::InvalidParam, R::AfterFix),
    (200, 2_018_028, C::PermissionMissing, R::AfterFix),
    (551, 0, C::RecipientUnavailable, R::Never),
    (200, 1_545_041, C::RecipientUnavailable, R::Never),
    (230, 0, C::PermissionMissing, R::AfterFix),
    (9_000_001, 0, C::NotFoundOrHidden, R::Never),
    (2_018_390, 0, C::Unknown, R::AfterFix),
    // WhatsApp.
    (0, 0, C::TokenInvalid(Reason::Unknown), R::Never),
    (33, 0, C::NotFoundOrHidden, R::Never),
    (130_429, 0, C::RateLimited(Scope::Custom), R::Backoff),
    (131_005, 0, C::PermissionMissing, R::AfterFix),
    (131_026, 0, C::RecipientUnavailable, R::Never),
    (131_042, 0, C::BillingProblem, R::AfterFix),
    (131_047, 0, C::WindowClosed, R::Never),
    (470, 0, C::WindowClosed, R::Never),
    (131_049, 0, C::QuotaReached, R::Later),
    (131_053, 0, C::MediaRejected, R::AfterFix),
    (131_056, 0, C::RateLimited(Scope::Pair), R::Backoff),
    (132_001, 0, C::TemplateProblem, R::AfterFix),
    (133_010, 0, C::InvalidParam, R::AfterFix),
    (134_102, 0, C::Transient, R::Later),
    (1_752_041, 0, C::Duplicate, R::Never),
    (100, 2_388_293, C::TemplateProblem, R::AfterFix),
    (100, 2_388_012, C::InvalidParam, R::AfterFix),
    (131_203, 0, C::InvalidParam, R::AfterFix),
    (131_208, 0, C::RateLimited(Scope::Custom), R::Later),
    (138_010, 0, C::Unknown, R::AfterFix),
    (147_003, 0, C::InvalidParam, R::AfterFix),
    (2_494_170, 0, C::InvalidParam, R::AfterFix),
    // Ads and insights.
    (100, 1_487_534, C::DataTooLarge, R::AfterFix),
    (2, 1_504_041, C::InvalidParam, R::Never),
    (2, 1_504_043, C::Transient, R::Backoff),
    (100, 3_191_001, C::PermissionMissing, R::AfterFix),
    (200, 1_870_047, C::InvalidParam, R::Never),
    (1_487_111, 0, C::InvalidParam, R::AfterFix),
    (999, 1_815_000, C::InvalidParam, R::AfterFix),
    (3018, 0, C::InvalidParam, R::AfterFix),
    (2_708_008, 0, C::PolicyBlocked, R::AfterFix),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    SECTIONS.iter().copied().flatten()
}

#[test]
fn representative_rows_of_every_section() {
    for (code, subcode, class, retry) in EXPECTED {
        let found = judged(*code, Some(*subcode).filter(|subcode| *subcode != 0));
        assert_eq!((found.class, found.retry), (*class, *retry), "{code}/{subcode}");
    }
}

#[test]
fn no_key_appears_twice() {
    let all: Vec<&Row> = rows().collect();
    for (at, row) in all.iter().enumerate() {
        let twins =
            all.iter().skip(at + 1).filter(|other| other.key == row.key && other.product == row.product);
        assert_eq!(twins.count(), 0, "{row:?}");
    }
    assert!(all.len() > 300, "{}", all.len());
}

/// Every row is reachable by its own key, so no generic row hides a specific one.
#[test]
fn every_row_is_found_by_its_own_key() {
    for row in rows() {
        let (code, subcode) = match row.key {
            Key::Pair(code, subcode) => (code, Some(subcode)),
            Key::Code(code) | Key::Id(code) => (code, None),
            // The first number that no more specific row takes.
            Key::Range(from, to) => {
                let free = (from..=to).find(|n| {
                    !rows().any(|other| match other.key {
                        Key::Code(code) | Key::Id(code) => code == *n,
                        Key::Pair(_, subcode) => subcode == *n,
                        Key::Range(..) => false,
                    })
                });
                (free.expect("a range that is not covered by single rows"), None)
            }
        };
        let facts =
            Facts { code: Some(code), subcode, status: 400, product: row.product, ..Facts::default() };
        assert_eq!(judge(&facts), row.into(), "{row:?}");
    }
}

/// A pair answers for itself, its bare code for the rest.
#[test]
fn the_specific_row_beats_the_generic_one() {
    let mut checked = 0;
    for row in rows() {
        let Key::Pair(code, subcode) = row.key else { continue };
        let generic = judged(code, None);
        assert_eq!(judged(code, Some(subcode)).meaning, Some(row.meaning));
        checked += usize::from(generic.class != row.class);
    }
    assert!(checked > 60, "only {checked} pairs differ from their code");
}

#[test]
fn a_unique_id_counts_in_either_place_and_with_another_code() {
    for id in [2_207_042, 2_018_278, 1_366_046] {
        let class = judged(id, None).class;
        assert_ne!(class, C::Unknown);
        assert_eq!(judged(100, Some(id)).class, class, "{id}");
        assert_eq!(judge(&Facts { subcode: Some(id), ..Facts::default() }).class, class, "{id}");
    }
    // The rows that name 2446079 disagree, so the code decides.
    assert_eq!(judged(100, Some(2_446_079)).class, C::InvalidParam);
    // A small subcode is no id.
    assert_eq!(judged(999, Some(250)).class, C::Unknown);
}

#[test]
fn whatsapp_reads_some_numbers_differently() {
    for (code, elsewhere, whatsapp) in
        [(3, C::CapabilityMissing, C::PermissionMissing), (368, C::PolicyBlocked, C::AccountRestricted)]
    {
        assert_eq!(judged(code, None).class, elsewhere);
        let facts = Facts { code: Some(code), product: Some(Product::WhatsApp), ..Facts::default() };
        assert_eq!(judge(&facts).class, whatsapp);
    }
}

#[test]
fn meta_saying_that_it_passes_is_believed_unless_that_does_harm() {
    let transient = |code, subcode| {
        judge(&Facts { code: Some(code), subcode, status: 400, is_transient: Some(true), ..Facts::default() })
    };
    for (code, subcode) in [(100, None), (999, None), (10, None), (1, None)] {
        let found = transient(code, subcode);
        assert_eq!((found.class, found.retry, found.who), (C::Transient, R::Backoff, Who::Wait), "{code}");
    }
    for (code, subcode) in
        [(4, None), (190, None), (506, None), (368, None), (100, Some(33)), (2, Some(1_504_041))]
    {
        assert_eq!(transient(code, subcode), judged(code, subcode), "{code}");
    }
    let denied = Facts { code: Some(2), is_transient: Some(false), ..Facts::default() };
    assert_eq!(judge(&denied).class, C::Transient, "`false` is not believed");
}

#[test]
fn some_cases_are_told_apart_by_text() {
    let with = |code, message| judge(&Facts { code, message, status: 500, ..Facts::default() }).class;
    let too_large = "Please reduce the amount of data you're asking for, then retry your request";
    let no_token = "An active access token must be used to query information about the current user.";
    let redirect = "Error validating verification code. Please make sure your redirect_uri is identical to the \
                    one you used in the OAuth dialog request";
    for (code, message, class) in [
        (Some(1), too_large, C::DataTooLarge),
        (None, too_large, C::DataTooLarge),
        (Some(100), too_large, C::InvalidParam),
        (Some(2500), no_token, C::TokenInvalid(Reason::NotPresented)),
        (Some(2500), "Unknown path components: /x", C::InvalidParam),
        (Some(1), "Error validating client secret.", C::ClientInvalid),
        (Some(100), "Error validating client secret.", C::InvalidParam),
        (Some(100), redirect, C::AppMisconfigured),
        (Some(100), "Error validating verification code.", C::CodeInvalid),
        (Some(100), "Invalid verification code format.", C::CodeInvalid),
        (Some(100), "This authorization code has expired.", C::CodeInvalid),
        // Instagram's token endpoint repeats the status as the code.
        (Some(400), "Invalid platform app", C::ClientInvalid),
        (Some(400), "Invalid redirect_uri", C::AppMisconfigured),
        (Some(400), "Redirect URI does not match registered redirect URI", C::AppMisconfigured),
        (Some(400), redirect, C::AppMisconfigured),
        (Some(400), "This authorization code has been used", C::CodeInvalid),
        (Some(400), "Matching code was not found or was already used.", C::CodeInvalid),
        (Some(401), "Invalid platform app", C::Transient),
    ] {
        assert_eq!(with(code, message), class, "{code:?} {message}");
    }
}

#[test]
fn a_number_of_its_own_beats_the_text() {
    let message = "This authorization code has been used. Make sure your redirect_uri is identical.";
    let facts = Facts { code: Some(100), subcode: Some(36_009), message, ..Facts::default() };
    assert_eq!(judge(&facts).class, C::CodeInvalid);
}

#[test]
fn without_a_known_number_the_status_decides() {
    for (status, class) in [
        (400, C::Unknown),
        (401, C::TokenInvalid(Reason::Unknown)),
        (403, C::PermissionMissing),
        (404, C::NotFoundOrHidden),
        (413, C::DataTooLarge),
        (429, C::RateLimited(Scope::Edge)),
        (500, C::Transient),
        (503, C::Transient),
        (200, C::Unknown),
    ] {
        assert_eq!(judge(&Facts { status, ..Facts::default() }).class, class, "{status}");
        assert_eq!(judge(&Facts { code: Some(7_777), status, ..Facts::default() }).class, class, "{status}");
    }
}

#[test]
fn waits_and_actors_come_with_the_row() {
    assert_eq!(judged(131_049, None).wait, Some(Duration::from_secs(86_400)));
    assert_eq!(judged(613, Some(5_044_001)).wait, Some(Duration::from_secs(1)));
    assert_eq!(judged(4, None).wait, None);
    assert_eq!(judged(294, None).who, Who::Developer);
    assert_eq!(judged(200, None).who, Who::User);
}

#[test]
fn meanings_are_one_lower_case_line() {
    for row in rows() {
        assert!(
            !row.meaning.is_empty() && !row.meaning.contains('\n') && !row.meaning.ends_with('.'),
            "{row:?}"
        );
    }
}
