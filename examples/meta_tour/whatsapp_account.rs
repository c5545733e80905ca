//! WhatsApp accounts and numbers: registration, settings, profile, QR codes, the block list.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    BusinessId, PhoneNumberId, UserId,
    whatsapp::{
        BusinessScopedUserId, Recipient,
        accounts::{
            AccountTask, AssignUser, GetWhatsAppAccount, ListAccountSubscriptions, ListAssignedUsers,
            SubscribeAccount, UnassignUser, UnsubscribeAccount, UpdateWhatsAppAccount,
        },
        automation::{Command, GetConversationalAutomation, SetConversationalAutomation},
        block_list::{BlockUsers, ListBlockedUsers, UnblockUsers},
        business_profile::{GetBusinessProfile, UpdateBusinessProfile, Vertical},
        calls::{CallPermissionStatus, GetCallPermissions},
        compliance::{ComplianceContact, EntityType, GetComplianceInfo, SetComplianceInfo},
        phone_numbers::{
            CreatePhoneNumber, GetPhoneNumber, ListPhoneNumbers, NumberStatus, OverrideNumberWebhook,
            WebhookOverride,
        },
        qr_codes::{CreateQrCode, DeleteQrCode, GetQrCode, ListQrCodes, QrImage, UpdateQrCode},
        registration::{
            CodeMethod, DeregisterPhoneNumber, RegisterPhoneNumber, RequestVerificationCode, SetTwoStepPin,
            VerifyCode,
        },
        settings::{
            GetBusinessEncryption, GetCommerceSettings, GetNumberSettings, GetOfficialAccountStatus,
            SetBusinessEncryption, StorageConfiguration, UpdateCommerceSettings, UpdateNumberSettings,
            UserIdentityChange,
        },
        usernames::{DeleteUsername, GetUsername, ListUsernameSuggestions, SetUsername},
    },
};

use crate::{
    Outcome, expect,
    stage::Stage,
    whatsapp::{CUSTOMER, CUSTOMER_ID, NUMBER},
    whatsapp_manage::ACCOUNT,
};

/// The portfolio that has the account.
const BUSINESS: u64 = 300_400_500_600_701;
/// The code that WhatsApp sends to a new number.
const CODE: &str = "123456";
/// What flows encrypt with.
const PUBLIC_KEY: &str =
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    account(stage).await?;
    people_of_the_account(stage).await?;
    new_number(stage).await?;
    settings(stage).await?;
    profile(stage).await?;
    before_people_write(stage).await?;
    qr_codes(stage).await?;
    block_list(stage).await
}

async fn account(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let changed = UpdateWhatsAppAccount::new(ACCOUNT).name("Bakery").template_auto_archival_enabled(true);
    user.send(changed).await?;
    let account = user.send(GetWhatsAppAccount::new(ACCOUNT)).await?;
    expect(account.name.as_deref() == Some("Bakery"), "the new name")?;
    expect(account.template_auto_archival_enabled == Some(true), "the new setting")?;

    let elsewhere = SubscribeAccount::new(ACCOUNT)
        .override_callback_uri("https://example.com/webhooks/whatsapp")
        .verify_token("a long secret");
    user.send(elsewhere).await?;
    let apps = user.send(ListAccountSubscriptions::new(ACCOUNT)).await?.items;
    expect(apps.iter().any(|one| one.override_callback_uri.is_some()), "an address of its own")?;
    user.send(UnsubscribeAccount::new(ACCOUNT)).await?;
    let apps = user.send(ListAccountSubscriptions::new(ACCOUNT)).await?.items;
    expect(apps.is_empty(), "no app to get webhooks")?;
    user.send(SubscribeAccount::new(ACCOUNT)).await?;
    Ok(())
}

async fn people_of_the_account(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let person: UserId = stage.user_id.clone();
    let tasks = vec![AccountTask::Messaging, AccountTask::ViewTemplates];
    user.send(AssignUser::new(ACCOUNT, person.clone(), tasks.clone())).await?;
    let list = ListAssignedUsers::new(ACCOUNT, BusinessId::from(BUSINESS)).limit(1);
    let people: Vec<_> = user.items(list.clone()).try_collect().await?;
    let assigned = people.iter().find(|one| one.id.as_str() == person.as_str());
    expect(assigned.is_some_and(|one| one.tasks == tasks), "the person on one of the pages")?;
    user.send(UnassignUser::new(ACCOUNT, person.clone())).await?;
    let people: Vec<_> = user.items(list).try_collect().await?;
    expect(people.iter().all(|one| one.id.as_str() != person.as_str()), "the person to be gone")
}

async fn new_number(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let create = CreatePhoneNumber::new(ACCOUNT, "49", "3012345678").verified_name("Bakery in Berlin");
    let number: PhoneNumberId = user.send(create).await?.id;
    let list = ListPhoneNumbers::new(ACCOUNT).limit(1);
    let numbers: Vec<_> = user.items(list).try_collect().await?;
    expect(numbers.len() == 2, "both numbers, on two pages")?;

    user.send(RequestVerificationCode::new(number.clone(), CodeMethod::Sms, "en_US")).await?;
    user.send(VerifyCode::new(number.clone(), CODE)).await?;
    user.send(RegisterPhoneNumber::new(number.clone(), "581063").data_localization_region("DE")).await?;
    let read = user.send(GetPhoneNumber::new(number.clone())).await?;
    expect(read.status == Some(NumberStatus::Connected), "the number to work")?;
    expect(read.is_pin_enabled == Some(true), "the PIN to be set")?;

    user.send(SetTwoStepPin::new(number.clone(), "716204")).await?;
    let elsewhere = WebhookOverride::new("https://example.com/webhooks/berlin", "a long secret");
    user.send(OverrideNumberWebhook::new(number.clone(), elsewhere)).await?;
    let read = user.send(GetPhoneNumber::new(number.clone())).await?;
    expect(read.webhook_configuration.is_some(), "an address of its own")?;
    user.send(OverrideNumberWebhook::new(number.clone(), WebhookOverride::none())).await?;

    user.send(DeregisterPhoneNumber::new(number.clone())).await?;
    let read = user.send(GetPhoneNumber::new(number)).await?;
    expect(read.status == Some(NumberStatus::Disconnected), "the number to be taken back")
}

async fn settings(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let update = UpdateNumberSettings::new(NUMBER)
        .storage_configuration(StorageConfiguration::in_country("DE"))
        .user_identity_change(UserIdentityChange::new(true))
        .calling(serde_json::json!({"status": "ENABLED"}));
    user.send(update).await?;
    let settings = user.send(GetNumberSettings::new(NUMBER)).await?;
    let storage = settings.storage_configuration;
    expect(storage == Some(StorageConfiguration::in_country("DE")), "messages to be kept in the country")?;
    expect(settings.user_identity_change == Some(UserIdentityChange::new(true)), "identities to be checked")?;
    let usual = UpdateNumberSettings::new(NUMBER).storage_configuration(StorageConfiguration::usual());
    user.send(usual).await?;

    user.send(UpdateCommerceSettings::new(NUMBER).is_cart_enabled(false).is_catalog_visible(true)).await?;
    let shop = user.send(GetCommerceSettings::new(NUMBER)).await?.ok_or("a catalog is connected")?;
    let seen = (shop.is_cart_enabled, shop.is_catalog_visible);
    expect(seen == (Some(false), Some(true)), "the catalog without a cart")?;

    user.send(SetBusinessEncryption::new(NUMBER, PUBLIC_KEY)).await?;
    let key = user.send(GetBusinessEncryption::new(NUMBER)).await?;
    expect(key.business_public_key.as_deref() == Some(PUBLIC_KEY), "the public key")?;
    let mark = user.send(GetOfficialAccountStatus::new(NUMBER)).await?;
    expect(mark.oba_status.is_some(), "whether it has the official mark")?;

    let officer = ComplianceContact::new("officer@example.com").name("Chandravati P.");
    let care = ComplianceContact::new("care@example.com").mobile_number("+913854559033");
    let set =
        SetComplianceInfo::new(NUMBER, "Bakery Private Limited", EntityType::Partnership, officer, care);
    user.send(set.is_registered(true)).await?;
    let info = user.send(GetComplianceInfo::new(NUMBER)).await?.ok_or("it was set")?;
    expect(info.is_registered == Some(true), "who answers for the number")?;

    let calls = user.send(GetCallPermissions::new(NUMBER).user_wa_id(CUSTOMER)).await?;
    let status = calls.permission.and_then(|permission| permission.status);
    expect(status == Some(CallPermissionStatus::NoPermission), "that nobody allowed calls")?;
    let person: BusinessScopedUserId = CUSTOMER_ID.parse()?;
    let calls = user.send(GetCallPermissions::new(NUMBER).recipient(person)).await?;
    expect(calls.actions.iter().any(|action| action.can_perform_action), "that one may ask for it")
}

async fn profile(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let update = UpdateBusinessProfile::new(NUMBER)
        .about("Fresh since 1899")
        .address("Alexanderplatz 1, Berlin")
        .description("Bread and cake")
        .email("bakery@example.com")
        .websites(vec!["https://example.com".to_owned()])
        .vertical(Vertical::Retail);
    user.send(update).await?;
    let profile = user.send(GetBusinessProfile::new(NUMBER)).await?;
    expect(profile.about.as_deref() == Some("Fresh since 1899"), "the new line about the business")?;
    expect(profile.vertical == Some(Vertical::Retail), "the new trade")?;

    let free = user.send(ListUsernameSuggestions::new(NUMBER)).await?;
    let name = free.first().ok_or("a user name is kept for the business")?;
    user.send(SetUsername::new(NUMBER, name)).await?;
    let now = user.send(GetUsername::new(NUMBER)).await?;
    expect(now.username.as_ref() == Some(name), "the user name")?;
    user.send(DeleteUsername::new(NUMBER)).await?;
    expect(user.send(GetUsername::new(NUMBER)).await?.username.is_none(), "no user name")
}

async fn before_people_write(stage: &Stage) -> Outcome {
    let set = SetConversationalAutomation::new(NUMBER)
        .enable_welcome_message(true)
        .prompts(vec!["Order bread".to_owned(), "Opening hours".to_owned()])
        .commands(vec![Command::new("order", "Order something")]);
    stage.user.send(set).await?;
    let read = stage.user.send(GetConversationalAutomation::new(NUMBER)).await?;
    let automation = read.conversational_automation.ok_or("it was set")?;
    expect(automation.prompts.len() == 2 && automation.commands.len() == 1, "prompts and commands")
}

async fn qr_codes(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let create = CreateQrCode::new(NUMBER, "I would like to order").generate_qr_image(QrImage::Svg);
    let made = user.send(create).await?;
    expect(made.qr_image_url.is_some(), "a picture")?;
    user.send(CreateQrCode::new(NUMBER, "When do you open?")).await?;
    user.send(UpdateQrCode::new(NUMBER, made.code.clone(), "I would like to order bread")).await?;
    let read = user.send(GetQrCode::new(NUMBER, made.code.clone())).await?;
    expect(read.prefilled_message.as_deref() == Some("I would like to order bread"), "the new text")?;
    let all: Vec<_> = user.items(ListQrCodes::new(NUMBER).limit(1)).try_collect().await?;
    expect(all.len() == 2, "both codes, on two pages")?;
    user.send(DeleteQrCode::new(NUMBER, made.code.clone())).await?;
    expect(user.send(GetQrCode::new(NUMBER, made.code)).await.is_err(), "the code to be deleted")
}

async fn block_list(stage: &Stage) -> Outcome {
    let user = &stage.user;
    let done = user.send(BlockUsers::new(NUMBER, [Recipient::phone(CUSTOMER)])).await?;
    expect(done.added.len() == 1 && done.failed.is_empty(), "the person to be blocked")?;
    let blocked: Vec<_> = user.items(ListBlockedUsers::new(NUMBER)).try_collect().await?;
    expect(blocked.len() == 1, "one person on the list")?;
    let done = user.send(UnblockUsers::new(NUMBER, [Recipient::phone(CUSTOMER)])).await?;
    expect(done.removed.len() == 1, "the person to be let in again")?;
    let blocked: Vec<_> = user.items(ListBlockedUsers::new(NUMBER)).try_collect().await?;
    expect(blocked.is_empty(), "nobody on the list")
}
