//! What a request is, independent of its bytes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What repeating a request would do. A property of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replay {
    /// Repeating has no further effect: reads, deletes, setting a value.
    Safe,
    /// The provider documents that it drops repeats by a key we send.
    Keyed,
    /// Repeating may do it twice: posts, messages, conversion events.
    Never,
}

impl Replay {
    /// Lower-case name for spans and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Keyed => "keyed",
            Self::Never => "never",
        }
    }
}

/// How long things may take. The time to connect is a property of the transport (10 s by default).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// One attempt, from sending to the last byte of the answer.
    pub attempt: Duration,
    /// The whole call, waiting and retries included.
    pub call: Duration,
}

impl Timeouts {
    /// 30 s for an attempt, 90 s for the call.
    pub const DEFAULT: Self = Self::new(Duration::from_secs(30), Duration::from_secs(90));

    /// One attempt and the whole call.
    pub const fn new(attempt: Duration, call: Duration) -> Self {
        Self { attempt, call }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A request's identity: what it is called, whose it is, whether it may be repeated. It travels with the
/// request to the transport, in the request's extensions.
#[derive(Clone)]
pub struct Operation {
    name: &'static str,
    provider: &'static str,
    replay: Replay,
    scopes: &'static [&'static str],
    subject: Option<Arc<str>>,
    sensitive: bool,
    anonymous: bool,
    cost: u32,
    attempt_timeout: Option<Duration>,
    call_timeout: Option<Duration>,
    extensions: ::http::Extensions,
}

impl Operation {
    /// `name` is dotted and stable (`page.posts.create`); `provider` is lower case (`meta`).
    pub fn new(name: &'static str, provider: &'static str, replay: Replay) -> Self {
        Self {
            name,
            provider,
            replay,
            scopes: &[],
            subject: None,
            sensitive: false,
            anonymous: false,
            cost: 1,
            attempt_timeout: None,
            call_timeout: None,
            extensions: ::http::Extensions::new(),
        }
    }

    /// Another name, for an endpoint whose requests are not all the same thing.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Another class, for an endpoint that can only be judged by what it was filled with.
    pub fn replayed(mut self, replay: Replay) -> Self {
        self.replay = replay;
        self
    }

    /// The id of the object the call is about; rate budgets of providers are often kept per object.
    pub fn subject(mut self, id: impl Into<Arc<str>>) -> Self {
        self.subject = Some(id.into());
        self
    }

    /// The permissions the endpoint documents; permission errors list them.
    pub fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// The answer holds a credential: no error keeps any of it.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// It goes without a credential, and for that may go to any host: an address that the provider signed.
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// How many calls the provider counts for this one (1 unless it is a batch).
    pub fn cost(mut self, cost: u32) -> Self {
        self.cost = cost;
        self
    }

    /// Other timeouts than the pipeline's.
    pub fn call_timeouts(self, timeouts: Timeouts) -> Self {
        self.attempt_timeout(timeouts.attempt).call_timeout(timeouts.call)
    }

    /// Another time for one attempt than the pipeline's.
    pub fn attempt_timeout(mut self, attempt: Duration) -> Self {
        self.attempt_timeout = Some(attempt);
        self
    }

    /// Another time for the whole call than the pipeline's.
    pub fn call_timeout(mut self, call: Duration) -> Self {
        self.call_timeout = Some(call);
        self
    }

    /// Attaches a typed value for the dialect, the authorizer or the transport.
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// A value attached by [`with`](Self::with).
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// The dotted name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The provider's lower-case name.
    pub const fn provider(&self) -> &'static str {
        self.provider
    }

    /// What repeating would do.
    pub const fn replay(&self) -> Replay {
        self.replay
    }

    /// The permissions the endpoint documents.
    pub const fn required_scopes(&self) -> &'static [&'static str] {
        self.scopes
    }

    /// The id of the object the call is about.
    pub fn subject_id(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether the answer holds a credential.
    pub const fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether it goes without a credential, to whatever host.
    pub const fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// How many calls the provider counts for this one.
    pub const fn calls(&self) -> u32 {
        self.cost
    }

    /// This operation's timeouts where it has its own, the pipeline's elsewhere.
    pub(crate) fn timeouts_or(&self, default: Timeouts) -> Timeouts {
        let attempt = self.attempt_timeout.unwrap_or(default.attempt);
        // A longer attempt than the pipeline's call allows was asked for on purpose.
        let call = self.call_timeout.unwrap_or(default.call.max(attempt));
        Timeouts::new(attempt, call)
    }

    pub(crate) fn merge_extensions(&mut self, extensions: ::http::Extensions) {
        self.extensions.extend(extensions);
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("name", &self.name)
            .field("provider", &self.provider)
            .field("replay", &self.replay)
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}
