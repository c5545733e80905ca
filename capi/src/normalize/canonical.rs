//! The canonical form: what every field shares, and which rule a field has.

use std::net::IpAddr;

use sociogram_api_core::Timestamp;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::unicode::is_invisible;
use super::{Context, Remark, Step, person, phone, place};
use crate::field::Field;
use crate::hashed::{is_hex, split_appendix};

const CONTROL: Remark = Remark::new("capi.control_character", "broken by a control character", "remove it");
const HASHED: Remark = Remark::new(
    "capi.looks_hashed",
    "already a digest by its looks",
    "pass digests as `Hashed`, and plain values in JSON; a digest that is hashed again matches nobody",
);
const EMAIL: Remark = Remark::new(
    "capi.email",
    "not an e-mail address",
    "pass one address per value, such as name@example.com",
);
const CURRENCY: Remark =
    Remark::new("capi.currency", "not an ISO 4217 currency code", "pass three letters, such as EUR");
const ADDRESS: Remark = Remark::new(
    "capi.ip_address",
    "not an IPv4 or IPv6 address",
    "pass the browser's address without a port",
);
const PRIVATE_ADDRESS: Remark = Remark::new(
    "capi.ip_address.private",
    "an address of a private network matches nobody",
    "take the browser's address from the header your proxy sets",
);
const CLICK_ID: Remark = Remark::new(
    "capi.fb_cookie",
    "it does not look like fb.{number}.{milliseconds}.{id}",
    "pass the cookie unchanged, or build it from fbclid without changing its letters",
);
const TRIMMED: Remark = Remark::new(
    "capi.external_id.trimmed",
    "white space around it was removed",
    "send the same id as the browser does, or it will not match",
);

pub(super) fn step(
    field: Field,
    value: &str,
    context: &Context<'_>,
    notes: &mut Vec<Remark>,
) -> Result<Step, Remark> {
    if !field.is_hashed() {
        return plain(field, value, notes);
    }
    let text = clean(value)?;
    if text.is_empty() {
        return Ok(Step::Omit);
    }
    if is_hex(&text, 64) || is_hex(&text, 32) || is_hex(split_appendix(&text).0, 64) {
        return Err(HASHED);
    }
    let text = match field {
        Field::Email => email(text)?,
        Field::Phone => phone::canonical(&text, context.calling_code, notes)?,
        Field::Gender => person::gender(&text)?,
        Field::BirthDate => person::birth_date(&text, context.now.map(Timestamp::as_unix_seconds))?,
        Field::FirstNameStart | Field::LastNameStart => person::name(&text)?.chars().take(5).collect(),
        Field::FirstInitial => person::name(&text)?.chars().take(1).collect(),
        Field::BirthDay => person::birth_part(&text, person::Part::Day)?,
        Field::BirthMonth => person::birth_part(&text, person::Part::Month)?,
        Field::BirthYear => person::birth_part(&text, person::Part::Year)?,
        Field::City => place::city(&text)?,
        Field::State => place::state(&text, context.country)?,
        Field::Zip => place::zip(&text, context.country, notes)?,
        Field::Country => place::country(&text)?,
        _ => person::name(&text)?,
    };
    Ok(Step::Text(text))
}

/// What every hashed field starts with: invisible characters removed, outer white space removed, control
/// characters refused, NFC, lower case of all scripts.
fn clean(value: &str) -> Result<String, Remark> {
    if value.is_ascii() {
        let text = value.trim();
        return if text.bytes().any(|b| b.is_ascii_control()) {
            Err(CONTROL)
        } else {
            Ok(text.to_ascii_lowercase())
        };
    }
    let visible: String = value.chars().filter(|c| !is_invisible(*c)).collect();
    let text = visible.trim();
    if text.chars().any(char::is_control) {
        return Err(CONTROL);
    }
    Ok(nfc(nfc(text.to_owned()).to_lowercase()))
}

/// Composes accents. Needed again after characters were removed from between a letter and its accent.
pub(super) fn nfc(text: String) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

fn email(text: String) -> Result<String, Remark> {
    let forbidden = |c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>');
    let ok = match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !local.starts_with("mailto:")
                && domain.contains('.')
                && !domain.contains('@')
                && domain.split('.').all(|label| !label.is_empty())
                && !text.contains(forbidden)
        }
        None => false,
    };
    if ok { Ok(text) } else { Err(EMAIL) }
}

/// Values that are never hashed: the outer white space goes, the inside stays.
fn plain(field: Field, value: &str, notes: &mut Vec<Remark>) -> Result<Step, Remark> {
    let text = value.trim();
    if text.chars().any(char::is_control) {
        return Err(CONTROL);
    }
    if text.is_empty() {
        return Ok(Step::Omit);
    }
    match field {
        Field::Currency => {
            let code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
            return if code { Ok(Step::Text(text.to_ascii_uppercase())) } else { Err(CURRENCY) };
        }
        Field::ClientIpAddress => {
            let address = ip_address(text).ok_or(ADDRESS)?;
            if is_private(address) {
                notes.push(PRIVATE_ADDRESS);
            }
        }
        Field::Fbc | Field::Fbp if !is_fb_cookie(text) => notes.push(CLICK_ID),
        Field::ExternalId if text.len() != value.len() => notes.push(TRIMMED),
        _ => {}
    }
    Ok(Step::Text(text.to_owned()))
}

/// The address, also when Meta's parameter builder put its mark behind it.
fn ip_address(text: &str) -> Option<IpAddr> {
    text.parse().or_else(|_| split_appendix(text).0.parse()).ok()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local()
        }
    }
}

/// `fb.{digit}.{digits}.{something}`.
fn is_fb_cookie(text: &str) -> bool {
    let is_number = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut parts = text.splitn(4, '.');
    parts.next() == Some("fb")
        && is_number(parts.next())
        && is_number(parts.next())
        && parts.next().is_some_and(|id| !id.is_empty())
}
