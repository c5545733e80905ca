mod prepare;
mod send;

use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::ConversionUrn;

use super::LinkedInEvent;
use crate::UserData;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_000_000);

fn rule(id: usize) -> ConversionUrn {
    ConversionUrn::from_id(&id.to_string()).unwrap()
}

fn event(number: usize, rule_id: usize) -> LinkedInEvent {
    let user = UserData::new().email(format!("person{number}@example.com"));
    LinkedInEvent::from_parts(rule(rule_id), NOW, user).event_id(number.to_string())
}

fn events(count: usize) -> Vec<LinkedInEvent> {
    (0..count).map(|number| event(number, 7)).collect()
}
