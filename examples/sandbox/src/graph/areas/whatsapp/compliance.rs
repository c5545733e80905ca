//! Who answers for a number.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields},
    json_only, product,
    shape::Shape,
    success,
};

const FIELDS: [&str; 9] = [
    "id",
    "whatsapp_business_account_id",
    "messaging_product",
    "entity_name",
    "entity_type",
    "entity_type_custom",
    "is_registered",
    "grievance_officer_details",
    "customer_care_details",
];
const WRITABLE: [&str; 7] = [
    "messaging_product",
    "entity_name",
    "entity_type",
    "entity_type_custom",
    "is_registered",
    "grievance_officer_details",
    "customer_care_details",
];
const TYPES: [&str; 6] = [
    "LIMITED_LIABILITY_PARTNERSHIP",
    "SOLE_PROPRIETORSHIP",
    "PARTNERSHIP",
    "PUBLIC_COMPANY",
    "PRIVATE_COMPANY",
    "OTHER",
];

/// `GET /{phone}/business_compliance_info`
pub(super) fn read(call: &Call<'_>, id: &str) -> Outcome {
    let Some(info) = &call.state.areas.whatsapp.number(id)?.compliance else {
        return Ok(json!({ "data": [] }));
    };
    let one = fields::select(call, "WhatsAppBusinessComplianceInfo", info, &FIELDS, &FIELDS)?;
    Ok(json!({ "data": [one] }))
}

/// `POST /{phone}/business_compliance_info`
pub(super) fn set(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&WRITABLE)?;
    product(call)?;
    let name = call.params.required("entity_name")?;
    if !(2..=128).contains(&name.chars().count()) {
        return Err(GraphError::parameter("Param entity_name must be 2 to 128 characters long."));
    }
    let kind = call.params.required("entity_type")?;
    if !TYPES.contains(&kind.as_str()) {
        return Err(GraphError::parameter("Invalid parameter: entity_type must be a valid enum value"));
    }
    let custom = call.params.text("entity_type_custom")?;
    if kind == "OTHER" && custom.is_none() {
        return Err(GraphError::parameter("Entity_type_custom is mandatory for OTHER entity type"));
    }
    let registered = call.params.boolean("is_registered")?;
    if registered.is_some() && !matches!(kind.as_str(), "OTHER" | "PARTNERSHIP") {
        return Err(GraphError::parameter(
            "is_registered required only when entity_type is set to Other or Partnership",
        ));
    }
    let mut info = Map::new();
    for (member, has_name) in [("grievance_officer_details", true), ("customer_care_details", false)] {
        let missing = || GraphError::parameter(format!("The parameter {member} is required."));
        let contact = call.params.structure(member)?.ok_or_else(missing)?;
        check_contact(&Shape::plain(&contact, member)?, has_name)?;
        info.insert(member.to_owned(), contact);
    }
    let mut put = |name: &str, value: Value| _ = info.insert(name.to_owned(), value);
    put("whatsapp_business_account_id", json!(call.shared.config.world.business.whatsapp_account));
    put("messaging_product", json!("whatsapp"));
    put("entity_name", json!(name));
    put("entity_type", json!(kind));
    put("entity_type_custom", json!(custom));
    put("is_registered", json!(registered));
    call.state.areas.whatsapp.number_mut(id)?.compliance = Some(info);
    Ok(success())
}

fn check_contact(contact: &Shape<'_>, has_name: bool) -> Result<(), GraphError> {
    contact.only(if has_name {
        &["name", "email", "mobile_number", "landline_number"]
    } else {
        &["email", "mobile_number", "landline_number"]
    })?;
    if has_name {
        contact.need_text("name", 128)?;
    }
    if !contact.need_text("email", 128)?.contains('@') {
        return Err(contact.wrong("email", "must be a valid email"));
    }
    for name in ["mobile_number", "landline_number"] {
        let number = contact.text(name, 20)?;
        let good = |text: &str| {
            text.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if number.is_some_and(|number| !good(number)) {
            return Err(contact.wrong(name, "must be digits after a +"));
        }
    }
    Ok(())
}
