//! The JSON of a template message.

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{ParameterValue, TemplateButton, TemplateHeader, TemplateMessage, TextParameter};
use crate::whatsapp::media_source::MediaSource;

impl Serialize for TemplateMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut components = Vec::new();
        components.extend(self.header.as_ref().map(header));
        components.extend(body(&self.body));
        if let Some(time) = self.offer_ends {
            // Milliseconds: seconds would be an offer that ended in 1970.
            let parameter = json!({"type": "limited_time_offer",
                "limited_time_offer": {"expiration_time_ms": time.as_unix_millis()}});
            components.push(json!({"type": "limited_time_offer", "parameters": [parameter]}));
        }
        if !self.cards.is_empty() {
            let cards: Vec<Value> = self
                .cards
                .iter()
                .enumerate()
                .map(|(card_index, card)| {
                    let mut components = vec![header(&card.header)];
                    components.extend(body(&card.body));
                    components.extend(card.buttons.iter().map(button));
                    json!({"card_index": card_index, "components": components})
                })
                .collect();
            components.push(json!({"type": "carousel", "cards": cards}));
        }
        components.extend(self.buttons.iter().map(button));
        if let Some((title, url)) = &self.tap_target {
            let parameter = json!({"type": "tap_target_configuration",
                "tap_target_configuration": [{"url": url, "title": title}]});
            components.push(json!({"type": "tap_target_configuration", "parameters": [parameter]}));
        }
        let mut template = Map::new();
        template.insert("name".to_owned(), json!(self.name));
        template.insert("language".to_owned(), json!({"code": self.language}));
        if !components.is_empty() {
            template.insert("components".to_owned(), Value::Array(components));
        }
        template.serialize(serializer)
    }
}

fn header(header: &TemplateHeader) -> Value {
    let parameter = match header {
        TemplateHeader::Text(text) => parameter(text),
        TemplateHeader::Image(source) => json!({"type": "image", "image": media(source)}),
        TemplateHeader::Video(source) => json!({"type": "video", "video": media(source)}),
        TemplateHeader::Gif(source) => json!({"type": "gif", "gif": media(source)}),
        TemplateHeader::Document(document) => {
            let mut value = media(&document.source);
            if let (Value::Object(value), Some(name)) = (&mut value, &document.filename) {
                value.insert("filename".to_owned(), json!(name));
            }
            json!({"type": "document", "document": value})
        }
        TemplateHeader::Location(place) => {
            let (name, address) = (place.name.as_deref(), place.address.as_deref());
            let mut location = json!({"latitude": place.latitude, "longitude": place.longitude});
            if let Value::Object(location) = &mut location {
                location.extend(name.map(|name| ("name".to_owned(), json!(name))));
                location.extend(address.map(|address| ("address".to_owned(), json!(address))));
            }
            json!({"type": "location", "location": location})
        }
        TemplateHeader::Product { product_retailer_id, catalog_id } => json!({"type": "product",
            "product": {"product_retailer_id": product_retailer_id, "catalog_id": catalog_id}}),
    };
    json!({"type": "header", "parameters": [parameter]})
}

fn media(source: &MediaSource) -> Value {
    match source {
        MediaSource::Id(id) => json!({"id": id}),
        MediaSource::Link(link) => json!({"link": link}),
    }
}

fn body(parameters: &[TextParameter]) -> Option<Value> {
    let parameters: Vec<Value> = parameters.iter().map(parameter).collect();
    (!parameters.is_empty()).then(|| json!({"type": "body", "parameters": parameters}))
}

fn parameter(parameter: &TextParameter) -> Value {
    let mut value = match &parameter.value {
        ParameterValue::Text(text) => json!({"type": "text", "text": text}),
        ParameterValue::Currency { fallback_value, code, amount_1000 } => json!({"type": "currency",
            "currency": {"fallback_value": fallback_value, "code": code, "amount_1000": amount_1000}}),
        ParameterValue::DateTime { fallback_value } => {
            json!({"type": "date_time", "date_time": {"fallback_value": fallback_value}})
        }
    };
    if let (Value::Object(value), Some(name)) = (&mut value, &parameter.name) {
        value.insert("parameter_name".to_owned(), json!(name));
    }
    value
}

fn button((index, button): &(u8, TemplateButton)) -> Value {
    let mut value = json!({"type": "button", "sub_type": button.kind(), "index": index.to_string()});
    if let (Value::Object(value), Some(parameter)) = (&mut value, button.parameter()) {
        value.insert("parameters".to_owned(), json!([parameter]));
    }
    value
}
