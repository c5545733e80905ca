//! Custom audiences: lists of customers, hashed before they leave, and people who are like them.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    AdAccountId, CustomAudienceId,
    ads::{
        AddAudienceUsers, AudienceAction, AudienceLabel, AudienceUpload, AudienceUser, AudienceUsers,
        CreateCustomAudience, CreateLookalike, CustomerFileSource, DeleteCustomAudience, GetCustomAudience,
        ListAudienceSessions, ListCustomAudiences, LookalikeSpec, RemoveAudienceUsers, ReplaceAudienceUsers,
        UpdateCustomAudience,
    },
};

use crate::{Outcome, expect, stage::Stage};

/// The ad account of the business.
const AD_ACCOUNT: &str = "600700800901001";
/// A session; any number that no other upload to the audience has.
const SESSION: u64 = 9_778_993;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let account = AdAccountId::of(AD_ACCOUNT)?;
    let create =
        CreateCustomAudience::new(account.clone(), "Customers", CustomerFileSource::UserProvidedOnly)
            .description("All of them")
            .audience_labels(vec![AudienceLabel::HighValueCustomers]);
    let audience = stage.user.send(create).await?.id;
    upload(stage, &audience).await?;
    one_batch(stage, &audience).await?;
    let alike = lookalike(stage, account, &audience).await?;
    for audience in [alike, audience] {
        stage.user.send(DeleteCustomAudience::new(audience.clone())).await?;
        let gone = stage.user.send(GetCustomAudience::new(audience)).await;
        expect(gone.is_err(), "the audience to be gone")?;
    }
    Ok(())
}

/// Some customers, as a shop knows them.
fn customers() -> AudienceUsers {
    [
        AudienceUser::new().external_id("C-1").email("Maria@Example.com ").country("DE"),
        AudienceUser::new().external_id("C-2").phone("+49 30 901820").first_name("Otto").country("DE"),
        AudienceUser::new().external_id("C-3").email("kim@example.com").born(1990, 4, 1),
    ]
    .into_iter()
    .collect()
}

/// Any number of rows, in a session of its own that survives a crash.
async fn upload(stage: &Stage, audience: &CustomAudienceId) -> Outcome {
    let users = customers();
    expect(users.findings().is_empty() && users.len() == 3, "every customer to be usable")?;
    for action in [AudienceAction::Add, AudienceAction::Replace] {
        let mut upload = AudienceUpload::new(&stage.user, audience.clone(), action, &users);
        let mut saved = 0;
        let done = upload.run(&stage.user, &users, |_state| saved += 1).await?;
        expect((done.rows, done.invalid, saved) == (3, 0, 2), "all rows to be taken, and the state saved")?;
        let sessions = ListAudienceSessions::new(audience.clone()).session_id(done.session_id);
        let sessions: Vec<_> = stage.user.items(sessions).try_collect().await?;
        let received = sessions.first().and_then(|session| session.num_received);
        expect(received == Some(3), "the session to have three rows")?;
    }
    let read = stage.user.send(GetCustomAudience::new(audience.clone())).await?;
    expect(read.approximate_count_upper_bound == Some(3), "three people after the replacement")
}

/// One call by hand: with a session, and without.
async fn one_batch(stage: &Stage, audience: &CustomAudienceId) -> Outcome {
    let users = customers();
    let batch = |session| users.batch(0, session).ok_or("there is no batch");
    let added = stage.user.send(AddAudienceUsers::new(audience.clone(), batch(None)?)).await?;
    expect(added.num_received == Some(3), "the rows to be added")?;
    let replace = ReplaceAudienceUsers::new(audience.clone(), batch(Some(SESSION))?);
    let replaced = stage.user.send(replace).await?;
    expect(replaced.session_id == Some(SESSION), "the rows to be replaced in the session")?;
    let removed = stage.user.send(RemoveAudienceUsers::new(audience.clone(), batch(None)?)).await?;
    expect(removed.num_invalid_entries == Some(0), "the rows to be removed")?;
    let read = stage.user.send(GetCustomAudience::new(audience.clone())).await?;
    expect(read.approximate_count_upper_bound == Some(0), "nobody to be left")
}

/// People who are like the customers.
async fn lookalike(
    stage: &Stage,
    account: AdAccountId,
    audience: &CustomAudienceId,
) -> Outcome<CustomAudienceId> {
    let spec = LookalikeSpec::new("DE", 0.05).starting_at(0.01);
    let create = CreateLookalike::new(account.clone(), "Like customers", audience.clone(), spec);
    let alike = stage.user.send(create).await?.id;
    stage.user.send(UpdateCustomAudience::new(alike.clone()).name("Like our customers")).await?;
    let read = stage.user.send(GetCustomAudience::new(alike.clone())).await?;
    expect(read.name.as_deref() == Some("Like our customers"), "the new name")?;
    let all: Vec<_> = stage.user.items(ListCustomAudiences::new(account).limit(1)).try_collect().await?;
    expect(all.len() == 2, "both audiences, a page each")?;
    Ok(alike)
}
