//! Which type a field has.

use serde_json::value::RawValue;

use super::{BODY, ENTRY, EventKind, LEAD, SOCIAL, THREADS, WHATSAPP};
use crate::{
    EventTime,
    event::{
        feed::FeedChange,
        instagram::{InstagramComment, InstagramMention, InstagramStoryInsights},
        lead::LeadAction,
        leadgen::LeadgenChange,
        messaging::{self, MessagingEvent},
        page::{LiveVideoChange, PageMention, RatingChange},
        social::SocialAction,
        threads::ThreadsEvent,
        user::{PermissionChange, UserChange},
        whatsapp::{
            AccountReview, AccountUpdate, BusinessCapability, Contacts, PhoneNumberName, PhoneNumberQuality,
            Preference, SecurityEvent, Shared, TemplateCategory, TemplateQuality, TemplateStatus,
            UserIdChange, WhatsAppCall, WhatsAppError, WhatsAppMessage, WhatsAppStatus,
        },
    },
    fields::{Fields, items, text},
};

/// Why an item of a WhatsApp list has no type.
pub(crate) const NO_ITEM: &str = "the item is not a JSON object";

type Read = Result<EventKind, &'static str>;

/// Types an event of Meta.
pub(super) fn meta(object: &str, field: &str, raw: &RawValue) -> Read {
    match (object, field) {
        (_, "") => return Err("the change names no field"),
        (_, ENTRY) => {
            let known = Fields::of(raw).map(|_| EventKind::unknown(field));
            return known.ok_or("the entry is not a JSON object");
        }
        (_, BODY) if Fields::of(raw).is_some_and(|body| body.raw("entry").is_some()) => {
            return Err("`entry` is not a list");
        }
        (_, BODY) => return Ok(EventKind::unknown(field)),
        (THREADS, _) => return threads(field, raw),
        _ => {}
    }
    if let Some(list) = messaging::list_of(field).filter(|_| object != WHATSAPP) {
        let item = Fields::of(raw).ok_or("the message item is not a JSON object")?;
        // A change may have the name of a list. An item with such a member would have it in its name.
        if field != list || item.raw("field").is_none() {
            return Ok(message(object, list, field, &item));
        }
    }
    match object {
        "page" if messaging::is_field(field) => Ok(conversation(object, field, raw)),
        "page" => page(field, raw),
        "instagram" => instagram(field, raw),
        "permissions" | "user" => Ok(person(object, field, raw)),
        WHATSAPP => whatsapp(field, raw),
        _ => Ok(other(field, raw)),
    }
}

fn page(field: &str, raw: &RawValue) -> Read {
    match field {
        "feed" => typed(field, raw, FeedChange::read),
        "leadgen" => typed(field, raw, LeadgenChange::read),
        "mention" => typed(field, raw, PageMention::read),
        "ratings" => typed(field, raw, RatingChange::read),
        "live_videos" => typed(field, raw, LiveVideoChange::read),
        _ => Ok(other(field, raw)),
    }
}

fn instagram(field: &str, raw: &RawValue) -> Read {
    match field {
        "comments" | "live_comments" => typed(field, raw, |value| InstagramComment::read(field, value)),
        "mentions" => typed(field, raw, InstagramMention::read),
        "story_insights" => typed(field, raw, InstagramStoryInsights::read),
        _ => Ok(conversation("instagram", field, raw)),
    }
}

/// The test button of the dashboard, and some products, send what belongs into the lists as changes.
fn conversation(object: &str, field: &str, raw: &RawValue) -> EventKind {
    let value = Fields::of(raw).and_then(|change| change.object("value"));
    match value.filter(messaging::is_item) {
        Some(item) => message(object, messaging::list_of(field).unwrap_or_default(), field, &item),
        None => other(field, raw),
    }
}

/// An item of a conversation.
fn message(object: &str, list: &str, field: &str, item: &Fields<'_>) -> EventKind {
    MessagingEvent::read(object, list, field, item).map_or_else(|| EventKind::unknown(field), EventKind::from)
}

/// The envelope of Threads with one event, which is in `values`, or a change of the usual one.
fn threads(field: &str, raw: &RawValue) -> Read {
    let body = Fields::of(raw);
    let values = body.as_ref().and_then(|body| body.raw("values"));
    let read = |_: &Fields<'_>| body.as_ref().map(ThreadsEvent::read).unwrap_or_default();
    typed(field, values.unwrap_or(raw), read)
}

/// `user` and `permissions`: the value may be of any type, or missing beside a `verb`.
fn person(object: &str, field: &str, raw: &RawValue) -> EventKind {
    let Some(change) = Fields::of(raw) else { return other(field, raw) };
    if change.raw("value").is_none() && change.raw("verb").is_none() {
        return EventKind::changed(field);
    }
    if object == "permissions" {
        PermissionChange::read(field, &change).into()
    } else {
        UserChange::read(field, &change).into()
    }
}

/// What has no type: a name without a value, or something new.
fn other(field: &str, raw: &RawValue) -> EventKind {
    let is_name = match Fields::of(raw) {
        Some(change) => change.raw("field").is_some() && change.iter().count() == 1,
        None => text(raw).is_some(),
    };
    if is_name { EventKind::changed(field) } else { EventKind::unknown(field) }
}

/// A change whose value is an object.
fn typed<T: Into<EventKind>>(field: &str, raw: &RawValue, read: impl FnOnce(&Fields<'_>) -> T) -> Read {
    Ok(match value(raw)? {
        Some(value) => read(&value).into(),
        None => EventKind::changed(field),
    })
}

/// The value of a change; `None` when only the field's name was sent.
fn value(raw: &RawValue) -> Result<Option<Fields<'_>>, &'static str> {
    let Some(change) = Fields::of(raw) else {
        return text(raw).map(|_| None).ok_or("the change is not a JSON object");
    };
    match change.raw("value") {
        None => Ok(None),
        Some(value) => Fields::of(value).map(Some).ok_or("the value of the change is not a JSON object"),
    }
}

/// The members of a WhatsApp value that are lists of single events, by the field that brings them.
pub(crate) fn whatsapp_lists(field: &str) -> &'static [&'static str] {
    match field {
        "messages" | "standby" => &["messages", "statuses", "errors"],
        "smb_message_echoes" => &["message_echoes"],
        "calls" => &["calls", "statuses", "errors"],
        "user_preferences" => &["user_preferences"],
        "user_id_update" => &["user_id_update"],
        _ => &[],
    }
}

/// Types one item of a WhatsApp list.
pub(crate) fn read_whatsapp(
    field: &str,
    list: &str,
    item: &Fields<'_>,
    shared: &Shared,
    contact: Option<&Fields<'_>>,
) -> EventKind {
    match (field, list) {
        (_, "messages") => WhatsAppMessage::read(item, shared, contact).into(),
        (_, "message_echoes") => WhatsAppMessage::read_echo(item, shared, contact).into(),
        (_, "errors") => WhatsAppError::read(item, shared).into(),
        (_, "calls") => WhatsAppCall::read(item, shared, contact).into(),
        ("calls", "statuses") => WhatsAppCall::read_status(item, shared).into(),
        (_, "statuses") => WhatsAppStatus::read(item, shared, contact).into(),
        (_, "user_preferences") => Preference::read(item, shared).into(),
        (_, "user_id_update") => UserIdChange::read(item, shared).into(),
        (field, _) => EventKind::unknown(field),
    }
}

fn whatsapp(field: &str, raw: &RawValue) -> Read {
    let lists = whatsapp_lists(field);
    if lists.is_empty() {
        return match field {
            "message_template_status_update" => typed(field, raw, TemplateStatus::read),
            "message_template_quality_update" => typed(field, raw, TemplateQuality::read),
            "template_category_update" => typed(field, raw, TemplateCategory::read),
            "account_update" => typed(field, raw, AccountUpdate::read),
            "account_review_update" => typed(field, raw, AccountReview::read),
            "business_capability_update" => typed(field, raw, BusinessCapability::read),
            "phone_number_quality_update" => typed(field, raw, PhoneNumberQuality::read),
            "phone_number_name_update" => typed(field, raw, PhoneNumberName::read),
            "security" => typed(field, raw, SecurityEvent::read),
            _ => Ok(other(field, raw)),
        };
    }
    let Some(value) = value(raw)? else { return Ok(EventKind::changed(field)) };
    let shared = Shared::read(value.object("metadata").as_ref());
    // The splitter leaves one item in each; a change of several that was stored whole has no type.
    let mut found = lists
        .iter()
        .filter_map(|list| Some((*list, value.raw(list)?)))
        .flat_map(|(list, all)| items(all).into_iter().map(move |item| (list, item)));
    match (found.next(), found.next()) {
        (Some((list, item)), None) => {
            let item = Fields::of(item).ok_or(NO_ITEM)?;
            let contacts = Contacts::read(&value.raw("contacts").map(items).unwrap_or_default());
            let person = contacts.place(&item).and_then(|place| contacts.fields(place));
            Ok(read_whatsapp(field, list, &item, &shared, person))
        }
        (None, _) if field == "user_preferences" && value.raw("wa_id").is_some() => {
            Ok(Preference::read(&value, &shared).into())
        }
        (None, _) if field == "user_id_update" && value.raw("user_id").is_some() => {
            Ok(UserIdChange::read(&value, &shared).into())
        }
        (None, _) if field == "calls" && value.raw("id").is_some() => {
            Ok(WhatsAppCall::read(&value, &shared, None).into())
        }
        _ => Ok(EventKind::unknown(field)),
    }
}

/// Types a notification of LinkedIn.
pub(super) fn linkedin(field: &str, raw: &RawValue) -> Read {
    let event = Fields::of(raw).ok_or("the notification is not a JSON object")?;
    match field {
        SOCIAL => Ok(SocialAction::read(&event).into()),
        LEAD => Ok(LeadAction::read(&event).into()),
        BODY if event.raw("notifications").is_some() => Err("`notifications` is not a list"),
        _ => Ok(EventKind::unknown(field)),
    }
}

/// When an item of `messaging` or `standby` without a type happened.
pub(super) fn time_of_message(field: &str, raw: &RawValue) -> Option<EventTime> {
    messaging::list_of(field)?;
    Fields::of(raw)?.time("timestamp")
}
