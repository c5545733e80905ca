//! Around conversations: their profile, personas, labels, control, moderation, and utility templates.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    AppId, ObjectId, ScopedUserId,
    messaging::{
        AssignLabel, Button, Command, Commands, CreateLabel, CreatePersona, CreateUtilityTemplate,
        DeleteLabel, DeleteMessengerProfile, DeletePersona, DeleteUtilityTemplate, ExtendThreadControl,
        GetLabel, GetMessengerProfile, GetPersona, GetThreadOwner, Greeting, IceBreaker, IceBreakers,
        LibraryBodyInput, LibraryButtonInput, ListInstagramConversations, ListLabels, ListLibraryTemplates,
        ListPersonLabels, ListPersonas, ListUtilityTemplates, ListWelcomeFlows, Message,
        ModerateConversations, ModerationAction, OutgoingMessage, PAGE_INBOX_APP, ParameterFormat,
        PassThreadControl, PersistentMenu, Platform, ProfileField, ReleaseThreadControl,
        RequestThreadControl, SendAction, SendMessage, SenderAction, SetMessengerProfile, TakeThreadControl,
        TemplateButton, UnassignLabel, UtilityComponent, UtilityMessage, UtilityParameter,
        UtilityTemplateStatus,
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// Wrote to the Page an hour ago.
const PERSON: &str = "7700000000000101";
/// Wrote to the Page forty days ago.
const LOST_PERSON: &str = "7700000000000103";
/// Wrote to the Instagram account three days ago.
const INSTAGRAM_PERSON: &str = "8800000000000202";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    profile_of_messenger(stage).await?;
    profile_of_instagram(stage).await?;
    personas(stage).await?;
    labels(stage).await?;
    thread_control(stage).await?;
    moderation(stage).await?;
    utility_templates(stage).await?;
    library(stage).await?;
    welcome_flows(stage).await
}

/// What a conversation shows before and beside the messages.
async fn profile_of_messenger(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let set = SetMessengerProfile::new(page())
        .get_started("GO")
        .greeting(vec![Greeting::new("Hello!"), Greeting::localized("de_DE", "Hallo!")])
        .ice_breakers(vec![IceBreakers::new([IceBreaker::new("When are you open?", "HOURS")])])
        .persistent_menu(vec![PersistentMenu::new([Button::link("Shop", "https://example.com")])])
        .commands(vec![Commands::new([Command::new("help", "Shows help")])])
        .whitelisted_domains(vec!["https://example.com".to_owned()]);
    stage.page.send(set).await?;
    let profile = stage.page.send(GetMessengerProfile::new(page())).await?;
    expect(profile.get_started.is_some_and(|button| button.payload == "GO"), "the start button")?;
    expect((profile.greeting.len(), profile.commands.len()) == (2, 1), "greetings and commands")?;

    // The menu goes first: it needs the start button.
    let parts = vec![ProfileField::PersistentMenu, ProfileField::GetStarted];
    stage.page.send(DeleteMessengerProfile::new(page(), parts)).await?;
    let profile = stage.page.send(GetMessengerProfile::new(page())).await?;
    expect(profile.get_started.is_none() && profile.persistent_menu.is_empty(), "both to be gone")
}

/// The same for Instagram, through the Page.
async fn profile_of_instagram(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let set = SetMessengerProfile::new(page())
        .platform(Platform::Instagram)
        .ice_breakers(vec![IceBreakers::new([IceBreaker::new("Do you deliver?", "DELIVERY")])]);
    stage.page.send(set).await?;
    let profile = stage.page.send(GetMessengerProfile::new(page()).platform(Platform::Instagram)).await?;
    expect(profile.ice_breakers.len() == 1, "the question")?;
    let gone = DeleteMessengerProfile::new(page(), vec![ProfileField::IceBreakers]);
    stage.page.send(gone.platform(Platform::Instagram)).await?;
    Ok(())
}

/// Names and pictures that messages come under.
async fn personas(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let person = ScopedUserId::new(PERSON)?;
    let create = CreatePersona::new(page(), "Adam of support", "https://example.com/adam.jpg");
    let adam = stage.page.send(create).await?.id;
    let eve = CreatePersona::new(page(), "Eve of sales", "https://example.com/eve.jpg");
    let eve = stage.page.send(eve).await?.id;
    let all: Vec<_> = stage.page.items(ListPersonas::new(page()).limit(1)).try_collect().await?;
    expect(all.len() == 2, "both personas, a page each")?;

    let typing = SendAction::new(page(), person.clone(), SenderAction::TypingOn).persona(adam.clone());
    stage.page.send(typing).await?;
    let message = OutgoingMessage::response(person, Message::text("I am Adam.")).persona(adam.clone());
    stage.page.send(SendMessage::new(page(), message)).await?;
    let read = stage.page.send(GetPersona::new(adam.clone())).await?;
    expect(read.name.as_deref() == Some("Adam of support"), "the persona's name")?;
    for persona in [adam.clone(), eve] {
        stage.page.send(DeletePersona::new(persona)).await?;
    }
    expect(stage.page.send(GetPersona::new(adam)).await.is_err(), "the persona to be gone")
}

/// Labels on people.
async fn labels(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let person = ScopedUserId::new(PERSON)?;
    let regular = stage.page.send(CreateLabel::new(page(), "regular")).await?.id;
    let unpaid = stage.page.send(CreateLabel::new(page(), "unpaid")).await?.id;
    let all: Vec<_> = stage.page.items(ListLabels::new(page()).limit(1)).try_collect().await?;
    expect(all.len() == 2, "both labels, a page each")?;
    let read = stage.page.send(GetLabel::new(regular.clone())).await?;
    expect(read.name.as_deref() == Some("regular"), "the label's name")?;

    stage.page.send(AssignLabel::new(regular.clone(), person.clone())).await?;
    let has = stage.page.send(ListPersonLabels::new(person.clone())).await?;
    expect(has.items.iter().any(|label| label.id == regular), "the person to have the label")?;
    stage.page.send(UnassignLabel::new(regular.clone(), person.clone())).await?;
    let has = stage.page.send(ListPersonLabels::new(person)).await?;
    expect(has.items.is_empty(), "the person to have no label")?;
    for label in [regular.clone(), unpaid] {
        stage.page.send(DeleteLabel::new(label)).await?;
    }
    expect(stage.page.send(GetLabel::new(regular)).await.is_err(), "the label to be gone")
}

/// Passing a conversation to the humans at the Page's inbox, and back.
async fn thread_control(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let person = || ScopedUserId::new(PERSON);
    let inbox = AppId::from(PAGE_INBOX_APP);
    stage.page.send(TakeThreadControl::new(page(), person()?)).await?;
    stage.page.send(ExtendThreadControl::new(page(), person()?).duration(3600_u32)).await?;
    let owner = stage.page.send(GetThreadOwner::new(page(), person()?)).await?;
    expect(owner.is_some_and(|owner| owner.app_id == stage.app_id), "this app to have it")?;
    let pass = PassThreadControl::new(page(), person()?, inbox.clone()).metadata("wants a human");
    stage.page.send(pass).await?;
    let owner = stage.page.send(GetThreadOwner::new(page(), person()?)).await?;
    expect(owner.is_some_and(|owner| owner.app_id == inbox), "the inbox to have it")?;

    stage.page.send(RequestThreadControl::new(page(), person()?).metadata("please")).await?;
    stage.page.send(TakeThreadControl::new(page(), person()?).metadata("now")).await?;
    stage.page.send(ReleaseThreadControl::new(page(), person()?)).await?;
    let owner = stage.page.send(GetThreadOwner::new(page(), person()?)).await?;
    expect(owner.is_none(), "nobody to have it")
}

/// Blocking somebody on Instagram, and moving what they wrote to spam.
async fn moderation(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let person = || ScopedUserId::new(INSTAGRAM_PERSON);
    let block = [ModerationAction::BlockUser, ModerationAction::MoveToSpam];
    stage.page.send(ModerateConversations::new(page(), [person()?], block)).await?;
    let inbox = ListInstagramConversations::of_page(page()).user_id(person()?);
    expect(stage.page.send(inbox).await?.items.is_empty(), "the conversation to be in the spam folder")?;
    let unblock = ModerateConversations::new(page(), [person()?], [ModerationAction::UnblockUser]);
    stage.page.send(unblock).await?;
    Ok(())
}

/// A template of one's own: made, reviewed, sent, deleted.
async fn utility_templates(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let parts = vec![
        UtilityComponent::header("{{1}} update", ["Order"]),
        UtilityComponent::body("Your order {{1}} is on its way.", ["566701"]),
        UtilityComponent::buttons([TemplateButton::open_link(
            "Track",
            "https://example.com/{{1}}",
            "https://example.com/566701",
        )]),
    ];
    let create = CreateUtilityTemplate::new(page(), "order_update", "en")
        .components(parts)
        .parameter_format(ParameterFormat::Positional);
    let template = stage.page.send(create).await?.id;
    let approved = ListUtilityTemplates::new(page()).status(vec![UtilityTemplateStatus::Approved]);
    control::pass(&stage.sandbox, Duration::from_secs(3)).await?;
    let approved: Vec<_> = stage.page.items(approved).try_collect().await?;
    expect(approved.iter().any(|known| known.id == template), "the review to take seconds")?;
    let message = UtilityMessage::new("order_update", "en")
        .header([UtilityParameter::text("Order")])
        .body([UtilityParameter::text("566701")])
        .buttons([UtilityParameter::url_end("566701")]);
    let message = OutgoingMessage::utility(ScopedUserId::new(LOST_PERSON)?, message);
    let sent = stage.page.send(SendMessage::new(page(), message)).await?;
    expect(sent.message_id.is_some(), "the template to be sent after forty days")?;
    stage.page.send(DeleteUtilityTemplate::new(page(), "order_update").template_id(template)).await?;
    let left = stage.page.send(ListUtilityTemplates::new(page()).name("order_update")).await?;
    expect(left.items.is_empty(), "the template to be gone")
}

/// A copy of a template that Meta approved for everybody.
async fn library(stage: &Stage) -> Outcome {
    let search = ListLibraryTemplates::new().name_or_content("order").language("en");
    let found: Vec<_> = stage.page.items(search).try_collect().await?;
    let original = found.first().ok_or("the library has no such template")?;
    let create = CreateUtilityTemplate::new(stage.page_id.clone(), "my_confirmation", "en")
        .library_template_name(original.name.clone())
        .library_template_body_inputs(vec![LibraryBodyInput::text("Your order {{1}} is confirmed.")])
        .library_template_button_inputs(vec![LibraryButtonInput::link("Manage", "https://example.com/")]);
    stage.page.send(create).await?;
    let copy = ListUtilityTemplates::new(stage.page_id.clone()).name("my_confirmation").limit(10);
    let copy: Vec<_> = stage.page.items(copy).try_collect().await?;
    expect(copy.len() == 1, "the copy to be listed")?;
    stage.page.send(DeleteUtilityTemplate::new(stage.page_id.clone(), "my_confirmation")).await?;
    Ok(())
}

/// The flows that greet people who come from ads; they are made in the Ads Manager.
async fn welcome_flows(stage: &Stage) -> Outcome {
    let owners: [ObjectId; 2] = [stage.page_id.clone().into(), stage.instagram_id.clone().into()];
    for owner in owners {
        let flows: Vec<_> = stage.page.items(ListWelcomeFlows::new(owner)).try_collect().await?;
        expect(flows.is_empty(), "no flow, as nobody made one")?;
    }
    Ok(())
}
