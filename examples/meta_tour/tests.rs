//! Whether the tour leaves nothing out, and gives nothing away.

#[path = "../tour/checks.rs"]
mod checks;
#[path = "../tour/hiding.rs"]
mod hiding;

use crate::stage::Stage;

/// Hosts that the client may call.
const HOSTS: [&str; 6] = [
    "graph.facebook.com",
    "graph-video.facebook.com",
    "graph.instagram.com",
    "graph.threads.net",
    "lookaside.fbsbx.com",
    "rupload.facebook.com",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_calls_every_operation_and_its_record_tells_no_secret() {
    let secrets = ["EAA", "IGAA", "THAA", "127.0.0.1"];
    checks::nothing_is_left_out_or_given_away::<Stage>("meta-graph/src", &HOSTS, &secrets).await;
}

#[tokio::test]
async fn wrong_arguments_are_explained() {
    checks::wrong_arguments_are_explained::<Stage>("page-media").await;
}
