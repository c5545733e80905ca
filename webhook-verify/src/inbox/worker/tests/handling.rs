use super::*;
use crate::inbox::InboxError;

#[tokio::test(start_paused = true)]
async fn each_event_is_handled_once_when_nothing_fails() {
    let inbox = inbox(&events(50)).await;
    let diary = Diary::new();
    // Two workers, which take turns at whatever is due.
    let works = || {
        let worker = Worker::builder(inbox.clone(), diary.handler(Duration::from_millis(70)));
        worker.concurrency(4).build().run(sleep(MINUTE))
    };
    tokio::join!(works(), works());
    assert_eq!(states(&*inbox).await, [EntryState::Done; 50]);
    assert_eq!(diary.calls().len(), 50);
    assert!(diary.calls_of_each().into_values().all(|calls| calls == 1));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_wants_is_kept_as_skipped() {
    let inbox = inbox(&events(1)).await;
    let skips = handler(|_| async { Ok(Handled::Skipped) });
    Worker::builder(inbox.clone(), skips).build().run(sleep(SECOND)).await;
    let entry = only(&*inbox).await;
    assert_eq!((entry.state, entry.attempts, entry.errors.len()), (EntryState::Skipped, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failing_event_is_tried_with_growing_waits_and_given_up_with_its_errors() {
    let inbox = inbox(&events(1)).await;
    let (diary, backoff) = (Diary::new(), Backoff::new(10 * SECOND, 35 * SECOND));
    let fails = {
        let diary = diary.clone();
        handler(move |claimed| {
            let diary = diary.clone();
            async move {
                diary.work(&claimed, Duration::ZERO).await;
                let cause = InboxError::new(crate::inbox::InboxErrorKind::Full, "no room for notes");
                Err(HandleError::retry(cause.with_source("the disk is full")))
            }
        })
    };
    let worker = Worker::builder(inbox.clone(), fails).backoff(backoff).max_attempts(5).build();
    worker.run(sleep(HOUR)).await;

    let calls = diary.calls();
    assert_eq!(calls.iter().map(|(_, attempt, _)| *attempt).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    for (number, (pair, longest)) in calls.windows(2).zip([10, 20, 35, 35]).enumerate() {
        let waited = pair[1].2.checked_sub(pair[0].2).unwrap();
        // At most a poll later than due.
        assert!(waited <= (longest + 1) * SECOND, "wait {number}: {waited:?}");
    }
    let entry = only(&*inbox).await;
    assert_eq!(entry.state, EntryState::Dead);
    assert_eq!(entry.errors.len(), 5);
    for error in &entry.errors {
        assert_eq!(error.error, ["no room for notes", "the disk is full"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_handler_asks_for_is_never_cut_short() {
    let inbox = inbox(&events(1)).await;
    let diary = Diary::new();
    let limited = {
        let diary = diary.clone();
        handler(move |claimed| {
            let diary = diary.clone();
            async move {
                diary.work(&claimed, Duration::ZERO).await;
                match claimed.attempt {
                    1 => Err(HandleError::retry_after(5 * MINUTE, "too many calls")),
                    _ => Ok(Handled::Done),
                }
            }
        })
    };
    Worker::builder(inbox.clone(), limited).build().run(sleep(HOUR)).await;
    let waited = diary.calls()[1].2;
    assert!((5 * MINUTE..5 * MINUTE + 2 * SECOND).contains(&waited), "{waited:?}");
    assert_eq!(only(&*inbox).await.state, EntryState::Done);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_the_handler_gives_up_is_not_tried_again() {
    let inbox = inbox(&events(1)).await;
    let gives_up = handler(|_| async { Err(HandleError::dead("the post is gone")) });
    Worker::builder(inbox.clone(), gives_up).build().run(sleep(HOUR)).await;
    let entry = only(&*inbox).await;
    assert_eq!((entry.state, entry.attempts), (EntryState::Dead, 1));
    assert_eq!(entry.errors[0].error, ["the post is gone"]);
}

#[tokio::test(start_paused = true)]
async fn a_panicking_handler_fails_one_attempt_and_harms_no_other() {
    let inbox = inbox(&events(3)).await;
    let first = entries(&*inbox).await[0].id;
    let panics = handler(move |claimed| async move {
        assert!(claimed.attempt > 1 || claimed.token.id() != first, "private words");
        Ok(Handled::Done)
    });
    Worker::builder(inbox.clone(), panics).build().run(sleep(HOUR)).await;
    let entries = entries(&*inbox).await;
    assert_eq!(entries.iter().map(|entry| entry.attempts).collect::<Vec<_>>(), [2, 1, 1]);
    assert!(entries.iter().all(|entry| entry.state == EntryState::Done));
    let error = &entries[0].errors[0].error;
    assert!(
        error[0].starts_with("the handler panicked") && !format!("{error:?}").contains("private"),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn no_more_handlers_work_at_once_than_allowed_and_nothing_waits_claimed() {
    let inbox = inbox(&events(20)).await;
    let spy = Arc::new(Spy::on(&inbox));
    let (diary, seen) = (Diary::new(), Arc::new(Mutex::new(Vec::new())));
    let counts = {
        let (diary, seen, inbox) = (diary.clone(), seen.clone(), inbox.clone());
        handler(move |claimed| {
            let (diary, seen, inbox) = (diary.clone(), seen.clone(), inbox.clone());
            async move {
                diary
                    .work(&claimed, SECOND * (1 + u32::try_from(claimed.token.id().get() % 3).unwrap()))
                    .await;
                let running = inbox.census().await.unwrap().running;
                seen.lock().unwrap().push(running);
                Ok(Handled::Done)
            }
        })
    };
    Worker::builder(spy.clone(), counts).concurrency(3).build().run(sleep(MINUTE)).await;
    assert_eq!(states(&*inbox).await, [EntryState::Done; 20]);
    assert_eq!(diary.most_at_work(), 3);
    assert!(seen.lock().unwrap().iter().all(|running| *running <= 3));
    assert!(spy.calls(StoreCall::Claim).iter().all(|(limit, _)| (1..=3).contains(limit)));
}

#[tokio::test(start_paused = true)]
async fn a_long_handler_keeps_its_lease_from_other_workers() {
    let inbox = inbox(&events(3)).await;
    let spy = Arc::new(Spy::on(&inbox));
    let diary = Diary::new();
    let lease = 9 * SECOND;
    let works = || {
        let worker = Worker::builder(spy.clone(), diary.handler(MINUTE)).lease(lease);
        worker.build().run(sleep(5 * MINUTE))
    };
    tokio::join!(works(), works());
    assert_eq!(states(&*inbox).await, [EntryState::Done; 3]);
    assert_eq!(diary.calls().len(), 3);
    // All at work go together, every third of the lease.
    let renewals = spy.calls(StoreCall::Renew);
    assert!(renewals.len() >= 19 && renewals.iter().all(|(size, _)| *size == 3), "{renewals:?}");
    assert!(renewals.windows(2).all(|pair| pair[1].1.checked_sub(pair[0].1).unwrap() >= lease / 3));
}

#[tokio::test(start_paused = true)]
async fn a_wake_ends_the_wait() {
    let inbox = inbox(&[]).await;
    let diary = Diary::new();
    let worker = Worker::builder(inbox.clone(), diary.handler(Duration::ZERO)).poll(HOUR).build();
    let wake = worker.wake();
    let receives = async {
        sleep(10 * SECOND).await;
        inbox.record(&events(1)).await.unwrap();
        wake.notify();
    };
    tokio::join!(worker.run(sleep(MINUTE)), receives);
    assert_eq!(diary.calls()[0].2.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_wake_while_the_worker_is_busy_is_not_forgotten() {
    let inbox = inbox(&events(1)).await;
    let diary = Diary::new();
    let worker = Worker::builder(inbox.clone(), diary.handler(10 * SECOND)).concurrency(1).poll(HOUR).build();
    let wake = worker.wake();
    let receives = async {
        sleep(5 * SECOND).await;
        inbox.record(&comments([(9, 9)])).await.unwrap();
        wake.notify();
    };
    tokio::join!(worker.run(sleep(MINUTE)), receives);
    assert_eq!(diary.calls()[1].2.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_looks_once_per_poll() {
    let spy = Arc::new(Spy::on(&inbox(&[]).await));
    let diary = Diary::new();
    let worker = Worker::builder(spy.clone(), diary.handler(SECOND)).poll(2 * SECOND).build();
    worker.run(sleep(99 * SECOND)).await;
    assert_eq!(spy.calls(StoreCall::Claim).len(), 50);
    assert!(spy.calls(StoreCall::Settle).is_empty() && spy.calls(StoreCall::Renew).is_empty());
}

#[tokio::test(start_paused = true)]
async fn results_that_come_while_one_is_stored_go_together() {
    let inbox = inbox(&events(8)).await;
    let spy = Arc::new(Spy::on(&inbox).slow(StoreCall::Settle, SECOND));
    let staggered = handler(|claimed| async move {
        sleep(Duration::from_millis(100) * u32::try_from(claimed.token.id().get() % 8).unwrap()).await;
        Ok(Handled::Done)
    });
    Worker::builder(spy.clone(), staggered).poll(HOUR).build().run(sleep(MINUTE)).await;
    let sizes: Vec<_> = spy.calls(StoreCall::Settle).into_iter().map(|(size, _)| size).collect();
    assert_eq!(sizes, [1, 7]);
    assert_eq!(states(&*inbox).await, [EntryState::Done; 8]);
}
