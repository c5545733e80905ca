//! Every number that Meta documents or that was seen, with class, advice on repeating and who acts: written down a
//! second time from the documents, so that no row is lost or changed by accident.

use super::*;
use ErrorClass as C;
use RateLimitScope as Scope;
use RetryAdvice::{AfterFix as F, Backoff as Y, Later as L, Never as N};
use TokenInvalidReason as Reason;
use Who::{Developer as D, Meta as M, User as U, Wait as W};

use crate::use_case::UseCase;

/// Class, repeating, who acts, and (code, subcode); subcode 0: none.
type Group = (ErrorClass, RetryAdvice, Who, &'static [(i64, i64)]);

const fn used_up(use_case: UseCase) -> ErrorClass {
    C::RateLimited(Scope::UseCase(use_case))
}

/// Graph API: Handling Errors; Facebook Login: Access Tokens.
const GENERIC: &[Group] = &[
    (C::DataTooLarge, F, D, &[(-3, 1_504_045)]),
    (C::Transient, L, W, &[(-2, 2_490_547)]),
    (C::Transient, Y, W, &[(1, 0), (2, 0)]),
    (C::InvalidParam, F, D, &[(1, 99), (2500, 0), (100, 1_609_005), (1_609_005, 0)]),
    (C::CapabilityMissing, N, D, &[(3, 0)]),
    (C::PermissionMissing, F, U, &[(10, 0), (200, 0), (210, 0), (283, 0), (299, 0)]),
    (C::PermissionMissing, F, D, &[(294, 0)]),
    (C::InvalidParam, N, D, &[(100, 0), (801, 0)]),
    (C::NotFoundOrHidden, N, D, &[(100, 33), (803, 0)]),
    (C::CodeInvalid, N, U, &[(100, 36_007), (100, 36_009)]),
    (C::AppMisconfigured, N, D, &[(100, 36_008), (191, 0)]),
    (C::TokenInvalid(Reason::AppUnknown), N, D, &[(101, 0)]),
    (C::TokenInvalid(Reason::NotPresented), F, D, &[(104, 0)]),
    (C::TokenInvalid(Reason::Unknown), N, U, &[(190, 0), (0, 0)]),
    (C::TokenInvalid(Reason::SessionEnded), N, U, &[(102, 0), (190, 452), (190, 462), (452, 0)]),
    (C::TokenInvalid(Reason::Malformed), N, D, &[(190, 456), (190, 457)]),
    (C::TokenInvalid(Reason::AppRemoved), N, U, &[(190, 458), (102, 458)]),
    (C::TokenInvalid(Reason::Checkpoint), L, U, &[(190, 459), (190, 490), (102, 459)]),
    (C::TokenInvalid(Reason::PasswordChanged), N, U, &[(190, 460), (102, 460)]),
    (C::TokenInvalid(Reason::Reinstalled), N, U, &[(190, 461)]),
    (C::TokenInvalid(Reason::Expired), N, U, &[(190, 463), (102, 463), (450, 0)]),
    (C::TokenInvalid(Reason::Unconfirmed), L, U, &[(190, 464)]),
    (C::TokenInvalid(Reason::UserInvalid), N, U, &[(190, 465)]),
    (C::TokenInvalid(Reason::Invalidated), N, U, &[(190, 466), (190, 467), (102, 467)]),
    (C::TokenInvalid(Reason::LongUnused), N, U, &[(190, 468)]),
    (C::TokenInvalid(Reason::PageRoleLost), N, U, &[(190, 492)]),
    (C::PolicyBlocked, L, U, &[(368, 0)]),
    (C::Duplicate, N, D, &[(506, 0)]),
    (C::VersionRetired, F, D, &[(2635, 0)]),
    (C::Unknown, N, M, &[(10_303, 0), (24_001, 0), (24_002, 0), (24_005, 0)]),
];

/// Graph API: Rate Limits; Marketing API: Rate Limiting.
const LIMITS: &[Group] = &[
    (C::RateLimited(Scope::App), L, W, &[(4, 0), (4, 1_504_022), (4, 1_504_039)]),
    (C::RateLimited(Scope::User), L, W, &[(17, 0)]),
    (C::RateLimited(Scope::Page), L, W, &[(32, 0)]),
    (used_up(UseCase::AdsInsights), L, W, &[(80_000, 0), (80_000, 2_446_079)]),
    (used_up(UseCase::Pages), L, W, &[(80_001, 0)]),
    (used_up(UseCase::Instagram), L, W, &[(80_002, 0)]),
    (used_up(UseCase::CustomAudience), L, W, &[(80_003, 0), (80_003, 2_446_079)]),
    (used_up(UseCase::AdsManagement), L, W, &[(80_004, 0), (80_004, 2_446_079)]),
    (used_up(UseCase::Leadgen), L, W, &[(80_005, 0)]),
    (used_up(UseCase::Messenger), L, W, &[(80_006, 0)]),
    (used_up(UseCase::WhatsApp), L, W, &[(80_007, 0), (80_008, 0)]),
    (used_up(UseCase::Catalog), L, W, &[(80_009, 0)]),
    (used_up(UseCase::CatalogBatch), L, W, &[(80_014, 0)]),
    (
        C::RateLimited(Scope::AdAccount),
        L,
        W,
        &[(17, 2_446_079), (613, 1_487_742), (200, 4_841_013), (613, 4_841_018)],
    ),
    (C::RateLimited(Scope::AdAccount), Y, W, &[(613, 5_044_001)]),
    (
        C::RateLimited(Scope::Custom),
        L,
        W,
        &[
            (341, 0),
            (613, 0),
            (4, 2_390_008),
            (4, 2_018_354),
            (9, 2_018_352),
            (17, 1_885_172),
            (613, 1_487_632),
            (613, 1_487_225),
            (613, 2_534_040),
            (1_390_008, 0),
            (100, 1_390_008),
        ],
    ),
    (C::RateLimited(Scope::Custom), L, D, &[(613, 1996)]),
    (C::RateLimited(Scope::Custom), N, W, &[(613, 1_893_016), (613, 2_018_338)]),
];

/// Pages API: Errors; Instagram Platform: Error Codes; Threads API.
const PUBLISHING: &[Group] = &[
    (
        C::MediaRejected,
        F,
        D,
        &[
            (324, 0),
            (1_366_046, 0),
            (2_069_019, 0),
            (1_363_024, 0),
            (1_363_025, 0),
            (1_363_026, 0),
            (1_363_031, 0),
            (1_363_041, 0),
            (100, 3_858_258),
            (352, 2_207_026),
            (9004, 2_207_052),
            (36_000, 2_207_004),
            (36_001, 2_207_005),
            (36_003, 2_207_009),
            (100, 2_207_077),
        ],
    ),
    (C::Duplicate, N, D, &[(1_366_051, 0), (100, 1_366_051)]),
    (C::PolicyBlocked, N, U, &[(1_346_003, 0), (1_404_102, 0)]),
    (C::AccountRestricted, F, U, &[(1_404_006, 0), (4_854_002, 0), (25, 2_207_050)]),
    (C::AccountRestricted, L, U, &[(1_404_078, 0), (1_404_112, 0), (2_859_015, 0)]),
    (C::AccountRestricted, N, U, &[(1_404_163, 0), (10, 4_279_013)]),
    (C::InvalidParam, F, D, &[(1_609_008, 0), (2_061_006, 0), (1_349_125, 0), (1, 2_207_057)]),
    (C::InvalidParam, F, D, &[(100, 2_207_023), (100, 2_207_028), (100, 2_207_035), (100, 2_207_036)]),
    (C::InvalidParam, F, D, &[(100, 2_207_037), (100, 2_207_040), (36_004, 2_207_010)]),
    (C::InvalidParam, N, D, &[(100, 2_207_081)]),
    (C::Transient, Y, W, &[(1_363_047, 0), (1_609_010, 0), (1_363_019, 0), (1_363_030, 0), (1_363_033, 0)]),
    (
        C::Transient,
        Y,
        W,
        &[(-2, 2_207_003), (-1, 2_207_001), (-1, 2_207_032), (24, 2_207_008), (-1, 2_207_082)],
    ),
    (C::Transient, F, W, &[(-1, 2_207_053)]),
    (C::UploadOffset, Y, D, &[(6000, 1_363_037), (1_363_037, 0)]),
    (C::MediaNotReady, F, D, &[(-2, 2_207_020)]),
    (C::MediaNotReady, Y, W, &[(9007, 2_207_027), (24, 4_279_009)]),
    (C::PolicyBlocked, L, U, &[(4, 2_207_051)]),
    (C::QuotaReached, L, W, &[(9, 2_207_042)]),
    (C::NotFoundOrHidden, F, D, &[(24, 2_207_006)]),
    (C::Unknown, N, M, &[(-1, 2_207_085)]),
];

/// Messenger Platform: Error Codes.
const MESSAGING: &[Group] = &[
    (C::Transient, N, W, &[(1, 1_357_046)]),
    (C::Transient, Y, W, &[(1200, 0), (2, 1200)]),
    (C::PermissionMissing, F, U, &[(2, 2_018_344), (10, 2_534_077), (200, 2_534_041), (230, 0)]),
    (C::PermissionMissing, F, D, &[(200, 2_018_028), (200, 2_018_027), (200, 2_018_021)]),
    (C::PermissionMissing, N, U, &[(2_018_218, 0), (2_018_247, 0)]),
    (C::WindowClosed, N, U, &[(10, 2_018_278), (10, 2_534_022), (10, 2_018_065)]),
    (C::RecipientUnavailable, N, U, &[(10, 2_018_108), (10, 1_893_015), (200, 1_545_041)]),
    (C::RecipientUnavailable, N, U, &[(551, 1_545_041), (551, 0)]),
    (C::AccountRestricted, L, U, &[(10, 1_404_170), (10, 1_893_063)]),
    (C::AccountRestricted, N, U, &[(100, 2_534_029)]),
    (C::NotFoundOrHidden, N, D, &[(100, 2_018_001), (100, 2_534_014), (9_000_001, 0)]),
    (C::MediaRejected, F, D, &[(100, 2_018_008), (100, 2_018_294), (100, 2_018_047), (100, 2_018_109)]),
    (C::InvalidParam, F, D, &[(100, 2_018_074), (100, 2_018_164), (100, 2_018_320), (100, 2_018_328)]),
    (C::InvalidParam, F, D, &[(100, 2_018_014), (100, 2_534_013), (100, 2_534_015), (100, 2_534_025)]),
    (C::InvalidParam, F, D, &[(100, 2_534_037), (100, 2_534_068)]),
    (C::PolicyBlocked, N, U, &[(2022, 0)]),
    (C::CapabilityMissing, N, D, &[(36_103, 0)]),
    (C::Unknown, N, M, &[(10, 2_018_336)]),
    (C::Unknown, L, M, &[(2_018_300, 0), (2_018_321, 0), (2_018_171, 0)]),
    (C::Unknown, F, M, &[(2_018_389, 0), (2_018_396, 0)]),
];

/// WhatsApp Business Platform: Error Codes. What Graph reads differently stands in `whatsapp_only`.
const WHATSAPP: &[Group] = &[
    (C::PermissionMissing, F, U, &[(131_005, 0)]),
    (C::NotFoundOrHidden, N, D, &[(33, 0), (131_041, 0), (131_213, 0), (100, 2_494_164)]),
    (C::AccountRestricted, N, U, &[(131_031, 0)]),
    (C::RecipientUnavailable, N, U, &[(130_403, 0), (130_472, 0), (131_026, 0), (131_050, 0), (137_000, 0)]),
    (C::RecipientUnavailable, F, U, &[(131_030, 0)]),
    (C::RateLimited(Scope::Custom), Y, W, &[(130_429, 0)]),
    (C::RateLimited(Scope::Custom), L, W, &[(131_048, 0), (133_016, 0)]),
    (C::RateLimited(Scope::Pair), Y, W, &[(131_056, 0)]),
    (C::PolicyBlocked, N, U, &[(130_497, 0)]),
    (C::Transient, Y, W, &[(131_000, 0), (131_016, 0), (133_004, 0)]),
    (C::Transient, L, W, &[(131_057, 0), (134_101, 0), (134_102, 0)]),
    (C::InvalidParam, F, D, &[(131_008, 0), (131_009, 0), (131_051, 0), (131_021, 0), (131_037, 0)]),
    (C::InvalidParam, F, D, &[(131_045, 0), (133_010, 0), (131_055, 0), (134_100, 0), (131_062, 0)]),
    (C::InvalidParam, F, D, &[(131_063, 0), (135_000, 0), (133_000, 0), (133_005, 0), (133_006, 0)]),
    (C::InvalidParam, L, D, &[(133_008, 0), (133_009, 0), (133_015, 0)]),
    (C::BillingProblem, F, U, &[(131_042, 0), (131_044, 0), (134_011, 0)]),
    (C::WindowClosed, N, U, &[(131_047, 0), (470, 0)]),
    (C::QuotaReached, L, W, &[(131_049, 0), (131_064, 0)]),
    (C::QuotaReached, N, W, &[(2_593_107, 0), (2_593_108, 0)]),
    (C::MediaRejected, F, D, &[(131_052, 0), (131_053, 0)]),
    (C::TemplateProblem, F, U, &[(132_000, 0), (132_001, 0), (132_005, 0), (132_007, 0), (132_008, 0)]),
    (C::TemplateProblem, F, U, &[(132_012, 0), (132_015, 0), (132_016, 0), (132_018, 0)]),
    (C::TemplateProblem, F, U, &[(132_068, 0), (132_069, 0)]),
    (C::TemplateProblem, F, D, &[(100, 2_388_019), (100, 2_388_039), (100, 2_388_040), (100, 2_388_047)]),
    (C::TemplateProblem, F, D, &[(100, 2_388_072), (100, 2_388_073), (100, 2_388_293), (100, 2_388_299)]),
    (C::Duplicate, N, D, &[(1_752_041, 0), (100, 2_388_024)]),
    (C::InvalidParam, F, D, &[(100, 2_388_012), (100, 2_388_091), (100, 2_388_093), (100, 2_388_103)]),
    (C::Transient, L, W, &[(100, 2_494_100)]),
    (C::InvalidParam, F, D, &[(200_005, 0), (200_006, 0), (200_007, 0)]),
    (C::InvalidParam, F, D, &[(131_020, 0), (131_059, 0), (131_201, 0), (131_212, 0)]),
    (C::InvalidParam, F, D, &[(138_000, 0), (138_018, 0)]),
    (C::QuotaReached, L, W, &[(138_009, 0), (138_012, 0)]),
    (C::QuotaReached, F, W, &[(131_204, 0), (139_101, 0)]),
    (C::RateLimited(Scope::Custom), L, W, &[(138_013, 0)]),
    (C::PolicyBlocked, F, U, &[(139_000, 0)]),
    (C::InvalidParam, F, D, &[(139_001, 0), (139_004, 0), (139_100, 0)]),
    (C::Transient, Y, W, &[(139_102, 0), (139_103, 0)]),
    (C::InvalidParam, F, D, &[(147_001, 0), (147_005, 0), (2_494_166, 0), (2_494_179, 0)]),
];

/// Marketing API: Error Codes; Insights API: Error Codes.
const ADS: &[Group] = &[
    (C::DataTooLarge, F, D, &[(100, 1_487_534), (100, 1_504_018), (2, 1_504_038)]),
    (C::InvalidParam, N, D, &[(2, 1_504_041), (2, 1_504_042), (200, 1_870_047)]),
    (C::Transient, Y, W, &[(2, 1_504_043), (2, 1_504_044)]),
    (C::PermissionMissing, F, U, &[(100, 3_191_001), (200, 1_870_034), (200, 1_870_090)]),
    (C::PermissionMissing, F, U, &[(200, 1_870_092), (2654, 1_713_092)]),
    (
        C::InvalidParam,
        F,
        D,
        &[(100, 1_487_694), (100, 1_752_129), (2606, 0), (2607, 0), (2615, 0), (3018, 0)],
    ),
    // Validation of ads, in whichever place the number stands.
    (C::InvalidParam, F, D, &[(100, 1_487_001), (100, 1_815_743), (100, 2_446_289), (100, 3_858_001)]),
    (C::InvalidParam, F, D, &[(1_487_001, 0), (1_815_743, 0), (2_446_289, 0), (3_858_001, 0)]),
    (C::PolicyBlocked, F, U, &[(2_708_008, 0)]),
];

#[test]
fn every_documented_number_has_its_class_its_advice_and_who_acts() {
    let mut count = 0;
    for (class, retry, who, numbers) in [GENERIC, LIMITS, PUBLISHING, MESSAGING, WHATSAPP, ADS].concat() {
        for (code, subcode) in numbers {
            let subcode = Some(*subcode).filter(|subcode| *subcode != 0);
            let facts = Facts { code: Some(*code), subcode, status: 400, ..Facts::default() };
            let found = judge(&facts);
            assert_eq!((found.class, found.retry, found.who), (class, retry, who), "{code}/{subcode:?}");
            assert!(found.meaning.is_some(), "{code}/{subcode:?} is judged by the status only");
            assert!(!class.advice().is_empty());
            count += 1;
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn whatsapp_only() {
    for (code, class, retry) in [
        (3, C::PermissionMissing, F),
        (10, C::PermissionMissing, F),
        (200, C::PermissionMissing, F),
        (299, C::PermissionMissing, F),
        (368, C::AccountRestricted, L),
        (190, C::TokenInvalid(Reason::Unknown), N),
    ] {
        let facts = Facts { code: Some(code), product: Some(Product::WhatsApp), ..Facts::default() };
        let found = judge(&facts);
        assert_eq!((found.class, found.retry), (class, retry), "{code}");
    }
}

/// "490" anywhere in an answer does not end a connection, and no other number in a text means anything.
#[test]
fn a_number_inside_a_text_decides_nothing() {
    for message in ["(#190) Error 490: expired", "code 368, subcode 463", "80004 rate limit", "2207042"] {
        let facts = Facts { code: Some(100), message, status: 400, ..Facts::default() };
        assert_eq!(judge(&facts).class, C::InvalidParam, "{message}");
        let unnumbered = Facts { message, status: 400, ..Facts::default() };
        assert_eq!(judge(&unnumbered).class, C::Unknown, "{message}");
    }
}
