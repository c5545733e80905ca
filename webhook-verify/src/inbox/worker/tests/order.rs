use super::*;

/// Comments on five posts, ten on each, in turns.
fn conversation() -> Vec<Event> {
    comments((0..10).flat_map(|comment| (0..5).map(move |post| (post, comment))))
}

fn subject(claimed: &Claimed) -> String {
    claimed.event.subject().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn events_of_one_subject_are_handled_one_after_the_other_while_others_go_on() {
    let inbox = inbox(&conversation()).await;
    let diary = Diary::new();
    let works = || {
        let diary = diary.clone();
        let in_order = handler(move |claimed| {
            let diary = diary.clone();
            async move {
                let id = claimed.token.id();
                let alone = |other: &Claimed| other.token.id() == id || subject(other) != subject(&claimed);
                diary.work(&claimed, Duration::from_millis(200 + 37 * (id.get() % 7))).await;
                assert!(diary.0.lock().unwrap().at_work.iter().all(alone), "two of one subject");
                Ok(Handled::Done)
            }
        });
        let worker = Worker::builder(inbox.clone(), in_order).order(Order::PerSubject);
        worker.concurrency(3).build().run(sleep(MINUTE))
    };
    tokio::join!(works(), works());
    assert_eq!(states(&*inbox).await, [EntryState::Done; 50]);
    assert!(diary.most_at_work() > 1);
    let mut ended: HashMap<String, Vec<EntryId>> = HashMap::new();
    for claimed in diary.ended() {
        ended.entry(subject(&claimed)).or_default().push(claimed.token.id());
    }
    assert_eq!(ended.len(), 5);
    for ids in ended.into_values() {
        assert!(ids.len() == 10 && ids.is_sorted(), "{ids:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_of_a_subject_does_not_wait_for_the_poll() {
    let inbox = inbox(&comments((0..10).map(|comment| (1, comment)))).await;
    let diary = Diary::new();
    let worker = Worker::builder(inbox.clone(), diary.handler(SECOND)).order(Order::PerSubject).poll(HOUR);
    worker.build().run(sleep(MINUTE)).await;
    assert_eq!(diary.calls().last().unwrap().2.as_secs(), 9);
    assert_eq!(states(&*inbox).await, [EntryState::Done; 10]);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_to_be_tried_again_holds_up_those_behind_it() {
    let inbox = inbox(&comments([(1, 0), (1, 1), (2, 0)])).await;
    let ids: Vec<_> = entries(&*inbox).await.into_iter().map(|entry| entry.id).collect();
    let (diary, first) = (Diary::new(), ids[0]);
    let once_late = {
        let diary = diary.clone();
        handler(move |claimed| {
            let diary = diary.clone();
            async move {
                diary.work(&claimed, Duration::ZERO).await;
                if claimed.token.id() == first && claimed.attempt == 1 {
                    return Err(HandleError::retry_after(MINUTE, "later"));
                }
                Ok(Handled::Done)
            }
        })
    };
    Worker::builder(inbox.clone(), once_late).order(Order::PerSubject).build().run(sleep(HOUR)).await;
    let calls: Vec<_> = diary.calls().into_iter().map(|(id, attempt, _)| (id, attempt)).collect();
    assert_eq!(calls, [(ids[0], 1), (ids[2], 1), (ids[0], 2), (ids[1], 1)]);
}
