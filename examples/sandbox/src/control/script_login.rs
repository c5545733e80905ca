//! `/_sandbox/script-login`: what `FB.login` does in a page, for Facebook Login for Business and WhatsApp Embedded
//! Signup.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::{
    config::ConfiguredToken,
    facebook::{ask::Ask, consent},
    state::Shared,
};

/// A login by script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScriptLogin {
    /// The second argument of `FB.login`.
    options: Options,
    decision: Decision,
}

/// Options the sandbox looks at; others are left alone.
#[derive(Debug, Deserialize)]
struct Options {
    config_id: String,
    response_type: Option<String>,
    override_default_response_type: Option<bool>,
    extras: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Continue,
    NotNow,
}

/// Answers what the page gets: the argument of the callback, and the window message of Embedded Signup.
pub(super) fn play(shared: &Shared, wanted: &ScriptLogin) -> Result<Value, Problem> {
    let options = &wanted.options;
    if options.response_type.as_deref() != Some("code")
        || options.override_default_response_type != Some(true)
    {
        return Err(Problem::bad(
            "options: a server needs a code, so response_type must be \"code\" and override_default_response_type true",
        ));
    }
    if options.extras.as_ref().is_some_and(|extras| !extras.is_object()) {
        return Err(Problem::bad("options.extras: it must be an object"));
    }
    let ask = Ask::by_script(&shared.config, &options.config_id).map_err(Problem::bad)?;
    let signup = ask.token() == ConfiguredToken::WhatsAppBusiness;
    if wanted.decision == Decision::NotNow {
        let data = json!({"current_step": "BUSINESS_ACCOUNT_SELECTION"});
        return Ok(json!({
            "response": {"authResponse": null, "status": "unknown"},
            "message": signup.then(|| message("CANCEL", &data)),
        }));
    }
    let given = consent::give(shared, &mut shared.lock(), &ask, ask.scopes(), &[]);
    let business = &shared.config.world.business;
    let data = json!({
        "phone_number_id": business.phone_number,
        "waba_id": business.whatsapp_account,
        "business_id": business.id,
    });
    Ok(json!({
        "response": {"authResponse": {"code": given.code, "userID": null}, "status": "connected"},
        "message": signup.then(|| message("FINISH", &data)),
    }))
}

fn message(event: &str, data: &Value) -> Value {
    json!({"type": "WA_EMBEDDED_SIGNUP", "event": event, "version": 3, "data": data})
}
