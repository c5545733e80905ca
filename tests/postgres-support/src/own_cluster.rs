//! A server that one test may take down.

use std::ops::Deref;

use crate::cluster::Cluster;

/// A server of one test: a [`Cluster`] that can be taken down. The databases and the URLs outlive that.
#[derive(Debug)]
pub struct OwnCluster {
    cluster: Cluster,
}

impl OwnCluster {
    pub(crate) fn new(cluster: Cluster) -> OwnCluster {
        OwnCluster { cluster }
    }

    /// Stops the server in order, as for maintenance: it tells its clients and closes their connections.
    pub async fn stop(&self) {
        self.cluster.stop().await;
    }

    /// Kills all processes of the server at once, in the middle of what they do. What was committed is kept.
    pub async fn kill(&self) {
        self.cluster.kill().await;
    }

    /// Starts the server after [`stop`](Self::stop) or [`kill`](Self::kill); done when it takes connections.
    pub async fn start(&self) {
        self.cluster.start().await;
    }

    /// Stops and starts the server.
    pub async fn restart(&self) {
        self.stop().await;
        self.start().await;
    }
}

impl Deref for OwnCluster {
    type Target = Cluster;

    fn deref(&self) -> &Cluster {
        &self.cluster
    }
}
