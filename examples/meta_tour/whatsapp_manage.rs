//! WhatsApp templates, flows and groups, and how messages do.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock, Timer as _, Timestamp},
    meta_graph::{
        MessageTemplateId,
        whatsapp::{
            GroupId, Message, Pin, Recipient, SendMessage, TemplateButton, TemplateHeader, TemplateMessage,
            accounts::UpdateWhatsAppAccount,
            analytics::{
                CallDimension, CallMetric, GetCallAnalytics, GetPricingAnalytics, GroupMetric,
                ListGroupAnalytics, ListTemplateAnalytics, PricingDimension, PricingGranularity,
                TemplateMetric,
            },
            flows::{
                CreateFlow, DeleteFlow, DeprecateFlow, FlowCategory, FlowStatus, GetFlow, ListFlowAssets,
                ListFlows, MigrateFlows, PublishFlow, UpdateFlow, UploadFlowJson,
            },
            groups::{
                ApproveJoinRequests, CreateGroup, DeleteGroup, GetGroup, GetInviteLink, JoinApprovalMode,
                ListGroups, ListJoinRequests, RejectJoinRequests, RemoveParticipants, ResetInviteLink,
                UpdateGroup,
            },
            templates::{
                ButtonSpec, CompareTemplates, CreateTemplate, DeleteTemplate, DeleteTemplates, EditTemplate,
                GetTemplate, ListTemplates, MigrateTemplates, Template, TemplateCategory, TemplateComponent,
                TemplateStatus, UnpauseTemplate, UpsertAuthenticationTemplates,
            },
        },
    },
};

use crate::{
    Outcome, expect,
    stage::Stage,
    whatsapp::{CUSTOMER, NUMBER, send},
};

/// The account of the business.
pub(crate) const ACCOUNT: u64 = 400_500_600_700_801;
/// Another account of the same business, to copy from.
const OTHER_ACCOUNT: u64 = 400_500_600_700_802;
/// A flow of one screen.
pub(crate) const SCREEN: &str = r#"{"version": "7.1", "screens": [{"id": "WELCOME", "terminal": true,
    "layout": {"type": "SingleColumnLayout", "children": [{"type": "TextHeading", "text": "Welcome"}]}}]}"#;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    templates(stage).await?;
    more_templates(stage).await?;
    passwords(stage).await?;
    flows(stage).await?;
    group(stage).await?;
    join_requests(stage).await?;
    analytics(stage).await
}

/// The template once its review is over. A webhook tells so as well.
pub(crate) async fn reviewed(stage: &Stage, template: &MessageTemplateId) -> Outcome<Template> {
    for _ in 0..10 {
        let template = stage.user.send(GetTemplate::new(template.clone())).await?;
        if template.status != Some(TemplateStatus::Pending) {
            return Ok(template);
        }
        SystemClock::new().sleep(Duration::from_millis(300)).await;
    }
    Err("the review takes too long".into())
}

async fn templates(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let parts = |text: &str| {
        vec![
            TemplateComponent::header_text("Order {{1}}").header_example("1001"),
            TemplateComponent::body(text).body_examples(["Ada"]),
            TemplateComponent::footer("Bakery"),
            TemplateComponent::buttons([
                ButtonSpec::quick_reply("Thanks"),
                ButtonSpec::url_with_variable(
                    "Where is it?",
                    "https://example.com/orders/{{1}}",
                    "https://example.com/orders/1001",
                ),
            ]),
        ]
    };
    let create = CreateTemplate::new(ACCOUNT, "order_sent", "en_US", TemplateCategory::Utility);
    let made = user.send(create.components(parts("Hello {{1}}, your bread is on its way."))).await?;
    expect(made.status == Some(TemplateStatus::Pending), "a review")?;
    let template = reviewed(stage, &made.id).await?;

    let message = TemplateMessage::new("order_sent", "en_US")
        .header(TemplateHeader::Text("1001".into()))
        .body("Ada")
        .button(0, TemplateButton::QuickReply("thanks-1001".to_owned()))
        .button(1, TemplateButton::Url("1001".to_owned()));
    expect(message.check_against(&template).is_empty(), "every parameter to be filled")?;
    send(stage, message).await?;

    let edit = EditTemplate::new(made.id.clone()).components(parts("Hi {{1}}, your bread is on its way."));
    user.send(edit).await?;
    let template = reviewed(stage, &made.id).await?;
    expect(template.components.iter().any(|part| text_of(part).starts_with("Hi")), "the new text")?;

    let all: Vec<Template> = user.items(ListTemplates::new(ACCOUNT).limit(1)).try_collect().await?;
    expect(all.len() > 1 && all.iter().any(|one| one.id == made.id), "the template among all pages")?;
    user.send(DeleteTemplate::new(ACCOUNT, "order_sent").hsm_id(made.id.clone())).await?;
    let named = ListTemplates::new(ACCOUNT).name("order_sent");
    let left: Vec<Template> = user.items(named).try_collect().await?;
    expect(left.is_empty(), "the template to be deleted")
}

fn text_of(part: &TemplateComponent) -> &str {
    part.text.as_deref().unwrap_or_default()
}

/// The template that every account has.
async fn hello_world(stage: &Stage) -> Outcome<MessageTemplateId> {
    let list = ListTemplates::new(ACCOUNT).name("hello_world");
    let found: Vec<Template> = stage.user.items(list).try_collect().await?;
    Ok(found.into_iter().next().ok_or("every account has this template")?.id)
}

async fn more_templates(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let moved = user.send(MigrateTemplates::new(ACCOUNT, OTHER_ACCOUNT).count(100_u32)).await?;
    let moved = moved.migrated.first().ok_or("a template was copied")?.clone();
    let hello = hello_world(stage).await?;

    let now = SystemClock::new().now();
    let week = Duration::from_secs(7 * 86_400);
    let compare = CompareTemplates::new(hello.clone(), [moved.as_str()], now.saturating_sub(week), now);
    let comparison = user.send(compare).await?;
    expect(comparison.by_block_rate.len() == 2, "both templates to be compared")?;

    let body = vec![TemplateComponent::body("Good morning, the oven is hot.")];
    let create = CreateTemplate::new(ACCOUNT, "sandbox_paused_morning", "en_US", TemplateCategory::Utility);
    let paused = user.send(create.components(body)).await?.id;
    expect(reviewed(stage, &paused).await?.status == Some(TemplateStatus::Paused), "Meta to pause it")?;
    user.send(UnpauseTemplate::new(paused.clone())).await?;
    expect(reviewed(stage, &paused).await?.status == Some(TemplateStatus::Approved), "it to go on")?;

    user.send(DeleteTemplates::new(ACCOUNT, vec![moved.clone(), paused])).await?;
    expect(user.send(GetTemplate::new(moved)).await.is_err(), "the templates to be deleted")
}

async fn passwords(stage: &Stage) -> Outcome {
    let parts = vec![
        TemplateComponent::authentication_body(true),
        TemplateComponent::buttons([ButtonSpec::otp_copy_code()]),
    ];
    let languages = vec!["en_US".to_owned(), "de".to_owned()];
    let upsert = UpsertAuthenticationTemplates::new(ACCOUNT, "login_code", languages, parts);
    let made = stage.user.send(upsert.message_send_ttl_seconds(300)).await?.templates;
    expect(made.len() == 2, "a template for each language")?;
    for one in &made {
        reviewed(stage, &one.id).await?;
    }
    send(stage, TemplateMessage::one_time_password("login_code", "de", "483920")).await?;
    Ok(())
}

async fn flows(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let create = CreateFlow::new(ACCOUNT, "feedback", vec![FlowCategory::Survey]);
    let flow = user.send(create.endpoint_uri("https://example.com/flow")).await?.id;
    let flow = flow.ok_or("a flow that was made has an id")?;
    let broken = user.send(UploadFlowJson::new(flow.clone(), "{}")).await?;
    expect(!broken.validation_errors.is_empty(), "to be told what is wrong with the JSON")?;
    let good = user.send(UploadFlowJson::new(flow.clone(), SCREEN)).await?;
    expect(good.validation_errors.is_empty(), "JSON without errors")?;
    user.send(UpdateFlow::new(flow.clone()).name("feedback_after_delivery")).await?;
    let read = user.send(GetFlow::new(flow.clone())).await?;
    expect(read.name.as_deref() == Some("feedback_after_delivery"), "the new name")?;
    expect(read.status == Some(FlowStatus::Draft), "a draft")?;
    let assets: Vec<_> = user.items(ListFlowAssets::new(flow.clone())).try_collect().await?;
    expect(assets.len() == 1, "the JSON among what the flow is made of")?;

    user.send(PublishFlow::new(flow.clone())).await?;
    user.send(DeprecateFlow::new(flow.clone())).await?;
    let read = user.send(GetFlow::new(flow)).await?;
    expect(read.status == Some(FlowStatus::Deprecated), "the flow to be retired")?;

    let migrate =
        MigrateFlows::new(ACCOUNT, OTHER_ACCOUNT).source_flow_names(vec!["opening_hours".to_owned()]);
    let moved = user.send(migrate).await?.migrated;
    let moved = moved.first().ok_or("a flow was copied")?.migrated_id.clone();
    user.send(DeleteFlow::new(moved.clone())).await?;
    let all: Vec<_> = user.items(ListFlows::new(ACCOUNT).limit(1)).try_collect().await?;
    expect(all.iter().all(|flow| flow.id != moved), "the draft to be deleted")
}

/// The group with this subject. Its id comes by webhook as well.
async fn group_of(stage: &Stage, subject: &str) -> Outcome<GroupId> {
    let groups: Vec<_> = stage.user.items(ListGroups::new(NUMBER)).try_collect().await?;
    let group = groups.into_iter().find(|group| group.subject.as_deref() == Some(subject));
    Ok(group.ok_or("the group is there")?.id)
}

async fn group(stage: &Stage) -> Outcome {
    let user = &stage.user;
    user.send(CreateGroup::new(NUMBER, "Regulars").description("Those who come every day")).await?;
    let group = group_of(stage, "Regulars").await?;
    user.send(UpdateGroup::new(group.clone()).subject("Early birds")).await?;
    let read = user.send(GetGroup::new(group.clone())).await?;
    expect(read.subject.as_deref() == Some("Early birds"), "the new subject")?;

    let link = user.send(GetInviteLink::new(group.clone())).await?.invite_link;
    let new = user.send(ResetInviteLink::new(group.clone())).await?.invite_link;
    expect(link != new, "a new invitation")?;

    let hello = SendMessage::new(NUMBER, group.clone(), Message::text("Good morning!"));
    let hello = user.send(hello).await?.id().cloned().ok_or("an accepted message has an id")?;
    let pin = Pin::Pin { message_id: hello.clone(), expiration_days: 7 };
    user.send(SendMessage::new(NUMBER, group.clone(), pin)).await?;
    let unpin = Pin::Unpin { message_id: hello };
    user.send(SendMessage::new(NUMBER, group.clone(), unpin)).await?;

    let start = SystemClock::new().now().saturating_sub(Duration::from_secs(86_400));
    let metrics = vec![GroupMetric::Sent, GroupMetric::ParticipantsJoined];
    let figures =
        ListGroupAnalytics::new(ACCOUNT, start, tomorrow(), vec![group.clone()]).metric_types(metrics);
    let figures: Vec<_> = user.items(figures).try_collect().await?;
    expect(figures.iter().any(|one| !one.data_points.is_empty()), "the messages of the group to be counted")?;

    user.send(RemoveParticipants::new(group.clone(), [Recipient::phone(CUSTOMER)])).await?;
    expect(user.send(GetGroup::new(group.clone())).await?.participants.is_empty(), "nobody in the group")?;
    user.send(DeleteGroup::new(group.clone())).await?;
    expect(user.send(GetGroup::new(group)).await.is_err(), "the group to be deleted")
}

async fn join_requests(stage: &Stage) -> Outcome {
    let user = &stage.user;
    for (subject, lets_in) in [("Friends", true), ("Family", false)] {
        let create = CreateGroup::new(NUMBER, subject).join_approval_mode(JoinApprovalMode::ApprovalRequired);
        user.send(create).await?;
        let group = group_of(stage, subject).await?;
        let list = ListJoinRequests::new(group.clone());
        let waiting: Vec<_> = user.items(list.clone()).try_collect().await?;
        let ids: Vec<String> = waiting.into_iter().map(|request| request.join_request_id).collect();
        if lets_in {
            let done = user.send(ApproveJoinRequests::new(group.clone(), ids.clone())).await?;
            expect(done.approved_join_requests == ids, "everybody to be let in")?;
        } else {
            let done = user.send(RejectJoinRequests::new(group.clone(), ids.clone())).await?;
            expect(done.rejected_join_requests == ids, "nobody to be let in")?;
        }
        let left: Vec<_> = user.items(list).try_collect().await?;
        expect(left.is_empty(), "nobody to wait any more")?;
        let people = user.send(GetGroup::new(group)).await?.total_participant_count;
        expect(people == Some(if lets_in { 2 } else { 1 }), "the right people in the group")?;
    }
    Ok(())
}

fn tomorrow() -> Timestamp {
    SystemClock::new().now().saturating_add(Duration::from_secs(86_400))
}

async fn analytics(stage: &Stage) -> Outcome {
    let user = &stage.user;
    user.send(UpdateWhatsAppAccount::new(ACCOUNT).is_enabled_for_insights(true)).await?;
    send(stage, TemplateMessage::new("hello_world", "en_US")).await?;
    let hello = hello_world(stage).await?;

    let start = SystemClock::new().now().saturating_sub(Duration::from_secs(86_400));
    let list = ListTemplateAnalytics::daily(ACCOUNT, start, tomorrow(), [hello]).metric_types(vec![
        TemplateMetric::Sent,
        TemplateMetric::Delivered,
        TemplateMetric::Cost,
    ]);
    let figures: Vec<_> = user.items(list).try_collect().await?;
    let sent: u64 = figures.iter().flat_map(|one| &one.data_points).filter_map(|point| point.sent).sum();
    expect(sent > 0, "the template to be counted")?;

    let costs = GetPricingAnalytics::new(ACCOUNT, start, tomorrow(), PricingGranularity::Daily)
        .dimensions(vec![PricingDimension::Country, PricingDimension::PricingCategory]);
    let costs = user.send(costs).await?;
    expect(costs.iter().any(|point| point.volume > Some(0)), "the messages to be counted")?;

    let calls = GetCallAnalytics::new(ACCOUNT, start, tomorrow(), PricingGranularity::Daily)
        .dimensions(vec![CallDimension::Direction])
        .metric_types(vec![CallMetric::Count, CallMetric::AverageDuration]);
    expect(user.send(calls).await?.is_empty(), "no calls")
}
