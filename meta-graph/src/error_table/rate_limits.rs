//! Rate limits (Graph API: Rate Limits; Marketing API: Rate Limiting).

use super::{Row, code, pair};
use crate::error_class::{ErrorClass as C, RateLimitScope as Scope, RetryAdvice as R};
use crate::use_case::UseCase;

const fn use_case(number: i64, use_case: UseCase, meaning: &'static str) -> Row {
    code(number, C::RateLimited(Scope::UseCase(use_case)), R::Later, meaning)
}

const fn use_case_pair(number: i64, use_case: UseCase, meaning: &'static str) -> Row {
    pair(number, 2_446_079, C::RateLimited(Scope::UseCase(use_case)), R::Later, meaning)
}

const fn custom(number: i64, subcode: i64, retry: R, meaning: &'static str) -> Row {
    pair(number, subcode, C::RateLimited(Scope::Custom), retry, meaning)
}

pub(super) const ROWS: &[Row] = &[
    use_case(80_000, UseCase::AdsInsights, "too many insights calls for the ad account"),
    use_case_pair(80_000, UseCase::AdsInsights, "too many insights calls for the ad account"),
    use_case(80_001, UseCase::Pages, "too many calls to the Page with its own or a system token"),
    use_case(80_002, UseCase::Instagram, "too many calls for the Instagram account"),
    use_case(80_003, UseCase::CustomAudience, "too many custom audience calls for the ad account"),
    use_case_pair(80_003, UseCase::CustomAudience, "too many custom audience calls for the ad account"),
    use_case(80_004, UseCase::AdsManagement, "too many calls for the ad account"),
    use_case_pair(80_004, UseCase::AdsManagement, "too many calls for the ad account"),
    use_case(80_005, UseCase::Leadgen, "too many lead calls for the Page"),
    use_case(80_006, UseCase::Messenger, "too many Messenger calls for the Page"),
    use_case(80_007, UseCase::WhatsApp, "too many calls for the WhatsApp business account"),
    use_case(80_008, UseCase::WhatsApp, "too many management calls for the WhatsApp business account"),
    use_case(80_009, UseCase::Catalog, "too many calls for the catalog"),
    use_case(80_014, UseCase::CatalogBatch, "too many batches for the catalog"),
    pair(4, 1_504_022, C::RateLimited(Scope::App), R::Later, "insights are under load for this app").wait(60),
    pair(4, 1_504_039, C::RateLimited(Scope::App), R::Later, "insights are under load for this app").wait(60),
    custom(4, 2_390_008, R::Later, "too many questions for call permissions (WhatsApp)"),
    custom(4, 2_018_354, R::Later, "too many marketing messages in Messenger"),
    custom(9, 2_018_352, R::Later, "too many opt-in requests in Messenger"),
    pair(17, 2_446_079, C::RateLimited(Scope::AdAccount), R::Later, "the ad account's score is used up")
        .wait(300),
    custom(17, 1_885_172, R::Later, "the spend cap was changed more than 10 times in a day").wait(86_400),
    pair(613, 1_487_742, C::RateLimited(Scope::AdAccount), R::Later, "too many calls for the ad account"),
    pair(613, 5_044_001, C::RateLimited(Scope::AdAccount), R::Backoff, "more than 100 changes a second")
        .wait(1),
    custom(613, 1_487_632, R::Later, "the ad set's budget was changed more than 4 times in an hour")
        .wait(3600),
    custom(613, 1_487_225, R::Later, "too many new ads for the daily spend limit"),
    custom(613, 2_534_040, R::Later, "too many Instagram messages"),
    custom(613, 1_893_016, R::Never, "the same opt-in request again"),
    custom(613, 2_018_338, R::Never, "a message tag is used in an abusive way"),
    pair(
        613,
        4_841_018,
        C::RateLimited(Scope::AdAccount),
        R::Later,
        "write throttle of the development tier",
    ),
];
