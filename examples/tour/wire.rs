//! Watching what is sent: a line per call for the reader, and a line of JSON per request for the record.

use std::{
    collections::BTreeSet,
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::{Request, Response};
use sociogram::api_core::http::{
    AttemptEvent, Body, Limits, Observer, Operation, ReqwestTransport, Transport, TransportError,
    TransportErrorKind,
};

use super::{record::Record, secrets::Secrets};

/// Where the lines go.
pub(crate) type Output = Arc<Mutex<Box<dyn Write + Send>>>;

/// The lines of the tour, and the record of its requests.
pub(crate) struct Report {
    out: Output,
    record: Option<Mutex<BufWriter<File>>>,
    secrets: Secrets,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    calls: u64,
    operations: BTreeSet<&'static str>,
    broken: Option<io::Error>,
}

impl Report {
    /// Lines to `out`, requests to `record`.
    pub(crate) fn new(out: Output, record: Option<File>) -> Self {
        let record = record.map(|file| Mutex::new(BufWriter::new(file)));
        Self { out, record, secrets: Secrets::default(), seen: Mutex::default() }
    }

    /// What must not appear in the record.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// One line.
    pub(crate) fn line(&self, text: &str) {
        let result = writeln!(lock(&self.out), "{text}");
        self.remember(result);
    }

    /// How many calls were made.
    pub(crate) fn calls(&self) -> u64 {
        lock(&self.seen).calls
    }

    /// How many operations they were of.
    pub(crate) fn operations(&self) -> usize {
        lock(&self.seen).operations.len()
    }

    /// Writes the rest of the record.
    ///
    /// # Errors
    /// The first line that could not be written.
    pub(crate) fn finish(&self) -> io::Result<()> {
        if let Some(record) = &self.record {
            let result = lock(record).flush();
            self.remember(result);
        }
        lock(&self.seen).broken.take().map_or(Ok(()), Err)
    }

    fn write(&self, record: &Record<'_>) {
        if let Some(file) = &self.record {
            let result = writeln!(lock(file), "{}", record.to_json(&self.secrets));
            self.remember(result);
        }
    }

    fn remember(&self, result: io::Result<()>) {
        if let Err(error) = result {
            lock(&self.seen).broken.get_or_insert(error);
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("calls", &self.calls()).finish_non_exhaustive()
    }
}

impl Observer for Report {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        let name = event.operation.name();
        let status = event.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        self.line(&format!("{name:<44} {:<6} {:<56} {status}", event.method.as_str(), event.template));
        let mut seen = lock(&self.seen);
        seen.calls += 1;
        seen.operations.insert(name);
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends to the sandbox, and records each request under the host that the sandbox plays.
#[derive(Debug)]
pub(crate) struct Wire {
    inner: ReqwestTransport,
    hosts: Vec<(String, &'static str)>,
    report: Arc<Report>,
}

impl Wire {
    /// To the hosts that a sandbox plays: the base address of each, and the host it stands for.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub(crate) fn new(
        hosts: Vec<(String, &'static str)>,
        report: Arc<Report>,
    ) -> Result<Self, TransportError> {
        Ok(Self { inner: ReqwestTransport::new()?, hosts, report })
    }

    /// The platform's host and path of an address of the sandbox.
    fn played<'u>(&self, address: &'u str) -> (&'static str, &'u str) {
        let played = self.hosts.iter().find_map(|(base, host)| {
            let path = address.strip_prefix(base.as_str())?;
            (path.is_empty() || path.starts_with(['/', '?'])).then_some((*host, path))
        });
        played.unwrap_or(("elsewhere.invalid", address))
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Body>, limits: &Limits) -> Result<Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let sent: Vec<Bytes> = body
            .open()
            .try_collect()
            .await
            .map_err(|error| TransportError::new(TransportErrorKind::NotSent).with_source(error))?;
        let address = head.uri.to_string();
        let (host, target) = self.played(&address);
        self.report.write(&Record {
            method: &head.method,
            host,
            target,
            content_type: head.headers.get("content-type").and_then(|value| value.to_str().ok()),
            body: &sent.concat(),
            operation: head.extensions.get::<Operation>().map_or("", Operation::name),
        });
        let response = self.inner.send(Request::from_parts(head, body), limits).await?;
        self.report.secrets.learn(response.body());
        Ok(response)
    }
}
