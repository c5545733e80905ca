//! Which of Meta's limits an operation counts against, as keys of the rate budget.

use std::sync::Arc;

use sociogram_api_core::http::{BudgetKey, Operation};

use crate::error_class::RateLimitScope;
use crate::use_case::UseCase;

/// Stands where an id is not known.
const UNNAMED: &str = "unnamed";

/// The person a client acts for, as an extension of the operation.
#[derive(Clone, Debug)]
pub(crate) struct ActingFor(pub(crate) Arc<str>);

/// The limits of one operation.
#[derive(Debug)]
pub(crate) struct Limits {
    /// All calls of the app.
    pub(crate) app: BudgetKey,
    /// The person whose token it is, if the client was told.
    pub(crate) user: Option<BudgetKey>,
    /// The use case of the object the operation is about.
    pub(crate) object: Option<BudgetKey>,
    /// The score of the ad account the operation is about.
    pub(crate) ad_account: Option<BudgetKey>,
    /// All insights of ads that the app reads.
    pub(crate) app_insights: Option<BudgetKey>,
    subject: Option<Arc<str>>,
    operation: &'static str,
}

impl Limits {
    pub(crate) fn of(app: Option<&str>, operation: &Operation) -> Self {
        let use_case = UseCase::of_operation(operation.name());
        let subject: Option<Arc<str>> = operation.subject_id().map(|id| counted(use_case, id).into());
        let key = |kind| subject.clone().map(|id| BudgetKey::new(kind, id));
        let app = app.unwrap_or(UNNAMED);
        let insights = use_case == UseCase::AdsInsights;
        Self {
            app: BudgetKey::new("app", app),
            app_insights: insights.then(|| BudgetKey::new("app_insights", app)),
            user: operation.get::<ActingFor>().map(|person| BudgetKey::new("user", Arc::clone(&person.0))),
            object: key(use_case.as_str()),
            ad_account: key("ad_account").filter(|_| use_case.is_ad_account()),
            operation: operation.name(),
            subject,
        }
    }

    /// The keys to ask before sending, the widest first.
    pub(crate) fn keys(self) -> Vec<BudgetKey> {
        let all = [Some(self.app), self.user, self.app_insights, self.ad_account, self.object];
        all.into_iter().flatten().collect()
    }

    /// What a throttle of this scope stops. Where the object or person is not known nothing is stopped
    /// beyond the call itself, rather than the whole app for the sake of one person.
    pub(crate) fn reached(&self, scope: RateLimitScope) -> BudgetKey {
        let object = self.object.as_ref();
        let known = match scope {
            RateLimitScope::App => Some(self.app.clone()),
            RateLimitScope::User => self.user.clone(),
            RateLimitScope::AdAccount => self.ad_account.as_ref().or(object).cloned(),
            RateLimitScope::Page => object.cloned(),
            RateLimitScope::UseCase(use_case) => {
                self.subject.clone().map(|id| BudgetKey::new(use_case.as_str(), id))
            }
            // It does not say what it counts by; its stop is short.
            RateLimitScope::Edge => object.or(self.user.as_ref()).or(Some(&self.app)).cloned(),
            RateLimitScope::Pair | RateLimitScope::Custom => None,
        };
        known.unwrap_or_else(|| self.only_this())
    }

    /// A key that no operation asks for.
    pub(crate) fn only_this(&self) -> BudgetKey {
        BudgetKey::new("call", self.operation)
    }
}

/// The object whose limit it is: a post's id begins with that of its Page.
fn counted(use_case: UseCase, subject: &str) -> &str {
    match subject.split_once('_') {
        Some((page, _)) if use_case == UseCase::Pages && page.bytes().all(|byte| byte.is_ascii_digit()) => {
            page
        }
        _ => object_id(subject),
    }
}

/// Usage headers name ad accounts without `act_`.
pub(crate) fn object_id(subject: &str) -> &str {
    subject.strip_prefix("act_").unwrap_or(subject)
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::http::Replay;

    use super::*;

    fn texts(name: &'static str, subject: Option<&str>, user: Option<&str>) -> Vec<String> {
        let mut operation = Operation::new(name, "meta", Replay::Safe);
        if let Some(subject) = subject {
            operation = operation.subject(subject);
        }
        if let Some(user) = user {
            operation = operation.with(ActingFor(user.into()));
        }
        Limits::of(Some("7"), &operation).keys().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn keys_go_from_the_app_to_the_object() {
        assert_eq!(texts("page.posts.create", Some("42"), None), ["app:7", "pages:42"]);
        assert_eq!(texts("page.posts.get", Some("42_7"), None), ["app:7", "pages:42"]);
        assert_eq!(texts("user.read", None, Some("9")), ["app:7", "user:9"]);
        assert_eq!(
            texts("ads.insights.read", Some("act_5"), None),
            ["app:7", "app_insights:7", "ad_account:5", "ads_insights:5"]
        );
    }

    #[test]
    fn one_persons_throttle_never_stops_the_app() {
        let operation = Operation::new("user.read", "meta", Replay::Safe);
        let limits = Limits::of(None, &operation);
        for scope in
            [RateLimitScope::User, RateLimitScope::Page, RateLimitScope::Custom, RateLimitScope::Pair]
        {
            assert_eq!(limits.reached(scope).to_string(), "call:user.read", "{scope:?}");
        }
        for scope in [RateLimitScope::App, RateLimitScope::Edge] {
            assert_eq!(limits.reached(scope).to_string(), "app:unnamed", "{scope:?}");
        }
    }
}
