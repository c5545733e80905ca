use super::*;
use crate::testing::inbox_contract::{FaultyInbox, InboxFault};

#[tokio::test(start_paused = true)]
async fn a_crash_leads_to_a_second_attempt_when_the_lease_is_over() {
    let inbox = inbox(&events(1)).await;
    let diary = Diary::new();
    let worker = || Worker::builder(inbox.clone(), diary.handler(5 * SECOND)).lease(30 * SECOND).build();
    crash_after(worker(), 2 * SECOND).await;
    sleep(Duration::from_millis(1)).await;
    assert_eq!(diary.at_work(), 0, "handlers end with their worker");
    worker().run(sleep(MINUTE)).await;
    let calls = diary.calls();
    assert_eq!((calls.len(), calls[1].1), (2, 2));
    assert!((30..=31).contains(&calls[1].2.as_secs()), "{calls:?}");
    assert_eq!(only(&*inbox).await.state, EntryState::Done);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_takes_every_process_with_it_is_given_up_without_being_tried() {
    let inbox = inbox(&events(1)).await;
    let diary = Diary::new();
    let worker = || Worker::builder(inbox.clone(), diary.handler(HOUR)).lease(10 * SECOND).max_attempts(2);
    for _ in 0..2 {
        crash_after(worker().build(), SECOND).await;
        sleep(20 * SECOND).await;
    }
    worker().build().run(sleep(SECOND)).await;
    assert_eq!(diary.calls().len(), 2);
    let entry = only(&*inbox).await;
    assert_eq!(entry.state, EntryState::Dead);
    assert_eq!(entry.errors[0].error, ["given up after 2 attempts that ended without a result"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_whose_claim_was_lost_is_dropped() {
    let inbox = inbox(&events(1)).await;
    let spy = Arc::new(
        Spy::on(&inbox)
            .failing(|call, number| (call == StoreCall::Renew && number == 2).then_some(Fault::ClaimsLost)),
    );
    let diary = Diary::new();
    let worker = Worker::builder(spy.clone(), diary.handler(MINUTE)).lease(9 * SECOND).build();
    worker.run(sleep(10 * MINUTE)).await;
    let calls = diary.calls();
    // Renewed at 3, lost at 6, due again at 12, and nothing was settled for the lost claim.
    assert_eq!((calls.len(), calls[1].1), (2, 2));
    assert!((12..=13).contains(&calls[1].2.as_secs()), "{calls:?}");
    assert_eq!((diary.ended().len(), spy.calls(StoreCall::Settle).len()), (1, 1));
    assert_eq!(only(&*inbox).await.state, EntryState::Done);
}

#[tokio::test(start_paused = true)]
async fn renewals_that_fail_are_repeated_before_the_lease_is_over() {
    let inbox = inbox(&events(1)).await;
    let spy = Arc::new(
        Spy::on(&inbox)
            .failing(|call, number| (call == StoreCall::Renew && number % 3 != 0).then_some(Fault::Down)),
    );
    let diary = Diary::new();
    let worker = || Worker::builder(spy.clone(), diary.handler(2 * MINUTE)).lease(12 * SECOND).build();
    tokio::join!(worker().run(sleep(5 * MINUTE)), worker().run(sleep(5 * MINUTE)));
    assert_eq!(diary.calls().len(), 1);
    assert_eq!(only(&*inbox).await.state, EntryState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_could_not_be_stored_is_kept_until_it_can_be() {
    let inbox = inbox(&events(5)).await;
    let spy = Arc::new(
        Spy::on(&inbox)
            .failing(|call, number| (call == StoreCall::Settle && number <= 4).then_some(Fault::Down)),
    );
    let diary = Diary::new();
    Worker::builder(spy.clone(), diary.handler(SECOND)).build().run(sleep(10 * MINUTE)).await;
    assert_eq!(states(&*inbox).await, [EntryState::Done; 5]);
    assert_eq!(diary.calls().len(), 5, "each was handled once");
    let settles = spy.calls(StoreCall::Settle);
    assert_eq!(settles.len(), 5);
    let waits: Vec<_> = settles.windows(2).map(|pair| pair[1].1.checked_sub(pair[0].1).unwrap()).collect();
    for (wait, longest) in waits.iter().zip([250, 500, 1000, 2000]) {
        let longest = Duration::from_millis(longest);
        assert!((longest / 2..=longest + Duration::from_millis(2)).contains(wait), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_results_cannot_be_stored_nothing_more_is_taken() {
    let inbox = inbox(&events(3)).await;
    let spy = Arc::new(Spy::on(&inbox).failing(|call, _| (call == StoreCall::Settle).then_some(Fault::Down)));
    let diary = Diary::new();
    let worker = Worker::builder(spy.clone(), diary.handler(SECOND)).concurrency(1).poll(SECOND).build();
    crash_after(worker, 50 * SECOND).await;
    // The second was taken before the first failure was known.
    assert_eq!(diary.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_could_not_be_stored_in_time_leads_to_a_repeat_and_not_to_a_loss() {
    let inbox = inbox(&events(3)).await;
    let start = Instant::now();
    let spy = Spy::on(&inbox).failing(move |call, _| {
        (call == StoreCall::Settle && start.elapsed() < 2 * MINUTE).then_some(Fault::Down)
    });
    let diary = Diary::new();
    let worker = Worker::builder(Arc::new(spy), diary.handler(SECOND)).lease(20 * SECOND).build();
    worker.run(sleep(10 * MINUTE)).await;
    assert_eq!(states(&*inbox).await, [EntryState::Done; 3]);
    assert!(diary.calls_of_each().into_values().all(|calls| calls >= 2));
}

#[tokio::test(start_paused = true)]
async fn lost_answers_lead_at_most_to_repeats_and_never_to_a_loss() {
    let inbox = inbox(&events(40)).await;
    let spy = Spy::on(&inbox).failing(|call, number| match call {
        StoreCall::Settle if number % 2 == 1 => Some(Fault::AnswerLost),
        StoreCall::Claim if number % 5 == 2 => Some(Fault::AnswerLost),
        StoreCall::Renew if number % 2 == 0 => Some(Fault::AnswerLost),
        _ => None,
    });
    let spy = Arc::new(spy);
    let diary = Diary::new();
    let works = || {
        let worker = Worker::builder(spy.clone(), diary.handler(12 * SECOND)).lease(30 * SECOND);
        worker.build().run(sleep(HOUR))
    };
    tokio::join!(works(), works());
    assert_eq!(states(&*inbox).await, [EntryState::Done; 40]);
    // A result that was stored is not undone by a second try, so none is handled again for it.
    assert!(diary.calls_of_each().into_values().all(|calls| calls == 1));
}

#[tokio::test(start_paused = true)]
async fn a_result_that_cannot_be_stored_holds_up_no_other_and_its_event_is_given_up() {
    let inbox = inbox(&events(6)).await;
    let third = entries(&*inbox).await[2].id;
    let spy = Arc::new(Spy::on(&inbox).poisoned_by(third));
    let diary = Diary::new();
    let worker = Worker::builder(spy, diary.handler(SECOND)).lease(20 * SECOND).max_attempts(3).build();
    worker.run(sleep(HOUR)).await;
    for entry in entries(&*inbox).await {
        let (state, calls) = if entry.id == third { (EntryState::Dead, 3) } else { (EntryState::Done, 1) };
        assert_eq!((entry.state, diary.calls_of_each()[&entry.id]), (state, calls), "{:?}", entry.id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_is_asked_ever_less_often_and_found_when_it_is_back() {
    let inbox = inbox(&events(1)).await;
    let start = Instant::now();
    let spy =
        Arc::new(Spy::on(&inbox).failing(move |_, _| (start.elapsed() < 10 * MINUTE).then_some(Fault::Down)));
    let diary = Diary::new();
    let worker = Worker::builder(spy.clone(), diary.handler(SECOND)).build();
    let wake = worker.wake();
    let wakes = async {
        for _ in 0..100 {
            sleep(SECOND).await;
            wake.notify();
        }
    };
    tokio::join!(worker.run(sleep(11 * MINUTE)), wakes);
    let times: Vec<_> = spy.calls(StoreCall::Claim).into_iter().map(|(_, at)| at).collect();
    let during = times.iter().filter(|at| **at < 10 * MINUTE).count();
    assert!((20..=50).contains(&during), "{during}");
    let longest = times.windows(2).map(|pair| pair[1].checked_sub(pair[0]).unwrap()).max().unwrap();
    assert!((15 * SECOND..=31 * SECOND).contains(&longest), "{longest:?}");
    assert_eq!(only(&*inbox).await.state, EntryState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_a_call_holds_nothing_up_for_ever() {
    for method in ["claim", "renew", "settle"] {
        let inbox = inbox(&events(3)).await;
        let faulty = FaultyInbox::over(inbox.clone());
        faulty.fail_after(1, method, InboxFault::Hangs, 1);
        let diary = Diary::new();
        let worker = Worker::builder(faulty, diary.handler(70 * SECOND)).concurrency(1).build();
        worker.run(sleep(10 * MINUTE)).await;
        assert_eq!(states(&*inbox).await, [EntryState::Done; 3], "{method}");
        assert_eq!(diary.calls().len(), 3, "{method}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_in_the_middle_of_the_work_loses_nothing() {
    let inbox = inbox(&events(20)).await;
    let faulty = FaultyInbox::over(inbox.clone());
    let diary = Diary::new();
    let worker = Worker::builder(faulty.clone(), diary.handler(7 * SECOND)).concurrency(3).build();
    let outage = async {
        sleep(10 * SECOND).await;
        faulty.set_down(true);
        sleep(30 * SECOND).await;
        faulty.set_down(false);
    };
    tokio::join!(worker.run(sleep(10 * MINUTE)), outage);
    assert_eq!(states(&*inbox).await, [EntryState::Done; 20]);
    // Shorter than a lease, so nothing had to be repeated either.
    assert_eq!(diary.calls().len(), 20);
}
