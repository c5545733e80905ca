//! Profiles, templates, labels, personas and control of conversations.

use serde_json::json;
use sociogram_meta_graph::messaging::{
    AssignLabel, Button, Command, Commands, CreateLabel, CreatePersona, CreateUtilityTemplate, DeleteLabel,
    DeleteMessengerProfile, DeletePersona, DeleteUtilityTemplate, ExtendThreadControl, GetLabel,
    GetMessengerProfile, GetPersona, GetThreadOwner, Greeting, IceBreaker, IceBreakers, LibraryBodyInput,
    LibraryButtonInput, ListLabels, ListLibraryTemplates, ListPersonLabels, ListPersonas,
    ListUtilityTemplates, ListWelcomeFlows, ModerateConversations, ModerationAction, PAGE_INBOX_APP,
    ParameterFormat, PassThreadControl, PersistentMenu, Platform, ProfileField, ReleaseThreadControl,
    RequestThreadControl, SetMessengerProfile, TakeThreadControl, TemplateButton, UnassignLabel,
    UtilityComponent, UtilityTemplateStatus,
};
use sociogram_meta_graph::{AppId, MessageTemplateId, ObjectId, PageId, ScopedUserId};

use crate::table::Table;

fn page() -> PageId {
    PageId::from(42)
}

fn person() -> ScopedUserId {
    ScopedUserId::from(7)
}

fn object(id: &str) -> ObjectId {
    ObjectId::new(id).unwrap()
}

#[tokio::test]
async fn control_of_conversations() {
    let table = Table::new().await;
    let done = || json!({"success": true});
    table
        .row(
            PassThreadControl::new(page(), person(), PAGE_INBOX_APP).metadata("to a human"),
            "POST /v26.0/42/pass_thread_control\njson {\"metadata\":\"to a human\",\"recipient\":{\"id\":\"7\"},\
             \"target_app_id\":\"263902037430900\"}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            TakeThreadControl::new(page(), person()).metadata("m"),
            "POST /v26.0/42/take_thread_control\njson {\"metadata\":\"m\",\"recipient\":{\"id\":\"7\"}}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            RequestThreadControl::new(page(), person()).metadata("m"),
            "POST /v26.0/42/request_thread_control\njson {\"metadata\":\"m\",\"recipient\":{\"id\":\"7\"}}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            ReleaseThreadControl::new(page(), person()),
            "POST /v26.0/42/release_thread_control\njson {\"recipient\":{\"id\":\"7\"}}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            ExtendThreadControl::new(page(), person()).duration(3600_u32),
            "POST /v26.0/42/extend_thread_control\njson {\"duration\":3600,\"recipient\":{\"id\":\"7\"}}",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            GetThreadOwner::new(page(), person()),
            "GET /v26.0/42/thread_owner?recipient=7",
            json!({"data": [{"thread_owner": {"app_id": "263902037430900"}}]}),
            |owner| assert_eq!(owner.unwrap().app_id, AppId::from(PAGE_INBOX_APP)),
        )
        .await;
    table
        .row(
            ModerateConversations::new(page(), [person()], [ModerationAction::BlockUser, ModerationAction::MoveToSpam]),
            "POST /v26.0/42/moderate_conversations\njson {\"actions\":[\"block_user\",\"move_to_spam\"],\"user_ids\":\
             [{\"id\":\"7\"}]}",
            json!({"success": "true"}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn the_messenger_profile() {
    let table = Table::new().await;
    let set = SetMessengerProfile::new(page())
        .get_started("GO")
        .greeting(vec![Greeting::new("Hello!")])
        .ice_breakers(vec![IceBreakers::new([IceBreaker::new("Hours?", "HOURS")])])
        .persistent_menu(vec![PersistentMenu::new([Button::link("Shop", "https://example.com")]).only()])
        .commands(vec![Commands::new([Command::new("help", "Shows help")])])
        .whitelisted_domains(vec!["https://example.com".to_owned()])
        .account_linking_url("https://example.com/link");
    table
        .row(
            set,
            "POST /v26.0/42/messenger_profile\njson {\"account_linking_url\":\"https://example.com/link\",\"commands\":\
             [{\"commands\":[{\"description\":\"Shows help\",\"name\":\"help\"}],\"locale\":\"default\"}],\
             \"get_started\":{\"payload\":\"GO\"},\"greeting\":[{\"locale\":\"default\",\"text\":\"Hello!\"}],\
             \"ice_breakers\":[{\"call_to_actions\":[{\"payload\":\"HOURS\",\"question\":\"Hours?\"}],\"locale\":\
             \"default\"}],\"persistent_menu\":[{\"call_to_actions\":[{\"title\":\"Shop\",\"type\":\"web_url\",\
             \"url\":\"https://example.com\"}],\"composer_input_disabled\":true,\"locale\":\"default\"}],\
             \"whitelisted_domains\":[\"https://example.com\"]}",
            json!({"result": "success", "success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            GetMessengerProfile::new(page()),
            "GET /v26.0/42/messenger_profile?fields=get_started%2Cgreeting%2Cice_breakers%2Cpersistent_menu%2Ccommands\
             %2Cwhitelisted_domains%2Caccount_linking_url",
            json!({"data": [{"whitelisted_domains": ["https://example.com"], "get_started": {"payload": "GO"}}]}),
            |profile| assert_eq!(profile.whitelisted_domains, ["https://example.com"]),
        )
        .await;
    table
        .row(
            GetMessengerProfile::new(page()).platform(Platform::Instagram),
            "GET /v26.0/42/messenger_profile?platform=instagram&fields=ice_breakers%2Cpersistent_menu",
            json!({"data": []}),
            |profile| assert!(profile.ice_breakers.is_empty()),
        )
        .await;
    table
        .row(
            DeleteMessengerProfile::new(page(), vec![ProfileField::PersistentMenu, ProfileField::GetStarted])
                .platform(Platform::Messenger),
            "DELETE /v26.0/42/messenger_profile?fields=%5B%22persistent_menu%22%2C%22get_started%22%5D&platform=\
             messenger",
            json!({"result": "success"}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn utility_templates() {
    let table = Table::new().await;
    let parts = vec![
        UtilityComponent::header("{{1}} update", ["Order"]),
        UtilityComponent::body("Your order #{{1}} is on its way.", ["566701"]),
        UtilityComponent::buttons([TemplateButton::open_link(
            "Track",
            "https://example.com/{{1}}",
            "https://example.com/1234",
        )]),
    ];
    table
        .row(
            CreateUtilityTemplate::new(page(), "order_update", "en")
                .components(parts)
                .parameter_format(ParameterFormat::Positional),
            "POST /v26.0/42/message_templates\njson {\"category\":\"UTILITY\",\"components\":[{\"example\":\
             {\"header_text\":[\"Order\"]},\"format\":\"TEXT\",\"text\":\"{{1}} update\",\"type\":\"HEADER\"},\
             {\"example\":{\"body_text\":[[\"566701\"]]},\"text\":\"Your order #{{1}} is on its way.\",\"type\":\"BODY\"},\
             {\"buttons\":[{\"example\":{\"url_suffix_example\":\"https://example.com/1234\"},\"text\":\"Track\",\
             \"type\":\"URL\",\"url\":\"https://example.com/{{1}}\"}],\"type\":\"BUTTONS\"}],\"language\":\"en\",\
             \"name\":\"order_update\",\"parameter_format\":\"POSITIONAL\"}",
            json!({"id": "102295129340398", "status": "APPROVED", "category": "UTILITY"}),
            |created| assert_eq!(created.status, Some(UtilityTemplateStatus::Approved)),
        )
        .await;
    table
        .row(
            CreateUtilityTemplate::new(page(), "mine", "en_US")
                .library_template_name("order_confirmation_1")
                .library_template_body_inputs(vec![LibraryBodyInput::text("{{1}}, done")])
                .library_template_button_inputs(vec![LibraryButtonInput::link("Manage", "https://example.com/")]),
            "POST /v26.0/42/message_templates\njson {\"category\":\"UTILITY\",\"language\":\"en_US\",\
             \"library_template_body_inputs\":[{\"text\":\"{{1}}, done\",\"type\":\"body\"}],\
             \"library_template_button_inputs\":[{\"text\":\"Manage\",\"type\":\"URL\",\"url\":{\"base_url\":\
             \"https://example.com/\"}}],\"library_template_name\":\"order_confirmation_1\",\"name\":\"mine\"}",
            json!({"id": "1", "status": "PENDING"}),
            |created| assert_eq!(created.id, MessageTemplateId::from(1)),
        )
        .await;
    table
        .row(
            ListUtilityTemplates::new(page())
                .name_or_content("order")
                .language(vec!["en".to_owned()])
                .status(vec![UtilityTemplateStatus::Approved]),
            "GET /v26.0/42/message_templates?name_or_content=order&language=%5B%22en%22%5D&status=%5B%22APPROVED%22%5D&\
             fields=id%2Cname%2Clanguage%2Ccategory%2Cstatus%2Ccomponents%2Cparameter_format%2Clibrary_template_name\
             %2Crejected_reason",
            json!({"data": [{"id": "1", "name": "order_update", "language": "en", "status": "APPROVED"}]}),
            |list| assert_eq!(list.items[0].name.as_deref(), Some("order_update")),
        )
        .await;
    table
        .row(
            DeleteUtilityTemplate::new(page(), "order_update").template_id(MessageTemplateId::from(1)),
            "DELETE /v26.0/42/message_templates?name=order_update&template_id=1",
            json!({"success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            ListLibraryTemplates::new().name_or_content("order").language("en"),
            "GET /v26.0/message_template_library?name_or_content=order&language=en",
            json!({"data": [{"name": "order_confirmation_1", "language": "en", "body": "{{1}}, done",
                "body_params": ["John"], "id": "7635027653257090"}]}),
            |list| assert_eq!(list.items[0].body_params, ["John"]),
        )
        .await;
}

#[tokio::test]
async fn personas_and_flows() {
    let table = Table::new().await;
    let persona =
        || json!({"id": "5", "name": "Adam", "profile_picture_url": "https://example.com/adam.jpg"});
    table
        .row(
            CreatePersona::new(page(), "Adam", "https://example.com/adam.jpg"),
            "POST /v26.0/42/personas\njson {\"name\":\"Adam\",\"profile_picture_url\":\"https://example.com/adam.jpg\"}",
            json!({"id": "5"}),
            |created| assert_eq!(created.id, object("5")),
        )
        .await;
    table
        .row(
            ListPersonas::new(page()),
            "GET /v26.0/42/personas?fields=id%2Cname%2Cprofile_picture_url",
            json!({"data": [persona()]}),
            |list| assert_eq!(list.items[0].name.as_deref(), Some("Adam")),
        )
        .await;
    table
        .row(
            GetPersona::new(object("5")),
            "GET /v26.0/5?fields=id%2Cname%2Cprofile_picture_url",
            persona(),
            |persona| assert_eq!(persona.id, object("5")),
        )
        .await;
    table.row(DeletePersona::new(object("5")), "DELETE /v26.0/5", json!({"success": true}), |()| {}).await;
    table
        .row(
            ListWelcomeFlows::new(page()).app_id(AppId::from(9)).flow_id(object("8")),
            "GET /v26.0/42/welcome_message_flows?app_id=9&flow_id=8&fields=id%2Cname%2Celigible_platforms%2C\
             is_used_in_ad%2Clast_update_time%2Cwelcome_message_flow",
            json!({"data": [{"id": "8", "name": "F", "eligible_platforms": ["messenger"], "is_used_in_ad": false}]}),
            |list| assert_eq!(list.items[0].eligible_platforms, ["messenger"]),
        )
        .await;
}

#[tokio::test]
async fn labels() {
    let table = Table::new().await;
    let label = || json!({"id": "9", "page_label_name": "vip"});
    table
        .row(
            CreateLabel::new(page(), "vip"),
            "POST /v26.0/42/custom_labels\njson {\"page_label_name\":\"vip\"}",
            json!({"id": "9"}),
            |created| assert_eq!(created.id, object("9")),
        )
        .await;
    table
        .row(
            ListLabels::new(page()),
            "GET /v26.0/42/custom_labels?fields=id%2Cpage_label_name",
            json!({"data": [label()]}),
            |list| assert_eq!(list.items[0].name.as_deref(), Some("vip")),
        )
        .await;
    table
        .row(GetLabel::new(object("9")), "GET /v26.0/9?fields=id%2Cpage_label_name", label(), |label| {
            assert_eq!(label.id, object("9"));
        })
        .await;
    table
        .row(
            AssignLabel::new(object("9"), person()),
            "POST /v26.0/9/label\njson {\"user\":\"7\"}",
            json!({"success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            UnassignLabel::new(object("9"), person()),
            "DELETE /v26.0/9/label?user=7",
            json!({"success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            ListPersonLabels::new(person()),
            "GET /v26.0/7/custom_labels?fields=id%2Cpage_label_name",
            json!({"data": [label()]}),
            |list| assert_eq!(list.items.len(), 1),
        )
        .await;
    table.row(DeleteLabel::new(object("9")), "DELETE /v26.0/9", json!({"success": true}), |()| {}).await;
}
