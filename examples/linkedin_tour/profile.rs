//! Who the member is, who others are, and how many are connected.

use sociogram::linkedin_api::{
    ErrorKind, PersonUrn,
    profile::{BatchGetPeople, GetConnectionsSize, GetMe, GetPerson, GetUserInfo},
};

use crate::{Outcome, expect, stage::Stage};

/// Somebody who comments on posts.
const VISITOR: &str = "sbx-Visitor_1";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    claims(stage).await?;
    me(stage).await?;
    others(stage).await?;
    connections(stage).await
}

/// A self-serve app learns by OpenID Connect who its member is.
async fn claims(stage: &Stage) -> Outcome {
    let claims = stage.self_serve.send(GetUserInfo::new()).await?;
    expect(claims.person_urn()? == stage.member_urn, "the member who agreed")?;
    expect(claims.locale.as_deref() == Some("en-US"), "the language")?;
    expect(claims.email.is_some() && claims.email_verified == Some(true), "an address that was confirmed")
}

/// An app with Community Management asks the versioned API.
async fn me(stage: &Stage) -> Outcome {
    let me = stage.member.send(GetMe::new()).await?;
    expect(me.person_urn()? == stage.member_urn, "the same member")?;
    expect(me.name().is_some() && me.headline.is_some(), "a name and the line under it")?;
    let id = stage.member.send(GetMe::new().fields("id,vanityName")).await?;
    expect(id.person_urn()? == stage.member_urn && id.vanity_name == me.vanity_name, "parts of it")?;

    let refused = stage.self_serve.send(GetMe::new()).await.err().ok_or("a self-serve app cannot do this")?;
    expect(refused.kind() == ErrorKind::Permission, "a missing permission")?;
    expect(refused.required_scopes() == ["r_basicprofile"], "the scope that is missing")
}

/// Profiles of others, one alone and several at once. They may be kept for 24 hours.
async fn others(stage: &Stage) -> Outcome {
    let visitor = PersonUrn::from_id(VISITOR)?;
    let read = stage.member.send(GetPerson::new(visitor.clone())).await?;
    expect(read.id == VISITOR && read.vanity_name.is_some(), "the visitor")?;

    let nobody = PersonUrn::from_id("sbx-Nobody_9")?;
    let all = [stage.member_urn.clone(), visitor.clone(), nobody.clone()];
    let people = stage.member.send(BatchGetPeople::new(all)).await?;
    expect(people.get_compound(&BatchGetPeople::of(&visitor)) == Some(&read), "the visitor once more")?;
    expect(people.len() == 2, "two who exist")?;
    let missing = people.failure(BatchGetPeople::of(&nobody).encode()).and_then(|failure| failure.status);
    expect(missing == Some(404), "one who does not")
}

/// How many are connected with the member. Of others this is not told.
async fn connections(stage: &Stage) -> Outcome {
    let size = stage.member.send(GetConnectionsSize::new(stage.member_urn.clone())).await?;
    expect(size.first_degree_size.is_some_and(|size| size > 0), "connections")?;
    let visitor = PersonUrn::from_id(VISITOR)?;
    let refused = stage.member.send(GetConnectionsSize::new(visitor)).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "nothing about somebody else")
}
