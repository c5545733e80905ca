//! Ads and insights (Marketing API: Error Codes, Insights API: Error Codes).

use super::{Row, code, id, pair, range};
use crate::error_class::{ErrorClass as C, RetryAdvice as R};

const CHECK_FIELDS: &str = "the input was refused; Meta's text and the blamed fields say why";

pub(super) const ROWS: &[Row] = &[
    pair(100, 1_487_534, C::DataTooLarge, R::AfterFix, "more rows or points than one call may give"),
    pair(100, 1_504_018, C::DataTooLarge, R::AfterFix, "the query took too long; run it as an async job"),
    pair(2, 1_504_038, C::DataTooLarge, R::AfterFix, "the query took too long; run it as an async job"),
    pair(2, 1_504_041, C::InvalidParam, R::Never, "these breakdowns and metrics do not go together"),
    pair(2, 1_504_042, C::InvalidParam, R::Never, "these breakdowns and metrics do not go together"),
    pair(2, 1_504_043, C::Transient, R::Backoff, "insights failed for the moment"),
    pair(2, 1_504_044, C::Transient, R::Backoff, "insights failed for an unknown reason"),
    pair(100, 3_191_001, C::PermissionMissing, R::AfterFix, "these insights are not open to the token"),
    pair(100, 1_487_694, C::InvalidParam, R::AfterFix, "a targeting category no longer exists"),
    pair(100, 1_752_129, C::InvalidParam, R::AfterFix, "these tasks cannot be combined"),
    pair(200, 1_870_034, C::PermissionMissing, R::AfterFix, "the custom audience terms are not accepted"),
    pair(200, 1_870_090, C::PermissionMissing, R::AfterFix, "the audience terms are not accepted"),
    pair(200, 1_870_092, C::PermissionMissing, R::AfterFix, "the business tools terms are not accepted"),
    pair(200, 1_870_047, C::InvalidParam, R::Never, "the audience is too small"),
    pair(2654, 1_713_092, C::PermissionMissing, R::AfterFix, "the token may not change the ad account"),
    code(2606, C::InvalidParam, R::AfterFix, "the ad preview cannot be made"),
    code(2607, C::InvalidParam, R::AfterFix, "the currency is not valid for the ad account"),
    code(2615, C::InvalidParam, R::AfterFix, "the ad account cannot be changed like this"),
    code(3018, C::InvalidParam, R::AfterFix, "the start date is more than 37 months ago"),
    range(1_487_000, 1_487_999, C::InvalidParam, R::AfterFix, CHECK_FIELDS),
    range(1_800_000, 1_899_999, C::InvalidParam, R::AfterFix, CHECK_FIELDS),
    range(2_400_000, 2_499_999, C::InvalidParam, R::AfterFix, CHECK_FIELDS),
    range(3_800_000, 3_899_999, C::InvalidParam, R::AfterFix, CHECK_FIELDS),
    id(2_708_008, C::PolicyBlocked, R::AfterFix, "political ads need an authorization of the advertiser"),
];
