//! From a customer record to what LinkedIn matches by.

use std::net::IpAddr;

use sociogram_api_core::Finding;
use sociogram_linkedin_api::conversions::{ConversionUser, ConversionUserInfo, UserId, UserIdType};

use super::LinkedInEvent;
use crate::field::Field;
use crate::hashed::split_appendix;
use crate::normalize::{Context, Mode, normalize};
use crate::user_data::{CustomerValue, UserData};

/// Whose event it is. Values that do not fit are left out, each with a warning.
pub(super) fn read(event: &LinkedInEvent, findings: &mut Vec<Finding>) -> ConversionUser {
    let user = &event.user;
    let mut out = ConversionUser::new();
    if let Some(hash) = first(user, Field::Email, findings) {
        out = out.id(UserId::sha256_email(hash));
    }
    for id in &event.ids {
        out = out.id(id.clone());
    }
    if let Some(address) = address(user, findings) {
        out = out.id(UserId::new(UserIdType::PlaintextIpAddress, address));
    }
    if let Some(info) = info(event, findings) {
        out = out.info(info);
    }
    if let Some(id) = first(user, Field::ExternalId, findings) {
        out = out.external_id(id);
    }
    match &event.lead {
        Some(lead) => out.lead(lead.clone()),
        None => out,
    }
}

/// The first value that fits, as it is sent; LinkedIn takes one of each kind.
fn first(user: &UserData, field: Field, findings: &mut Vec<Finding>) -> Option<String> {
    let mut kept: Option<String> = None;
    for value in user.values(field) {
        let wire = match value {
            // LinkedIn does not know the mark that Meta's parameter builder puts behind a digest.
            CustomerValue::Hashed(hashed) => split_appendix(hashed.as_str()).0.to_owned(),
            CustomerValue::Plain(text) => match canonical(field, text, findings) {
                Some(normalized) => normalized,
                None => continue,
            },
        };
        match &kept {
            None => kept = Some(wire),
            Some(first) if *first == wire => {}
            Some(_) => {
                findings.push(
                    Finding::warning(
                        "capi.linkedin.one",
                        path(field),
                        "only the first one is sent to LinkedIn",
                    )
                    .advice("put the best one first"),
                );
                break;
            }
        }
    }
    kept
}

/// The form in which Meta gets it as well.
fn canonical(field: Field, text: &str, findings: &mut Vec<Finding>) -> Option<String> {
    match normalize(Mode::Canonical, field, text, &Context::new()) {
        Ok(normalized) => normalized.map(|value| {
            findings.extend_from_slice(value.warnings());
            value.wire().to_owned()
        }),
        Err(invalid) => {
            findings.extend(invalid.findings().iter().map(left_out));
            None
        }
    }
}

/// The finding about a value that does not stop its event.
pub(super) fn left_out(why: &Finding) -> Finding {
    let message = format!("left out, because it is {}", why.message());
    let finding = Finding::warning(why.rule(), why.field().to_owned(), message);
    match why.advice_text() {
        Some(advice) => finding.advice(advice.to_owned()),
        None => finding,
    }
}

fn path(field: Field) -> String {
    format!("user_data.{field}")
}

/// The address of the browser, if it is one that LinkedIn takes.
fn address(user: &UserData, findings: &mut Vec<Finding>) -> Option<String> {
    let Some(CustomerValue::Plain(text)) = user.values(Field::ClientIpAddress).next() else { return None };
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let read = text.parse().or_else(|_| split_appendix(text).0.parse());
    let problem = match read {
        Ok(IpAddr::V4(address))
            if !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()) =>
        {
            return Some(address.to_string());
        }
        Ok(IpAddr::V4(_)) => "an address of a private network, which matches nobody",
        Ok(IpAddr::V6(_)) => "an IPv6 address, which LinkedIn does not take",
        Err(_) => "not an IP address",
    };
    let message = format!("left out, because it is {problem}");
    findings.push(
        Finding::warning("capi.linkedin.ip_address", path(Field::ClientIpAddress), message)
            .advice("pass the browser's IPv4 address, without a port"),
    );
    None
}

/// Names and what stands beside them.
fn info(event: &LinkedInEvent, findings: &mut Vec<Finding>) -> Option<ConversionUserInfo> {
    let user = &event.user;
    let has_any = |field| user.values(field).next().is_some();
    let (first_name, last_name) =
        (name(user, Field::FirstName, findings), name(user, Field::LastName, findings));
    let (Some(first_name), Some(last_name)) = (first_name, last_name) else {
        let is_wanted = event.title.is_some()
            || event.company.is_some()
            || has_any(Field::FirstName)
            || has_any(Field::LastName);
        if is_wanted {
            findings.push(
                Finding::warning(
                    "capi.linkedin.names",
                    "user.userInfo",
                    "left out, because LinkedIn takes first and last name together, as plain text",
                )
                .advice("pass both names unhashed"),
            );
        }
        return None;
    };
    let mut info = ConversionUserInfo::new(first_name, last_name);
    if let Some(title) = event.title.as_deref().and_then(plain) {
        info = info.title(title);
    }
    if let Some(company) = event.company.as_deref().and_then(plain) {
        info = info.company_name(company);
    }
    if let Some(code) = country(user, findings) {
        info = info.country_code(code);
    }
    Some(info)
}

fn name(user: &UserData, field: Field, findings: &mut Vec<Finding>) -> Option<String> {
    let mut texts = user.values(field).filter_map(|value| match value {
        CustomerValue::Plain(text) if !text.trim().is_empty() => Some(text.as_str()),
        CustomerValue::Plain(_) | CustomerValue::Hashed(_) => None,
    });
    let text = texts.next()?;
    let fits = plain(text);
    if fits.is_none() {
        findings.push(
            Finding::warning(
                "capi.control_character",
                path(field),
                "left out, because it is broken by a control character",
            )
            .advice("remove it"),
        );
    }
    fits
}

/// Without outer white space; nothing if there is a control character inside.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

fn country(user: &UserData, findings: &mut Vec<Finding>) -> Option<String> {
    let mut texts = user.values(Field::Country).filter_map(|value| match value {
        CustomerValue::Plain(text) => Some(text.as_str()),
        CustomerValue::Hashed(_) => None,
    });
    match normalize(Mode::Canonical, Field::Country, texts.next()?, &Context::new()) {
        Ok(normalized) => normalized.map(|code| code.text().to_ascii_uppercase()),
        Err(invalid) => {
            findings.extend(invalid.findings().iter().map(left_out));
            None
        }
    }
}
