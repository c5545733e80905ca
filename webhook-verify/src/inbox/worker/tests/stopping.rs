use super::*;

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_the_handlers_at_work_and_takes_no_more() {
    let inbox = inbox(&events(5)).await;
    let (diary, start) = (Diary::new(), Instant::now());
    let worker = Worker::builder(inbox.clone(), diary.handler(8 * SECOND)).concurrency(2).build();
    worker.run(sleep(2 * SECOND)).await;
    assert_eq!(start.elapsed().as_secs(), 8);
    let census = inbox.census().await.unwrap();
    assert_eq!((census.done, census.pending, census.running), (2, 3, 0));
}

#[tokio::test(start_paused = true)]
async fn after_the_grace_handlers_are_dropped_and_their_events_given_back() {
    let inbox = inbox(&events(2)).await;
    let (diary, start) = (Diary::new(), Instant::now());
    let worker = || Worker::builder(inbox.clone(), diary.handler(20 * SECOND)).grace(3 * SECOND);
    worker().build().run(sleep(SECOND)).await;
    assert_eq!((start.elapsed().as_secs(), diary.at_work()), (4, 0));
    let now = spy::now(&*inbox).await;
    for entry in entries(&*inbox).await {
        assert_eq!((entry.state, entry.attempts), (EntryState::Pending, 0), "it does not count");
        assert!(entry.due_at.unwrap() <= now && entry.errors.is_empty());
    }
    worker().build().run(sleep(MINUTE)).await;
    assert_eq!(states(&*inbox).await, [EntryState::Done; 2]);
    assert_eq!(diary.calls()[2].2.as_secs(), 4, "another worker takes them at once");
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_stops_at_once() {
    let (diary, start) = (Diary::new(), Instant::now());
    let worker = Worker::builder(inbox(&[]).await, diary.handler(SECOND)).poll(HOUR).build();
    worker.run(sleep(SECOND)).await;
    assert_eq!(start.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_being_claimed_at_the_stop_is_given_back() {
    let inbox = inbox(&events(3)).await;
    let spy = Arc::new(Spy::on(&inbox).slow(StoreCall::Claim, 2 * SECOND));
    let (diary, start) = (Diary::new(), Instant::now());
    Worker::builder(spy, diary.handler(SECOND)).build().run(sleep(SECOND)).await;
    assert_eq!((start.elapsed().as_secs(), diary.calls().len()), (2, 0));
    assert_eq!(states(&*inbox).await, [EntryState::Pending; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_although_the_store_is_down() {
    let inbox = inbox(&events(1)).await;
    let spy = Arc::new(Spy::on(&inbox).failing(|call, _| (call == StoreCall::Settle).then_some(Fault::Down)));
    let (diary, start) = (Diary::new(), Instant::now());
    Worker::builder(spy, diary.handler(2 * SECOND)).build().run(sleep(SECOND)).await;
    let took = start.elapsed();
    assert!((11 * SECOND..=17 * SECOND).contains(&took), "{took:?}");
    assert_eq!(states(&*inbox).await, [EntryState::Running], "it is due again when its lease ends");
}

#[tokio::test(start_paused = true)]
async fn a_result_of_before_the_stop_is_stored_as_soon_as_the_store_takes_it() {
    let inbox = inbox(&events(1)).await;
    let spy = Arc::new(
        Spy::on(&inbox)
            .failing(|call, number| (call == StoreCall::Settle && number <= 3).then_some(Fault::Down)),
    );
    let diary = Diary::new();
    Worker::builder(spy, diary.handler(Duration::ZERO)).build().run(sleep(SECOND / 10)).await;
    assert_eq!(states(&*inbox).await, [EntryState::Done]);
}
