//! A prepared database that is copied for each test.

use crate::cluster::Cluster;

/// A prepared database: [`Cluster::template`] makes it, [`Cluster::database`] copies it.
#[derive(Clone, Debug)]
pub struct Template {
    cluster: Cluster,
    name: String,
}

impl Template {
    pub(crate) fn new(cluster: Cluster, name: String) -> Template {
        Template { cluster, name }
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
