//! Whose token it is, and what it may do.

use sociogram::meta_graph::me::GetMe;

use crate::{Outcome, expect, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let me = stage.user.send(GetMe::new()).await?;
    expect(me.id == stage.user_id, "the token to be the person's")
}
