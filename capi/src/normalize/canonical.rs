//! The canonical form: what every field shares, and which rule a field has.

use std::net::IpAddr;

use iso_currency::Currency;
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
    Remark::new("capi.currency", "not a currency of ISO 4217", "pass its three-letter code, such as EUR");
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

pub(super) fn step<'v>(
    field: Field,
    value: &'v str,
    context: &Context<'_>,
    notes: &mut Vec<Remark>,
    text: &mut String,
) -> Result<Step<'v>, Remark> {
    if !field.is_hashed() {
        return plain(field, value, notes, text);
    }
    clean(value, text)?;
    if text.is_empty() {
        return Ok(Step::Omit);
    }
    if matches!(text.len(), 32 | 64..)
        && (is_hex(text, 64) || is_hex(text, 32) || is_hex(split_appendix(text).0, 64))
    {
        return Err(HASHED);
    }
    match field {
        Field::Email => email(text)?,
        Field::Phone => phone::canonical(text, context.calling_code, notes)?,
        Field::Gender => person::gender(text)?,
        Field::BirthDate => person::birth_date(text, context.now.map(Timestamp::as_unix_seconds))?,
        Field::FirstNameStart | Field::LastNameStart => person::name_start(text, 5)?,
        Field::FirstInitial => person::name_start(text, 1)?,
        Field::BirthDay => person::birth_part(text, person::Part::Day)?,
        Field::BirthMonth => person::birth_part(text, person::Part::Month)?,
        Field::BirthYear => person::birth_part(text, person::Part::Year)?,
        Field::City => place::city(text)?,
        Field::State => place::state(text, context.country)?,
        Field::Zip => place::zip(text, context.country, notes)?,
        Field::Country => place::country(text)?,
        _ => person::name(text)?,
    }
    Ok(Step::Text)
}

/// What every hashed field starts with: invisible characters removed, outer white space removed, control
/// characters refused, NFC, lower case of all scripts.
fn clean(value: &str, text: &mut String) -> Result<(), Remark> {
    if value.is_ascii() {
        let value = trimmed(value);
        if has_control(value) {
            return Err(CONTROL);
        }
        text.push_str(value);
        text.make_ascii_lowercase();
        return Ok(());
    }
    let visible: String = value.chars().filter(|c| !is_invisible(*c)).collect();
    let mut visible = visible.trim().to_owned();
    if visible.chars().any(char::is_control) {
        return Err(CONTROL);
    }
    nfc(&mut visible);
    *text = visible.to_lowercase();
    nfc(text);
    Ok(())
}

/// Without outer white space. Most values have none.
fn trimmed(value: &str) -> &str {
    match value.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
        _ => value.trim(),
    }
}

/// Whether a text has a control character in it.
fn has_control(text: &str) -> bool {
    // Without a branch for each byte, so that it runs over many bytes at once. Beyond ASCII they begin with C2.
    let (mut plain, mut beyond) = (false, false);
    for byte in text.bytes() {
        plain |= byte.is_ascii_control();
        beyond |= byte == 0xC2;
    }
    plain || (beyond && text.chars().any(char::is_control))
}

/// Composes accents. Needed again after characters were removed from between a letter and its accent.
pub(super) fn nfc(text: &mut String) {
    if !text.is_ascii() && is_nfc_quick(text.chars()) != IsNormalized::Yes {
        *text = text.nfc().collect();
    }
}

fn email(text: &str) -> Result<(), Remark> {
    let forbidden = |text: &str| {
        let plain = |b: u8| b <= b' ' || matches!(b, b',' | b'<' | b'>');
        if text.is_ascii() {
            text.bytes().any(plain)
        } else {
            text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>'))
        }
    };
    let ok = match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !local.starts_with("mailto:")
                && domain.contains('.')
                && !domain.contains('@')
                && domain.split('.').all(|label| !label.is_empty())
                && !forbidden(text)
        }
        None => false,
    };
    if ok { Ok(()) } else { Err(EMAIL) }
}

/// Values that are never hashed: the outer white space goes, the inside stays.
fn plain<'v>(
    field: Field,
    value: &'v str,
    notes: &mut Vec<Remark>,
    out: &mut String,
) -> Result<Step<'v>, Remark> {
    let text = trimmed(value);
    if has_control(text) {
        return Err(CONTROL);
    }
    if text.is_empty() {
        return Ok(Step::Omit);
    }
    match field {
        Field::Currency => {
            out.push_str(text);
            out.make_ascii_uppercase();
            return Currency::from_code(out).map(|_| Step::Text).ok_or(CURRENCY);
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
    Ok(Step::AsIs(text))
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

/// `fb.{digits}.{digits}.{something}`.
fn is_fb_cookie(text: &str) -> bool {
    let rest = text.as_bytes().strip_prefix(b"fb.").and_then(behind_number).and_then(behind_number);
    rest.is_some_and(|id| !id.is_empty())
}

/// What follows a number and a point.
fn behind_number(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    text.get(digits..)?.strip_prefix(b".").filter(|_| digits > 0)
}
