//! Sends bodies one after the other until each event has its fate.

use std::ops::ControlFlow;

use serde::Deserialize;

use super::{InDoubtPolicy, Isolation, Outcome, SendReport};
use crate::platform::{RequestOutcome, SendRequest};
use crate::prepare::{Prepared, RequestBody};

/// Most further calls for finding the bad events of one refused request: enough for three of 1000.
const EXTRA_CALLS_PER_BODY: u32 = 60;

/// Sends what was prepared, sets bad events apart and reports what became of each.
pub(crate) async fn run(sender: &dyn SendRequest, prepared: Prepared, in_doubt: InDoubtPolicy) -> SendReport {
    let (bodies, rejected, warnings) = prepared.into_parts();
    let extra_calls = u32::try_from(bodies.len()).unwrap_or(u32::MAX).saturating_mul(EXTRA_CALLS_PER_BODY);
    let mut isolation = Isolation::new(bodies, extra_calls);
    let mut report = SendReport { warnings, ..SendReport::default() };
    while let Some(body) = isolation.next() {
        report.calls += 1;
        let mut outcome = sender.send_request(&body).await;
        if matches!(outcome, RequestOutcome::InDoubt { .. })
            && in_doubt == InDoubtPolicy::RetryOnce
            && every_event_has_an_id(&body)
        {
            report.calls += 1;
            outcome = settled(outcome, sender.send_request(&body).await);
        }
        if let RequestOutcome::Taken { messages, .. } = &mut outcome {
            report.messages.append(messages);
        }
        if let ControlFlow::Break(stopped) = isolation.answered(&body, outcome) {
            isolation.stop(&stopped);
            report.stopped = Some(stopped);
        }
        report.outcomes.extend(isolation.take_decided());
    }
    report.outcomes.extend(isolation.take_decided());
    report.outcomes.extend(rejected.iter().map(|event| (event.index, Outcome::Rejected(event.into()))));
    report.outcomes.sort_by_key(|(index, _)| *index);
    report
}

/// What two answers to the same request mean, the first of which left doubt. What the second one refuses the first one
/// may have taken.
fn settled(first: RequestOutcome, second: RequestOutcome) -> RequestOutcome {
    match second {
        RequestOutcome::Taken { received, refused, mut unknown, trace, messages } => {
            unknown.extend(refused.into_iter().map(|(place, _)| place));
            RequestOutcome::Taken { received, refused: Vec::new(), unknown, trace, messages }
        }
        _ => first,
    }
}

fn every_event_has_an_id(body: &RequestBody) -> bool {
    #[derive(Deserialize)]
    struct Id {
        #[serde(alias = "eventId")]
        event_id: String,
    }
    body.events().all(|json| serde_json::from_str::<Id>(json).is_ok_and(|id| !id.event_id.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Refusal;

    #[test]
    fn what_a_second_answer_refuses_stays_in_doubt() {
        let first = RequestOutcome::doubt(sociogram_api_core::ErrorKind::InDoubt, None, None);
        let second = RequestOutcome::Taken {
            received: Some(1),
            refused: vec![(1, Refusal::default())],
            unknown: vec![2],
            trace: None,
            messages: Vec::new(),
        };
        let RequestOutcome::Taken { refused, unknown, .. } = settled(first.clone(), second) else {
            panic!("it was taken");
        };
        assert_eq!((refused.len(), unknown), (0, vec![2, 1]));
        let refused = RequestOutcome::Refused { refusal: Refusal::default(), blamed: vec![0] };
        assert_eq!(settled(first.clone(), refused), first);
    }
}
