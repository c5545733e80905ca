//! Groups of a number.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    MESSAGING, blocks, json_only, new_id, people, permitted, product,
    refusal::refusal,
};

const FIELDS: [&str; 9] = [
    "id",
    "messaging_product",
    "subject",
    "description",
    "creation_timestamp",
    "suspended",
    "total_participant_count",
    "participants",
    "join_approval_mode",
];
/// Somebody who asks to join every group that approves its members.
const ASKS_TO_JOIN: &str = people::STRANGER;

/// A group. The customer joins by the link the moment it exists.
#[derive(Debug, Clone)]
pub(super) struct Group {
    number: String,
    subject: String,
    description: Option<String>,
    created: i64,
    approves: bool,
    people: Vec<String>,
    /// Requests to join, by id.
    requests: Vec<(String, String)>,
    link: String,
}

impl Group {
    fn node(&self, id: &str) -> Map<String, Value> {
        let people: Vec<Value> = self.people.iter().map(|person| json!({"wa_id": person})).collect();
        let mode = if self.approves { "approval_required" } else { "auto_approve" };
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| _ = node.insert(name.to_owned(), value);
        put("id", json!(id));
        put("messaging_product", json!("whatsapp"));
        put("subject", json!(self.subject));
        put("creation_timestamp", json!(self.created));
        put("suspended", json!(false));
        put("total_participant_count", json!(self.people.len()));
        put("participants", json!(people));
        put("join_approval_mode", json!(mode));
        if let Some(description) = &self.description {
            put("description", json!(description));
        }
        node
    }
}

fn request_answer(call: &mut Call<'_>) -> Value {
    json!({"messaging_product": "whatsapp", "request_id": format!("SBXREQ{:08}", call.state.number())})
}

/// `/{phone}/groups`
pub(super) fn of_number(call: &mut Call<'_>, number: &str) -> Outcome {
    permitted(call, number, &[MESSAGING])?;
    match call.request.method {
        Method::GET => {
            let groups = call.state.areas.whatsapp.groups.iter();
            let one = |(id, group): (&String, &Group)| json!({"id": id, "subject": group.subject, "created_at": group.created});
            let items: Vec<Value> = groups.filter(|(_, group)| group.number == number).map(one).collect();
            let mut page = paging::page(call, &format!("{number}/groups"), &items)?;
            // This list stands one level deeper than all others.
            if let Some(data) = page.get_mut("data") {
                *data = json!({ "groups": data.take() });
            }
            Ok(page)
        }
        Method::POST => create(call, number),
        _ => Err(GraphError::unsupported(&call.request.method, number)),
    }
}

fn texts(call: &Call<'_>) -> Result<(Option<String>, Option<String>), GraphError> {
    let subject = call.params.text("subject")?;
    if subject.as_ref().is_some_and(|text| !(1..=128).contains(&text.trim().chars().count())) {
        return Err(GraphError::parameter("Param subject must be 1 to 128 characters long."));
    }
    let description = call.params.text("description")?;
    if description.as_ref().is_some_and(|text| text.chars().count() > 2048) {
        return Err(GraphError::parameter("Param description must be at most 2048 characters long."));
    }
    Ok((subject, description))
}

fn create(call: &mut Call<'_>, number: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&["messaging_product", "subject", "description", "join_approval_mode"])?;
    product(call)?;
    let (subject, description) = texts(call)?;
    let subject = subject.ok_or_else(|| GraphError::parameter("The parameter subject is required."))?;
    let approves = match call.params.text("join_approval_mode")?.as_deref() {
        None | Some("auto_approve") => false,
        Some("approval_required") => true,
        Some(_) => {
            let message = "Param join_approval_mode must be one of {approval_required, auto_approve}.";
            return Err(GraphError::parameter(message));
        }
    };
    let id = new_id(call);
    let serial = call.state.number();
    let group = Group {
        number: number.to_owned(),
        subject,
        description,
        created: call.state.now_seconds(),
        approves,
        people: vec![people::CUSTOMER.to_owned()],
        requests: Vec::from_iter(approves.then(|| (format!("SBXJOIN{serial}"), ASKS_TO_JOIN.to_owned()))),
        link: format!("https://chat.whatsapp.com/SBX{serial:08}"),
    };
    call.state.areas.whatsapp.groups.insert(id, group);
    Ok(request_answer(call))
}

/// `/{group}…`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    permitted(call, id, &[MESSAGING])?;
    match (rest, &call.request.method) {
        ([], &Method::GET) => {
            let node = group(call, id)?.node(id);
            let default = ["messaging_product", "id"];
            fields::select(call, "WhatsAppBusinessGroup", &node, &FIELDS, &default)
        }
        ([], &Method::POST) => {
            json_only(call)?;
            call.params.only(&["messaging_product", "subject", "description", "profile_picture_file"])?;
            product(call)?;
            let (subject, description) = texts(call)?;
            let group = group(call, id)?;
            group.subject = subject.unwrap_or_else(|| group.subject.clone());
            group.description = description.or_else(|| group.description.clone());
            Ok(request_answer(call))
        }
        ([], &Method::DELETE) => {
            call.params.only(&[])?;
            call.state.areas.whatsapp.groups.remove(id);
            Ok(request_answer(call))
        }
        (["invite_link"], &Method::GET) => invite_link(call, id),
        (["invite_link"], &Method::POST) => {
            json_only(call)?;
            call.params.only(&["messaging_product"])?;
            product(call)?;
            let serial = call.state.number();
            group(call, id)?.link = format!("https://chat.whatsapp.com/SBX{serial:08}");
            invite_link(call, id)
        }
        (["participants"], &Method::DELETE) => remove(call, id),
        (["join_requests"], &Method::GET) => {
            let created = group(call, id)?.created;
            let one = |(request, person): &(String, String)| json!({"join_request_id": request, "wa_id": person, "creation_timestamp": created});
            let items: Vec<Value> = group(call, id)?.requests.iter().map(one).collect();
            paging::page(call, &format!("{id}/join_requests"), &items)
        }
        (["join_requests"], &Method::POST) => decide(call, id, true),
        (["join_requests"], &Method::DELETE) => decide(call, id, false),
        ([] | ["invite_link" | "participants" | "join_requests"], method) => {
            Err(GraphError::unsupported(method, id))
        }
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn group<'a>(call: &'a mut Call<'_>, id: &str) -> Result<&'a mut Group, GraphError> {
    let missing = || refusal(131_041, "Group unavailable", "The group does not exist.");
    call.state.areas.whatsapp.groups.get_mut(id).ok_or_else(missing)
}

fn invite_link(call: &mut Call<'_>, id: &str) -> Outcome {
    let link = group(call, id)?.link.clone();
    Ok(json!({"messaging_product": "whatsapp", "invite_link": link}))
}

fn remove(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&["messaging_product", "participants"])?;
    product(call)?;
    let list = call.params.value("participants").unwrap_or_default();
    for person in blocks::persons("participants", &list, 8)? {
        let members = &mut group(call, id)?.people;
        let at = members.iter().position(|known| *known == people::phone_of(&person.id));
        let at =
            at.ok_or_else(|| refusal(131_212, "Participant is not in the group", "Nothing was done."))?;
        members.remove(at);
    }
    Ok(request_answer(call))
}

fn decide(call: &mut Call<'_>, id: &str, approve: bool) -> Outcome {
    json_only(call)?;
    call.params.only(&["messaging_product", "join_requests"])?;
    product(call)?;
    let wanted = call.params.list("join_requests")?.unwrap_or_default();
    if wanted.is_empty() {
        return Err(GraphError::parameter("The parameter join_requests is required."));
    }
    let group = group(call, id)?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for request in wanted {
        match group.requests.iter().position(|(known, _)| *known == request) {
            Some(at) => {
                let (_, person) = group.requests.remove(at);
                if approve {
                    group.people.push(person);
                }
                done.push(request);
            }
            None => failed.push(json!({"join_request_id": request,
                "errors": [{"code": 131_213, "message": "The request does not exist"}]})),
        }
    }
    let name = if approve { "approved_join_requests" } else { "rejected_join_requests" };
    let mut answer = json!({"messaging_product": "whatsapp", name: done});
    if let (false, Some(answer)) = (failed.is_empty(), answer.as_object_mut()) {
        answer.insert("failed_join_requests".to_owned(), json!(failed));
    }
    Ok(answer)
}
