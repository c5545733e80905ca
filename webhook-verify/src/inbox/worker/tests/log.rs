use std::fmt::Write;

use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;

/// Keeps spans and events as text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sociogram")
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut lines = self.0.lock().unwrap();
        writeln!(lines).unwrap();
        lines.push_str(span.metadata().name());
        span.record(&mut Fields(&mut lines));
        span::Id::from_u64(1)
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut lines = self.0.lock().unwrap();
        write!(lines, "\n{}", event.metadata().level()).unwrap();
        event.record(&mut Fields(&mut lines));
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn the_log_names_events_and_tells_neither_what_they_say_nor_what_handlers_say() {
    let lines = Lines::default();
    // With a single subscriber, a place in the code that another test reaches first is taken to interest nobody.
    let _second = tracing::Dispatch::new(Lines::default());
    let guard = tracing::subscriber::set_default(lines.clone());
    let inbox = inbox(&events(2)).await;
    let spy = Spy::on(&inbox).failing(|call, number| {
        (call == StoreCall::Claim && (2..6).contains(&number)).then_some(Fault::Down)
    });
    let fails = handler(|claimed| async move { Err(HandleError::retry(claimed.event.raw())) });
    Worker::builder(Arc::new(spy), fails).max_attempts(2).build().run(sleep(HOUR)).await;
    drop(guard);

    assert_eq!(states(&*inbox).await, [EntryState::Dead; 2]);
    assert!(only_error_texts(&entries(&*inbox).await));
    let lines = lines.0.lock().unwrap().clone();
    for private in ["private words", "comment_id", "1_0"] {
        assert!(!lines.contains(private), "{lines}");
    }
    let id = entries(&*inbox).await[0].id;
    assert!(
        lines.contains(&format!("webhook_event entry={id} provider=\"meta\" kind=\"page_feed\" attempt=1"))
    );
    let count = |text: &str| lines.matches(text).count();
    assert_eq!(count("to be tried again"), 2, "{lines}");
    assert_eq!(count("given up"), 2, "{lines}");
    assert_eq!(
        (count("the store of events fails"), count("works again")),
        (1, 1),
        "once per outage: {lines}"
    );
}

/// The store keeps what the log does not say.
fn only_error_texts(entries: &[Entry]) -> bool {
    entries.iter().all(|entry| entry.errors.iter().all(|error| error.error[0].contains("comment_id")))
}
