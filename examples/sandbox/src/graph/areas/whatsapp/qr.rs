//! QR codes and short links of a number.

use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, paging},
    MANAGEMENT, permitted, success,
};

/// A code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    code: String,
    message: String,
}

impl Code {
    fn node(&self) -> Value {
        let link = format!("https://wa.me/message/{}", self.code);
        json!({"code": self.code, "prefilled_message": self.message, "deep_link_url": link})
    }
}

/// `/{phone}/message_qrdls[/{code}]`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    permitted(call, id, &[MANAGEMENT])?;
    match (rest, &call.request.method) {
        ([], &Method::GET) => {
            let codes = &call.state.areas.whatsapp.number(id)?.codes;
            let items: Vec<Value> = codes.iter().map(Code::node).collect();
            paging::page(call, &format!("{id}/message_qrdls"), &items)
        }
        ([], &Method::POST) => write(call, id),
        ([code], &Method::GET) => {
            let number = call.state.areas.whatsapp.number(id)?;
            let found = number.codes.iter().find(|known| known.code == *code).ok_or_else(no_code)?;
            Ok(json!({"data": [found.node()]}))
        }
        ([code], &Method::DELETE) => {
            call.params.only(&[])?;
            let codes = &mut call.state.areas.whatsapp.number_mut(id)?.codes;
            let at = codes.iter().position(|known| known.code == *code).ok_or_else(no_code)?;
            codes.remove(at);
            Ok(success())
        }
        ([] | [_], method) => Err(GraphError::unsupported(method, id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn no_code() -> GraphError {
    GraphError::parameter("Param code is no code of this number.")
}

fn write(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&["prefilled_message", "generate_qr_image", "code"])?;
    let message = call.params.required("prefilled_message")?;
    if message.chars().count() > 140 {
        return Err(GraphError::parameter("Param prefilled_message must be at most 140 characters long."));
    }
    let image = call.params.text("generate_qr_image")?;
    if image.as_ref().is_some_and(|image| !matches!(image.as_str(), "PNG" | "SVG")) {
        return Err(GraphError::parameter("Param generate_qr_image must be one of {SVG, PNG}."));
    }
    if let Some(code) = call.params.text("code")? {
        let codes = &mut call.state.areas.whatsapp.number_mut(id)?.codes;
        let known = codes.iter_mut().find(|known| known.code == code).ok_or_else(no_code)?;
        known.message = message;
        return Ok(known.node());
    }
    let code = format!("SBXQR{:09}", call.state.number());
    let made = Code { code, message };
    let mut node = made.node();
    if let (Some(image), Some(node)) = (image, node.as_object_mut()) {
        let url = format!("https://scontent.example.com/{}.{}", made.code, image.to_ascii_lowercase());
        node.insert("qr_image_url".to_owned(), json!(url));
    }
    call.state.areas.whatsapp.number_mut(id)?.codes.push(made);
    Ok(node)
}
