//! Whether the tour leaves nothing out, and gives nothing away.

#[path = "../tour/checks.rs"]
mod checks;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_calls_every_operation_and_its_record_tells_no_secret() {
    let hosts = ["api.linkedin.com", "www.linkedin.com"];
    checks::nothing_is_left_out_or_given_away::<Stage>(
        "linkedin-api/src",
        &hosts,
        &["=AQ", "\"AQ", "127.0.0.1"],
    )
    .await;
}

#[tokio::test]
async fn wrong_arguments_are_explained() {
    checks::wrong_arguments_are_explained::<Stage>("posts").await;
}
