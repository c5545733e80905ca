//! Verifying a number, registering it and taking it back.

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    MANAGEMENT, MESSAGING, json_only, permitted, product,
    refusal::refusal,
    success,
};

/// The code that a text message or a call would bring.
pub(super) const CODE: &str = "123456";
/// How long it is good, in seconds.
const CODE_LIFE: i64 = 600;
/// Registrations of one number, and in how many seconds.
const ATTEMPTS: usize = 10;
const ATTEMPT_SPAN: i64 = 72 * 3600;

pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    match rest {
        ["request_code"] => {
            permitted(call, id, &[MANAGEMENT])?;
            request_code(call, id)
        }
        ["verify_code"] => {
            permitted(call, id, &[MANAGEMENT])?;
            verify_code(call, id)
        }
        ["register"] => {
            // Both, as the reference of registration has it; taking a number back needs the second only.
            permitted(call, id, &[MESSAGING])?;
            permitted(call, id, &[MANAGEMENT])?;
            register(call, id)
        }
        _ => {
            permitted(call, id, &[MANAGEMENT])?;
            deregister(call, id)
        }
    }
}

/// Six digits.
pub(super) fn check_pin(pin: &str) -> Result<(), GraphError> {
    if pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(GraphError::parameter("Param pin must be 6 characters long."))
}

fn request_code(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&["code_method", "language"])?;
    if !matches!(call.params.required("code_method")?.as_str(), "SMS" | "VOICE") {
        return Err(GraphError::parameter("Param code_method must be one of {SMS, VOICE}."));
    }
    call.params.required("language")?;
    let now = call.state.now_seconds();
    let number = call.state.areas.whatsapp.number_mut(id)?;
    if number.verified {
        let details = "You have already verified the ownership of this phone number.";
        return Err(refusal(136_024, "Request code error", details));
    }
    number.code_sent = Some(now);
    Ok(success())
}

fn verify_code(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&["code"])?;
    let code = call.params.required("code")?;
    let now = call.state.now_seconds();
    let number = call.state.areas.whatsapp.number_mut(id)?;
    let sent = number.code_sent.is_some_and(|at| now < at.saturating_add(CODE_LIFE));
    if !sent || code != CODE {
        return Err(refusal(136_025, "Verify code error", "The code is wrong or expired."));
    }
    (number.verified, number.code_sent) = (true, None);
    Ok(success())
}

/// Counts the attempt.
fn attempt(call: &mut Call<'_>, id: &str) -> Result<(), GraphError> {
    let now = call.state.now_seconds();
    let number = call.state.areas.whatsapp.number_mut(id)?;
    number.attempts.retain(|at| now.saturating_sub(*at) < ATTEMPT_SPAN);
    if number.attempts.len() >= ATTEMPTS {
        let details = "There were 10 attempts for this number in the last 72 hours.";
        return Err(refusal(133_016, "Account register deregister rate limit exceeded", details));
    }
    number.attempts.push(now);
    Ok(())
}

fn register(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&["messaging_product", "pin", "data_localization_region", "backup"])?;
    product(call)?;
    let pin = call.params.required("pin")?;
    check_pin(&pin)?;
    let region = call.params.text("data_localization_region")?;
    if region.is_some_and(|region| region.len() != 2 || !region.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err(GraphError::parameter(
            "Param data_localization_region must be a country of two letters.",
        ));
    }
    attempt(call, id)?;
    let number = call.state.areas.whatsapp.number_mut(id)?;
    if !number.verified {
        return Err(refusal(133_006, "Phone number re-verification needed", "Verify the number first."));
    }
    match &number.pin {
        Some(known) if *known != pin => {
            number.wrong_pins = number.wrong_pins.saturating_add(1);
            if number.wrong_pins > 3 {
                let details = "Too many wrong PINs; try again later.";
                return Err(refusal(133_008, "Too many two step verification PIN guesses", details));
            }
            Err(refusal(133_005, "Two step verification PIN Mismatch", "The PIN is another."))
        }
        _ => {
            (number.registered, number.pin, number.wrong_pins) = (true, Some(pin), 0);
            Ok(success())
        }
    }
}

fn deregister(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&[])?;
    attempt(call, id)?;
    let number = call.state.areas.whatsapp.number_mut(id)?;
    if !number.registered {
        return Err(refusal(133_010, "Account not registered", "The phone number is not registered."));
    }
    number.registered = false;
    Ok(success())
}
