//! Judging the answers of the endpoints around a token.

use std::{sync::Arc, time::Duration};

use http::{
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
    response::Parts,
};
use sociogram_api_core::http::{BudgetKey, Dialect, Fault, FaultClass, Operation, Replay, Verdict};

use crate::{Grant, OAuthErrorClass, ProviderHooks, RefusedAnswer, reply::Reply};

#[derive(Debug)]
pub(super) struct TokenDialect {
    pub(super) hooks: Arc<dyn ProviderHooks>,
    pub(super) key: BudgetKey,
}

impl Dialect for TokenDialect {
    fn inspect(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Verdict {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let mut verdict = Verdict::new();
        verdict.request_id = header("x-fb-trace-id").or_else(|| header("x-li-uuid")).map(Into::into);
        if head.status.is_redirection() {
            // Following one would hand the secret to another address.
            verdict.fault = Some(Fault::new(FaultClass::Permanent));
            return verdict;
        }
        let success = head.status.is_success();
        if success && !Reply::read(body).is_ok_and(|reply| reply.is_refusal()) {
            return verdict;
        }
        let grant = operation.get::<Grant>().copied().unwrap_or(Grant::Code);
        let answer = RefusedAnswer::new(grant, head.status.as_u16(), body)
            .with_challenge(header(WWW_AUTHENTICATE.as_str()));
        let refusal = self.hooks.refusal(&answer);
        // One that the hooks cannot place keeps the reason that it came with a success; see `reject_refusal`.
        if success && refusal.class() == OAuthErrorClass::Rejected {
            return verdict;
        }
        let mut class = refusal.class().fault_class();
        // The road repeats what was only throttled. A code, or a refresh token that rotates, is sent once.
        if class == FaultClass::Throttled && operation.replay() == Replay::Never {
            class = FaultClass::Permanent;
        }
        let mut fault = Fault::new(class);
        if let Some(seconds) = header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()) {
            fault = fault.retry_after(Duration::from_secs(seconds));
        }
        verdict.fault = Some(fault.detail(refusal));
        verdict
    }

    fn budget_keys(&self, _: &Operation) -> Vec<BudgetKey> {
        vec![self.key.clone()]
    }
}
