//! What a server of one test may have different.

/// The settings of a server that belongs to one test: [`Cluster::own_with`](crate::Cluster::own_with).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    fsync: bool,
    changed: Vec<(String, String)>,
}

impl Settings {
    /// Waits for the disk at each commit, as a server in production does.
    ///
    /// No test needs it for its outcome: a killed server loses no commit without it, only a killed machine does.
    /// The files may lie in memory, so it is no measure of a disk either.
    pub fn fsync(mut self) -> Self {
        self.fsync = true;
        self
    }

    /// Sets one server parameter, as in `postgresql.conf`: `.set("log_statement", "all")`.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.changed.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The parameters, of which a later one wins over an earlier.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let fsync = if self.fsync { "on" } else { "off" };
        let base = [
            ("fsync", fsync),
            ("autovacuum", "off"),
            ("jit", "off"),
            ("shared_buffers", "64MB"),
            ("max_connections", "200"),
            ("max_wal_size", "64MB"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
            // Files in the data directory: a killed server must leave nothing in /dev/shm.
            ("dynamic_shared_memory_type", "mmap"),
            ("logging_collector", "off"),
            ("lc_messages", "C"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
        ];
        base.into_iter().chain(self.changed.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}
