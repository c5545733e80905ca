//! The database of one test.

use crate::cluster::Cluster;

/// Owns every database and what the migration creates; no superuser.
pub const OWNER_ROLE: &str = "test_owner";
/// Of the product's processes: has what the migration grants to it.
pub const APP_ROLE: &str = "test_app";
/// Of the background workers: has what the migration grants to it.
pub const WORKER_ROLE: &str = "test_worker";

/// A database that no other test sees. It is dropped in the background when this is, whoever is connected to it.
#[derive(Debug)]
pub struct Database {
    cluster: Cluster,
    name: String,
}

impl Database {
    pub(crate) fn new(cluster: Cluster, name: String) -> Database {
        Database { cluster, name }
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of [`OWNER_ROLE`], through the loopback.
    pub fn owner_url(&self) -> String {
        self.cluster.loopback_url(OWNER_ROLE, &self.name)
    }

    /// The URL of [`APP_ROLE`], through the loopback.
    pub fn app_url(&self) -> String {
        self.cluster.loopback_url(APP_ROLE, &self.name)
    }

    /// The URL of [`WORKER_ROLE`], through the loopback.
    pub fn worker_url(&self) -> String {
        self.cluster.loopback_url(WORKER_ROLE, &self.name)
    }

    /// The URL of the superuser, through the Unix socket: to look at sessions and locks, or to end a session.
    pub fn admin_url(&self) -> String {
        self.cluster.socket_url(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.cluster.drop_later(&self.name);
    }
}
